package io.meshwork.internal.publish.run;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.internal.catalog.MajorState;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ingest.RowIngestion;
import io.meshwork.internal.ingest.RowIngestion.LateReference;
import io.meshwork.internal.ingest.write.AffectedPartitions;
import io.meshwork.internal.majors.RenamedColumns;
import io.meshwork.internal.predicate.GivenFilter;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.receipts.PublishEffects;
import io.meshwork.internal.runtime.Sha256;
import io.meshwork.internal.table.TableName;
import io.meshwork.internal.uniqueness.UniqueKeyCheck;
import io.meshwork.publish.PublishReceipt.PublishMode;
import java.util.Optional;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * A major version that a publish writes to: the contract, the table, and the rows to replace, as of
 * the start of the publish. Not thread-safe.
 */
public final class MajorTarget {
  private final PublishContext publish;
  private final VersionEntry version;
  private final Table table;
  private final TableName name;
  private final @Nullable RowPredicate filter;
  private final boolean filterKept;
  private final AffectedPartitions touched;
  private final UniqueKeyCheck keyCheck;

  private MajorTarget(
      PublishContext publish,
      VersionEntry version,
      Table table,
      @Nullable RowPredicate filter,
      boolean filterKept) {
    this.publish = publish;
    this.version = version;
    this.table = table;
    this.name = TableName.of(publish.product(), version.major());
    this.filter = filter;
    this.filterKept = filterKept;
    this.touched = new AffectedPartitions(table);
    this.keyCheck =
        new UniqueKeyCheck(
            table,
            new LiveDataFiles(publish.files(), table),
            version.contract(),
            mode(),
            filter,
            touched,
            publish.deadline(),
            publish.action());
  }

  /**
   * Loads the contract and its table. Repeats if the contract was amended in between.
   *
   * @param rows the filter of the rows to replace or erase; null for modes without a filter
   */
  public static MajorTarget open(PublishContext publish, int major, @Nullable GivenFilter rows) {
    while (true) {
      publish.deadline().check(publish.action());
      VersionEntry version =
          publish
              .session()
              .catalog()
              .requireFor(Use.DESCRIBE, publish.product(), major, publish.action());
      if (version.state() == MajorState.PURGED) {
        requireUse(publish, version); // otherwise the error is that its table does not exist
      }
      Table table = publish.session().tables().loadForReads(TableName.of(publish.product(), major));
      boolean unchanged =
          publish
              .session()
              .ledger()
              .read(version.majorStored().key())
              .filter(now -> now.version().equals(version.majorStored().version()))
              .isPresent();
      if (unchanged) {
        RowPredicate filter =
            rows == null
                ? null
                : RenamedColumns.parse(
                    publish.session(),
                    publish.product(),
                    major,
                    rows,
                    table.schema(),
                    null,
                    publish.action());
        boolean kept = rows == null || rows.kept();
        MajorTarget target = new MajorTarget(publish, version, table, filter, kept);
        target.checkPartitioned();
        return target;
      }
    }
  }

  private void checkPartitioned() {
    if (mode() == PublishMode.REPLACE_PARTITIONS && table.spec().isUnpartitioned()) {
      throw Failure.of(publish.action().on("by replacePartitions()"))
          .because("its table is not partitioned")
          .state("Nothing was published.")
          .fix("Use replaceAll(), or replaceWhere(..) for some of the rows.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
  }

  /** Requires that the state of the major version allows the publish. */
  public void requireUse() {
    requireUse(publish, version);
  }

  private static void requireUse(PublishContext publish, VersionEntry version) {
    publish
        .session()
        .catalog()
        .requireUse(
            PublishEffects.use(publish.options().mode()),
            publish.product(),
            version,
            publish.action());
  }

  private PublishMode mode() {
    return publish.options().mode();
  }

  PublishContext publish() {
    return publish;
  }

  public VersionEntry version() {
    return version;
  }

  TableName name() {
    return name;
  }

  /** The table as of the start of the publish. */
  public Table table() {
    return table;
  }

  /** The filter of the rows to replace or erase; null for modes without a filter. */
  public @Nullable RowPredicate filter() {
    return filter;
  }

  /** The filter as the receipt of this major version has it; empty for modes without a filter. */
  Optional<String> scope() {
    return Optional.ofNullable(filter)
        .map(rows -> filterKept ? rows.text() : rows.withoutConstants());
  }

  /** The hash of a filter that receipts must not contain; empty for others. */
  Optional<String> filterHash() {
    return Optional.ofNullable(filter)
        .filter(rows -> !filterKept)
        .map(rows -> Sha256.hex(rows.text()));
  }

  /** The partitions of the rows, once they are read. */
  AffectedPartitions touched() {
    return touched;
  }

  /** Compares the keys of the rows with the table's. */
  UniqueKeyCheck keyCheck() {
    return keyCheck;
  }

  /** Where the rows are checked and written. */
  public RowIngestion.Target ingestion() {
    LateReference late = lateReference();
    Table quarantine = publish.session().tables().load(name.quarantined());
    return new RowIngestion.Target(
        version.version().toString(),
        LatenessLimit.added(version.contract(), late),
        table,
        quarantine,
        filter,
        keyCheck.existingKeys(),
        touched,
        late,
        RowIngestion.Target.newest(table, quarantine));
  }

  /**
   * What makes an added row late: the newest event time as of the start of the publish, so that
   * publishes at the same time do not make each other late.
   */
  private @Nullable LateReference lateReference() {
    return mode() == PublishMode.APPEND
        ? LatenessLimit.reference(
                version.contract(), table, publish.session().runtime().clock().instant())
            .orElse(null)
        : null;
  }
}
