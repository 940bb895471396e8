package io.meshwork.testkit.aws.internal.lake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.testkit.aws.internal.access.AwsErrorException;
import io.meshwork.testkit.aws.internal.access.NotEmulatedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What Lake Formation grants permissions on. A grant on all columns of a table is one on the table.
 *
 * @param kind the type
 * @param account the account that owns it
 * @param database the database in lower case; empty if it has none
 * @param table the table in lower case; {@code *} for all tables; empty if it has none
 * @param columns the columns that are included or excluded, in lower case
 * @param isExcluded true if all columns except these are meant
 * @param name the name of a filter, the key of an LF-Tag, the ARN of a location, or the resource
 *     type of a tag policy
 * @param tags values by key of an LF-Tag expression, or of an LF-Tag
 */
public record LakeResource(
    Kind kind,
    String account,
    String database,
    String table,
    Set<String> columns,
    boolean isExcluded,
    String name,
    Map<String, Set<String>> tags) {
  /** The name of all tables in replies. */
  static final String ALL_TABLES = "ALL_TABLES";

  public static final String ANY = "*";

  /** The types, with the permissions that can be granted on each. */
  public enum Kind {
    CATALOG(
        "Catalog",
        "CATALOG",
        Set.of("CREATE_DATABASE", "CREATE_LF_TAG", "CREATE_LF_TAG_EXPRESSION", "CREATE_CATALOG")),
    DATABASE("Database", "DATABASE", Set.of("ALL", "ALTER", "CREATE_TABLE", "DESCRIBE", "DROP")),
    TABLE(
        "Table", "TABLE", Set.of("ALL", "ALTER", "DELETE", "DESCRIBE", "DROP", "INSERT", "SELECT")),
    COLUMNS("TableWithColumns", "TABLE", Set.of("SELECT")),
    FILTER("DataCellsFilter", "DATA_CELLS_FILTER", Set.of("SELECT", "DESCRIBE", "DROP")),
    LOCATION("DataLocation", "DATA_LOCATION", Set.of("DATA_LOCATION_ACCESS")),
    TAG(
        "LFTag",
        "LF_TAG",
        Set.of("ALTER", "DROP", "ASSOCIATE", "DESCRIBE", "GRANT_WITH_LF_TAG_EXPRESSION")),
    POLICY("LFTagPolicy", "LF_TAG_POLICY", Set.of());

    private final String member;
    private final String type;
    private final Set<String> permissions;

    Kind(String member, String type, Set<String> permissions) {
      this.member = member;
      this.type = type;
      this.permissions = permissions;
    }
  }

  public LakeResource {
    columns = Set.copyOf(columns);
    tags = Map.copyOf(tags);
  }

  static LakeResource catalog(String account) {
    return new LakeResource(Kind.CATALOG, account, "", "", Set.of(), false, "", Map.of());
  }

  public static LakeResource of(String account, LakeObject object) {
    return new LakeResource(
        object.isDatabase() ? Kind.DATABASE : Kind.TABLE,
        account,
        object.database(),
        object.table(),
        Set.of(),
        false,
        "",
        Map.of());
  }

  /**
   * Parses the resource of a request.
   *
   * @param account the account of resources without a catalog ID
   * @throws AwsErrorException if it is not exactly one resource
   */
  public static LakeResource parse(JsonNode resource, String account) {
    if (resource.size() != 1) {
      throw AwsErrorException.invalidInput("Resource must have one and only one resource set.");
    }
    Map.Entry<String, JsonNode> member = resource.properties().iterator().next();
    JsonNode json = member.getValue();
    String owner =
        json.path(member.getKey().equals("DataCellsFilter") ? "TableCatalogId" : "CatalogId")
            .asText(account);
    return switch (member.getKey()) {
      case "Catalog" -> catalog(json.path("Id").asText(owner));
      case "Database" -> of(owner, LakeObject.database(lower(json, "Name")));
      case "Table" -> of(owner, LakeObject.table(lower(json, "DatabaseName"), table(json)));
      case "TableWithColumns" -> columns(json, owner);
      case "DataCellsFilter" ->
          new LakeResource(
              Kind.FILTER,
              owner,
              lower(json, "DatabaseName"),
              lower(json, "TableName"),
              Set.of(),
              false,
              json.path("Name").asText(),
              Map.of());
      case "DataLocation" ->
          new LakeResource(
              Kind.LOCATION,
              owner,
              "",
              "",
              Set.of(),
              false,
              LakeLocations.checkedArn(json.path("ResourceArn").asText()),
              Map.of());
      case "LFTag" ->
          new LakeResource(
              Kind.TAG,
              owner,
              "",
              "",
              Set.of(),
              false,
              lower(json, "TagKey"),
              Map.of(lower(json, "TagKey"), values(json.path("TagValues"))));
      case "LFTagPolicy" ->
          new LakeResource(
              Kind.POLICY,
              owner,
              "",
              "",
              Set.of(),
              false,
              json.path("ResourceType").asText(),
              expression(json));
      default ->
          throw new NotEmulatedException(
              "Permissions on the resource " + member.getKey() + " are not emulated.");
    };
  }

  /** Returns the permissions that can be granted on this resource. */
  public Set<String> validPermissions() {
    if (kind == Kind.POLICY) {
      return (name.equals("DATABASE") ? Kind.DATABASE : Kind.TABLE).permissions;
    }
    return kind.permissions;
  }

  /** Returns the type by which permissions are listed. */
  public String type() {
    if (kind == Kind.POLICY) {
      return "LF_TAG_POLICY_" + name;
    }
    return kind.type;
  }

  /** Returns the resource as replies contain it. */
  public ObjectNode json() {
    ObjectNode resource = JsonNodeFactory.instance.objectNode();
    ObjectNode json = resource.putObject(kind.member);
    switch (kind) {
      case CATALOG -> json.put("Id", account);
      case DATABASE -> json.put("CatalogId", account).put("Name", database);
      case TABLE -> {
        putTable(json);
        if (table.equals(ANY)) {
          json.putObject("TableWildcard");
        }
      }
      case COLUMNS -> {
        putTable(json);
        (isExcluded
                ? json.putObject("ColumnWildcard").putArray("ExcludedColumnNames")
                : json.putArray("ColumnNames"))
            .addAll(texts(columns));
      }
      case FILTER ->
          json.put("TableCatalogId", account)
              .put("DatabaseName", database)
              .put("TableName", table)
              .put("Name", name);
      case LOCATION -> json.put("CatalogId", account).put("ResourceArn", name);
      case TAG -> {
        json.put("CatalogId", account).put("TagKey", name);
        json.putArray("TagValues").addAll(texts(tags.getOrDefault(name, Set.of())));
      }
      case POLICY -> {
        json.put("CatalogId", account).put("ResourceType", name);
        for (Map.Entry<String, Set<String>> tag : new TreeMap<>(tags).entrySet()) {
          ObjectNode part = json.withArray("Expression").addObject().put("TagKey", tag.getKey());
          part.putArray("TagValues").addAll(texts(tag.getValue()));
        }
      }
    }
    return resource;
  }

  /** Returns this table as replies contain it for SELECT: by a wildcard of its columns. */
  public ObjectNode jsonOfSelect() {
    ObjectNode resource = JsonNodeFactory.instance.objectNode();
    ObjectNode json = resource.putObject(Kind.COLUMNS.member);
    putTable(json);
    json.putObject("ColumnWildcard");
    return resource;
  }

  public static Set<String> values(JsonNode texts) {
    Set<String> values = new TreeSet<>();
    texts.forEach(text -> values.add(text.asText().toLowerCase(Locale.ROOT)));
    return values;
  }

  public static String lower(JsonNode json, String field) {
    return json.path(field).asText().toLowerCase(Locale.ROOT);
  }

  private void putTable(ObjectNode json) {
    json.put("CatalogId", account)
        .put("DatabaseName", database)
        .put("Name", table.equals(ANY) ? ALL_TABLES : table);
  }

  private static List<JsonNode> texts(Set<String> texts) {
    List<JsonNode> nodes = new ArrayList<>();
    new TreeSet<>(texts).forEach(text -> nodes.add(JsonNodeFactory.instance.textNode(text)));
    return nodes;
  }

  private static String table(JsonNode json) {
    boolean isAll = json.has("TableWildcard");
    String name = json.path("Name").asText();
    if (isAll ? !name.isEmpty() && !name.equals(ALL_TABLES) : name.isEmpty()) {
      throw AwsErrorException.invalidInput("A table has either a name or a wildcard.");
    }
    return isAll ? ANY : name.toLowerCase(Locale.ROOT);
  }

  private static LakeResource columns(JsonNode json, String owner) {
    boolean isExcluded = json.has("ColumnWildcard");
    if (isExcluded == json.has("ColumnNames")) {
      throw AwsErrorException.invalidInput("Columns have either names or a wildcard.");
    }
    String name = json.path("Name").asText();
    LakeObject table =
        LakeObject.table(
            lower(json, "DatabaseName"),
            name.equals(ALL_TABLES) ? ANY : name.toLowerCase(Locale.ROOT));
    Set<String> columns =
        values(
            isExcluded
                ? json.path("ColumnWildcard").path("ExcludedColumnNames")
                : json.path("ColumnNames"));
    if (columns.isEmpty() && !isExcluded) {
      throw AwsErrorException.invalidInput("The list of columns is empty.");
    }
    if (columns.isEmpty()) {
      return of(owner, table);
    }
    return new LakeResource(
        Kind.COLUMNS, owner, table.database(), table.table(), columns, isExcluded, "", Map.of());
  }

  private static Map<String, Set<String>> expression(JsonNode json) {
    if (json.has("ExpressionName")) {
      throw new NotEmulatedException("Named LF-Tag expressions are not emulated.");
    }
    String type = json.path("ResourceType").asText();
    if (!type.equals("DATABASE") && !type.equals("TABLE")) {
      throw AwsErrorException.invalidInput("The resource type of a tag policy is " + type + ".");
    }
    Map<String, Set<String>> expression = new TreeMap<>();
    for (JsonNode tag : json.path("Expression")) {
      Set<String> values = values(tag.path("TagValues"));
      if (values.isEmpty() || expression.put(lower(tag, "TagKey"), values) != null) {
        throw AwsErrorException.invalidInput(
            "An LF-Tag expression names each key once, with values.");
      }
    }
    if (expression.isEmpty()) {
      throw AwsErrorException.invalidInput("The LF-Tag expression is empty.");
    }
    return expression;
  }
}
