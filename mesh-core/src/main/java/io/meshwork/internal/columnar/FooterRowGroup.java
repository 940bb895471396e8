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
 * What a footer says about one row group.
 *
 * @param rows how many there are
 * @param columns one for each column with values, nested ones too, in the file's order
 */
public record FooterRowGroup(long rows, List<Column> columns) {
  /**
   * What a footer says about one column in one row group.
   *
   * @param path names from the root, with dots
   * @param compressedBytes in the file
   * @param expandedBytes after decompression, as claimed
   * @param nullCount null if not known
   * @param least a lower bound, as the format stores it (PLAIN); null if not known. The bytes are
   *     the footer's own and must not be written
   * @param most an upper bound, likewise
   * @param type the Iceberg type of the column in the file; null if there is none
   * @param lowest the lower bound as a value of that type: Boolean; Long for whole numbers, dates,
   *     times and timestamps in the type's ticks; Double; BigDecimal; the bytes, not to be written,
   *     of text, binary, fixed and UUIDs, which are ordered without sign. Null if not known, NaN,
   *     or in an order or unit that is not the type's
   * @param highest the upper bound, likewise
   */
  public record Column(
      String path,
      long compressedBytes,
      long expandedBytes,
      @Nullable Long nullCount,
      byte @Nullable [] least,
      byte @Nullable [] most,
      @Nullable Type type,
      @Nullable Object lowest,
      @Nullable Object highest) {}

  static FooterRowGroup of(RowGroup group, ParquetFileSchema schema) {
    List<Column> columns = new ArrayList<>();
    for (ParquetLeafSchema leaf : schema.leaves()) {
      columns.add(column(leaf, group.getColumns().get(leaf.index())));
    }
    return new FooterRowGroup(group.getNum_rows(), List.copyOf(columns));
  }

  private static Column column(ParquetLeafSchema leaf, ColumnChunk chunk) {
    Type type = leaf.type().type();
    if (!chunk.isSetMeta_data()) {
      return new Column(leaf.path(), 0, 0, null, null, null, type, null, null);
    }
    ColumnMetaData meta = chunk.getMeta_data();
    // The older min and max are left out: their order is not defined for all types.
    Statistics said = meta.isSetStatistics() ? meta.getStatistics() : new Statistics();
    byte[] least = said.isSetMin_value() ? said.getMin_value() : null;
    byte[] most = said.isSetMax_value() ? said.getMax_value() : null;
    return new Column(
        leaf.path(),
        meta.getTotal_compressed_size(),
        meta.getTotal_uncompressed_size(),
        said.isSetNull_count() ? said.getNull_count() : null,
        least,
        most,
        type,
        FooterBounds.value(leaf.type(), least),
        FooterBounds.value(leaf.type(), most));
  }
}
