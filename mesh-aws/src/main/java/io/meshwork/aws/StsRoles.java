package io.meshwork.aws;

import io.meshwork.aws.internal.AwsFailure;
import io.meshwork.aws.internal.DeniedPermission;
import io.meshwork.aws.internal.MirrorSettings.TrustedEngines;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.product.Principal;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.Tag;

/** Who a process is, and the roles that it may assume, as STS answers. Thread-safe. */
final class StsRoles {
  /** The key of the session tag with the name of the mesh. */
  static final String MESH_TAG = "mesh";

  private static final int MAX_SESSION_NAME = 64;
  private static final Pattern ROLE =
      Pattern.compile("arn:[a-z-]+:sts::([0-9]{12}):assumed-role/([^/]+)/.+");
  private static final Pattern OTHER =
      Pattern.compile("arn:[a-z-]+:(?:iam|sts)::[0-9]{12}:(root|user|federated-user)(/.*)?");

  private final AwsConfig config;
  private final StsClient sts;

  StsRoles(AwsConfig config, StsClient sts) {
    this.config = config;
    this.sts = sts;
  }

  /**
   * Asks STS for the role of this process.
   *
   * @throws AccessDeniedException NOT_THIS_PRINCIPAL if the credentials do not belong to a role
   * @throws io.meshwork.error.BackendException if STS does not answer, or there are no credentials
   */
  Principal self() {
    MeshAction action = MeshAction.of(Verb.OPEN, "the " + config);
    String arn;
    try {
      arn = sts.getCallerIdentity().arn();
    } catch (RuntimeException e) {
      throw failed(Failure.of(action).cause(e), e);
    }
    Matcher role = ROLE.matcher(arn);
    if (role.matches()) {
      return Principal.of(role.group(1), role.group(2));
    }
    throw Failure.of(action)
        .because("the credentials of this process belong to " + kindOf(arn) + ", not to a role")
        .fix("Run the process as an IAM role, or assume one with a profile.")
        .accessDenied(ErrorCode.NOT_THIS_PRINCIPAL, "the credentials of an IAM role", List.of());
  }

  /**
   * Assumes the role of a principal.
   *
   * @return credentials that renew themselves, to be closed
   * @throws AccessDeniedException NOT_THIS_PRINCIPAL if STS denies it
   * @throws io.meshwork.error.BackendException if STS does not answer
   */
  StsAssumeRoleCredentialsProvider assume(Principal principal) {
    return assume(
        principal,
        request(config, config.roleArn(principal), principal),
        Failure.of(MeshAction.of(Verb.ACT, principal + " on AWS")),
        "sts:AssumeRole and sts:TagSession");
  }

  /**
   * Assumes a role as its processes do: without a session tag, which trust policies of processes do
   * not permit.
   *
   * @return credentials that renew themselves, to be closed
   * @throws AccessDeniedException NOT_THIS_PRINCIPAL if STS denies it
   * @throws io.meshwork.error.BackendException if STS does not answer
   */
  StsAssumeRoleCredentialsProvider assumeAsProcess(Principal role) {
    return assume(
        role,
        request(config, config.roleArn(role), role).tags(List.of()),
        Failure.of(MeshAction.of(Verb.ACT, role + " on AWS")),
        "sts:AssumeRole");
  }

  /**
   * Assumes the role of a principal with the session tag of an engine that filters, also if this
   * process is that principal.
   *
   * @param sessionTagValue the value of the tag
   * @return credentials that renew themselves, to be closed
   * @throws AccessDeniedException NOT_THIS_PRINCIPAL if STS denies it
   * @throws io.meshwork.error.BackendException if STS does not answer
   */
  StsAssumeRoleCredentialsProvider assumeAsEngine(Principal principal, String sessionTagValue) {
    return assume(
        principal,
        request(config, config.roleArn(principal), principal)
            .tags(
                tag(MESH_TAG, config.meshName()), tag(TrustedEngines.SESSION_TAG, sessionTagValue)),
        Failure.of(MeshAction.of(Verb.READ, "as " + principal + ", a trusted engine"))
            .state("Nothing was read."),
        "sts:AssumeRole and sts:TagSession with the tag "
            + TrustedEngines.SESSION_TAG
            + "="
            + sessionTagValue);
  }

  private StsAssumeRoleCredentialsProvider assume(
      Principal principal, AssumeRoleRequest.Builder request, Failure failed, String permissions) {
    config.externalId().ifPresent(request::externalId);
    try {
      return session(sts, request.build());
    } catch (RuntimeException e) {
      throw AwsFailure.isDenied(e)
          ? denied(failed.cause(e), permissions + " on " + config.roleArn(principal), e)
          : failed(failed.cause(e), e);
    }
  }

  /** Starts the request for a role, with the session name and the tags of a principal. */
  static AssumeRoleRequest.Builder request(AwsConfig config, String roleArn, Principal principal) {
    return AssumeRoleRequest.builder()
        .roleArn(roleArn)
        .roleSessionName(sessionName(principal))
        .tags(tag(MESH_TAG, config.meshName()));
  }

  private static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }

  /**
   * Assumes a role.
   *
   * @return credentials that renew themselves before they expire, to be closed
   * @throws RuntimeException of the SDK if that fails
   */
  static StsAssumeRoleCredentialsProvider session(StsClient sts, AssumeRoleRequest request) {
    StsAssumeRoleCredentialsProvider credentials =
        StsAssumeRoleCredentialsProvider.builder().stsClient(sts).refreshRequest(request).build();
    try {
      credentials.resolveCredentials();
      return credentials;
    } catch (RuntimeException e) {
      credentials.close();
      throw e;
    }
  }

  private static String sessionName(Principal principal) {
    String name = "mesh-" + principal.role();
    return name.substring(0, Math.min(MAX_SESSION_NAME, name.length()));
  }

  private static AccessDeniedException denied(
      Failure failed, String permission, RuntimeException failure) {
    String caller =
        DeniedPermission.of(failure).map(DeniedPermission::caller).orElse("this process");
    return failed
        .because("STS does not let " + caller + " assume the role, " + AwsFailure.describe(failure))
        .fix(
            "Allow "
                + permission
                + " in the policy of the role of this process and in the trust policy of that role,"
                + " with the same external ID, or run the process as that role.")
        .accessDenied(ErrorCode.NOT_THIS_PRINCIPAL, permission, List.of());
  }

  /** Returns the exception for a failed request that was not denied. */
  static MeshException failed(Failure failed, RuntimeException failure) {
    if (failure instanceof MeshException meshFailure) {
      return meshFailure;
    }
    if (failure instanceof AbortedException) {
      Thread.currentThread().interrupt();
      return failed
          .because("the thread was interrupted")
          .fix("Run it again if it is still needed.")
          .passing(ErrorCode.INTERRUPTED);
    }
    return AwsFailure.isPassing(failure)
        ? failed
            .because("STS did not complete the request, " + AwsFailure.describe(failure))
            .fix(
                AwsFailure.fixOf(
                    failure,
                    "Run it again. If the error persists, check region, endpoint, and network."))
            .passing(ErrorCode.BACKEND_FAILED)
        : failed
            .because("STS rejected the request, " + AwsFailure.describe(failure))
            .fix(AwsFailure.fixOf(failure, "Check region and credentials of this process."))
            .lasting(ErrorCode.BACKEND_FAILED);
  }

  private static String kindOf(String arn) {
    Matcher roleMatch = OTHER.matcher(arn);
    if (!roleMatch.matches()) {
      return "'" + arn + "'";
    }
    return switch (roleMatch.group(1)) {
      case "root" -> "the root user of an account";
      case "user" -> "the IAM user '" + nameOf(arn) + "'";
      default -> "the federated user '" + nameOf(arn) + "'";
    };
  }

  private static String nameOf(String arn) {
    return arn.substring(arn.lastIndexOf('/') + 1);
  }
}
