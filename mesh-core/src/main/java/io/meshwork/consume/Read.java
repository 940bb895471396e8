package io.meshwork.consume;

import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.predicate.Predicate;
import io.meshwork.internal.rights.Sight;
import io.meshwork.internal.rows.Materializer;
import io.meshwork.internal.runtime.Arguments;
import io.meshwork.internal.scan.EmptyCollections;
import io.meshwork.internal.scan.RowChoice;
import io.meshwork.internal.scan.SnapshotFiles;
import io.meshwork.internal.scan.SnapshotScan;
import io.meshwork.internal.schema.ColumnPaths;
import io.meshwork.internal.session.AccessTally;
import io.meshwork.internal.session.MainLine;
import io.meshwork.internal.session.SeenAccess;
import io.meshwork.internal.session.Session;
import io.meshwork.internal.session.TableSnapshots;
import io.meshwork.internal.session.Target;
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
 * One look at a product: choose columns, rows, time and type, then {@link #read()}. The newest
 * snapshot, or the one that was asked for, is pinned when {@code read()} is called and stays the
 * same while its rows are streamed. One thread; may be read several times.
 *
 * @param <T> what a row is given as: {@code GenericRecord} unless {@code as…} says otherwise
 */
public final class Read<T> {
  private final Session session;
  private final ProductName product;
  private final boolean quarantine;
  private List<String> columns = List.of();
  private @Nullable Integer major;
  private long limit = Long.MAX_VALUE;
  private @Nullable String filter;
  private @Nullable String snapshotId;
  private @Nullable Instant time;
  private @Nullable String subscription;
  private final RowType<T> type;

  private Read(Session session, ProductName product, boolean quarantine, RowType<T> type) {
    this.session = session;
    this.product = product;
    this.quarantine = quarantine;
    this.type = type;
  }

  /** Called by {@code MeshClient.read}. */
  public static Read<GenericRecord> of(Session session, CharSequence product) {
    Target target = Target.consumed(session, product, "read");
    Read<GenericRecord> read = new Read<>(session, target.product(), false, RowType.avro());
    read.major = target.major().orElse(null);
    return read;
  }

  /** Called by {@code MeshClient.quarantine}. */
  public static Read<GenericRecord> ofQuarantine(Session session, CharSequence product) {
    return new Read<>(
        session, Target.produced(session, product, "read the quarantine of"), true, RowType.avro());
  }

  /**
   * Only these columns, in this order. Default: all of the type that {@code as(..)} names, or those
   * of the contract that the caller sees. Parts of nested columns are named by paths: {@code
   * customer.address.city} is a field of a struct, {@code lines[].quantity} of a list's elements,
   * {@code parts{}.price} of a map's values; the rows keep their shape, with only these fields in
   * it.
   *
   * @throws InvalidRequestException if none is named, or one twice, or one within another
   */
  public Read<T> columns(String... names) {
    List<String> wanted = Arguments.all("columns", names);
    ColumnPaths.check(wanted);
    this.columns = wanted;
    return this;
  }

  /**
   * Only the rows for which the filter is true, such as {@code "country = 'SE' AND amount >= 10"}.
   * Files and row groups that hold none by their statistics are not read. The filter may ask
   * columns that are not read. Said again, the last filter stands.
   *
   * <p>Text stands in single quotes; a filter compares columns with constants ({@code = <> < <= >
   * >=}, {@code BETWEEN}, {@code IN}, {@code LIKE}, {@code IS NULL}) and joins that by {@code AND},
   * {@code OR} and {@code NOT}. What is unknown because of a null is not true. It is checked when
   * the rows are read.
   */
  public Read<T> where(String text) {
    this.filter = Arguments.given("where", text);
    return this;
  }

  /**
   * Reads this snapshot, by its {@link Snapshot#id}. Default: the newest.
   *
   * @throws InvalidRequestException if a time was said as well
   */
  public Read<T> snapshot(String id) {
    this.snapshotId = Arguments.text("snapshot", id);
    checkOneState();
    return this;
  }

  /**
   * Reads the newest snapshot that was committed at this time or before, by the mesh's log.
   *
   * @throws InvalidRequestException if a snapshot was said as well
   */
  public Read<T> asOf(Instant moment) {
    this.time = Arguments.given("asOf", moment);
    checkOneState();
    return this;
  }

  private void checkOneState() {
    if (snapshotId != null && time != null) {
      throw Arguments.refused(
          "snapshot", "was said, and asOf as well", "Say one of both, or neither for the newest.");
    }
    if (quarantine) {
      throw Arguments.refused(
          snapshotId != null ? "snapshot" : "asOf",
          "was said of a quarantine, which is read as it is now",
          "Choose rows by where(\"publish = '..'\").");
    }
  }

  /** Reads this major version. Default: that of the link that was named, or the current one. */
  public Read<T> version(int number) {
    this.major = number;
    return this;
  }

  /**
   * At most so many rows, the first ones.
   *
   * @throws InvalidRequestException if negative
   */
  public Read<T> limit(long rows) {
    if (rows < 0) {
      throw Arguments.refused("limit", "is " + rows, "Give 0 or more rows.");
    }
    this.limit = rows;
    return this;
  }

  /**
   * Rows as Java records: a component takes the column of its name, or the one that {@code @Column}
   * says.
   */
  public <R> Read<R> as(Class<R> recordType) {
    return with(RowType.record(recordType));
  }

  /** Rows as Avro records of this schema, whose fields are columns of the contract by name. */
  public Read<GenericRecord> as(Schema readerSchema) {
    return with(RowType.avro(readerSchema));
  }

  /** Rows as maps from column to value, in the order of the columns; a null value is null. */
  public Read<Map<String, Object>> asMaps() {
    return with(RowType.maps());
  }

  /**
   * Pins the snapshot and opens it. Close what comes back.
   *
   * @throws io.meshwork.error.NotFoundException if there is no such product, major or snapshot, or
   *     none was committed by the time that was asked for
   * @throws io.meshwork.error.AccessDeniedException if the caller may not read it, or not a column
   *     that it names
   * @throws InvalidRequestException if a column is not in the contract, the row type does not fit,
   *     or the filter breaks its language
   * @throws io.meshwork.error.BackendException if files cannot be read
   */
  public Rows<T> read() {
    Instant begun = session.runtime().meters().now();
    Rows<T> rows = open();
    session.runtime().meters().read(product, begun);
    return rows;
  }

  private Rows<T> open() {
    Source source = open(doing());
    RowChoice choice = choice(source.seen(), RowChoice.ALL);
    projection(source.seen());
    return rows(source, source.files(choice.pruning().orElse(null)), choice, Look.atRows(doing()));
  }

  /** What this reader sees and asks of some rows. */
  private RowChoice choice(Seen seen, RowChoice chosen) {
    RowChoice asked = filter == null ? chosen : chosen.and(seen.filter(filter));
    return asked.behind(seen.veil());
  }

  private Rows<T> rows(Source source, List<DataFile> files, RowChoice choice, Look look) {
    Seen seen = source.seen();
    org.apache.iceberg.Schema table = source.table().schema();
    org.apache.iceberg.Schema projection = projection(seen);
    Materializer<T> materializer = type.materializer(projection, seen.contract());
    count("rows", source.entry(), asked(seen, projection));
    return new Rows<>(
        source.snapshot().map(seen::shown),
        projection.columns().stream().map(Types.NestedField::name).toList(),
        SnapshotScan.of(
                session.files(),
                files.stream().filter(choice::mayHold).toList(),
                projection,
                table,
                choice,
                limit,
                doing())
            .filling(EmptyCollections.of(projection, source.contractSchema())),
        materializer,
        quarantine
            ? ReaderNotes.none()
            : ReaderNotes.of(
                session, product, source.entry().major(), source.snapshot(), use(source)),
        session.opened(doing()),
        look);
  }

  /**
   * The rows of a batch.
   *
   * @param end the snapshot at which it ends; empty before the first
   */
  Rows<T> rows(Version version, Optional<Snapshot> end, List<DataFile> files, RowChoice chosen) {
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
        Look.atBatch("poll " + product));
  }

  /** By what this reader of a version tells rows from others. */
  Visible visible(Version version) {
    return version.seen().visible(projection(version.seen()));
  }

  /**
   * The snapshots of this major that can be read, newest first; those of a quarantine are not
   * listed.
   *
   * @throws io.meshwork.error.NotFoundException if there is no such product or major
   * @throws io.meshwork.error.AccessDeniedException if the caller may not read it
   */
  public List<Snapshot> snapshots() {
    String listing = "list the snapshots of " + product;
    Version version = version(listing);
    return quarantine
        ? List.of()
        : version.line().all().stream().map(version.seen()::shown).toList();
  }

  /**
   * The locations of the data files of the snapshot, for engines that read Parquet files
   * themselves. With a filter, those that certainly hold no such row are left out; the others may
   * hold more rows than match. Only the owner gets them, since files cannot be filtered.
   *
   * @throws io.meshwork.error.AccessDeniedException if the caller does not act for the owner
   * @throws io.meshwork.error.NotFoundException as {@link #read}
   * @throws InvalidRequestException if the filter breaks its language
   */
  public List<String> files() {
    String listing = "list the files of " + product;
    session.checkOpen(listing);
    session.admission().actsFor(product.domain(), listing);
    Source source = open(listing);
    Predicate predicate =
        filter == null ? null : Predicate.parse(filter, source.table().schema(), listing);
    count("files", source.entry(), Set.of(SeenAccess.ALL));
    return source.files(predicate).stream()
        .map(file -> session.addresses().apply(file.location()))
        .toList();
  }

  /** For the audit, before anything is handed out. */
  private void count(String what, VersionEntry version, Set<String> read) {
    session
        .tally()
        .read(
            session.principal(),
            quarantine ? AccessTally.QUARANTINE_SEEN : AccessTally.READ_SEEN,
            product,
            version.version(),
            what,
            read);
  }

  /** The top-level columns that are read or asked by the filter, unless that is all that shows. */
  private Set<String> asked(Seen seen, org.apache.iceberg.Schema projection) {
    Set<String> read = new TreeSet<>();
    projection.columns().forEach(column -> read.add(column.name()));
    if (filter != null) {
      seen.filter(filter).columns().forEach(path -> read.add(Seen.column(path)));
    }
    return read.size() >= seen.columns().columns().size() ? Set.of(SeenAccess.ALL) : read;
  }

  /** A major version that the caller may read, and what it sees of it. */
  record Version(Table table, MainLine line, VersionEntry entry, Seen seen) {}

  /** What is read; nothing is stored before the first publish. */
  private record Source(
      Table table,
      org.apache.iceberg.@Nullable Snapshot stored,
      Optional<Snapshot> snapshot,
      Schema contractSchema,
      VersionEntry entry,
      Seen seen) {

    List<DataFile> files(@Nullable Predicate predicate) {
      return stored == null ? List.of() : SnapshotFiles.of(table, stored, predicate);
    }
  }

  /**
   * The version, if the caller may read it.
   *
   * @throws io.meshwork.error.NotFoundException if there is no such product or major
   * @throws io.meshwork.error.AccessDeniedException if the caller may not read it
   */
  Version version(String doing) {
    session.checkOpen(doing);
    ProductEntry entry = session.catalog().requireProduct(product, doing);
    if (quarantine) {
      session.admission().actsFor(product.domain(), doing);
    } else {
      session.admission().ownDomain(doing);
    }
    VersionEntry version =
        session
            .catalog()
            .requireVersion(product, major == null ? entry.currentMajor() : major, doing);
    Sight sight = quarantine ? Sight.ALL : session.admission().reads(entry, version, doing);
    Table table = session.tables().load(new TableName(product, version.major(), quarantine));
    Seen.Asker asker =
        new Seen.Asker(session, doing, product.toString(), session.catalog().ownerOf(entry, doing));
    return new Version(
        table,
        new MainLine(session.ledger(), table, product, version.version()),
        version,
        Seen.of(
            sight,
            asker,
            table.schema(),
            quarantine ? RowType.quarantineSchema(table.schema()) : version.contract().schema()));
  }

  private Source open(String doing) {
    Version version = version(doing);
    Table table = version.table();
    if (quarantine) {
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
    Optional<MainLine.Found> found =
        snapshotId != null
            ? Optional.of(version.line().byId(snapshotId, doing))
            : time != null
                ? Optional.of(version.line().asOf(time, doing))
                : version.line().newest();
    return new Source(
        table,
        found.map(MainLine.Found::stored).orElse(null),
        found.map(MainLine.Found::snapshot),
        version.entry().contract().schema(),
        version.entry(),
        version.seen());
  }

  /** What a subscription uses by this look, with the columns that its filter asks. */
  private ReaderNotes.@Nullable Use use(Source source) {
    if (subscription == null) {
      return null;
    }
    org.apache.iceberg.Schema table = source.table().schema();
    Set<String> read = new TreeSet<>(source.seen().wanted(columns, type));
    if (filter != null) {
      source.seen().filter(filter).fieldIds().forEach(id -> read.add(table.findColumnName(id)));
    }
    return new ReaderNotes.Use(subscription, source.entry().version(), read);
  }

  private org.apache.iceberg.Schema projection(Seen seen) {
    return seen.project(seen.wanted(columns, type));
  }

  private String doing() {
    return (quarantine ? "read the quarantine of " : "read ") + product;
  }

  <R> Read<R> with(RowType<R> rowType) {
    Read<R> read = new Read<>(session, product, quarantine, rowType);
    read.columns = columns;
    read.major = major;
    read.limit = limit;
    read.filter = filter;
    read.snapshotId = snapshotId;
    read.time = time;
    read.subscription = subscription;
    return read;
  }

  /** Notes the use of a version under this name. */
  Read<T> of(String subscriptionName) {
    subscription = subscriptionName;
    return this;
  }

  /** What it is, for logs; no value of a filter or row is in it. */
  @Override
  public String toString() {
    return doing();
  }
}
