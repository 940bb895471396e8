package io.meshwork.internal.measure;

import io.meshwork.internal.columnar.BooleanVector;
import io.meshwork.internal.columnar.BytesVector;
import io.meshwork.internal.columnar.DictionaryVector;
import io.meshwork.internal.columnar.DoubleVector;
import io.meshwork.internal.columnar.FloatVector;
import io.meshwork.internal.columnar.IntVector;
import io.meshwork.internal.columnar.LongVector;
import io.meshwork.internal.columnar.Vector;
import io.meshwork.internal.columnar.VectorBatch;
import java.util.Arrays;
import java.util.List;

/**
 * Values as bytes: equal bytes for equal values, whatever batch or file they come from; one NaN,
 * one zero. Not thread-safe.
 */
final class KeyReader {
  private final List<LeafPath> columns;
  private byte[] bytes = new byte[64];
  private int length;

  /** Keys of these columns, none of which leads to elements. */
  KeyReader(List<LeafPath> columns) {
    this.columns = columns;
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  /** Reads the key of a row; false if one of its values is null. */
  boolean read(VectorBatch batch, int row) {
    length = 0;
    for (LeafPath column : columns) {
      Vector vector = column.vector(batch);
      if (vector.isNull(row)) {
        return false;
      }
      if (vector instanceof DictionaryVector coded) {
        add(coded.dictionary(), coded.code(row));
      } else {
        add(vector, row);
      }
    }
    return true;
  }

  /** Reads one value as a key, which is not null. */
  void read(Vector vector, int place) {
    length = 0;
    add(vector, place);
  }

  private void add(Vector vector, int place) {
    if (vector instanceof LongVector longs) {
      add(longs.get(place));
    } else if (vector instanceof IntVector ints) {
      add(ints.get(place));
    } else if (vector instanceof DoubleVector doubles) {
      add(bits(doubles.get(place)));
    } else if (vector instanceof FloatVector floats) {
      add(bits(floats.get(place)));
    } else if (vector instanceof BytesVector strings) {
      int size = strings.length(place);
      add(size);
      reserve(size);
      System.arraycopy(strings.data(), strings.start(place), bytes, length, size);
      length += size;
    } else {
      add(((BooleanVector) vector).get(place) ? 1 : 0);
    }
  }

  private static long bits(double value) {
    return Double.doubleToLongBits(value == 0 ? 0.0 : value);
  }

  private void add(long value) {
    reserve(Long.BYTES);
    for (int i = 0; i < Long.BYTES; i++) {
      bytes[length++] = (byte) (value >>> (8 * i));
    }
  }

  private void reserve(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length * 2));
    }
  }
}
