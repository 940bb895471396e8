package io.meshwork.conformance.runner;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Converts the values of rows in a case, such as decimals of any scale and times with any offset.
 */
final class RowValue {
  private RowValue() {}

  /**
   * Returns a value of a column.
   *
   * @throws InvalidValueException if the value is invalid for the type
   */
  static @Nullable Object of(Schema type, JsonNode json) {
    if (json.isNull() || json.isMissingNode()) {
      return null;
    }
    Schema value = type;
    if (type.isUnion()) {
      value =
          type.getTypes().stream()
              .filter(branch -> branch.getType() != Schema.Type.NULL)
              .findFirst()
              .orElseThrow();
    }
    try {
      return value.getLogicalType() == null ? plain(value, json) : logical(value, json);
    } catch (DateTimeException | ArithmeticException | IllegalArgumentException e) {
      throw new InvalidValueException(json + " cannot be a value of type " + value);
    }
  }

  private static Object plain(Schema type, JsonNode json) {
    return switch (type.getType()) {
      case BOOLEAN -> fitting(json.isBoolean(), type, json).booleanValue();
      case INT -> number(type, json).intValueExact();
      case LONG -> number(type, json).longValueExact();
      case FLOAT -> (float) floating(type, json);
      case DOUBLE -> floating(type, json);
      case STRING, ENUM -> text(type, json);
      case BYTES, FIXED -> ByteBuffer.wrap(HexFormat.of().parseHex(text(type, json)));
      case RECORD -> record(type, json);
      case ARRAY -> {
        List<@Nullable Object> list = new ArrayList<>();
        fitting(json.isArray(), type, json)
            .forEach(element -> list.add(of(type.getElementType(), element)));
        yield list;
      }
      case MAP -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        fitting(json.isObject(), type, json)
            .properties()
            .forEach(entry -> map.put(entry.getKey(), of(type.getValueType(), entry.getValue())));
        yield map;
      }
      case UNION, NULL -> throw new InvalidValueException("no column has the type " + type);
    };
  }

  /** Returns a record or a row. Missing fields are null. */
  static Map<String, @Nullable Object> record(Schema type, JsonNode json) {
    Map<String, @Nullable Object> record = new LinkedHashMap<>();
    fitting(json.isObject(), type, json)
        .properties()
        .forEach(
            entry -> {
              Schema.Field field = type.getField(entry.getKey());
              if (field == null) {
                throw new InvalidValueException("there is no such column: " + entry.getKey());
              }
              record.put(entry.getKey(), of(field.schema(), entry.getValue()));
            });
    return record;
  }

  private static Object logical(Schema type, JsonNode json) {
    if (type.getLogicalType() instanceof LogicalTypes.Decimal) {
      return json.isTextual() ? new BigDecimal(json.textValue()) : number(type, json);
    }
    return switch (type.getLogicalType().getName()) {
      case "date" -> LocalDate.parse(text(type, json));
      case "time-millis", "time-micros" -> LocalTime.parse(text(type, json));
      case "uuid" -> UUID.fromString(text(type, json));
      case "timestamp-millis", "timestamp-micros", "timestamp-nanos" ->
          OffsetDateTime.parse(text(type, json)).toInstant();
      default -> LocalDateTime.parse(text(type, json));
    };
  }

  private static double floating(Schema type, JsonNode json) {
    return json.isNumber() ? json.doubleValue() : Double.parseDouble(text(type, json));
  }

  private static BigDecimal number(Schema type, JsonNode json) {
    return fitting(json.isNumber(), type, json).decimalValue();
  }

  private static String text(Schema type, JsonNode json) {
    return fitting(json.isTextual(), type, json).textValue();
  }

  private static JsonNode fitting(boolean fits, Schema type, JsonNode json) {
    if (!fits) {
      throw new InvalidValueException(json + " cannot be a value of type " + type);
    }
    return json;
  }
}
