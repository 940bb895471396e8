package io.meshwork.odcs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;

/** The official JSON Schemas of ODCS, and the newest with what documents of 3.0 may have. */
final class OdcsSchemas {
  /** Definitions that allow more keys in 3.0. */
  private static final List<String> OPEN =
      List.of(
          "Server",
          "DataQuality",
          "SupportItem",
          "Pricing",
          "TeamMember",
          "Role",
          "ServiceLevelAgreementProperty",
          "CustomProperty");

  private OdcsSchemas() {}

  /**
   * Returns the schema of a version.
   *
   * @param version such as {@code v3.1.0}
   */
  static JsonNode exact(String version) {
    JsonNode schema = resource("odcs-json-schema-" + version + ".json");
    checkOnce((ObjectNode) schema.at("/$defs/SchemaItemProperty"));
    return schema;
  }

  /** Returns the schema of ODPS 1.1.0, under which each document of 1.0.0 is valid. */
  static JsonNode odps() {
    return resource("odps-json-schema-v1.1.0.json");
  }

  private static JsonNode resource(String name) {
    try (InputStream in =
        Objects.requireNonNull(OdcsSchemas.class.getResourceAsStream(name), name)) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The base checks the properties of items that are objects as well; to check them twice doubles
   * the time with each level.
   */
  private static void checkOnce(ObjectNode item) {
    ObjectNode choice = item.objectNode();
    ObjectNode object = choice.putObject("if");
    object.putArray("required").add("logicalType");
    object.putObject("properties").putObject("logicalType").put("const", "object");
    choice.putObject("then").putObject("properties").putObject("properties");
    choice.putObject("else").set("properties", item.remove("properties"));
    item.putArray("allOf").add(choice);
  }

  /**
   * The schema for 3.0: rules may have {@code rule} in place of {@code metric} and any operators,
   * exclusive ends may be booleans, and eight kinds of objects may have more keys.
   */
  static JsonNode earlier() {
    JsonNode schema = exact(OdcsValidator.NEWEST);
    ObjectNode definitions = (ObjectNode) schema.get("$defs");
    for (String name : OPEN) {
      ObjectNode definition = (ObjectNode) definitions.get(name);
      definition.remove("additionalProperties");
      definition.remove("unevaluatedProperties");
    }
    ((ObjectNode) definitions.at("/AuthoritativeDefinitions/items")).remove("additionalProperties");
    ((ObjectNode) definitions.get("CustomProperty")).remove("required");
    ((ObjectNode) definitions.get("TeamMember")).remove("required");
    ((ObjectNode) definitions.get("DataQualityLibrary")).remove(List.of("allOf", "required"));
    ((ObjectNode) definitions.get("DataQualitySql")).remove("allOf");
    // The schema of 3.0.0 knows a type, and its Athena servers cannot be written as it demands.
    ((ObjectNode) schema.get("properties")).putObject("type").put("type", "string");
    ((ObjectNode) definitions.at("/ServerSource/AthenaServer")).remove("required");
    openEnds(definitions.get("SchemaBaseProperty"));
    return schema;
  }

  private static void openEnds(JsonNode schema) {
    for (JsonNode each : schema) {
      openEnds(each);
    }
    for (String end : List.of("exclusiveMinimum", "exclusiveMaximum")) {
      if (schema.path(end).isObject()) {
        ObjectNode either = ((ObjectNode) schema).objectNode();
        either.putArray("anyOf").add(schema.get(end)).addObject().put("type", "boolean");
        ((ObjectNode) schema).set(end, either);
      }
    }
  }
}
