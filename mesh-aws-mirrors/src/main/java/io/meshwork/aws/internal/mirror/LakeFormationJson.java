package io.meshwork.aws.internal.mirror;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.access.Permission;
import io.meshwork.aws.internal.mirror.glue.GlueImages;
import io.meshwork.aws.internal.mirror.glue.RequestJson;
import io.meshwork.internal.lakeformation.AccessFacts.DataFilter;
import io.meshwork.internal.lakeformation.Resource;
import io.meshwork.internal.ledger.DocumentJson;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/**
 * Requests of Lake Formation as JSON, with the names of its API, which the command line also uses.
 * Stateless.
 */
final class LakeFormationJson {
  static final String CATALOG = "CatalogId";
  static final String DATABASE = "Database";
  static final String DATABASE_NAME = "DatabaseName";
  static final String NAME = "Name";
  static final String TABLE = "Table";
  static final String TABLE_NAME = "TableName";
  static final String TABLE_CATALOG = "TableCatalogId";
  static final String WILDCARD = "TableWildcard";
  static final String WITH_COLUMNS = "TableWithColumns";
  static final String COLUMN_NAMES = "ColumnNames";
  static final String COLUMN_WILDCARD = "ColumnWildcard";
  static final String EXCLUDED = "ExcludedColumnNames";
  static final String FILTER = "DataCellsFilter";
  static final String POLICY = "LFTagPolicy";
  static final String RESOURCE_TYPE = "ResourceType";
  static final String EXPRESSION = "Expression";
  static final String TAG_KEY = "TagKey";
  static final String TAG_VALUES = "TagValues";
  static final String ROW_FILTER = "RowFilter";
  static final String FILTER_EXPRESSION = "FilterExpression";
  static final String ALL_ROWS = "AllRowsWildcard";

  private LakeFormationJson() {}

  /** Returns JSON without white space, with the members of each object by name. */
  static String canonical(JsonNode json) {
    return DocumentJson.canonical(json);
  }

  /** Returns the key in Glue of what an object is on; empty if it is on tags, or on nothing. */
  static Optional<String> glueKey(JsonNode content) {
    JsonNode resource = content.path(GrantEntries.RESOURCE);
    if (resource.isObject()) {
      return database(resource)
          .map(
              database ->
                  table(resource).map(table -> GlueImages.key(database, table)).orElse(database));
    }
    return content.has(TABLE_NAME)
        ? Optional.of(
            GlueImages.key(content.path(DATABASE_NAME).asText(), content.path(TABLE_NAME).asText()))
        : Optional.empty();
  }

  /** Returns the name of a resource, such as {@code commerce.orders_v1}, for messages. */
  static String nameOf(JsonNode resource) {
    return database(resource)
        .map(database -> table(resource).map(table -> database + "." + table).orElse(database))
        .orElse("an LF-tag expression");
  }

  /** Returns names of columns, in lower case and in alphabetical order. */
  static ArrayNode names(Collection<String> columns) {
    return RequestJson.array(
        columns.stream()
            .map(column -> column.toLowerCase(Locale.ROOT))
            .sorted()
            .distinct()
            .toList());
  }

  /** Returns permissions in alphabetical order. */
  static ArrayNode permissions(Collection<Permission> permissions) {
    return RequestJson.array(permissions.stream().sorted().map(Permission::name).toList());
  }

  static ObjectNode database(String catalog, String name) {
    ObjectNode json = RequestJson.object();
    json.putObject(DATABASE).put(CATALOG, catalog).put(NAME, name);
    return json;
  }

  static ObjectNode table(String catalog, String database, String name) {
    ObjectNode json = RequestJson.object();
    table(json, TABLE, catalog, database).put(NAME, name);
    return json;
  }

  private static ObjectNode table(ObjectNode json, String type, String catalog, String database) {
    return json.putObject(type).put(CATALOG, catalog).put(DATABASE_NAME, database);
  }

  /** Returns some columns of a table, in alphabetical order. */
  static ObjectNode columns(
      String catalog, String database, String table, Collection<String> names) {
    ObjectNode json = RequestJson.object();
    table(json, WITH_COLUMNS, catalog, database).put(NAME, table).set(COLUMN_NAMES, names(names));
    return json;
  }

  static ObjectNode allTables(String catalog, String database) {
    ObjectNode json = RequestJson.object();
    table(json, TABLE, catalog, database).putObject(WILDCARD);
    return json;
  }

  /** Returns all columns of a table except some. */
  static ObjectNode columnsExcept(
      String catalog, String database, String table, Collection<String> names) {
    ObjectNode json = RequestJson.object();
    table(json, WITH_COLUMNS, catalog, database)
        .put(NAME, table)
        .putObject(COLUMN_WILDCARD)
        .set(EXCLUDED, names(names));
    return json;
  }

  /** Returns a resource of a grant. */
  static ObjectNode of(Resource on) {
    String catalog = on.account();
    ObjectNode json = RequestJson.object();
    if (on instanceof Resource.Database database) {
      return database(catalog, database.name());
    } else if (on instanceof Resource.Table table) {
      return table(catalog, table.in(), table.name());
    } else if (on instanceof Resource.AllTables all) {
      return allTables(catalog, all.in());
    } else if (on instanceof Resource.Columns columns) {
      return columns(catalog, columns.in(), columns.of(), columns.names());
    } else if (on instanceof Resource.ColumnsExcept except) {
      return columnsExcept(catalog, except.in(), except.of(), except.names());
    } else if (on instanceof Resource.FilteredTable filtered) {
      json.putObject(FILTER)
          .put(TABLE_CATALOG, catalog)
          .put(DATABASE_NAME, filtered.in())
          .put(TABLE_NAME, filtered.of())
          .put(NAME, filtered.filter());
    } else if (on instanceof Resource.TagPolicy policy) {
      ArrayNode expression =
          json.putObject(POLICY)
              .put(CATALOG, catalog)
              .put(RESOURCE_TYPE, policy.type().name())
              .putArray(EXPRESSION);
      policy
          .expression()
          .values()
          .forEach(
              (key, values) ->
                  expression
                      .addObject()
                      .put(TAG_KEY, key)
                      .set(TAG_VALUES, RequestJson.array(values)));
    } else {
      throw new IllegalArgumentException("The mesh grants nothing on " + on);
    }
    return json;
  }

  /**
   * Returns a filter as a resource of a grant.
   *
   * @param filter the content of its object
   */
  static ObjectNode filter(JsonNode filter) {
    return of(
        new Resource.FilteredTable(
            filter.path(TABLE_CATALOG).asText(),
            filter.path(DATABASE_NAME).asText(),
            filter.path(TABLE_NAME).asText(),
            filter.path(NAME).asText()));
  }

  /** Returns a filter as in the request that creates it. */
  static ObjectNode of(DataFilter filter) {
    ObjectNode json =
        RequestJson.object()
            .put(TABLE_CATALOG, filter.account())
            .put(DATABASE_NAME, filter.database())
            .put(TABLE_NAME, filter.table())
            .put(NAME, filter.name());
    ObjectNode rows = json.putObject(ROW_FILTER);
    filter
        .rows()
        .ifPresentOrElse(text -> rows.put(FILTER_EXPRESSION, text), () -> rows.putObject(ALL_ROWS));
    if (filter.include().isPresent()) {
      json.set(COLUMN_NAMES, names(filter.include().get()));
    } else {
      ObjectNode all = json.putObject(COLUMN_WILDCARD);
      filter.exclude().ifPresent(names -> all.set(EXCLUDED, names(names)));
    }
    return json;
  }

  /** Returns the database of a resource; empty for an expression of tags. */
  static Optional<String> database(JsonNode resource) {
    JsonNode member = resource.elements().next();
    return Optional.ofNullable(
        resource.has(DATABASE)
            ? member.path(NAME).textValue()
            : member.path(DATABASE_NAME).textValue());
  }

  /** Returns the table of a resource; empty for a database, all its tables, and for tags. */
  static Optional<String> table(JsonNode resource) {
    JsonNode member = resource.elements().next();
    if (resource.has(TABLE) || resource.has(WITH_COLUMNS)) {
      return Optional.ofNullable(member.path(NAME).textValue());
    }
    return Optional.ofNullable(member.path(TABLE_NAME).textValue());
  }
}
