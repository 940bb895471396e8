package io.meshwork.internal.consume;

import io.meshwork.consume.Read;
import io.meshwork.consume.Rows;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.PositionEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.lakeformation.DataPermission;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.rows.RowMaterializer;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.scan.EmptyCollections;
import io.meshwork.internal.scan.QuarantineRuleIds;
import io.meshwork.internal.scan.ScanFilter;
import io.meshwork.internal.scan.SnapshotFiles;
import io.meshwork.internal.scan.SnapshotScan;
import io.meshwork.internal.schema.ColumnPaths;
import io.meshwork.internal.session.AccessCount;
import io.meshwork.internal.session.AccessCounter;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ResolvedProduct;
import io.meshwork.internal.session.SnapshotHistory;
import io.meshwork.internal.session.TableSnapshots;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ProductName;
import io.meshwork.product.Snapshot;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Reads one snapshot of a product or of its quarantine.
 *
 * @param <T> the type of a row
 */
final class ProductRead<T> implements Read<T> {
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

  static Read<GenericRecord> of(ClientSession session, CharSequence product) {
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

  @Override
  public Read<T> columns(String... names) {
    List<String> wanted = ArgumentChecks.all("columns", names);
    ColumnPaths.check(wanted);
    options = options.withColumns(wanted);
    return this;
  }

  @Override
  public Read<T> where(String text) {
    options = options.withFilter(ArgumentChecks.required("where", text));
    return this;
  }

  @Override
  public Read<T> snapshot(String id) {
    options = options.withSnapshotId(ArgumentChecks.text("snapshot", id));
    checkOneState();
    return this;
  }

  @Override
  public Read<T> asOf(Instant moment) {
    options = options.withTime(ArgumentChecks.required("asOf", moment));
    checkOneState();
    return this;
  }

  private void checkOneState() {
    if (options.snapshotId() != null && options.time() != null) {
      throw ArgumentChecks.refused(
          "snapshot", "was said, and asOf as well", "Say one of both, or neither for the newest.");
    }
    if (quarantine) {
      throw ArgumentChecks.refused(
          options.snapshotId() != null ? "snapshot" : "asOf",
          "was said of a quarantine, which is read as it is now",
          "Choose rows by where(\"publish = '..'\").");
    }
  }

  @Override
  public Read<T> majorVersion(int number) {
    options = options.withMajor(number);
    return this;
  }

  @Override
  public Read<T> limit(long rows) {
    if (rows < 0) {
      throw ArgumentChecks.refused("limit", "is " + rows, "Give 0 or more rows.");
    }
    options = options.withLimit(rows);
    return this;
  }

  @Override
  public <R> Read<R> as(Class<R> recordType) {
    return with(RowType.record(recordType), options);
  }

  @Override
  public Read<GenericRecord> as(Schema readerSchema) {
    return with(RowType.avro(readerSchema), options);
  }

  @Override
  public Read<Map<String, Object>> asMaps() {
    return with(RowType.maps(), options);
  }

  @Override
  public Rows<T> read() {
    Instant begun = session.runtime().meters().now();
    Rows<T> rows = open();
    session.runtime().meters().read(product, begun);
    return rows;
  }

  private Rows<T> open() {
    Source source = open(action());
    ScanFilter choice = choice(source.seen(), ScanFilter.ALL);
    projection(source.seen());
    return rows(
        source,
        source.files(choice.pruning().orElse(null)),
        choice,
        RowStreamErrors.atRows(action()));
  }

  /** What this reader sees and asks of some rows. */
  private ScanFilter choice(BoundDataPermission seen, ScanFilter chosen) {
    ScanFilter asked =
        options.filter() == null ? chosen : chosen.and(seen.filter(options.filter()));
    return seen.scanFilter(asked);
  }

  private ScannedRows<T> rows(
      Source source, List<DataFile> files, ScanFilter choice, RowStreamErrors look) {
    BoundDataPermission seen = source.seen();
    org.apache.iceberg.Schema table = source.table().schema();
    org.apache.iceberg.Schema projection = projection(seen);
    RowMaterializer<T> materializer = type.materializer(projection, seen.contract());
    count("rows", source.entry(), requiredColumns(seen, projection));
    return new ScannedRows<>(
        source.snapshot().map(seen::visible),
        projection.columns().stream().map(Types.NestedField::name).toList(),
        SnapshotScan.of(
                session.files(),
                files.stream().filter(choice::mightContain).toList(),
                projection,
                table,
                choice,
                options.limit(),
                action())
            .filling(EmptyCollections.of(projection, source.contractSchema()))
            .whenMissing(
                location ->
                    isExpired(source, location) ? Optional.of(look.expired()) : Optional.empty()),
        materializer,
        quarantine
            ? ReaderRecords.none()
            : ReaderRecords.of(
                session,
                product,
                source.entry().major(),
                source.snapshot(),
                use(source.table(), source.seen(), source.entry())),
        session,
        action(),
        look);
  }

  /** Returns true if no retained snapshot references the file any more. */
  private boolean isExpired(Source source, String location) {
    Table now = session.tables().load(new TableName(product, source.entry().major(), quarantine));
    return !SnapshotFiles.isReferenced(now, location);
  }

  /**
   * The rows of a batch.
   *
   * @param end the snapshot at which it ends; empty before the first
   */
  ScannedRows<T> rows(
      Version version, Optional<Snapshot> end, List<DataFile> files, ScanFilter chosen) {
    return rows(
        new Source(
            version.table(),
            null,
            end,
            version.entry().contract().schema(),
            version.entry(),
            version.seen()),
        files,
        choice(version.seen(), chosen),
        RowStreamErrors.atBatch(MeshAction.of(Verb.POLL, product)));
  }

  /** By what this reader of a version tells rows from others. */
  RowVisibility visible(Version version) {
    return version.seen().visible(projection(version.seen()));
  }

  /** Which rows of a version this reader reads. */
  PositionEntry.View view(Version version) {
    return new PositionEntry.View(
        version.seen().rowRights(version.table().uuid().toString()),
        Optional.ofNullable(options.filter()));
  }

  /** The same with another filter, or none. */
  ProductRead<T> withFilter(Optional<String> where) {
    return with(type, options.withFilter(where.orElse(null)));
  }

  @Override
  public List<Snapshot> snapshots() {
    MeshAction listing = MeshAction.of(Verb.LIST, "the snapshots of " + product);
    Version version = majorVersion(listing);
    return quarantine
        ? List.of()
        : version.line().all().stream().map(version.seen()::visible).toList();
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
            : RowPredicate.parse(options.filter(), source.table().schema(), listing);
    count("files", source.entry(), Set.of(AccessCount.ALL));
    return source.files(predicate).stream()
        .map(file -> session.addresses().apply(file.location()))
        .toList();
  }

  /** For the audit, before anything is handed out. */
  private void count(String what, VersionEntry version, Set<String> read) {
    session
        .accessCounter()
        .read(
            session.principal(),
            quarantine ? AccessCounter.QUARANTINE_SEEN : AccessCounter.READ_SEEN,
            product,
            version.version(),
            what,
            read);
  }

  /** The top-level columns that are read or asked by the filter, unless that is all that shows. */
  private Set<String> requiredColumns(
      BoundDataPermission seen, org.apache.iceberg.Schema projection) {
    Set<String> read = new TreeSet<>();
    projection.columns().forEach(column -> read.add(column.name()));
    if (options.filter() != null) {
      seen.filter(options.filter())
          .columns()
          .forEach(path -> read.add(BoundDataPermission.column(path)));
    }
    return read.size() >= seen.columns().columns().size() ? Set.of(AccessCount.ALL) : read;
  }

  /** A major version that the caller may read, and what it sees of it. */
  record Version(Table table, SnapshotHistory line, VersionEntry entry, BoundDataPermission seen) {}

  /** What is read; nothing is stored before the first publish. */
  private record Source(
      Table table,
      org.apache.iceberg.@Nullable Snapshot stored,
      Optional<Snapshot> snapshot,
      Schema contractSchema,
      VersionEntry entry,
      BoundDataPermission seen) {

    List<DataFile> files(@Nullable RowPredicate predicate) {
      return stored == null ? List.of() : SnapshotFiles.of(table, stored, predicate);
    }
  }

  /**
   * The version, if the caller may read it.
   *
   * @throws io.meshwork.error.NotFoundException if there is no such product or major
   * @throws io.meshwork.error.AccessDeniedException if the caller may not read it
   */
  Version majorVersion(MeshAction action) {
    session.checkOpen(action);
    ProductEntry entry = session.catalog().requireProduct(product, action);
    if (quarantine) {
      session.authorizer().requireOwner(product.domain(), action);
    } else {
      session.authorizer().requireOwnDomain(action);
    }
    VersionEntry version =
        session
            .catalog()
            .requireVersion(
                product, options.major() == null ? entry.currentMajor() : options.major(), action);
    DataPermission permission =
        quarantine ? DataPermission.ALL : session.authorizer().requireRead(entry, version, action);
    Table table = session.tables().load(new TableName(product, version.major(), quarantine));
    BoundDataPermission.Asker asker =
        new BoundDataPermission.Asker(
            session, action, product.toString(), session.catalog().ownerOf(entry, action));
    return new Version(
        table,
        new SnapshotHistory(session.ledger(), table, product, version.version()),
        version,
        BoundDataPermission.of(
            permission,
            asker,
            table.schema(),
            quarantine ? RowType.quarantineSchema(table.schema()) : version.contract().schema()));
  }

  private Source open(MeshAction action) {
    Version version = majorVersion(action);
    Table table = version.table();
    if (quarantine) {
      if (options.filter() != null) {
        RowPredicate asked = RowPredicate.parse(options.filter(), table.schema(), action);
        QuarantineRuleIds.check(session, product, version.entry(), table, asked, action);
      }
      org.apache.iceberg.Snapshot newest = table.currentSnapshot();
      return new Source(
          table,
          newest,
          Optional.ofNullable(newest)
              .map(
                  stored ->
                      TableSnapshots.ofQuarantine(stored, product, version.entry().version())),
          version.seen().contract(),
          version.entry(),
          version.seen());
    }
    Optional<SnapshotHistory.DatedSnapshot> found =
        options.snapshotId() != null
            ? Optional.of(version.line().byId(options.snapshotId(), action))
            : options.time() != null
                ? Optional.of(version.line().asOf(options.time(), action))
                : version.line().newest();
    return new Source(
        table,
        found.map(SnapshotHistory.DatedSnapshot::stored).orElse(null),
        found.map(SnapshotHistory.DatedSnapshot::snapshot),
        version.entry().contract().schema(),
        version.entry(),
        version.seen());
  }

  /** What a subscription uses by this look, with the columns that its filter asks. */
  private ReaderRecords.@Nullable Use use(
      Table stored, BoundDataPermission seen, VersionEntry version) {
    if (subscription == null) {
      return null;
    }
    org.apache.iceberg.Schema table = stored.schema();
    Set<String> read = new TreeSet<>(seen.requestedColumns(options.columns(), type));
    if (options.filter() != null) {
      seen.filter(options.filter()).fieldIds().forEach(id -> read.add(table.findColumnName(id)));
    }
    return new ReaderRecords.Use(subscription, version.version(), read);
  }

  /** Notes that the subscription is used, though there was nothing to hand out. */
  void noteUse(Version version) {
    ReaderRecords.Use use = use(version.table(), version.seen(), version.entry());
    if (use != null) {
      ReaderRecords.noteUse(session, product, version.entry().major(), use);
    }
  }

  private org.apache.iceberg.Schema projection(BoundDataPermission seen) {
    return seen.project(seen.requestedColumns(options.columns(), type));
  }

  private MeshAction action() {
    return quarantine
        ? MeshAction.of(Verb.READ, "the quarantine of " + product)
        : MeshAction.of(Verb.READ, product);
  }

  private <R> ProductRead<R> with(RowType<R> rowType, ReadOptions chosen) {
    return new ProductRead<>(session, product, quarantine, rowType, subscription, chosen);
  }

  @Override
  public String toString() {
    return action().toString();
  }
}
