package io.meshwork.internal.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.runtime.NearestName;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** Meshwork's properties in an Avro schema. Other properties are ignored. Stateless. */
public final class SchemaProperties {
  private static final String PREFIX = "meshwork.";
  private static final List<String> KNOWN =
      List.of(TimeTruncation.PROPERTY, JsonText.PROPERTY, PhysicalName.PROPERTY);
  private static final List<String> NAMED_TYPES = List.of("record", "enum", "fixed");
  private static final JsonMapper MAPPER = new JsonMapper();

  private SchemaProperties() {}

  /** Returns the first invalid use of a Meshwork property in a schema; empty if there is none. */
  public static Optional<String> findMisuse(String avroJson) {
    try {
      return findMisuse(MAPPER.readTree(avroJson));
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
              : Optional.of(wrong(name) + "a text beside the name of a field");
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
      String other = columns.putIfAbsent(inFiles, column);
      if (other != null && !other.equals(column)) {
        return Optional.of(
            "the fields '"
                + NameGrammar.quoted(other)
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

  /**
   * The property of an Avro time or timestamp that truncates finer values to the unit of the
   * column, towards the past, instead of rejecting them. Stateless.
   */
  public static final class TimeTruncation {
    /** The property's name; its value is a boolean. */
    public static final String PROPERTY = "meshwork.truncate";

    private static final Set<String> TIMES =
        Set.of(
            "time-millis",
            "time-micros",
            "timestamp-millis",
            "timestamp-micros",
            "local-timestamp-millis",
            "local-timestamp-micros");

    private TimeTruncation() {}

    /** Returns the time type with the property. */
    public static Schema declare(Schema time) {
      time.addProp(PROPERTY, true);
      return time;
    }

    /** Returns true if the type has the property. */
    public static boolean isDeclared(Schema type) {
      return Boolean.TRUE.equals(type.getObjectProp(PROPERTY));
    }

    /**
     * Returns true if values in microseconds or finer may change: the type has the property, and
     * its unit is milliseconds.
     */
    public static boolean changesMicroseconds(Schema type) {
      return isDeclared(type)
          && type.getLogicalType() != null
          && type.getLogicalType().getName().endsWith("-millis");
    }

    /**
     * Returns a schema with the property set or removed.
     *
     * @param columns the columns to change, at every depth; empty for all
     */
    public static String changed(String avroJson, Set<String> columns, boolean truncating) {
      JsonNode schema = parsed(avroJson);
      for (JsonNode field : schema.path("fields")) {
        if (columns.isEmpty() || columns.contains(field.path("name").asText())) {
          change(field.path("type"), truncating);
        }
      }
      return schema.toString();
    }

    private static void change(JsonNode node, boolean truncating) {
      if (isTime(node)) {
        ObjectNode time = (ObjectNode) node;
        if (truncating) {
          time.set(PROPERTY, BooleanNode.TRUE);
        } else {
          time.remove(PROPERTY);
        }
      } else if (!node.path("type").isTextual() || !node.path("type").asText().equals("enum")) {
        // Among the attributes of a schema, only these contain types.
        if (node.isArray()) {
          node.forEach(branch -> change(branch, truncating));
        }
        change(node, "type", truncating);
        change(node, "items", truncating);
        change(node, "values", truncating);
        node.path("fields").forEach(field -> change(field, "type", truncating));
      }
    }

    private static void change(JsonNode node, String member, boolean truncating) {
      if (node.path(member).isContainerNode()) {
        change(node.path(member), truncating);
      }
    }

    /** Returns true if a type in JSON is a time or timestamp that can have the property. */
    static boolean isTime(JsonNode node) {
      return node.isObject() && TIMES.contains(node.path("logicalType").asText());
    }

    private static JsonNode parsed(String avroJson) {
      try {
        return MAPPER.readTree(avroJson);
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("a parsed schema cannot be read again", e);
      }
    }
  }

  /**
   * The property of an Avro string whose column also takes numbers, booleans, objects, and arrays
   * of JSON lines, as their JSON text. Stateless.
   */
  public static final class JsonText {
    /** The property's name; its value is a boolean. */
    public static final String PROPERTY = "meshwork.json";

    private JsonText() {}

    /** Returns a string type with the property. */
    public static Schema schema() {
      Schema text = Schema.create(Schema.Type.STRING);
      text.addProp(PROPERTY, true);
      return text;
    }

    /** Returns true if the type has the property. */
    public static boolean isDeclared(Schema type) {
      return Boolean.TRUE.equals(type.getObjectProp(PROPERTY));
    }
  }

  /**
   * The name that a column has in files, where it differs, such as {@code Order ID}: a property of
   * an Avro field. Stateless.
   */
  public static final class PhysicalName {
    /** The property's name; its value is a text. */
    public static final String PROPERTY = "meshwork.physicalName";

    private PhysicalName() {}

    /** Declares a name in files that differs from the column's. */
    public static void declare(Schema.Field field, String inFiles) {
      if (!field.name().equals(inFiles)) {
        field.addProp(PROPERTY, inFiles);
      }
    }

    /** Returns the name in files: the declared one, otherwise the column's. */
    public static String of(Schema.Field field) {
      return field.getObjectProp(PROPERTY) instanceof String name ? name : field.name();
    }

    /** Returns the column with a name, or else with that name in files; null if there is none. */
    public static Schema.@Nullable Field find(Schema record, String name) {
      Schema.Field named = record.getField(name);
      if (named != null) {
        return named;
      }
      for (Schema.Field field : record.getFields()) {
        if (of(field).equals(name)) {
          return field;
        }
      }
      return null;
    }

    /**
     * Returns a column for messages, such as {@code 'order_id' ('Order ID' in files)}.
     *
     * @param path its path
     */
    public static String describe(String path, Schema.Field field) {
      String inFiles = of(field);
      return "'"
          + path
          + "'"
          + (inFiles.equals(field.name())
              ? ""
              : " ('" + NameGrammar.quoted(inFiles) + "' in files)");
    }

    /** Returns a name as a column can have it, with underscores in place of other characters. */
    public static String legal(String name) {
      String legal = name.replaceAll("[^A-Za-z0-9_]+", "_");
      if (!name.matches("[A-Za-z0-9_].*[A-Za-z0-9_]")) {
        legal = legal.replaceAll("^_+(?=.)|(?<=.)_+$", "");
      }
      if (legal.isEmpty() || Character.isDigit(legal.charAt(0))) {
        legal = "_" + legal;
      }
      return legal.toLowerCase(Locale.ROOT).startsWith("_mesh") ? "c" + legal : legal;
    }
  }
}
