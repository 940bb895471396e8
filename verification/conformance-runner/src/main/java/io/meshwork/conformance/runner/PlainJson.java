package io.meshwork.conformance.runner;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** JSON as plain values that are equal where they mean the same. */
final class PlainJson {
  /** Stands for null, which lists and comparisons do not take. */
  private static final Object NULL =
      new Object() {
        @Override
        public String toString() {
          return "null";
        }
      };

  private PlainJson() {}

  /** A value to compare; numbers by what they count, null as a separate value. */
  static Object of(JsonNode json) {
    Object value = value(json);
    return value == null ? NULL : comparable(value);
  }

  /** A value as a row holds it. */
  static @Nullable Object value(JsonNode json) {
    if (json.isNull() || json.isMissingNode()) {
      return null;
    } else if (json.isNumber()) {
      return json.decimalValue();
    } else if (json.isBoolean()) {
      return json.booleanValue();
    } else if (json.isArray()) {
      List<Object> all = new ArrayList<>();
      json.forEach(one -> all.add(of(one)));
      return all;
    } else if (json.isObject()) {
      return object(json);
    }
    return json.textValue();
  }

  /** An object as a row holds it. */
  static Map<String, @Nullable Object> object(JsonNode json) {
    Map<String, @Nullable Object> all = new TreeMap<>();
    json.properties().forEach(member -> all.put(member.getKey(), value(member.getValue())));
    return all;
  }

  /** A row to compare. */
  static Map<String, Object> comparable(Map<?, ?> row) {
    Map<String, Object> all = new TreeMap<>();
    row.forEach((name, value) -> all.put((String) name, value == null ? NULL : comparable(value)));
    return all;
  }

  private static Object comparable(Object value) {
    if (value instanceof Map<?, ?> map) {
      return comparable(map);
    }
    return value instanceof BigDecimal number ? number.stripTrailingZeros() : value;
  }
}
