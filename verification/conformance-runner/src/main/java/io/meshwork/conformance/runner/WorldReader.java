package io.meshwork.conformance.runner;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.access.Permission;
import io.meshwork.internal.lakeformation.AccessFacts.Account;
import io.meshwork.internal.lakeformation.AccessFacts.DataFilter;
import io.meshwork.internal.lakeformation.AccessFacts.Database;
import io.meshwork.internal.lakeformation.AccessFacts.GlueColumn;
import io.meshwork.internal.lakeformation.AccessFacts.Link;
import io.meshwork.internal.lakeformation.AccessFacts.NamedExpression;
import io.meshwork.internal.lakeformation.AccessFacts.OptIn;
import io.meshwork.internal.lakeformation.AccessFacts.PrincipalFacts;
import io.meshwork.internal.lakeformation.AccessFacts.RegisteredLocation;
import io.meshwork.internal.lakeformation.AccessFacts.Share;
import io.meshwork.internal.lakeformation.AccessFacts.ShareStatus;
import io.meshwork.internal.lakeformation.AccessFacts.Table;
import io.meshwork.internal.lakeformation.AccessFacts.TagKey;
import io.meshwork.internal.lakeformation.AccessState;
import io.meshwork.internal.lakeformation.Grant;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.lakeformation.Resource;
import io.meshwork.internal.lakeformation.TagExpression;
import io.meshwork.internal.lakeformation.evaluation.AccessEvaluator;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads worlds of the format {@code lf-cases/1}, and the objects that their cases name. */
final class WorldReader {
  private WorldReader() {}

  /** A world at a time, with an evaluator and the rows of its tables. */
  record Moment(
      AccessEvaluator evaluator,
      Instant now,
      Map<String, List<Map<String, @Nullable Object>>> rows) {
    static final Moment EMPTY =
        new Moment(AccessEvaluator.over(AccessState.builder().build()), Instant.EPOCH, Map.of());

    /** Returns the world after the edits of a case. */
    Moment after(JsonNode edits) {
      if (edits.isEmpty()) {
        return this;
      }
      WorldEdits read = WorldEdits.read(edits);
      return new Moment(evaluator.after(read.edits()), read.now().orElse(now), rows);
    }

    /** Returns the rows of a table, or of the target of a link. */
    List<Map<String, @Nullable Object>> data(Resource on) {
      String account = on.account();
      String database = on.database().orElse("");
      String table = on.table().orElse("");
      for (Link link : evaluator.state().links()) {
        if (link.account().equals(on.account())
            && link.database().isEmpty()
            && link.name().equalsIgnoreCase(database)) {
          account = link.target().account();
          database = link.target().database().orElse("");
          break;
        } else if (link.account().equals(on.account())
            && link.database().filter(on.database().orElse("")::equalsIgnoreCase).isPresent()
            && link.name().equalsIgnoreCase(table)) {
          account = link.target().account();
          database = link.target().database().orElse("");
          table = link.target().table().orElse("");
          break;
        }
      }
      return rows.getOrDefault(place(account, database, table), List.of());
    }
  }

  static Moment world(JsonNode json) {
    AccessState.Builder state = AccessState.builder();
    json.path("accounts").forEach(one -> state.accounts(account(one)));
    json.path("principals").forEach(one -> state.principals(principal(one)));
    for (JsonNode tag : json.path("tags")) {
      state.tags(new TagKey(text(tag, "account"), text(tag, "key"), texts(tag.path("values"))));
    }
    for (JsonNode one : json.path("expressions")) {
      TagExpression expression = expression(one.path("expression"));
      state.expressions(new NamedExpression(text(one, "account"), text(one, "name"), expression));
    }
    Map<String, List<Map<String, @Nullable Object>>> rows = new HashMap<>();
    for (JsonNode one : json.path("databases")) {
      state.databases(database(one, rows));
    }
    json.path("filters").forEach(one -> state.filters(filter(one)));
    json.path("links").forEach(one -> state.links(link(one)));
    for (JsonNode one : json.path("locations")) {
      boolean hybrid = one.path("mode").asText().equals("HYBRID");
      state.locations(new RegisteredLocation(text(one, "account"), text(one, "s3"), hybrid));
    }
    json.path("grants").forEach(one -> state.grants(grant(one)));
    json.path("optIns").forEach(one -> state.optIns(optIn(one)));
    json.path("shares").forEach(one -> state.shares(share(one)));
    return new Moment(AccessEvaluator.over(state.build()), instant(text(json, "now")), rows);
  }

  private static Account account(JsonNode json) {
    return new Account(
        text(json, "id"),
        optional(json, "org"),
        Set.copyOf(texts(json.path("ous"))),
        Set.copyOf(texts(json.path("admins"))),
        Set.copyOf(texts(json.path("readOnlyAdmins"))),
        json.path("crossAccountVersion").asInt(4),
        Set.copyOf(texts(json.path("tbacPolicyAccounts"))),
        json.path("ramOrgSharing").asBoolean(true));
  }

  private static PrincipalFacts principal(JsonNode json) {
    JsonNode iam = json.path("iam");
    return new PrincipalFacts(
        text(json, "arn"),
        texts(json.path("groups")),
        iam.path("glue").asBoolean(true),
        iam.path("getDataAccess").asBoolean(true),
        texts(iam.path("s3")));
  }

  private static Database database(
      JsonNode json, Map<String, List<Map<String, @Nullable Object>>> rows) {
    List<Table> tables = new ArrayList<>();
    for (JsonNode table : json.path("tables")) {
      tables.add(table(table));
      List<Map<String, @Nullable Object>> data = new ArrayList<>();
      table.path("data").forEach(row -> data.add(PlainJson.object(row)));
      rows.put(place(text(json, "account"), text(json, "name"), text(table, "name")), data);
    }
    return new Database(
        text(json, "account"),
        text(json, "name"),
        optional(json, "creator"),
        optional(json, "location"),
        tags(json.path("tags")),
        tables);
  }

  static Table table(JsonNode json) {
    List<GlueColumn> columns = new ArrayList<>();
    json.path("columns").forEach(column -> columns.add(column(column)));
    Map<String, Map<String, String>> columnTags = new LinkedHashMap<>();
    json.path("columnTags")
        .properties()
        .forEach(column -> columnTags.put(column.getKey(), tags(column.getValue())));
    return new Table(
        text(json, "name"),
        columns,
        texts(json.path("partitionKeys")),
        optional(json, "creator"),
        optional(json, "location"),
        tags(json.path("tags")),
        columnTags);
  }

  static GlueColumn column(JsonNode json) {
    return json.isTextual()
        ? GlueColumn.of(json.textValue())
        : new GlueColumn(text(json, "name"), optional(json, "type"));
  }

  static Map<String, String> tags(JsonNode json) {
    Map<String, String> tags = new LinkedHashMap<>();
    json.properties()
        .forEach(
            tag ->
                tags.put(
                    tag.getKey(),
                    tag.getValue().isArray()
                        ? tag.getValue().path(0).asText()
                        : tag.getValue().asText()));
    return tags;
  }

  private static DataFilter filter(JsonNode json) {
    return new DataFilter(
        text(json, "account"),
        text(json, "database"),
        text(json, "table"),
        text(json, "name"),
        list(json, "include"),
        list(json, "exclude"),
        optional(json, "rows"));
  }

  private static Link link(JsonNode json) {
    return new Link(
        text(json, "account"),
        optional(json, "database"),
        text(json, "name"),
        resource(json.path("target")),
        json.path("creator").asText());
  }

  static Grant grant(JsonNode json) {
    Resource on = resource(json.path("resource"));
    return new Grant(
        text(json, "id"),
        Grantee.of(text(json, "principal")),
        on,
        permissions(json.path("permissions")),
        permissions(json.path("grantable")),
        optional(json, "until").map(WorldReader::instant),
        optional(json, "grantor").orElse(on.account()));
  }

  static Set<Permission> permissions(JsonNode json) {
    Set<Permission> permissions = EnumSet.noneOf(Permission.class);
    for (String name : texts(json)) {
      try {
        permissions.add(Permission.valueOf(name.toUpperCase(Locale.ROOT)));
      } catch (IllegalArgumentException e) {
        throw new InvalidValueException("there is no permission '" + name + "'");
      }
    }
    return permissions;
  }

  static OptIn optIn(JsonNode json) {
    return new OptIn(Grantee.of(text(json, "principal")), resource(json.path("resource")));
  }

  static Share share(JsonNode json) {
    return new Share(
        text(json, "from"), text(json, "to"), ShareStatus.valueOf(text(json, "status")));
  }

  static Resource resource(JsonNode json) {
    String account = text(json, "account");
    if (json.has("tagPolicy")) {
      return policy(account, json.path("tagPolicy"));
    } else if (json.has("tag")) {
      JsonNode tag = json.path("tag");
      return new Resource.TagValues(account, text(tag, "key"), texts(tag.path("values")));
    } else if (json.has("s3")) {
      return new Resource.Location(account, text(json, "s3"));
    } else if (!json.has("database")) {
      return new Resource.CatalogResource(account);
    }
    String database = text(json, "database");
    if (json.path("tableWildcard").asBoolean()) {
      return new Resource.AllTables(account, database);
    } else if (!json.has("table")) {
      return new Resource.Database(account, database);
    }
    String table = text(json, "table");
    if (json.has("columns")) {
      return new Resource.Columns(account, database, table, texts(json.path("columns")));
    } else if (json.has("excludedColumns")) {
      List<String> excluded = texts(json.path("excludedColumns"));
      return new Resource.ColumnsExcept(account, database, table, excluded);
    } else if (json.has("filter")) {
      return new Resource.FilteredTable(account, database, table, text(json, "filter"));
    }
    return new Resource.Table(account, database, table);
  }

  private static Resource policy(String account, JsonNode json) {
    Resource.PolicyType type = Resource.PolicyType.valueOf(text(json, "resourceType"));
    return json.has("expressionName")
        ? new Resource.NamedPolicy(account, type, text(json, "expressionName"))
        : new Resource.TagPolicy(account, type, expression(json.path("expression")));
  }

  /** Returns an object with tags: a database, a table, or a column. */
  static Resource tagged(JsonNode json) {
    return json.has("column")
        ? new Resource.Columns(
            text(json, "account"),
            text(json, "database"),
            text(json, "table"),
            List.of(text(json, "column")))
        : resource(json);
  }

  private static TagExpression expression(JsonNode json) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    json.properties().forEach(key -> values.put(key.getKey(), texts(key.getValue())));
    return TagExpression.of(values);
  }

  static Instant instant(String text) {
    try {
      return text.length() == 10
          ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)
          : Instant.parse(text);
    } catch (DateTimeException e) {
      throw new InvalidValueException("'" + text + "' is not an instant");
    }
  }

  static String text(JsonNode json, String name) {
    if (!json.path(name).isTextual()) {
      throw new InvalidValueException("there is no text '" + name + "'");
    }
    return json.path(name).textValue();
  }

  static Optional<String> optional(JsonNode json, String name) {
    return json.hasNonNull(name) ? Optional.of(text(json, name)) : Optional.empty();
  }

  private static Optional<List<String>> list(JsonNode json, String name) {
    return json.hasNonNull(name) ? Optional.of(texts(json.path(name))) : Optional.empty();
  }

  static List<String> texts(JsonNode json) {
    List<String> texts = new ArrayList<>();
    json.forEach(one -> texts.add(one.asText()));
    return texts;
  }

  private static String place(String account, String database, String table) {
    return (account + "/" + database + "/" + table).toLowerCase(Locale.ROOT);
  }
}
