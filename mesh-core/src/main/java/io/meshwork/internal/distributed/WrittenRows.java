package io.meshwork.internal.distributed;

import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.ingest.IngestedPart;
import io.meshwork.internal.ingest.JoinedParts;
import io.meshwork.internal.ingest.PartQuarantine;
import io.meshwork.internal.ingest.RowIngestion;
import io.meshwork.internal.ingest.RowInput;
import io.meshwork.internal.publish.run.RowSource;
import io.meshwork.internal.quality.RuleContext;
import io.meshwork.internal.replacement.BaseSnapshot;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.ProgressMeter;
import io.meshwork.product.ContractVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;

/** The rows that tasks wrote, as the source of the publish that commits them. Not thread-safe. */
final class WrittenRows implements RowSource {
  private final FileIO io;
  private final Map<Integer, BaseSnapshot> bases = new HashMap<>();
  private final SortedMap<Integer, TaskResult> results = new TreeMap<>();
  private @Nullable TaskSettings settings;
  private TaskRunner runner = corrections -> List.of();
  private final List<TaskResult> received = new ArrayList<>();
  private final Set<String> used = new HashSet<>();

  WrittenRows(FileIO io) {
    this.io = io;
  }

  /** Sets the state of the table of a major version before the tasks start. */
  void basedOn(RowIngestion.Target target) {
    bases.put(ContractVersion.parse(target.version()).major(), BaseSnapshot.of(target.table()));
  }

  @Override
  public Optional<BaseSnapshot> base(int major, Table table) {
    return Optional.ofNullable(bases.get(major));
  }

  /**
   * Receives what the tasks wrote.
   *
   * @param correcting runs tasks that quarantine some of the rows
   */
  void receive(TaskSettings by, List<TaskResult> written, TaskRunner correcting) {
    settings = by;
    runner = correcting;
    received.addAll(written);
    written.forEach(result -> results.put(result.partition(), result));
  }

  /**
   * Returns the files that the publish does not have: all if it takes none, and otherwise files
   * that corrected files replace, that belong to further results of a part, or that no table has.
   */
  Set<String> unused() {
    Set<String> unused = new HashSet<>();
    received.forEach(result -> unused.addAll(result.locations()));
    used.forEach(unused::remove);
    return unused;
  }

  @Override
  public List<RowIngestion.Result> checkInPlace(
      List<RowIngestion.Target> targets,
      RuleContext context,
      boolean measuring,
      ProgressMeter progress,
      Deadline deadline,
      MeshAction action) {
    TaskSettings cached = settings;
    if (cached == null || !cached.isOf(targets)) {
      throw Failure.of(action)
          .because("the contract or its rollout changed after the tasks were started")
          .state("Nothing was published.")
          .fix("Run the job again.")
          .conflict(ErrorCode.STATE_CONFLICT);
    }
    SortedMap<Integer, List<IngestedPart>> parts = new TreeMap<>();
    results.forEach((partition, result) -> parts.put(partition, result.parts()));
    try (JoinedParts joined =
        new JoinedParts(
            parts, targets, cached.policy(), cached.context(context), io, deadline, action)) {
      List<RowIngestion.Result> all = joined.results(rows -> corrected(cached, rows));
      for (RowIngestion.Result result : all) {
        Stream.concat(result.files().stream(), result.quarantineFiles().stream())
            .forEach(file -> used.add(file.location()));
      }
      return all;
    }
  }

  private SortedMap<Integer, List<IngestedPart>> corrected(
      TaskSettings shared, SortedMap<Integer, List<PartQuarantine>> rows) {
    List<TaskCorrection> corrections = new ArrayList<>();
    TaskSettings sent = shared.withoutRules();
    rows.forEach(
        (partition, quarantined) ->
            corrections.add(
                new TaskCorrection(
                    sent, Objects.requireNonNull(results.get(partition)), quarantined)));
    SortedMap<Integer, List<IngestedPart>> parts = new TreeMap<>();
    for (TaskResult result : runner.run(corrections)) {
      parts.put(result.partition(), result.parts());
      received.add(result);
    }
    if (!parts.keySet().equals(rows.keySet())) {
      throw new IllegalStateException(
          "results of the parts "
              + rows.keySet()
              + " were expected, and the runner returned those of "
              + parts.keySet());
    }
    return parts;
  }

  @Override
  public RowInput open(
      Contract contract, Schema columns, boolean ignoreUnknownColumns, MeshAction action) {
    throw new IllegalStateException("the tasks read the rows");
  }

  @Override
  public String fingerprint(MeshAction action) {
    return READ_ONCE;
  }

  @Override
  public void discard() {}
}
