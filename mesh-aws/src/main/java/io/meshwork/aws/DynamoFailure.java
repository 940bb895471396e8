package io.meshwork.aws;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshException;
import io.meshwork.internal.runtime.Deadline;
import java.io.IOException;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;

/**
 * Says what a failed request means. Messages hold codes, status and request id, never the text of
 * AWS, which may quote keys and values.
 */
final class DynamoFailure {
  private static final String CHECK_TABLE =
      "Run it again. If the error persists, check the throttling of the table and the network.";
  private static final int REQUEST_TIMEOUT = 408;
  private static final Set<String> PASSING_CODES =
      Set.of(
          "ContinuousBackupsUnavailableException",
          "LimitExceededException",
          "TransactionConflict",
          "TransactionConflictException",
          "ThrottlingError",
          "ProvisionedThroughputExceeded",
          "RequestLimitExceeded");

  private final String table;

  DynamoFailure(String table) {
    this.table = table;
  }

  /**
   * True if DynamoDB refused this delivery of a write. A time-out, a reset and a 5xx prove nothing.
   * Neither does {@code TransactionInProgress}: there another delivery of the same transaction is
   * still at work. Nor does a refused connection: many an HTTP client sends a request again,
   * unasked, when the first connection ends without an answer.
   */
  static boolean nothingWasDone(RuntimeException failure) {
    return failure instanceof AwsServiceException answer
        && answer.statusCode() >= 400
        && answer.statusCode() < 500
        && answer.statusCode() != REQUEST_TIMEOUT
        && !(answer instanceof TransactionInProgressException);
  }

  /** True if DynamoDB refused a request for its rate, so that sending it once more may go well. */
  static boolean isThrottled(RuntimeException failure) {
    return failure instanceof AwsServiceException answer
        && answer.isThrottlingException()
        && nothingWasDone(answer);
  }

  /** What happened, for logs: no text of AWS. */
  static String kindOf(RuntimeException failure) {
    if (failure instanceof AwsServiceException answer) {
      return codeOf(answer)
          + " (status "
          + answer.statusCode()
          + ", request "
          + answer.requestId()
          + ")";
    }
    return causes(failure)
        .map(cause -> cause.getClass().getSimpleName())
        .distinct()
        .collect(Collectors.joining(" by "));
  }

  /** The exception for a caller whose request was certainly not done, or was a mere read. */
  MeshException of(MeshAction action, RuntimeException failure) {
    if (failure instanceof MeshException known) {
      return known;
    }
    if (failure instanceof AbortedException) {
      return Deadline.interrupted(onTable(action), null);
    }
    Failure failed = failed(action, failure);
    if (failure instanceof ResourceNotFoundException) {
      return failed
          .because("the table does not exist in this account and region")
          .fix("Create it, or correct the table, account, or region.")
          .lasting(ErrorCode.BACKEND_FAILED);
    }
    if (failure instanceof AwsServiceException answer) {
      return isPassing(answer)
          ? failed
              .because("DynamoDB answered " + kindOf(answer))
              .fix(CHECK_TABLE)
              .passing(ErrorCode.BACKEND_FAILED)
          : failed
              .because("DynamoDB rejected the request with " + kindOf(answer))
              .fix("Check the keys of the table and the permissions of the role.")
              .lasting(ErrorCode.BACKEND_FAILED);
    }
    if (isLostConnection(failure)) {
      return failed
          .because("no answer arrived in time, " + kindOf(failure))
          .fix(CHECK_TABLE)
          .passing(ErrorCode.BACKEND_FAILED);
    }
    return failed
        .because("the AWS SDK could not send the request, " + kindOf(failure))
        .fix("Check region and credentials.")
        .lasting(ErrorCode.BACKEND_FAILED);
  }

  /** The exception for a commit that was cancelled though no key was seen to differ. */
  BackendException cancelled(MeshAction action, TransactionCanceledException cancelled) {
    Set<String> codes = new TreeSet<>();
    for (CancellationReason reason : cancelled.cancellationReasons()) {
      if (reason.code() != null && !reason.code().equals("None")) {
        codes.add(reason.code());
      }
    }
    Failure failed =
        failed(action, cancelled)
            .because(
                "DynamoDB cancelled the transaction with "
                    + codes
                    + " (request "
                    + cancelled.requestId()
                    + ")");
    return PASSING_CODES.containsAll(codes)
        ? failed.fix(CHECK_TABLE).passing(ErrorCode.BACKEND_FAILED)
        : failed
            .fix("Fix what these codes name, then run it again.")
            .lasting(ErrorCode.BACKEND_FAILED);
  }

  private Failure failed(MeshAction action, RuntimeException cause) {
    return Failure.of(onTable(action)).state("Nothing was committed.").cause(cause);
  }

  /** The action, on this table. */
  MeshAction onTable(MeshAction action) {
    return action.on("the registry's table '" + table + "'");
  }

  private static boolean isPassing(AwsServiceException answer) {
    return answer.statusCode() >= 500
        || answer.statusCode() == REQUEST_TIMEOUT
        || answer.isThrottlingException()
        || answer.isClockSkewException()
        || PASSING_CODES.contains(codeOf(answer));
  }

  private static boolean isLostConnection(RuntimeException failure) {
    return failure instanceof ApiCallTimeoutException
        || failure instanceof ApiCallAttemptTimeoutException
        || causes(failure).anyMatch(IOException.class::isInstance);
  }

  /** AWS's name of what went wrong. */
  static String codeOf(AwsServiceException answer) {
    return answer.awsErrorDetails() == null || answer.awsErrorDetails().errorCode() == null
        ? answer.getClass().getSimpleName()
        : answer.awsErrorDetails().errorCode();
  }

  private static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
  }
}
