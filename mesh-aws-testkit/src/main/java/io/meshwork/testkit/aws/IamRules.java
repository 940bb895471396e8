package io.meshwork.testkit.aws;

import io.meshwork.testkit.aws.internal.access.AwsIdentity;
import io.meshwork.testkit.aws.internal.access.AwsPermissions;
import io.meshwork.testkit.aws.internal.access.AwsReply;
import io.meshwork.testkit.aws.internal.access.AwsRequest;
import io.meshwork.testkit.aws.internal.access.IamAction;
import io.meshwork.testkit.aws.internal.access.IamRoles;
import io.meshwork.testkit.aws.internal.access.ServiceRules;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Records the roles of accounts with their policies, which the emulator enforces. */
final class IamRules implements ServiceRules {
  private final IamRoles roles;
  private final AwsPermissions permissions;

  IamRules(IamRoles roles, AwsPermissions permissions) {
    this.roles = roles;
    this.permissions = permissions;
  }

  @Override
  public @Nullable AwsReply ownReply(AwsRequest request, AwsIdentity caller) throws IOException {
    Map<String, String> form = request.form();
    String operation = request.operation();
    IamRoles.check(operation, form);
    String role = form.get("RoleName");
    IamAction action =
        IamAction.of("iam:" + operation, role == null ? null : roles.arn(caller.account(), role));
    String denial = permissions.denial(caller, action);
    return denial == null ? null : AwsReply.error("iam", 403, "AccessDenied", denial);
  }

  @Override
  public AwsReply reply(AwsRequest request, AwsIdentity caller, AwsReply reply) throws IOException {
    if (reply.isSuccess()) {
      roles.record(caller.account(), request.operation(), request.form());
    }
    return reply;
  }
}
