package io.meshwork.internal.consume;

import io.meshwork.consume.Read;
import io.meshwork.consume.Rows;
import io.meshwork.error.BackendException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.PositionEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.lakeformation.DataPermission;
import io.meshwork.internal.majors.RenamedColumns;
import io.meshwork.internal.materializers.RowMaterializer;
import io.meshwork.internal.parquet.footer.FooterCache;
import io.meshwork.internal.predicate.GivenFilter;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.scan.QuarantineRuleIds;
import io.meshwork.internal.scan.ScanFilter;
import io.meshwork.internal.scan.SnapshotFiles;
import io.meshwork.internal.scan.SnapshotScan;
import io.meshwork.internal.schema.ColumnPaths;
import io.meshwork.internal.session.AccessCount;
import io.meshwork.internal.session.AccessCounter;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ReaderTables;
import io.meshwork.internal.session.ResolvedProduct;
import io.meshwork.internal.session.SnapshotHistory;
import io.meshwork.internal.session.TableSnapshots;
import io.meshwork.internal.table.Manifests;
import io.meshwork.internal.table.PublishedFile;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ProductName;
import io.meshwork.product.Snapshot;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * Reads one snapshot of a product or of its quarantine.
 *
 * @param <T> the type of a row
 */
final class ProductRead<T> implements Read.OfProduct<T> {
  private static final int SAMPLE_ROWS = 3;

  private final ClientSession session;
  private final ProductName product;
  private final boolean quarantine;
  private final RowType<T> type;
  private final @Nullable LiveSubscription subscription;
  private ReadOptions options;

  private ProductRead(
      ClientSession session,
      ProductName product,
      boolean quarantine,
      RowType<T> type,
      @Nullable LiveSubscription subscription,
      ReadOptions options) {
    this.session = session;
    this.product = product;
    this.quarantine = quarantine;
    this.type = type;
    this.subscription = subscription;
    this.options = options;
  }

  static Read.OfProduct<GenericRecord> of(ClientSession session, CharSequence product) {
    ResolvedProduct target =
        ResolvedProduct.forConsumer(session, product, MeshAction.of(Verb.READ));
    return new ProductRead<>(
        session,
        target.product(),
        false,
        RowType.avro(),
        null,
        ReadOptions.of(target.major().orElse(null)));
  }

  static Read<GenericRecord> ofQuarantine(ClientSession session, CharSequence product) {
    return new ProductRead<>(
        session,
        ResolvedProduct.forProducer(
            session, product, MeshAction.of(Verb.READ, "the quarantine of")),
        true,
        RowType.avro(),
        null,
        ReadOptions.of(null));
  }

  /** A read by a subscription, whose use of the version is recorded. */
  static <R> ProductRead<R> bySubscription(
      LiveSubscription subscription, RowType<R> type, ReadOptions options) {
    return new ProductRead<>(
        subscription.session(), subscription.product(), false, type, subscription, options);
  }

  /**
   * The first rows of the same major version, as this reader reads them. Only the audit counts
   * them, and not as a read: showing them does not count as use.
   */
  Optional<Rows<Map<String, Object>>> sample() {
    ReadOptions first = ReadOptions.of(options.major()).withLimit(SAMPLE_ROWS);
    ProductRead<Map<String, Object>> read =
        withoutUse(session.uncounted(), product, RowType.maps(), first);
    Version version = read.load(action());
    if (version.permission().hidesRows()) {
      return Optional.empty();
    }
    Source source = read.source(version, action());
    session
        .accessCounter()
        .read(
            session.principal(),
            AccessCounter.SAMPLE_SEEN,
            product,
            version.entry().version(),
            "rows",
            read.selection(version.permission()).requiredColumns());
    return Optional.of(read.rows(source));
  }

  /**
   * A read of one major version that is compared with another. It does not count as use of either.
   */
  static <R> ProductRead<R> withoutUse(
      ClientSession session, ProductName product, RowType<R> type, ReadOptions options) {
    return new ProductRead<>(session, product, false, type, null, options.withoutUse());
  }

  @Override
  public ProductRead<T> columns(String... names) {
    List<String> paths = ArgumentChecks.all("columns", names);
    ColumnPaths.check(paths);
    options = options.withColumns(paths);
    return this;
  }

  @Override
  public ProductRead<T> where(String text) {
    options = options.withRows(GivenFilter.of("where", text));
    return this;
  }

  @Override
  public ProductRead<T> whereIn(String column, Collection<?> values) {
    options = options.withRows(GivenFilter.in("whereIn", column, values));
    return this;
  }

  @Override
  public ProductRead<T> snapshot(String id) {
    options = options.withSnapshotId(ArgumentChecks.text("snapshot", id));
    requireOneSnapshot();
    return this;
  }

  @Override
  public ProductRead<T> asOf(Instant moment) {
    options = options.withTime(ArgumentChecks.required("asOf", moment));
    requireOneSnapshot();
    return this;
  }

  private void requireOneSnapshot() {
    if (options.snapshotId() != null && options.time() != null) {
      throw ArgumentChecks.refused(
          "snapshot", "was set together with asOf", "Set one, or neither for the newest snapshot.");
    }
  }

  @Override
  public ProductRead<T> majorVersion(int version) {
    options = options.withMajor(ArgumentChecks.majorVersion(version));
    return this;
  }

  @Override
  public ProductRead<T> limit(long rows) {
    if (rows < 0) {
      throw ArgumentChecks.refused("limit", "is " + rows, "Use 0 or more.");
    }
    options = options.withLimit(rows);
    return this;
  }

  @Override
  public <R> ProductRead<R> as(Class<R> recordType) {
    return with(RowType.record(recordType), options);
  }

  @Override
  public ProductRead<GenericRecord> as(Schema readerSchema) {
    return with(RowType.avro(readerSchema), options);
  }

  @Override
  public ProductRead<Map<String, Object>> asMaps() {
    return with(RowType.maps(), options);
  }

  @Override
  public Rows<T> rows() {
    Instant start = session.runtime().meters().now();
    Rows<T> rows = open();
    session.runtime().meters().read(product, start);
    return rows;
  }

  private Rows<T> open() {
    return rows(open(action()));
  }

  private Rows<T> rows(Source source) {
    ReadSelection selection = selection(source.permission());
    ScanFilter filter = selection.within(ScanFilter.ALL);
    return rows(
        source,
        selection,
        source.files(filter.pruning().orElse(null)),
        filter,
        RowStreamErrors.ofRows(action()));
  }

  private ReadSelection selection(BoundDataPermission permission) {
    return ReadSelection.of(options, type, permission, subscription != null);
  }

  private ScannedRows<T> rows(
      Source source,
      ReadSelection selection,
      List<DataFile> files,
      ScanFilter filter,
      RowStreamErrors errors) {
    BoundDataPermission permission = source.permission();
    org.apache.iceberg.Schema table = source.table().schema();
    org.apache.iceberg.Schema projection = selection.projection();
    RowMaterializer<T> materializer = type.materializer(projection, permission.contract());
    recordUse(source, selection);
    count("rows", source.entry(), selection.requiredColumns());
    SnapshotScan scan =
        SnapshotScan.of(
                source.table().io(),
                files.stream().filter(filter::mightContain).toList(),
                projection,
                table,
                filter,
                options.limit(),
                action())
            .named(PublishedFile.ColumnNames.of(source.table()))
            .withFooters(source.footers())
            .filling(source.contractSchema())
            .whenMissing(
                (location, failure) ->
                    isExpired(source, location) ? Optional.of(errors.expired()) : Optional.empty());
    return new ScannedRows<>(
        source.snapshot().map(permission::visible),
        ParquetRows.columns(projection, permission.contract()),
        session.runtime().workers().map(scan::on).orElse(scan),
        materializer,
        quarantine
            ? ReaderRecords.none()
            : ReaderRecords.of(
                session, product, source.entry().major(), source.snapshot(), subscription),
        session,
        action(),
        errors);
  }

  /** Returns true if retained snapshots no longer reference the file. */
  private boolean isExpired(Source source, String location) {
    Table now =
        ReaderTables.of(session, product.domain())
            .load(new TableName(product, source.entry().major(), quarantine));
    return !Manifests.isReferenced(now, location);
  }

  /**
   * Returns the rows of a batch.
   *
   * @param end the snapshot at which the batch ends; empty before the first
   */
  ScannedRows<T> rows(
      Version version, Optional<Snapshot> end, List<DataFile> files, ScanFilter filter) {
    ReadSelection selection = selection(version.permission());
    return rows(
        new Source(
            version.table(),
            null,
            end,
            version.entry().contract().schema(),
            version.entry(),
            version.permission(),
            version.footers(),
            version.consumer()),
        selection,
        files,
        selection.within(filter),
        RowStreamErrors.ofBatch(MeshAction.of(Verb.READ, "the rows of a batch of " + product)));
  }

  /** Returns the rows of a snapshot of a version; none before the first. */
  ScannedRows<T> rows(Version version, Optional<SnapshotHistory.DatedSnapshot> snapshot) {
    List<DataFile> files =
        snapshot
            .map(SnapshotHistory.DatedSnapshot::stored)
            .map(stored -> SnapshotFiles.of(version.table(), stored))
            .orElse(List.of());
    return rows(
        version, snapshot.map(SnapshotHistory.DatedSnapshot::snapshot), files, ScanFilter.ALL);
  }

  /** Returns what this reader sees of a version. */
  RowVisibility visible(Version version) {
    return version.permission().visibility(projection(version.permission()));
  }

  /** Returns the filter and the row rights of this reader. */
  PositionEntry.View view(Version version) {
    return new PositionEntry.View(
        version.permission().rowRightsId(version.table().uuid().toString()),
        Optional.ofNullable(options.filter()).map(GivenFilter::text));
  }

  /** Returns the same read with another filter, or none. */
  ProductRead<T> withFilter(Optional<String> where) {
    return with(type, options.withFilter(where.orElse(null)));
  }

  @Override
  public List<Snapshot> snapshots() {
    MeshAction listing = MeshAction.of(Verb.LIST, "the snapshots of " + product);
    Version version = majorVersion(listing);
    return version.history().all().stream().map(version.permission()::visible).toList();
  }

  @Override
  public List<String> files() {
    MeshAction listing = MeshAction.of(Verb.LIST, "the files of " + product);
    session.checkOpen(listing);
    session.authorizer().requireOwner(product.domain(), listing);
    Source source = open(listing);
    RowPredicate predicate =
        options.filter() == null
            ? null
            : RenamedColumns.parse(
                session,
                product,
                source.entry().major(),
                options.filter(),
                source.table().schema(),
                source.contractSchema(),
                listing);
    count("files", source.entry(), Set.of(AccessCount.ALL));
    return source.files(predicate).stream()
        .map(file -> session.addresses().apply(file.location()))
        .toList();
  }

  /** Counts the access for the audit, before anything is returned. */
  private void count(String what, VersionEntry version, Set<String> columns) {
    session
        .accessCounter()
        .read(
            session.principal(),
            quarantine ? AccessCounter.QUARANTINE_SEEN : AccessCounter.READ_SEEN,
            product,
            version.version(),
            what,
            columns);
  }

  /**
   * A major version that the caller may read, with the caller's permission.
   *
   * @param footers the footers that are known to the reader
   * @param consumer the caller's domain
   */
  record Version(
      Table table,
      SnapshotHistory history,
      VersionEntry entry,
      BoundDataPermission permission,
      FooterCache footers,
      String consumer) {}

  /** What is read; before the first publish there is no snapshot. */
  private record Source(
      Table table,
      org.apache.iceberg.@Nullable Snapshot stored,
      Optional<Snapshot> snapshot,
      Schema contractSchema,
      VersionEntry entry,
      BoundDataPermission permission,
      FooterCache footers,
      String consumer) {

    List<DataFile> files(@Nullable RowPredicate predicate) {
      return stored == null ? List.of() : SnapshotFiles.of(table, stored, predicate);
    }
  }

  /**
   * Returns the version if the caller may read it with the columns and the filter of this read.
   *
   * @throws io.meshwork.error.NotFoundException if there is no such product or major
   * @throws io.meshwork.error.AccessDeniedException if the caller may not read it, or uses a column
   *     that it does not see
   */
  Version selectedVersion(MeshAction action) {
    Version version = majorVersion(action);
    selection(version.permission());
    return version;
  }

  /**
   * Returns the version if the caller may read it.
   *
   * @throws io.meshwork.error.NotFoundException if there is no such product or major
   * @throws io.meshwork.error.AccessDeniedException if the caller may not read it
   */
  Version majorVersion(MeshAction action) {
    try {
      Version version = load(action);
      if (!quarantine) {
        session.accessCounter().opens().opened(version.consumer(), product, version.entry());
      }
      return version;
    } catch (BackendException e) {
      if (!quarantine) {
        session.accessCounter().opens().failed(product, e);
      }
      throw e;
    }
  }

  private Version load(MeshAction action) {
    session.checkOpen(action);
    ProductEntry entry = session.catalog().requireProduct(product, action);
    String consumer = consumer(action);
    VersionEntry version = requireMajor(entry, action);
    DataPermission permission =
        quarantine ? DataPermission.ALL : session.authorizer().requireRead(entry, version, action);
    ReaderTables tables = ReaderTables.of(session, product.domain());
    tables.requireWhole(permission, entry, action);
    Table table = tables.load(new TableName(product, version.major(), quarantine));
    BoundDataPermission.Requester requester =
        new BoundDataPermission.Requester(session, action, entry, version);
    return new Version(
        table,
        new SnapshotHistory(session.ledger(), table, product, version.version()),
        version,
        BoundDataPermission.of(
            permission,
            requester,
            table.schema(),
            quarantine ? RowType.quarantineSchema(table.schema()) : version.contract().schema()),
        tables.footers(),
        consumer);
  }

  /** Returns the domain that the caller reads for. */
  private String consumer(MeshAction action) {
    if (quarantine) {
      return session.authorizer().requireOwner(product.domain(), action).domain().name();
    } else if (subscription != null) {
      session.authorizer().requireStillActsFor(subscription.domain(), action);
      return subscription.domain();
    }
    return session.authorizer().requireOwnDomain(action).domain();
  }

  private VersionEntry requireMajor(ProductEntry entry, MeshAction action) {
    int major = options.major() == null ? entry.currentMajor() : options.major();
    if (quarantine) {
      return session.catalog().requireFor(Use.READ_AS_OWNER, product, major, action);
    } else if (subscription != null) {
      return session.catalog().requireFor(Use.KEEP, entry, major, action);
    }
    return session.authorizer().requireReadable(entry, major, action);
  }

  private Source open(MeshAction action) {
    return source(majorVersion(action), action);
  }

  private Source source(Version version, MeshAction action) {
    Table table = version.table();
    if (quarantine) {
      if (options.filter() != null) {
        RowPredicate filter = RowPredicate.parse(options.filter(), table.schema(), null, action);
        QuarantineRuleIds.check(session, product, version.entry(), table, filter, action);
      }
      org.apache.iceberg.Snapshot newest = table.currentSnapshot();
      return new Source(
          table,
          newest,
          Optional.ofNullable(newest)
              .map(
                  stored ->
                      TableSnapshots.ofQuarantine(stored, product, version.entry().version())),
          version.permission().contract(),
          version.entry(),
          version.permission(),
          version.footers(),
          version.consumer());
    }
    Optional<SnapshotHistory.DatedSnapshot> snapshot =
        options.snapshotId() != null
            ? Optional.of(version.history().byId(options.snapshotId(), action))
            : options.time() != null
                ? Optional.of(version.history().asOf(options.time(), action))
                : version.history().newest();
    return new Source(
        table,
        snapshot.map(SnapshotHistory.DatedSnapshot::stored).orElse(null),
        snapshot.map(SnapshotHistory.DatedSnapshot::snapshot),
        version.entry().contract().schema(),
        version.entry(),
        version.permission(),
        version.footers(),
        version.consumer());
  }

  /** Records which consumer reads which columns, as soon as the read is allowed. */
  private void recordUse(Source source, ReadSelection selection) {
    if (quarantine || options.recordsNoUse()) {
      return;
    }
    ClientSession.AdmittedRead read =
        new ClientSession.AdmittedRead(
            product,
            subscription == null ? source.consumer() : subscription.domain(),
            source.entry(),
            selection.usedColumns(source.table().schema()),
            () -> majorVersion(action()).entry());
    if (subscription == null) {
      session.recordUse(read);
    } else {
      session.recordUse(read, subscription.name(), () -> subscription.require(action()));
    }
  }

  private org.apache.iceberg.Schema projection(BoundDataPermission permission) {
    return permission.project(permission.requestedColumns(options.columns(), type));
  }

  private MeshAction action() {
    return quarantine
        ? MeshAction.of(Verb.READ, "the quarantine of " + product)
        : MeshAction.of(Verb.READ, product);
  }

  private <R> ProductRead<R> with(RowType<R> rowType, ReadOptions readOptions) {
    return new ProductRead<>(session, product, quarantine, rowType, subscription, readOptions);
  }

  @Override
  public String toString() {
    return action().toString();
  }
}
