package io.meshwork.conformance.runner;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads files whose cases hold schemas as JSON beside what is expected of them: a list, or an
 * object with a list under one name. What is wrong with the file as a whole ends the run; a case
 * without a unique id fails.
 */
final class JudgedCases {
  private static final int MAX_DEPTH = 1_000;

  private static final ObjectMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** A double column may hold -0.0, which no BigDecimal is. */
  private static final ObjectMapper JSON_WITH_DOUBLES =
      JSON.copy().disable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private JudgedCases() {}

  /** A case by its id; malformed says why it is none. */
  record Case(String id, JsonNode json, @Nullable String malformed) {
    /** The text at a name; throws what makes the case fail if there is none. */
    String text(String name) {
      if (!json.path(name).isTextual()) {
        throw new UnfitValueException("it has no text '" + name + "'");
      }
      return json.path(name).textValue();
    }

    /** The truth at a name; throws what makes the case fail if there is none. */
    boolean truth(String name) {
      if (!json.path(name).isBoolean()) {
        throw new UnfitValueException("it has no true or false '" + name + "'");
      }
      return json.path(name).booleanValue();
    }

    /** The schema's text at a name; throws what makes the case fail if there is none. */
    String schema(String name) {
      if (!json.has(name)) {
        throw new UnfitValueException("it has no schema '" + name + "'");
      }
      JsonNode schema = json.get(name);
      boolean inText = schema.isTextual() && schema.textValue().strip().startsWith("{");
      return inText ? schema.textValue() : schema.toString();
    }
  }

  /** Reads one JSON value, strictly. */
  static JsonNode parse(String text) throws IOException {
    return JSON.readTree(text);
  }

  /** Those of a file of which some case has one of the suite's fields, or there is no case. */
  static List<Case> read(Path file, String list, Set<String> fields) {
    return read(file, list, fields, JSON);
  }

  /** The same with numbers as doubles where they have a point or an exponent. */
  static List<Case> readWithDoubles(Path file, String list, Set<String> fields) {
    return read(file, list, fields, JSON_WITH_DOUBLES);
  }

  private static List<Case> read(Path file, String list, Set<String> fields, ObjectMapper mapper) {
    try {
      JsonNode root = mapper.readTree(Files.readString(file));
      JsonNode all = root.isObject() ? root.path(list) : root;
      if (!all.isArray()) {
        throw new CannotRunException(
            "Cannot read the cases of " + file + ": it has no list '" + list + "' and is none.");
      }
      List<Case> cases = new ArrayList<>();
      Set<String> ids = new HashSet<>();
      for (JsonNode one : all) {
        cases.add(of(one, cases.size() + 1, ids));
      }
      if (!cases.isEmpty()
          && cases.stream().noneMatch(one -> fields.stream().anyMatch(one.json()::has))) {
        throw new CannotRunException(
            "Cannot read the cases of "
                + file
                + ": none of them has any of "
                + String.join(", ", new TreeSet<>(fields))
                + ", so they are cases of another suite.");
      }
      return cases;
    } catch (JsonProcessingException e) {
      throw new CannotRunException(
          "Cannot read the cases of " + file + ": " + e.getOriginalMessage() + ".");
    } catch (IOException e) {
      throw new CannotRunException("Cannot read the cases of " + file + ": " + e + ".");
    }
  }

  private static Case of(JsonNode one, int number, Set<String> ids) {
    String id = one.path("id").asText();
    if (id.isBlank()) {
      return new Case("#" + number, one, "the case has no id");
    }
    return new Case(id, one, ids.add(id) ? null : "another case of this file has the same id");
  }
}
