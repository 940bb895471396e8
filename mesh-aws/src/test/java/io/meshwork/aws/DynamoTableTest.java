package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Outcome;
import io.meshwork.registry.Registry.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

class DynamoTableTest {
  private static final Key CARD = new Key("commerce", "product/orders");

  private final String table = "mesh-" + UUID.randomUUID();
  private DynamoDbClient client;

  @BeforeEach
  void connect() {
    client = LocalDynamo.client();
  }

  @AfterEach
  void disconnect() {
    client.close();
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

  @Test
  void concurrentCreationsShareOneTable() throws Exception {
    List<Callable<Outcome>> makers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String attempt = "a" + i;
      Key key = new Key("commerce", "product/" + i);
      makers.add(
          () -> {
            DynamoTable.ensure(client, table);
            return DynamoRegistry.over(client, table)
                .commit(Transaction.attempt(attempt).insert(key, "1").build());
          });
    }
    ExecutorService executor = Executors.newFixedThreadPool(makers.size());
    try {
      for (Future<Outcome> made : executor.invokeAll(makers)) {
        assertThat(made.get()).isEqualTo(Outcome.COMMITTED);
      }
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void aTableOfAnotherProgramIsNotChanged() {
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
            refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.CONFIG_INVALID))
        .hasMessageContaining(table);
  }

  @Test
  void pointInTimeRecoveryIsEnabled() {
    BackupClient backups = new BackupClient(client);

    DynamoTable.ensure(backups, table);
    assertThat(backups.isProtected()).isTrue();
    assertThat(backups.switches()).isEqualTo(1);

    DynamoTable.ensure(backups, table);
    assertThat(backups.switches()).isEqualTo(1);
  }

  @Test
  void anUnfinishedTableIsFinishedByTheNextRun() {
    BackupClient backups = new BackupClient(client);
    backups.refuseOnce(Answers.refused(400, "ContinuousBackupsUnavailableException"));

    assertThat(
            catchThrowableOfType(BackendException.class, () -> DynamoTable.ensure(backups, table)))
        .hasMessageContainingAll("make", table)
        .extracting(BackendException::retryable)
        .isEqualTo(true);

    DynamoTable.ensure(backups, table);
    assertThat(backups.isProtected()).isTrue();
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
      assertThat(failure).hasMessageContainingAll(table, "does not exist");
    }
    assertThat(registry.resolve("commerce", "a")).isEqualTo(Outcome.UNKNOWN);
  }

  @Test
  void aForeignItemIsReportedAndNotChanged() {
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
