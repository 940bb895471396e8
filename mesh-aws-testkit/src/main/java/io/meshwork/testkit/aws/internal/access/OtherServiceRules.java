package io.meshwork.testkit.aws.internal.access;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Policies of identities for services whose resources the emulator does not know. Only the secret
 * of a read is compared with the resources of a policy.
 */
public final class OtherServiceRules implements ServiceRules {
  private final AwsPermissions permissions;

  public OtherServiceRules(AwsPermissions permissions) {
    this.permissions = permissions;
  }

  @Override
  public @Nullable AwsReply ownReply(AwsRequest request, AwsIdentity caller) throws IOException {
    String service = request.scope().service();
    IamAction action =
        IamAction.of(
            service + ":" + request.operation(), isReadOfSecret(request) ? secret(request) : null);
    String denial = permissions.denial(caller, action);
    return denial == null ? null : AwsReply.error(service, 400, "AccessDeniedException", denial);
  }

  private static boolean isReadOfSecret(AwsRequest request) throws IOException {
    return request.scope().service().equals("secretsmanager")
        && request.operation().equals("GetSecretValue");
  }

  private static String secret(AwsRequest request) throws IOException {
    String id = AwsReply.JSON.readTree(request.body().text()).path("SecretId").asText();
    if (!id.startsWith("arn:")) {
      throw new NotEmulatedException("Reading a secret by its name");
    }
    return id;
  }

  @Override
  public AwsReply reply(AwsRequest request, AwsIdentity caller, AwsReply reply) {
    return reply;
  }
}
