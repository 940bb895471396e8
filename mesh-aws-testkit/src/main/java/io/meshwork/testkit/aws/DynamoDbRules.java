package io.meshwork.testkit.aws;

import io.meshwork.testkit.aws.internal.access.AwsIdentity;
import io.meshwork.testkit.aws.internal.access.AwsPermissions;
import io.meshwork.testkit.aws.internal.access.AwsReply;
import io.meshwork.testkit.aws.internal.access.AwsRequest;
import io.meshwork.testkit.aws.internal.access.AwsServerClient;
import io.meshwork.testkit.aws.internal.access.IamAction;
import io.meshwork.testkit.aws.internal.access.ServiceRules;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Policies of identities, with the partition keys that they permit. */
final class DynamoDbRules implements ServiceRules {
  private final AwsServerClient servers;
  private final AwsPermissions permissions;

  /** The partition keys of tables, which never change. */
  private final Map<TableKey, String> partitionKeys = new ConcurrentHashMap<>();

  private record TableKey(String account, String region, String name) {}

  DynamoDbRules(AwsServerClient servers, AwsPermissions permissions) {
    this.servers = servers;
    this.permissions = permissions;
  }

  @Override
  public @Nullable AwsReply ownReply(AwsRequest request, AwsIdentity caller) throws IOException {
    if (!permissions.isRestricted(caller)) {
      return null;
    }
    String region = request.scope().region();
    DynamoDbActions actions =
        new DynamoDbActions(
            region,
            caller.account(),
            table -> partitionKey(new TableKey(caller.account(), region, table)));
    for (IamAction action : actions.of(request.operation(), request.body().text())) {
      String denial = permissions.denial(caller, action);
      if (denial != null) {
        return AwsReply.error("dynamodb", 400, "AccessDeniedException", denial);
      }
    }
    return null;
  }

  /** A table that was deleted can come back with another key. */
  @Override
  public AwsReply reply(AwsRequest request, AwsIdentity caller, AwsReply reply) throws IOException {
    if (request.operation().equals("DeleteTable")) {
      partitionKeys.clear();
    }
    return reply;
  }

  private @Nullable String partitionKey(TableKey table) throws IOException {
    String known = partitionKeys.get(table);
    if (known != null) {
      return known;
    }
    String key = servers.partitionKey(table.account(), table.region(), table.name());
    if (key != null) {
      partitionKeys.put(table, key);
    }
    return key;
  }
}
