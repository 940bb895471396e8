package io.meshwork.internal.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.text.NearestName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Meshwork's properties in an Avro schema. Other properties are ignored. Stateless. */
public final class SchemaProperties {
  private static final String PREFIX = "meshwork.";
  private static final List<String> KNOWN =
      List.of(
          TimeTruncation.PROPERTY, JsonText.PROPERTY, PhysicalName.PROPERTY, TextFormat.PROPERTY);
  private static final List<String> NAMED_TYPES = List.of("record", "enum", "fixed");
  private static final JsonMapper MAPPER = new JsonMapper();

  private SchemaProperties() {}

  /** Returns the first invalid use of a Meshwork property in a schema; empty if there is none. */
  public static Optional<String> findMisuse(String avroJson) {
    return findMisuse(parsed(avroJson));
  }

  /** Reads a schema that Avro parsed before. */
  static JsonNode parsed(String avroJson) {
    try {
      return MAPPER.readTree(avroJson);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a parsed schema cannot be read again", e);
    }
  }

  private static Optional<String> findMisuse(JsonNode node) {
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      if (member.getKey().startsWith(PREFIX)) {
        Optional<String> misuse = misuse(member.getKey(), member.getValue(), node);
        if (misuse.isPresent()) {
          return misuse;
        }
      }
    }
    Optional<String> repeated = repeatedName(node.path("fields"));
    if (repeated.isPresent()) {
      return repeated;
    }
    for (JsonNode child : node) {
      Optional<String> inside = findMisuse(child);
      if (inside.isPresent()) {
        return inside;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> misuse(String name, JsonNode value, JsonNode node) {
    return switch (name) {
      case TimeTruncation.PROPERTY ->
          value.isBoolean() && TimeTruncation.isTime(node)
              ? Optional.empty()
              : Optional.of(
                  wrong(name)
                      + "true or false, beside the logicalType of a time or timestamp in"
                      + " milliseconds or microseconds");
      case JsonText.PROPERTY ->
          value.isBoolean()
                  && node.path("type").asText().equals("string")
                  && !node.has("logicalType")
              ? Optional.empty()
              : Optional.of(
                  wrong(name) + "true or false, beside the type string without a logicalType");
      case PhysicalName.PROPERTY ->
          value.isTextual() && !value.asText().isBlank() && isField(node)
              ? Optional.empty()
              : Optional.of(wrong(name) + "a string that is not blank, beside the name of a field");
      case TextFormat.PROPERTY ->
          (isField(node) && TextFormat.isForm(value))
                  || (node.path("type").asText().equals("record") && TextFileFormat.isForm(value))
              ? Optional.empty()
              : Optional.of(
                  wrong(name)
                      + "an object with format, nulls, or trim beside the name of a field, or with"
                      + " separator, charset, quote, nulls, or header beside the record of the rows");
      default ->
          Optional.of(
              "the schema has the unknown property '"
                  + NameGrammar.quoted(name)
                  + "'; did you mean '"
                  + NearestName.to(name, KNOWN).orElse(KNOWN.get(0))
                  + "'?");
    };
  }

  private static boolean isField(JsonNode node) {
    return node.has("name")
        && node.has("type")
        && !NAMED_TYPES.contains(node.path("type").asText());
  }

  /** A name in files that belongs to two fields of a record. */
  private static Optional<String> repeatedName(JsonNode fields) {
    Map<String, String> columns = new HashMap<>();
    fields.forEach(field -> columns.put(field.path("name").asText(), field.path("name").asText()));
    for (JsonNode field : fields) {
      String column = field.path("name").asText();
      String inFiles = field.path(PhysicalName.PROPERTY).asText(column);
      String earlierColumn = columns.putIfAbsent(inFiles, column);
      if (earlierColumn != null && !earlierColumn.equals(column)) {
        return Optional.of(
            "the fields '"
                + NameGrammar.quoted(earlierColumn)
                + "' and '"
                + NameGrammar.quoted(column)
                + "' have the same name in files, '"
                + NameGrammar.quoted(inFiles)
                + "'");
      }
    }
    return Optional.empty();
  }

  private static String wrong(String name) {
    return "the property '" + name + "' must be ";
  }
}
