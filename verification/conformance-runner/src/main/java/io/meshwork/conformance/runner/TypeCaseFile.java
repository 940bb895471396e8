package io.meshwork.conformance.runner;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file of {@code contract-types/1}. An invalid file ends the run; an invalid case fails.
 */
final class TypeCaseFile {
  private static final String FORMAT = "contract-types/1";

  /** Other fields are comments, unless they resemble one of these. */
  private static final List<String> KEYWORDS = List.of("avro", "rows", "expect", "refused");

  private static final int MAX_VALUE_DEPTH = 500;

  /**
   * The maximum nesting depth, which exceeds Jackson's default, because the suite tests the
   * rejection of deep schemas.
   */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private final String text;
  private final JsonParser parser;
  private final Set<String> ids = new HashSet<>();
  private final List<TypeCase> cases = new ArrayList<>();

  private TypeCaseFile(String text, JsonParser parser) {
    this.text = text;
    this.parser = parser;
  }

  static List<TypeCase> read(Path file) {
    try {
      String text = Files.readString(file);
      try (JsonParser parser = JSON.createParser(text)) {
        return new TypeCaseFile(text, parser).read();
      }
    } catch (JsonProcessingException e) {
      throw new CannotRunException(
          "Cannot read the cases of " + file + ": " + e.getOriginalMessage() + at(e) + ".");
    } catch (IOException e) {
      throw new CannotRunException("Cannot read the cases of " + file + ": " + e + ".");
    } catch (CannotRunException e) {
      throw new CannotRunException("Cannot read the cases of " + file + ": " + e.getMessage());
    }
  }

  private static String at(JsonProcessingException e) {
    return e.getLocation() == null ? "" : " in line " + e.getLocation().getLineNr();
  }

  private List<TypeCase> read() throws IOException {
    expect(parser.nextToken() == JsonToken.START_OBJECT, "it is not a JSON object");
    @Nullable Object format = null;
    boolean listed = false;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      if (name.equals("cases")) {
        expect(parser.currentToken() == JsonToken.START_ARRAY, "'cases' is not a list");
        listed = true;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          cases.add(oneCase());
        }
      } else {
        Object value = value(0);
        format = name.equals("schema") ? value : format;
      }
    }
    expect(parser.nextToken() == null, "something follows after its end");
    expect(FORMAT.equals(format), "its 'schema' is not \"" + FORMAT + "\"");
    expect(listed, "it has no 'cases'");
    return cases;
  }

  private static void expect(boolean truth, String otherwise) {
    if (!truth) {
      throw new CannotRunException(otherwise + ".");
    }
  }

  private TypeCase oneCase() throws IOException {
    String position = "#" + (cases.size() + 1);
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      value(0);
      return TypeCase.malformed(position, "the case is not an object");
    }
    @Nullable String avro = null;
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      if (name.equals("avro")) {
        avro = schema();
      } else {
        fields.put(name, value(0));
      }
    }
    if (!(fields.get("id") instanceof String id) || id.isBlank()) {
      return TypeCase.malformed(position, "the case has no id");
    }
    if (!ids.add(id)) {
      return TypeCase.malformed(id, "another case of this file has the same id");
    }
    return avro == null ? TypeCase.malformed(id, "it has no 'avro'") : oneCase(id, avro, fields);
  }

  private static TypeCase oneCase(String id, String avro, Map<String, @Nullable Object> fields) {
    for (String name : fields.keySet()) {
      if (!KEYWORDS.contains(name) && name.matches("(avro|row|expect|refus).*")) {
        return TypeCase.malformed(
            id, "it has the field '" + name + "', but the fields are " + KEYWORDS);
      }
    }
    if (fields.containsKey("rows") == fields.containsKey("refused")) {
      return TypeCase.malformed(id, "it needs 'rows' or 'refused', and not both");
    }
    if (fields.containsKey("refused")) {
      return fields.get("refused") instanceof String code && !fields.containsKey("expect")
          ? new TypeCase(id, avro, null, null, code, null)
          : TypeCase.malformed(id, "'refused' is one code, without 'expect'");
    }
    @Nullable List<Map<String, @Nullable Object>> rows = rows(fields.get("rows"));
    @Nullable List<Map<String, @Nullable Object>> expect = rows(fields.get("expect"));
    if (rows == null || (expect == null && fields.containsKey("expect"))) {
      return TypeCase.malformed(id, "'rows' and 'expect' are lists of objects");
    }
    return new TypeCase(id, avro, rows, expect, null, null);
  }

  @SuppressWarnings("unchecked") // objects of JSON have names as keys, by value() below
  private static @Nullable List<Map<String, @Nullable Object>> rows(@Nullable Object value) {
    if (!(value instanceof List<?> list) || !list.stream().allMatch(Map.class::isInstance)) {
      return null;
    }
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    for (Object row : list) {
      rows.add((Map<String, @Nullable Object>) row);
    }
    return rows;
  }

  /** Returns the unchanged text of an object, so that Meshwork is the first to parse the schema. */
  private String schema() throws IOException {
    if (!parser.currentToken().isStructStart()) {
      return parser.currentToken() == JsonToken.VALUE_STRING ? plainSchema() : parser.getText();
    }
    int start = (int) parser.currentTokenLocation().getCharOffset();
    parser.skipChildren();
    return text.substring(start, (int) parser.currentLocation().getCharOffset());
  }

  /** Returns the text of a schema. A string contains the text itself or the name of a type. */
  private String plainSchema() throws IOException {
    String scalar = parser.getText().strip();
    return scalar.startsWith("{") || scalar.startsWith("[") ? scalar : '"' + scalar + '"';
  }

  private @Nullable Object value(int depth) throws IOException {
    if (depth > MAX_VALUE_DEPTH) {
      throw new CannotRunException("a value nests deeper than " + MAX_VALUE_DEPTH + ".");
    }
    switch (parser.currentToken()) {
      case START_OBJECT -> {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String name = parser.currentName();
          parser.nextToken();
          object.put(name, value(depth + 1));
        }
        return object;
      }
      case START_ARRAY -> {
        List<@Nullable Object> array = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          array.add(value(depth + 1));
        }
        return array;
      }
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
        return new JsonNumber(parser.getText());
      }
      case VALUE_TRUE, VALUE_FALSE -> {
        return parser.getBooleanValue();
      }
      case VALUE_NULL -> {
        return null;
      }
      default -> {
        return parser.getText();
      }
    }
  }
}
