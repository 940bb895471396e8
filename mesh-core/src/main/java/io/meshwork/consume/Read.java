package io.meshwork.consume;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.catalog.NearestName;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.rows.Materializer;
import io.meshwork.internal.runtime.Arguments;
import io.meshwork.internal.scan.SnapshotFiles;
import io.meshwork.internal.scan.SnapshotScan;
import io.meshwork.internal.session.Session;
import io.meshwork.internal.session.TableSnapshots;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ProductName;
import io.meshwork.product.Snapshot;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * One look at a product: choose columns and type, then {@link #read()}. The newest snapshot is
 * pinned when {@code read()} is called and stays the same while its rows are streamed. One thread;
 * may be read several times.
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
  private final RowType<T> type;

  private Read(Session session, ProductName product, boolean quarantine, RowType<T> type) {
    this.session = session;
    this.product = product;
    this.quarantine = quarantine;
    this.type = type;
  }

  /** Called by {@code MeshClient.read}. */
  public static Read<GenericRecord> of(Session session, CharSequence product) {
    return new Read<>(session, ProductName.of(product), false, RowType.avro());
  }

  /** Called by {@code MeshClient.quarantine}. */
  public static Read<GenericRecord> ofQuarantine(Session session, CharSequence product) {
    return new Read<>(session, ProductName.of(product), true, RowType.avro());
  }

  /**
   * Only these columns, in this order. Default: all of the type that {@code as(..)} names, or of
   * the contract.
   *
   * @throws InvalidRequestException if none is named, or one twice
   */
  public Read<T> columns(String... names) {
    List<String> wanted = Arguments.all("columns", names);
    if (wanted.isEmpty() || new HashSet<>(wanted).size() < wanted.size()) {
      throw Arguments.refused(
          "columns",
          wanted.isEmpty() ? "names no column" : "names a column twice",
          "Name each wanted column once, or leave it out for all.");
    }
    this.columns = wanted;
    return this;
  }

  /** Reads this major version. Default: the current one. */
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
   * Pins the newest snapshot and opens it. Close what comes back.
   *
   * @throws io.meshwork.error.NotFoundException if there is no such product or major
   * @throws io.meshwork.error.AccessDeniedException if the caller may not read it
   * @throws InvalidRequestException if a column is not in the contract or the row type does not fit
   * @throws io.meshwork.error.BackendException if files cannot be read
   */
  public Rows<T> read() {
    Source source = open(doing());
    List<DataFile> files =
        source.newest() == null ? List.of() : SnapshotFiles.of(source.table(), source.newest());
    List<String> wanted = wanted(source.contractSchema());
    org.apache.iceberg.Schema projection = projection(source.table().schema(), wanted);
    Materializer<T> materializer = type.materializer(projection, source.contractSchema());
    return new Rows<>(
        source.snapshot(),
        wanted,
        SnapshotScan.of(session.files(), files, projection, limit, doing()),
        materializer);
  }

  /**
   * The locations of the data files of the newest snapshot, for engines that read Parquet files
   * themselves. Only the owner gets them, since files cannot be filtered.
   *
   * @throws io.meshwork.error.AccessDeniedException if the caller does not act for the owner
   */
  public List<String> files() {
    String listing = "list the files of " + product;
    session.checkOpen(listing);
    session.admission().actsFor(product.domain(), listing);
    Source source = open(listing);
    return source.newest() == null
        ? List.of()
        : SnapshotFiles.of(source.table(), source.newest()).stream()
            .map(file -> session.addresses().apply(file.location()))
            .toList();
  }

  private record Source(
      Table table,
      org.apache.iceberg.@Nullable Snapshot newest,
      Optional<Snapshot> snapshot,
      Schema contractSchema) {}

  private Source open(String doing) {
    session.checkOpen(doing);
    ProductEntry entry = session.catalog().requireProduct(product, doing);
    if (quarantine) {
      session.admission().actsFor(product.domain(), doing);
    } else {
      session.admission().ownDomain(doing);
      session.admission().reads(entry, doing);
    }
    VersionEntry version =
        session
            .catalog()
            .requireVersion(product, major == null ? entry.currentMajor() : major, doing);
    Table table = session.tables().load(new TableName(product, version.major(), quarantine));
    Schema schema =
        quarantine ? RowType.quarantineSchema(table.schema()) : version.contract().schema();
    return new Source(
        table,
        table.currentSnapshot(),
        TableSnapshots.current(table, product, version.version()),
        schema);
  }

  private List<String> wanted(Schema contractSchema) {
    List<String> all = contractSchema.getFields().stream().map(Schema.Field::name).toList();
    List<String> wanted = columns.isEmpty() ? type.columns().orElse(all) : columns;
    Set<String> known = Set.copyOf(all);
    for (String column : wanted) {
      if (!known.contains(column)) {
        throw new InvalidRequestException(
            ErrorCode.READER_INVALID,
            "Cannot "
                + doing()
                + ": there is no column '"
                + column
                + "'."
                + NearestName.to(column, all)
                    .map(near -> " Did you mean '" + near + "'?")
                    .orElse(" The columns are " + all + "."));
      }
    }
    return wanted;
  }

  private static org.apache.iceberg.Schema projection(
      org.apache.iceberg.Schema table, List<String> wanted) {
    List<Types.NestedField> fields = new ArrayList<>();
    for (String column : wanted) {
      fields.add(table.findField(column));
    }
    return new org.apache.iceberg.Schema(fields);
  }

  private String doing() {
    return (quarantine ? "read the quarantine of " : "read ") + product;
  }

  <R> Read<R> with(RowType<R> rowType) {
    Read<R> read = new Read<>(session, product, quarantine, rowType);
    read.columns = columns;
    read.major = major;
    read.limit = limit;
    return read;
  }
}
