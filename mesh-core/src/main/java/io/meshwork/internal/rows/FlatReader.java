package io.meshwork.internal.rows;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.columnar.BytesVector;
import io.meshwork.internal.columnar.DictionaryVector;
import io.meshwork.internal.columnar.Vector;
import io.meshwork.internal.columnar.VectorBatch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.types.Type;
import org.jspecify.annotations.Nullable;

/** Reads flat values, widened into the class that is wanted. */
final class FlatReader extends ValueReader {
  private final String component;
  private final Class<?> wanted;
  private final Map<String, Object> constants = new HashMap<>();
  private byte[] @Nullable [] seenBytes = new byte[0][];
  private @Nullable Object[] seenValues = {};

  FlatReader(ContractColumn column, String component, Class<?> wanted) {
    super(column);
    this.component = component;
    this.wanted = wanted;
    if (wanted.isEnum()) {
      for (Object constant : wanted.getEnumConstants()) {
        constants.put(((Enum<?>) constant).name(), constant);
      }
    }
  }

  @Override
  @Nullable Object read(Vector vector, int row, long made) {
    if (vector.isNull(row)) {
      return null;
    }
    if (column.stored().typeId() == Type.TypeID.STRING) {
      return vector instanceof DictionaryVector coded
          ? codedText(coded, row, made)
          : text((BytesVector) vector, row, made);
    }
    Object value = VectorBatch.value(column.stored(), vector, row);
    if (wanted == byte[].class && value instanceof ByteBuffer buffer) {
      return buffer.array();
    }
    if (wanted == Long.class && value instanceof Integer number) {
      return number.longValue();
    }
    if ((wanted == Short.class || wanted == short.class) && value instanceof Integer number) {
      if (number != number.shortValue()) {
        throw CellReader.doesNotFit(column, component, wanted, made);
      }
      return number.shortValue();
    }
    if ((wanted == Byte.class || wanted == byte.class) && value instanceof Integer number) {
      if (number != number.byteValue()) {
        throw CellReader.doesNotFit(column, component, wanted, made);
      }
      return number.byteValue();
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
  private Object codedText(DictionaryVector coded, int row, long made) {
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
      value = text(entries, code, made);
      seenBytes[code] = entries.get(code);
      seenValues[code] = value;
    }
    return value;
  }

  private Object text(BytesVector bytes, int row, long made) {
    String text =
        new String(bytes.data(), bytes.start(row), bytes.length(row), StandardCharsets.UTF_8);
    if (!wanted.isEnum()) {
      return text;
    }
    Object constant = constants.get(text);
    String folded = column.promised().getEnumDefault();
    if (constant == null && folded != null) {
      // An older Java enum lacks symbols that came since: they are the contract's default to it.
      constant = constants.get(folded);
    }
    if (constant == null) {
      throw new InvalidRequestException(
          ErrorCode.READER_INVALID,
          "Cannot read row "
              + (made + 1)
              + " into component '"
              + component
              + "': column '"
              + column.path()
              + "' holds a symbol that enum "
              + wanted.getName()
              + " lacks. The rows before were read. The contract's symbols are "
              + column.promised().getEnumSymbols()
              + ": add those that are missing, or declare the component as String.");
    }
    return constant;
  }
}
