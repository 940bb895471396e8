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
 * Reads files whose cases contain schemas as JSON and the expected results: a list, or an object
 * with a list. An invalid file ends the run; a case without a unique ID fails.
 */
final class CaseFile {
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

  /** A double column may contain -0.0, which BigDecimal cannot represent. */
  private static final ObjectMapper JSON_WITH_DOUBLES =
      JSON.copy().disable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private CaseFile() {}

  /** A case with its ID. {@code malformed} is the reason why the case cannot run. */
  record Case(String id, JsonNode json, @Nullable String malformed) {
    /** Returns the text of a member. Throws the exception that fails the case if there is none. */
    String text(String name) {
      if (!json.path(name).isTextual()) {
        throw new InvalidValueException("it has no text '" + name + "'");
      }
      return json.path(name).textValue();
    }

    /**
     * Returns the boolean of a member. Throws the exception that fails the case if there is none.
     */
    boolean truth(String name) {
      if (!json.path(name).isBoolean()) {
        throw new InvalidValueException("it has no true or false '" + name + "'");
      }
      return json.path(name).booleanValue();
    }

    /**
     * Returns the schema of a member as text. Throws the exception that fails the case if there is
     * none.
     */
    String schema(String name) {
      if (!json.has(name)) {
        throw new InvalidValueException("it has no schema '" + name + "'");
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

  /**
   * Reads the cases of a file. Fails if no case has any of the fields of the suite, unless the file
   * has no cases.
   */
  static List<Case> read(Path file, String list, Set<String> fields) {
    return read(file, list, fields, JSON);
  }

  /** Reads the cases of a file, with numbers that have a point or an exponent as doubles. */
  static List<Case> readWithDoubles(Path file, String list, Set<String> fields) {
    return read(file, list, fields, JSON_WITH_DOUBLES);
  }

  private static List<Case> read(Path file, String list, Set<String> fields, ObjectMapper mapper) {
    try {
      JsonNode root = mapper.readTree(Files.readString(file));
      JsonNode all = root.isObject() ? root.path(list) : root;
      if (!all.isArray()) {
        throw new CannotRunException(
            "Cannot read the cases of "
                + file
                + ": it is not a list and has no list '"
                + list
                + "'.");
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
