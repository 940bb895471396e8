package io.meshwork.aws.internal.mirror.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.mirror.Mirror;
import io.meshwork.internal.schema.LegalSchema;
import java.util.Set;

/**
 * A schema of Glue's Schema Registry, as its checkpoint has it. Immutable.
 *
 * @param description the description of the schema
 * @param compatibility the mode, as Glue names it
 * @param contract the contract version that the checkpoint has in its metadata; several with commas
 * @param definition the definition of the checkpoint, as {@link #canonical} returns it
 */
record SchemaContent(String description, String compatibility, String contract, String definition) {
  private static final String DESCRIPTION = "Description";
  private static final String COMPATIBILITY = "Compatibility";
  private static final String CONTRACT = "Contract";
  private static final String DEFINITION = "Definition";

  /**
   * Returns a definition for a comparison: as JSON, also if another program wrote text that is not
   * JSON, such as Protobuf.
   */
  static String canonical(String definition) {
    return Mirror.contentOf(json(definition));
  }

  private static JsonNode json(String definition) {
    return DocumentJson.findJson(definition).orElseGet(() -> TextNode.valueOf(definition));
  }

  static SchemaContent of(String content) {
    JsonNode json = DocumentJson.parseObject("a mirrored schema", content);
    return new SchemaContent(
        json.path(DESCRIPTION).asText(),
        json.path(COMPATIBILITY).asText(),
        json.path(CONTRACT).asText(),
        Mirror.contentOf(json.path(DEFINITION)));
  }

  /** Returns false for the content of a registry. */
  static boolean isSchema(String content) {
    return DocumentJson.parseObject("a mirrored object", content).has(DEFINITION);
  }

  String toText() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put(DESCRIPTION, description);
    json.put(COMPATIBILITY, compatibility);
    json.put(CONTRACT, contract);
    json.set(DEFINITION, json(definition));
    return Mirror.contentOf(json);
  }

  /** Returns the definition as Avro writes it, with the name of each type first. */
  String schema() {
    return LegalSchema.parse(definition).toString();
  }

  /** Returns the contract versions that the checkpoint has in its metadata. */
  Set<String> contracts() {
    return contract.isEmpty() ? Set.of() : Set.of(contract.split(","));
  }

  /** Returns true if description and mode are the same. */
  boolean hasSettingsOf(SchemaContent other) {
    return description.equals(other.description) && compatibility.equals(other.compatibility);
  }

  /** Returns true if the definition is the same. */
  boolean hasDefinitionOf(SchemaContent other) {
    return definition.equals(other.definition);
  }
}
