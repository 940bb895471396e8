package io.meshwork.internal.columnar;

import org.jspecify.annotations.Nullable;

/**
 * One column of one batch: appended to from the front, then read by row number, then {@link
 * #reset()} and filled again. A null has a slot of its own, whose value is zero or empty, so that
 * row numbers index values directly. Not thread-safe.
 *
 * <p>Which Iceberg type lies in which vector: boolean in {@link BooleanVector}; int and date in
 * {@link IntVector}; long, time and timestamps (micros or nanos as the type says) and decimals up
 * to 18 digits (unscaled) in {@link LongVector}; float in {@link FloatVector}; double in {@link
 * DoubleVector}; string (UTF-8), binary, fixed, uuid (16 bytes, big-endian) and longer decimals
 * (unscaled, 16 bytes, big-endian two's complement) in {@link BytesVector}. Any of them may come
 * dictionary-coded as a {@link DictionaryVector}; {@link #flat()} undoes that. Structs lie in
 * {@link StructVector}, lists in {@link ListVector}, maps in {@link MapVector}, nested as the type
 * is.
 */
public abstract sealed class Vector
    permits BooleanVector,
        IntVector,
        LongVector,
        FloatVector,
        DoubleVector,
        BytesVector,
        StructVector,
        ListVector,
        MapVector,
        DictionaryVector {
  /** Rows so far. */
  protected int size;

  private @Nullable RowMask nulls;
  private int nullCount;
  private @Nullable Misfits misfits;

  /** Rows so far. */
  public final int size() {
    return size;
  }

  /** True if the value at this row is null. */
  public final boolean isNull(int row) {
    return nulls != null && nullCount > 0 && nulls.get(row);
  }

  /** How many rows are null. */
  public final int nullCount() {
    return nullCount;
  }

  /** The rows that are null; null when none is. */
  public final @Nullable RowMask nulls() {
    return nullCount == 0 ? null : nulls;
  }

  /**
   * Rows whose values a file has and the type does not hold, which are null here; null if that
   * would have been refused while reading.
   */
  public final @Nullable Misfits misfits() {
    return misfits;
  }

  /** From now on rows may have values that do not fit. */
  final void keepMisfits() {
    misfits = new Misfits();
  }

  /** Says of a row that its value does not fit; false if that is not kept here. */
  final boolean misfit(int row, boolean tooFine) {
    if (misfits == null) {
      return false;
    }
    misfits.add(row, tooFine);
    return true;
  }

  /** Forgets all rows and keeps the memory. */
  public void reset() {
    if (misfits != null) {
      misfits.truncate(0);
    }
    size = 0;
    nullCount = 0;
    if (nulls != null) {
      nulls.clear();
    }
  }

  /** Forgets all rows but the first ones, and what was appended to children since. */
  public void truncate(int rows) {
    if (nulls != null && nullCount > 0) {
      nullCount -= nulls.truncate(rows);
    }
    if (misfits != null) {
      misfits.truncate(rows);
    }
    size = rows;
  }

  /** Adds a null. */
  public final void appendNull() {
    if (nulls == null) {
      nulls = new RowMask(Math.max(64, size + 1));
    }
    nulls.set(size);
    nullCount++;
    appendZero();
  }

  /** Makes what is null the value whose slot a null has: zero, or empty. */
  public final void forgetNulls() {
    nullCount = 0;
    if (nulls != null) {
      nulls.clear();
    }
  }

  /** Counts rows that were written into the arrays directly. */
  final void extended(int rows) {
    size += rows;
  }

  /** Makes a row null that was counted by {@link #extended} and whose slot is zero or empty. */
  final void markNull(int row) {
    if (nulls == null) {
      nulls = new RowMask(Math.max(64, size));
    }
    nulls.set(row);
    nullCount++;
  }

  /** Adds the value of another vector's row, null or not. The other must be of the same class. */
  public final void appendFrom(Vector other, int row) {
    if (other.isNull(row)) {
      appendNull();
    } else {
      appendValueFrom(other, row);
    }
  }

  /** Gives another vector, which has the same values, this one's number of rows and its nulls. */
  final void copyNullsTo(Vector other) {
    other.size = size;
    other.nullCount = nullCount;
    if (nulls != null && nullCount > 0) {
      other.nulls = new RowMask(size);
      other.nulls.or(nulls);
    }
  }

  /** This vector without a dictionary, at any depth; itself if it has none. */
  public Vector flat() {
    return this;
  }

  /** A new empty vector of the same class. */
  public abstract Vector newEmpty();

  /** The rows at these numbers, in this order, as a new vector. */
  public Vector gather(int[] rows) {
    Vector result = newEmpty();
    for (int row : rows) {
      result.appendFrom(this, row);
    }
    return result;
  }

  /** Adds the slot of a null. */
  protected abstract void appendZero();

  /** Adds the value, which is not null, of a row of a vector of the same class. */
  protected abstract void appendValueFrom(Vector other, int row);
}
