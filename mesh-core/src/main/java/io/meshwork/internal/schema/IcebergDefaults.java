package io.meshwork.internal.schema;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.expressions.Literal;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** Converts defaults of Avro fields to Iceberg defaults. Stateless. */
final class IcebergDefaults {
  private static final long MICROS_OF_A_MILLISECOND = 1_000;

  private IcebergDefaults() {}

  /** Returns Iceberg's Java value, nested ones as in Avro; null if the default is null. */
  static @Nullable Object of(Schema.Field field) {
    Object value = GenericData.get().getDefaultValue(field);
    if (value == null) {
      return null;
    }
    return of(IcebergSchemas.value(field.schema()), value);
  }

  private static Object of(Schema type, Object value) {
    if (type.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
      return new BigDecimal(new BigInteger(bytes(value)), decimal.getScale());
    }
    String logical = type.getLogicalType() == null ? "" : type.getLogicalType().getName();
    return switch (logical) {
      case "time-millis", "timestamp-millis", "local-timestamp-millis" ->
          ((Number) value).longValue() * MICROS_OF_A_MILLISECOND;
      case "uuid" ->
          type.getType() == Schema.Type.FIXED
              ? uuid(bytes(value))
              : UUID.fromString(value.toString());
      default ->
          switch (type.getType()) {
            case STRING, ENUM -> value.toString();
            case BYTES, FIXED -> ByteBuffer.wrap(bytes(value));
            default -> value;
          };
    };
  }

  /** Returns true for an empty list or map. */
  static boolean isEmptyCollection(Object value) {
    return (value instanceof Collection<?> list && list.isEmpty())
        || (value instanceof Map<?, ?> map && map.isEmpty());
  }

  /** Returns Iceberg's literal of a primitive type. */
  static Literal<?> literal(Type type, Object value) {
    Literal<?> literal = Expressions.lit(value);
    Literal<?> typed =
        switch (type.typeId()) {
          case DATE, TIME, TIMESTAMP, TIMESTAMP_NANO -> ticks(type, ((Number) value).longValue());
          default -> literal.to(type);
        };
    if (typed == null) {
      throw new IllegalStateException(
          "the validation accepted a default that does not fit " + type);
    }
    return typed;
  }

  private static @Nullable Literal<?> ticks(Type type, long value) {
    return switch (type.typeId()) {
      case DATE -> Expressions.lit((int) value).to(type);
      case TIME, TIMESTAMP -> Expressions.lit(value).to(type);
      // Iceberg reads a number as microseconds unless it is converted from a timestamp of
      // nanoseconds.
      default -> Expressions.nanos(value).to((Types.TimestampNanoType) type);
    };
  }

  private static byte[] bytes(Object value) {
    if (value instanceof GenericFixed fixed) {
      return fixed.bytes();
    }
    ByteBuffer buffer = ((ByteBuffer) value).duplicate();
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  private static UUID uuid(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new UUID(buffer.getLong(), buffer.getLong());
  }
}
