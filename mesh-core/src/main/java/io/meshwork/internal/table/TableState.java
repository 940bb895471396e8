package io.meshwork.internal.table;

import java.util.Map;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * The size of a table as of its current snapshot. Immutable.
 *
 * @param snapshotId Iceberg's ID as text; null without a snapshot
 * @param sequence the snapshot's sequence number, which increases by one with each snapshot; 0
 *     without one
 * @param rows number of rows of all data files
 * @param files number of data files
 * @param bytes length of all files
 */
public record TableState(
    @Nullable String snapshotId, long sequence, long rows, long files, long bytes) {
  /** The state of a table or of a draft. */
  public static TableState of(Table table) {
    Snapshot snapshot = table.currentSnapshot();
    if (snapshot == null) {
      return new TableState(null, 0, 0, 0, 0);
    }
    Map<String, String> summary = snapshot.summary();
    return new TableState(
        Long.toString(snapshot.snapshotId()),
        snapshot.sequenceNumber(),
        count(summary, SnapshotSummary.TOTAL_RECORDS_PROP),
        count(summary, SnapshotSummary.TOTAL_DATA_FILES_PROP),
        count(summary, SnapshotSummary.TOTAL_FILE_SIZE_PROP));
  }

  private static long count(Map<String, String> summary, String name) {
    return Long.parseLong(summary.getOrDefault(name, "0"));
  }
}
