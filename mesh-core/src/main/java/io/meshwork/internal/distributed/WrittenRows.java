package io.meshwork.internal.distributed;

import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.ingest.IngestedPart;
import io.meshwork.internal.ingest.RowIngestion;
import io.meshwork.internal.ingest.RowInput;
import io.meshwork.internal.publish.run.RowSource;
import io.meshwork.internal.quality.RuleContext;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.ProgressMeter;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;

/** The rows that tasks wrote, as the source of the publish that commits them. Not thread-safe. */
final class WrittenRows implements RowSource {
  private @Nullable TaskSettings settings;
  private List<IngestedPart> parts = List.of();
  private boolean taken;

  /**
   * Receives what the tasks wrote.
   *
   * @param written in the order of their rows
   */
  void receive(TaskSettings by, List<IngestedPart> written) {
    settings = by;
    parts = written;
  }

  /** True if the publish has the files, and deletes them if it fails. */
  boolean isTaken() {
    return taken;
  }

  @Override
  public Optional<RowIngestion.Result> checkInPlace(
      List<RowIngestion.Target> targets,
      RuleContext context,
      boolean measuring,
      ProgressMeter progress,
      Deadline deadline,
      MeshAction action) {
    TaskSettings given = settings;
    if (given == null || targets.size() > 1 || !given.isOf(targets.get(0))) {
      throw Failure.of(action)
          .because("the contract or its rollout changed after the tasks were started")
          .state("Nothing was published.")
          .fix("Run the job again.")
          .conflict(ErrorCode.STATE_CONFLICT);
    }
    RowIngestion.Result result =
        IngestedPart.joined(parts, targets.get(0), given.policy(), context);
    taken = !result.verdict().refused();
    return Optional.of(result);
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
