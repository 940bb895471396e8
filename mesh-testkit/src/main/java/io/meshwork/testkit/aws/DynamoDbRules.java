package io.meshwork.testkit.aws;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Policies of identities, with the partition keys that they permit. */
final class DynamoDbRules implements ServiceRules {
  private final AwsServerClient servers;
  private final AwsPermissions permissions;

  DynamoDbRules(AwsServerClient servers, AwsPermissions permissions) {
    this.servers = servers;
    this.permissions = permissions;
  }

  @Override
  public @Nullable AwsReply ownReply(AwsRequest request, AwsIdentity caller)
      throws IOException, InterruptedException {
    if (!permissions.isRestricted(caller)) {
      return null;
    }
    String region = request.scope().region();
    DynamoDbActions actions =
        new DynamoDbActions(
            region,
            caller.account(),
            table -> servers.partitionKey(caller.account(), region, table));
    for (IamAction action : actions.of(request.operation(), request.body().text())) {
      String denial = permissions.denial(caller, action);
      if (denial != null) {
        return AwsReply.error("dynamodb", 400, "AccessDeniedException", denial);
      }
    }
    return null;
  }

  @Override
  public AwsReply reply(AwsRequest request, AwsIdentity caller, AwsReply reply) {
    return reply;
  }
}
