package io.meshwork.internal.event;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.meshwork.event.MeshEvent;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Complete details as {@code event-1.json} declares them, with all optional properties. */
final class EventSchemaSample {
  /** Texts, of which at least two match each pattern of the schema. */
  private static final List<String> TEXTS =
      List.of(
          "alpha",
          "beta",
          "commerce/orders",
          "finance/ids",
          "1.0.0",
          "2.1.0",
          "47",
          "48",
          "2026-11-20T08:00:00Z",
          "2027-01-01T00:00:00Z",
          "2026-11-20",
          "2027-01-01",
          "PT1H",
          "PT2H",
          "read.seen",
          "grant.denied",
          "RETENTION_SHORTER",
          "TYPE_NARROWER",
          "0".repeat(12),
          "1".repeat(12),
          "0".repeat(20),
          "1".repeat(20),
          "0".repeat(64),
          "1".repeat(64),
          "00000000-0000-7000-8000-000000000000",
          "00000000-0000-7000-8000-000000000001");

  private final JsonNode root;

  private EventSchemaSample(JsonNode root) {
    this.root = root;
  }

  /**
   * Details that the schema declares.
   *
   * @param types the types of events that have them
   */
  record Details(List<String> types, JsonNode schema) {}

  /**
   * A property at any depth, or the elements of one.
   *
   * @param at its place in the sample
   * @param name its name without those of enclosing objects
   */
  record Property(JsonPointer at, String name, JsonNode schema) {}

  static EventSchemaSample read() throws IOException {
    try (InputStream in = MeshEvent.class.getResourceAsStream("event-1.json")) {
      return new EventSchemaSample(new ObjectMapper().readTree(in));
    }
  }

  List<Details> details() {
    List<Details> all = new ArrayList<>();
    for (JsonNode branch : root.path("oneOf")) {
      List<String> types = texts(branch.at("/properties/event"));
      alternatives(branch.at("/properties/details"))
          .forEach(schema -> all.add(new Details(types, schema)));
    }
    return all;
  }

  private static List<String> texts(JsonNode schema) {
    List<String> texts = new ArrayList<>();
    if (schema.has("const")) {
      texts.add(schema.path("const").asText());
    }
    schema.path("enum").forEach(text -> texts.add(text.asText()));
    return texts;
  }

  /** Returns the schemas of which a value matches one. */
  private List<JsonNode> alternatives(JsonNode schema) {
    JsonNode resolved = resolved(schema);
    if (!resolved.has("oneOf")) {
      return List.of(resolved);
    }
    List<JsonNode> all = new ArrayList<>();
    resolved.path("oneOf").forEach(each -> all.add(resolved(each)));
    return all;
  }

  private JsonNode resolved(JsonNode schema) {
    return schema.has("$ref") ? root.at(schema.path("$ref").asText().substring(1)) : schema;
  }

  /** Returns a value, which differs by number; arrays have an element for each alternative. */
  JsonNode value(JsonNode schema, int number) {
    JsonNode resolved = resolved(schema);
    if (resolved.has("const")) {
      return resolved.path("const");
    } else if (resolved.has("enum")) {
      return resolved.path("enum").path(number % resolved.path("enum").size());
    }
    return switch (typeOf(resolved)) {
      case "object" -> object(resolved, number);
      case "array" -> {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        alternatives(resolved.path("items")).forEach(each -> array.add(value(each, number)));
        yield array;
      }
      case "integer" -> IntNode.valueOf(resolved.path("minimum").asInt() + 3 + number);
      case "number" -> DoubleNode.valueOf(50.5 + number);
      case "boolean" -> BooleanNode.valueOf(number == 0);
      case "string" -> TextNode.valueOf(text(resolved, number));
      default -> throw new AssertionError("no value for " + resolved);
    };
  }

  private ObjectNode object(JsonNode schema, int number) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      object.set(property.getKey(), value(property.getValue(), number));
    }
    if (schema.path("additionalProperties").isObject()) {
      object.set("alpha", value(schema.path("additionalProperties"), number));
    }
    return object;
  }

  private static String text(JsonNode schema, int number) {
    String pattern = schema.path("pattern").asText(".+");
    List<String> matching = TEXTS.stream().filter(text -> text.matches(pattern)).toList();
    if (matching.size() <= number) {
      throw new AssertionError("TEXTS needs more texts that match " + pattern);
    }
    return matching.get(number);
  }

  /** Returns values other than that of number 0: all constants, otherwise one value. */
  List<JsonNode> others(JsonNode schema) {
    if (schema.has("const")) {
      return List.of(
          schema.path("const").isTextual()
              ? TextNode.valueOf("other")
              : IntNode.valueOf(schema.path("const").asInt() + 1));
    }
    List<JsonNode> others = new ArrayList<>();
    for (int i = 1; i < Math.max(2, schema.path("enum").size()); i++) {
      others.add(value(schema, i));
    }
    return others;
  }

  /** Returns the JSON type of the values. */
  String typeOf(JsonNode schema) {
    JsonNode first = schema.has("const") ? schema.path("const") : schema.path("enum").path(0);
    if (first.isMissingNode()) {
      return schema.path("type").asText();
    }
    return first.isTextual() ? "string" : "integer";
  }

  /** Returns all properties with a single value, or with elements that have one. */
  List<Property> properties(JsonNode schema) {
    List<Property> properties = new ArrayList<>();
    addProperties(schema, JsonPointer.empty(), "", properties);
    return properties;
  }

  private void addProperties(
      JsonNode schema, JsonPointer at, String name, List<Property> properties) {
    JsonNode resolved = resolved(schema);
    switch (typeOf(resolved)) {
      case "object" -> {
        for (Map.Entry<String, JsonNode> each : resolved.path("properties").properties()) {
          addProperties(
              each.getValue(), at.appendProperty(each.getKey()), each.getKey(), properties);
        }
        if (resolved.path("additionalProperties").isObject()) {
          addProperties(
              resolved.path("additionalProperties"), at.appendProperty("alpha"), name, properties);
        }
      }
      case "array" -> {
        int index = 0;
        for (JsonNode each : alternatives(resolved.path("items"))) {
          addProperties(each, at.appendIndex(index++), name, properties);
        }
      }
      default -> {
        if (!isDiscriminator(resolved, name)) {
          properties.add(new Property(at, name, resolved));
        }
      }
    }
  }

  /** Returns true for the type of an event in details, which decides which details follow. */
  private static boolean isDiscriminator(JsonNode schema, String name) {
    return name.equals("event") && schema.has("const");
  }
}
