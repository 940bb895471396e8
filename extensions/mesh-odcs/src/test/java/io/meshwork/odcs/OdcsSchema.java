package io.meshwork.odcs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * Validates a document with the official JSON Schema of ODCS 3.1 (draft 2019-09), which is beside
 * this project and not in it. A keyword that it does not know is an error.
 */
final class OdcsSchema {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> SAYS_NOTHING =
      Set.of(
          "$schema",
          "$defs",
          "$comment",
          "title",
          "description",
          "default",
          "examples",
          "format",
          "deprecated",
          "then",
          "else");

  private final JsonNode root;

  private OdcsSchema(JsonNode root) {
    this.root = root;
  }

  /** Where it should be, seen from the module that is tested. */
  static Path place() {
    Path module = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    return Path.of(
        System.getProperty(
            "meshwork.odcs.schema",
            module.resolve("../../../shared/data/odcs/odcs-json-schema-v3.1.0.json").toString()));
  }

  static OdcsSchema read() {
    try {
      return new OdcsSchema(JSON.readTree(Files.readString(place())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<String> faults(JsonNode document) {
    return check(root, document, "$").faults;
  }

  /** The errors, and the evaluated fields of an object. */
  private static final class Result {
    private final List<String> faults = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();

    void expect(boolean held, String fault) {
      if (!held) {
        faults.add(fault);
      }
    }

    void take(Result other) {
      faults.addAll(other.faults);
      seen.addAll(other.seen);
    }
  }

  private Result check(JsonNode schema, JsonNode value, String at) {
    Result result = new Result();
    if (schema.isBoolean()) {
      result.expect(schema.asBoolean(), at + " may not be");
      return result;
    }
    for (Map.Entry<String, JsonNode> keyword : schema.properties()) {
      keyword(keyword.getKey(), keyword.getValue(), schema, value, at, result);
    }
    if (schema.has("unevaluatedProperties")) {
      result.expect(!schema.get("unevaluatedProperties").asBoolean(true), at + " not understood");
      value
          .fieldNames()
          .forEachRemaining(
              name -> result.expect(result.seen.contains(name), at + " has unknown " + name));
    }
    return result;
  }

  private void keyword(
      String name, JsonNode wanted, JsonNode schema, JsonNode value, String at, Result result) {
    switch (name) {
      case "$ref" -> result.take(check(root.at(wanted.asText().substring(1)), value, at));
      case "type" -> result.expect(isOfType(wanted.asText(), value), at + " is no " + wanted);
      case "const" -> result.expect(wanted.equals(value), at + " is not " + wanted);
      case "enum" -> result.expect(contains(wanted, value), at + " is none of " + wanted);
      case "pattern" ->
          result.expect(
              !value.isTextual() || Pattern.compile(wanted.asText()).matcher(value.asText()).find(),
              at + " does not match");
      case "required" ->
          wanted.forEach(
              each ->
                  result.expect(
                      !value.isObject() || value.has(each.asText()), at + " lacks " + each));
      case "properties" -> {
        for (Map.Entry<String, JsonNode> each : wanted.properties()) {
          if (value.has(each.getKey())) {
            result.seen.add(each.getKey());
            String inside = at + "." + each.getKey();
            result.faults.addAll(check(each.getValue(), value.get(each.getKey()), inside).faults);
          }
        }
      }
      case "additionalProperties" ->
          value
              .fieldNames()
              .forEachRemaining(
                  each -> {
                    result.seen.add(each);
                    if (!schema.path("properties").has(each)) {
                      result.expect(wanted.asBoolean(true), at + " has more: " + each);
                    }
                  });
      case "items" -> {
        for (int i = 0; value.isArray() && i < value.size(); i++) {
          result.faults.addAll(check(wanted, value.get(i), at + "[" + i + "]").faults);
        }
      }
      case "allOf" -> wanted.forEach(each -> result.take(check(each, value, at)));
      case "anyOf", "oneOf" -> {
        List<Result> held =
            StreamSupport.stream(wanted.spliterator(), false)
                .map(each -> check(each, value, at))
                .filter(each -> each.faults.isEmpty())
                .toList();
        result.expect(
            name.equals("oneOf") ? held.size() == 1 : !held.isEmpty(),
            at + " follows " + held.size() + " of " + wanted.size() + " forms of " + name);
        held.forEach(result::take);
      }
      case "not" -> result.expect(!check(wanted, value, at).faults.isEmpty(), at + " is forbidden");
      case "if" -> {
        Result condition = check(wanted, value, at);
        JsonNode branch = schema.path(condition.faults.isEmpty() ? "then" : "else");
        if (condition.faults.isEmpty()) {
          result.seen.addAll(condition.seen);
        }
        if (!branch.isMissingNode()) {
          result.take(check(branch, value, at));
        }
      }
      case "minimum", "exclusiveMinimum" ->
          result.expect(
              !value.isNumber()
                  || value.decimalValue().compareTo(wanted.decimalValue())
                      >= (name.equals("minimum") ? 0 : 1),
              at + " is too small");
      case "maximum", "exclusiveMaximum" ->
          result.expect(
              !value.isNumber()
                  || value.decimalValue().compareTo(wanted.decimalValue())
                      <= (name.equals("maximum") ? 0 : -1),
              at + " is too large");
      case "minItems", "minProperties", "minLength" ->
          result.expect(size(name, value) >= wanted.asInt(), at + " is too short");
      case "maxItems", "maxLength" ->
          result.expect(
              !(value.isArray() || value.isTextual()) || size(name, value) <= wanted.asInt(),
              at + " is too long");
      case "uniqueItems" -> {
        Set<JsonNode> items = new HashSet<>();
        value.forEach(items::add);
        result.expect(!value.isArray() || items.size() == value.size(), at + " repeats");
      }
      case "unevaluatedProperties" -> {
        // Judged after all other keywords.
      }
      default -> {
        if (!SAYS_NOTHING.contains(name)) {
          throw new IllegalStateException("This check does not know " + name);
        }
      }
    }
  }

  private static int size(String keyword, JsonNode value) {
    boolean fits =
        keyword.endsWith("Items")
            ? value.isArray()
            : keyword.endsWith("Length") ? value.isTextual() : value.isObject();
    return !fits ? Integer.MAX_VALUE : value.isTextual() ? value.asText().length() : value.size();
  }

  private static boolean contains(JsonNode values, JsonNode value) {
    return StreamSupport.stream(values.spliterator(), false).anyMatch(value::equals);
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
}
