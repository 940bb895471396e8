package io.meshwork.internal.columnar;

import java.util.ArrayList;
import java.util.List;
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
   */
  public record Column(
      String path,
      long compressedBytes,
      long expandedBytes,
      @Nullable Long nullCount,
      byte @Nullable [] least,
      byte @Nullable [] most) {}

  static FooterRowGroup of(RowGroup group, ParquetFileSchema schema) {
    List<Column> columns = new ArrayList<>();
    for (ParquetLeafSchema leaf : schema.leaves()) {
      columns.add(column(leaf.path(), group.getColumns().get(leaf.index())));
    }
    return new FooterRowGroup(group.getNum_rows(), List.copyOf(columns));
  }

  private static Column column(String path, ColumnChunk chunk) {
    if (!chunk.isSetMeta_data()) {
      return new Column(path, 0, 0, null, null, null);
    }
    ColumnMetaData meta = chunk.getMeta_data();
    // The older min and max are left out: their order is not defined for all types.
    Statistics said = meta.isSetStatistics() ? meta.getStatistics() : new Statistics();
    return new Column(
        path,
        meta.getTotal_compressed_size(),
        meta.getTotal_uncompressed_size(),
        said.isSetNull_count() ? said.getNull_count() : null,
        said.isSetMin_value() ? said.getMin_value() : null,
        said.isSetMax_value() ? said.getMax_value() : null);
  }
}
