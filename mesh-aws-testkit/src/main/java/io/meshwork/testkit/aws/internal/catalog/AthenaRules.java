package io.meshwork.testkit.aws.internal.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.testkit.aws.internal.access.AwsErrorException;
import io.meshwork.testkit.aws.internal.access.AwsIdentity;
import io.meshwork.testkit.aws.internal.access.AwsPermissions;
import io.meshwork.testkit.aws.internal.access.AwsReply;
import io.meshwork.testkit.aws.internal.access.AwsRequest;
import io.meshwork.testkit.aws.internal.access.CatalogKey;
import io.meshwork.testkit.aws.internal.access.IamAction;
import io.meshwork.testkit.aws.internal.access.NotEmulatedException;
import io.meshwork.testkit.aws.internal.access.ServiceRules;
import io.meshwork.testkit.aws.internal.lake.LakeLocations;
import io.meshwork.testkit.aws.internal.lake.LakeState;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Work groups of Athena, and queries that select one table of Lake Formation, with the rights of
 * their caller. Their results have the columns that the caller may select, and no rows. The server
 * gets none of these requests.
 */
public final class AthenaRules implements ServiceRules {
  private static final String GROUP = "WorkGroup";
  private static final String EXECUTION = "QueryExecution";
  private static final String ID = EXECUTION + "Id";
  private static final String RESULTS = "ManagedQueryResultsConfiguration";
  private static final Pattern SELECT =
      Pattern.compile("SELECT \\* FROM \"([^\"]+)\"\\.\"([^\"]+)\"");

  private static final Map<String, Set<String>> FIELDS =
      Map.of(
          "CreateWorkGroup", Set.of("Name", "Configuration"),
          "GetWorkGroup", Set.of(GROUP),
          "UpdateWorkGroup", Set.of(GROUP, "ConfigurationUpdates"),
          "DeleteWorkGroup", Set.of(GROUP, "RecursiveDeleteOption"),
          "ListTagsForResource", Set.of("ResourceARN"),
          "StartQueryExecution", Set.of(GROUP, "QueryString"),
          "GetQueryExecution", Set.of(ID),
          "GetQueryResults", Set.of(ID));

  private final LakeState lakes;
  private final GlueAccess glue;
  private final AwsPermissions permissions;
  private final AthenaState state;

  /** The work groups and queries of all accounts and regions. Guarded by {@link LakeState}. */
  public static final class AthenaState {
    private final Map<String, ObjectNode> groups = new HashMap<>();
    private final Map<String, Query> queries = new HashMap<>();
  }

  /**
   * A query that has ended.
   *
   * @param group the ARN of its work group
   * @param failure why it failed; null if it did not
   */
  private record Query(String group, String text, ArrayNode columns, @Nullable String failure) {}

  public AthenaRules(
      GlueStore store, LakeState lakes, AwsPermissions permissions, AthenaState state) {
    this.lakes = lakes;
    this.permissions = permissions;
    this.state = state;
    glue = new GlueAccess(store, lakes, permissions);
  }

  @Override
  public AwsReply ownReply(AwsRequest request, AwsIdentity caller) throws IOException {
    String operation = request.operation();
    JsonNode body = AwsReply.JSON.readTree(request.body().text());
    Set<String> fields = FIELDS.get(operation);
    if (fields == null) {
      throw new NotEmulatedException("athena:" + operation);
    }
    for (Map.Entry<String, JsonNode> field : body.properties()) {
      if (!fields.contains(field.getKey())) {
        throw new NotEmulatedException("athena:" + operation + " with " + field.getKey());
      }
    }
    CatalogKey own = new CatalogKey(caller.account(), request.scope().region());
    synchronized (lakes) {
      String arn = body.has(ID) ? query(own, body).group() : group(own, body);
      String denial = permissions.denial(caller, IamAction.of("athena:" + operation, arn));
      if (denial != null) {
        throw AwsErrorException.accessDenied(denial);
      }
      return AwsReply.json(reply(operation, caller, own, arn, body).toString());
    }
  }

  @Override
  public AwsReply reply(AwsRequest request, AwsIdentity caller, AwsReply reply) {
    return reply;
  }

  private ObjectNode reply(
      String operation, AwsIdentity caller, CatalogKey own, String arn, JsonNode body)
      throws IOException {
    ObjectNode reply = AwsReply.JSON.createObjectNode();
    switch (operation) {
      case "CreateWorkGroup" -> {
        ObjectNode configuration = AwsReply.JSON.createObjectNode();
        body.path("Configuration")
            .properties()
            .forEach(each -> configuration.set(each.getKey(), each.getValue()));
        if (state.groups.putIfAbsent(arn, configuration) != null) {
          throw invalid("WorkGroup is already created");
        }
      }
      case "GetWorkGroup" ->
          reply
              .putObject(GROUP)
              .put("State", "ENABLED")
              .set("Configuration", configuration(arn).deepCopy());
      case "UpdateWorkGroup" -> update(configuration(arn), body.path("ConfigurationUpdates"));
      case "DeleteWorkGroup" -> delete(arn, body.path("RecursiveDeleteOption").asBoolean());
      case "ListTagsForResource" -> {
        configuration(arn);
        reply.putArray("Tags");
      }
      case "StartQueryExecution" ->
          reply.put(ID, start(caller, own, arn, body.path("QueryString").asText()));
      case "GetQueryExecution" -> {
        Query query = query(own, body);
        ObjectNode status =
            reply
                .putObject(EXECUTION)
                .put("Query", query.text())
                .putObject("Status")
                .put("State", query.failure() == null ? "SUCCEEDED" : "FAILED");
        if (query.failure() != null) {
          status.put("StateChangeReason", query.failure());
        }
      }
      default -> {
        Query query = query(own, body);
        if (query.failure() != null) {
          throw invalid("Query did not finish successfully. Final query state: FAILED");
        }
        ObjectNode results = reply.putObject("ResultSet");
        results.putArray("Rows");
        results.putObject("ResultSetMetadata").set("ColumnInfo", query.columns());
      }
    }
    return reply;
  }

  /** Returns the ARN of the work group of a request. */
  private static String group(CatalogKey own, JsonNode body) {
    String name = body.path("Name").asText(body.path(GROUP).asText("primary"));
    return body.path("ResourceARN").asText(arn(own) + name);
  }

  private static String arn(CatalogKey own) {
    return "arn:aws:athena:" + own.region() + ":" + own.account() + ":workgroup/";
  }

  private ObjectNode configuration(String arn) {
    ObjectNode group = state.groups.get(arn);
    if (group == null) {
      throw invalid("WorkGroup " + arn.substring(arn.indexOf('/') + 1) + " is not found.");
    }
    return group;
  }

  private static void update(ObjectNode configuration, JsonNode updates) {
    for (Map.Entry<String, JsonNode> update : updates.properties()) {
      if (update.getKey().equals(RESULTS + "Updates")) {
        ObjectNode results = update.getValue().deepCopy();
        results.remove("RemoveEncryptionConfiguration");
        configuration.set(RESULTS, results);
      } else {
        configuration.set(update.getKey(), update.getValue());
      }
    }
  }

  private void delete(String arn, boolean withQueries) {
    if (!withQueries && state.queries.values().stream().anyMatch(q -> q.group().equals(arn))) {
      throw invalid("WorkGroup is not empty");
    }
    configuration(arn);
    state.groups.remove(arn);
    state.queries.values().removeIf(query -> query.group().equals(arn));
  }

  private Query query(CatalogKey own, JsonNode body) {
    Query query = state.queries.get(body.path(ID).asText());
    if (query == null || !query.group().startsWith(arn(own))) {
      throw invalid("QueryExecution " + body.path(ID).asText() + " was not found");
    }
    return query;
  }

  /** Runs a query to its end, which Athena does after its reply. */
  private String start(AwsIdentity caller, CatalogKey own, String arn, String text)
      throws IOException {
    if (!configuration(arn).path(RESULTS).path("Enabled").asBoolean()) {
      throw invalid("No output location provided.");
    }
    Matcher select = SELECT.matcher(text);
    if (!select.matches()) {
      throw new NotEmulatedException("The query " + text);
    }
    ArrayNode columns = AwsReply.JSON.createArrayNode();
    String failure = null;
    try {
      addColumns(
          columns,
          caller,
          own,
          select.group(1).toLowerCase(Locale.ROOT),
          select.group(2).toLowerCase(Locale.ROOT));
    } catch (AwsErrorException e) {
      failure = String.valueOf(e.getMessage());
    }
    String id = "emulated-query-" + state.queries.size() + "-" + System.nanoTime();
    state.queries.put(id, new Query(arn, text, columns, failure));
    return id;
  }

  /** Looks the table up, and gets access to its data, as the caller. */
  private void addColumns(
      ArrayNode columns, AwsIdentity caller, CatalogKey own, String database, String name)
      throws IOException {
    GlueActions.check(permissions, caller, "GetDatabase", own, named("Name", database));
    ObjectNode named = named("DatabaseName", database).put("Name", name);
    GlueActions.check(permissions, caller, "GetTable", own, named);
    CatalogTable resolved = glue.resolvedDatabase(caller, own, database, "GetDatabase");
    CatalogTable stored = glue.table(caller, resolved, name);
    CatalogTable table = stored.isLink() ? glue.followed(caller, stored, "GetTable") : stored;
    String denial = permissions.denial(caller, IamAction.of("lakeformation:GetDataAccess", "*"));
    if (denial != null) {
      throw AwsErrorException.accessDenied(denial);
    }
    glue.require(caller, "SELECT", table);
    if (LakeLocations.find(lakes.catalog(table.catalog()), table.location()) == null) {
      throw new NotEmulatedException("Queries of tables whose location is not registered");
    }
    List<GrantContribution> permitted = glue.lake().pairs(caller, "SELECT", table);
    for (JsonNode column : table.json().path("StorageDescriptor").path("Columns")) {
      String label = column.path("Name").asText();
      if (permitted.stream().anyMatch(pair -> isIn(pair.columns(), label))) {
        columns.addObject().put("Name", label).put("Type", column.path("Type").asText());
      }
    }
  }

  private static boolean isIn(@Nullable Set<String> columns, String name) {
    return columns == null || columns.contains(name.toLowerCase(Locale.ROOT));
  }

  private static ObjectNode named(String field, String name) {
    return AwsReply.JSON.createObjectNode().put(field, name);
  }

  private static AwsErrorException invalid(String message) {
    return new AwsErrorException("InvalidRequestException", message);
  }
}
