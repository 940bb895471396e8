package io.meshwork.testkit.aws.internal.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.testkit.aws.internal.access.AwsErrorException;
import io.meshwork.testkit.aws.internal.access.AwsIdentity;
import io.meshwork.testkit.aws.internal.access.AwsPages;
import io.meshwork.testkit.aws.internal.access.AwsPermissions;
import io.meshwork.testkit.aws.internal.access.CatalogKey;
import io.meshwork.testkit.aws.internal.access.NotEmulatedException;
import io.meshwork.testkit.aws.internal.catalog.SchemaState.SchemaRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Glue's Schema Registry for Avro: policies, names, quotas, and compatibility with the checkpoint.
 * A new version of a schema is pending until a later request reads it, and what is deleted has the
 * status DELETING once. The server gets none of these requests, because it accepts incompatible
 * versions.
 */
public final class SchemaRules {
  private static final int MOST_REGISTRIES = 100;
  private static final int MOST_IN_PAGE = 100;
  private static final int LONGEST_DESCRIPTION = 2_048;
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_$#.-]{1,255}");
  private static final Set<String> MODES =
      Set.of(
          "NONE",
          "DISABLED",
          "BACKWARD",
          "BACKWARD_ALL",
          "FORWARD",
          "FORWARD_ALL",
          "FULL",
          "FULL_ALL");

  private final SchemaState state;
  private final AwsPermissions permissions;
  private final SchemaVersions versions;

  public SchemaRules(SchemaState state, AwsPermissions permissions) {
    this.state = state;
    this.permissions = permissions;
    versions = new SchemaVersions(state);
  }

  static boolean knows(String operation) {
    return operation.contains("Schema") || operation.contains("Registr");
  }

  ObjectNode reply(String operation, AwsIdentity caller, CatalogKey catalog, ObjectNode body) {
    JsonNode registry = body.path("RegistryId");
    JsonNode schema = body.path("SchemaId");
    if (registry.has("RegistryArn") || schema.has("SchemaArn")) {
      throw new NotEmulatedException("ARNs of schemas are not emulated; use names.");
    }
    String registryName =
        schema.isObject() ? text(schema, "RegistryName") : registryName(operation, body);
    String schemaName = text(schema.isObject() ? schema : body, "SchemaName");
    check(caller, operation, catalog, registryName, schemaName);
    synchronized (state) {
      return switch (operation) {
        case "CreateRegistry" -> createRegistry(catalog, registryName, body);
        case "GetRegistry", "UpdateRegistry", "DeleteRegistry" ->
            registry(operation, catalog, registryName, body);
        case "ListSchemas" -> list(catalog, registryName, body);
        case "CreateSchema" -> createSchema(catalog, registryName, schemaName, body);
        case "GetSchema", "UpdateSchema", "DeleteSchema" ->
            schema(operation, catalog, registryName, schemaName, body);
        default ->
            versions.reply(operation, require(catalog, registryName, schemaName), schemaName, body);
      };
    }
  }

  private static String registryName(String operation, ObjectNode body) {
    return operation.equals("CreateRegistry")
        ? text(body, "RegistryName")
        : text(body.path("RegistryId"), "RegistryName");
  }

  /**
   * A caller that reads definitions needs the right to read all, as in the guide of the registry.
   */
  private void check(
      AwsIdentity caller, String operation, CatalogKey catalog, String registry, String schema) {
    List<String> arns = new ArrayList<>();
    if (operation.equals("GetSchemaVersion")) {
      arns.add("*");
    } else {
      arns.add(catalog.arn("registry/" + registry));
      if (!schema.isEmpty()) {
        arns.add(catalog.arn("schema/" + registry + "/" + schema));
      }
    }
    for (String arn : arns) {
      GlueActions.check(permissions, caller, operation, arn);
    }
  }

  private ObjectNode createRegistry(CatalogKey catalog, String name, ObjectNode body) {
    checkName("RegistryName", name);
    Map<String, SchemaRegistry> all = state.of(catalog);
    if (all.containsKey(name)) {
      throw AwsErrorException.alreadyExists("Registry already exists. RegistryName: " + name);
    }
    if (all.size() >= MOST_REGISTRIES) {
      throw new AwsErrorException(
          "ResourceNumberLimitExceededException", "More registries cannot be created.");
    }
    SchemaRegistry created = new SchemaRegistry(description(body));
    all.put(name, created);
    return toJson(catalog, name, created);
  }

  private ObjectNode registry(String operation, CatalogKey catalog, String name, ObjectNode body) {
    SchemaRegistry schemaRegistry = require(catalog, name);
    ObjectNode reply = toJson(catalog, name, schemaRegistry);
    if (schemaRegistry.isDeleting()) {
      state.of(catalog).remove(name);
      return reply;
    }
    if (operation.equals("UpdateRegistry")) {
      schemaRegistry.setDescription(description(body));
    } else if (operation.equals("DeleteRegistry")) {
      schemaRegistry.delete();
      reply = toJson(catalog, name, schemaRegistry);
    }
    return reply;
  }

  private ObjectNode list(CatalogKey catalog, String registry, ObjectNode body) {
    List<ObjectNode> schemasJson = new ArrayList<>();
    Map<String, SchemaSet> schemas = require(catalog, registry).schemas();
    new TreeMap<>(schemas)
        .forEach(
            (name, schema) -> {
              ObjectNode item = schema.toJson(catalog, registry, name);
              item.remove(List.of("Compatibility", "SchemaCheckpoint", "LatestSchemaVersion"));
              schemasJson.add(item);
              forgetDeleted(schemas, name);
            });
    return AwsPages.glue(MOST_IN_PAGE).page(body, "Schemas", schemasJson);
  }

  private static void forgetDeleted(Map<String, SchemaSet> schemas, String name) {
    SchemaSet schema = schemas.get(name);
    if (schema != null && schema.isDeleting()) {
      schemas.remove(name);
    }
  }

  private ObjectNode createSchema(
      CatalogKey catalog, String registry, String name, ObjectNode body) {
    checkName("SchemaName", name);
    if (!text(body, "DataFormat").equals("AVRO")) {
      throw new NotEmulatedException("Only schemas of Avro are emulated.");
    }
    String mode = mode(body);
    SchemaRegistry owner = require(catalog, registry);
    if (owner.schemas().containsKey(name)) {
      throw AwsErrorException.alreadyExists("Schema already exists. SchemaName: " + name);
    }
    SchemaSet created = new SchemaSet(mode, description(body));
    SchemaSet.Version first = created.add(SchemaVersions.definition(body), false);
    owner.schemas().put(name, created);
    ObjectNode reply = created.toJson(catalog, registry, name);
    reply.put("SchemaVersionId", first.id());
    reply.put("SchemaVersionStatus", first.status());
    return reply;
  }

  private ObjectNode schema(
      String operation, CatalogKey catalog, String registry, String name, ObjectNode body) {
    SchemaSet schema = require(catalog, registry, name);
    if (schema.isDeleting()) {
      ObjectNode reply = schema.toJson(catalog, registry, name);
      require(catalog, registry).schemas().remove(name);
      return reply;
    }
    if (operation.equals("UpdateSchema")) {
      update(schema, body);
    } else if (operation.equals("DeleteSchema")) {
      schema.delete();
    }
    return schema.toJson(catalog, registry, name);
  }

  private void update(SchemaSet schema, ObjectNode body) {
    JsonNode number = body.path("SchemaVersionNumber");
    if (body.has("Compatibility") && !number.isObject()) {
      throw AwsErrorException.invalidInput("A compatibility requires the checkpoint.");
    }
    if (number.isObject()) {
      SchemaSet.Version checkpoint = versions.require(schema, number);
      if (!checkpoint.status().equals(SchemaSet.AVAILABLE)) {
        throw AwsErrorException.invalidInput("The checkpoint is " + checkpoint.status() + ".");
      }
      schema.setCheckpoint(checkpoint.number());
    }
    if (body.has("Compatibility")) {
      schema.setCompatibility(mode(body));
    }
    if (body.has("Description")) {
      schema.setDescription(description(body));
    }
  }

  private SchemaRegistry require(CatalogKey catalog, String name) {
    SchemaRegistry stored = state.of(catalog).get(name);
    if (stored == null) {
      throw AwsErrorException.notFound("Registry is not found. RegistryName: " + name);
    }
    return stored;
  }

  private SchemaSet require(CatalogKey catalog, String registry, String name) {
    SchemaSet schema = require(catalog, registry).schemas().get(name);
    if (schema == null) {
      throw AwsErrorException.notFound("Schema is not found. SchemaName: " + name);
    }
    return schema;
  }

  private static ObjectNode toJson(CatalogKey catalog, String name, SchemaRegistry registry) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("RegistryName", name);
    json.put("RegistryArn", catalog.arn("registry/" + name));
    json.put("Description", registry.description());
    json.put("Status", registry.isDeleting() ? "DELETING" : SchemaSet.AVAILABLE);
    return json;
  }

  private static String mode(ObjectNode body) {
    String mode = text(body, "Compatibility");
    if (!MODES.contains(mode)) {
      throw AwsErrorException.invalidInput("Compatibility is not valid.");
    }
    return mode;
  }

  private static void checkName(String field, String name) {
    if (!NAME.matcher(name).matches()) {
      throw AwsErrorException.invalidInput(field + " is not valid: " + name);
    }
  }

  private static String description(ObjectNode body) {
    String text = text(body, "Description");
    if (text.length() > LONGEST_DESCRIPTION) {
      throw AwsErrorException.invalidInput("The description is too long.");
    }
    return text;
  }

  private static String text(JsonNode json, String field) {
    return json.path(field).asText("");
  }
}
