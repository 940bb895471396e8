package io.meshwork.spark;

import io.meshwork.publish.PublishReceipt;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.ArrayBasedMapData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.read.LocalScan;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/** The receipts of a major version as rows, oldest first, read when a statement is planned. */
final class ReceiptsTable implements SupportsRead {
  private static final String NAME = "receipts";

  private static final StructType COLUMNS =
      new StructType()
          .add("committed_at", DataTypes.TimestampType, false)
          .add("mode", DataTypes.StringType, false)
          .add("idempotency_key", DataTypes.StringType, true)
          .add("publish_id", DataTypes.StringType, false)
          .add("contract_version", DataTypes.StringType, false)
          .add("rows_offered", DataTypes.LongType, false)
          .add("rows_accepted", DataTypes.LongType, false)
          .add("rows_quarantined", DataTypes.LongType, false)
          .add("rows_removed", DataTypes.LongType, false)
          .add("late_rows", DataTypes.LongType, false)
          .add("quality_score", DataTypes.DoubleType, true)
          .add(
              "failing_rows",
              DataTypes.createMapType(DataTypes.StringType, DataTypes.LongType, false),
              false)
          .add("complete_up_to", DataTypes.TimestampType, true)
          .add("files", DataTypes.LongType, false)
          .add("bytes", DataTypes.LongType, false)
          .add("snapshot_id", DataTypes.LongType, true)
          .add("sequence", DataTypes.LongType, true);

  private final String name;
  private final Supplier<List<PublishReceipt>> receipts;

  /**
   * Creates it.
   *
   * @param table the name of the table of the major version
   * @param receipts reads the receipts of the major version
   */
  ReceiptsTable(String table, Supplier<List<PublishReceipt>> receipts) {
    this.name = table + "." + NAME;
    this.receipts = receipts;
  }

  /** True for {@code domain.product_v1.receipts}. */
  static boolean isNamed(Identifier ident) {
    return ident.namespace().length == 2 && ident.name().toLowerCase(Locale.ROOT).equals(NAME);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  @SuppressWarnings("deprecation") // columns(), which replaces it, is made of it
  public StructType schema() {
    return COLUMNS;
  }

  @Override
  public Set<TableCapability> capabilities() {
    return EnumSet.of(TableCapability.BATCH_READ);
  }

  @Override
  public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
    return () ->
        new LocalScan() {
          @Override
          public StructType readSchema() {
            return COLUMNS;
          }

          @Override
          public InternalRow[] rows() {
            return receipts.get().stream().map(ReceiptsTable::row).toArray(InternalRow[]::new);
          }
        };
  }

  /** The values in the order of the columns. */
  private static InternalRow row(PublishReceipt receipt) {
    return new GenericInternalRow(
        new @Nullable Object[] {
          micros(receipt.committedAt()),
          UTF8String.fromString(receipt.mode().text()),
          receipt.keyWasGiven() ? UTF8String.fromString(receipt.idempotencyKey()) : null,
          UTF8String.fromString(receipt.publishId()),
          UTF8String.fromString(receipt.contractVersion().toString()),
          receipt.quality().rowsOffered(),
          receipt.rowsAccepted(),
          receipt.quality().rowsQuarantined(),
          receipt.rowsRemoved(),
          receipt.lateRows(),
          orNull(receipt.quality().qualityScore().stream().boxed().findFirst()),
          new ArrayBasedMapData(
              array(
                  receipt.failingRowsByRule().keySet().stream()
                      .map(UTF8String::fromString)
                      .toList()),
              array(receipt.failingRowsByRule().values())),
          orNull(receipt.dataTime().map(ReceiptsTable::micros)),
          receipt.files(),
          receipt.bytes(),
          orNull(receipt.snapshotId().map(Long::valueOf)),
          orNull(receipt.sequence().stream().boxed().findFirst())
        });
  }

  private static GenericArrayData array(Collection<?> values) {
    return new GenericArrayData(values.toArray());
  }

  private static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }

  private static <T> @Nullable T orNull(Optional<T> value) {
    return value.orElse(null);
  }
}
