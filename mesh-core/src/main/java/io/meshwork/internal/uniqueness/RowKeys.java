package io.meshwork.internal.uniqueness;

import io.meshwork.internal.schema.LeafPath;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.util.Arrays;
import java.util.List;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The keys of the rows of one batch, in some columns: their hashes, and their encoding as bytes. A
 * row with a null in one of the columns has no key. Keys are numbered from 0, in row order. Not
 * thread-safe.
 */
public final class RowKeys {
  /** The number of a missing key. */
  static final int NONE = -1;

  private final LeafPath[] columns;
  private final KeyValues[] values;
  private final KeyHash hash;
  private int[] all = new int[0];
  private int[] rows = new int[0];
  private int @Nullable [] numbers;
  private int count;
  private long[] hashes = new long[0];
  private byte[] bytes = new byte[64];
  private int length;

  /** Creates the keys of columns that have one value per row. */
  public RowKeys(List<LeafPath> columns) {
    this(columns, KeyHash.FULL);
  }

  /** Creates the keys of columns that have one value per row. */
  RowKeys(List<LeafPath> columns, KeyHash hash) {
    this.columns = columns.toArray(LeafPath[]::new);
    this.values = new KeyValues[this.columns.length];
    Arrays.setAll(values, column -> new KeyValues());
    this.hash = hash;
  }

  /** Creates the keys of columns that have one value per row. */
  static RowKeys of(Schema schema, List<String> columns, KeyHash hash) {
    return new RowKeys(columns.stream().map(column -> LeafPath.of(schema, column)).toList(), hash);
  }

  /** Reads the keys of all rows of a batch; returns their number. */
  public int read(VectorBatch batch) {
    return read(batch, null);
  }

  /**
   * Reads the keys of some rows of a batch; returns their number.
   *
   * @param selected the rows; null for all
   */
  public int read(VectorBatch batch, @Nullable RowMask selected) {
    select(batch, selected);
    for (int column = 0; column < columns.length; column++) {
      values[column].read(columns[column].vector(batch), rows, count, rows == all);
    }
    return count;
  }

  private void select(VectorBatch batch, @Nullable RowMask selected) {
    int size = batch.rows();
    RowMask without = null;
    for (LeafPath column : columns) {
      RowMask nulls = column.vector(batch).nulls();
      if (nulls != null) {
        without = without == null ? new RowMask(size) : without;
        without.or(nulls);
      }
    }
    if (all.length < size) {
      all = new int[Math.max(size, VectorBatch.ROWS)];
      Arrays.setAll(all, row -> row);
    }
    numbers = null;
    if (without == null && (selected == null || selected.count() >= size)) {
      rows = all;
      count = size;
      return;
    }
    RowMask some = new RowMask(size);
    if (selected == null) {
      some.flip(size);
    } else {
      some.or(selected);
    }
    if (without != null) {
      some.andNot(without);
    }
    rows = some.numbers();
    count = rows.length;
  }

  /** Returns the hashes of all keys. Must not be retained. */
  long[] hashes() {
    hashes = hashes.length < count ? new long[Math.max(count, VectorBatch.ROWS)] : hashes;
    Arrays.fill(hashes, 0, count, KeyHash.START);
    for (KeyValues column : values) {
      column.hash(hashes);
    }
    hash.finish(hashes, count);
    return hashes;
  }

  int count() {
    return count;
  }

  int row(int key) {
    return rows[key];
  }

  /** Returns the number of a row's key, or {@link #NONE}. */
  int ofRow(int row) {
    if (rows == all) {
      return row < count ? row : NONE;
    }
    if (numbers == null) {
      int[] keys = new int[all.length];
      Arrays.fill(keys, NONE);
      for (int key = 0; key < count; key++) {
        keys[rows[key]] = key;
      }
      numbers = keys;
    }
    return numbers[row];
  }

  /** Returns the values of a column, by number of the key. */
  KeyValues values(int column) {
    return values[column];
  }

  /** Returns the length in bytes of an encoded key. */
  int size(int key) {
    int size = 0;
    for (KeyValues column : values) {
      size += column.size(key);
    }
    return size;
  }

  /** Returns true if the keys are byte strings that lie one after the other in an array. */
  boolean areSuccessiveBytes() {
    return values.length == 1 && values[0].isSuccessiveBytes();
  }

  /** Returns the size of some keys in bytes: encoded, or successive bytes unchanged. */
  long storedBytes(int from, int to) {
    if (areSuccessiveBytes()) {
      return (long) values[0].end(to - 1) - values[0].start(from);
    }
    long bytes = 0;
    for (int key = from; key < to; key++) {
      bytes += size(key);
    }
    return bytes;
  }

  void write(int key, byte[] target, int at) {
    int next = at;
    for (KeyValues column : values) {
      next = column.write(key, target, next);
    }
  }

  /** Encodes a key as the first {@link #length()} bytes of {@link #bytes()}. */
  public void encode(int key) {
    length = size(key);
    if (length > bytes.length) {
      bytes = new byte[Math.max(length, bytes.length * 2)];
    }
    write(key, bytes, 0);
  }

  /** Returns the key that was encoded last, in an array that is reused. */
  public byte[] bytes() {
    return bytes;
  }

  public int length() {
    return length;
  }
}
