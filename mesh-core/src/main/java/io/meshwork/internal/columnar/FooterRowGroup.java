package io.meshwork.internal.columnar;

import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.types.Type;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Statistics;
import org.jspecify.annotations.Nullable;

/**
 * The footer metadata of one row group.
 *
 * @param rows number of rows
 * @param columns one per leaf column, nested ones included, in file order
 */
public record FooterRowGroup(long rows, List<Column> columns) {
  /**
   * The footer metadata of one column chunk.
   *
   * @param path dotted names from the root
   * @param compressedBytes size in the file
   * @param uncompressedBytes uncompressed size according to the footer
   * @param nullCount null if unknown
   * @param least lower bound in PLAIN encoding; null if unknown. The array is shared and must not
   *     be modified
   * @param most upper bound, likewise
   * @param type the Iceberg type of the column in the file; null if there is none
   * @param lowest the lower bound as a value of that type: Boolean; Long for integers, dates,
   *     times, and timestamps in the type's ticks; Double; BigDecimal; the bytes, which must not be
   *     modified, of strings, binary, fixed, and UUIDs, which are ordered as unsigned. Null if
   *     unknown, NaN, or in an order or unit other than the type's
   * @param highest the upper bound, likewise
   */
  public record Column(
      String path,
      long compressedBytes,
      long uncompressedBytes,
      @Nullable Long nullCount,
      byte @Nullable [] least,
      byte @Nullable [] most,
      @Nullable Type type,
      @Nullable Object lowest,
      @Nullable Object highest) {}

  static FooterRowGroup of(RowGroup group, ParquetFileSchema schema) {
    List<Column> columns = new ArrayList<>();
    for (ParquetColumn leaf : schema.leaves()) {
      columns.add(column(leaf, group.getColumns().get(leaf.index())));
    }
    return new FooterRowGroup(group.getNum_rows(), List.copyOf(columns));
  }

  private static Column column(ParquetColumn leaf, ColumnChunk chunk) {
    Type type = leaf.type().type();
    if (!chunk.isSetMeta_data()) {
      return new Column(leaf.name(), 0, 0, null, null, null, type, null, null);
    }
    ColumnMetaData meta = chunk.getMeta_data();
    // The deprecated min and max are ignored: their order is not defined for all types.
    Statistics statistics = meta.isSetStatistics() ? meta.getStatistics() : new Statistics();
    byte[] least = statistics.isSetMin_value() ? statistics.getMin_value() : null;
    byte[] most = statistics.isSetMax_value() ? statistics.getMax_value() : null;
    return new Column(
        leaf.name(),
        meta.getTotal_compressed_size(),
        meta.getTotal_uncompressed_size(),
        statistics.isSetNull_count() ? statistics.getNull_count() : null,
        least,
        most,
        type,
        FooterBounds.value(leaf.type(), least),
        FooterBounds.value(leaf.type(), most));
  }
}
