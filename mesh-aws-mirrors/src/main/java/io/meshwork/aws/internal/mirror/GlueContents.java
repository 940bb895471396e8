package io.meshwork.aws.internal.mirror;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.aws.internal.mirror.glue.GlueImages;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.mirror.Mirror;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.glue.model.Column;
import software.amazon.awssdk.services.glue.model.Database;
import software.amazon.awssdk.services.glue.model.DatabaseInput;
import software.amazon.awssdk.services.glue.model.PrincipalPermissions;
import software.amazon.awssdk.services.glue.model.StorageDescriptor;
import software.amazon.awssdk.services.glue.model.Table;
import software.amazon.awssdk.services.glue.model.TableInput;

/**
 * Converts objects of Glue to contents, and contents to inputs. A content has only what the mesh
 * sets; an input for an existing object retains what others added to it. Stateless.
 */
final class GlueContents {
  private static final String NAME = "Name";
  private static final String DESCRIPTION = "Description";
  private static final String PARAMETERS = "Parameters";
  private static final String TABLE_DEFAULTS = "CreateTableDefaultPermissions";
  private static final String STORAGE = "StorageDescriptor";

  /** The path of the location of the metadata in a content. */
  static final String METADATA_PROPERTY = PARAMETERS + "." + GlueImages.METADATA;

  private GlueContents() {}

  static String of(Database database) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put(NAME, database.name());
    put(json, DESCRIPTION, database.description());
    putOurs(json, database.parameters());
    putDefaults(json, database.createTableDefaultPermissions());
    return Mirror.contentOf(json);
  }

  /** The mesh sets none, so existing ones come from others. */
  private static void putDefaults(ObjectNode json, List<PrincipalPermissions> defaults) {
    for (PrincipalPermissions each : defaults) {
      ObjectNode open = json.withArray(TABLE_DEFAULTS).addObject();
      if (each.principal() != null) {
        put(open, "Principal", each.principal().dataLakePrincipalIdentifier());
      }
      ArrayNode permissions = open.putArray("Permissions");
      each.permissionsAsStrings().forEach(permissions::add);
    }
  }

  static String of(Table table) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put(NAME, table.name());
    put(json, DESCRIPTION, table.description());
    put(json, "TableType", table.tableType());
    putOurs(json, table.parameters());
    ObjectNode storage = json.putObject(STORAGE);
    if (table.storageDescriptor() != null) {
      put(storage, "Location", table.storageDescriptor().location());
      ArrayNode columns = storage.putArray("Columns");
      for (Column column : table.storageDescriptor().columns()) {
        ObjectNode each = columns.addObject();
        each.put(NAME, column.name());
        put(each, "Type", column.type());
        put(each, "Comment", column.comment());
        ObjectNode parameters = each.putObject(PARAMETERS);
        new TreeMap<>(column.parameters()).forEach(parameters::put);
      }
    }
    return Mirror.contentOf(json);
  }

  private static void put(ObjectNode json, String field, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      json.put(field, value);
    }
  }

  private static void putOurs(ObjectNode json, Map<String, String> parameters) {
    ObjectNode object = json.putObject(PARAMETERS);
    new TreeMap<>(parameters)
        .forEach(
            (name, value) -> {
              if (isOurs(name)) {
                object.put(name, value);
              }
            });
  }

  /** The previous location follows from the one that a change finds, so it is not compared. */
  private static boolean isOurs(String parameter) {
    return parameter.equals(GlueImages.TABLE_TYPE)
        || parameter.equals(GlueImages.METADATA)
        || parameter.startsWith(GlueImages.OURS);
  }

  /** Returns the location of the metadata that a content names; empty if it names none. */
  static String metadata(String content) {
    return parse(content).path(PARAMETERS).path(GlueImages.METADATA).asText();
  }

  static JsonNode parse(String content) {
    return DocumentJson.parseObject("a mirrored object", content);
  }

  /**
   * Returns the input of a database. New tables get no default permissions: only Lake Formation
   * decides who reads them.
   *
   * @param existing null for a new database
   */
  static DatabaseInput databaseInput(String content, @Nullable Database existing) {
    JsonNode json = parse(content);
    DatabaseInput.Builder input =
        DatabaseInput.builder()
            .name(json.path(NAME).asText())
            .description(json.path(DESCRIPTION).textValue())
            .parameters(merged(json, existing == null ? Map.of() : existing.parameters()))
            .createTableDefaultPermissions(List.of());
    if (existing != null) {
      input.locationUri(existing.locationUri());
    }
    return input.build();
  }

  /**
   * Returns the input of a table.
   *
   * @param existing null for a new table
   */
  static TableInput tableInput(String content, @Nullable Table existing) {
    JsonNode json = parse(content);
    Map<String, String> parameters =
        merged(json, existing == null ? Map.of() : existing.parameters());
    TableInput.Builder input =
        TableInput.builder()
            .name(json.path(NAME).asText())
            .description(json.path(DESCRIPTION).textValue())
            .tableType(json.path("TableType").asText());
    StorageDescriptor.Builder storage = StorageDescriptor.builder();
    if (existing != null) {
      String before = existing.parameters().get(GlueImages.METADATA);
      if (before != null && !before.equals(parameters.get(GlueImages.METADATA))) {
        parameters.put(GlueImages.PREVIOUS, before);
      }
      input.owner(existing.owner()).retention(existing.retention());
      if (existing.storageDescriptor() != null) {
        storage = existing.storageDescriptor().toBuilder();
      }
    }
    List<Column> columns = new ArrayList<>();
    json.path(STORAGE).path("Columns").forEach(column -> columns.add(column(column)));
    return input
        .parameters(parameters)
        .storageDescriptor(
            storage.location(json.path(STORAGE).path("Location").asText()).columns(columns).build())
        .build();
  }

  private static Column column(JsonNode json) {
    return Column.builder()
        .name(json.path(NAME).asText())
        .type(json.path("Type").asText())
        .comment(json.path("Comment").textValue())
        .parameters(texts(json.path(PARAMETERS)))
        .build();
  }

  private static Map<String, String> merged(JsonNode json, Map<String, String> existing) {
    Map<String, String> all = new TreeMap<>(existing);
    all.keySet().removeIf(GlueContents::isOurs);
    all.putAll(texts(json.path(PARAMETERS)));
    return all;
  }

  private static Map<String, String> texts(JsonNode json) {
    Map<String, String> texts = new TreeMap<>();
    json.properties().forEach(each -> texts.put(each.getKey(), each.getValue().asText()));
    return texts;
  }
}
