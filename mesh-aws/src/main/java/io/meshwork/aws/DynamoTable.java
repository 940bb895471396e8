package io.meshwork.aws;

import io.meshwork.aws.internal.AwsFailure;
import io.meshwork.aws.internal.dynamo.DynamoFailure;
import io.meshwork.aws.internal.dynamo.DynamoRequests;
import io.meshwork.aws.internal.dynamo.RegistryCaller;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.Sleeper;
import io.meshwork.product.Principal;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.ContinuousBackupsUnavailableException;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.PointInTimeRecoveryStatus;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.SSEDescription;
import software.amazon.awssdk.services.dynamodb.model.SSESpecification;
import software.amazon.awssdk.services.dynamodb.model.SSEType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.waiters.DynamoDbWaiter;

/** Creates the table of a registry. */
final class DynamoTable {
  private static final Logger LOG = LoggerFactory.getLogger(DynamoTable.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final int MAX_PAUSES = 120;

  /** How DynamoDB Local answers a request that only changes the encryption. */
  private static final String NO_CHANGE = "Nothing to update";

  private static final List<KeySchemaElement> KEYS =
      List.of(key(DynamoRequests.PARTITION, KeyType.HASH), key(DynamoRequests.SORT, KeyType.RANGE));

  private DynamoTable() {}

  /**
   * Creates the table if it does not exist: billed per request, with point-in-time recovery if the
   * endpoint supports it. Waits at most two minutes until the table is active. It is idempotent,
   * may run concurrently, and completes an interrupted run.
   *
   * @throws InvalidRequestException CONFIG_INVALID if a table of this name has other keys
   * @throws BackendException if it could not be created; run it again if retryable
   */
  static void ensure(DynamoDbClient client, String table) {
    ensure(client, table, Sleeper.real());
  }

  static void ensure(DynamoDbClient client, String table, Sleeper sleeper) {
    try {
      requireKeys(table, describeOrCreate(client, table, request -> {}));
      enableRecovery(client, table, sleeper);
    } catch (RuntimeException e) {
      throw new DynamoFailure(table).of(MeshAction.of(Verb.CREATE), e);
    }
  }

  /**
   * As {@link #ensure}, with protection against deletion.
   *
   * @param config names the table, and the key that encrypts a new one
   * @param caller who sends the requests, such as {@code 111111111111/admin}; the table is in its
   *     account
   */
  static void ensureProtected(DynamoDbClient client, AwsConfig config, Principal caller) {
    String table = config.table();
    String kmsKey = config.kmsKey();
    try {
      TableDescription description =
          describeOrCreate(
              client, table, request -> protect(request.deletionProtectionEnabled(true), kmsKey));
      requireKeys(table, description);
      boolean isOpen = !Boolean.TRUE.equals(description.deletionProtectionEnabled());
      String key = kmsKey == null || isEncrypted(description, kmsKey) ? null : kmsKey;
      if (isOpen || key != null) {
        update(client, table, isOpen, key);
        awaitActive(client, table);
      }
      enableRecovery(client, table, Sleeper.real());
    } catch (RuntimeException e) {
      throw new DynamoFailure(
              table, RegistryCaller.named(caller.toString()), config.tableArn(caller.account()))
          .of(MeshAction.of(Verb.CREATE), e);
    }
  }

  private static TableDescription describeOrCreate(
      DynamoDbClient client, String table, Consumer<CreateTableRequest.Builder> protection) {
    try {
      client.describeTable(request -> request.tableName(table));
    } catch (ResourceNotFoundException missing) {
      create(client, table, protection);
    }
    return awaitActive(client, table);
  }

  private static TableDescription awaitActive(DynamoDbClient client, String table) {
    try (DynamoDbWaiter waiter =
        DynamoDbWaiter.builder()
            .client(client)
            .overrideConfiguration(
                waiting ->
                    waiting
                        .maxAttempts(MAX_PAUSES)
                        .backoffStrategyV2(BackoffStrategy.fixedDelayWithoutJitter(PAUSE)))
            .build()) {
      return waiter
          .waitUntilTableExists(request -> request.tableName(table))
          .matched()
          .response()
          .orElseThrow()
          .table();
    } catch (SdkClientException e) {
      // The waiter wraps the failure of its request, also one without a response.
      throw e.getCause() instanceof SdkException failure ? failure : e;
    }
  }

  private static void create(
      DynamoDbClient client, String table, Consumer<CreateTableRequest.Builder> protection) {
    CreateTableRequest.Builder request =
        CreateTableRequest.builder()
            .tableName(table)
            .keySchema(KEYS)
            .attributeDefinitions(text(DynamoRequests.PARTITION), text(DynamoRequests.SORT))
            .billingMode(BillingMode.PAY_PER_REQUEST);
    protection.accept(request);
    try {
      client.createTable(request.build());
    } catch (ResourceInUseException concurrentlyCreated) {
      LOG.debug("Another process is creating the table '{}'.", table);
    }
  }

  private static void protect(CreateTableRequest.Builder request, @Nullable String kmsKey) {
    if (kmsKey != null) {
      request.sseSpecification(encryption(kmsKey));
    }
  }

  /**
   * Changes what a table lacks in one request: while DynamoDB applies it, it rejects another.
   *
   * @param kmsKey null to leave the encryption unchanged
   */
  private static void update(
      DynamoDbClient client, String table, boolean protect, @Nullable String kmsKey) {
    try {
      client.updateTable(
          request -> {
            request.tableName(table);
            if (protect) {
              request.deletionProtectionEnabled(true);
            }
            if (kmsKey != null) {
              request.sseSpecification(encryption(kmsKey));
            }
          });
    } catch (AwsServiceException e) {
      if (!String.valueOf(e.getMessage()).startsWith(NO_CHANGE)) {
        throw e;
      }
      LOG.warn("The table '{}' has no KMS key: the endpoint does not support it.", table);
    }
  }

  private static SSESpecification encryption(String kmsKey) {
    return SSESpecification.builder()
        .enabled(true)
        .sseType(SSEType.KMS)
        .kmsMasterKeyId(kmsKey)
        .build();
  }

  private static boolean isEncrypted(TableDescription description, String kmsKey) {
    SSEDescription now = description.sseDescription();
    return now != null && kmsKey.equals(now.kmsMasterKeyArn());
  }

  private static void requireKeys(String table, TableDescription description) {
    if (!description.keySchema().equals(KEYS)) {
      throw Failure.of(MeshAction.of(Verb.USE, "the table '" + table + "' as a registry"))
          .because("its keys are not 'p' and 's', so it has another purpose")
          .state("The table was not changed.")
          .fix("Use another table.")
          .invalidRequest(ErrorCode.CONFIG_INVALID);
    }
  }

  /** A new table does not permit it for some time. */
  private static void enableRecovery(DynamoDbClient client, String table, Sleeper sleeper) {
    for (int pauses = 0; ; pauses++) {
      try {
        enableRecovery(client, table);
        return;
      } catch (ContinuousBackupsUnavailableException e) {
        if (pauses == MAX_PAUSES) {
          throw e;
        }
        pause(sleeper, table);
      } catch (AwsServiceException e) {
        if (!AwsFailure.codeOf(e).equals("UnknownOperationException")) {
          throw e;
        }
        LOG.warn(
            "The table '{}' has no point-in-time recovery: the endpoint does not support it.",
            table);
        return;
      }
    }
  }

  private static void pause(Sleeper sleeper, String table) {
    try {
      sleeper.sleep(PAUSE);
    } catch (InterruptedException e) {
      throw Deadline.interrupted(MeshAction.of(Verb.CREATE, "the table '" + table + "'"), e);
    }
  }

  private static void enableRecovery(DynamoDbClient client, String table) {
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
