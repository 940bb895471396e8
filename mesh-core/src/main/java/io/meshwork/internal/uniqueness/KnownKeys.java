package io.meshwork.internal.uniqueness;

import io.meshwork.internal.schema.LeafPath;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.io.Serializable;
import java.util.List;

/**
 * The keys of rows elsewhere, to check references to them. Held in memory up to a limit, beyond
 * which lookups are unavailable. Not thread-safe.
 */
public final class KnownKeys implements Serializable {
  private static final long serialVersionUID = 1;

  /** The memory limit in bytes. */
  public static final long MAX_BYTES = 256L << 20;

  private final long most;
  private final ByteKeys keys = new ByteKeys();
  private boolean full;

  /** Creates an empty set with the default limit. */
  public KnownKeys() {
    this(MAX_BYTES);
  }

  KnownKeys(long most) {
    this.most = most;
  }

  /** Adds the keys of a batch, except keys with a null. */
  public void add(VectorBatch batch, List<LeafPath> columns) {
    RowKeys reader = new RowKeys(columns);
    int count = reader.read(batch);
    for (int key = 0; key < count && !full; key++) {
      reader.encode(key);
      keys.add(reader.bytes(), 0, reader.length());
      full = keys.memory() > most;
    }
  }

  /** Returns true if the limit is exceeded, so that lookups are unavailable. */
  public boolean isFull() {
    return full;
  }

  /**
   * Adds the rows of a batch whose key is unknown; a row with a null in its key has no reference.
   *
   * @param skip rows to ignore
   */
  public void addUnknown(VectorBatch batch, List<LeafPath> columns, RowMask skip, RowMask unknown) {
    RowKeys reader = new RowKeys(columns);
    int count = reader.read(batch);
    for (int key = 0; key < count; key++) {
      int row = reader.row(key);
      reader.encode(key);
      if (!skip.get(row) && !keys.contains(reader.bytes(), reader.length())) {
        unknown.set(row);
      }
    }
  }
}
