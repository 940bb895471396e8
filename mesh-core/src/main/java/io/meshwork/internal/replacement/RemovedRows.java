package io.meshwork.internal.replacement;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.ingest.RowHashes;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.scan.ScanFilter;
import io.meshwork.internal.scan.SnapshotFiles;
import io.meshwork.internal.scan.SnapshotScan;
import io.meshwork.internal.vector.VectorBatch;
import java.util.List;
import java.util.function.LongConsumer;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;

/**
 * The rows that a publish removes from a major version.
 *
 * @param table the table as of the start of the publish
 * @param live its files
 * @param files its files that contain the rows
 * @param count their number
 * @param filter selects them among the rows of these files; null for all
 */
public record RemovedRows(
    FileIO io,
    Table table,
    List<DataFile> live,
    List<DataFile> files,
    long count,
    @Nullable RowPredicate filter,
    MeshAction action) {
  /** The number of rows that stay. */
  public long remaining() {
    return live.stream().mapToLong(DataFile::recordCount).sum() - count;
  }

  /** Reads the hashes of the rows by some of their columns. */
  public void hashes(Schema columns, LongConsumer consumer) {
    scan(columns, files, filter == null ? ScanFilter.ALL : ScanFilter.ALL.and(filter), consumer);
  }

  /** Reads the hashes of the rows that stay. */
  public void remainingHashes(Schema columns, LongConsumer consumer) {
    if (filter == null) {
      scan(columns, SnapshotFiles.without(live, files), ScanFilter.ALL, consumer);
    } else {
      scan(columns, live, ScanFilter.without(List.of(filter)), consumer);
    }
  }

  private void scan(Schema columns, List<DataFile> from, ScanFilter rows, LongConsumer consumer) {
    try (SnapshotScan scan =
        SnapshotScan.of(io, from, columns, table.schema(), rows, Long.MAX_VALUE, action)
            .from(table)) {
      VectorBatch batch = scan.next();
      while (batch != null) {
        for (long hash : RowHashes.of(batch.select(columns))) {
          consumer.accept(hash);
        }
        batch = scan.next();
      }
    }
  }
}
