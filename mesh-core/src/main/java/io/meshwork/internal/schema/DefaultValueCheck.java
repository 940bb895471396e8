package io.meshwork.internal.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Checks that a default fits a type, on the raw JSON. Recurses only into the default itself, whose
 * depth the JSON parser limits.
 */
final class DefaultValueCheck {
  private static final Pattern UUID =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private static final long MILLIS_PER_DAY = 86_400_000;

  private final Map<String, ObjectNode> types;

  DefaultValueCheck(Map<String, ObjectNode> types) {
    this.types = types;
  }

  boolean fits(JsonNode value, JsonNode type, String namespace) {
    if (type.isArray()) {
      // Only the first branch: newer parsers accept any, and older ones reject what they then read.
      return !type.isEmpty() && fits(value, type.get(0), namespace);
    }
    JsonNode kind = type.isObject() ? type.path("type") : type;
    if (!kind.isTextual()) {
      return (kind.isObject() || kind.isArray()) && fits(value, kind, namespace);
    }
    return switch (kind.asText()) {
      case "null" -> value.isNull();
      case "boolean" -> value.isBoolean();
      case "int" -> value.isIntegralNumber() && value.canConvertToInt() && timeFits(value, type);
      case "long" -> value.isIntegralNumber() && value.canConvertToLong() && timeFits(value, type);
      case "float" -> value.isNumber() && Float.isFinite(value.floatValue());
      case "double" -> value.isNumber() && Double.isFinite(value.doubleValue());
      case "string" -> value.isTextual() && stringFits(value.asText(), type);
      case "bytes" -> value.isTextual() && bytesFit(value.asText(), type, -1);
      case "fixed" ->
          value.isTextual() && bytesFit(value.asText(), type, type.path("size").asInt());
      case "enum" -> value.isTextual() && holds(type.path("symbols"), value.asText());
      case "array" -> value.isArray() && allFit(value, type.path("items"), namespace);
      case "map" -> value.isObject() && allFit(value, type.path("values"), namespace);
      case "record", "error" -> value.isObject() && recordFits(value, type, namespace);
      default -> {
        ObjectNode named = types.get(SchemaWalk.fullName(kind.asText(), namespace));
        yield named != null && fits(value, named, namespace);
      }
    };
  }

  /**
   * Checks that a time is within a day and that milliseconds still fit when stored as microseconds.
   */
  private static boolean timeFits(JsonNode value, JsonNode type) {
    long ticks = value.asLong();
    return switch (type.path("logicalType").asText()) {
      case "time-millis" -> ticks >= 0 && ticks < MILLIS_PER_DAY;
      case "time-micros" -> ticks >= 0 && ticks < MILLIS_PER_DAY * 1_000;
      case "timestamp-millis", "local-timestamp-millis" ->
          ticks >= Long.MIN_VALUE / 1_000 && ticks <= Long.MAX_VALUE / 1_000;
      default -> true;
    };
  }

  private static boolean stringFits(String text, JsonNode type) {
    return !type.path("logicalType").asText().equals("uuid") || UUID.matcher(text).matches();
  }

  private static boolean bytesFit(String text, JsonNode type, int size) {
    if ((size >= 0 && text.length() != size) || text.chars().anyMatch(c -> c > 0xFF)) {
      return false;
    }
    if (!type.path("logicalType").asText().equals("decimal")) {
      return true;
    }
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return bytes.length > 0
        && new BigInteger(bytes).abs().toString().length() <= type.path("precision").asInt();
  }

  private static boolean holds(JsonNode symbols, String text) {
    for (JsonNode symbol : symbols) {
      if (symbol.asText().equals(text)) {
        return true;
      }
    }
    return false;
  }

  private boolean allFit(JsonNode values, JsonNode type, String namespace) {
    for (JsonNode value : values) {
      if (!fits(value, type, namespace)) {
        return false;
      }
    }
    return true;
  }

  private boolean recordFits(JsonNode value, JsonNode record, String namespace) {
    for (JsonNode field : record.path("fields")) {
      JsonNode fieldValue = value.get(field.path("name").asText());
      if (fieldValue == null
          ? !field.has("default")
          : !fits(fieldValue, field.path("type"), namespace)) {
        return false;
      }
    }
    return true;
  }
}
