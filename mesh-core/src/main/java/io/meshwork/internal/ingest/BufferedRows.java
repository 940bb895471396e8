package io.meshwork.internal.ingest;

import io.meshwork.internal.columnar.BytesVector;
import io.meshwork.internal.columnar.ListVector;
import io.meshwork.internal.columnar.MapVector;
import io.meshwork.internal.columnar.StructVector;
import io.meshwork.internal.columnar.Vector;
import io.meshwork.internal.columnar.VectorBatch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.PartitionKey;

/**
 * Buffers rows of partitions for which no file is open, and writes each partition's rows together:
 * otherwise unsorted input would create a tiny file per batch and partition. Batches contain rows
 * of several partitions, because many small batches need more memory. Not thread-safe.
 */
final class BufferedRows {
  private static final long MAX_BYTES = 64L << 20;

  private final List<VectorBatch> batches = new ArrayList<>();
  private long bytes;

  /** Adds rows, which the caller must not use afterwards. */
  void add(VectorBatch rows) {
    batches.add(rows);
    rows.vectors().forEach(vector -> bytes += bytes(vector));
  }

  /** True if the buffer has reached its maximum size. */
  boolean isFull() {
    return bytes >= MAX_BYTES;
  }

  /** Returns and removes all rows, by partition and then in input order. */
  Map<PartitionKey, List<Rows>> drain(PartitionRouter router) {
    Map<PartitionKey, List<Rows>> drained = new LinkedHashMap<>();
    for (VectorBatch batch : batches) {
      for (PartitionRouter.Part part : router.route(batch)) {
        drained
            .computeIfAbsent(part.partition(), partition -> new ArrayList<>())
            .add(new Rows(batch, part));
      }
    }
    clear();
    return drained;
  }

  /** Removes all rows. */
  void clear() {
    batches.clear();
    bytes = 0;
  }

  /** Some rows of a batch. */
  record Rows(VectorBatch batch, PartitionRouter.Part part) {
    VectorBatch gather() {
      int[] rows = part.rows();
      return rows == null ? batch : batch.gather(rows);
    }
  }

  private static long bytes(Vector vector) {
    if (vector instanceof BytesVector texts) {
      return 4L * texts.size() + texts.offsets()[texts.size()];
    } else if (vector instanceof StructVector struct) {
      return struct.children().stream().mapToLong(BufferedRows::bytes).sum();
    } else if (vector instanceof ListVector list) {
      return 4L * list.size() + bytes(list.elements());
    } else if (vector instanceof MapVector map) {
      return 4L * map.size() + bytes(map.keys()) + bytes(map.values());
    }
    return 8L * vector.size();
  }
}
