package io.meshwork.testkit.aws.internal.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.testkit.aws.internal.access.AwsErrorException;
import io.meshwork.testkit.aws.internal.access.AwsIdentity;
import io.meshwork.testkit.aws.internal.access.AwsPages;
import io.meshwork.testkit.aws.internal.access.CatalogKey;
import io.meshwork.testkit.aws.internal.access.NotEmulatedException;
import io.meshwork.testkit.aws.internal.lake.LakeCatalog;
import io.meshwork.testkit.aws.internal.lake.LakeLocations;
import io.meshwork.testkit.aws.internal.lake.LakeObject;
import io.meshwork.testkit.aws.internal.lake.LakeResource;
import io.meshwork.testkit.aws.internal.lake.LakeState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Glue's operations on tables, their versions, and partitions. Guarded by {@link LakeState}. */
final class GlueTables {
  private static final int MOST_IN_PAGE = 100;

  private final GlueStore store;
  private final LakeState lakes;
  private final GlueAccess access;

  GlueTables(GlueStore store, LakeState lakes, GlueAccess access) {
    this.store = store;
    this.lakes = lakes;
    this.access = access;
  }

  ObjectNode reply(String operation, AwsIdentity caller, CatalogKey catalog, ObjectNode body)
      throws IOException {
    String database = LakeResource.lower(body, "DatabaseName");
    body.remove("CatalogId");
    return switch (operation) {
      case "CreateTable" -> create(caller, catalog, body);
      case "GetTable" -> {
        ObjectNode reply = JsonNodeFactory.instance.objectNode();
        reply.set("Table", described(caller, table(operation, caller, catalog, body)));
        yield reply;
      }
      case "GetTables" ->
          list(caller, access.resolvedDatabase(caller, catalog, database, operation), body);
      case "UpdateTable" -> update(caller, catalog, body);
      case "DeleteTable" -> {
        CatalogTable table = table(operation, caller, catalog, body);
        delete(caller, table);
        yield JsonNodeFactory.instance.objectNode();
      }
      case "BatchDeleteTable" -> deleteAll(caller, catalog, body);
      default -> ofParts(operation, caller, catalog, body);
    };
  }

  /** Returns a table that may be a link; a database that is a link is followed. */
  private CatalogTable table(
      String operation, AwsIdentity caller, CatalogKey catalog, JsonNode body) throws IOException {
    String database = LakeResource.lower(body, "DatabaseName");
    CatalogTable named = access.database(caller, catalog, database);
    CatalogTable resolved = named.isLink() ? access.followed(caller, named, operation) : named;
    CatalogTable table = access.table(caller, resolved, GlueActions.name(body));
    if (named.isLink()) {
      if (table.isLink()) {
        throw AwsErrorException.invalidInput(
            "A table resource link in a linked database is not followed.");
      }
      GlueActions.checkTarget(access.policies(), caller, operation, table);
    }
    return table;
  }

  private CatalogTable resolvedTable(
      String operation, AwsIdentity caller, CatalogKey catalog, JsonNode body) throws IOException {
    CatalogTable table = table(operation, caller, catalog, body);
    return table.isLink() ? access.followed(caller, table, operation) : table;
  }

  private ObjectNode create(AwsIdentity caller, CatalogKey catalog, ObjectNode body)
      throws IOException {
    ObjectNode input = GlueDefaults.input(body, "TableInput");
    String name = GlueDefaults.foldName(input);
    CatalogTable named = access.database(caller, catalog, LakeResource.lower(body, "DatabaseName"));
    if (named.isLink() && input.path("TargetTable").isObject()) {
      throw AwsErrorException.invalidInput(
          "A table resource link cannot be created through a database resource link.");
    }
    CatalogTable database = named.isLink() ? access.followed(caller, named, "CreateTable") : named;
    LakeObject object = LakeObject.table(database.object().database(), name);
    CatalogTable table = new CatalogTable(database.catalog(), object, input);
    access.require(caller, "CREATE_TABLE", database);
    if (table.isLink()) {
      access.checkTarget(caller, table);
    }
    access.requireLocation(caller, table, database);
    body.put("DatabaseName", object.database());
    ObjectNode reply = store.call(database.catalog(), "CreateTable", body);
    LakeCatalog lake = lakes.catalog(database.catalog());
    lake.creators().put(object, caller.principalArn());
    JsonNode defaults = database.json().path("CreateTableDefaultPermissions");
    GlueDefaults.grant(lake, object, defaults.isArray() ? defaults : GlueDefaults.ofTables(lake));
    return reply;
  }

  private ObjectNode list(AwsIdentity caller, CatalogTable database, ObjectNode body)
      throws IOException {
    if (body.has("AttributesToGet")) {
      throw new NotEmulatedException("Attributes of GetTables are not emulated.");
    }
    List<ObjectNode> tables = new ArrayList<>();
    for (CatalogTable table :
        store.tables(
            database.catalog(), database.object().database(), body.path("Expression").asText(""))) {
      if (access.lake().permits(caller, "DESCRIBE", table)) {
        tables.add(described(caller, table));
      }
    }
    tables.sort(Comparator.comparing(json -> json.path("Name").asText()));
    boolean isOwn = database.catalog().account().equals(caller.account());
    if (tables.isEmpty() && !isOwn) {
      access.require(caller, "DESCRIBE", database);
    }
    return AwsPages.glue(MOST_IN_PAGE).page(body, "TableList", tables);
  }

  /** Returns a table with the columns that a caller can see; a link with its target's. */
  private ObjectNode described(AwsIdentity caller, CatalogTable table) throws IOException {
    access.require(caller, "DESCRIBE", table);
    CatalogTable target = table.isLink() ? access.describedTarget(caller, table) : null;
    CatalogTable source = target == null ? table : target;
    ObjectNode json =
        target == null
            ? table.json()
            : table.describedBy(
                target, List.of("StorageDescriptor", "PartitionKeys", "Parameters", "TableType"));
    Set<String> columns = access.lake().describedColumns(caller, source);
    if (columns != null
        && json.path("StorageDescriptor").path("Columns") instanceof ArrayNode all) {
      for (int i = all.size() - 1; i >= 0; i--) {
        if (!columns.contains(all.get(i).path("Name").asText().toLowerCase(Locale.ROOT))) {
          all.remove(i);
        }
      }
    }
    LakeCatalog lake = lakes.catalog(source.catalog());
    String creator = lakes.catalog(table.catalog()).creators().get(table.object());
    if (creator != null) {
      json.put("CreatedBy", creator);
    }
    boolean isRegistered = LakeLocations.find(lake, source.location()) != null;
    return json.put("IsRegisteredWithLakeFormation", isRegistered);
  }

  private ObjectNode update(AwsIdentity caller, CatalogKey catalog, ObjectNode body)
      throws IOException {
    ObjectNode input = GlueDefaults.input(body, "TableInput");
    String name = GlueDefaults.foldName(input);
    body.remove("Name");
    CatalogTable table = resolvedTable("UpdateTable", caller, catalog, body);
    access.require(caller, "ALTER", table);
    CatalogTable updated = new CatalogTable(table.catalog(), table.object(), input);
    if (!updated.location().equals(table.location())) {
      CatalogTable database = access.database(caller, table.catalog(), table.object().database());
      access.requireLocation(caller, updated, database);
    }
    String current = table.json().path("VersionId").asText();
    if (!body.path("VersionId").asText(current).equals(current)) {
      throw new AwsErrorException(
          "ConcurrentModificationException",
          "Update table failed due to concurrent modifications: the current version of "
              + name
              + " is "
              + current
              + ".");
    }
    input.put("Name", table.object().table());
    body.put("DatabaseName", table.object().database());
    ObjectNode reply = store.call(table.catalog(), "UpdateTable", body);
    if (body.path("SkipArchive").asBoolean()) {
      ObjectNode version = named(table);
      store.call(table.catalog(), "DeleteTableVersion", version.put("VersionId", current));
    }
    return reply;
  }

  private void delete(AwsIdentity caller, CatalogTable table) throws IOException {
    access.require(caller, "DROP", table);
    ObjectNode body = named(table);
    body.put("Name", table.object().table());
    store.call(table.catalog(), "DeleteTable", body);
    lakes.catalog(table.catalog()).forget(table.object());
  }

  private ObjectNode deleteAll(AwsIdentity caller, CatalogKey catalog, ObjectNode body)
      throws IOException {
    ObjectNode reply = JsonNodeFactory.instance.objectNode();
    for (JsonNode name : body.path("TablesToDelete")) {
      ObjectNode one = body.deepCopy().put("Name", name.asText());
      try {
        delete(caller, table("BatchDeleteTable", caller, catalog, one));
      } catch (AwsErrorException e) {
        ObjectNode error = reply.withArray("Errors").addObject().put("TableName", name.asText());
        error
            .putObject("ErrorDetail")
            .put("ErrorCode", e.code())
            .put("ErrorMessage", e.getMessage());
      }
    }
    return reply;
  }

  /** Partitions and versions of a table, or of the table that a link links to. */
  private ObjectNode ofParts(
      String operation, AwsIdentity caller, CatalogKey catalog, ObjectNode body)
      throws IOException {
    CatalogTable table = resolvedTable(operation, caller, catalog, body);
    boolean isRead = operation.startsWith("Get") || operation.startsWith("BatchGet");
    access.require(caller, isRead ? "DESCRIBE" : "ALTER", table);
    if (isRead && access.lake().describedColumns(caller, table) != null) {
      throw AwsErrorException.accessDenied(
          GlueAccess.insufficient("SELECT", "all columns of " + table.object()));
    }
    body.setAll(named(table));
    ObjectNode reply = store.call(table.catalog(), operation, body);
    return switch (operation) {
      case "GetTableVersions" -> {
        List<JsonNode> versions = new ArrayList<>();
        reply.path("TableVersions").forEach(versions::add);
        versions.sort(Comparator.comparingInt(one -> -one.path("VersionId").asInt()));
        yield AwsPages.glue(MOST_IN_PAGE).page(body, "TableVersions", versions);
      }
      case "GetPartitions" -> {
        List<JsonNode> partitions = new ArrayList<>();
        reply.path("Partitions").forEach(partitions::add);
        yield AwsPages.glue(1_000).page(body, "Partitions", partitions);
      }
      default -> reply;
    };
  }

  private static ObjectNode named(CatalogTable table) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("DatabaseName", table.object().database())
        .put("TableName", table.object().table());
  }
}
