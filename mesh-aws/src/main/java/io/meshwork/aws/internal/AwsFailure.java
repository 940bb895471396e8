package io.meshwork.aws.internal;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import java.io.IOException;
import java.net.UnknownHostException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;

/** What the failed requests of all services have in common. */
public final class AwsFailure {
  private static final int FORBIDDEN = 403;
  private static final int REQUEST_TIMEOUT = 408;
  private static final int TOO_MANY_REQUESTS = 429;

  /** 403 has other reasons too, such as a wrong signature. */
  private static final Set<String> DENIED =
      Set.of("AccessDenied", "AccessDeniedException", "AllAccessDisabled", "Forbidden", "403");

  /** The process may get new credentials. */
  private static final Set<String> EXPIRED = Set.of("ExpiredToken", "ExpiredTokenException");

  /** The state after a change without a reply. */
  public static final String MAY_HAVE_TAKEN_EFFECT =
      "The call may have taken effect; the next run completes it.";

  /** The last sentence of what to do after a denial. */
  public static final String PRINTED_POLICIES =
      "AwsPolicies prints the policy for each kind of role.";

  private static final Set<String> UNKNOWN_KEYS =
      Set.of(
          "InvalidAccessKeyId",
          "InvalidClientTokenId",
          "InvalidSignatureException",
          "SignatureDoesNotMatch",
          "UnrecognizedClientException");

  private static final Pattern WRONG_TIME =
      Pattern.compile("Signature (?:expired|not yet current)");
  private static final Pattern KEY =
      Pattern.compile("arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[0-9A-Za-z-]+");

  /** S3 has codes for the answers of KMS; DynamoDB quotes them. */
  private static final Pattern UNUSABLE_KEY = Pattern.compile("KMS\\.|KMS validation error");

  private AwsFailure() {}

  /** Returns the error code of AWS. */
  public static String codeOf(AwsServiceException response) {
    return response.awsErrorDetails() == null || response.awsErrorDetails().errorCode() == null
        ? response.getClass().getSimpleName()
        : response.awsErrorDetails().errorCode();
  }

  /** Describes a failure without the text of AWS, which may quote keys and values. */
  public static String describe(RuntimeException failure) {
    if (failure instanceof AwsServiceException response) {
      return codeOf(response)
          + " (status "
          + response.statusCode()
          + ", request "
          + response.requestId()
          + ")";
    }
    return causes(failure)
        .map(
            cause ->
                cause instanceof UnknownHostException
                    ? "UnknownHostException (" + cause.getMessage() + ")"
                    : cause.getClass().getSimpleName())
        .distinct()
        .collect(Collectors.joining(" caused by "));
  }

  /**
   * Returns what to do after a failure whose reason is the same for all services: credentials, the
   * clock, a KMS key, or the region.
   *
   * @param otherwise what to do after other failures
   */
  public static String fixOf(RuntimeException failure, String otherwise) {
    if (!(failure instanceof AwsServiceException response)) {
      return causes(failure).anyMatch(UnknownHostException.class::isInstance)
          ? "Check the region. " + otherwise
          : otherwise;
    }
    if (EXPIRED.contains(codeOf(response))) {
      return "The credentials have expired. Sign in again, such as with 'aws sso login', or set new"
          + " ones.";
    }
    if (isClockSkewed(response)) {
      return "Correct the clock of this host.";
    }
    if (UNKNOWN_KEYS.contains(codeOf(response))) {
      return "AWS does not know these keys. Run 'aws sts get-caller-identity' with the same"
          + " environment.";
    }
    return isKeyUnusable(response)
        ? "Enable or restore the KMS key "
            + keyIn(response).orElse("that encrypts it")
            + ", or name another one with encryptionKey(..) and run AwsMesh.make(config) again."
        : otherwise;
  }

  private static boolean isClockSkewed(AwsServiceException response) {
    return response.isClockSkewException()
        || (UNKNOWN_KEYS.contains(codeOf(response))
            && WRONG_TIME.matcher(textOf(response)).lookingAt());
  }

  private static boolean isKeyUnusable(AwsServiceException response) {
    return UNUSABLE_KEY.matcher(codeOf(response)).lookingAt()
        || UNUSABLE_KEY.matcher(textOf(response)).lookingAt();
  }

  private static Optional<String> keyIn(AwsServiceException response) {
    return KEY.matcher(textOf(response)).results().map(MatchResult::group).findFirst();
  }

  /** Returns the text of AWS, which may quote keys and values; empty if there is none. */
  public static String textOf(AwsServiceException response) {
    return response.awsErrorDetails() == null || response.awsErrorDetails().errorMessage() == null
        ? ""
        : response.awsErrorDetails().errorMessage();
  }

  /**
   * Returns true if a permission is missing. The response to HEAD has no code, so status 403
   * without one counts too; DynamoDB responds with status 400.
   */
  public static boolean isDenied(RuntimeException failure) {
    if (!(failure instanceof AwsServiceException response)) {
      return false;
    }
    boolean hasCode =
        response.awsErrorDetails() != null && response.awsErrorDetails().errorCode() != null;
    return hasCode ? DENIED.contains(codeOf(response)) : response.statusCode() == FORBIDDEN;
  }

  /** Returns true if the same request may succeed later. */
  public static boolean isPassing(RuntimeException failure) {
    return isUnavailable(failure)
        || (failure instanceof AwsServiceException response
            && (isClockSkewed(response) || EXPIRED.contains(codeOf(response))));
  }

  /** Returns true if the service is overloaded, fails, or does not answer in time. */
  public static boolean isUnavailable(RuntimeException failure) {
    if (failure instanceof AwsServiceException response) {
      return response.statusCode() >= 500
          || response.statusCode() == REQUEST_TIMEOUT
          || response.statusCode() == TOO_MANY_REQUESTS
          || response.isThrottlingException();
    }
    return isLostConnection(failure);
  }

  /** Returns true if a request may have taken effect: it has no response, or one that says so. */
  public static boolean mayHaveTakenEffect(RuntimeException failure) {
    return failure instanceof AwsServiceException response
        ? response.statusCode() >= 500 || response.statusCode() == REQUEST_TIMEOUT
        : isLostConnection(failure);
  }

  /** Returns true if no response arrived. */
  public static boolean isLostConnection(RuntimeException failure) {
    return failure instanceof ApiCallTimeoutException
        || failure instanceof ApiCallAttemptTimeoutException
        || causes(failure).anyMatch(IOException.class::isInstance);
  }

  /**
   * Returns the exception for a missing permission: the one that AWS names, or else the one that
   * the request needs.
   *
   * @param caller the principal, such as {@code 222222222222/commerce-etl}
   * @param permission the IAM action, such as {@code s3:GetObject}
   * @param resource the ARN of the resource
   */
  public static BackendException permissionMissing(
      Failure failed, String caller, String permission, String resource, RuntimeException failure) {
    return permissionMissing(failed, caller, Optional.empty(), permission, resource, failure);
  }

  /**
   * As {@link #permissionMissing(Failure, String, String, String, RuntimeException)}.
   *
   * @param fix what to do instead of changing a policy; empty if that is to be done
   */
  public static BackendException permissionMissing(
      Failure failed,
      String caller,
      Optional<String> fix,
      String permission,
      String resource,
      RuntimeException failure) {
    DeniedPermission denied =
        DeniedPermission.of(failure)
            .orElseGet(() -> new DeniedPermission(null, permission, null, null));
    String lacking = denied.resource();
    if (lacking == null || resource.startsWith(lacking)) {
      lacking = denied.isOfKey() ? "the KMS key that encrypts " + resource : resource;
    }
    String reason = denied.reason();
    return failed
        .because(
            caller
                + " lacks the permission "
                + denied.action()
                + " on "
                + lacking
                + (reason == null ? "" : ", because " + reason)
                + ": "
                + describe(failure))
        .fix(fix.orElseGet(() -> fixOf(denied)))
        .lasting(ErrorCode.PERMISSION_MISSING);
  }

  private static String fixOf(DeniedPermission denied) {
    if (denied.isExplicit()) {
      return "Change the statement with the effect Deny in that policy; no other policy overrides"
          + " it.";
    }
    String fix =
        denied.isOfKey()
            ? "Allow it in the policies of the key and the role."
            : "Allow it in the policy of the role and of the resource; for encrypted data, also"
                + " allow the use of the KMS key.";
    return fix + " " + PRINTED_POLICIES;
  }

  private static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
  }
}
