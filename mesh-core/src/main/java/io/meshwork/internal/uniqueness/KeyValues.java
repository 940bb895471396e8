package io.meshwork.internal.uniqueness;

import io.meshwork.internal.vector.BooleanVector;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.DictionaryVector;
import io.meshwork.internal.vector.DoubleVector;
import io.meshwork.internal.vector.FloatVector;
import io.meshwork.internal.vector.IntVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.Vector;

/**
 * Some values of one column of one batch, as keys encode them: a number as eight bytes, others as
 * length and bytes. Equal values are encoded as equal bytes across batches and files, with one NaN
 * and one zero. Not thread-safe.
 */
public final class KeyValues {
  private static final byte[] NO_DATA = {};

  private int count;
  private boolean ofBytes;
  private long[] numbers = new long[0];
  private byte[] data = NO_DATA;

  /** The start of each byte string, and its end at the same index or at the next one. */
  private int[] starts = new int[0];

  private int[] ends = new int[0];
  private int nextIndex;

  private int[] selectedStarts = new int[0];
  private int[] selectedEnds = new int[0];
  private int[] entries = new int[0];

  /**
   * Reads the values at these positions, none of which is null. Must be called again when the
   * vector changes.
   */
  public void read(Vector vector, int[] positions, int size) {
    read(vector, positions, size, false);
  }

  /**
   * Reads values as {@link #read(Vector, int[], int)}.
   *
   * @param successive whether the positions are 0, 1, 2, ...
   */
  void read(Vector vector, int[] positions, int size, boolean successive) {
    count = size;
    if (vector instanceof DictionaryVector encoded) {
      entries = entries.length < size ? new int[positions.length] : entries;
      int[] indices = encoded.indices();
      for (int i = 0; i < size; i++) {
        entries[i] = indices[positions[i]];
      }
      readFlat(encoded.dictionary(), entries, false);
    } else {
      readFlat(vector, positions, successive);
    }
  }

  private void readFlat(Vector vector, int[] positions, boolean successive) {
    ofBytes = vector instanceof BytesVector;
    if (vector instanceof BytesVector bytes) {
      if (successive) {
        readSuccessiveBytes(bytes);
      } else {
        readBytes(bytes, positions);
      }
      return;
    }
    numbers = numbers.length < count ? new long[positions.length] : numbers;
    if (vector instanceof LongVector longs) {
      long[] values = longs.values();
      for (int i = 0; i < count; i++) {
        numbers[i] = values[positions[i]];
      }
    } else if (vector instanceof IntVector ints) {
      int[] values = ints.values();
      for (int i = 0; i < count; i++) {
        numbers[i] = values[positions[i]];
      }
    } else {
      readOther(vector, positions);
    }
  }

  private void readOther(Vector vector, int[] positions) {
    if (vector instanceof DoubleVector doubles) {
      for (int i = 0; i < count; i++) {
        numbers[i] = bits(doubles.get(positions[i]));
      }
    } else if (vector instanceof FloatVector floats) {
      for (int i = 0; i < count; i++) {
        numbers[i] = bits(floats.get(positions[i]));
      }
    } else {
      BooleanVector booleans = (BooleanVector) vector;
      for (int i = 0; i < count; i++) {
        numbers[i] = booleans.get(positions[i]) ? 1 : 0;
      }
    }
  }

  private static long bits(double value) {
    return Double.doubleToLongBits(value == 0 ? 0.0 : value);
  }

  private void readSuccessiveBytes(BytesVector bytes) {
    data = bytes.data();
    starts = bytes.offsets();
    ends = starts;
    nextIndex = 1;
  }

  private void readBytes(BytesVector bytes, int[] positions) {
    data = bytes.data();
    if (selectedStarts.length < count) {
      selectedStarts = new int[positions.length];
      selectedEnds = new int[positions.length];
    }
    int[] offsets = bytes.offsets();
    for (int i = 0; i < count; i++) {
      selectedStarts[i] = offsets[positions[i]];
      selectedEnds[i] = offsets[positions[i] + 1];
    }
    starts = selectedStarts;
    ends = selectedEnds;
    nextIndex = 0;
  }

  /** Returns true if the values are byte strings that lie one after the other. */
  boolean isSuccessiveBytes() {
    return ofBytes && nextIndex == 1;
  }

  /** Adds the values to the hashes of the columns before. */
  void hash(long[] hashes) {
    if (ofBytes) {
      for (int i = 0; i < count; i++) {
        hashes[i] = KeyHash.ofBytes(hashes[i], data, starts[i], end(i) - starts[i]);
      }
    } else {
      for (int i = 0; i < count; i++) {
        hashes[i] = KeyHash.ofNumber(hashes[i], numbers[i]);
      }
    }
  }

  /** Returns the length in bytes of an encoded value. */
  public int size(int i) {
    return ofBytes ? Integer.BYTES + end(i) - starts[i] : Long.BYTES;
  }

  /** Encodes a value; returns the position after it. */
  public int write(int i, byte[] target, int at) {
    if (!ofBytes) {
      KeyBytes.putLong(target, at, numbers[i]);
      return at + Long.BYTES;
    }
    int length = end(i) - starts[i];
    KeyBytes.putInt(target, at, length);
    System.arraycopy(data, starts[i], target, at + Integer.BYTES, length);
    return at + Integer.BYTES + length;
  }

  long number(int i) {
    return numbers[i];
  }

  /** Returns the array of a byte string. Must not be retained. */
  byte[] data() {
    return data;
  }

  /** Returns the position of a byte string in {@link #data()}. */
  int start(int i) {
    return starts[i];
  }

  /** Returns the position after a byte string in {@link #data()}. */
  int end(int i) {
    return ends[i + nextIndex];
  }

  /** Returns the first eight bytes of a byte string as a number, filled up with zeros. */
  long prefix(int i) {
    int length = end(i) - starts[i];
    if (length >= Long.BYTES) {
      return KeyBytes.longAt(data, starts[i]);
    }
    long prefix = 0;
    for (int at = 0; at < Long.BYTES; at++) {
      prefix = prefix << 8 | (at < length ? data[starts[i] + at] & 0xFF : 0);
    }
    return prefix;
  }
}
