package io.meshwork.internal.measure;

import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.VectorBatch;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.iceberg.Schema;

/**
 * References among rows that come in any order: which keys are asked for and by how many rows, and
 * which are there. Up to a limit in memory. Not thread-safe.
 */
public final class OpenReferences {
  /** How many different keys may be asked for or be there. */
  private static final int MOST_KEYS = 1 << 20;

  private final Map<ByteBuffer, Long> asked = new HashMap<>();
  private final ByteKeys there = new ByteKeys();
  private boolean full;

  /**
   * Adds rows.
   *
   * @param from columns that refer to others; with a null they refer to nothing
   * @param to columns that are referred to
   */
  public void add(VectorBatch batch, RowMask rows, List<LeafPath> from, List<LeafPath> to) {
    KeyReader reference = new KeyReader(from);
    KeyReader key = new KeyReader(to);
    for (int row = rows.next(0); row >= 0 && !full; row = rows.next(row + 1)) {
      if (reference.read(batch, row)) {
        asked.merge(copy(reference), 1L, Long::sum);
      }
      if (key.read(batch, row)) {
        there.add(key.bytes(), key.length());
      }
      full = asked.size() > MOST_KEYS || there.memory() > KnownKeys.MOST_BYTES;
    }
  }

  /** True if not all could be kept, so that nothing may be asked. */
  public boolean isFull() {
    return full;
  }

  /** How many rows refer to a key that is neither there nor in these other rows. */
  public long unmatched(Iterable<VectorBatch> others, Function<Schema, List<LeafPath>> columns) {
    Map<ByteBuffer, Long> missing = new HashMap<>(asked);
    missing.keySet().removeIf(key -> there.contains(key.array(), key.limit()));
    var batches = others.iterator();
    while (!missing.isEmpty() && batches.hasNext()) {
      VectorBatch batch = batches.next();
      KeyReader key = new KeyReader(columns.apply(batch.schema()));
      for (int row = 0; row < batch.rows(); row++) {
        if (key.read(batch, row)) {
          missing.remove(ByteBuffer.wrap(key.bytes(), 0, key.length()));
        }
      }
    }
    return missing.values().stream().mapToLong(Long::longValue).sum();
  }

  private static ByteBuffer copy(KeyReader key) {
    return ByteBuffer.wrap(Arrays.copyOf(key.bytes(), key.length()));
  }
}
