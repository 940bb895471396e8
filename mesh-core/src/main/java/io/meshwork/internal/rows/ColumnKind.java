package io.meshwork.internal.rows;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.avro.LogicalType;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericEnumSymbol;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * The kind of a column, regardless of unit, length, or precision, and the Java classes that it
 * accepts.
 */
public enum ColumnKind {
  BOOLEAN(boolean.class, Boolean.class),
  INT(int.class, Integer.class, short.class, Short.class, byte.class, Byte.class),
  LONG(
      long.class,
      Long.class,
      int.class,
      Integer.class,
      short.class,
      Short.class,
      byte.class,
      Byte.class),
  FLOAT(float.class, Float.class),
  DOUBLE(double.class, Double.class, float.class, Float.class),
  STRING(String.class, CharSequence.class),
  ENUM(Enum.class, String.class, CharSequence.class, GenericEnumSymbol.class),
  BYTES(byte[].class, ByteBuffer.class, GenericFixed.class),
  FIXED(byte[].class, ByteBuffer.class, GenericFixed.class),
  DECIMAL(BigDecimal.class),
  DATE(LocalDate.class),
  TIME(LocalTime.class),
  INSTANT(Instant.class),
  LOCAL_TIMESTAMP(LocalDateTime.class),
  UUID(java.util.UUID.class, String.class, CharSequence.class),
  RECORD(Record.class, Map.class, IndexedRecord.class),
  LIST(Collection.class),
  MAP(Map.class);

  private final List<Class<?>> accepts;

  ColumnKind(Class<?>... accepts) {
    this.accepts = List.of(accepts);
  }

  /**
   * Returns the kind of an Avro type without null; null for null, a union, or an unknown logical
   * type.
   */
  public static @Nullable ColumnKind of(Schema schema) {
    LogicalType logical = schema.getLogicalType();
    if (logical != null) {
      return switch (logical.getName()) {
        case "decimal" -> DECIMAL;
        case "date" -> DATE;
        case "time-millis", "time-micros" -> TIME;
        case "timestamp-millis", "timestamp-micros", "timestamp-nanos" -> INSTANT;
        case "local-timestamp-millis", "local-timestamp-micros", "local-timestamp-nanos" ->
            LOCAL_TIMESTAMP;
        case "uuid" -> UUID;
        default -> null;
      };
    }
    return ofPlain(schema.getType());
  }

  /** Returns the kind of a type without its logical type; null for null or a union. */
  public static @Nullable ColumnKind ofPlain(Schema.Type type) {
    return switch (type) {
      case BOOLEAN -> BOOLEAN;
      case INT -> INT;
      case LONG -> LONG;
      case FLOAT -> FLOAT;
      case DOUBLE -> DOUBLE;
      case STRING -> STRING;
      case ENUM -> ENUM;
      case BYTES -> BYTES;
      case FIXED -> FIXED;
      case RECORD -> RECORD;
      case ARRAY -> LIST;
      case MAP -> MAP;
      case UNION, NULL -> null;
    };
  }

  public boolean nested() {
    return this == RECORD || this == LIST || this == MAP;
  }

  /** Returns true if the kind is a logical type. */
  public boolean logical() {
    return switch (this) {
      case DECIMAL, DATE, TIME, INSTANT, LOCAL_TIMESTAMP, UUID -> true;
      default -> false;
    };
  }

  /** Returns false if no value of this static type is ever accepted. */
  boolean mayAccept(Class<?> javaClass) {
    if (javaClass.isPrimitive()) {
      return accepts.contains(javaClass);
    }
    if (this == LIST && javaClass.isArray()) {
      return true;
    }
    return accepts.stream()
        .filter(accepted -> !accepted.isPrimitive())
        .anyMatch(
            accepted ->
                accepted.isAssignableFrom(javaClass) || javaClass.isAssignableFrom(accepted));
  }

  /** Returns true if Avro values of another kind can be widened to this one. */
  boolean acceptsAvro(ColumnKind other) {
    return other == this
        || switch (this) {
          case LONG -> other == INT;
          case DOUBLE -> other == FLOAT;
          case ENUM, UUID -> other == STRING;
          case BYTES -> other == FIXED;
          case FIXED -> other == BYTES;
          default -> false;
        };
  }

  /** Returns the accepted Java classes, for a message. */
  String acceptedClasses() {
    String names = accepts.stream().map(Class::getSimpleName).collect(Collectors.joining(", "));
    return this == LIST ? names + ", array" : names;
  }

  /** Returns the first accepted class that is not primitive, for a message. */
  String boxedClass() {
    return accepts.stream()
        .filter(accepted -> !accepted.isPrimitive())
        .findFirst()
        .map(Class::getSimpleName)
        .orElse("Object");
  }

  /** Returns the unit of a time or timestamp in nanoseconds; 0 for other types. */
  public static long unitNanos(Schema schema) {
    LogicalType logical = schema.getLogicalType();
    if (logical == null) {
      return 0;
    }
    String unit = logical.getName();
    if (unit.endsWith("-millis")) {
      return 1_000_000;
    }
    if (unit.endsWith("-micros")) {
      return 1_000;
    }
    return unit.endsWith("-nanos") ? 1 : 0;
  }

  /** Returns the only branch of an Avro type, except null; null if it has several. */
  public static @Nullable Schema withoutNull(Schema schema) {
    if (!schema.isUnion()) {
      return schema;
    } else if (schema.getTypes().size() == 1) {
      return schema.getTypes().get(0);
    }
    Schema[] others =
        schema.getTypes().stream()
            .filter(branch -> branch.getType() != Schema.Type.NULL)
            .toArray(Schema[]::new);
    return others.length == 1 ? others[0] : null;
  }
}
