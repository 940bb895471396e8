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
 * Encodes values as bytes: equal bytes for equal values across batches and files, with one NaN and
 * one zero. Not thread-safe.
 */
final class KeyReader {
  private final List<LeafPath> columns;
  private byte[] bytes = new byte[64];
  private int length;

  /** Creates keys of these columns, none of which is repeated. */
  KeyReader(List<LeafPath> columns) {
    this.columns = columns;
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  /** Reads the key of a row; returns false if one of its values is null. */
  boolean read(VectorBatch batch, int row) {
    length = 0;
    for (LeafPath column : columns) {
      Vector vector = column.vector(batch);
      if (vector.isNull(row)) {
        return false;
      }
      if (vector instanceof DictionaryVector encoded) {
        add(encoded.dictionary(), encoded.index(row));
      } else {
        add(vector, row);
      }
    }
    return true;
  }

  /** Reads one non-null value as a key. */
  void read(Vector vector, int position) {
    length = 0;
    add(vector, position);
  }

  private void add(Vector vector, int position) {
    if (vector instanceof LongVector longs) {
      add(longs.get(position));
    } else if (vector instanceof IntVector ints) {
      add(ints.get(position));
    } else if (vector instanceof DoubleVector doubles) {
      add(bits(doubles.get(position)));
    } else if (vector instanceof FloatVector floats) {
      add(bits(floats.get(position)));
    } else if (vector instanceof BytesVector strings) {
      int size = strings.length(position);
      add(size);
      reserve(size);
      System.arraycopy(strings.data(), strings.start(position), bytes, length, size);
      length += size;
    } else {
      add(((BooleanVector) vector).get(position) ? 1 : 0);
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
