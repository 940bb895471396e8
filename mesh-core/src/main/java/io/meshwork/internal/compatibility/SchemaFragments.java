package io.meshwork.internal.compatibility;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** Formats parts of schemas, and their defaults as JSON. */
final class SchemaFragments {
  /** A longer text would hide the change. */
  private static final int MAX_LENGTH = 300;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  /** Numbers are equal if their values are: 1 and 1.0. */
  private static final Comparator<JsonNode> BY_VALUE =
      (left, right) ->
          left.isNumber() && right.isNumber()
              ? decimal(left).compareTo(decimal(right))
              : left.equals(right) ? 0 : 1;

  private SchemaFragments() {}

  /** Returns a type as Avro writes it; without its parts if that is long. */
  static String of(Schema type) {
    String text = type.toString();
    if (text.length() <= MAX_LENGTH) {
      return text;
    }
    return switch (type.getType()) {
      case RECORD, ENUM, FIXED ->
          "{\"type\":\""
              + type.getType().getName()
              + "\",\"name\":\""
              + type.getFullName()
              + "\",...}";
      case ARRAY -> "{\"type\":\"array\",\"items\":" + of(type.getElementType()) + "}";
      case MAP -> "{\"type\":\"map\",\"values\":" + of(type.getValueType()) + "}";
      case UNION -> "[" + of(type.getTypes().get(0)) + "," + of(type.getTypes().get(1)) + "]";
      default -> text.substring(0, MAX_LENGTH) + "...";
    };
  }

  /** Returns a field's type and default. */
  static String of(Schema.Field field) {
    return of(field.schema())
        + (field.hasDefaultValue() ? " default " + shortened(defaultOf(field).toString()) : "");
  }

  /** Returns a field's default; a missing node if it has none. */
  static JsonNode defaultOf(Schema.Field field) {
    if (!field.hasDefaultValue()) {
      return MissingNode.getInstance();
    }
    // The field's own accessor returns Java objects, so Avro formats the default.
    Schema alone =
        Schema.createRecord(
            "Alone", null, null, false, List.of(new Schema.Field(field, field.schema())));
    try {
      return MAPPER.readTree(alone.toString()).path("fields").path(0).path("default");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Avro wrote a schema that is not valid JSON", e);
    }
  }

  /** Returns a field's default as text; null if it has none. */
  static @Nullable String defaultText(Schema.Field field) {
    return field.hasDefaultValue() ? shortened(defaultOf(field).toString()) : null;
  }

  static boolean sameDefault(Schema.Field before, Schema.Field after) {
    return (!before.hasDefaultValue() && !after.hasDefaultValue())
        || defaultOf(before).equals(BY_VALUE, defaultOf(after));
  }

  private static BigDecimal decimal(JsonNode number) {
    return number.decimalValue();
  }

  private static String shortened(String text) {
    return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "...";
  }
}
