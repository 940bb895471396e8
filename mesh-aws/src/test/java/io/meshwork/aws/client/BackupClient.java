package io.meshwork.aws.client;

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
import software.amazon.awssdk.services.dynamodb.model.UpdateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateTableResponse;

/** A client with point-in-time recovery, which DynamoDB Local does not support. */
public final class BackupClient implements DynamoDbClient {
  private final DynamoDbClient client;
  private boolean isProtected;
  private int updates;
  private RuntimeException rejection;

  public BackupClient(DynamoDbClient client) {
    this.client = client;
  }

  public boolean isProtected() {
    return isProtected;
  }

  /** Returns how often point-in-time recovery was updated. */
  public int updates() {
    return updates;
  }

  public void rejectOnce(RuntimeException answer) {
    rejection = answer;
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
  public UpdateTableResponse updateTable(UpdateTableRequest request) {
    return client.updateTable(request);
  }

  @Override
  public UpdateContinuousBackupsResponse updateContinuousBackups(
      UpdateContinuousBackupsRequest request) {
    if (rejection != null) {
      RuntimeException answer = rejection;
      rejection = null;
      throw answer;
    }
    isProtected = request.pointInTimeRecoverySpecification().pointInTimeRecoveryEnabled();
    updates++;
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
