package io.meshwork.internal.ingest.write;

import io.meshwork.internal.parquet.write.CopiedChunk;
import io.meshwork.internal.parquet.write.RowGroupMeasure;
import io.meshwork.internal.vector.VectorBatch;
import java.util.List;
import java.util.concurrent.Executor;
import org.apache.iceberg.PartitionKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides, row group by row group, which of the offered rows are copied as pages instead of being
 * encoded again: the rows of a row group that fits the table, of which every row is published, and
 * all to one partition. Until that is known, its rows are only measured; if a row turns out
 * otherwise, the rows before it are read again and encoded. Not thread-safe.
 */
public final class RowGroupCopies {
  private static final Logger LOG = LoggerFactory.getLogger(RowGroupCopies.class);

  private final DataFileWriter writer;
  private final Executor executor;

  /** The row group of the last batch; null if it cannot be copied at all. */
  private @Nullable RowGroupSource group;

  /** Measures the row group; null once it is encoded again. */
  private @Nullable RowGroupMeasure measure;

  private @Nullable PartitionKey partition;

  public RowGroupCopies(DataFileWriter writer, Executor executor) {
    this.writer = writer;
    this.executor = executor;
  }

  /**
   * Takes the rows of a batch; returns false if the caller writes the published ones.
   *
   * @param from the row group of the batch; null if it cannot be copied
   * @param published true if all rows are published
   */
  public boolean take(VectorBatch batch, @Nullable RowGroupSource from, boolean published) {
    if (from == null) {
      return false;
    }
    if (from != group) {
      group = from;
      measure = new RowGroupMeasure(from.schema(), writer.filtered());
      partition = null;
    }
    RowGroupMeasure current = measure;
    if (current == null) {
      return false;
    }
    String refusal = published ? null : "not all of its rows are published";
    if (refusal == null && !from.hasSensiblePages()) {
      refusal = "its pages are too small or too large, or have bytes that are not of values";
    }
    PartitionKey key = refusal == null ? onlyPartition(batch) : null;
    if (key == null) {
      encode(from, current.rows(), refusal == null ? "it has several partitions" : refusal);
      return false;
    }
    List<CopiedChunk> chunks = from.chunks();
    current.add(batch, chunks, executor);
    if (from.isComplete()) {
      String unreadable =
          from.hasUnusedEntries()
              ? "a dictionary has a value that no row has"
              : current.refusal(chunks, writer.profile());
      if (unreadable == null) {
        writer.copies().add(key, from.schema(), current, chunks);
      } else {
        encode(from, current.rows(), unreadable);
      }
    }
    return true;
  }

  /** The partition of all rows of the row group so far; null if there are several. */
  private @Nullable PartitionKey onlyPartition(VectorBatch batch) {
    for (PartitionRouter.PartitionRows part : writer.route(batch)) {
      if (partition == null) {
        partition = part.partition();
      } else if (!partition.equals(part.partition())) {
        return null;
      }
    }
    return partition;
  }

  /** Encodes the rows of the row group that were only measured. */
  private void encode(RowGroupSource from, long rows, String why) {
    LOG.debug("A row group of {} is encoded again: {}", from.file(), why);
    measure = null;
    from.readAgain(rows, writer::write);
  }
}
