package io.meshwork.internal.table;

import io.meshwork.internal.parquet.read.ParquetReader;
import java.io.Serializable;
import java.util.List;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.StructLike;
import org.jspecify.annotations.Nullable;

/**
 * A written Parquet file that is added to a table. Immutable.
 *
 * @param location its location for the table's FileIO
 * @param bytes its length
 * @param rows its number of rows
 * @param packed counts and bounds by column
 * @param splitOffsets the offsets of its row groups, ascending
 * @param partition the partition of its rows; null for a table without partitions
 */
public record DataFileEntry(
    String location,
    long bytes,
    long rows,
    PackedMetrics packed,
    List<Long> splitOffsets,
    @Nullable StructLike partition)
    implements Serializable {
  public DataFileEntry {
    splitOffsets = List.copyOf(splitOffsets);
  }

  /**
   * Creates it.
   *
   * @param metrics counts and bounds by column, with the same number of rows
   */
  public DataFileEntry(
      String location,
      long bytes,
      long rows,
      Metrics metrics,
      List<Long> splitOffsets,
      @Nullable StructLike partition) {
    this(location, bytes, rows, PackedMetrics.of(metrics), splitOffsets, partition);
    Long count = metrics.recordCount();
    if (count == null || count != rows) {
      throw new IllegalArgumentException(
          "The metrics of a file with " + rows + " rows count " + count);
    }
  }

  /** Returns the counts and bounds by column. */
  public Metrics metrics() {
    return packed.unpack();
  }

  /** The same for the file of another program, which reads recognize by its mark. */
  public DataFileEntry marked(ParquetReader opened) {
    Metrics metrics = metrics();
    return new DataFileEntry(
        location,
        bytes,
        rows,
        new Metrics(
            metrics.recordCount(),
            metrics.columnSizes(),
            metrics.valueCounts(),
            metrics.nullValueCounts(),
            metrics.nanValueCounts(),
            FileFingerprint.marked(metrics.lowerBounds(), opened),
            metrics.upperBounds()),
        splitOffsets,
        partition);
  }

  /** Converts it to Iceberg's data file, for a table with this partition spec. */
  public DataFile toDataFile(PartitionSpec spec) {
    DataFiles.Builder builder =
        DataFiles.builder(spec)
            .withPath(location)
            .withFormat(FileFormat.PARQUET)
            .withFileSizeInBytes(bytes)
            .withMetrics(metrics())
            .withSplitOffsets(splitOffsets);
    if (spec.isPartitioned()) {
      if (partition == null) {
        throw new IllegalArgumentException("A file of a partitioned table requires its partition");
      }
      builder.withPartition(partition);
    }
    return builder.build();
  }
}
