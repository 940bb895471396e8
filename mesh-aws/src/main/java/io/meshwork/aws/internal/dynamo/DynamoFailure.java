package io.meshwork.aws.internal.dynamo;

import io.meshwork.aws.internal.AwsFailure;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshException;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.registry.Registry.Transaction;
import java.util.Set;
import java.util.TreeSet;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;

/**
 * Converts failed requests into exceptions. Messages have codes, status and request ID, never the
 * text of AWS, which may quote keys and values.
 */
public final class DynamoFailure {
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
  private final RegistryCaller caller;
  private final String resource;

  /** Creates a converter for requests of a caller that has no name here. */
  public DynamoFailure(String table) {
    this(table, "the caller");
  }

  /**
   * Creates a converter.
   *
   * @param caller who sends the requests, such as {@code 222222222222/commerce-etl}
   */
  public DynamoFailure(String table, String caller) {
    this(table, RegistryCaller.named(caller), "the table '" + table + "'");
  }

  /**
   * Creates a converter.
   *
   * @param caller who sends the requests
   * @param resource how IAM names the table, such as its ARN
   */
  public DynamoFailure(String table, RegistryCaller caller, String resource) {
    this.table = table;
    this.caller = caller;
    this.resource = resource;
  }

  /**
   * Returns true if DynamoDB rejected this delivery of a write. After a timeout, a connection
   * reset, or a 5xx status, the outcome is unknown. So it is after {@code TransactionInProgress},
   * because another delivery of the same transaction is running, and after a refused connection,
   * because HTTP clients may resend a request when the first connection ends without a response.
   */
  static boolean isRejected(RuntimeException failure) {
    return failure instanceof AwsServiceException response
        && response.statusCode() >= 400
        && response.statusCode() < 500
        && response.statusCode() != REQUEST_TIMEOUT
        && !(response instanceof TransactionInProgressException);
  }

  /**
   * Returns true if the request was not sent, because the credentials for its signature could not
   * be renewed: the failure is from STS, or from its limits.
   */
  static boolean isUnsent(RuntimeException failure) {
    return failure instanceof MeshException
        || (failure instanceof AwsServiceException && !(failure instanceof DynamoDbException));
  }

  /** Returns true if DynamoDB rejected a request for its rate, so that a retry may succeed. */
  static boolean isThrottled(RuntimeException failure) {
    return failure instanceof AwsServiceException response
        && response.isThrottlingException()
        && isRejected(response);
  }

  /** Assumes the caller's own role, and returns true, if a request was denied without it. */
  boolean mayRepeat(RuntimeException failure) {
    return AwsFailure.isDenied(failure) && caller.assumesDeniedRole();
  }

  /** Returns the exception for a rejected commit, which names the partitions that it writes. */
  MeshException ofCommit(MeshAction action, Transaction transaction, RuntimeException failure) {
    Set<String> written = new TreeSet<>(Set.of(transaction.partition()));
    for (Transaction.Action write : transaction.actions()) {
      if (write.kind() != Transaction.Kind.CHECK) {
        written.add(write.key().partition());
      }
    }
    return new DynamoFailure(
            table, caller, resource + " with the leading keys " + String.join(", ", written))
        .of(action, failure);
  }

  /** Returns the exception for a rejected write or a failed read. */
  public MeshException of(MeshAction action, RuntimeException failure) {
    if (failure instanceof MeshException meshFailure) {
      return meshFailure;
    }
    if (failure instanceof AbortedException) {
      return Deadline.interrupted(onTable(action), null);
    }
    Failure failed = failed(action, failure);
    if (failure instanceof ResourceNotFoundException) {
      return failed
          .because(place() + " has no such table")
          .fix(
              "Correct the account, the name, or the region of the configuration. If the mesh does"
                  + " not exist yet, create it with AwsMesh.make(config), and the table of another"
                  + " catalog with AwsMesh.makeTable(config).")
          .lasting(ErrorCode.BACKEND_FAILED);
    }
    if (AwsFailure.isDenied(failure)) {
      return AwsFailure.permissionMissing(
          failed, caller.name(), caller.fix(), permissions(action), resource, failure);
    }
    if (failure instanceof AwsServiceException response) {
      String service = isUnsent(response) ? "the service that renews credentials" : "DynamoDB";
      return isPassing(response)
          ? failed
              .because(service + " responded with " + AwsFailure.describe(response))
              .fix(AwsFailure.fixOf(failure, CHECK_TABLE))
              .passing(ErrorCode.BACKEND_FAILED)
          : failed
              .because(service + " rejected the request with " + AwsFailure.describe(response))
              .fix(
                  AwsFailure.fixOf(
                      failure, "Check the keys of the table and the permissions of the role."))
              .lasting(ErrorCode.BACKEND_FAILED);
    }
    if (AwsFailure.isLostConnection(failure)) {
      return failed
          .because("no response arrived in time, " + AwsFailure.describe(failure))
          .fix(AwsFailure.fixOf(failure, CHECK_TABLE))
          .passing(ErrorCode.BACKEND_FAILED);
    }
    return failed
        .because("the AWS SDK could not send the request, " + AwsFailure.describe(failure))
        .fix("Check region and credentials.")
        .lasting(ErrorCode.BACKEND_FAILED);
  }

  /** Returns the account and the region of the table, if its ARN is known. */
  private String place() {
    String[] arn = resource.split(":", 6);
    return arn.length == 6
        ? "the account " + arn[4] + " in the region " + arn[3]
        : "the account of the caller in this region";
  }

  /** Returns the exception for a commit that was cancelled without a conflicting key. */
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
            .fix("Fix the cause that these codes name, then run it again.")
            .lasting(ErrorCode.BACKEND_FAILED);
  }

  private Failure failed(MeshAction action, RuntimeException cause) {
    return Failure.of(onTable(action)).state("Nothing was committed.").cause(cause);
  }

  /** Returns the action with the table in its subject. */
  MeshAction onTable(MeshAction action) {
    return action.on("the registry's table '" + table + "'");
  }

  /** Returns the IAM actions that the requests of an action need. */
  private static String permissions(MeshAction action) {
    return switch (action.verb()) {
      case READ -> "dynamodb:GetItem";
      case LIST -> "dynamodb:Query";
      case COMMIT ->
          "dynamodb:PutItem, dynamodb:DeleteItem, dynamodb:ConditionCheckItem, or dynamodb:GetItem";
      case CREATE ->
          "dynamodb:CreateTable, dynamodb:DescribeTable, dynamodb:UpdateTable, or"
              + " dynamodb:UpdateContinuousBackups";
      default -> "dynamodb:PutItem";
    };
  }

  private static boolean isPassing(AwsServiceException response) {
    return AwsFailure.isPassing(response) || PASSING_CODES.contains(AwsFailure.codeOf(response));
  }
}
