package io.meshwork.internal.table;

import java.util.List;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.StructLike;
import org.jspecify.annotations.Nullable;

/**
 * A Parquet file that was written and is to be part of a table. Immutable.
 *
 * @param location where it lies, as the table's FileIO names it
 * @param bytes its length
 * @param rows how many rows it has
 * @param metrics counts and bounds by column, with the same number of rows
 * @param splitOffsets where its row groups begin, ascending
 * @param partition the partition all its rows lie in; null when the table has none
 */
public record DataFileEntry(
    String location,
    long bytes,
    long rows,
    Metrics metrics,
    List<Long> splitOffsets,
    @Nullable StructLike partition) {
  /** Copies the offsets. */
  public DataFileEntry {
    splitOffsets = List.copyOf(splitOffsets);
    Long counted = metrics.recordCount();
    if (counted == null || counted != rows) {
      throw new IllegalArgumentException(
          "The metrics of a file with " + rows + " rows count " + counted);
    }
  }

  /** As Iceberg registers it, for a table with this partitioning. */
  public DataFile toDataFile(PartitionSpec spec) {
    DataFiles.Builder builder =
        DataFiles.builder(spec)
            .withPath(location)
            .withFormat(FileFormat.PARQUET)
            .withFileSizeInBytes(bytes)
            .withMetrics(metrics)
            .withSplitOffsets(splitOffsets);
    if (spec.isPartitioned()) {
      if (partition == null) {
        throw new IllegalArgumentException("A file of a partitioned table needs its partition");
      }
      builder.withPartition(partition);
    }
    return builder.build();
  }
}
