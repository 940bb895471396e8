package io.meshwork.aws.internal.mirror;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.access.Permission;
import io.meshwork.aws.internal.mirror.glue.RequestJson;
import io.meshwork.internal.lakeformation.AccessFacts.Account;
import io.meshwork.internal.lakeformation.AccessFacts.DataFilter;
import io.meshwork.internal.lakeformation.AccessFacts.Database;
import io.meshwork.internal.lakeformation.AccessFacts.OptIn;
import io.meshwork.internal.lakeformation.AccessFacts.RegisteredLocation;
import io.meshwork.internal.lakeformation.AccessFacts.Table;
import io.meshwork.internal.lakeformation.AccessFacts.TagKey;
import io.meshwork.internal.lakeformation.AccessState;
import io.meshwork.internal.lakeformation.Grant;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.lakeformation.Resource;
import io.meshwork.internal.lakeformation.Resource.PolicyType;
import io.meshwork.internal.lakeformation.TagExpression;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads the content of objects of Lake Formation back into a state of the evaluator. Only the names
 * and the columns of the tables come from elsewhere: Glue has them. A database or a table that is
 * not closed is open to all principals that IAM allows, as in a new account.
 */
final class LakeFormationReader {
  private final String catalog;
  private final AccessState.Builder state = AccessState.builder();
  private final Map<String, Map<String, String>> tags = new TreeMap<>();
  private final Map<String, List<String>> vocabulary = new TreeMap<>();
  private final List<String> closed = new ArrayList<>();
  private int number;

  LakeFormationReader(String catalog) {
    this.catalog = catalog;
  }

  /** Adds an account of an organization. */
  LakeFormationReader account(String account, String organization) {
    state.accounts(Account.of(account).in(organization));
    return this;
  }

  /** Adds the objects in an account. */
  LakeFormationReader read(String account, Map<String, JsonNode> objects) {
    objects.forEach((key, content) -> read(account, key, content));
    return this;
  }

  private void read(String account, String key, JsonNode json) {
    String kind = key.substring(0, key.indexOf('/') + 1);
    JsonNode resource = json.path(GrantEntries.RESOURCE);
    switch (kind) {
      case LakeFormationKeys.CLOSED -> closed.add(nameOf(resource));
      case LakeFormationKeys.TAG ->
          vocabulary
              .computeIfAbsent(
                  json.path(LakeFormationJson.TAG_KEY).asText(), absent -> new ArrayList<>())
              .add(json.path(LakeFormationImages.TAG_VALUE).asText());
      case LakeFormationKeys.ASSIGNMENT ->
          tags.computeIfAbsent(nameOf(resource), absent -> new TreeMap<>())
              .put(
                  json.path(LakeFormationJson.TAG_KEY).asText(),
                  json.path(LakeFormationImages.TAG_VALUE).asText());
      case LakeFormationKeys.LOCATION -> {
        String arn = json.path(LakeFormationImages.RESOURCE_ARN).asText();
        state.locations(
            new RegisteredLocation(
                account,
                "s3://" + arn.substring(arn.lastIndexOf(':') + 1),
                json.path(LakeFormationImages.HYBRID).asBoolean()));
      }
      case LakeFormationKeys.FILTER -> filter(json);
      case LakeFormationKeys.GRANT -> grant(account, json);
      case LakeFormationKeys.OPT_IN ->
          state.optIns(
              new OptIn(
                  Grantee.of(json.path(GrantEntries.PRINCIPAL).asText()), resource(resource)));
      default -> {}
    }
  }

  private static String nameOf(JsonNode resource) {
    String column =
        resource
            .path(LakeFormationJson.WITH_COLUMNS)
            .path(LakeFormationJson.COLUMN_NAMES)
            .path(0)
            .asText();
    return nameOf(
        LakeFormationJson.database(resource).orElseThrow(),
        LakeFormationJson.table(resource).orElse(""),
        column);
  }

  /** AWS Glue has names of columns in lower case. */
  private static String nameOf(String database, String table, String column) {
    return String.join("\n", database, table, column.toLowerCase(Locale.ROOT));
  }

  private static Optional<List<String>> list(JsonNode names) {
    return names.isMissingNode() || names.isEmpty()
        ? Optional.empty()
        : Optional.of(RequestJson.texts(names));
  }

  private void filter(JsonNode json) {
    state.filters(
        new DataFilter(
            json.path(LakeFormationJson.TABLE_CATALOG).asText(),
            json.path(LakeFormationJson.DATABASE_NAME).asText(),
            json.path(LakeFormationJson.TABLE_NAME).asText(),
            json.path(LakeFormationJson.NAME).asText(),
            list(json.path(LakeFormationJson.COLUMN_NAMES)),
            list(json.path(LakeFormationJson.COLUMN_WILDCARD).path(LakeFormationJson.EXCLUDED)),
            Optional.ofNullable(
                json.path(LakeFormationJson.ROW_FILTER)
                    .path(LakeFormationJson.FILTER_EXPRESSION)
                    .textValue())));
  }

  private void grant(String account, JsonNode json) {
    JsonNode resource = json.path(GrantEntries.RESOURCE);
    if (!json.has(LakeFormationJson.COLUMN_NAMES)) {
      grant(
          account,
          json,
          resource(resource),
          permissions(json.path(GrantEntries.PERMISSIONS)),
          permissions(json.path(GrantEntries.GRANTABLE)));
      return;
    }
    List<String> grantable = RequestJson.texts(json.path(GrantEntries.GRANTABLE_COLUMNS));
    List<String> others =
        new ArrayList<>(RequestJson.texts(json.path(LakeFormationJson.COLUMN_NAMES)));
    others.removeAll(grantable);
    Set<Permission> select = EnumSet.of(Permission.SELECT);
    if (!grantable.isEmpty()) {
      grant(account, json, columns(resource, grantable), select, select);
    }
    if (!others.isEmpty()) {
      grant(account, json, columns(resource, others), select, Set.of());
    }
  }

  private Resource columns(JsonNode resource, List<String> names) {
    return new Resource.Columns(
        catalog,
        LakeFormationJson.database(resource).orElseThrow(),
        LakeFormationJson.table(resource).orElseThrow(),
        names);
  }

  private void grant(
      String account,
      JsonNode json,
      Resource on,
      Set<Permission> permissions,
      Set<Permission> grantable) {
    state.grants(
        new Grant(
            "g" + number++,
            Grantee.of(json.path(GrantEntries.PRINCIPAL).asText()),
            on,
            permissions,
            grantable,
            Optional.empty(),
            account));
  }

  private static Set<Permission> permissions(JsonNode names) {
    Set<Permission> permissions = EnumSet.noneOf(Permission.class);
    RequestJson.texts(names).forEach(name -> permissions.add(Permission.valueOf(name)));
    return permissions;
  }

  private Resource resource(JsonNode json) {
    JsonNode member = json.elements().next();
    String database = LakeFormationJson.database(json).orElse("");
    if (json.has(LakeFormationJson.POLICY)) {
      Map<String, List<String>> where = new LinkedHashMap<>();
      member
          .path(LakeFormationJson.EXPRESSION)
          .forEach(
              each ->
                  where.put(
                      each.path(LakeFormationJson.TAG_KEY).asText(),
                      RequestJson.texts(each.path(LakeFormationJson.TAG_VALUES))));
      return new Resource.TagPolicy(
          catalog,
          PolicyType.valueOf(member.path(LakeFormationJson.RESOURCE_TYPE).asText()),
          TagExpression.of(where));
    } else if (json.has(LakeFormationJson.DATABASE)) {
      return new Resource.Database(catalog, database);
    } else if (member.has(LakeFormationJson.WILDCARD)) {
      return new Resource.AllTables(catalog, database);
    }
    String table = LakeFormationJson.table(json).orElseThrow();
    if (json.has(LakeFormationJson.FILTER)) {
      return new Resource.FilteredTable(
          catalog, database, table, member.path(LakeFormationJson.NAME).asText());
    } else if (json.has(LakeFormationJson.WITH_COLUMNS)) {
      return new Resource.ColumnsExcept(
          catalog,
          database,
          table,
          RequestJson.texts(
              member.path(LakeFormationJson.COLUMN_WILDCARD).path(LakeFormationJson.EXCLUDED)));
    }
    return new Resource.Table(catalog, database, table);
  }

  /**
   * Returns the state.
   *
   * @param databases the names of databases and tables, and their columns
   */
  AccessState state(Collection<Database> databases) {
    vocabulary.forEach((key, values) -> state.tags(new TagKey(catalog, key, values)));
    for (Database database : databases) {
      String name = database.name();
      open(nameOf(name, "", ""), new Resource.Database(catalog, name));
      List<Table> tables = new ArrayList<>();
      for (Table table : database.tables()) {
        open(nameOf(name, table.name(), ""), new Resource.Table(catalog, name, table.name()));
        Map<String, Map<String, String>> ofColumns = new TreeMap<>();
        table.columns().stream()
            .map(column -> column.name())
            .forEach(
                column ->
                    ofColumns.put(
                        column, tags.getOrDefault(nameOf(name, table.name(), column), Map.of())));
        tables.add(
            table
                .tags(tags.getOrDefault(nameOf(name, table.name(), ""), Map.of()))
                .columnTags(ofColumns));
      }
      state.databases(
          Database.of(catalog, name)
              .tags(tags.getOrDefault(nameOf(name, "", ""), Map.of()))
              .tables(tables));
    }
    return state.build();
  }

  private void open(String name, Resource on) {
    if (!closed.contains(name)) {
      state.grants(Grant.of("open", Grantee.IAM_ALLOWED_PRINCIPALS, on, Permission.ALL));
    }
  }
}
