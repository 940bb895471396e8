package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.aws.internal.dynamo.DynamoRegistry;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Outcome;
import io.meshwork.registry.Registry.Page;
import io.meshwork.registry.Registry.Status;
import io.meshwork.registry.Registry.Transaction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The requests and capacity units that each call of the registry takes. */
class DynamoCostTest {
  private static final Key CARD = new Key("commerce", "product/orders");
  private static final Key MAJOR = new Key("commerce", "major/1");

  private final CountingInterceptor cost = new CountingInterceptor();
  private DynamoDbClient client;
  private Registry registry;

  @BeforeEach
  void open() {
    client = LocalDynamo.client(cost);
    registry = DynamoRegistry.over(client, LocalDynamo.newTable(client));
    cost.takeSent();
  }

  @AfterEach
  void close() {
    if (client != null) { // null if DynamoDB Local is missing
      client.close();
    }
  }

  @Test
  void aReadIsOneRequestAndAUnitForEachFourKibibytes() {
    insert("a", CARD, "x".repeat(4_000));
    insert("b", MAJOR, "x".repeat(350 * 1024));

    assertThat(registry.read(CARD)).isPresent();
    assertThat(cost.takeSent()).containsExactly("GetItem");
    assertThat(cost.takeUnits()).isEqualTo(1);

    assertThat(registry.read(MAJOR)).isPresent();
    assertThat(cost.takeSent()).containsExactly("GetItem");
    assertThat(cost.takeUnits()).isEqualTo(88);

    assertThat(registry.read(new Key("commerce", "absent"))).isEmpty();
    assertThat(cost.takeSent()).containsExactly("GetItem");
    assertThat(cost.takeUnits()).isEqualTo(1);
  }

  @Test
  void aPageIsOneRequestAndCostsByBytesNotByDocuments() {
    Transaction.Builder builder = Transaction.attempt("a");
    for (int i = 10; i < 90; i++) {
      builder.insert(new Key("commerce", "n/" + i), "x".repeat(100));
    }
    registry.commit(builder.build());
    reset();

    Page page = registry.list("commerce", "n/", null);

    assertThat(page.documents()).hasSize(80);
    assertThat(page.nextCursor()).isNull();
    assertThat(cost.takeSent()).containsExactly("Query");
    assertThat(cost.takeUnits()).as("80 items of some 120 bytes").isBetween(2.0, 3.0);
  }

  @Test
  void aWalkIsOneRequestForEachMebibyte() {
    for (int i = 0; i < 8; i++) {
      insert("a" + i, new Key("commerce", "n/" + i), "x".repeat(300_000));
    }

    int seen = 0;
    String cursor = null;
    do {
      Page page = registry.list("commerce", "n/", cursor);
      seen += page.documents().size();
      cursor = page.nextCursor();
    } while (cursor != null);

    assertThat(seen).isEqualTo(8);
    assertThat(cost.takeSent())
        .as("2.4 MB; DynamoDB Local ends a page behind the mebibyte, DynamoDB before it")
        .hasSizeBetween(2, 3)
        .containsOnly("Query");
  }

  @Test
  void aCommitIsOneRequestAndTwoUnitsForEachKibibyteOfEachItem() {
    Outcome outcome =
        registry.commit(
            Transaction.attempt("a")
                .insert(CARD, "x".repeat(2_000))
                .checkAbsent(new Key("logistics", "major/2"))
                .build());

    assertThat(outcome).isEqualTo(Outcome.COMMITTED);
    assertThat(cost.takeSent()).containsExactly("TransactWriteItems");
    assertThat(cost.takeUnits())
        .as("document 4, the attempt's row 2, a check of nothing 0")
        .isEqualTo(6);
  }

  @Test
  void aConflictIsTwoRequestsBecauseItReadsItsOwnRow() {
    insert("a", CARD, "1");

    assertThat(registry.commit(Transaction.attempt("b").insert(CARD, "2").build()))
        .extracting(Outcome::status)
        .isEqualTo(Status.CONFLICT);
    assertThat(cost.takeSent()).containsExactly("TransactWriteItems", "GetItem");
  }

  @Test
  void aSecondDeliveryIsOneRequestBecauseTheResponseHasTheRow() {
    insert("a", CARD, "1");

    assertThat(registry.commit(Transaction.attempt("a").insert(CARD, "1").build()))
        .isEqualTo(Outcome.COMMITTED);
    assertThat(cost.takeSent()).as("known by its token").containsExactly("TransactWriteItems");

    assertThat(registry.commit(Transaction.attempt("a").insert(CARD, "2").build()))
        .isEqualTo(Outcome.COMMITTED);
    assertThat(cost.takeSent()).as("known by its row").containsExactly("TransactWriteItems");

    registry.resolve("commerce", "fenced");
    reset();
    assertThat(registry.commit(Transaction.attempt("fenced").insert(MAJOR, "1").build()))
        .isEqualTo(Outcome.ABORTED);
    assertThat(cost.takeSent()).containsExactly("TransactWriteItems");
  }

  @Test
  void resolvingIsOneRequestForEachOutcome() {
    insert("a", CARD, "1");

    assertThat(registry.resolve("commerce", "a")).isEqualTo(Outcome.COMMITTED);
    assertThat(cost.takeSent()).containsExactly("PutItem");

    assertThat(registry.resolve("commerce", "late")).isEqualTo(Outcome.ABORTED);
    assertThat(cost.takeSent()).containsExactly("PutItem");
    assertThat(cost.takeUnits()).isEqualTo(1);

    assertThat(registry.resolve("commerce", "late")).isEqualTo(Outcome.ABORTED);
    assertThat(cost.takeSent()).containsExactly("PutItem");
  }

  private void insert(String attempt, Key key, String json) {
    assertThat(registry.commit(Transaction.attempt(attempt).insert(key, json).build()))
        .isEqualTo(Outcome.COMMITTED);
    reset();
  }

  private void reset() {
    cost.takeSent();
    cost.takeUnits();
  }
}
