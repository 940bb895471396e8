package io.meshwork.internal.materializers;

import io.meshwork.error.ErrorCode;
import io.meshwork.internal.rows.ColumnKind;
import io.meshwork.internal.rows.ContractColumn;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.DictionaryVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.types.Type;
import org.jspecify.annotations.Nullable;

/** Reads flat values, widened to the requested class. */
final class FlatReader extends ValueReader {
  private final String component;
  private final Class<?> wanted;
  private final boolean enumerated;
  private final Map<String, Object> constants = new HashMap<>();
  private final DictionaryValues texts = new DictionaryValues();

  FlatReader(ContractColumn column, String component, Class<?> wanted) {
    super(column);
    this.component = component;
    this.wanted = wanted;
    this.enumerated = wanted.isEnum();
    if (enumerated) {
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
          ? dictionaryText(encoded, row, texts.of(encoded.dictionary()), rowNumber)
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

  @Override
  @Nullable Object[] readAll(Vector vector, int from, int to, long rowNumber) {
    Type.TypeID stored = column.stored().typeId();
    if (stored == Type.TypeID.STRING && vector instanceof BytesVector bytes) {
      return texts(bytes, from, to, rowNumber);
    }
    if (stored == Type.TypeID.STRING && vector instanceof DictionaryVector encoded) {
      return dictionaryTexts(encoded, from, to, rowNumber);
    }
    if (column.kind() == ColumnKind.INSTANT && vector instanceof LongVector ticks) {
      return instants(ticks, from, to);
    }
    return super.readAll(vector, from, to, rowNumber);
  }

  private @Nullable Object[] texts(BytesVector bytes, int from, int to, long rowNumber) {
    @Nullable Object[] values = new @Nullable Object[to - from];
    for (int i = 0; i < values.length; i++) {
      if (!bytes.isNull(from + i)) {
        values[i] = text(bytes, from + i, rowNumber);
      }
    }
    return values;
  }

  private @Nullable Object[] dictionaryTexts(
      DictionaryVector encoded, int from, int to, long rowNumber) {
    @Nullable Object[] dictionaryValues = texts.of(encoded.dictionary());
    @Nullable Object[] values = new @Nullable Object[to - from];
    for (int i = 0; i < values.length; i++) {
      if (!encoded.isNull(from + i)) {
        values[i] = dictionaryText(encoded, from + i, dictionaryValues, rowNumber);
      }
    }
    return values;
  }

  private @Nullable Object[] instants(LongVector ticks, int from, int to) {
    boolean micros = column.tickNanos() == 1_000;
    @Nullable Object[] values = new @Nullable Object[to - from];
    for (int i = 0; i < values.length; i++) {
      if (!ticks.isNull(from + i)) {
        long tick = ticks.get(from + i);
        long second = Math.floorDiv(tick, micros ? 1_000_000L : 1_000_000_000L);
        values[i] =
            micros
                ? Instant.ofEpochSecond(second, 1_000 * (tick - 1_000_000 * second))
                : Instant.ofEpochSecond(second, tick - 1_000_000_000 * second);
      }
    }
    return values;
  }

  private Object dictionaryText(
      DictionaryVector encoded, int row, @Nullable Object[] dictionaryValues, long rowNumber) {
    int entry = encoded.index(row);
    Object value = dictionaryValues[entry];
    if (value == null) {
      value = text((BytesVector) encoded.dictionary(), entry, rowNumber);
      dictionaryValues[entry] = value;
    }
    return value;
  }

  private Object text(BytesVector bytes, int row, long rowNumber) {
    String text =
        new String(bytes.data(), bytes.start(row), bytes.length(row), StandardCharsets.UTF_8);
    if (!enumerated) {
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
