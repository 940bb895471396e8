package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.meshwork.aws.client.Answers;
import io.meshwork.aws.client.BackupClient;
import io.meshwork.aws.internal.dynamo.DynamoRegistry;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.runtime.Sleeper;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Outcome;
import io.meshwork.registry.Registry.Transaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.ContinuousBackupsUnavailableException;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.SSEType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.UpdateTableRequest;

class DynamoTableTest {
  private static final Principal ADMIN = Principal.of("111111111111", "admin");
  private static final Key CARD = new Key("commerce", "product/orders");

  private final String table = "mesh-" + UUID.randomUUID();
  private DynamoDbClient client;

  @BeforeEach
  void connect() {
    client = LocalDynamo.client();
  }

  @AfterEach
  void disconnect() {
    if (client != null) { // null if DynamoDB Local is missing
      client.close();
    }
  }

  @Test
  void aTableIsBilledPerRequestAndCreatingItAgainLosesNothing() {
    DynamoTable.ensure(client, table);
    assertThat(
            client
                .describeTable(request -> request.tableName(table))
                .table()
                .billingModeSummary()
                .billingMode())
        .isEqualTo(BillingMode.PAY_PER_REQUEST);
    DynamoRegistry registry = DynamoRegistry.over(client, table);
    registry.commit(Transaction.attempt("a").insert(CARD, "1").build());

    DynamoTable.ensure(client, table);

    assertThat(registry.read(CARD)).isPresent();
  }

  /** DynamoDB Local does not describe the encryption of a table. */
  @Test
  void aProtectedTableIsRequestedWithTheConfiguredKey() {
    String key = "arn:aws:kms:eu-central-1:111111111111:key/0d3c";
    List<CreateTableRequest> requests = new CopyOnWriteArrayList<>();
    try (DynamoDbClient recorded =
        LocalDynamo.client(recorder(CreateTableRequest.class, requests))) {
      DynamoTable.ensureProtected(new BackupClient(recorded), newMesh().encryptionKey(key), ADMIN);
    }

    assertThat(requests)
        .singleElement()
        .satisfies(
            request -> {
              assertThat(request.deletionProtectionEnabled()).isTrue();
              assertThat(request.sseSpecification().sseType()).isEqualTo(SSEType.KMS);
              assertThat(request.sseSpecification().kmsMasterKeyId()).isEqualTo(key);
            });
  }

  @Test
  void aTableThatWasMadeWithoutAKeyGetsTheOneThatIsConfiguredLater() {
    String key = "arn:aws:kms:eu-central-1:111111111111:key/0d3c";
    AwsConfig config = newMesh();
    DynamoTable.ensureProtected(new BackupClient(client), config, ADMIN);
    List<UpdateTableRequest> requests = new CopyOnWriteArrayList<>();
    try (DynamoDbClient recorded =
        LocalDynamo.client(recorder(UpdateTableRequest.class, requests))) {
      DynamoTable.ensureProtected(new BackupClient(recorded), config.encryptionKey(key), ADMIN);
    }

    assertThat(requests)
        .extracting(request -> request.sseSpecification().kmsMasterKeyId())
        .containsExactly(key);
  }

  private static <R extends SdkRequest> ExecutionInterceptor recorder(
      Class<R> kind, List<R> requests) {
    return new ExecutionInterceptor() {
      @Override
      public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
        if (kind.isInstance(context.request())) {
          requests.add(kind.cast(context.request()));
        }
      }
    };
  }

  @Test
  void aDeniedProtectionNamesTheTableByItsArn() {
    AwsConfig config = newMesh();
    BackupClient denying = new BackupClient(client);
    denying.rejectOnce(Answers.rejected(400, "AccessDeniedException"));

    assertThatThrownBy(() -> DynamoTable.ensureProtected(denying, config, ADMIN))
        .isInstanceOfSatisfying(
            BackendException.class,
            e ->
                assertThat(e.reason())
                    .contains(ADMIN.toString(), config.tableArn(ADMIN.account())));
  }

  private static AwsConfig newMesh() {
    String name = "t" + UUID.randomUUID().toString().replace("-", "").substring(0, 16);
    return AwsConfig.inRegion("eu-central-1").mesh(ADMIN.account(), name);
  }

  @Test
  void severalMayCreateItConcurrently() throws Exception {
    List<Callable<Outcome>> creators = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String attempt = "a" + i;
      Key key = new Key("commerce", "product/" + i);
      creators.add(
          () -> {
            DynamoTable.ensure(client, table);
            return DynamoRegistry.over(client, table)
                .commit(Transaction.attempt(attempt).insert(key, "1").build());
          });
    }
    ExecutorService executor = Executors.newFixedThreadPool(creators.size());
    try {
      for (Future<Outcome> created : executor.invokeAll(creators)) {
        assertThat(created.get()).isEqualTo(Outcome.COMMITTED);
      }
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void aTableWithAnotherPurposeIsRejected() {
    client.createTable(
        request ->
            request
                .tableName(table)
                .keySchema(
                    KeySchemaElement.builder().attributeName("id").keyType(KeyType.HASH).build())
                .attributeDefinitions(
                    AttributeDefinition.builder()
                        .attributeName("id")
                        .attributeType(ScalarAttributeType.S)
                        .build())
                .billingMode(BillingMode.PAY_PER_REQUEST));

    assertThatThrownBy(() -> DynamoTable.ensure(client, table))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            rejected -> assertThat(rejected.errorCode()).isEqualTo(ErrorCode.CONFIG_INVALID))
        .hasMessageContaining(table);
  }

  @Test
  void pointInTimeRecoveryIsEnabled() {
    BackupClient backups = new BackupClient(client);

    DynamoTable.ensure(backups, table);
    assertThat(backups.isProtected()).isTrue();
    assertThat(backups.updates()).isEqualTo(1);

    DynamoTable.ensure(backups, table);
    assertThat(backups.updates()).isEqualTo(1);
  }

  @Test
  void recoveryIsEnabledAsSoonAsANewTablePermitsIt() {
    BackupClient backups = new BackupClient(client);
    List<Duration> pauses = new ArrayList<>();
    backups.rejectOnce(unavailable());

    DynamoTable.ensure(backups, table, pauses::add);

    assertThat(backups.isProtected()).isTrue();
    assertThat(pauses).hasSize(1);
  }

  @Test
  void aRunEndsIfATableDoesNotPermitRecoveryForMinutesAndTheNextOneEnablesIt() {
    BackupClient backups = new BackupClient(client);
    List<Duration> pauses = new ArrayList<>();
    Sleeper rejectedAgain =
        time -> {
          pauses.add(time);
          backups.rejectOnce(unavailable());
        };
    backups.rejectOnce(unavailable());

    assertThat(
            catchThrowableOfType(
                BackendException.class, () -> DynamoTable.ensure(backups, table, rejectedAgain)))
        .hasMessageContainingAll("create", table)
        .extracting(BackendException::retryable)
        .isEqualTo(true);
    assertThat(pauses).hasSize(120);

    DynamoTable.ensure(backups, table, pauses::add);
    assertThat(backups.isProtected()).isTrue();
  }

  private static RuntimeException unavailable() {
    return ContinuousBackupsUnavailableException.builder()
        .statusCode(400)
        .awsErrorDetails(
            AwsErrorDetails.builder().errorCode("ContinuousBackupsUnavailableException").build())
        .build();
  }

  @Test
  void protectionAndKeyAreAddedInOneRequest() {
    AwsConfig config = newMesh();
    DynamoTable.ensure(client, config.table());
    List<UpdateTableRequest> requests = new CopyOnWriteArrayList<>();
    String key = "arn:aws:kms:eu-central-1:111111111111:key/0d3c";
    try (DynamoDbClient recorded =
        LocalDynamo.client(recorder(UpdateTableRequest.class, requests))) {
      DynamoTable.ensureProtected(new BackupClient(recorded), config.encryptionKey(key), ADMIN);
    }

    assertThat(requests)
        .singleElement()
        .satisfies(
            request -> {
              assertThat(request.deletionProtectionEnabled()).isTrue();
              assertThat(request.sseSpecification().kmsMasterKeyId()).isEqualTo(key);
            });
  }

  @Test
  void aMissingTableIsNamed() {
    DynamoRegistry registry = DynamoRegistry.over(client, table);
    Transaction insert = Transaction.attempt("a").insert(CARD, "1").build();

    for (BackendException failure :
        List.of(
            catchThrowableOfType(BackendException.class, () -> registry.read(CARD)),
            catchThrowableOfType(BackendException.class, () -> registry.list("commerce", "", null)),
            catchThrowableOfType(BackendException.class, () -> registry.commit(insert)))) {
      assertThat(failure.retryable()).isFalse();
      assertThat(failure).hasMessageContainingAll(table, "has no such table");
    }
    assertThat(registry.resolve("commerce", "a")).isEqualTo(Outcome.UNKNOWN);
  }

  @Test
  void anItemOfAnotherApplicationIsReported() {
    DynamoTable.ensure(client, table);
    client.putItem(
        request ->
            request
                .tableName(table)
                .item(
                    Map.of(
                        "p", AttributeValue.fromS("commerce"),
                        "s", AttributeValue.fromS("product/orders"),
                        "j", AttributeValue.fromN("1"))));

    assertThatThrownBy(() -> DynamoRegistry.over(client, table).read(CARD))
        .isInstanceOfSatisfying(
            BackendException.class,
            corrupt -> assertThat(corrupt.errorCode()).isEqualTo(ErrorCode.REGISTRY_CORRUPT))
        .hasMessageContainingAll(table, "'j'");
  }
}
