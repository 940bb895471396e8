package io.meshwork.conformance.runner;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** Converts values of a case file to the Java values of columns. */
final class ColumnValue {
  private static final Pattern HEX = Pattern.compile("([0-9a-f]{2})*");
  private static final Pattern DECIMAL = Pattern.compile("-?(0|[1-9][0-9]*)(\\.([0-9]+))?");
  private static final Pattern TIME = Pattern.compile("\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?");
  private static final Pattern TIMESTAMP =
      Pattern.compile("[+-]?\\d{4,9}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?");
  private static final Pattern UUID_TEXT =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
  private static final int MOST_LONG_DIGITS = 19;

  private ColumnValue() {}

  /**
   * Returns a value of a column. Records and maps are JSON objects, arrays are lists.
   *
   * @param type the type of the column, which may be a union with null
   * @throws InvalidValueException if the value is invalid for the type
   */
  static @Nullable Object of(Schema type, @Nullable Object json) {
    if (json == null) {
      return null;
    }
    Schema value = type.isUnion() ? withoutNull(type) : type;
    try {
      return value.getLogicalType() == null ? plain(value, json) : logical(value, json);
    } catch (DateTimeException | ArithmeticException e) {
      throw invalid(json, value, e.getMessage());
    }
  }

  private static Schema withoutNull(Schema union) {
    return union.getTypes().stream()
        .filter(branch -> branch.getType() != Schema.Type.NULL)
        .findFirst()
        .orElseThrow();
  }

  private static Object plain(Schema type, Object json) {
    return switch (type.getType()) {
      case BOOLEAN -> {
        if (json instanceof Boolean truth) {
          yield truth;
        }
        throw invalid(json, type, "true or false is needed");
      }
      case INT -> Math.toIntExact(whole(type, json));
      case LONG -> whole(type, json);
      case FLOAT -> {
        float number = Float.parseFloat(floating(type, json));
        if (Float.isInfinite(number) && json instanceof JsonNumber) {
          throw invalid(json, type, "it is too large");
        }
        yield number;
      }
      case DOUBLE -> {
        double number = Double.parseDouble(floating(type, json));
        if (Double.isInfinite(number) && json instanceof JsonNumber) {
          throw invalid(json, type, "it is too large");
        }
        yield number;
      }
      case STRING, ENUM -> text(type, json);
      case BYTES, FIXED -> {
        String hex = matching(HEX, type, json, "lower-case hexadecimal digits are needed");
        yield ByteBuffer.wrap(HexFormat.of().parseHex(hex));
      }
      case RECORD -> record(type, json);
      case ARRAY -> array(type, json);
      case MAP -> map(type, json);
      case UNION, NULL -> throw invalid(json, type, "no column has this type");
    };
  }

  private static Map<String, @Nullable Object> record(Schema type, Object json) {
    Map<String, @Nullable Object> record = new LinkedHashMap<>();
    object(type, json)
        .forEach(
            (name, value) -> {
              Schema.Field field = type.getField(name);
              if (field == null) {
                throw new InvalidValueException("there is no such field: " + name);
              }
              record.put(name, within("." + name, field.schema(), value));
            });
    return record;
  }

  private static List<@Nullable Object> array(Schema type, Object json) {
    if (!(json instanceof List<?> elements)) {
      throw invalid(json, type, "a list is needed");
    }
    List<@Nullable Object> list = new ArrayList<>();
    for (Object element : elements) {
      list.add(within("[" + list.size() + "]", type.getElementType(), element));
    }
    return list;
  }

  private static Map<String, @Nullable Object> map(Schema type, Object json) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    object(type, json)
        .forEach((key, value) -> map.put(key, within("{" + key + "}", type.getValueType(), value)));
    return map;
  }

  @SuppressWarnings("unchecked") // objects of JSON have names as keys, by TypeCaseFile
  private static Map<String, @Nullable Object> object(Schema type, Object json) {
    if (json instanceof Map<?, ?>) {
      return (Map<String, @Nullable Object>) json;
    }
    throw invalid(json, type, "an object is needed");
  }

  private static @Nullable Object within(String place, Schema type, @Nullable Object json) {
    try {
      return of(type, json);
    } catch (InvalidValueException e) {
      throw new InvalidValueException("at " + place + ": " + e.getMessage());
    }
  }

  /** Returns a value of {@link #of} with null for each missing field of a record. */
  static @Nullable Object complete(Schema type, @Nullable Object value) {
    Schema plain = type.isUnion() ? withoutNull(type) : type;
    if (value instanceof List<?> elements && plain.getType() == Schema.Type.ARRAY) {
      List<@Nullable Object> list = new ArrayList<>();
      elements.forEach(element -> list.add(complete(plain.getElementType(), element)));
      return list;
    } else if (value instanceof Map<?, ?> entries && plain.getType() == Schema.Type.MAP) {
      Map<Object, @Nullable Object> map = new LinkedHashMap<>();
      entries.forEach((key, entry) -> map.put(key, complete(plain.getValueType(), entry)));
      return map;
    } else if (value instanceof Map<?, ?> fields && plain.getType() == Schema.Type.RECORD) {
      Map<Object, @Nullable Object> record = new LinkedHashMap<>();
      for (Schema.Field field : plain.getFields()) {
        record.put(field.name(), complete(field.schema(), fields.get(field.name())));
      }
      return record;
    }
    return value;
  }

  private static Object logical(Schema type, Object json) {
    if (type.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
      return decimal(type, decimal.getScale(), json);
    }
    String name = type.getLogicalType().getName();
    return switch (name) {
      case "date" -> LocalDate.parse(signed(text(type, json)));
      case "time-millis", "time-micros" ->
          LocalTime.parse(matching(TIME, type, json, "HH:MM:SS[.ffffff] is needed"));
      case "uuid" ->
          UUID.fromString(matching(UUID_TEXT, type, json, "a UUID's 36 characters are needed"));
      case "timestamp-millis", "timestamp-micros", "timestamp-nanos" -> {
        String text = text(type, json);
        if (!text.endsWith("Z")) {
          throw invalid(json, type, "an instant ends with Z");
        }
        yield timestamp(type, text.substring(0, text.length() - 1)).toInstant(ZoneOffset.UTC);
      }
      case "local-timestamp-millis", "local-timestamp-micros", "local-timestamp-nanos" ->
          timestamp(type, text(type, json));
      default -> throw invalid(json, type, "this suite does not know the logical type " + name);
    };
  }

  private static LocalDateTime timestamp(Schema type, String text) {
    return LocalDateTime.parse(
        signed(matching(TIMESTAMP, type, text, "YYYY-MM-DDTHH:MM:SS[.fffffffff] is needed")));
  }

  /**
   * Adds the sign that ISO 8601 requires before years of more than four digits. Case files may omit
   * it.
   */
  private static String signed(String text) {
    int year = text.indexOf('-');
    return year > 4 && Character.isDigit(text.charAt(0)) ? "+" + text : text;
  }

  private static BigDecimal decimal(Schema type, int scale, Object json) {
    String text = matching(DECIMAL, type, json, "a decimal's plain text is needed");
    BigDecimal value = new BigDecimal(text);
    if (value.scale() != scale) {
      throw invalid(json, type, "it needs exactly " + scale + " digits after the point");
    }
    return value;
  }

  private static long whole(Schema type, Object json) {
    if (!(json instanceof JsonNumber number)) {
      throw invalid(json, type, "a number is needed");
    }
    BigDecimal value = new BigDecimal(number.text());
    if (value.signum() != 0 && (long) value.precision() - value.scale() > MOST_LONG_DIGITS) {
      throw invalid(json, type, "it is too large");
    }
    return value.longValueExact();
  }

  private static String floating(Schema type, Object json) {
    if (json instanceof JsonNumber number) {
      return number.text();
    }
    if (json instanceof String text
        && (text.equals("NaN")
            || text.equals("Infinity")
            || text.equals("-Infinity")
            || text.equals("-0.0"))) {
      return text;
    }
    throw invalid(json, type, "a number, NaN, Infinity, -Infinity or -0.0 is needed");
  }

  private static String matching(Pattern pattern, Schema type, Object json, String otherwise) {
    String text = text(type, json);
    if (!pattern.matcher(text).matches()) {
      throw invalid(json, type, otherwise);
    }
    return text;
  }

  private static String text(Schema type, Object json) {
    if (json instanceof String text) {
      return text;
    }
    throw invalid(json, type, "text is needed");
  }

  /** Returns a value as text on one line. */
  static String shown(@Nullable Object value) {
    String text =
        value instanceof ByteBuffer bytes
            ? HexFormat.of().formatHex(bytes.array())
            : value instanceof JsonNumber number ? number.text() : String.valueOf(value);
    String what = value instanceof String ? '"' + text + '"' : text;
    return what.length() <= 100 ? what : what.substring(0, 100) + "…";
  }

  private static InvalidValueException invalid(Object json, Schema type, @Nullable String why) {
    String name =
        type.getLogicalType() == null ? type.getType().getName() : type.getLogicalType().getName();
    return new InvalidValueException(
        shown(json) + " cannot be a value of type " + name + ": " + why);
  }
}
