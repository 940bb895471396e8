package io.meshwork.aws;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
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
  MeshException of(String tried, RuntimeException failure) {
    if (failure instanceof MeshException known) {
      return known;
    }
    if (failure instanceof AbortedException) {
      return Deadline.interrupted(doing(tried), null);
    }
    String start = "Could not " + doing(tried) + ": ";
    if (failure instanceof ResourceNotFoundException) {
      return BackendException.lasting(
          ErrorCode.BACKEND_FAILED,
          start
              + "the table does not exist in this account and region. Nothing was committed. Make it"
              + " first, or name the right table, account and region.",
          failure);
    }
    if (failure instanceof AwsServiceException answer) {
      return isPassing(answer)
          ? passing(start + "DynamoDB answered " + kindOf(answer), failure)
          : BackendException.lasting(
              ErrorCode.BACKEND_FAILED,
              start
                  + "DynamoDB refused with "
                  + kindOf(answer)
                  + ". Nothing was committed. Check the table's keys and what the role may do there.",
              failure);
    }
    if (isLostConnection(failure)) {
      return passing(start + "no answer came in time, " + kindOf(failure), failure);
    }
    return BackendException.lasting(
        ErrorCode.BACKEND_FAILED,
        start
            + "the AWS SDK could not make the request, "
            + kindOf(failure)
            + ". Nothing was committed. Check region and credentials.",
        failure);
  }

  /** The exception for a commit that was cancelled though no key was seen to differ. */
  BackendException cancelled(String tried, TransactionCanceledException cancelled) {
    Set<String> codes = new TreeSet<>();
    for (CancellationReason reason : cancelled.cancellationReasons()) {
      if (reason.code() != null && !reason.code().equals("None")) {
        codes.add(reason.code());
      }
    }
    String start =
        "Could not "
            + doing(tried)
            + ": DynamoDB cancelled the transaction for "
            + codes
            + " (request "
            + cancelled.requestId()
            + ")";
    return PASSING_CODES.containsAll(codes)
        ? passing(start, cancelled)
        : BackendException.lasting(
            ErrorCode.BACKEND_FAILED,
            start + ". Nothing was committed. Mend what these codes name, then run it again.",
            cancelled);
  }

  /** What was tried, on what. */
  String doing(String tried) {
    return tried + " the registry's table '" + table + "'";
  }

  private static BackendException passing(String message, RuntimeException cause) {
    return BackendException.passing(
        ErrorCode.BACKEND_FAILED,
        message
            + ". Nothing was committed. Run it again; if it stays, look at the table's throttling"
            + " and the way to it.",
        cause);
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
