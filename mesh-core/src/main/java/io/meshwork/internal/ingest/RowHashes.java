package io.meshwork.internal.ingest;

import io.meshwork.internal.vector.BooleanVector;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.DictionaryVector;
import io.meshwork.internal.vector.DoubleVector;
import io.meshwork.internal.vector.FloatVector;
import io.meshwork.internal.vector.IntVector;
import io.meshwork.internal.vector.ListVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.MapVector;
import io.meshwork.internal.vector.StructVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * The hash of each row of a batch. It depends only on the values and the field IDs of their
 * columns: not on batches, dictionaries, or files. Null fields are ignored, so a new column without
 * values does not change a hash. Stateless.
 *
 * <p>The hash of a row combines its values with one multiplication each.
 */
public final class RowHashes {
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;
  private static final long START = 0x2545F4914F6CDD1DL;
  private static final long LOW = 0xBF58476D1CE4E5B9L;
  private static final long HIGH = 0x94D049BB133111EBL;
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private RowHashes() {}

  public static long[] of(VectorBatch batch) {
    long[] hashes = new long[batch.rows()];
    write(batch, hashes);
    return hashes;
  }

  /** Writes the hash of each row to the beginning of an array. */
  public static void write(VectorBatch batch, long[] hashes) {
    Arrays.fill(hashes, 0, batch.rows(), START);
    addFields(hashes, batch.rows(), batch.schema().columns(), batch.vectors());
  }

  private static void addFields(
      long[] into, int rows, List<Types.NestedField> fields, List<Vector> vectors) {
    for (int i = 0; i < fields.size(); i++) {
      Types.NestedField field = fields.get(i);
      addVector(into, rows, field.type(), vectors.get(i), spread(field.fieldId() * MULTIPLIER));
    }
  }

  /** Adds one value to the hash of each row; a null does not change it. */
  private static void addVector(long[] into, int rows, Type type, Vector vector, long seed) {
    if (vector instanceof DictionaryVector coded && coded.dictionary().size() > rows) {
      addVector(into, rows, type, coded.flat(), seed);
      return;
    }
    if (vector.nullCount() == 0 && addPlain(into, rows, vector, seed)) {
      return;
    }
    long[] values = values(type, vector, rows);
    if (vector.nullCount() == 0) {
      for (int row = 0; row < rows; row++) {
        into[row] = step(into[row], values[row] ^ seed);
      }
    } else {
      for (int row = 0; row < rows; row++) {
        if (!vector.isNull(row)) {
          into[row] = step(into[row], values[row] ^ seed);
        }
      }
    }
  }

  /** Adds values of the most common types without nulls, without an intermediate array. */
  private static boolean addPlain(long[] into, int rows, Vector vector, long seed) {
    if (vector instanceof LongVector longs) {
      long[] values = longs.values();
      for (int row = 0; row < rows; row++) {
        into[row] = step(into[row], values[row] ^ seed);
      }
    } else if (vector instanceof DoubleVector doubles) {
      double[] values = doubles.values();
      for (int row = 0; row < rows; row++) {
        into[row] = step(into[row], Double.doubleToLongBits(values[row]) ^ seed);
      }
    } else if (vector instanceof BytesVector bytes) {
      byte[] data = bytes.data();
      int[] offsets = bytes.offsets();
      for (int row = 0; row < rows; row++) {
        long hash = ofBytes(data, offsets[row], offsets[row + 1] - offsets[row]);
        into[row] = step(into[row], hash ^ seed);
      }
    } else {
      return false;
    }
    return true;
  }

  /** The value of each row in 64 bits, or its hash; undefined for nulls. */
  private static long[] values(Type type, Vector vector, int rows) {
    long[] values = new long[rows];
    if (vector instanceof DictionaryVector coded) {
      long[] entries = values(type, coded.dictionary(), coded.dictionary().size());
      for (int row = 0; row < rows; row++) {
        values[row] = vector.isNull(row) ? 0 : entries[coded.index(row)];
      }
    } else if (vector instanceof IntVector ints) {
      for (int row = 0; row < rows; row++) {
        values[row] = ints.get(row);
      }
    } else if (vector instanceof LongVector longs) {
      System.arraycopy(longs.values(), 0, values, 0, rows);
    } else if (vector instanceof DoubleVector doubles) {
      for (int row = 0; row < rows; row++) {
        values[row] = Double.doubleToLongBits(doubles.get(row));
      }
    } else if (vector instanceof FloatVector floats) {
      for (int row = 0; row < rows; row++) {
        values[row] = Float.floatToIntBits(floats.get(row));
      }
    } else if (vector instanceof BooleanVector booleans) {
      for (int row = 0; row < rows; row++) {
        values[row] = booleans.get(row) ? 1 : 2;
      }
    } else if (vector instanceof BytesVector bytes) {
      byte[] data = bytes.data();
      for (int row = 0; row < rows; row++) {
        values[row] = ofBytes(data, bytes.start(row), bytes.length(row));
      }
    } else if (vector instanceof StructVector structs) {
      Arrays.fill(values, START);
      addFields(values, rows, type.asStructType().fields(), structs.children());
    } else if (vector instanceof ListVector lists) {
      ofLists(values, type.asListType(), lists);
    } else if (vector instanceof MapVector maps) {
      ofMaps(values, type.asMapType(), maps);
    }
    return values;
  }

  /** The hash depends on the order of elements and on null elements. */
  private static void ofLists(long[] into, Types.ListType type, ListVector lists) {
    int size = lists.elements().size();
    long[] elements = new long[size];
    Arrays.fill(elements, START);
    addVector(elements, size, type.elementType(), lists.elements(), spread(type.elementId()));
    for (int row = 0; row < into.length; row++) {
      int start = lists.start(row);
      int length = lists.length(row);
      long hash = step(START, length);
      for (int i = start; i < start + length; i++) {
        hash = step(hash, elements[i]);
      }
      into[row] = hash;
    }
  }

  /** The hash does not depend on the order of entries. */
  private static void ofMaps(long[] into, Types.MapType type, MapVector maps) {
    int size = maps.keys().size();
    long[] entries = new long[size];
    Arrays.fill(entries, START);
    addVector(entries, size, type.keyType(), maps.keys(), spread(type.keyId()));
    addVector(entries, size, type.valueType(), maps.values(), spread(type.valueId()));
    for (int row = 0; row < into.length; row++) {
      int start = maps.start(row);
      int length = maps.length(row);
      long hash = step(START, length);
      for (int i = start; i < start + length; i++) {
        hash += spread(entries[i]);
      }
      into[row] = hash;
    }
  }

  /** Returns the hash of bytes. Reads eight at a time; the last eight may overlap others. */
  public static long ofBytes(byte[] data, int start, int length) {
    long hash = START + length * MULTIPLIER;
    if (length < Long.BYTES) {
      return step(hash, length == 0 ? 0 : word(data, start, length));
    }
    int last = start + length - Long.BYTES;
    for (int at = start; at < last; at += Long.BYTES) {
      hash = step(hash, (long) WORDS.get(data, at));
    }
    return step(hash, (long) WORDS.get(data, last));
  }

  /** Reads fewer than eight bytes. */
  private static long word(byte[] data, int start, int length) {
    if (start + Long.BYTES <= data.length) {
      return (long) WORDS.get(data, start) & ((1L << (Byte.SIZE * length)) - 1);
    }
    long word = 0;
    for (int i = length - 1; i >= 0; i--) {
      word = (word << Byte.SIZE) | (data[start + i] & 0xFF);
    }
    return word;
  }

  private static long step(long hash, long value) {
    long mixed = (hash ^ value) * MULTIPLIER;
    return mixed ^ mixed >>> 32;
  }

  /** Distributes the bits of a hash evenly. */
  public static long spread(long hash) {
    long mixed = (hash ^ hash >>> 30) * LOW;
    mixed = (mixed ^ mixed >>> 27) * HIGH;
    return mixed ^ mixed >>> 31;
  }
}
