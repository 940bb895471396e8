package io.meshwork.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Validates JSON against a JSON Schema (2020-12). Supports the keywords that Meshwork's schemas
 * use; an unknown keyword is an error, so no part of a schema is ignored.
 */
final class JsonSchema {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> SAYS_NOTHING =
      Set.of("$schema", "$id", "$defs", "title", "description");

  private final JsonNode root;

  JsonSchema(JsonNode root) {
    this.root = root;
  }

  /** Returns the schema of events from mesh-core. */
  static JsonSchema ofEvents() {
    return ofResource("/io/meshwork/event/event-1.json");
  }

  private static JsonSchema ofResource(String name) {
    try (InputStream in = JsonSchema.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("mesh-core does not bring " + name);
      }
      return new JsonSchema(JSON.readTree(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the violations in a text with their locations; empty if the text is valid. */
  List<String> faults(String json) {
    try {
      return faults(JSON.readTree(json));
    } catch (IOException e) {
      return List.of("is not JSON");
    }
  }

  List<String> faults(JsonNode value) {
    List<String> faults = new ArrayList<>();
    check(root, value, "$", faults);
    return faults;
  }

  private void check(JsonNode schema, JsonNode value, String at, List<String> faults) {
    for (Map.Entry<String, JsonNode> keyword : schema.properties()) {
      JsonNode wanted = keyword.getValue();
      switch (keyword.getKey()) {
        case "$ref" -> check(definition(wanted.asText()), value, at, faults);
        case "type" ->
            expect(isOfType(wanted.asText(), value), at, "is not of type " + wanted, faults);
        case "const" -> expect(wanted.equals(value), at, "is not " + wanted, faults);
        case "enum" -> expect(contains(wanted, value), at, "is not one of " + wanted, faults);
        case "pattern" ->
            expect(
                !value.isTextual()
                    || Pattern.compile(wanted.asText()).matcher(value.asText()).find(),
                at,
                "does not match " + wanted,
                faults);
        case "minimum" ->
            expect(
                !value.isNumber() || value.decimalValue().compareTo(wanted.decimalValue()) >= 0,
                at,
                "is less than " + wanted,
                faults);
        case "minLength" ->
            expect(
                !value.isTextual() || value.asText().length() >= wanted.asInt(),
                at,
                "is shorter than " + wanted,
                faults);
        case "minItems" ->
            expect(
                !value.isArray() || value.size() >= wanted.asInt(),
                at,
                "has fewer items than " + wanted,
                faults);
        case "required" ->
            wanted.forEach(name -> expect(has(value, name), at, "lacks " + name, faults));
        case "dependentRequired" -> dependent(wanted, value, at, faults);
        case "properties" -> properties(wanted, value, at, faults);
        case "additionalProperties" -> others(schema.path("properties"), wanted, value, at, faults);
        case "items" -> items(wanted, value, at, faults);
        case "oneOf" -> oneOf(wanted, value, at, faults);
        default -> {
          if (!SAYS_NOTHING.contains(keyword.getKey())) {
            throw new IllegalStateException("This check does not know " + keyword.getKey());
          }
        }
      }
    }
  }

  private JsonNode definition(String reference) {
    JsonNode found = reference.startsWith("#") ? root.at(reference.substring(1)) : root.path("?");
    if (found.isMissingNode()) {
      throw new IllegalStateException("The schema has no " + reference);
    }
    return found;
  }

  private static void expect(boolean held, String at, String otherwise, List<String> faults) {
    if (!held) {
      faults.add(at + " " + otherwise);
    }
  }

  private static boolean has(JsonNode value, JsonNode name) {
    return !value.isObject() || value.has(name.asText());
  }

  private static boolean contains(JsonNode values, JsonNode value) {
    for (JsonNode each : values) {
      if (each.equals(value)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOfType(String type, JsonNode value) {
    return switch (type) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isTextual();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      case "boolean" -> value.isBoolean();
      case "null" -> value.isNull();
      default -> throw new IllegalStateException("This check does not know the type " + type);
    };
  }

  private static void dependent(JsonNode wanted, JsonNode value, String at, List<String> faults) {
    for (Map.Entry<String, JsonNode> each : wanted.properties()) {
      if (value.has(each.getKey())) {
        each.getValue()
            .forEach(
                name ->
                    expect(
                        has(value, name), at, "has " + each.getKey() + " and not " + name, faults));
      }
    }
  }

  private void properties(JsonNode wanted, JsonNode value, String at, List<String> faults) {
    for (Map.Entry<String, JsonNode> each : wanted.properties()) {
      if (value.has(each.getKey())) {
        check(each.getValue(), value.get(each.getKey()), at + "." + each.getKey(), faults);
      }
    }
  }

  private void others(
      JsonNode known, JsonNode wanted, JsonNode value, String at, List<String> faults) {
    for (Map.Entry<String, JsonNode> field : value.properties()) {
      if (!known.has(field.getKey())) {
        if (wanted.isBoolean()) {
          expect(wanted.asBoolean(), at, "has an unknown field " + field.getKey(), faults);
        } else {
          check(wanted, field.getValue(), at + "." + field.getKey(), faults);
        }
      }
    }
  }

  private void items(JsonNode wanted, JsonNode value, String at, List<String> faults) {
    for (int i = 0; value.isArray() && i < value.size(); i++) {
      check(wanted, value.get(i), at + "[" + i + "]", faults);
    }
  }

  /** Reports the violations of the alternative that has the fewest. */
  private void oneOf(JsonNode alternatives, JsonNode value, String at, List<String> faults) {
    List<String> fewest = null;
    int held = 0;
    for (JsonNode each : alternatives) {
      List<String> against = new ArrayList<>();
      check(each, value, at, against);
      if (against.isEmpty()) {
        held++;
      } else if (fewest == null || against.size() < fewest.size()) {
        fewest = against;
      }
    }
    if (held != 1) {
      faults.add(at + " follows " + held + " of " + alternatives.size() + " forms: " + fewest);
    }
  }
}
