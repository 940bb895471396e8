package io.meshwork.internal.columnar;

import org.jspecify.annotations.Nullable;

/**
 * One column of one batch: values are appended, then read by row number; {@link #reset()} clears it
 * for reuse. A null has its own slot, whose value is zero or empty, so that row numbers index
 * values directly. Not thread-safe.
 *
 * <p>The vector of each Iceberg type: boolean in {@link BooleanVector}; int and date in {@link
 * IntVector}; long, time, timestamps (micros or nanos according to the type), and decimals of up to
 * 18 digits (unscaled) in {@link LongVector}; float in {@link FloatVector}; double in {@link
 * DoubleVector}; string (UTF-8), binary, fixed, uuid (16 bytes, big-endian), and longer decimals
 * (unscaled, 16 bytes, big-endian two's complement) in {@link BytesVector}. Any of them may be
 * dictionary-encoded as a {@link DictionaryVector}; {@link #flat()} decodes it. Structs are in
 * {@link StructVector}, lists in {@link ListVector}, maps in {@link MapVector}, nested like the
 * type.
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
  /** The number of rows. */
  protected int size;

  private @Nullable RowMask nulls;
  private int nullCount;
  private @Nullable ConversionErrors errors;

  /** Returns the number of rows. */
  public final int size() {
    return size;
  }

  /** Returns true if the value at this row is null. */
  public final boolean isNull(int row) {
    return nulls != null && nullCount > 0 && nulls.get(row);
  }

  /** Returns the number of nulls. */
  public final int nullCount() {
    return nullCount;
  }

  /** Returns the rows that are null; null if there are none. */
  public final @Nullable RowMask nulls() {
    return nullCount == 0 ? null : nulls;
  }

  /**
   * Returns the rows whose values in the file do not fit the type, which are null here; null if the
   * reader throws for such values.
   */
  public final @Nullable ConversionErrors conversionErrors() {
    return errors;
  }

  /** Enables the recording of conversion errors. */
  final void recordConversionErrors() {
    errors = new ConversionErrors();
  }

  /** Records that the value of a row does not fit; returns false if recording is disabled. */
  final boolean recordError(int row, boolean tooFine) {
    if (errors == null) {
      return false;
    }
    errors.add(row, tooFine);
    return true;
  }

  /** Removes all rows and keeps the memory. */
  public void reset() {
    if (errors != null) {
      errors.truncate(0);
    }
    size = 0;
    nullCount = 0;
    if (nulls != null) {
      nulls.clear();
    }
  }

  /** Keeps the first {@code rows} rows only, and removes what was appended to children since. */
  public void truncate(int rows) {
    if (nulls != null && nullCount > 0) {
      nullCount -= nulls.truncate(rows);
    }
    if (errors != null) {
      errors.truncate(rows);
    }
    size = rows;
  }

  /** Appends a null. */
  public final void appendNull() {
    if (nulls == null) {
      nulls = new RowMask(Math.max(64, size + 1));
    }
    nulls.set(size);
    nullCount++;
    appendZero();
  }

  /** Turns nulls into the values in their slots: zero, or empty. */
  public final void replaceNulls() {
    nullCount = 0;
    if (nulls != null) {
      nulls.clear();
    }
  }

  /** Adds rows that were written into the arrays directly. */
  final void extended(int rows) {
    size += rows;
  }

  /** Marks a row as null that was counted by {@link #extended} and whose slot is zero or empty. */
  final void markNull(int row) {
    if (nulls == null) {
      nulls = new RowMask(Math.max(64, size));
    }
    nulls.set(row);
    nullCount++;
  }

  /**
   * Appends the value of another vector's row, null or not. The other vector has the same class.
   */
  public final void appendFrom(Vector other, int row) {
    if (other.isNull(row)) {
      appendNull();
    } else {
      appendValueFrom(other, row);
    }
  }

  /** Copies this vector's size and nulls to another vector with the same values. */
  final void copyNullsTo(Vector other) {
    other.size = size;
    other.nullCount = nullCount;
    if (nulls != null && nullCount > 0) {
      other.nulls = new RowMask(size);
      other.nulls.or(nulls);
    }
  }

  /** Returns this vector without dictionaries at any depth; itself if it has none. */
  public Vector flat() {
    return this;
  }

  /** Creates an empty vector of the same class. */
  public abstract Vector newEmpty();

  /** Returns the rows with these numbers, in this order, as a new vector. */
  public Vector gather(int[] rows) {
    Vector result = newEmpty();
    for (int row : rows) {
      result.appendFrom(this, row);
    }
    return result;
  }

  /** Appends the slot of a null. */
  protected abstract void appendZero();

  /** Appends the non-null value of a row of a vector of the same class. */
  protected abstract void appendValueFrom(Vector other, int row);
}
