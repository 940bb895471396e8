package io.meshwork.internal.parquet.footer;

import io.meshwork.internal.parquet.footer.FooterRowGroup.FooterColumnChunk;
import io.meshwork.internal.parquet.schema.ParquetColumn;
import io.meshwork.internal.parquet.schema.ParquetFileSchema;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.types.Type;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Statistics;

/** Reads the footer's metadata of row groups: sizes, counts, and bounds. */
public final class FooterStatistics {
  private FooterStatistics() {}

  /** Returns the metadata of a row group. */
  public static FooterRowGroup of(RowGroup group, ParquetFileSchema schema) {
    List<FooterColumnChunk> columns = new ArrayList<>();
    for (ParquetColumn leaf : schema.leaves()) {
      columns.add(column(leaf, group.getColumns().get(leaf.index())));
    }
    return new FooterRowGroup(group.getNum_rows(), List.copyOf(columns));
  }

  /**
   * Returns what is known of some rows of a column chunk or page.
   *
   * @param whole its metadata
   * @param wholeRows its number of rows
   * @param rows the number of the rows
   */
  static FooterColumnChunk part(FooterColumnChunk whole, long wholeRows, long rows) {
    Long nulls = whole.nullCount();
    if (rows == wholeRows || nulls == null || nulls == 0) {
      return whole;
    }
    return new FooterColumnChunk(
        whole.path(),
        whole.compressedBytes(),
        whole.uncompressedBytes(),
        nulls == wholeRows ? (Long) rows : null,
        whole.least(),
        whole.most(),
        whole.type(),
        whole.lowest(),
        whole.highest());
  }

  /** Returns the metadata of a column chunk. */
  static FooterColumnChunk column(ParquetColumn leaf, ColumnChunk chunk) {
    Type type = leaf.type().type();
    if (!chunk.isSetMeta_data()) {
      return new FooterColumnChunk(leaf.name(), 0, 0, null, null, null, type, null, null);
    }
    ColumnMetaData meta = chunk.getMeta_data();
    // The deprecated min and max are ignored: their order is not defined for all types.
    Statistics statistics = meta.isSetStatistics() ? meta.getStatistics() : new Statistics();
    byte[] least = statistics.isSetMin_value() ? statistics.getMin_value() : null;
    byte[] most = statistics.isSetMax_value() ? statistics.getMax_value() : null;
    return new FooterColumnChunk(
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
