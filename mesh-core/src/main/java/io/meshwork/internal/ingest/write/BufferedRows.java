package io.meshwork.internal.ingest.write;

import io.meshwork.internal.vector.VectorBatch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import org.apache.iceberg.PartitionKey;

/**
 * Buffers rows of partitions for which no file is open, so that each partition's rows are written
 * together: otherwise unsorted input would create a tiny file per batch and partition. Batches
 * contain rows of several partitions, because many small batches need more memory. Not thread-safe.
 */
final class BufferedRows {
  private static final long MAX_BYTES = Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 8);

  private final List<VectorBatch> batches = new ArrayList<>();
  private IntSupplier sharing = () -> 1;
  private long bytes;

  /** Shares the memory with so many buffers, whose number may change. */
  void sharedBy(IntSupplier buffers) {
    sharing = buffers;
  }

  /** Adds rows, which the caller must not use afterwards. */
  void add(VectorBatch rows) {
    batches.add(rows);
    rows.vectors().forEach(vector -> bytes += vector.byteSize());
  }

  /** True if the buffer has reached its maximum size. */
  boolean isFull() {
    return bytes >= MAX_BYTES / sharing.getAsInt();
  }

  /** Returns and removes all rows, by partition and then in input order. */
  Map<PartitionKey, List<BatchRows>> drain(PartitionRouter router) {
    Map<PartitionKey, List<BatchRows>> drained = new LinkedHashMap<>();
    for (VectorBatch batch : batches) {
      for (PartitionRouter.PartitionRows part : router.route(batch)) {
        drained
            .computeIfAbsent(part.partition(), partition -> new ArrayList<>())
            .add(new BatchRows(batch, part));
      }
    }
    clear();
    return drained;
  }

  /** Returns and removes all rows, in input order. */
  List<VectorBatch> drain() {
    List<VectorBatch> drained = List.copyOf(batches);
    clear();
    return drained;
  }

  /** Removes all rows. */
  void clear() {
    batches.clear();
    bytes = 0;
  }

  /** Some rows of a batch. */
  record BatchRows(VectorBatch batch, PartitionRouter.PartitionRows part) {
    VectorBatch gather() {
      int[] rows = part.rows();
      return rows == null ? batch : batch.gather(rows);
    }
  }
}
