package io.meshwork.internal.vector;

import java.util.function.UnaryOperator;
import org.apache.iceberg.types.Type;
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
        RepeatedVector,
        DictionaryVector {
  /** A vector to which strings are appended, with a dictionary that recognizes them or without. */
  public sealed interface OfTexts permits BytesVector, DictionaryVector.Texts {
    /** Returns true if strings of this length may be recognized. */
    boolean recognizes(int length);

    /** Appends a string that was passed to {@link #appendEntry}; returns false for any other. */
    boolean appendRecognized(Object text);

    /** Returns where the bytes of a string that is not recognized are appended first. */
    BytesVector entries();

    /**
     * Appends the last entry, whose bytes the caller appended to {@link #entries}.
     *
     * @param text what equal strings are recognized by, which must not change; null for nothing
     */
    void appendEntry(@Nullable Object text);
  }

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

  /** Returns true if one of these rows is null. */
  public final boolean hasNull(int from, int to) {
    RowMask rows = nulls();
    int first = rows == null ? -1 : rows.next(from);
    return first >= 0 && first < to;
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
   * Enables the recording of conversion errors: rows whose values in the file do not fit the type.
   * They are null here. Without it, the reader throws for such values.
   */
  public final void recordConversionErrors() {
    errors = new ConversionErrors();
  }

  public final boolean recordsConversionErrors() {
    return errors != null;
  }

  /** Records that the value of a row does not fit; returns false if recording is disabled. */
  public final boolean recordError(int row, boolean tooFine) {
    if (errors == null) {
      return false;
    }
    errors.add(row, tooFine);
    return true;
  }

  /** Records the error of another vector's entry, if it has one, for a row. */
  public final void copyError(Vector from, int entry, int row) {
    if (errors != null && from.errors != null) {
      errors.copy(from.errors, entry, row);
    }
  }

  /** Returns true if a conversion error is recorded for any row. */
  public final boolean hasConversionErrors() {
    return errors != null && errors.next(0) >= 0;
  }

  /** Returns true if a conversion error is recorded for the row. */
  public final boolean hasConversionError(int row) {
    return errors != null && errors.has(row);
  }

  /**
   * Returns the rows whose value in the file is out of the type's range; null if conversion errors
   * are not recorded. Must not be modified or retained.
   */
  public final @Nullable RowMask outOfRange() {
    return errors == null ? null : errors.outOfRange();
  }

  /**
   * Returns the rows whose value in the file is finer than the type's smallest unit; null if
   * conversion errors are not recorded. Must not be modified or retained.
   */
  public final @Nullable RowMask tooFine() {
    return errors == null ? null : errors.tooFine();
  }

  /** Removes all rows, but retains the memory. */
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

  /** Appends this many nulls. */
  public final void appendNulls(int rows) {
    int from = size;
    fillZeros(rows);
    size += rows;
    if (nulls == null) {
      nulls = new RowMask(Math.max(64, size));
    }
    nulls.set(from, size);
    nullCount += rows;
  }

  /**
   * Moves the last {@code present} values, which were decoded without gaps, to their rows, fills
   * the gaps with nulls, and turns values with conversion errors into nulls.
   *
   * @param rows the number of rows, nulls included
   * @param levels the definition level of each row; ignored if all rows have a value
   * @param maxDefinitionLevel the level of the rows that have a value
   */
  public final void spread(int present, int rows, int[] levels, int maxDefinitionLevel) {
    int first = size - present;
    if (present < rows) {
      spreadValues(new NullGaps(first, present, rows, levels, maxDefinitionLevel));
      size += rows - present;
      markNulls(first, rows, levels, maxDefinitionLevel);
      nullCount += rows - present;
      if (errors != null) {
        errors.spread(first, rows, levels, maxDefinitionLevel);
      }
    }
    if (errors != null) {
      for (int row = errors.next(first); row >= 0; row = errors.next(row + 1)) {
        markNull(row);
      }
    }
  }

  /** Adds rows that were written into the arrays directly. */
  public final void extended(int rows) {
    size += rows;
  }

  /** Marks a row as null that was counted by {@link #extended} and whose slot is zero or empty. */
  public final void markNull(int row) {
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

  /** Returns the approximate memory of the rows, in bytes. */
  public long byteSize() {
    return 8L * size;
  }

  /** Returns the size of what makes rows large, in bytes: byte strings, and elements of lists. */
  public long variableByteSize() {
    return 0;
  }

  /**
   * Returns the conversion of whole vectors to another type, with the conversions that the Parquet
   * reader applies to columns of files; null if a value could be lost. Neither type is nested. A
   * date is not a timestamp: most of its range exceeds the range of a timestamp. The result may be
   * the same vector.
   */
  public static @Nullable UnaryOperator<Vector> promotion(Type from, Type to) {
    return VectorPromotion.of(from, to);
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

  /** Writes the slots of this many nulls after the last row, without adding rows. */
  protected abstract void fillZeros(int rows);

  private void markNulls(int first, int rows, int[] levels, int maxDefinitionLevel) {
    if (nulls == null) {
      nulls = new RowMask(Math.max(64, size));
    }
    nulls.setBelow(first, rows, levels, maxDefinitionLevel);
  }

  /** Moves values to their rows and writes the slots of nulls, without adding rows. */
  abstract void spreadValues(NullGaps gaps);

  /** Appends the non-null value of a row of a vector of the same class. */
  protected abstract void appendValueFrom(Vector other, int row);
}
