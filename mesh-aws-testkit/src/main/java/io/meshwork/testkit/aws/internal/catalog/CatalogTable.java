package io.meshwork.testkit.aws.internal.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.testkit.aws.internal.access.CatalogKey;
import io.meshwork.testkit.aws.internal.lake.LakeObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A database or a table of a Data Catalog, as Glue describes it.
 *
 * @param catalog the catalog that has it
 * @param object its name
 * @param json Glue's description
 */
record CatalogTable(CatalogKey catalog, LakeObject object, ObjectNode json) {
  /** Returns the columns except partition keys, in lower case. */
  List<String> columns() {
    return names(json.path("StorageDescriptor").path("Columns"));
  }

  List<String> partitionKeys() {
    return names(json.path("PartitionKeys"));
  }

  boolean isLink() {
    return !target().isMissingNode();
  }

  /** Returns what a resource link links to; a missing node for other objects. */
  JsonNode target() {
    JsonNode target = json.path(object.isDatabase() ? "TargetDatabase" : "TargetTable");
    return target.isObject() ? target : json.path("none");
  }

  /** Returns the description of this link with some properties of its target, where it has them. */
  ObjectNode describedBy(CatalogTable target, List<String> properties) {
    for (String property : properties) {
      JsonNode value = target.json.path(property);
      if (!value.isMissingNode()) {
        json.set(property, value);
      }
    }
    return json;
  }

  String location() {
    return object.isDatabase()
        ? json.path("LocationUri").asText("")
        : json.path("StorageDescriptor").path("Location").asText("");
  }

  String arn() {
    return catalog.arn(
        object.isDatabase()
            ? "database/" + object.database()
            : "table/" + object.database() + "/" + object.table());
  }

  private static List<String> names(JsonNode columns) {
    List<String> names = new ArrayList<>();
    columns.forEach(column -> names.add(column.path("Name").asText().toLowerCase(Locale.ROOT)));
    return names;
  }
}
