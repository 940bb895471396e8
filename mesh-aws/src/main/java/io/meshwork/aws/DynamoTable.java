package io.meshwork.aws;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.PointInTimeRecoveryStatus;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.waiters.DynamoDbWaiter;

/** The one table of a registry. */
final class DynamoTable {
  private static final Logger LOG = LoggerFactory.getLogger(DynamoTable.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final int MOST_PAUSES = 120;

  private static final List<KeySchemaElement> KEYS =
      List.of(key(DynamoRequests.PARTITION, KeyType.HASH), key(DynamoRequests.SORT, KeyType.RANGE));

  private DynamoTable() {}

  /**
   * Makes the table unless it is there: paid by request, with point-in-time recovery where the
   * endpoint knows it. Waits until it can be used, two minutes at most. May be run again, by
   * several at once, and finishes what an earlier run left undone.
   *
   * @throws InvalidRequestException CONFIG_INVALID if a table of this name has other keys
   * @throws BackendException if it could not be made; run it again when retryable
   */
  static void ensure(DynamoDbClient client, String table) {
    try {
      requireOurKeys(table, describedOrMade(client, table));
      protect(client, table);
    } catch (RuntimeException e) {
      throw new DynamoFailure(table).of(MeshAction.of(Verb.CREATE), e);
    }
  }

  private static TableDescription describedOrMade(DynamoDbClient client, String table) {
    try {
      client.describeTable(request -> request.tableName(table));
    } catch (ResourceNotFoundException missing) {
      make(client, table);
    }
    try (DynamoDbWaiter waiter =
        DynamoDbWaiter.builder()
            .client(client)
            .overrideConfiguration(
                waiting ->
                    waiting
                        .maxAttempts(MOST_PAUSES)
                        .backoffStrategyV2(BackoffStrategy.fixedDelayWithoutJitter(PAUSE)))
            .build()) {
      return waiter
          .waitUntilTableExists(request -> request.tableName(table))
          .matched()
          .response()
          .orElseThrow()
          .table();
    }
  }

  private static void make(DynamoDbClient client, String table) {
    try {
      client.createTable(
          request ->
              request
                  .tableName(table)
                  .keySchema(KEYS)
                  .attributeDefinitions(text(DynamoRequests.PARTITION), text(DynamoRequests.SORT))
                  .billingMode(BillingMode.PAY_PER_REQUEST));
    } catch (ResourceInUseException madeMeanwhile) {
      LOG.debug("Somebody else is making the table '{}'.", table);
    }
  }

  private static void requireOurKeys(String table, TableDescription description) {
    if (!description.keySchema().equals(KEYS)) {
      throw Failure.of(MeshAction.of(Verb.USE, "the table '" + table + "' as a registry"))
          .because("its keys are not 'p' and 's', so it was made for something else")
          .state("It was left as it is.")
          .fix("Name another table.")
          .invalidRequest(ErrorCode.CONFIG_INVALID);
    }
  }

  private static void protect(DynamoDbClient client, String table) {
    try {
      PointInTimeRecoveryStatus status =
          client
              .describeContinuousBackups(request -> request.tableName(table))
              .continuousBackupsDescription()
              .pointInTimeRecoveryDescription()
              .pointInTimeRecoveryStatus();
      if (status != PointInTimeRecoveryStatus.ENABLED) {
        client.updateContinuousBackups(
            request ->
                request
                    .tableName(table)
                    .pointInTimeRecoverySpecification(
                        recovery -> recovery.pointInTimeRecoveryEnabled(true)));
      }
    } catch (AwsServiceException e) {
      if (!DynamoFailure.codeOf(e).equals("UnknownOperationException")) {
        throw e;
      }
      LOG.warn("The table '{}' has no point-in-time recovery: this endpoint has none.", table);
    }
  }

  private static KeySchemaElement key(String name, KeyType type) {
    return KeySchemaElement.builder().attributeName(name).keyType(type).build();
  }

  private static AttributeDefinition text(String name) {
    return AttributeDefinition.builder()
        .attributeName(name)
        .attributeType(ScalarAttributeType.S)
        .build();
  }
}
