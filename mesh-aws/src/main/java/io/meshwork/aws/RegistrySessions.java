package io.meshwork.aws;

import io.meshwork.aws.internal.AwsFailure;
import io.meshwork.aws.internal.dynamo.RegistryCaller;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.product.Principal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;
import software.amazon.awssdk.utils.SdkAutoCloseable;

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
   * Assumes the role of the principal in an account; if STS denies it, the role of readers, until
   * STS gives the role after DynamoDB denied a request.
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
      return new RegistrySession(own, session(own));
    } catch (RuntimeException e) {
      if (!AwsFailure.isDenied(e)) {
        throw StsRoles.failed(Failure.of(action).cause(e), e);
      }
      denial = e;
    }
    try {
      RegistrySession session = new RegistrySession(own, session(reader), reader, denial);
      LOG.warn(
          "{} uses the registry with the role {}: STS denies it the role {}, {}.",
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

  /** The credentials of a registry role, which renew themselves. To be closed. Thread-safe. */
  final class RegistrySession implements AwsCredentialsProvider, RegistryCaller, SdkAutoCloseable {
    private final String own;
    private final @Nullable String reader;
    private final @Nullable RuntimeException denial;
    private final StsAssumeRoleCredentialsProvider first;

    /** The session of the own role after the readers' session; null before. */
    private volatile @Nullable StsAssumeRoleCredentialsProvider later;

    private boolean closed;

    private RegistrySession(String own, StsAssumeRoleCredentialsProvider first) {
      this(own, first, null, null);
    }

    private RegistrySession(
        String own,
        StsAssumeRoleCredentialsProvider first,
        @Nullable String reader,
        @Nullable RuntimeException denial) {
      this.own = own;
      this.first = first;
      this.reader = reader;
      this.denial = denial;
    }

    @Override
    public AwsCredentials resolveCredentials() {
      StsAssumeRoleCredentialsProvider renewed = later;
      return (renewed == null ? first : renewed).resolveCredentials();
    }

    private boolean isReader() {
      return denial != null && later == null;
    }

    @Override
    public String name() {
      RuntimeException denied = denial;
      return denied == null || later != null
          ? principal + " with the role " + own
          : principal
              + " with the role of readers "
              + reader
              + ", because STS denies it the role "
              + own
              + " ("
              + AwsFailure.describe(denied)
              + "),";
    }

    @Override
    public Optional<String> fix() {
      return isReader()
          ? Optional.of("Create the role " + own + ", " + trust() + " Then run it again.")
          : Optional.empty();
    }

    @Override
    public synchronized boolean assumesDeniedRole() {
      if (!isReader() || closed) {
        return !closed && later != null;
      }
      try {
        later = session(own);
        return true;
      } catch (RuntimeException e) {
        LOG.debug("STS does not give {} the role {} yet.", principal, own, e);
        return false;
      }
    }

    @Override
    public synchronized void close() {
      closed = true;
      first.close();
      StsAssumeRoleCredentialsProvider renewed = later;
      if (renewed != null) {
        renewed.close();
      }
    }
  }

  private StsAssumeRoleCredentialsProvider session(String roleArn) {
    return StsRoles.session(
        sts,
        StsRoles.request(config, roleArn, principal)
            .externalId(config.registryExternalId())
            .build());
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
                + "Create the first role, "
                + trust())
        .lasting(ErrorCode.PERMISSION_MISSING);
  }

  private String trust() {
    return "with a trust policy that allows sts:AssumeRole and sts:TagSession to "
        + principal
        + " with the external ID '"
        + config.registryExternalId()
        + "', and allow both in the policies of "
        + principal
        + ". "
        + AwsFailure.PRINTED_POLICIES;
  }
}
