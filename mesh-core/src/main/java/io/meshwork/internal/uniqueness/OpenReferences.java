package io.meshwork.internal.uniqueness;

import io.meshwork.internal.schema.LeafPath;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.iceberg.Schema;

/**
 * References among rows in any order: the requested keys, the number of rows that refer to each,
 * and the present keys. Limited in memory. Not thread-safe.
 */
public final class OpenReferences {
  /** The maximum number of distinct keys, requested or present. */
  private static final int MAX_KEYS = 1 << 20;

  private final Map<ByteBuffer, Long> offered = new HashMap<>();
  private final ByteKeys there = new ByteKeys();
  private boolean full;

  /**
   * Adds rows.
   *
   * @param from referring columns; a row with a null in them has no reference
   * @param to referenced columns
   */
  public void add(VectorBatch batch, RowMask rows, List<LeafPath> from, List<LeafPath> to) {
    RowKeys references = new RowKeys(from);
    int asking = references.read(batch, rows);
    for (int i = 0; i < asking && !full; i++) {
      references.encode(i);
      offered.merge(copy(references), 1L, Long::sum);
      full = offered.size() > MAX_KEYS;
    }
    RowKeys keys = new RowKeys(to);
    int present = keys.read(batch, rows);
    for (int i = 0; i < present && !full; i++) {
      keys.encode(i);
      there.add(keys.bytes(), 0, keys.length());
      full = there.memory() > KnownKeys.MAX_BYTES;
    }
  }

  /** Returns true if the limit is exceeded, so that the result is unavailable. */
  public boolean isFull() {
    return full;
  }

  /** Returns the number of rows that refer to a key that neither these nor the other rows have. */
  public long unmatched(Iterable<VectorBatch> others, Function<Schema, List<LeafPath>> columns) {
    Map<ByteBuffer, Long> missing = new HashMap<>(offered);
    missing.keySet().removeIf(key -> there.contains(key.array(), key.limit()));
    var batches = others.iterator();
    while (!missing.isEmpty() && batches.hasNext()) {
      VectorBatch batch = batches.next();
      RowKeys keys = new RowKeys(columns.apply(batch.schema()));
      int count = keys.read(batch);
      for (int i = 0; i < count; i++) {
        keys.encode(i);
        missing.remove(ByteBuffer.wrap(keys.bytes(), 0, keys.length()));
      }
    }
    return missing.values().stream().mapToLong(Long::longValue).sum();
  }

  private static ByteBuffer copy(RowKeys keys) {
    return ByteBuffer.wrap(Arrays.copyOf(keys.bytes(), keys.length()));
  }
}
