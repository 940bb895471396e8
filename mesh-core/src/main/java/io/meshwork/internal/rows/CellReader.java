package io.meshwork.internal.rows;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.columnar.BooleanVector;
import io.meshwork.internal.columnar.BytesVector;
import io.meshwork.internal.columnar.DictionaryVector;
import io.meshwork.internal.columnar.DoubleVector;
import io.meshwork.internal.columnar.FloatVector;
import io.meshwork.internal.columnar.IntVector;
import io.meshwork.internal.columnar.LongVector;
import io.meshwork.internal.columnar.Vector;
import io.meshwork.internal.columnar.VectorBatch;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.iceberg.types.Type;
import org.jspecify.annotations.Nullable;

/** Reads one column for one component of a record, in the component's class. */
final class CellReader {
  /** The row to read. */
  static final class Cursor {
    @Nullable VectorBatch batch;
    int row;
    long made;

    Vector vector(int position) {
      if (batch == null) {
        throw new IllegalStateException("no batch to read");
      }
      return batch.vector(position);
    }
  }

  private final ContractColumn column;
  private final String component;
  private final Class<?> wanted;
  private final Map<String, Object> constants = new HashMap<>();
  private byte[] @Nullable [] seenBytes = new byte[0][];
  private @Nullable Object[] seenValues = {};

  CellReader(ContractColumn column, String component, Class<?> wanted) {
    this.column = column;
    this.component = component;
    this.wanted = wanted;
    if (wanted.isEnum()) {
      for (Object constant : wanted.getEnumConstants()) {
        constants.put(((Enum<?>) constant).name(), constant);
      }
    }
  }

  boolean readBoolean(Cursor cursor) {
    Vector vector = present(cursor);
    return ((BooleanVector) entries(vector)).get(entry(vector, cursor.row));
  }

  int readInt(Cursor cursor) {
    Vector vector = present(cursor);
    return ((IntVector) entries(vector)).get(entry(vector, cursor.row));
  }

  long readLong(Cursor cursor) {
    Vector vector = present(cursor);
    return ((LongVector) entries(vector)).get(entry(vector, cursor.row));
  }

  float readFloat(Cursor cursor) {
    Vector vector = present(cursor);
    return ((FloatVector) entries(vector)).get(entry(vector, cursor.row));
  }

  double readDouble(Cursor cursor) {
    Vector vector = present(cursor);
    return ((DoubleVector) entries(vector)).get(entry(vector, cursor.row));
  }

  Optional<Object> readOptional(Cursor cursor) {
    return Optional.ofNullable(readObject(cursor));
  }

  @Nullable Object readObject(Cursor cursor) {
    Vector vector = cursor.vector(column.position());
    int row = cursor.row;
    if (vector.isNull(row)) {
      return null;
    }
    if (column.stored().typeId() == Type.TypeID.STRING) {
      return vector instanceof DictionaryVector coded
          ? codedText(coded, row, cursor)
          : text((BytesVector) vector, row, cursor);
    }
    Object value = VectorBatch.value(column.stored(), vector, row);
    if (wanted == byte[].class && value instanceof ByteBuffer buffer) {
      return buffer.array();
    }
    if (wanted == Long.class && value instanceof Integer number) {
      return number.longValue();
    }
    if (wanted == Double.class && value instanceof Float number) {
      return number.doubleValue();
    }
    if (value instanceof UUID uuid
        && wanted.isAssignableFrom(String.class)
        && !wanted.isInstance(value)) {
      return uuid.toString();
    }
    return value;
  }

  /**
   * A text by its code. What was decoded before is taken again only if its bytes are still the
   * same, since readers fill the same dictionary anew.
   */
  private Object codedText(DictionaryVector coded, int row, Cursor cursor) {
    int code = coded.code(row);
    BytesVector entries = (BytesVector) coded.dictionary();
    if (code >= seenValues.length) {
      int length = Math.max(entries.size(), code + 1);
      seenValues = Arrays.copyOf(seenValues, length);
      seenBytes = Arrays.copyOf(seenBytes, length);
    }
    byte[] bytes = seenBytes[code];
    Object value = seenValues[code];
    int start = entries.start(code);
    int end = start + entries.length(code);
    if (bytes == null
        || value == null
        || !Arrays.equals(bytes, 0, bytes.length, entries.data(), start, end)) {
      value = text(entries, code, cursor);
      seenBytes[code] = entries.get(code);
      seenValues[code] = value;
    }
    return value;
  }

  private Object text(BytesVector bytes, int row, Cursor cursor) {
    String text =
        new String(bytes.data(), bytes.start(row), bytes.length(row), StandardCharsets.UTF_8);
    if (!wanted.isEnum()) {
      return text;
    }
    Object constant = constants.get(text);
    if (constant == null) {
      throw new InvalidRequestException(
          ErrorCode.READER_INVALID,
          "Cannot read row "
              + cursor.made
              + " (counted from 0) into component '"
              + component
              + "': column '"
              + column.name()
              + "' holds a symbol that enum "
              + wanted.getName()
              + " lacks. The rows before were read. The contract's symbols are "
              + column.promised().getEnumSymbols()
              + ": add those that are missing, or declare the component as String.");
    }
    return constant;
  }

  private Vector present(Cursor cursor) {
    Vector vector = cursor.vector(column.position());
    if (vector.isNull(cursor.row)) {
      throw new InvalidRequestException(
          ErrorCode.READER_INVALID,
          "Cannot read row "
              + cursor.made
              + " (counted from 0) into component '"
              + component
              + "': column '"
              + column.name()
              + "' is null there and the component is of the primitive type "
              + wanted.getName()
              + ". The rows before were read. Declare the component as "
              + MethodType.methodType(wanted).wrap().returnType().getSimpleName()
              + " or Optional.");
    }
    return vector;
  }

  private static Vector entries(Vector vector) {
    return vector instanceof DictionaryVector coded ? coded.dictionary() : vector;
  }

  private static int entry(Vector vector, int row) {
    return vector instanceof DictionaryVector coded ? coded.code(row) : row;
  }
}
