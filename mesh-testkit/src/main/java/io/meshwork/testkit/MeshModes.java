package io.meshwork.testkit;

import static io.meshwork.contract.Partition.by;
import static io.meshwork.contract.Rule.atLeast;
import static io.meshwork.contract.Rule.rowCount;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Column;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Partition;
import io.meshwork.error.AlreadyExistsException;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.NotFoundException;
import io.meshwork.product.Snapshot;
import io.meshwork.publish.Derivation;
import io.meshwork.publish.HistoryEntry;
import io.meshwork.publish.Publish;
import io.meshwork.publish.PublishMode;
import io.meshwork.publish.PublishReceipt;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Rows that take the place of others, rows that go, and what is told of it. */
abstract class MeshModes extends MeshPartitions {
  static final String SALES = "commerce/sales";

  record Sale(long id, String shop, Optional<Integer> items) {
    static Sale of(long id, String shop) {
      return new Sale(id, shop, id % 5 == 0 ? Optional.empty() : Optional.of((int) id % 10));
    }

    static List<Sale> range(long from, long to, String shop) {
      return Stream.iterate(from, id -> id < to, id -> id + 1).map(id -> of(id, shop)).toList();
    }
  }

  /** Defines sales, which lie by shop; those of fewer items than none go to the quarantine. */
  final MeshClient defineSales() {
    MeshClient shop = registerShop();
    shop.defineProduct(SALES)
        .contract(
            Contract.of(Sale.class)
                .require(atLeast("items", 0).id("items"))
                .onViolation(OnViolation.QUARANTINE)
                .maxQuarantineShare(60))
        .partitionedBy(by("shop"))
        .openToMesh()
        .commit();
    return shop;
  }

  final List<Sale> sales() {
    return all(shop().read(SALES).as(Sale.class));
  }

  final Publish<GenericRecord> toOrders() {
    return shop().publish(ORDERS);
  }

  static void assertRefused(ErrorCode code, ThrowingCallable call, String... words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            refused -> assertThat(refused.errorCode()).isEqualTo(code))
        .hasMessageContainingAll(words);
  }

  @Test
  void replacingAllLeavesTheNewRowsAlone() {
    defineOrders();
    PublishReceipt first = toOrders().records(Order.range(0, 5)).commit();
    toOrders().records(Order.range(5, 8)).commit();

    PublishReceipt receipt = toOrders().records(Order.range(3, 6)).replacingAll().commit();

    assertThat(orders()).isEqualTo(Order.range(3, 6));
    assertThat(receipt.mode()).isEqualTo(PublishMode.REPLACE_ALL);
    assertThat(receipt.rowsRemoved()).isEqualTo(8);
    assertThat(receipt.rowsAccepted()).isEqualTo(3);
    assertThat(receipt.sequence()).isEqualTo(3);
    assertThat(first.mode()).isEqualTo(PublishMode.APPEND);
    assertThat(shop().describe(ORDERS).current().orElseThrow().rows()).isEqualTo(3);
    assertWhole();
  }

  @Test
  void replacingAllOfNothingIsTheFirstPublish() {
    defineOrders();

    PublishReceipt receipt = toOrders().records(Order.range(0, 3)).replacingAll().commit();

    assertThat(orders()).isEqualTo(Order.range(0, 3));
    assertThat(receipt.rowsRemoved()).isZero();
  }

  @Test
  void replacingPartitionsLeavesTheOthersAlone() {
    MeshClient shop = defineSales();
    shop.publish(SALES).records(Sale.range(0, 10, "a")).commit();
    shop.publish(SALES).records(Sale.range(10, 20, "b")).commit();
    shop.publish(SALES).records(Sale.range(20, 30, "b")).commit();
    List<Sale> rows = new ArrayList<>(Sale.range(30, 33, "b"));
    rows.addAll(Sale.range(33, 35, "c"));
    rows.add(new Sale(99, "a", Optional.of(-1)));

    PublishReceipt receipt = shop.publish(SALES).records(rows).replacingPartitions().commit();

    assertThat(receipt.rowsRemoved()).isEqualTo(20);
    assertThat(receipt.rowsAccepted()).isEqualTo(5);
    assertThat(receipt.quality().rowsQuarantined()).isEqualTo(1);
    List<Sale> expected = new ArrayList<>(Sale.range(0, 10, "a"));
    expected.addAll(rows.subList(0, 5));
    assertThat(sales())
        .as("a row in the quarantine touches no partition")
        .containsExactlyInAnyOrderElementsOf(expected);
    assertWhole();
  }

  @Test
  void replacingPartitionsOfATableWithoutThemIsRefused() {
    defineOrders();
    toOrders().records(Order.range(0, 3)).commit();
    State before = state();

    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> toOrders().records(Order.range(0, 3)).replacingPartitions().commit(),
        ORDERS,
        "replacingAll()");
    assertNothingChanged(before);
  }

  @Test
  void replacingWhereTakesRowsOutOfFilesAndLeavesTheRest() {
    defineOrders();
    toOrders().records(Order.range(0, 10)).commit();
    toOrders().records(Order.range(10, 20)).commit();
    toOrders().records(Order.range(20, 30)).commit();
    List<String> before = shop().read(ORDERS).files();

    PublishReceipt receipt =
        toOrders().records(Order.range(8, 12)).replacingWhere("id >= 5 and id < 20").commit();

    assertThat(receipt.rowsRemoved()).isEqualTo(15);
    assertThat(receipt.rowsAccepted()).isEqualTo(4);
    assertThat(receipt.intent().scope()).isPresent();
    List<Order> expected = new ArrayList<>(Order.range(0, 5));
    expected.addAll(Order.range(8, 12));
    expected.addAll(Order.range(20, 30));
    assertThat(orders()).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(shop().read(ORDERS).files())
        .as("the file that holds none of the rows stays as it is")
        .contains(before.get(2))
        .doesNotContain(before.get(0), before.get(1))
        .hasSize(3);
    assertThat(receipt.files()).as("one of new rows, one of what was left").isEqualTo(2);
    assertWhole();
  }

  @Test
  void unknownIsNotTrueSoRowsWithNullsStay() {
    MeshClient shop = defineSales();
    shop.publish(SALES).records(Sale.range(0, 10, "a")).commit();

    shop.publish(SALES).erasingWhere("items < 100", "test").commit();

    assertThat(sales()).extracting(Sale::id).containsExactlyInAnyOrder(0L, 5L);
  }

  @Test
  void aNewRowOutsideOfTheFilterRefusesThePublish() {
    defineOrders();
    toOrders().records(Order.range(0, 10)).commit();
    State before = state();

    assertThatThrownBy(
            () -> toOrders().records(Order.range(3, 9)).replacingWhere("id < 7").commit())
        .isInstanceOfSatisfying(
            ContractViolationException.class,
            refused -> {
              assertThat(refused.errorCode()).isEqualTo(ErrorCode.CONTRACT_VIOLATED);
              Finding finding = refused.findings().get(0);
              assertThat(finding.code()).isEqualTo("OUTSIDE_SCOPE");
              assertThat(finding.count()).isEqualTo(2);
            })
        .hasMessageContainingAll(ORDERS, "2 rows", "row 4", "Nothing was published");
    assertNothingChanged(before);
  }

  @Test
  void aFilterThatIsNotLegalIsRefusedBeforeARowIsRead() {
    defineOrders();
    State before = state();
    Iterable<Order> untouchable =
        () -> {
          throw new AssertionError("The records were read");
        };

    assertRefused(
        ErrorCode.FILTER_INVALID,
        () -> toOrders().records(untouchable).replacingWhere("idd = 1").commit(),
        "idd");
    assertRefused(
        ErrorCode.FILTER_INVALID,
        () -> toOrders().erasingWhere("id = (select 1)", "why").commit(),
        "filter");
    assertNothingChanged(before);
  }

  @Test
  void erasingSaysHowManyRowsWentAndWhy() {
    defineOrders();
    toOrders().records(Order.range(0, 10)).commit();

    PublishReceipt receipt = toOrders().erasingWhere("id in (2, 3)", "asked to").commit();

    assertThat(orders()).extracting(Order::id).containsExactly(0L, 1L, 4L, 5L, 6L, 7L, 8L, 9L);
    assertThat(receipt.mode()).isEqualTo(PublishMode.ERASE);
    assertThat(receipt.rowsRemoved()).isEqualTo(2);
    assertThat(receipt.rowsAccepted()).isZero();
    assertThat(receipt.intent().reason()).contains("asked to");
    assertThat(receipt.quality().rowsOffered()).isZero();
    assertWhole();
  }

  @Test
  void erasingNothingGivesAReceiptAndNoSnapshot() {
    defineOrders();
    toOrders().records(Order.range(0, 10)).commit();
    Snapshot before = shop().describe(ORDERS).current().orElseThrow();

    PublishReceipt receipt = toOrders().erasingWhere("id = 4711", "asked to").commit();

    assertThat(receipt.snapshotId()).isEmpty();
    assertThat(receipt.rowsRemoved()).isZero();
    assertThat(shop().describe(ORDERS).current()).contains(before);
    assertThat(toOrders().erasingWhere("id = 1", "x").commit().rowsRemoved()).isEqualTo(1);
    assertThat(shop().findReceipt(ORDERS, receipt.idempotencyKey())).isPresent();
    assertWhole();
  }

  @Test
  void anEraseIsRefusedWithoutAReasonOrWithRows() {
    defineOrders();

    assertRefused(
        ErrorCode.INVALID_ARGUMENT, () -> toOrders().erasingWhere("id = 1", " "), "reason");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> toOrders().records(Order.range(0, 1)).erasingWhere("id = 1", "why").commit(),
        "erase");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> toOrders().replacingAll().erasingWhere("id = 1", "why"),
        "mode",
        "twice");
  }

  @Test
  void replacingByNothingIsRefusedUnlessThatIsMeant() {
    MeshClient shop = defineSales();
    shop.publish(SALES).records(Sale.range(0, 10, "a")).commit();
    State before = state();
    List<Sale> none = List.of();

    for (Publish<?> publish :
        List.of(
            shop.publish(SALES).records(none).replacingAll(),
            shop.publish(SALES).records(none).replacingPartitions(),
            shop.publish(SALES).records(none).replacingWhere("id < 5"))) {
      assertRefused(ErrorCode.EMPTY_REPLACE, publish::commit, SALES, "allowingEmpty()");
      assertNothingChanged(before);
    }
    PublishReceipt part =
        shop.publish(SALES).records(none).replacingWhere("id < 5").allowingEmpty().commit();
    assertThat(part.rowsRemoved()).isEqualTo(5);
    PublishReceipt nothing =
        shop.publish(SALES).records(none).replacingPartitions().allowingEmpty().commit();
    assertThat(nothing.snapshotId()).isEmpty();
    PublishReceipt all = shop.publish(SALES).records(none).replacingAll().allowingEmpty().commit();
    assertThat(all.rowsRemoved()).isEqualTo(5);
    assertThat(all.snapshotId()).isPresent();
    assertThat(sales()).isEmpty();
    assertThat(
            shop.publish(SALES).records(none).replacingAll().allowingEmpty().commit().snapshotId())
        .isEmpty();
    shop.publish(SALES).records(Sale.range(0, 3, "a")).commit();
    assertThat(sales()).hasSize(3);
    assertWhole();
  }

  @Test
  void anAppendOfNothingIsRefusedWhereTheContractForbidsIt() {
    defineOrders(Contract.of(Order.class).require(rowCount(1, 100)));
    List<Order> none = List.of();

    assertThatThrownBy(() -> toOrders().records(none).commit())
        .isInstanceOf(ContractViolationException.class);
    toOrders().records(Order.range(0, 3)).commit();
    assertThatThrownBy(() -> toOrders().records(none).replacingAll().allowingEmpty().commit())
        .isInstanceOf(ContractViolationException.class);
    assertThat(orders()).hasSize(3);
  }

  @Test
  void rowsThatAreLeftAreNotJudgedAgain() {
    defineOrders(Contract.of(Order.class).require(rowCount(1, 3)));
    toOrders().records(Order.range(0, 3)).commit();
    toOrders().records(Order.range(3, 6)).commit();

    PublishReceipt receipt =
        toOrders().records(Order.range(1, 2)).replacingWhere("id = 1").commit();

    assertThat(receipt.quality().rowsOffered()).isEqualTo(1);
    assertThat(orders()).containsExactlyInAnyOrderElementsOf(Order.range(0, 6));
  }

  @Test
  void modeAndScopeTellOneRequestFromAnother() {
    defineOrders();
    toOrders().records(Order.range(0, 10)).commit();
    PublishReceipt first =
        toOrders().erasingWhere("id = 1 and amount > 0", "why").idempotencyKey("e").commit();
    State before = state();

    PublishReceipt again =
        toOrders().erasingWhere("ID=1 AND (amount>0)", "other").idempotencyKey("e").commit();

    assertThat(again.replayed()).isTrue();
    assertThat(again.rowsRemoved()).isEqualTo(first.rowsRemoved());
    assertThat(again.intent()).isEqualTo(first.intent());
    for (Publish<?> other :
        List.of(
            toOrders().erasingWhere("id = 2", "why"),
            toOrders().records(Order.range(0, 1)),
            toOrders().records(Order.range(0, 1)).replacingAll(),
            toOrders().records(Order.range(0, 1)).replacingWhere("id = 1"))) {
      assertThatThrownBy(() -> other.idempotencyKey("e").commit())
          .isInstanceOf(AlreadyExistsException.class);
    }
    assertNothingChanged(before);
  }

  @Test
  void aReceiptsJsonIsWhatItWasAndSaysTheMode() {
    defineOrders();
    PublishReceipt added = toOrders().records(Order.range(0, 3)).idempotencyKey("monday").commit();
    clock.advance(java.time.Duration.ofHours(1));
    PublishReceipt erased =
        toOrders().erasingWhere("customer = '" + CANARY + "' or id = 1", "a wish").commit();

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
                + ",\"qualityScore\":null,\"dataTime\":null,"
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
    assertThat(shop().findReceipt(ORDERS, erased.publishId())).contains(erased);
    assertThat(registry.documents().entrySet())
        .filteredOn(entry -> entry.getKey().sort().startsWith("log/"))
        .allSatisfy(entry -> assertThat(entry.getValue().json()).doesNotContain(CANARY));
  }

  @Test
  void aJobSaysWhatItsRowsWereMadeFrom() {
    record Total(String customer, @Column(precision = 10, scale = 2) BigDecimal total) {}
    MeshClient shop = defineOrders();
    toOrders().records(Order.range(0, 10)).commit();
    shop.defineProduct("commerce/totals").contract(Contract.of(Total.class)).openToMesh().commit();
    Snapshot input;
    List<Total> totals = new ArrayList<>();
    try (Rows<Order> rows = shop.read(ORDERS).as(Order.class).read()) {
      input = rows.snapshot().orElseThrow();
      rows.forEach(order -> totals.add(new Total(order.customer(), order.amount())));
    }

    PublishReceipt receipt =
        shop.publish("commerce/totals")
            .records(totals)
            .derivedFrom(input, "total = amount", "customer=customer")
            .replacingAll()
            .commit();

    Derivation derivation = receipt.intent().derivedFrom().get(0);
    assertThat(derivation.product()).hasToString(ORDERS);
    assertThat(derivation.snapshotId()).isEqualTo(input.id());
    assertThat(derivation.columns()).containsExactly("total=amount", "customer=customer");
    assertThat(receipt.toJson())
        .contains(
            "\"derivedFrom\":[{\"product\":\"commerce/orders\",\"contractVersion\":\"1.0.0\","
                + "\"snapshotId\":\""
                + input.id()
                + "\",\"columns\":[\"total=amount\",\"customer=customer\"]}]");
    assertThat(shop.history("commerce/totals"))
        .extracting(HistoryEntry::derivedFrom)
        .containsExactly(List.of(derivation));
    assertThat(shop.findReceipt("commerce/totals", receipt.publishId())).contains(receipt);
    for (String wrong : List.of("sum=amount", "total=amounts", "total", "=amount", "total=")) {
      assertRefused(
          ErrorCode.INVALID_ARGUMENT,
          () ->
              shop.publish("commerce/totals").records(List.of()).derivedFrom(input, wrong).commit(),
          "derivedFrom");
    }
  }

  @Test
  void columnsOfAnInputThatMayNotBeReadAreNotLookedAt() {
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

    assertThat(receipt.intent().derivedFrom().get(0).columns()).containsExactly("amount=whatever");
  }

  @Test
  void aRollbackBringsTheRowsOfAnEarlierSnapshotBack() {
    defineOrders();
    PublishReceipt first = toOrders().records(Order.range(0, 10)).commit();
    toOrders().records(Order.range(5, 7)).replacingWhere("id >= 2").commit();
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
    assertThat(back.sequence()).isEqualTo(4);
    assertThat(back.intent().scope()).isEqualTo(first.snapshotId());
    assertThat(back.intent().reason()).contains("a bad day");
    assertThat(back.rowsRestored() - back.rowsRemoved()).isEqualTo(10 - 14);
    assertThat(back.files()).as("nothing is copied").isZero();
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
  void aRollbackToWhatIsThereMakesNoSnapshot() {
    defineOrders();
    String first = toOrders().records(Order.range(0, 3)).commit().snapshotId().orElseThrow();

    PublishReceipt back = shop().rollBack(ORDERS).to(first).because("why not").commit();

    assertThat(back.snapshotId()).isEmpty();
    assertThat(shop().history(ORDERS)).hasSize(1);
  }

  @Test
  void aRollbackPastAnEraseHasToBeMeant() {
    defineOrders();
    String first = toOrders().records(Order.range(0, 3)).commit().snapshotId().orElseThrow();
    toOrders().erasingWhere("id = 1", "asked to").commit();
    State before = state();

    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop().rollBack(ORDERS).to(first).because("oops").commit(),
        "erased",
        "restoringErased()");
    assertNothingChanged(before);
    shop().rollBack(ORDERS).to(first).because("oops").restoringErased().commit();
    assertThat(orders()).isEqualTo(Order.range(0, 3));
  }

  @Test
  void aRollbackIsForTheOwnerAndForASnapshotThatIsThere() {
    defineOrders();
    String first = toOrders().records(Order.range(0, 3)).commit().snapshotId().orElseThrow();
    MeshClient finance = registerFinance();

    assertThatThrownBy(() -> finance.rollBack(ORDERS).to(first).because("x").commit())
        .isInstanceOf(io.meshwork.error.AccessDeniedException.class);
    for (String none : List.of("4711", "nonsense", "-1")) {
      assertThatThrownBy(() -> shop().rollBack(ORDERS).to(none).because("x").commit())
          .isInstanceOf(NotFoundException.class)
          .hasMessageContainingAll(ORDERS, "history");
    }
    assertRefused(
        ErrorCode.INVALID_ARGUMENT, () -> shop().rollBack(ORDERS).to(first).commit(), "because");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT, () -> shop().rollBack(ORDERS).because("x").commit(), "to(..)");
  }

  @Test
  void theHistoryTellsWhoDidWhatAndWhenNewestFirst() {
    MeshClient shop = defineSales();
    MeshClient finance = registerFinance();
    PublishReceipt first =
        shop.publish(SALES)
            .records(List.of(Sale.of(1, "a"), Sale.of(2, "a"), new Sale(3, "a", Optional.of(-1))))
            .commit();
    clock.advance(java.time.Duration.ofHours(1));
    shop.publish(SALES).records(List.<Sale>of()).commit();
    shop.publish(SALES).records(Sale.range(5, 9, "a")).replacingPartitions().commit();
    shop.publish(SALES).erasingWhere("id = 6", "asked to").commit();
    shop.rollBack(SALES)
        .to(first.snapshotId().orElseThrow())
        .because("wrong day")
        .restoringErased()
        .commit();

    List<HistoryEntry> history = shop.history(SALES);
    List<HistoryEntry> seen = finance.history(SALES);

    assertThat(history)
        .extracting(HistoryEntry::mode)
        .containsExactly(
            PublishMode.ROLLBACK,
            PublishMode.ERASE,
            PublishMode.REPLACE_PARTITIONS,
            PublishMode.APPEND);
    assertThat(history).extracting(HistoryEntry::sequence).containsExactly(4L, 3L, 2L, 1L);
    assertThat(history).extracting(HistoryEntry::rowsTotal).containsExactly(2L, 3L, 4L, 2L);
    assertThat(history).extracting(HistoryEntry::rowsAdded).containsExactly(2L, 0L, 4L, 2L);
    assertThat(history).extracting(HistoryEntry::rowsRemoved).containsExactly(3L, 1L, 2L, 0L);
    assertThat(history)
        .extracting(entry -> entry.reason().orElse(""))
        .containsExactly("wrong day", "asked to", "", "");
    assertThat(history.get(0).scope()).isEqualTo(first.snapshotId());
    assertThat(history.get(1).scope()).hasValueSatisfying(scope -> assertThat(scope).contains("6"));
    HistoryEntry oldest = history.get(3);
    assertThat(oldest.snapshotId()).isEqualTo(first.snapshotId().orElseThrow());
    assertThat(oldest.publishId()).isEqualTo(first.publishId());
    assertThat(oldest.committedAt()).isEqualTo(first.committedAt());
    assertThat(oldest.by()).isEqualTo("commerce/etl");
    assertThat(oldest.contract()).isEqualTo(first.contractVersion());
    assertThat(oldest.qualityScore()).isEqualTo(first.quality().qualityScore());
    assertThat(oldest.readable()).isTrue();
    assertThat(seen).extracting(HistoryEntry::snapshotId).hasSize(4);
    assertThat(seen)
        .as("constants of filters and reasons are for the owner")
        .allSatisfy(
            entry -> {
              assertThat(entry.scope()).isEmpty();
              assertThat(entry.reason()).isEmpty();
            });
    assertThat(shop.history(SALES)).isEqualTo(history);
  }

  record Kinds(
      int whole,
      long far,
      @Column(precision = 12, scale = 3) BigDecimal exact,
      LocalDate day,
      LocalTime time,
      Instant at,
      LocalDateTime local,
      String text,
      UUID id,
      byte[] bytes,
      boolean yes,
      Optional<String> maybe) {
    static Kinds of(int i) {
      Instant at = Instant.parse("1969-12-30T23:59:59.999999Z").plusSeconds(i * 40_000L);
      LocalDateTime local = LocalDateTime.ofInstant(at, ZoneOffset.UTC);
      return new Kinds(
          i - 5,
          (i - 5L) << 33,
          BigDecimal.valueOf((i - 5) * 12_345L, 3),
          local.toLocalDate(),
          local.toLocalTime(),
          at,
          local,
          "t\u00e4xt \ud83d\ude80 " + i % 7,
          new UUID(i * 0x9E37_79B9_7F4A_7C15L, i),
          new byte[] {(byte) (i % 3), (byte) -i},
          i % 2 == 0,
          i % 4 == 0 ? Optional.empty() : Optional.of("m" + i % 5));
    }

    String key() {
      return id.toString();
    }
  }

  private static List<Partition> everyLayout() {
    List<Partition> layouts = new ArrayList<>();
    for (String column :
        List.of(
            "whole", "far", "exact", "day", "time", "at", "local", "text", "id", "bytes",
            "maybe")) {
      layouts.add(Partition.bucket(column, 3));
      layouts.add(by(column));
    }
    layouts.add(by("yes"));
    for (String column : List.of("whole", "far", "exact", "text", "bytes", "maybe")) {
      layouts.add(Partition.truncate(column, column.equals("exact") ? 50_000 : 1));
    }
    layouts.add(Partition.truncate("text", 7));
    for (String column : List.of("day", "at", "local")) {
      layouts.add(Partition.year(column));
      layouts.add(Partition.month(column));
      layouts.add(Partition.day(column));
    }
    layouts.add(Partition.hour("at"));
    layouts.add(Partition.hour("local"));
    return layouts;
  }

  @Test
  void everyTransformOfEveryTypeFindsItsPartitionsAgain() {
    MeshClient shop = registerShop();
    List<Kinds> kinds = Stream.iterate(0, i -> i < 20, i -> i + 1).map(Kinds::of).toList();
    int number = 0;
    for (Partition layout : everyLayout()) {
      String product = "commerce/kinds-" + number++;
      shop.defineProduct(product).contract(Contract.of(Kinds.class)).partitionedBy(layout).commit();
      assertThat(shop.describe(product).versions().get(0).partitioning())
          .as("%s", layout)
          .containsExactly(layout);
      PublishReceipt first = shop.publish(product).records(kinds).commit();

      PublishReceipt again = shop.publish(product).records(kinds).replacingPartitions().commit();

      assertThat(again.rowsRemoved()).as("%s", layout).isEqualTo(20);
      assertThat(again.files()).as("%s", layout).isEqualTo(first.files());
      PublishReceipt one =
          shop.publish(product).records(kinds.subList(3, 4)).replacingPartitions().commit();
      assertThat(one.rowsRemoved()).as("%s", layout).isBetween(1L, 20L);
      assertThat(all(shop.read(product).as(Kinds.class)))
          .as("%s", layout)
          .hasSize(21 - (int) one.rowsRemoved())
          .extracting(Kinds::key)
          .contains(kinds.get(3).key())
          .doesNotHaveDuplicates();
    }
    assertThat(mesh.doctor().findings()).isEmpty();
  }

  @Test
  void aTransformThatDoesNotFitIsRefusedWhenTheProductIsDefined() {
    MeshClient shop = registerShop();
    for (List<Partition> wrong :
        List.of(
            List.of(Partition.bucket("yes", 3)),
            List.of(Partition.truncate("day", 3)),
            List.of(Partition.truncate("id", 3)),
            List.of(Partition.bucket("nowhere", 3)),
            List.of(Partition.bucket("id", 3), Partition.bucket("id", 4)),
            List.of(Partition.day("at"), Partition.hour("at")))) {
      assertRefused(
          ErrorCode.CONTRACT_INVALID,
          () ->
              shop.defineProduct("commerce/kinds")
                  .contract(Contract.of(Kinds.class))
                  .partitionedBy(wrong.toArray(Partition[]::new))
                  .commit(),
          wrong.get(wrong.size() - 1).toString());
    }
    assertRefused(ErrorCode.INVALID_ARGUMENT, () -> Partition.bucket("id", 0), "bucket", "id");
    assertRefused(ErrorCode.INVALID_ARGUMENT, () -> Partition.truncate("id", -1), "truncate");
  }
}
