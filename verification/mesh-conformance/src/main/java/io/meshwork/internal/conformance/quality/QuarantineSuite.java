package io.meshwork.internal.conformance.quality;

import static io.meshwork.contract.Rule.atLeast;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Compatibility;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.NotFoundException;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.maintenance.Maintain;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.publish.Erase;
import io.meshwork.publish.PublishReceipt;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Retention and erasure of quarantined rows, and the traces of erased rows. */
public abstract class QuarantineSuite extends MeshFixture {
  private MeshClient defineLenient() {
    return defineOrders(
        Contract.of(Order.class)
            .require(atLeast("amount", 0).id("not-negative"))
            .onViolation(OnViolation.QUARANTINE)
            .maxQuarantineShare(100));
  }

  private static Map<String, Object> order(long id, String customer, int amount) {
    return row("id", id, "customer", customer, "amount", BigDecimal.valueOf(amount));
  }

  private List<Object> aside() {
    return all(shop().quarantine(ORDERS).asMaps()).stream().map(row -> row.get("row")).toList();
  }

  private String metadataFiles() {
    StringBuilder all = new StringBuilder();
    for (String location : files.present().keySet()) {
      if (location.endsWith(".json")) {
        try (InputStream in = files.newInputFile(location).newStream()) {
          all.append(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    return all.toString();
  }

  @Test
  void theFilterAndReasonOfAnEraseAreHiddenFromReaders() {
    MeshClient shop = defineLenient();
    MeshClient finance = registerFinance();
    Subscription<GenericRecord> revenue =
        finance.subscribe(ORDERS).name("revenue").purpose("x").contact("r@x").commit();
    shop.publish(ORDERS).records(List.of(order(1, CANARY, 1), order(2, "c", 1))).commit();
    try (Batch<GenericRecord> batch = revenue.poll()) {
      batch.ack();
    }
    String filter = "customer = '" + CANARY + "'";

    shop.erase(ORDERS).where(filter).because("wish of " + CANARY).commit();
    shop.publish(ORDERS)
        .records(List.of(order(3, CANARY + "2", 1)))
        .replaceWhere("customer = '" + CANARY + "2'")
        .commit();

    assertThat(metadataFiles()).contains("meshwork.mode").doesNotContain(CANARY);
    assertThat(shop.publishHistory(ORDERS).changes().get(1).scope()).contains(filter);
    assertThat(shop.publishHistory(ORDERS).changes().get(1).because())
        .contains("wish of " + CANARY);
    assertThat(finance.publishHistory(ORDERS).changes().toString()).doesNotContain(CANARY);
    try (Batch<GenericRecord> batch = revenue.poll()) {
      assertThat(batch.kind()).isEqualTo(Batch.Kind.ERASED);
      assertThat(batch.predicate()).as("a subscriber receives the filter").contains(filter);
    }
    assertWhole();
  }

  @Tag("smoke")
  @Test
  void anEraseRemovesMatchingRowsFromTheQuarantine() {
    MeshClient shop = defineLenient();
    shop.publish(ORDERS)
        .records(
            List.of(
                order(1, "anna", 1),
                order(2, "anna", -2),
                order(3, "bert", -3),
                row("id", "no number", "customer", "anna", "amount", BigDecimal.ONE),
                row("id", 5L, "customer", "bert", "amount", "x"),
                row("id", 6L, "amount", BigDecimal.ONE)))
        .commit();
    assertThat(aside()).hasSize(5);

    PublishReceipt receipt =
        shop.erase(ORDERS).where("customer = 'anna'").because("asked to").commit();

    assertThat(receipt.rowsRemoved()).isEqualTo(1);
    assertThat(receipt.quarantineRowsRemoved()).isEqualTo(2);
    assertThat(aside()).hasSize(3).noneMatch(row -> String.valueOf(row).contains("anna"));
    assertThat(lastDetailsOf(MeshEvent.Type.PRODUCT_PUBLISHED))
        .contains("\"quarantineRowsRemoved\":2");
    assertWhole();
  }

  @Test
  void aQuarantinedRowWithAnIncomparableValueIsErasedAndOneWithNullStays() {
    MeshClient shop = defineLenient();
    shop.publish(ORDERS)
        .records(
            List.of(
                order(1, "c", 1),
                row("id", "17 ", "customer", "c", "amount", BigDecimal.ONE),
                row("id", "x", "customer", "d", "amount", BigDecimal.ONE),
                row("customer", "c", "amount", BigDecimal.ONE),
                order(18, "c", -1),
                order(17, "c", -1)))
        .commit();

    shop.erase(ORDERS).where("id = 17 and customer = 'c'").because("asked to").commit();

    assertThat(aside())
        .as("'17 ', which may be 17, and 17 are erased")
        .hasSize(3)
        .noneMatch(row -> String.valueOf(row).contains("17"));
    assertWhole();
  }

  private List<Object> asideWhere(String filter) {
    return all(shop().quarantine(ORDERS).where(filter).asMaps()).stream()
        .map(row -> row.get("row"))
        .toList();
  }

  @Test
  void aQuarantineFilterOnAnUnknownRuleIsRejectedWithTheNearest() {
    MeshClient shop = defineLenient();
    shop.publish(ORDERS)
        .records(List.of(order(1, "c", 1), order(2, "c", -2), row("id", "x", "customer", "c")))
        .commit();

    for (String filter :
        List.of(
            "rules = 'not-negativ'",
            "rules <> 'not-negativ'",
            "row_number = 1 OR rules IN ('type:id', 'Not-Negative')",
            "rules = 'type:id,not-negtive'",
            "NOT rules LIKE '%not-negtive%'",
            "rules LIKE 'not_negtive'")) {
      assertRefused(
          ErrorCode.FILTER_INVALID,
          () -> asideWhere(filter),
          "read the quarantine of " + ORDERS,
          "rules",
          "1.0.0",
          "'not-negative'");
      assertRefused(
          ErrorCode.FILTER_INVALID,
          () -> shop.erase(ORDERS).quarantineWhere(filter).because("misspelt").commit(),
          "'not-negative'");
      assertRefused(
          ErrorCode.FILTER_INVALID,
          () -> shop.erase(ORDERS).quarantineWhere(filter).because("misspelt").plan(),
          "'not-negative'");
    }
    assertRefused(
        ErrorCode.FILTER_INVALID, () -> asideWhere("rules = 'type:amont'"), "'type:amount'");

    assertThat(asideWhere("rules = 'not-negative'")).hasSize(1);
    assertThat(asideWhere("rules LIKE '%negative%'")).hasSize(1);
    assertThat(asideWhere("rules LIKE '%nega_ive%'")).hasSize(1);
    assertThat(asideWhere("rules LIKE '%type:id%'")).hasSize(1);
    assertThat(asideWhere("rules = 'type:amount,not-negative'")).isEmpty();
    assertThat(asideWhere("rules = 'type:unknown-column'")).isEmpty();
  }

  @Test
  void aQuarantineFilterMayNameARuleOfAnEarlierContract() {
    MeshClient shop =
        defineOrders(
            Contract.of(Order.class)
                .require(atLeast("amount", 0).id("not-negative"))
                .onViolation(OnViolation.QUARANTINE)
                .maxQuarantineShare(100)
                .compatibility(Compatibility.NONE));
    shop.publish(ORDERS).records(List.of(order(1, "c", 1), order(2, "c", -2))).commit();
    shop.amendContract(ORDERS).change(now -> now.removeRule("not-negative")).commit();

    assertThat(asideWhere("rules = 'not-negative'")).hasSize(1);
    Erase erase =
        shop.erase(ORDERS)
            .quarantineWhere("rules = 'not-negative'")
            .because("the rule was removed")
            .idempotencyKey("clean");
    assertThat(erase.commit().rowsRemoved()).isEqualTo(1);
    assertThat(asideWhere("rules = 'not-negative'")).isEmpty();
  }

  @Test
  void anEraseOfTheQuarantineKeepsOtherRowsAndTheProduct() {
    MeshClient shop = defineLenient();
    PublishReceipt first =
        shop.publish(ORDERS).records(List.of(order(1, "c", 1), order(2, "c", -2))).commit();
    shop.publish(ORDERS).records(List.of(order(3, "c", 1), order(4, "c", -4))).commit();
    String ofFirst = "publish = '" + first.publishId() + "'";

    PublishReceipt erased =
        shop.erase(ORDERS)
            .quarantineWhere(ofFirst)
            .because("published again")
            .idempotencyKey("clean")
            .commit();
    PublishReceipt again =
        shop.erase(ORDERS)
            .quarantineWhere(ofFirst)
            .because("published again")
            .idempotencyKey("clean")
            .commit();

    assertThat(erased.rowsRemoved()).isEqualTo(1);
    assertThat(erased.snapshotId()).as("no snapshot of the product's rows").isEmpty();
    assertThat(again.replayed()).isTrue();
    assertThat(orders()).hasSize(2);
    assertThat(aside()).singleElement().asString().contains("\"id\":4");
    assertThat(lastDetailsOf(MeshEvent.Type.QUARANTINE_ERASED))
        .contains("\"rowsRemoved\":1", "published again")
        .doesNotContain(first.publishId());
    assertThatThrownBy(
            () ->
                registerFinance()
                    .erase(ORDERS)
                    .quarantineWhere("row_number > 0")
                    .because("no right")
                    .commit())
        .isInstanceOf(AccessDeniedException.class);
    assertThat(aside()).hasSize(1);
    assertWhole();
  }

  @Test
  void maintenanceRemovesExpiredQuarantinedRows() {
    MeshClient shop = defineLenient();
    shop.publish(ORDERS).records(List.of(order(1, "c", 1), order(2, "c", -2))).commit();
    clock.advance(Duration.ofDays(80).plusNanos(123_456_789)); // finer than the column
    shop.publish(ORDERS).records(List.of(order(3, "c", 1), order(4, "c", -4))).commit();
    mesh.maintain().commit();
    assertThat(aside()).hasSize(2);
    clock.advance(Duration.ofDays(11));

    Maintain.Report done = mesh.maintain().commit();

    assertThat(done.total(Work.QUARANTINED_ROWS_REMOVED)).isEqualTo(1);
    assertThat(aside()).singleElement().asString().contains("\"id\":4");
    assertThat(mesh.maintain().keepQuarantineFor(Duration.ofDays(10)).commit())
        .returns(1L, upkeep -> upkeep.total(Work.QUARANTINED_ROWS_REMOVED));
    assertThat(aside()).isEmpty();
    assertThat(orders()).hasSize(2);
    assertThat(mesh.maintain().keepQuarantineFor(Duration.ofDays(10)).commit())
        .returns(0L, upkeep -> upkeep.total(Work.QUARANTINED_ROWS_REMOVED));
    assertWhole();
  }

  private String lastDetailsOf(MeshEvent.Type type) {
    return shop().events(ORDERS).list().stream()
        .filter(event -> event.type() == type)
        .reduce((earlier, later) -> later)
        .orElseThrow()
        .json();
  }

  @Test
  void anOwnerOfAMissingProductIsAskedToDefineIt() {
    MeshClient shop = registerShop();

    assertThatThrownBy(() -> shop.publish("commerce/returns").records(List.of()).commit())
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("If you act for domain 'commerce', define it with defineProduct(")
        .hasMessageContaining("otherwise ask shop@example.org");
  }

  @Test
  void theReceiptOfAnEraseStaysWhileItsFilterIsPolled() {
    MeshClient shop = defineLenient();
    MeshClient finance = registerFinance();
    Subscription<GenericRecord> revenue =
        finance.subscribe(ORDERS).name("revenue").purpose("x").contact("r@x").commit();
    shop.publish(ORDERS)
        .records(List.of(order(1, "c", 1), order(2, "d", 1)))
        .idempotencyKey("rows")
        .commit();
    try (Batch<GenericRecord> batch = revenue.poll()) {
      batch.ack();
    }
    shop.erase(ORDERS).where("id = 1").because("asked to").idempotencyKey("erase").commit();
    clock.advance(Duration.ofDays(5));

    mesh.maintain().keepReceiptsFor(Duration.ofDays(1)).commit();

    assertThat(shop.publishHistory(ORDERS).findReceipt("rows")).isEmpty();
    assertThat(shop.publishHistory(ORDERS).findReceipt("erase")).isPresent();
    try (Batch<GenericRecord> batch = revenue.poll()) {
      assertThat(batch.predicate()).contains("id = 1");
    }
    clock.advance(Duration.ofDays(26));
    mesh.maintain().keepReceiptsFor(Duration.ofDays(1)).commit();
    assertThat(shop.publishHistory(ORDERS).findReceipt("erase")).isEmpty();
    try (Batch<GenericRecord> batch = revenue.poll()) {
      assertThat(batch.kind()).as("the filter has expired").isEqualTo(Batch.Kind.RESET);
    }
    assertWhole();
  }

  @Test
  void anIssuedBatchNeverReturnsErasedRows() {
    MeshClient shop = defineLenient();
    MeshClient finance = registerFinance();
    Subscription<GenericRecord> revenue =
        finance.subscribe(ORDERS).name("revenue").purpose("x").contact("r@x").fromStart().commit();
    shop.publish(ORDERS).records(List.of(order(1, "c", 1), order(2, "d", 1))).commit();
    try (Batch<GenericRecord> batch = revenue.poll()) {
      assertThat(batch.kind()).isEqualTo(Batch.Kind.ADDED);
    }
    shop.erase(ORDERS).where("id = 1").because("asked to").commit();
    clock.advance(Duration.ofDays(31));

    mesh.maintain().keepReceiptsFor(Duration.ofDays(1)).commit();

    try (Batch<GenericRecord> batch = revenue.poll()) {
      assertThat(batch.kind()).isEqualTo(Batch.Kind.RESET);
      assertThat(batch.stream().map(row -> row.get("id"))).containsExactly(2L);
    }
    assertWhole();
  }

  @Test
  void aPublishThatVerifiesReplaysKeepsFileAndLineOfBadRows() throws IOException {
    defineOrders(
        Contract.of(Order.class).onViolation(OnViolation.QUARANTINE).maxQuarantineShare(90));
    Path file =
        Files.writeString(
            scratch.resolve("orders.jsonl"),
            """
            {"id": 1, "customer": "c", "amount": 1}
            {"id": "x", "customer": "c", "amount": 1}
            """);

    toOrders().files(file).idempotencyKey("run").verifyReplay().commit();

    assertThat(all(shop().quarantine(ORDERS).asMaps()))
        .singleElement()
        .satisfies(
            row ->
                assertThat(String.valueOf(row.get("reason"))).endsWith("(orders.jsonl, line 2)"));
  }
}
