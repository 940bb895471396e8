package io.meshwork.event;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Converts JSON to unmodifiable values of the JDK. Leaves out null. */
final class PlainValues {
  private PlainValues() {}

  /** Returns the fields in their order; none if it is not an object. */
  static Map<String, Object> ofObject(JsonNode json) {
    Map<String, Object> values = new LinkedHashMap<>();
    json.properties()
        .forEach(
            field -> {
              if (!field.getValue().isNull()) {
                values.put(field.getKey(), of(field.getValue()));
              }
            });
    return Collections.unmodifiableMap(values);
  }

  private static Object of(JsonNode json) {
    if (json.isObject()) {
      return ofObject(json);
    } else if (json.isArray()) {
      List<Object> values = new ArrayList<>();
      json.forEach(
          element -> {
            if (!element.isNull()) {
              values.add(of(element));
            }
          });
      return Collections.unmodifiableList(values);
    } else if (json.isBoolean()) {
      return json.booleanValue();
    } else if (json.isIntegralNumber()) {
      return json.longValue();
    }
    return json.isNumber() ? (Object) json.doubleValue() : json.asText();
  }
}
