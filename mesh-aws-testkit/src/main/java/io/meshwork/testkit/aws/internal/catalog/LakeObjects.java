package io.meshwork.testkit.aws.internal.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.testkit.aws.internal.access.AwsErrorException;
import io.meshwork.testkit.aws.internal.access.CatalogKey;
import io.meshwork.testkit.aws.internal.lake.LakeObject;
import io.meshwork.testkit.aws.internal.lake.LakeResource;
import io.meshwork.testkit.aws.internal.lake.LakeResource.Kind;
import io.meshwork.testkit.aws.internal.lake.LakeState;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The databases, tables, columns, and tags that requests to Lake Formation name. */
final class LakeObjects {
  private final GlueStore store;
  private final LakeState lakes;
  private final LakeAccess access;

  LakeObjects(GlueStore store, LakeState lakes) {
    this.store = store;
    this.lakes = lakes;
    access = new LakeAccess(lakes);
  }

  GlueStore store() {
    return store;
  }

  LakeAccess access() {
    return access;
  }

  /**
   * Returns a database or table.
   *
   * @throws AwsErrorException if it does not exist
   */
  CatalogTable require(CatalogKey catalog, LakeObject object) throws IOException {
    CatalogTable catalogTable = store.find(catalog, object);
    if (catalogTable == null) {
      throw AwsErrorException.notFound(
          (object.isDatabase() ? "Database" : "Table") + " not found: " + object);
    }
    return catalogTable;
  }

  /**
   * Returns the database or table of a resource; the database, if it is all tables.
   *
   * @throws AwsErrorException if it does not exist, or lacks a column that the resource names
   */
  CatalogTable require(CatalogKey region, LakeResource resource) throws IOException {
    CatalogKey catalog = region.of(resource.account());
    boolean isDatabase =
        resource.kind() == Kind.DATABASE || resource.table().equals(LakeResource.ANY);
    LakeObject name =
        isDatabase
            ? LakeObject.database(resource.database())
            : LakeObject.table(resource.database(), resource.table());
    CatalogTable catalogTable = require(catalog, name);
    if (resource.kind() == Kind.FILTER && !lakes.catalog(catalog).filters().containsKey(resource)) {
      throw AwsErrorException.notFound("Data cells filter not found: " + resource.name());
    }
    if (resource.kind() == Kind.COLUMNS) {
      checkColumns(catalogTable, resource.columns());
    }
    return catalogTable;
  }

  static void checkColumns(CatalogTable table, Set<String> columns) {
    List<String> all = table.columns();
    for (String column : columns) {
      if (table.partitionKeys().contains(column)) {
        throw AwsErrorException.invalidInput(
            "Permissions on the partition key " + column + " cannot be restricted.");
      }
      if (!all.contains(column)) {
        throw AwsErrorException.notFound("Column not found: " + column);
      }
    }
  }

  /** Checks that the tags of an expression are defined in its catalog. */
  void checkTags(CatalogKey catalog, Map<String, Set<String>> tags) {
    tags.forEach(
        (key, values) -> {
          Set<String> defined = lakes.catalog(catalog).tags().get(key);
          boolean isDefined =
              defined != null && (values.equals(Set.of("*")) || defined.containsAll(values));
          if (!isDefined) {
            throw AwsErrorException.notFound("Tag not found: " + key + " with values " + values);
          }
        });
  }

  /** Returns the object of the resource of a request about tags, and its columns. */
  static List<LakeObject> tagged(JsonNode resource) {
    JsonNode database = resource.path("Database");
    if (database.isObject()) {
      return List.of(LakeObject.database(LakeResource.lower(database, "Name")));
    }
    JsonNode table = resource.path("Table");
    if (table.isObject() && table.has("Name")) {
      return List.of(
          LakeObject.table(
              LakeResource.lower(table, "DatabaseName"), LakeResource.lower(table, "Name")));
    }
    JsonNode columns = resource.path("TableWithColumns");
    LakeObject owner =
        LakeObject.table(
            LakeResource.lower(columns, "DatabaseName"), LakeResource.lower(columns, "Name"));
    if (!columns.path("ColumnNames").isArray() || columns.path("ColumnNames").isEmpty()) {
      throw AwsErrorException.invalidInput(
          "LF-Tags are assigned to a database, a table, or columns by name.");
    }
    return LakeResource.values(columns.path("ColumnNames")).stream()
        .map(name -> owner.withColumn(name.toLowerCase(Locale.ROOT)))
        .toList();
  }
}
