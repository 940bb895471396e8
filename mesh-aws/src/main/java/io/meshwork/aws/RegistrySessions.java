package io.meshwork.aws;

import io.meshwork.aws.internal.AwsFailure;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.product.Principal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;

/**
 * The sessions with which a principal uses tables in other accounts: of its {@link RegistryRoles
 * registry role} in the account of the table; for a principal without one, of the role of readers.
 * Thread-safe.
 */
final class RegistrySessions {
  private static final Logger LOG = LoggerFactory.getLogger(RegistrySessions.class);

  private final AwsConfig config;
  private final StsClient sts;
  private final Principal principal;

  /**
   * Creates the sessions of a principal.
   *
   * @param sts sends requests with the credentials of the principal
   */
  RegistrySessions(AwsConfig config, StsClient sts, Principal principal) {
    this.config = config;
    this.sts = sts;
    this.principal = principal;
  }

  /**
   * A session of a registry role.
   *
   * @param credentials renew themselves; to be closed
   * @param caller names principal and role in messages
   */
  record RegistrySession(StsAssumeRoleCredentialsProvider credentials, String caller) {}

  /**
   * Assumes the role of the principal in an account; if STS denies it, the role of readers.
   *
   * @throws BackendException PERMISSION_MISSING if STS denies both, or if STS does not answer
   */
  RegistrySession assume(String account) {
    String own = config.roleArn(account, RegistryRoles.nameFor(config.meshName(), principal));
    String reader = config.roleArn(account, RegistryRoles.nameForReaders(config.meshName()));
    MeshAction action =
        MeshAction.of(Verb.OPEN, "the registry of the mesh in the account " + account)
            .on("as " + principal);
    RuntimeException denial;
    try {
      return session(own);
    } catch (RuntimeException e) {
      if (!AwsFailure.isDenied(e)) {
        throw StsRoles.failed(Failure.of(action).cause(e), e);
      }
      denial = e;
    }
    try {
      RegistrySession session = session(reader);
      LOG.warn(
          "{} uses the registry with the role {}, because STS denies the role {}: {}.",
          principal,
          reader,
          own,
          AwsFailure.describe(denial));
      return session;
    } catch (RuntimeException e) {
      throw AwsFailure.isDenied(e)
          ? denied(Failure.of(action).cause(denial), account, own, reader, denial)
          : StsRoles.failed(Failure.of(action).cause(e), e);
    }
  }

  private RegistrySession session(String roleArn) {
    return new RegistrySession(
        StsRoles.session(
            sts,
            StsRoles.request(config, roleArn, principal)
                .externalId(config.registryExternalId())
                .build()),
        principal + " with the role " + roleArn);
  }

  private BackendException denied(
      Failure failed, String account, String own, String reader, RuntimeException denial) {
    return failed
        .because(
            principal
                + " lacks the permission sts:AssumeRole or sts:TagSession on "
                + own
                + ", and on "
                + reader
                + ": "
                + AwsFailure.describe(denial))
        .fix(
            (account.equals(config.account())
                    ? "If "
                        + account
                        + " is not the account of the mesh, correct mesh(account, name). "
                    : "")
                + "Create the first role, with a trust policy that allows both actions to "
                + principal
                + " with the external ID '"
                + config.registryExternalId()
                + "', and allow them in the policies of "
                + principal
                + ". "
                + AwsFailure.PRINTED_POLICIES)
        .lasting(ErrorCode.PERMISSION_MISSING);
  }
}
