package io.meshwork.testkit.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.testkit.aws.internal.access.AwsIdentity;
import io.meshwork.testkit.aws.internal.access.AwsPermissions;
import io.meshwork.testkit.aws.internal.access.AwsReply;
import io.meshwork.testkit.aws.internal.access.AwsRequest;
import io.meshwork.testkit.aws.internal.access.AwsServerClient;
import io.meshwork.testkit.aws.internal.access.IamAction;
import io.meshwork.testkit.aws.internal.access.ServiceRules;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Policies of identities, with the partition keys that they permit; recovery and exports. */
final class DynamoDbRules implements ServiceRules {
  private final AwsServerClient servers;
  private final AwsPermissions permissions;
  private final Set<TableId> recoverable;
  private final TableExports exports;

  /** The partition keys of tables, which never change. */
  private final Map<TableId, String> partitionKeys = new ConcurrentHashMap<>();

  /** A table by its place. */
  record TableId(String account, String region, String name) {}

  DynamoDbRules(
      AwsServerClient servers,
      AwsPermissions permissions,
      Set<TableId> recoverable,
      TableExports exports) {
    this.servers = servers;
    this.permissions = permissions;
    this.recoverable = recoverable;
    this.exports = exports;
  }

  @Override
  public @Nullable AwsReply ownReply(AwsRequest request, AwsIdentity caller) throws IOException {
    String denial = permissions.isRestricted(caller) ? denial(request, caller) : null;
    if (denial != null) {
      return AwsReply.error("dynamodb", 400, "AccessDeniedException", denial);
    }
    if (TableExports.isAbout(request.operation())) {
      return exports.reply(request, caller);
    }
    return request.operation().endsWith("ContinuousBackups") ? recovery(request, caller) : null;
  }

  private @Nullable String denial(AwsRequest request, AwsIdentity caller) throws IOException {
    String region = request.scope().region();
    DynamoDbActions actions =
        new DynamoDbActions(
            region,
            caller.account(),
            table -> partitionKey(new TableId(caller.account(), region, table)));
    for (IamAction action : actions.of(request.operation(), request.body().text())) {
      String denial = permissions.denial(caller, action);
      if (denial != null) {
        return denial;
      }
    }
    return null;
  }

  private AwsReply recovery(AwsRequest request, AwsIdentity caller) throws IOException {
    JsonNode body = AwsReply.JSON.readTree(request.body().text());
    TableId table =
        new TableId(caller.account(), request.scope().region(), body.path("TableName").asText());
    if (partitionKey(table) == null) {
      return AwsReply.error(
          "dynamodb", 400, "TableNotFoundException", "Table not found: " + table.name());
    }
    JsonNode wanted = body.path("PointInTimeRecoverySpecification");
    if (wanted.path("PointInTimeRecoveryEnabled").asBoolean()) {
      recoverable.add(table);
    } else if (!wanted.isMissingNode()) {
      recoverable.remove(table);
    }
    ObjectNode reply = AwsReply.JSON.createObjectNode();
    reply
        .putObject("ContinuousBackupsDescription")
        .put("ContinuousBackupsStatus", "ENABLED")
        .putObject("PointInTimeRecoveryDescription")
        .put("PointInTimeRecoveryStatus", recoverable.contains(table) ? "ENABLED" : "DISABLED");
    return AwsReply.json(reply.toString());
  }

  /** A table that was deleted can come back with another key. */
  @Override
  public AwsReply reply(AwsRequest request, AwsIdentity caller, AwsReply reply) throws IOException {
    if (request.operation().equals("DeleteTable")) {
      partitionKeys.clear();
      recoverable.remove(
          new TableId(
              caller.account(),
              request.scope().region(),
              AwsReply.JSON.readTree(request.body().text()).path("TableName").asText()));
    }
    return reply;
  }

  private @Nullable String partitionKey(TableId table) throws IOException {
    String cached = partitionKeys.get(table);
    if (cached != null) {
      return cached;
    }
    String key = servers.partitionKey(table.account(), table.region(), table.name());
    if (key != null) {
      partitionKeys.put(table, key);
    }
    return key;
  }
}
