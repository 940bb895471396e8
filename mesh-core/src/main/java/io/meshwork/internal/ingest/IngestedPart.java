package io.meshwork.internal.ingest;

import io.meshwork.contract.OnViolation;
import io.meshwork.internal.quality.GateCounts;
import io.meshwork.internal.quality.GateTally;
import io.meshwork.internal.quality.PublishVerdict;
import io.meshwork.internal.quality.QualityGate;
import io.meshwork.internal.quality.RuleContext;
import io.meshwork.internal.table.DataFileEntry;
import io.meshwork.internal.uniqueness.NewKeys;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;

/**
 * What one task counted of a part of the rows of a publish, and wrote, in one major version. Parts
 * of rows with higher numbers are added later. Immutable.
 *
 * @param counts of the rules
 * @param violationCounts rows that do not fit their columns
 * @param files data files of the table
 * @param quarantineFiles data files of the quarantine
 * @param late the late rows in the data files
 */
public record IngestedPart(
    GateCounts counts,
    List<ViolationCount> violationCounts,
    List<DataFile> files,
    List<DataFile> quarantineFiles,
    LateRows late)
    implements Serializable {
  /**
   * Returns the result of a publish whose rows these parts have, all together.
   *
   * @param parts in the order of their rows
   * @param target where they were written
   * @param policy by which they were checked
   * @param context what the rules need besides the rows
   */
  public static RowIngestion.Result joined(
      List<IngestedPart> parts,
      RowIngestion.Target target,
      OnViolation policy,
      RuleContext context) {
    PublishVerdict verdict = verdict(parts, target, policy, context);
    List<DataFile> files = parts.stream().flatMap(part -> part.files.stream()).toList();
    target.touched().replaceWithPartitionsOf(files);
    if (verdict.refused()) {
      return new RowIngestion.Result(verdict, Optional.empty(), List.of(), List.of(), NewKeys.NONE);
    }
    return new RowIngestion.Result(
        verdict,
        Optional.empty(),
        files.stream().map(DataFileEntry::of).toList(),
        parts.stream()
            .flatMap(part -> part.quarantineFiles.stream())
            .map(DataFileEntry::of)
            .toList(),
        NewKeys.NONE,
        parts.stream().map(IngestedPart::late).reduce(LateRows.NONE, LateRows::plus));
  }

  private static PublishVerdict verdict(
      List<IngestedPart> parts,
      RowIngestion.Target target,
      OnViolation policy,
      RuleContext context) {
    Schema schema = target.table().schema();
    PartitionSpec spec = target.table().spec();
    try (QualityGate gate =
        QualityGate.open(target.contract(), schema, policy, context)
            .partitionedBy(spec, schema)
            .inFolders(spec, schema)) {
      gate.endOfInput();
      GateTally tally = gate.tally();
      parts.forEach(part -> tally.add(part.counts));
      return tally.verdict(
          FailureTally.findings(parts.stream().map(IngestedPart::violationCounts).toList()));
    }
  }

  /** The locations of all its files. */
  public List<String> locations() {
    return Stream.concat(files.stream(), quarantineFiles.stream()).map(DataFile::location).toList();
  }
}
