package io.meshwork.internal.publish;

import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ingest.RowInput;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.publish.run.AdditionalChange;
import io.meshwork.internal.publish.run.MajorTarget;
import io.meshwork.internal.publish.run.PublishContext;
import io.meshwork.internal.publish.run.PublishOptions;
import io.meshwork.internal.publish.run.QuarantineRemoval;
import io.meshwork.internal.publish.run.RowSource;
import io.meshwork.internal.quarantine.QuarantineBatch;
import io.meshwork.internal.quarantine.QuarantinedJson;
import io.meshwork.internal.quarantine.QuarantinedRowIds;
import io.meshwork.internal.rollout.Differences;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.rows.CorrectedRows;
import io.meshwork.internal.rows.RecordShredders;
import io.meshwork.internal.rows.TypeViolations;
import io.meshwork.internal.runtime.Sha256;
import io.meshwork.internal.scan.QuarantineRuleIds;
import io.meshwork.internal.scan.ScanBatches;
import io.meshwork.internal.scan.SnapshotFiles;
import io.meshwork.internal.scan.SnapshotScan;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.QuarantineTable;
import io.meshwork.internal.table.TableName;
import io.meshwork.internal.vector.VectorBatch;
import io.meshwork.product.ProductName;
import io.meshwork.publish.PublishReceipt.PublishMode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * Quarantined rows that are published again, each after a correction by the caller. The transaction
 * that publishes them removes them from the quarantines of all major versions, so that no row is
 * published twice. Rows that the correction leaves out stay.
 */
final class RepublishedSource implements RowSource, QuarantineRemoval {
  private static final String TYPE_RULE = "type:";

  private final ClientSession session;
  private final ProductName product;
  private final String filter;
  private final Function<Map<String, Object>, ? extends @Nullable Map<String, ?>> correction;
  private final QuarantinedRowIds rowIds = new QuarantinedRowIds();
  private @Nullable Table quarantine;
  private int leading;
  private long samples;
  private long lines;
  private long withoutValue;
  private long leftOut;

  RepublishedSource(
      ClientSession session,
      ProductName product,
      String filter,
      Function<Map<String, Object>, ? extends @Nullable Map<String, ?>> correction) {
    this.session = session;
    this.product = product;
    this.filter = filter;
    this.correction = correction;
  }

  @Override
  public void checkOptions(PublishOptions options, MeshAction action) {
    if (options.mode() != PublishMode.APPEND) {
      throw Failure.of(action)
          .because("republish(..) adds rows, and a replacement was requested too")
          .fix("Republish the rows first, then replace others.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
    if (options.verifyReplay()) {
      throw Failure.of(action)
          .because(
              "republish(..) removes the rows from the quarantine, so that verifyReplay()"
                  + " cannot read them again")
          .state("Nothing was published.")
          .fix("Remove verifyReplay(): the same commit takes each row once.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
  }

  /** Reads the quarantine of the leading major version from now on. */
  @Override
  public void begin(VersionEntry version, MeshAction action) {
    Table loaded = session.tables().load(TableName.of(product, version.major()).quarantined());
    RowPredicate rows = RowPredicate.parse(filter, loaded.schema(), action);
    QuarantineRuleIds.check(session, product, version, loaded, rows, action);
    quarantine = loaded;
    leading = version.major();
  }

  @Override
  public Optional<QuarantineRemoval> taken() {
    return Optional.of(this);
  }

  @Override
  public QuarantinedRowIds rows() {
    return rowIds;
  }

  @Override
  public Table quarantine(int major) {
    Table read = quarantine;
    return read != null && major == leading
        ? read
        : session.tables().load(TableName.of(product, major).quarantined());
  }

  /** Removes the rows from the quarantines of major versions that the publish does not write. */
  @Override
  public AdditionalChange change(PublishContext publish, List<MajorTarget> majors) {
    List<Integer> written = majors.stream().map(target -> target.version().major()).toList();
    return new SharedQuarantines(publish, leading, () -> rowIds, written);
  }

  @Override
  public RowInput open(
      Contract contract, Schema columns, boolean ignoreUnknownColumns, MeshAction action) {
    Table read = quarantine;
    if (read == null) {
      throw new IllegalStateException("the quarantine was not loaded");
    }
    rowIds.clear();
    samples = 0;
    lines = 0;
    withoutValue = 0;
    leftOut = 0;
    RowPredicate rows = RowPredicate.parse(filter, read.schema(), action);
    Snapshot newest = read.currentSnapshot();
    SnapshotScan scan =
        SnapshotScan.of(
                session.files(),
                newest == null ? List.of() : SnapshotFiles.of(read, newest, rows),
                QuarantineTable.SCHEMA,
                read.schema(),
                rows,
                Long.MAX_VALUE,
                action)
            .from(read);
    CorrectedRows texts = new CorrectedRows(contract.schema());
    Stream<Object> records =
        ScanBatches.stream(scan)
            .flatMap(batch -> corrected(batch, columns, texts, action).stream());
    return RowInput.records(
        records.iterator(),
        null,
        RecordShredders.forRecords(contract.schema(), columns, action),
        columns,
        scan::close,
        action);
  }

  /** Rows of a back-fill, or of a publish to one version alone, may be in others. */
  @Override
  public void checkMissingIn(List<Integer> others, MeshAction action) {
    long alone = others.isEmpty() ? 0 : alone(others);
    if (alone > 0) {
      throw Failure.of(action)
          .because(
              alone
                  + " of the "
                  + rowIds.count()
                  + " rows are of a back-fill, or of a publish to major version "
                  + leading
                  + " alone, so that major version "
                  + others.get(0)
                  + " may have them already")
          .state("Nothing was published.")
          .fix("Publish these rows with onlyMajorVersion(" + leading + ").because(reason).")
          .lastingConflict(ErrorCode.STATE_CONFLICT);
    }
  }

  /** The most rows that another major version may have, by a rollout between the written ones. */
  private long alone(List<Integer> others) {
    Set<Integer> written = new HashSet<>(others);
    written.add(leading);
    return session.ledger().list(RegistryKeys.partition(product), RegistryKeys.ROLLOUTS).stream()
        .map(RolloutEntry::of)
        .map(
            rollout ->
                written.contains(rollout.from())
                        && rollout.newMajor().stream().anyMatch(written::contains)
                    ? rollout.differences()
                    : Differences.NONE)
        .mapToLong(rowIds::withoutOther)
        .max()
        .orElse(0);
  }

  @Override
  public List<Finding> skipped() {
    List<Finding> skipped = new ArrayList<>();
    addSkipped(
        skipped,
        samples,
        "the quarantine has only samples of their values",
        "Publish them from their source.");
    addSkipped(skipped, lines, "they are lines that are not rows", "Publish them from their file.");
    addSkipped(
        skipped,
        withoutValue,
        "a column whose value did not fit has no value after the correction",
        "Set the value in the correction.");
    addSkipped(
        skipped,
        leftOut,
        "the correction left them out",
        "Return them from the correction, or erase them from the quarantine.");
    return skipped;
  }

  private void addSkipped(List<Finding> skipped, long count, String why, String fix) {
    if (count > 0) {
      skipped.add(
          new Finding(
              FindingCode.QUARANTINE_KEPT,
              Finding.Severity.WARNING,
              product.toString(),
              count
                  + (count == 1 ? " quarantined row stays" : " quarantined rows stay")
                  + ", because "
                  + why
                  + ".",
              count,
              List.of(),
              fix));
    }
  }

  private List<Object> corrected(
      VectorBatch batch, Schema columns, CorrectedRows texts, MeshAction action) {
    List<Object> records = new ArrayList<>();
    QuarantineBatch rows = new QuarantineBatch(batch);
    for (int row = 0; row < batch.rows(); row++) {
      Map<String, ?> corrected = corrected(rows, row, columns);
      if (corrected != null) {
        rowIds.add(rows.text(QuarantineTable.PUBLISH, row), rows.number(row));
        records.add(texts.parsed(corrected));
      }
    }
    rowIds.checkCount("Nothing was published.", "Republish", action);
    return records;
  }

  /** Offers a row for correction; null if it stays in the quarantine. */
  private @Nullable Map<String, ?> corrected(QuarantineBatch rows, int row, Schema columns) {
    List<String> rules = List.of(rows.text(QuarantineTable.RULES, row).split(",", -1));
    if (rules.contains(TypeViolations.MALFORMED_LINE_RULE)) {
      lines++;
      return null;
    }
    Optional<Map<String, Object>> offered =
        QuarantinedJson.row(
            rows.text(QuarantineTable.ROW, row), rows.text(QuarantineTable.REASON, row), columns);
    if (offered.isEmpty()) {
      samples++;
      return null;
    }
    Map<String, ?> corrected = correction.apply(offered.get());
    if (corrected == null) {
      leftOut++;
      return null;
    }
    if (!hasValues(corrected, rules, columns)) {
      withoutValue++;
      return null;
    }
    return corrected;
  }

  /**
   * True if each column has a value whose value did not fit: the quarantine may lack it, and its
   * absence must not become a null.
   */
  private static boolean hasValues(Map<String, ?> row, List<String> rules, Schema columns) {
    Set<String> malformed = new HashSet<>();
    for (String rule : rules) {
      if (rule.startsWith(TYPE_RULE)) {
        malformed.add(rule.substring(TYPE_RULE.length()).split("[.\\[{]", 2)[0]);
      }
    }
    malformed.removeIf(column -> columns.findField(column) == null);
    return malformed.stream().allMatch(column -> row.get(column) != null);
  }

  @Override
  public String fingerprint(MeshAction action) {
    return "quarantine\n" + Sha256.hex(filter);
  }

  @Override
  public void discard() {}
}
