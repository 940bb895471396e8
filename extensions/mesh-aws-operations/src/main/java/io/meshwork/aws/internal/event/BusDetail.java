package io.meshwork.aws.internal.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/** The text of a detail, of which EventBridge accepts a limited size. */
final class BusDetail {
  /**
   * What EventBridge accepts is 256 KiB with source, type, and time, which have less than 1 KiB.
   */
  private static final int MAX_BYTES = 255 * 1024;

  private BusDetail() {}

  /**
   * Returns the detail as JSON. The longest facts are left out of one that is too large, and
   * counted.
   *
   * @param detail what is never left out
   * @param facts the facts by name
   */
  static String of(ObjectNode detail, Map<String, ? extends JsonNode> facts) {
    Map<String, JsonNode> fitting = new TreeMap<>(facts);
    String text = json(detail, fitting, 0);
    for (int leftOut = 1; isTooLarge(text) && !fitting.isEmpty(); leftOut++) {
      fitting.keySet().remove(longest(fitting));
      text = json(detail, fitting, leftOut);
    }
    return text;
  }

  private static boolean isTooLarge(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES;
  }

  private static String longest(Map<String, JsonNode> facts) {
    return facts.entrySet().stream()
        .max(Comparator.comparingInt(fact -> fact.getValue().toString().length()))
        .orElseThrow()
        .getKey();
  }

  private static String json(ObjectNode detail, Map<String, JsonNode> facts, int factsLeftOut) {
    ObjectNode json = detail.deepCopy();
    json.putObject("facts").setAll(facts);
    if (factsLeftOut > 0) {
      json.put("factsLeftOut", factsLeftOut);
    }
    return json.toString();
  }
}
