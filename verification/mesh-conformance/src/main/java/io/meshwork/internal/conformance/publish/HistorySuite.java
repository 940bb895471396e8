package io.meshwork.internal.conformance.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.access.ExplainedAccess;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Column;
import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshException;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.SalesFixture;
import io.meshwork.product.ProductName;
import io.meshwork.product.Snapshot;
import io.meshwork.publish.PublishHistory.RowChange;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.publish.PublishReceipt.PublishMode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Receipts and the history of publishes, and rollbacks to earlier snapshots. */
public abstract class HistorySuite extends SalesFixture {
  @Test
  void theJsonOfAReceiptIsStableAndContainsTheMode() {
    defineOrders();
    PublishReceipt added = toOrders().records(Order.range(0, 3)).idempotencyKey("monday").commit();
    clock.advance(java.time.Duration.ofHours(1));
    PublishReceipt erased =
        fromOrders().where("customer = '" + CANARY + "' or id = 1").because("a wish").commit();

    assertThat(added.toJson())
        .isEqualTo(
            "{\"format\":1,\"publishId\":\""
                + added.publishId()
                + "\",\"idempotencyKey\":\"monday\",\"product\":\"commerce/orders\",\"major\":1,"
                + "\"contractVersion\":\"1.0.0\",\"mode\":\"append\",\"snapshotId\":\""
                + added.snapshotId().orElseThrow()
                + "\",\"sequence\":1,\"rows\":{\"offered\":3,\"accepted\":3,\"quarantined\":0,"
                + "\"removed\":0,\"restored\":0,\"byRule\":{}},\"files\":1,\"bytes\":"
                + added.bytes()
                + ",\"qualityScore\":100.0,\"dataTime\":null,"
                + "\"committedAt\":\"2026-11-20T08:00:00Z\",\"replayed\":false}");
    assertThat(erased.toJson())
        .isEqualTo(
            "{\"format\":1,\"publishId\":\""
                + erased.publishId()
                + "\",\"idempotencyKey\":\""
                + erased.publishId()
                + "\",\"product\":\"commerce/orders\",\"major\":1,"
                + "\"contractVersion\":\"1.0.0\",\"mode\":\"erase\",\"reason\":\"a wish\","
                + "\"snapshotId\":\""
                + erased.snapshotId().orElseThrow()
                + "\",\"sequence\":2,\"rows\":{\"offered\":0,\"accepted\":0,\"quarantined\":0,"
                + "\"removed\":1,\"restored\":0,\"byRule\":{}},\"files\":1,\"bytes\":"
                + erased.bytes()
                + ",\"qualityScore\":null,\"dataTime\":null,"
                + "\"committedAt\":\"2026-11-20T09:00:00Z\",\"replayed\":false}");
    assertThat(shop().publishHistory(ORDERS).findReceipt(erased.publishId())).contains(erased);
    assertThat(registry.documents().entrySet())
        .filteredOn(entry -> entry.getKey().sort().startsWith("log/"))
        .allSatisfy(entry -> assertThat(entry.getValue().json()).doesNotContain(CANARY));
  }

  @Test
  void aPublishStatesItsInputSnapshots() {
    record Total(String customer, @Column(precision = 10, scale = 2) BigDecimal total) {}
    MeshClient shop = defineOrders();
    toOrders().records(Order.range(0, 10)).commit();
    shop.defineProduct("commerce/totals").contract(Contract.of(Total.class)).openToMesh().commit();
    Snapshot input;
    List<Total> totals = new ArrayList<>();
    try (Rows<Order> rows = shop.read(ORDERS).as(Order.class).rows()) {
      input = rows.snapshot().orElseThrow();
      rows.forEach(order -> totals.add(new Total(order.customer(), order.amount())));
    }

    PublishReceipt receipt =
        shop.publish("commerce/totals")
            .records(totals)
            .derivedFrom(input, "total = amount", "customer=customer")
            .replaceAll()
            .commit();

    PublishReceipt.Input derivation = receipt.derivedFrom().get(0);
    assertThat(derivation.product()).hasToString(ORDERS);
    assertThat(derivation.snapshotId()).isEqualTo(input.id());
    assertThat(derivation.columns()).containsExactly("total=amount", "customer=customer");
    assertThat(receipt.toJson())
        .contains(
            "\"derivedFrom\":[{\"product\":\"commerce/orders\",\"contractVersion\":\"1.0.0\","
                + "\"snapshotId\":\""
                + input.id()
                + "\",\"columns\":[\"total=amount\",\"customer=customer\"]}]");
    assertThat(shop.publishHistory("commerce/totals").changes())
        .extracting(RowChange::derivedFrom)
        .containsExactly(List.of(derivation));
    assertThat(shop.publishHistory("commerce/totals").findReceipt(receipt.publishId()))
        .contains(receipt);
    for (String wrong : List.of("sum=amount", "total=amounts", "total", "=amount", "total=")) {
      assertRefused(
          ErrorCode.INVALID_ARGUMENT,
          () ->
              shop.publish("commerce/totals").records(List.of()).derivedFrom(input, wrong).commit(),
          "derivedFrom");
    }
  }

  @Test
  void anUnknownInputSnapshotIsRejected() {
    MeshClient shop = defineOrders();
    shop.defineProduct("commerce/totals").contract(Contract.of(Order.class)).commit();
    toOrders().records(Order.range(0, 3)).commit();
    Snapshot snapshot = shop.describe(ORDERS).current().orElseThrow();
    State before = state();

    for (String id : List.of("4711", "nonsense", "-1")) {
      Snapshot forged =
          new Snapshot(snapshot.product(), snapshot.contract(), id, 1, snapshot.committedAt(), 3);
      assertRefused(
          ErrorCode.INVALID_ARGUMENT,
          () ->
              shop.publish("commerce/totals")
                  .records(Order.range(0, 1))
                  .derivedFrom(forged)
                  .commit(),
          "derivedFrom",
          ORDERS,
          "snapshot");
    }
    assertNothingChanged(before);
    shop.publish("commerce/totals").records(Order.range(0, 1)).derivedFrom(snapshot).commit();
  }

  @Test
  void anUnreadableInputDoesNotRevealWhetherItsSnapshotExists() {
    registerShop();
    shop().defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
    toOrders().records(Order.range(0, 3)).commit();
    Snapshot snapshot = shop().describe(ORDERS).current().orElseThrow();
    MeshClient finance = registerFinance();
    finance.defineProduct("finance/sums").contract(Contract.of(Order.class)).commit();

    for (ProductName product : List.of(snapshot.product(), ProductName.of("commerce/nothing"))) {
      Snapshot forged =
          new Snapshot(product, snapshot.contract(), "4711", 1, snapshot.committedAt(), 3);
      PublishReceipt receipt =
          finance.publish("finance/sums").records(Order.range(0, 1)).derivedFrom(forged).commit();

      assertThat(receipt.derivedFrom().get(0).snapshotId()).isEqualTo("4711");
    }
  }

  @Test
  void columnsOfAnUnreadableInputAreNotResolved() {
    registerShop();
    shop().defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
    toOrders().records(Order.range(0, 3)).commit();
    Snapshot hidden = shop().describe(ORDERS).current().orElseThrow();
    MeshClient finance = registerFinance();
    finance.defineProduct("finance/sums").contract(Contract.of(Order.class)).commit();

    PublishReceipt receipt =
        finance
            .publish("finance/sums")
            .records(Order.range(0, 1))
            .derivedFrom(hidden, "amount=whatever")
            .commit();

    assertThat(receipt.derivedFrom().get(0).columns()).containsExactly("amount=whatever");
  }

  @Test
  void aRollbackRestoresTheRowsOfAnEarlierSnapshot() {
    defineOrders();
    PublishReceipt first = toOrders().records(Order.range(0, 10)).commit();
    toOrders().records(Order.range(5, 7)).replaceWhere("id >= 2").commit();
    toOrders().records(Order.range(20, 30)).commit();

    PublishReceipt back =
        shop()
            .rollBack(ORDERS)
            .to(first.snapshotId().orElseThrow())
            .because("a bad day")
            .idempotencyKey("back")
            .commit();

    assertThat(orders()).isEqualTo(Order.range(0, 10));
    assertThat(back.mode()).isEqualTo(PublishMode.ROLLBACK);
    assertThat(back.sequence()).hasValue(4);
    assertThat(back.scope()).isEqualTo(first.snapshotId());
    assertThat(back.because()).contains("a bad day");
    assertThat(back.rowsRestored() - back.rowsRemoved()).isEqualTo(10 - 14);
    assertThat(back.files()).as("no files are copied").isZero();
    State after = state();
    PublishReceipt again =
        shop()
            .rollBack(ORDERS)
            .to(first.snapshotId().orElseThrow())
            .because("a bad day")
            .idempotencyKey("back")
            .commit();
    assertThat(again.replayed()).isTrue();
    assertNothingChanged(after);
    toOrders().records(Order.range(10, 12)).commit();
    assertThat(orders()).containsExactlyInAnyOrderElementsOf(Order.range(0, 12));
    assertWhole();
  }

  @Test
  void aRollbackToTheCurrentRowsCreatesNoSnapshot() {
    defineOrders();
    String first = toOrders().records(Order.range(0, 3)).commit().snapshotId().orElseThrow();

    PublishReceipt back = shop().rollBack(ORDERS).to(first).because("why not").commit();

    assertThat(back.snapshotId()).isEmpty();
    assertThat(shop().publishHistory(ORDERS).changes()).hasSize(1);
  }

  @Test
  void aRollbackPastAnEraseMustBeExplicit() {
    defineOrders();
    String first = toOrders().records(Order.range(0, 3)).commit().snapshotId().orElseThrow();
    fromOrders().where("id = 1").because("asked to").commit();
    State before = state();

    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop().rollBack(ORDERS).to(first).because("oops").commit(),
        "erased",
        "restoreErased()");
    assertNothingChanged(before);
    shop().rollBack(ORDERS).to(first).because("oops").restoreErased().commit();
    assertThat(orders()).isEqualTo(Order.range(0, 3));
  }

  @Test
  void aRestoredEraseIsNotUndoneImplicitly() {
    defineOrders();
    String all = toOrders().records(Order.range(1, 4)).commit().snapshotId().orElseThrow();
    String erased =
        fromOrders().where("id = 1").because("gdpr").commit().snapshotId().orElseThrow();
    String restored =
        shop()
            .rollBack(ORDERS)
            .to(all)
            .because("not asked for")
            .restoreErased()
            .commit()
            .snapshotId()
            .orElseThrow();
    shop().rollBack(ORDERS).to(erased).because("asked for").commit();
    State before = state();

    for (String withAll : List.of(all, restored)) {
      assertRefused(
          ErrorCode.INVALID_ARGUMENT,
          () -> shop().rollBack(ORDERS).to(withAll).because("oops").commit(),
          "erased",
          "restoreErased()");
    }
    assertNothingChanged(before);
    assertThat(orders()).isEqualTo(Order.range(2, 4));
    shop().rollBack(ORDERS).to(restored).because("meant").restoreErased().commit();
    assertThat(orders()).isEqualTo(Order.range(1, 4));
    shop().rollBack(ORDERS).to(all).because("nothing is erased now").commit();
  }

  @Test
  void aRollbackNeedsTheOwnerAndAnExistingSnapshot() {
    defineOrders();
    String first = toOrders().records(Order.range(0, 3)).commit().snapshotId().orElseThrow();
    MeshClient finance = registerFinance();

    assertThatThrownBy(() -> finance.rollBack(ORDERS).to(first).because("x").commit())
        .isInstanceOf(io.meshwork.error.AccessDeniedException.class);
    for (String none : List.of("4711", "nonsense", "-1")) {
      assertThatThrownBy(() -> shop().rollBack(ORDERS).to(none).because("x").commit())
          .isInstanceOf(NotFoundException.class)
          .hasMessageContainingAll(ORDERS, "snapshots()");
    }
    assertRefused(
        ErrorCode.INVALID_ARGUMENT, () -> shop().rollBack(ORDERS).to(first).commit(), "because");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT, () -> shop().rollBack(ORDERS).because("x").commit(), "to(..)");
  }

  @Test
  void theHistoryListsActorsActionsAndTimesNewestFirst() {
    MeshClient shop = defineSales();
    MeshClient finance = registerFinance();
    PublishReceipt first =
        shop.publish(SALES)
            .records(List.of(Sale.of(1, "a"), Sale.of(2, "a"), new Sale(3, "a", Optional.of(-1))))
            .commit();
    clock.advance(java.time.Duration.ofHours(1));
    shop.publish(SALES).records(List.<Sale>of()).commit();
    shop.publish(SALES).records(Sale.range(5, 9, "a")).replacePartitions().commit();
    shop.erase(SALES).where("id = 6").because("asked to").commit();
    shop.rollBack(SALES)
        .to(first.snapshotId().orElseThrow())
        .because("wrong day")
        .restoreErased()
        .commit();

    List<RowChange> history = shop.publishHistory(SALES).changes();
    List<RowChange> seen = finance.publishHistory(SALES).changes();

    assertThat(history)
        .extracting(RowChange::mode)
        .containsExactly(
            PublishMode.ROLLBACK,
            PublishMode.ERASE,
            PublishMode.REPLACE_PARTITIONS,
            PublishMode.APPEND,
            PublishMode.APPEND);
    assertThat(history).extracting(RowChange::sequence).containsExactly(5L, 4L, 3L, 2L, 1L);
    assertThat(history).extracting(RowChange::rowsTotal).containsExactly(2L, 3L, 4L, 2L, 2L);
    assertThat(history).extracting(RowChange::rowsAdded).containsExactly(2L, 0L, 4L, 0L, 2L);
    assertThat(history).extracting(RowChange::rowsRemoved).containsExactly(3L, 1L, 2L, 0L, 0L);
    assertThat(history)
        .extracting(entry -> entry.because().orElse(""))
        .containsExactly("wrong day", "asked to", "", "", "");
    assertThat(history.get(0).scope()).isEqualTo(first.snapshotId());
    assertThat(history.get(1).scope()).hasValueSatisfying(scope -> assertThat(scope).contains("6"));
    RowChange oldest = history.get(4);
    assertThat(oldest.snapshotId()).isEqualTo(first.snapshotId().orElseThrow());
    assertThat(oldest.publishId()).isEqualTo(first.publishId());
    assertThat(oldest.committedAt()).isEqualTo(first.committedAt());
    assertThat(oldest.by()).isEqualTo("commerce/etl");
    assertThat(oldest.contract()).isEqualTo(first.contractVersion());
    assertThat(oldest.qualityScore()).isEqualTo(first.quality().qualityScore());
    assertThat(oldest.readable()).isTrue();
    assertThat(seen).extracting(RowChange::snapshotId).hasSize(5);
    assertThat(seen)
        .as("only the owner sees filter constants and reasons")
        .allSatisfy(
            entry -> {
              assertThat(entry.scope()).isEmpty();
              assertThat(entry.because()).isEmpty();
            });
    assertThat(shop.publishHistory(SALES).changes()).isEqualTo(history);
  }

  @Test
  void anAccountWithoutADomainSeesNothingThatReadersSee() {
    MeshClient shop = defineOrders();
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    String granted = "commerce/granted";
    shop.defineProduct(granted).contract(Contract.of(Order.class)).commit();
    shop.publish(granted).records(Order.range(0, 3)).commit();
    MeshClient nowhere = as("nowhere");
    shop.grant(granted).to(nowhere.principal()).because("Before it has a domain").commit();

    for (String product : List.of(ORDERS, granted)) {
      assertWithoutDomain(() -> nowhere.publishHistory(product).changes());
      assertWithoutDomain(() -> nowhere.publishHistory(product).quality());
      assertThat(nowhere.health(product).rows()).isEmpty();
      ExplainedAccess explained = nowhere.access().explain(nowhere.principal(), product);
      assertThat(explained.isAllowed()).isFalse();
      assertThat(explained.missing().toString()).contains(ErrorCode.DOMAIN_MISSING.name());
      assertThat(explained.shortestChange().toString()).contains("registerDomain(..)");
    }
    nowhere.registerDomain("nowhere").owner("nowhere@example.org").commit();
    for (String product : List.of(ORDERS, granted)) {
      assertThat(nowhere.publishHistory(product).changes()).hasSize(1);
      assertThat(nowhere.publishHistory(product).quality()).hasSize(1);
      assertThat(nowhere.health(product).rows()).isPresent();
      assertThat(nowhere.access().explain(nowhere.principal(), product).isAllowed()).isTrue();
    }
  }

  private static void assertWithoutDomain(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            MeshException.class,
            refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.DOMAIN_MISSING));
  }
}
