package io.meshwork.internal.columnar;

import java.util.List;
import org.apache.iceberg.Metrics;

/**
 * The metadata of a finished Parquet file for its table.
 *
 * @param rows number of rows
 * @param bytes its length, footer included
 * @param metrics counts, sizes, and bounds by field ID; bounds truncated as Iceberg's {@code
 *     truncate(16)}
 * @param splitOffsets offsets of its row groups, ascending; empty for a file without rows
 */
public record WrittenFile(long rows, long bytes, Metrics metrics, List<Long> splitOffsets) {
  /** Copies the offsets. */
  public WrittenFile {
    splitOffsets = List.copyOf(splitOffsets);
  }
}
