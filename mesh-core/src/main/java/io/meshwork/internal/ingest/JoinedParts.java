package io.meshwork.internal.ingest;

import io.meshwork.contract.OnViolation;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.ingest.ReplaceScopeCheck.OutsideRows;
import io.meshwork.internal.quality.PublishVerdict;
import io.meshwork.internal.quality.QualityGate;
import io.meshwork.internal.quality.RuleContext;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.table.DataFileEntry;
import io.meshwork.internal.uniqueness.NewKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.iceberg.io.FileIO;

/**
 * The rows of a publish whose parts were checked and written by tasks: evaluates what no task can
 * alone, has rows quarantined for it, and adds up what the tasks counted. Not thread-safe.
 */
public final class JoinedParts implements AutoCloseable {
  /** Quarantines rows of parts, in tasks again. */
  public interface Correction {
    /**
     * Quarantines rows that parts published.
     *
     * @param rows the rows by task, in each major version
     * @return these parts without the rows
     */
    SortedMap<Integer, List<IngestedPart>> without(SortedMap<Integer, List<PartQuarantine>> rows);
  }

  private final List<RowIngestion.Target> targets;
  private final SortedMap<Integer, List<IngestedPart>> parts;
  private final RuleContext context;
  private final FileIO io;
  private final Deadline deadline;
  private final MeshAction action;
  private final OnViolation policy;
  private final List<QualityGate> gates = new ArrayList<>();

  /**
   * Creates the rows.
   *
   * @param parts the parts by task, each in all major versions
   * @param targets where they were written, in the order of each part's versions
   * @param policy by which they were checked
   * @param context what the rules need besides the rows
   */
  public JoinedParts(
      SortedMap<Integer, List<IngestedPart>> parts,
      List<RowIngestion.Target> targets,
      OnViolation policy,
      RuleContext context,
      FileIO io,
      Deadline deadline,
      MeshAction action) {
    this.parts = new TreeMap<>(parts);
    this.targets = targets;
    this.policy = policy;
    this.context = context;
    this.io = io;
    this.deadline = deadline;
    this.action = action;
    for (RowIngestion.Target target : targets) {
      gates.add(
          QualityGate.open(
                  target.contract(),
                  target.table().schema(),
                  policy,
                  context,
                  target.existingKeys(),
                  QualityGate.KEY_MEMORY / targets.size())
              .partitionedBy(target.table().spec(), target.table().schema())
              .inFolders(target.table().spec(), target.table().schema()));
    }
  }

  /**
   * Returns the result in each major version.
   *
   * @throws io.meshwork.error.MeshException if a file cannot be read or written
   */
  public List<RowIngestion.Result> results(Correction correction) {
    for (int i = 0; i < targets.size(); i++) {
      for (IngestedPart part : of(i)) {
        gates.get(i).add(part.counts());
        targets.get(i).touched().addPartitionsOf(part.files());
      }
    }
    boolean interrupted = QualityGate.interruptTogether(gates);
    List<CrossRowRules> rules = CrossRowRules.of(targets, policy, context);
    if (!interrupted && rules.stream().anyMatch(CrossRowRules::any)) {
      judge(rules, correction);
    } else {
      gates.forEach(QualityGate::endOfInput);
    }
    return finish(interrupted);
  }

  private List<IngestedPart> of(int major) {
    return parts.values().stream().map(part -> part.get(major)).toList();
  }

  /** The parts with rows that are published; none if all of them are quarantined. */
  private List<IngestedPart> published(int major) {
    return gates.get(major).publishesAny() ? of(major) : List.of();
  }

  private void judge(List<CrossRowRules> rules, Correction correction) {
    List<ReevaluatedRows> majors = new ArrayList<>();
    try {
      for (int i = 0; i < targets.size(); i++) {
        majors.add(
            new ReevaluatedRows(
                targets.get(i), rules.get(i), gates.get(i), of(i), io, deadline, action));
      }
      DecidedRows.decide(majors);
      majors.forEach(ReevaluatedRows::endOfInput);
      DecidedRows.decide(majors);
      if (!isRefusedByCounts()) {
        quarantine(majors.stream().map(ReevaluatedRows::quarantined).toList(), correction);
      }
    } finally {
      majors.forEach(ReevaluatedRows::close);
    }
  }

  /**
   * True if the counts refuse the publish, and nothing else is to be found out about the rows that
   * would be published.
   */
  private boolean isRefusedByCounts() {
    return gates.stream().anyMatch(QualityGate::exceedsLimits)
        && IntStream.range(0, targets.size())
            .noneMatch(
                major ->
                    gates.get(major).publishesAny()
                        && (gates.get(major).needsCorrectedParts()
                            || targets.get(major).scope() != null));
  }

  private void quarantine(List<SortedMap<Integer, PartQuarantine>> majors, Correction correction) {
    SortedMap<Integer, List<PartQuarantine>> quarantined = new TreeMap<>();
    for (SortedMap<Integer, PartQuarantine> rows : majors) {
      for (int task : rows.keySet()) {
        quarantined.computeIfAbsent(task, first -> of(task, majors));
      }
    }
    if (!quarantined.isEmpty()) {
      parts.putAll(correction.without(quarantined));
    }
  }

  private static List<PartQuarantine> of(
      int task, List<SortedMap<Integer, PartQuarantine>> majors) {
    return majors.stream().map(rows -> rows.getOrDefault(task, new PartQuarantine(task))).toList();
  }

  private List<RowIngestion.Result> finish(boolean interrupted) {
    List<PublishVerdict> verdicts = new ArrayList<>();
    for (int i = 0; i < targets.size(); i++) {
      QualityGate gate = gates.get(i);
      List<DataFileEntry> files = new ArrayList<>();
      for (IngestedPart part : published(i)) {
        gate.addMeasures(part.counts());
        files.addAll(part.files());
      }
      targets.get(i).touched().replaceWithPartitionsOf(files);
      List<Finding> malformed =
          FailureTally.findings(of(i).stream().map(IngestedPart::violationCounts).toList());
      verdicts.add(gate.finish(malformed));
    }
    boolean refused = verdicts.stream().anyMatch(PublishVerdict::refused);
    List<Optional<Finding>> outside = new ArrayList<>();
    for (int i = 0; i < targets.size(); i++) {
      outside.add(interrupted ? Optional.empty() : outside(i));
      refused |= outside.get(i).isPresent();
    }
    List<RowIngestion.Result> results = new ArrayList<>();
    for (int i = 0; i < targets.size(); i++) {
      results.add(
          refused
              ? new RowIngestion.Result(
                  verdicts.get(i), outside.get(i), List.of(), List.of(), NewKeys.NONE)
              : written(i, verdicts.get(i)));
    }
    return results;
  }

  private Optional<Finding> outside(int major) {
    return ReplaceScopeCheck.finding(
        targets.get(major).scope(),
        published(major).stream()
            .map(IngestedPart::outside)
            .reduce(OutsideRows.NONE, OutsideRows::plus));
  }

  private RowIngestion.Result written(int major, PublishVerdict verdict) {
    List<IngestedPart> written = of(major);
    return new RowIngestion.Result(
        verdict,
        Optional.empty(),
        written.stream().flatMap(part -> part.files().stream()).toList(),
        written.stream().flatMap(part -> part.quarantineFiles().stream()).toList(),
        gates.get(major).keys(),
        written.stream().map(IngestedPart::late).reduce(LateRows.NONE, LateRows::plus));
  }

  /** Releases keys and measures, except in results. */
  @Override
  public void close() {
    gates.forEach(QualityGate::close);
  }
}
