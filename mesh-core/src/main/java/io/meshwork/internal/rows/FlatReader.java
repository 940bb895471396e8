package io.meshwork.internal.rows;

import io.meshwork.error.ErrorCode;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.DictionaryVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.types.Type;
import org.jspecify.annotations.Nullable;

/** Reads flat values, widened to the requested class. */
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
  @Nullable Object read(Vector vector, int row, long rowNumber) {
    if (vector.isNull(row)) {
      return null;
    }
    if (column.stored().typeId() == Type.TypeID.STRING) {
      return vector instanceof DictionaryVector encoded
          ? dictionaryText(encoded, row, rowNumber)
          : text((BytesVector) vector, row, rowNumber);
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
        throw CellReader.doesNotFit(column, component, wanted, rowNumber);
      }
      return number.shortValue();
    }
    if ((wanted == Byte.class || wanted == byte.class) && value instanceof Integer number) {
      if (number != number.byteValue()) {
        throw CellReader.doesNotFit(column, component, wanted, rowNumber);
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
   * Returns a text by its dictionary index. A cached text is reused only if its bytes are
   * unchanged, because readers refill the same dictionary.
   */
  private Object dictionaryText(DictionaryVector encoded, int row, long rowNumber) {
    int entryIndex = encoded.index(row);
    BytesVector entries = (BytesVector) encoded.dictionary();
    if (entryIndex >= seenValues.length) {
      int length = Math.max(entries.size(), entryIndex + 1);
      seenValues = Arrays.copyOf(seenValues, length);
      seenBytes = Arrays.copyOf(seenBytes, length);
    }
    byte[] bytes = seenBytes[entryIndex];
    Object value = seenValues[entryIndex];
    int start = entries.start(entryIndex);
    int end = start + entries.length(entryIndex);
    if (bytes == null
        || value == null
        || !Arrays.equals(bytes, 0, bytes.length, entries.data(), start, end)) {
      value = text(entries, entryIndex, rowNumber);
      seenBytes[entryIndex] = entries.get(entryIndex);
      seenValues[entryIndex] = value;
    }
    return value;
  }

  private Object text(BytesVector bytes, int row, long rowNumber) {
    String text =
        new String(bytes.data(), bytes.start(row), bytes.length(row), StandardCharsets.UTF_8);
    if (!wanted.isEnum()) {
      return text;
    }
    Object constant = constants.get(text);
    String folded = column.contractType().getEnumDefault();
    if (constant == null && folded != null) {
      // An older Java enum lacks symbols that were added later; they become the contract's default.
      constant = constants.get(folded);
    }
    if (constant == null) {
      throw CellReader.failure(component, rowNumber)
          .because(
              "column '"
                  + column.path()
                  + "' contains a symbol that enum "
                  + wanted.getName()
                  + " lacks")
          .fix(
              "The contract's symbols are "
                  + column.contractType().getEnumSymbols()
                  + ": add the missing ones, or declare the component as String.")
          .invalidRequest(ErrorCode.READER_INVALID);
    }
    return constant;
  }
}
