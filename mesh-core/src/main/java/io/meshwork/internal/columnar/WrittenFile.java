package io.meshwork.internal.columnar;

import java.util.List;
import org.apache.iceberg.Metrics;

/**
 * What a table needs to know of a finished Parquet file.
 *
 * @param rows how many rows it has
 * @param bytes its length, footer included
 * @param metrics counts, sizes and bounds by field id, bounds cut as Iceberg's {@code truncate(16)}
 * @param splitOffsets where its row groups start, ascending; empty for a file without rows
 */
public record WrittenFile(long rows, long bytes, Metrics metrics, List<Long> splitOffsets) {
  /** Copies the offsets. */
  public WrittenFile {
    splitOffsets = List.copyOf(splitOffsets);
  }
}
