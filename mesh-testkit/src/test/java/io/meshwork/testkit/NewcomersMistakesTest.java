package io.meshwork.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscribe;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.NotFoundException;
import io.meshwork.product.Principal;
import io.meshwork.publish.Publish;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mistakes of new users are rejected early, with helpful messages. */
class NewcomersMistakesTest {
  private static final String ITEMS = "shop/items";

  record Item(int id, String name, double price) {}

  record WronglyTyped(int id, String price) {}

  record Slim(int id) {}

  record Untyped(Object one, Thread two, int three, Class<?> four) {}

  record Odd$Name(int id) {}

  private Mesh mesh;
  private MeshClient shop;

  @BeforeEach
  void aProduct() {
    mesh = InMemoryMesh.open();
    shop = mesh.clientAs(Principal.of("shop", "etl"));
    shop.registerDomain("shop").owner("shop@example.org").commit();
    shop.defineProduct(ITEMS).contract(Contract.of(Item.class)).commit();
  }

  @AfterEach
  void close() {
    mesh.close();
  }

  @Test
  void aRowTypeThatDoesNotFitIsRejectedOnSubscribe() {
    assertThatThrownBy(() -> subscribe().as(WronglyTyped.class).commit())
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.READER_INVALID))
        .hasMessageContaining("price");
    assertThatThrownBy(() -> subscribe().columns("name").as(Slim.class).commit())
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.READER_INVALID))
        .hasMessageContaining("id");

    assertThat(subscribe().columns("name", "id").as(Slim.class).commit().columns())
        .contains(List.of("name", "id"));
  }

  @Test
  void theErrorOfALateAcknowledgementNamesItsCause() {
    Subscription<Item> items = subscribe().as(Item.class).commit();
    publish(1);
    try (Batch<Item> first = items.poll()) {
      first.ack();
      publish(2);
      try (Batch<Item> second = items.poll()) {
        second.ack();
      }

      assertThatThrownBy(first::ack)
          .isInstanceOf(ConflictException.class)
          .hasMessageContainingAll(
              ITEMS, first.id(), "acknowledged already, here or by another process", "Poll again");
    }
  }

  @Test
  void operationsHaveReadableTexts() {
    Subscription<Item> items = subscribe().where("name = 'canary'").as(Item.class).commit();

    assertThat(items).hasToString("subscription 'copy' of domain shop to " + ITEMS + " version 1");
    publish(1);
    try (Batch<Item> batch = items.poll()) {
      assertThat(batch).hasToString("batch " + batch.id() + " of " + ITEMS);
    }
    assertThat(shop.erase(ITEMS).where("name = 'canary'").because("asked for"))
        .hasToString("erase from " + ITEMS);
    assertThat(shop.publish(ITEMS)).hasToString("publish to " + ITEMS);
    assertThat(shop.read(ITEMS).where("name = 'canary'")).hasToString("read " + ITEMS);
  }

  @Test
  void resultsHaveReadableTexts() {
    try (Rows<GenericRecord> rows = shop.read(ITEMS).rows()) {
      assertThat(rows).hasToString("rows of " + ITEMS + ", before its first publish");
    }
    String snapshot = publish(1);

    try (Rows<GenericRecord> rows = shop.read(ITEMS).rows()) {
      assertThat(rows).hasToString("rows of " + ITEMS + ", snapshot " + snapshot);
    }
    assertThat(shop.publishHistory(ITEMS)).hasToString("history of " + ITEMS);
    assertThat(shop.publishHistory(ITEMS).changes().toString())
        .startsWith("[RowChange[sequence=1, committedAt=")
        .contains("mode=append", "rowsAdded=1", "snapshotId=" + snapshot)
        .doesNotContain("Optional");
    assertThat(shop.publishHistory(ITEMS).quality().toString())
        .startsWith("[QualityEntry[committedAt=")
        .contains("rowsAccepted=1")
        .doesNotContain("Optional");
    assertThat(shop.describe(ITEMS).toString())
        .startsWith("ProductCard[name=" + ITEMS + ", version=1.0.0")
        .contains("columns=[id, name, price]", "snapshot=" + snapshot);
    assertThat(shop.publish(ITEMS).records(List.of(new Item(2, "b", 1))).plan().toString())
        .contains(": accepted\n", "1 offered, 1 accepted");
  }

  @Test
  void theErrorForAFileOfUnknownFormatNamesTheCallAndTheExtensions(@TempDir Path folder)
      throws IOException {
    Path csv = Files.writeString(folder.resolve("items.doc"), "id,name,price\n1,a,2.5\n");

    assertThatThrownBy(() -> shop.publish(ITEMS).files(csv).commit())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll(
            "items.doc", "files(FileFormat, ..)", "csv, tsv, tab, psv, txt, json, jsonl");
  }

  @Test
  void theErrorForAnUnknownColumnSuggestsASimilarName() {
    assertThatThrownBy(
            () ->
                shop.publish(ITEMS)
                    .records(List.of(Map.of("id", 1, "nam", "a", "price", 2.5)))
                    .commit())
        .isInstanceOfSatisfying(
            ContractViolationException.class,
            e ->
                assertThat(e.findings())
                    .filteredOn(finding -> finding.where().equals("nam"))
                    .singleElement()
                    .satisfies(
                        finding -> {
                          assertThat(finding.fix())
                              .isEqualTo(
                                  "Correct the name, remove it, or add it to the contract as an optional column.");
                          assertThat(finding.what()).endsWith("id, name, price.");
                        }));
  }

  @Test
  void aRollbackReportsAllMissingSettings() {
    assertThatThrownBy(() -> shop.rollBack(ITEMS).commit())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll(ITEMS, "to(..) and because(..) are missing", "commit()");
    assertThatThrownBy(() -> shop.rollBack(ITEMS).to("1").commit())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll(ITEMS, "because(..) is missing")
        .hasMessageNotContaining("to(..)");
  }

  @Test
  void aRollbackToAnUnknownSnapshotNamesTheExistingOnes() {
    String id = publish(1);

    assertThatThrownBy(() -> shop.rollBack(ITEMS).to("123").because("a bad day").commit())
        .isInstanceOf(NotFoundException.class)
        .hasMessageContainingAll(ITEMS, "'123'", "Its only snapshot is " + id);
  }

  @Test
  void theErrorForAnEraseWithoutAReasonNamesProductAndCall() {
    assertThatThrownBy(() -> shop.erase(ITEMS).where("id = 1").commit())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("erase from " + ITEMS, "reason", "because(text)");
    assertThatThrownBy(() -> shop.erase(ITEMS).where("id = 1").because(""))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("'because'", "blank");
  }

  @Test
  void theErrorForARepeatedCommitNamesIt() {
    Publish<Item> publish = shop.publish(ITEMS).records(List.of(new Item(1, "a", 1)));
    publish.commit();

    assertThatThrownBy(publish::commit)
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll(ITEMS, "it was committed already")
        .hasMessageNotContaining("thread");
  }

  @Test
  void theErrorForAContractCountsTheInvalidComponents() {
    assertThatThrownBy(() -> Contract.of(Untyped.class))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("Component one", "(and 2 more, see findings())");
  }

  @Test
  void theErrorForAContractOfAClassNamesTheReason() {
    assertThatThrownBy(() -> Contract.of(String.class))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("not a Java record")
        .hasMessageNotContaining("Avro name");
    assertThatThrownBy(() -> Contract.of(Odd$Name.class))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("Avro name")
        .hasMessageNotContaining("not a Java record");
  }

  private Subscribe<GenericRecord> subscribe() {
    return shop.subscribe(ITEMS).name("copy").purpose("A copy");
  }

  private String publish(int id) {
    return shop.publish(ITEMS)
        .records(List.of(new Item(id, "a", 1)))
        .commit()
        .snapshotId()
        .orElseThrow();
  }
}
