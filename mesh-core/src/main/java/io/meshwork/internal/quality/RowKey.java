package io.meshwork.internal.quality;

import io.meshwork.internal.vector.BooleanVector;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.DictionaryVector;
import io.meshwork.internal.vector.DoubleVector;
import io.meshwork.internal.vector.FloatVector;
import io.meshwork.internal.vector.IntVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.util.Arrays;
import java.util.List;
import org.apache.iceberg.Schema;

/**
 * Encodes the values of some columns of a row as bytes: equal bytes for equal values across batches
 * and files, with one NaN and one zero. Not thread-safe.
 */
final class RowKey {
  private final LeafPath[] columns;
  private byte[] bytes = new byte[64];
  private int length;

  /** Creates the key of columns that have one value per row. */
  RowKey(List<LeafPath> columns) {
    this.columns = columns.toArray(LeafPath[]::new);
  }

  /** Creates the key of columns that have one value per row. */
  static RowKey of(Schema schema, List<String> columns) {
    return new RowKey(columns.stream().map(column -> LeafPath.of(schema, column)).toList());
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  /** Reads the key of a row; returns false if a value is null. */
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

  private void add(Vector vector, int row) {
    if (vector instanceof LongVector longs) {
      add(longs.get(row));
    } else if (vector instanceof IntVector ints) {
      add(ints.get(row));
    } else if (vector instanceof DoubleVector doubles) {
      add(bits(doubles.get(row)));
    } else if (vector instanceof FloatVector floats) {
      add(bits(floats.get(row)));
    } else if (vector instanceof BytesVector strings) {
      int size = strings.length(row);
      reserve(Integer.BYTES + size);
      KeyBytes.putInt(bytes, length, size);
      System.arraycopy(strings.data(), strings.start(row), bytes, length + Integer.BYTES, size);
      length += Integer.BYTES + size;
    } else {
      add(((BooleanVector) vector).get(row) ? 1 : 0);
    }
  }

  private static long bits(double value) {
    return Double.doubleToLongBits(value == 0 ? 0.0 : value);
  }

  private void add(long value) {
    reserve(Long.BYTES);
    KeyBytes.putLong(bytes, length, value);
    length += Long.BYTES;
  }

  private void reserve(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length * 2));
    }
  }
}
