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
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Validates JSON against a JSON Schema (2020-12). Supports the keywords that Meshwork's schemas
 * use; an unknown keyword is an error, so no part of a schema is ignored. Thread-safe.
 */
final class JsonSchema {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> SAYS_NOTHING =
      Set.of("$schema", "$id", "$defs", "title", "description");
  private static final Set<String> OF_VALUES =
      Set.of(
          "$ref",
          "type",
          "const",
          "enum",
          "pattern",
          "minimum",
          "minLength",
          "minItems",
          "required",
          "dependentRequired");

  private final JsonNode root;
  private final Map<String, JsonNode> definitions = new ConcurrentHashMap<>();
  private final Map<String, Pattern> patterns = new ConcurrentHashMap<>();

  JsonSchema(JsonNode root) {
    requireKnownKeywords(root);
    this.root = root;
  }

  private static void requireKnownKeywords(JsonNode schema) {
    for (Map.Entry<String, JsonNode> keyword : schema.properties()) {
      switch (keyword.getKey()) {
        case "properties", "$defs", "oneOf" ->
            keyword.getValue().forEach(JsonSchema::requireKnownKeywords);
        case "additionalProperties", "items" -> requireKnownKeywords(keyword.getValue());
        default -> {
          if (!SAYS_NOTHING.contains(keyword.getKey()) && !OF_VALUES.contains(keyword.getKey())) {
            throw new IllegalStateException("This check does not know " + keyword.getKey());
          }
        }
      }
    }
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
    Violations faults = new Violations(false);
    check(root, value, "$", faults);
    return faults.texts;
  }

  private void check(JsonNode schema, JsonNode value, String at, Violations faults) {
    for (Map.Entry<String, JsonNode> keyword : schema.properties()) {
      if (faults.isDecided()) {
        return;
      }
      JsonNode wanted = keyword.getValue();
      switch (keyword.getKey()) {
        case "$ref" -> check(definition(wanted.asText()), value, at, faults);
        case "type" ->
            faults.expect(isOfType(wanted.asText(), value), at, () -> "is not of type " + wanted);
        case "const" -> faults.expect(wanted.equals(value), at, () -> "is not " + wanted);
        case "enum" -> faults.expect(contains(wanted, value), at, () -> "is not one of " + wanted);
        case "pattern" ->
            faults.expect(
                !value.isTextual() || pattern(wanted.asText()).matcher(value.asText()).find(),
                at,
                () -> "does not match " + wanted);
        case "minimum" ->
            faults.expect(
                !value.isNumber() || value.decimalValue().compareTo(wanted.decimalValue()) >= 0,
                at,
                () -> "is less than " + wanted);
        case "minLength" ->
            faults.expect(
                !value.isTextual() || value.asText().length() >= wanted.asInt(),
                at,
                () -> "is shorter than " + wanted);
        case "minItems" ->
            faults.expect(
                !value.isArray() || value.size() >= wanted.asInt(),
                at,
                () -> "has fewer items than " + wanted);
        case "required" ->
            wanted.forEach(name -> faults.expect(has(value, name), at, () -> "lacks " + name));
        case "dependentRequired" -> dependent(wanted, value, at, faults);
        case "properties" -> properties(wanted, value, at, faults);
        case "additionalProperties" -> others(schema.path("properties"), wanted, value, at, faults);
        case "items" -> items(wanted, value, at, faults);
        case "oneOf" -> oneOf(wanted, value, at, faults);
        default -> {
          // The constructor rejects keywords that it does not know.
        }
      }
    }
  }

  private JsonNode definition(String reference) {
    return definitions.computeIfAbsent(reference, this::find);
  }

  private JsonNode find(String reference) {
    JsonNode found = reference.startsWith("#") ? root.at(reference.substring(1)) : root.path("?");
    if (found.isMissingNode()) {
      throw new IllegalStateException("The schema has no " + reference);
    }
    return found;
  }

  private Pattern pattern(String expression) {
    return patterns.computeIfAbsent(expression, Pattern::compile);
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

  private static void dependent(JsonNode wanted, JsonNode value, String at, Violations faults) {
    for (Map.Entry<String, JsonNode> each : wanted.properties()) {
      if (value.has(each.getKey())) {
        each.getValue()
            .forEach(
                name ->
                    faults.expect(
                        has(value, name), at, () -> "has " + each.getKey() + " and not " + name));
      }
    }
  }

  private void properties(JsonNode wanted, JsonNode value, String at, Violations faults) {
    for (Map.Entry<String, JsonNode> each : wanted.properties()) {
      if (!faults.isDecided() && value.has(each.getKey())) {
        check(each.getValue(), value.get(each.getKey()), at + "." + each.getKey(), faults);
      }
    }
  }

  private void others(
      JsonNode known, JsonNode wanted, JsonNode value, String at, Violations faults) {
    for (Map.Entry<String, JsonNode> field : value.properties()) {
      if (!known.has(field.getKey())) {
        if (wanted.isBoolean()) {
          faults.expect(wanted.asBoolean(), at, () -> "has an unknown field " + field.getKey());
        } else {
          check(wanted, field.getValue(), at + "." + field.getKey(), faults);
        }
      }
    }
  }

  private void items(JsonNode wanted, JsonNode value, String at, Violations faults) {
    for (int i = 0; value.isArray() && i < value.size(); i++) {
      check(wanted, value.get(i), at + "[" + i + "]", faults);
    }
  }

  private boolean holds(JsonNode schema, JsonNode value) {
    Violations first = new Violations(true);
    check(schema, value, "", first);
    return !first.any;
  }

  /** Reports the violations of the alternative that has the fewest. */
  private void oneOf(JsonNode alternatives, JsonNode value, String at, Violations faults) {
    List<JsonNode> broken = new ArrayList<>();
    for (JsonNode each : alternatives) {
      if (!holds(each, value)) {
        broken.add(each);
      }
    }
    int met = alternatives.size() - broken.size();
    faults.expect(
        met == 1,
        at,
        () ->
            "follows "
                + met
                + " of "
                + alternatives.size()
                + " forms: "
                + fewestFaults(broken, value, at));
  }

  private List<String> fewestFaults(List<JsonNode> alternatives, JsonNode value, String at) {
    List<String> fewest = List.of();
    for (JsonNode each : alternatives) {
      Violations against = new Violations(false);
      check(each, value, at, against);
      if (fewest.isEmpty() || against.texts.size() < fewest.size()) {
        fewest = against.texts;
      }
    }
    return fewest;
  }

  /** The violations of a value: all as texts, or only whether there is one. */
  private static final class Violations {
    private final boolean onlyFirst;
    private final List<String> texts = new ArrayList<>();
    private boolean any;

    Violations(boolean onlyFirst) {
      this.onlyFirst = onlyFirst;
    }

    /** True if no further check changes the answer. */
    boolean isDecided() {
      return onlyFirst && any;
    }

    void expect(boolean met, String at, Supplier<String> otherwise) {
      if (!met) {
        any = true;
        if (!onlyFirst) {
          texts.add(at + " " + otherwise.get());
        }
      }
    }
  }
}
