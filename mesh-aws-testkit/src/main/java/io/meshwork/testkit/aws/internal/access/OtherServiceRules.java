package io.meshwork.testkit.aws.internal.access;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Policies of identities for services whose resources the emulator does not know. */
public final class OtherServiceRules implements ServiceRules {
  private final AwsPermissions permissions;

  public OtherServiceRules(AwsPermissions permissions) {
    this.permissions = permissions;
  }

  @Override
  public @Nullable AwsReply ownReply(AwsRequest request, AwsIdentity caller) throws IOException {
    String service = request.scope().service();
    IamAction action = IamAction.of(service + ":" + request.operation(), null);
    String denial = permissions.denial(caller, action);
    return denial == null ? null : AwsReply.error(service, 400, "AccessDeniedException", denial);
  }

  @Override
  public AwsReply reply(AwsRequest request, AwsIdentity caller, AwsReply reply) {
    return reply;
  }
}
