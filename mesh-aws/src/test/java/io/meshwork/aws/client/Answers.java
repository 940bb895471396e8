package io.meshwork.aws.client;

import java.net.ConnectException;
import java.net.SocketException;
import java.util.Arrays;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.IdempotentParameterMismatchException;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;

/** Failures of AWS, whose text contains a secret that no message may repeat. */
public final class Answers {
  public static final String SECRET = "a value of the customer";

  private Answers() {}

  /** Returns a cancelled transaction; the first code is that of the attempt's row. */
  public static TransactionCanceledException cancelled(String... codes) {
    return TransactionCanceledException.builder()
        .cancellationReasons(
            Arrays.stream(codes)
                .map(code -> CancellationReason.builder().code(code).message(SECRET).build())
                .toList())
        .awsErrorDetails(details("TransactionCanceledException"))
        .statusCode(400)
        .requestId("R1")
        .build();
  }

  public static AwsServiceException rejected(int status, String code) {
    return DynamoDbException.builder()
        .awsErrorDetails(details(code))
        .statusCode(status)
        .requestId("R1")
        .build();
  }

  public static AwsServiceException inProgress() {
    return TransactionInProgressException.builder()
        .awsErrorDetails(details("TransactionInProgressException"))
        .statusCode(400)
        .build();
  }

  public static AwsServiceException parameterMismatch() {
    return IdempotentParameterMismatchException.builder()
        .awsErrorDetails(details("IdempotentParameterMismatchException"))
        .statusCode(400)
        .build();
  }

  public static AwsServiceException transactionConflict() {
    return TransactionConflictException.builder()
        .awsErrorDetails(details("TransactionConflictException"))
        .statusCode(400)
        .build();
  }

  public static SdkClientException timeout() {
    return ApiCallTimeoutException.create(10_000);
  }

  public static SdkClientException reset() {
    return SdkClientException.create(SECRET, new SocketException("Connection reset"));
  }

  public static SdkClientException noConnection() {
    return SdkClientException.create(SECRET, new ConnectException("Connection refused"));
  }

  private static AwsErrorDetails details(String code) {
    return AwsErrorDetails.builder().errorCode(code).errorMessage(SECRET).build();
  }
}
