package io.meshwork.aws.internal.mirror;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.aws.internal.mirror.glue.RequestJson;
import io.meshwork.internal.lakeformation.AccessFacts.DataFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import software.amazon.awssdk.services.lakeformation.model.AllRowsWildcard;
import software.amazon.awssdk.services.lakeformation.model.ColumnWildcard;
import software.amazon.awssdk.services.lakeformation.model.DataCellsFilter;
import software.amazon.awssdk.services.lakeformation.model.LFTag;
import software.amazon.awssdk.services.lakeformation.model.Resource;
import software.amazon.awssdk.services.lakeformation.model.RowFilter;
import software.amazon.awssdk.services.lakeformation.model.TableResource;
import software.amazon.awssdk.services.lakeformation.model.TableWildcard;
import software.amazon.awssdk.services.lakeformation.model.TableWithColumnsResource;

/** Converts between the JSON of {@link LakeFormationJson} and the classes of the SDK. Stateless. */
final class LakeFormationRequests {
  /** The name of all tables of a database in lists of permissions. */
  private static final String ALL_TABLES = "ALL_TABLES";

  private LakeFormationRequests() {}

  static Resource resource(JsonNode json) {
    JsonNode member = json.elements().next();
    String catalog = text(member, LakeFormationJson.CATALOG);
    String database = text(member, LakeFormationJson.DATABASE_NAME);
    String name = text(member, LakeFormationJson.NAME);
    Resource.Builder resource = Resource.builder();
    if (json.has(LakeFormationJson.DATABASE)) {
      resource.database(on -> on.catalogId(catalog).name(name));
    } else if (member.has(LakeFormationJson.WILDCARD)) {
      resource.table(
          on ->
              on.catalogId(catalog)
                  .databaseName(database)
                  .tableWildcard(TableWildcard.builder().build()));
    } else if (json.has(LakeFormationJson.TABLE)) {
      resource.table(on -> on.catalogId(catalog).databaseName(database).name(name));
    } else if (json.has(LakeFormationJson.WITH_COLUMNS)) {
      resource.tableWithColumns(
          on -> {
            on.catalogId(catalog).databaseName(database).name(name);
            if (member.has(LakeFormationJson.COLUMN_NAMES)) {
              on.columnNames(RequestJson.texts(member.path(LakeFormationJson.COLUMN_NAMES)));
            } else {
              on.columnWildcard(wildcard(member));
            }
          });
    } else if (json.has(LakeFormationJson.FILTER)) {
      resource.dataCellsFilter(
          on ->
              on.tableCatalogId(text(member, LakeFormationJson.TABLE_CATALOG))
                  .databaseName(database)
                  .tableName(text(member, LakeFormationJson.TABLE_NAME))
                  .name(name));
    } else {
      resource.lfTagPolicy(
          on ->
              on.catalogId(catalog)
                  .resourceType(text(member, LakeFormationJson.RESOURCE_TYPE))
                  .expression(expression(member)));
    }
    return resource.build();
  }

  private static String text(JsonNode json, String field) {
    return json.path(field).asText();
  }

  private static List<LFTag> expression(JsonNode policy) {
    List<LFTag> expression = new ArrayList<>();
    policy
        .path(LakeFormationJson.EXPRESSION)
        .forEach(
            tag ->
                expression.add(
                    LFTag.builder()
                        .tagKey(text(tag, LakeFormationJson.TAG_KEY))
                        .tagValues(RequestJson.texts(tag.path(LakeFormationJson.TAG_VALUES)))
                        .build()));
    return expression;
  }

  private static ColumnWildcard wildcard(JsonNode json) {
    List<String> excluded =
        RequestJson.texts(
            json.path(LakeFormationJson.COLUMN_WILDCARD).path(LakeFormationJson.EXCLUDED));
    return excluded.isEmpty()
        ? ColumnWildcard.builder().build()
        : ColumnWildcard.builder().excludedColumnNames(excluded).build();
  }

  /**
   * Returns a resource in the form that the mesh uses. SELECT on a whole table is listed as one on
   * all columns.
   *
   * @return empty for a resource that the mesh never grants on
   */
  static Optional<ObjectNode> json(Resource resource) {
    ObjectNode json = RequestJson.object();
    if (resource.database() != null) {
      return Optional.of(
          LakeFormationJson.database(resource.database().catalogId(), resource.database().name()));
    } else if (resource.table() != null) {
      return Optional.of(table(resource.table()));
    } else if (resource.tableWithColumns() != null) {
      return Optional.of(columns(resource.tableWithColumns()));
    } else if (resource.dataCellsFilter() != null) {
      json.putObject(LakeFormationJson.FILTER)
          .put(LakeFormationJson.TABLE_CATALOG, resource.dataCellsFilter().tableCatalogId())
          .put(LakeFormationJson.DATABASE_NAME, resource.dataCellsFilter().databaseName())
          .put(LakeFormationJson.TABLE_NAME, resource.dataCellsFilter().tableName())
          .put(LakeFormationJson.NAME, resource.dataCellsFilter().name());
      return Optional.of(json);
    } else if (resource.lfTagPolicy() != null && resource.lfTagPolicy().hasExpression()) {
      ArrayNode expression =
          json.putObject(LakeFormationJson.POLICY)
              .put(LakeFormationJson.CATALOG, resource.lfTagPolicy().catalogId())
              .put(LakeFormationJson.RESOURCE_TYPE, resource.lfTagPolicy().resourceTypeAsString())
              .putArray(LakeFormationJson.EXPRESSION);
      TreeMap<String, TreeSet<String>> tags = new TreeMap<>();
      resource
          .lfTagPolicy()
          .expression()
          .forEach(tag -> tags.put(tag.tagKey(), new TreeSet<>(tag.tagValues())));
      tags.forEach(
          (key, values) ->
              expression
                  .addObject()
                  .put(LakeFormationJson.TAG_KEY, key)
                  .set(LakeFormationJson.TAG_VALUES, RequestJson.array(values)));
      return Optional.of(json);
    }
    return Optional.empty();
  }

  private static ObjectNode table(TableResource on) {
    return on.tableWildcard() != null || ALL_TABLES.equals(on.name())
        ? LakeFormationJson.allTables(on.catalogId(), on.databaseName())
        : LakeFormationJson.table(on.catalogId(), on.databaseName(), on.name());
  }

  private static ObjectNode columns(TableWithColumnsResource on) {
    if (on.hasColumnNames() && !on.columnNames().isEmpty()) {
      return LakeFormationJson.columns(
          on.catalogId(), on.databaseName(), on.name(), on.columnNames());
    } else if (ALL_TABLES.equals(on.name())) {
      return LakeFormationJson.allTables(on.catalogId(), on.databaseName());
    }
    List<String> excluded =
        on.columnWildcard() == null ? List.of() : on.columnWildcard().excludedColumnNames();
    return excluded.isEmpty()
        ? LakeFormationJson.table(on.catalogId(), on.databaseName(), on.name())
        : LakeFormationJson.columnsExcept(on.catalogId(), on.databaseName(), on.name(), excluded);
  }

  /**
   * Returns a filter as in a request.
   *
   * @param version the version that an update expects; empty for none
   */
  static DataCellsFilter filter(JsonNode json, String version) {
    DataCellsFilter.Builder filter =
        DataCellsFilter.builder()
            .tableCatalogId(text(json, LakeFormationJson.TABLE_CATALOG))
            .databaseName(text(json, LakeFormationJson.DATABASE_NAME))
            .tableName(text(json, LakeFormationJson.TABLE_NAME))
            .name(text(json, LakeFormationJson.NAME));
    JsonNode rows = json.path(LakeFormationJson.ROW_FILTER);
    filter.rowFilter(
        rows.has(LakeFormationJson.FILTER_EXPRESSION)
            ? RowFilter.builder()
                .filterExpression(text(rows, LakeFormationJson.FILTER_EXPRESSION))
                .build()
            : RowFilter.builder().allRowsWildcard(AllRowsWildcard.builder().build()).build());
    if (json.has(LakeFormationJson.COLUMN_NAMES)) {
      filter.columnNames(RequestJson.texts(json.path(LakeFormationJson.COLUMN_NAMES)));
    } else {
      filter.columnWildcard(wildcard(json));
    }
    return version.isEmpty() ? filter.build() : filter.versionId(version).build();
  }

  /** Returns a filter in the form that the mesh uses. */
  static ObjectNode json(DataCellsFilter filter) {
    boolean hasNames = filter.hasColumnNames() && !filter.columnNames().isEmpty();
    List<String> excluded =
        filter.columnWildcard() == null ? List.of() : filter.columnWildcard().excludedColumnNames();
    return LakeFormationJson.of(
        new DataFilter(
            filter.tableCatalogId(),
            filter.databaseName(),
            filter.tableName(),
            filter.name(),
            hasNames ? Optional.of(filter.columnNames()) : Optional.empty(),
            excluded.isEmpty() ? Optional.empty() : Optional.of(excluded),
            Optional.ofNullable(filter.rowFilter()).map(RowFilter::filterExpression)));
  }
}
