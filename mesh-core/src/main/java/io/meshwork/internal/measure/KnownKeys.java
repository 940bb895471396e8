package io.meshwork.internal.measure;

import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.VectorBatch;
import java.util.List;

/**
 * The keys that rows elsewhere have, to ask whether others refer to one of them. They lie in
 * memory, up to a limit; beyond it nothing can be said. Not thread-safe.
 */
public final class KnownKeys {
  /** What keys may take in memory, in bytes. */
  public static final long MOST_BYTES = 256L << 20;

  private final long most;
  private final ByteKeys keys = new ByteKeys();
  private boolean full;

  /** Without keys, with the usual limit. */
  public KnownKeys() {
    this(MOST_BYTES);
  }

  KnownKeys(long most) {
    this.most = most;
  }

  /** Adds the keys of a batch; those with a null are no keys. */
  public void add(VectorBatch batch, List<LeafPath> columns) {
    KeyReader reader = new KeyReader(columns);
    for (int row = 0; row < batch.rows() && !full; row++) {
      if (reader.read(batch, row)) {
        keys.add(reader.bytes(), reader.length());
        full = keys.memory() > most;
      }
    }
  }

  /** True if not all keys could be kept, so that nothing may be asked. */
  public boolean isFull() {
    return full;
  }

  /**
   * Adds the rows of a batch whose key is not known; rows with a null in their key refer to
   * nothing.
   *
   * @param skip rows not to be looked at
   */
  public void addUnknown(VectorBatch batch, List<LeafPath> columns, RowMask skip, RowMask unknown) {
    KeyReader reader = new KeyReader(columns);
    for (int row = 0; row < batch.rows(); row++) {
      if (!skip.get(row)
          && reader.read(batch, row)
          && !keys.contains(reader.bytes(), reader.length())) {
        unknown.set(row);
      }
    }
  }
}
