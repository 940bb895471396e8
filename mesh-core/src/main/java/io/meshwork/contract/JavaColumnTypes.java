package io.meshwork.contract;

import io.meshwork.internal.schema.JsonText;
import io.meshwork.internal.schema.TimeTruncation;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import java.util.UUID;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** The column types of Java classes that have no components or elements. */
final class JavaColumnTypes {
  private JavaColumnTypes() {}

  /** Why a BigDecimal has no column type; null if it has a precision and a scale. */
  static @Nullable String decimalProblem(@Nullable Column column) {
    if (column == null || column.precision() == 0) {
      return "a BigDecimal needs @Column(precision = ..., scale = ...)";
    }
    if (column.precision() < 1
        || column.precision() > 38
        || column.scale() < 0
        || column.scale() > column.precision()) {
      return "precision "
          + column.precision()
          + " and scale "
          + column.scale()
          + " are not those of a decimal";
    }
    return null;
  }

  /** The column type of a class; null if there is none. */
  static @Nullable Schema schema(Class<?> type, @Nullable Column column) {
    if (type == boolean.class || type == Boolean.class) {
      return Schema.create(Schema.Type.BOOLEAN);
    }
    if (List.of(int.class, Integer.class, short.class, Short.class, byte.class, Byte.class)
        .contains(type)) {
      return Schema.create(Schema.Type.INT);
    }
    if (type == long.class || type == Long.class) {
      return Schema.create(Schema.Type.LONG);
    }
    if (type == float.class || type == Float.class) {
      return Schema.create(Schema.Type.FLOAT);
    }
    if (type == double.class || type == Double.class) {
      return Schema.create(Schema.Type.DOUBLE);
    }
    if (type == String.class || type == CharSequence.class) {
      return column != null && column.json()
          ? JsonText.schema()
          : Schema.create(Schema.Type.STRING);
    }
    if (type == byte[].class || type == ByteBuffer.class) {
      return Schema.create(Schema.Type.BYTES);
    }
    if (type == BigDecimal.class && column != null) {
      return LogicalTypes.decimal(column.precision(), column.scale())
          .addToSchema(Schema.create(Schema.Type.BYTES));
    }
    return timeOrUuid(type);
  }

  private static @Nullable Schema timeOrUuid(Class<?> type) {
    if (type == LocalDate.class) {
      return LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT));
    }
    if (type == UUID.class) {
      return LogicalTypes.uuid().addToSchema(Schema.create(Schema.Type.STRING));
    }
    Schema count = Schema.create(Schema.Type.LONG);
    if (type == LocalTime.class) {
      return TimeTruncation.declare(LogicalTypes.timeMicros().addToSchema(count));
    }
    if (type == Instant.class) {
      return TimeTruncation.declare(LogicalTypes.timestampMicros().addToSchema(count));
    }
    return type == LocalDateTime.class
        ? TimeTruncation.declare(LogicalTypes.localTimestampMicros().addToSchema(count))
        : null;
  }
}
