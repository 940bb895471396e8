package io.meshwork.internal.parquet.write;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Type;
import org.jspecify.annotations.Nullable;

/** Converts a file's statistics to Iceberg metrics by field ID. */
final class ParquetMetricsEncoding {
  private final Map<Integer, Long> sizes = new HashMap<>();
  private final Map<Integer, Long> values = new HashMap<>();
  private final Map<Integer, Long> nulls = new HashMap<>();
  private final Map<Integer, Long> nans = new HashMap<>();
  private final Map<Integer, ByteBuffer> lower = new HashMap<>();
  private final Map<Integer, ByteBuffer> upper = new HashMap<>();

  private ParquetMetricsEncoding() {}

  /** The statistics of all values of a leaf in a file. */
  record LeafStatistics(ParquetLeaf leaf, ColumnStatistics statistics) {}

  /**
   * Returns the metrics of a file with these columns.
   *
   * @param sizes compressed size of each column in bytes, by field ID
   */
  static Metrics encode(long rows, List<LeafStatistics> columns, Map<Integer, Long> sizes) {
    ParquetMetricsEncoding encoding = new ParquetMetricsEncoding();
    for (LeafStatistics column : columns) {
      int id = column.leaf().field().fieldId();
      encoding.sizes.put(id, sizes.getOrDefault(id, 0L));
      encoding.add(column.leaf(), column.statistics());
    }
    return new Metrics(
        rows,
        encoding.sizes,
        encoding.values,
        encoding.nulls,
        encoding.nans,
        encoding.lower,
        encoding.upper);
  }

  private void add(ParquetLeaf leaf, ColumnStatistics statistics) {
    int id = leaf.field().fieldId();
    Type type = leaf.field().type();
    values.put(id, statistics.valueCount());
    nulls.put(id, statistics.nulls());
    if (type.typeId() == Type.TypeID.FLOAT || type.typeId() == Type.TypeID.DOUBLE) {
      nans.put(id, statistics.nans());
    }
    if (leaf.column().maxRepetitionLevel() > 0) {
      // Iceberg evaluates rows by column bounds, which list elements do not have.
      return;
    }
    put(lower, id, type, statistics.icebergLower(type));
    put(upper, id, type, statistics.icebergUpper(type));
  }

  private static void put(
      Map<Integer, ByteBuffer> bounds, int id, Type type, @Nullable Object bound) {
    if (bound != null) {
      bounds.put(id, Conversions.toByteBuffer(type, bound));
    }
  }
}
