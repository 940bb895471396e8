package io.meshwork.aws;

import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.CreateTableResponse;
import software.amazon.awssdk.services.dynamodb.model.DescribeContinuousBackupsRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeContinuousBackupsResponse;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableResponse;
import software.amazon.awssdk.services.dynamodb.model.PointInTimeRecoveryStatus;
import software.amazon.awssdk.services.dynamodb.model.UpdateContinuousBackupsRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateContinuousBackupsResponse;

/** A client whose tables have point-in-time recovery, which DynamoDB Local lacks. */
final class BackupClient implements DynamoDbClient {
  private final DynamoDbClient client;
  private boolean isProtected;
  private int switches;
  private RuntimeException refusal;

  BackupClient(DynamoDbClient client) {
    this.client = client;
  }

  boolean isProtected() {
    return isProtected;
  }

  /** How often recovery was switched on or off. */
  int switches() {
    return switches;
  }

  void refuseOnce(RuntimeException answer) {
    refusal = answer;
  }

  @Override
  public DescribeContinuousBackupsResponse describeContinuousBackups(
      DescribeContinuousBackupsRequest request) {
    PointInTimeRecoveryStatus status =
        isProtected ? PointInTimeRecoveryStatus.ENABLED : PointInTimeRecoveryStatus.DISABLED;
    return DescribeContinuousBackupsResponse.builder()
        .continuousBackupsDescription(
            backups ->
                backups.pointInTimeRecoveryDescription(
                    recovery -> recovery.pointInTimeRecoveryStatus(status)))
        .build();
  }

  @Override
  public UpdateContinuousBackupsResponse updateContinuousBackups(
      UpdateContinuousBackupsRequest request) {
    if (refusal != null) {
      RuntimeException answer = refusal;
      refusal = null;
      throw answer;
    }
    isProtected = request.pointInTimeRecoverySpecification().pointInTimeRecoveryEnabled();
    switches++;
    return UpdateContinuousBackupsResponse.builder().build();
  }

  @Override
  public DescribeTableResponse describeTable(DescribeTableRequest request) {
    return client.describeTable(request);
  }

  @Override
  public CreateTableResponse createTable(CreateTableRequest request) {
    return client.createTable(request);
  }

  @Override
  public String serviceName() {
    return client.serviceName();
  }

  @Override
  public void close() {
    client.close();
  }
}
