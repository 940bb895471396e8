package io.meshwork.internal.conformance.consume;

import static io.meshwork.contract.Partition.by;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.columnar.ColumnBatch;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.conformance.fixture.ConcurrentCalls;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.product.Principal;
import io.meshwork.product.Snapshot;
import io.meshwork.publish.PublishReceipt;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The snapshots and rows of reads. */
public abstract class ReadsSuite extends MeshFixture {
  private PublishReceipt publish(long from, long to) {
    PublishReceipt receipt = shop().publish(ORDERS).records(Order.range(from, to)).commit();
    clock.advance(Duration.ofHours(1));
    return receipt;
  }

  private List<Order> ordersAsOf(Instant time) {
    return all(shop().read(ORDERS).as(Order.class).asOf(time));
  }

  private static String id(PublishReceipt receipt) {
    return receipt.snapshotId().orElseThrow();
  }

  @Tag("smoke")
  @Test
  void aSnapshotIsReadByItsIdOrByATime() {
    defineOrders();
    PublishReceipt first = publish(0, 2);
    PublishReceipt second = publish(2, 5);
    PublishReceipt third = publish(5, 9);

    assertThat(all(shop().read(ORDERS).as(Order.class).snapshot(id(first))))
        .isEqualTo(Order.range(0, 2));
    assertThat(ordersAsOf(second.committedAt())).isEqualTo(Order.range(0, 5));
    assertThat(ordersAsOf(third.committedAt().minusNanos(1))).isEqualTo(Order.range(0, 5));
    assertThat(ordersAsOf(Instant.MAX)).isEqualTo(Order.range(0, 9));
    List<Snapshot> snapshots = shop().read(ORDERS).snapshots();
    assertThat(snapshots)
        .extracting(Snapshot::id)
        .containsExactly(id(third), id(second), id(first));
    assertThat(snapshots)
        .extracting(Snapshot::committedAt)
        .containsExactly(third.committedAt(), second.committedAt(), first.committedAt());
    for (Snapshot snapshot : snapshots) {
      try (Rows<GenericRecord> byId = shop().read(ORDERS).snapshot(snapshot.id()).rows();
          Rows<GenericRecord> byTime = shop().read(ORDERS).asOf(snapshot.committedAt()).rows()) {
        assertThat(byId.snapshot()).contains(snapshot);
        assertThat(byTime.snapshot()).contains(snapshot);
        assertThat(byId.stream()).hasSize((int) snapshot.rows().orElseThrow());
      }
    }
    assertThat(shop().describe(ORDERS).current()).contains(snapshots.get(0));
  }

  @Test
  void anExecutorChangesNoRowOfARead() {
    List<Order> orders = Order.range(0, 60_000);
    ExecutorService one = Executors.newSingleThreadExecutor();
    ArrayDeque<Runnable> never = new ArrayDeque<>();
    try {
      for (Executor executor : List.<Executor>of(Runnable::run, one, never::add)) {
        reopen(builder -> builder.executor(executor));
        defineOrders();
        publish(0, 40_000);
        publish(40_000, 40_007);
        publish(40_007, 60_000);
        assertThat(all(shop().read(ORDERS).as(Order.class))).isEqualTo(orders);
        assertThat(all(shop().read(ORDERS).as(Order.class).limit(40_003)))
            .isEqualTo(orders.subList(0, 40_003));
        assertThat(all(shop().read(ORDERS).as(Order.class).where("id >= 100 AND note IS NULL")))
            .isEqualTo(
                orders.stream()
                    .filter(order -> order.id() >= 100 && order.note().isEmpty())
                    .toList());
        try (Rows<Order> rows = shop().read(ORDERS).as(Order.class).rows()) {
          assertThat(rows.stream().limit(20_000)).isEqualTo(orders.subList(0, 20_000));
        }
      }
    } finally {
      one.shutdown();
    }
  }

  @Test
  void aBatchIsTheSameUntilTheNextOneIsRequestedAlsoWithAnExecutor() {
    reopen(builder -> builder.executor(Runnable::run));
    defineOrders();
    publish(0, 60_000);
    try (Rows<GenericRecord> rows = shop().read(ORDERS).rows()) {
      long next = 0;
      for (Iterator<ColumnBatch> batches = rows.batches(); batches.hasNext(); ) {
        ColumnBatch batch = batches.next();
        for (int row = 0; row < batch.rows(); row++) {
          assertThat(batch.longAt("id", row)).isEqualTo(next);
          assertThat(batch.valueAt("customer", row)).isEqualTo("customer " + next % 7);
          next++;
        }
      }
      assertThat(next).isEqualTo(60_000);
    }
  }

  @Test
  void timeTravelFollowsTheTimesOfTheLog() {
    defineOrders();
    PublishReceipt first = shop().publish(ORDERS).records(Order.range(0, 1)).commit();
    PublishReceipt second = shop().publish(ORDERS).records(Order.range(1, 2)).commit();
    assertThat(second.committedAt()).isEqualTo(first.committedAt());

    assertThat(ordersAsOf(first.committedAt())).isEqualTo(Order.range(0, 2));
    assertThat(shop().read(ORDERS).snapshots())
        .extracting(Snapshot::committedAt)
        .containsOnly(first.committedAt());
    assertThat(all(shop().read(ORDERS).as(Order.class).snapshot(id(first))))
        .isEqualTo(Order.range(0, 1));
  }

  @Test
  void aTimeBeforeTheFirstSnapshotIsRejectedWithTheFirst() {
    defineOrders();
    assertThatThrownBy(() -> ordersAsOf(clock.instant()))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContainingAll(ORDERS, "nothing was published yet");
    assertThat(shop().read(ORDERS).snapshots()).isEmpty();
    PublishReceipt first = publish(0, 1);
    publish(1, 2);

    assertThatThrownBy(() -> ordersAsOf(first.committedAt().minusMillis(1)))
        .isInstanceOfSatisfying(
            NotFoundException.class,
            refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.NOT_FOUND))
        .hasMessageContainingAll(ORDERS, id(first), first.committedAt().toString(), "snapshots()");
  }

  @Test
  void anUnknownSnapshotIsRejectedWithTheKnownOnes() {
    defineOrders();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      ids.add(0, id(publish(i, i + 1)));
    }

    assertThatThrownBy(() -> shop().read(ORDERS).snapshot("12345").rows())
        .isInstanceOf(NotFoundException.class)
        .hasMessageContainingAll(ORDERS, "'12345'", "and 2 older ones")
        .hasMessageContainingAll(ids.subList(0, 5).toArray(String[]::new));
    assertThatThrownBy(() -> shop().read(ORDERS).snapshot(ids.get(0)).asOf(clock.instant()))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("Set one, or neither");
    assertThat(all(shop().quarantine(ORDERS).where("publish = 'none'"))).isEmpty();
  }

  @Test
  void aPinnedSnapshotStaysWhileOthersPublish() throws Exception {
    defineOrders();
    PublishReceipt first = publish(0, 20);
    Instant before = clock.instant();
    clock.advance(Duration.ofHours(1));
    List<Callable<List<Order>>> calls = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      long from = 20 + 10L * i;
      calls.add(
          () -> {
            for (int k = 0; k < 5; k++) {
              shop().publish(ORDERS).records(Order.range(from, from + 10)).commit();
            }
            return List.of();
          });
      calls.add(() -> all(shop().read(ORDERS).as(Order.class).snapshot(id(first))));
      calls.add(() -> ordersAsOf(before));
    }

    for (List<Order> read : ConcurrentCalls.run(calls)) {
      assertThat(read.isEmpty() ? Order.range(0, 20) : read).isEqualTo(Order.range(0, 20));
    }
    List<Snapshot> snapshots = shop().read(ORDERS).snapshots();
    assertThat(snapshots).hasSize(16);
    for (Snapshot snapshot : snapshots) {
      assertThat(all(shop().read(ORDERS).snapshot(snapshot.id())))
          .hasSize((int) snapshot.rows().orElseThrow());
    }
    assertThat(ordersAsOf(before)).isEqualTo(Order.range(0, 20));
  }

  @Test
  void onlyRowsForWhichTheFilterIsTrueAreRead() {
    defineOrders();
    publish(0, 6);
    MeshClient shop = shop();

    assertThat(all(shop.read(ORDERS).as(Order.class).where("note = 'note 1'")))
        .containsExactly(Order.of(1));
    assertThat(all(shop.read(ORDERS).as(Order.class).where("NOT note = 'note 1'")))
        .as("null matches neither")
        .containsExactly(Order.of(2), Order.of(4), Order.of(5));
    assertThat(all(shop.read(ORDERS).as(Order.class).where("note IS NULL OR amount > 4.99")))
        .containsExactly(Order.of(0), Order.of(3), Order.of(5));
    assertThat(all(shop.read(ORDERS).where("FALSE"))).isEmpty();
    assertThat(all(shop.read(ORDERS).where("TRUE"))).hasSize(6);
    List<Map<String, Object>> ids =
        all(shop.read(ORDERS).columns("id").asMaps().where("customer LIKE '%2'"));
    assertThat(ids).containsExactly(row("id", 2L));
    assertThat(all(shop.read(ORDERS).as(Order.class).where("id > 2").limit(2)))
        .as("the limit counts matching rows")
        .isEqualTo(Order.range(3, 5));
  }

  @Test
  void filesWithoutMatchingRowsAreNotOpened() {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS)
        .contract(Contract.of(Order.class))
        .partitionBy(by("customer"))
        .commit();
    publish(0, 70);
    publish(70, 140);
    assertThat(shop.read(ORDERS).files()).hasSize(14);

    assertThat(opened("TRUE", 140)).isEqualTo(14);
    assertThat(opened("customer = 'customer 3'", 20)).as("one partition").isEqualTo(2);
    assertThat(opened("id >= 70", 70)).as("bounds").isEqualTo(7);
    assertThat(opened("id >= 70 AND customer IN ('customer 1', 'customer 2')", 20)).isEqualTo(2);
    assertThat(opened("id < 0 OR customer = 'customer 9'", 0)).isZero();
    assertThat(opened("FALSE", 0)).isZero();
    assertThat(shop.read(ORDERS).where("id < 70").files()).hasSize(7);
  }

  private int opened(String filter, int rows) {
    return files.dataFilesAsked(
        () -> assertThat(all(shop().read(ORDERS).where(filter))).as(filter).hasSize(rows));
  }

  @Test
  void anInvalidFilterIsRejectedWithoutShowingItsConstants() {
    MeshClient shop = defineOrders();
    publish(0, 1);
    registerFinance();
    State before = state();

    for (String filter : List.of("nothing = '" + CANARY + "'", "id = '" + CANARY + "'", "id = ")) {
      assertThatThrownBy(() -> shop.read(ORDERS).where(filter).rows())
          .isInstanceOfSatisfying(
              InvalidRequestException.class,
              refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.FILTER_INVALID))
          .hasMessageNotContaining(CANARY);
      assertThatThrownBy(
              () ->
                  as("finance")
                      .subscribe(ORDERS)
                      .name("some")
                      .purpose("Some")
                      .where(filter)
                      .commit())
          .isInstanceOfSatisfying(
              InvalidRequestException.class,
              refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.FILTER_INVALID))
          .hasMessageNotContaining(CANARY);
    }
    assertNothingChanged(before);
  }

  enum Payment {
    NEW,
    PAID
  }

  record Bill(long id, Payment state) {}

  @Test
  void aReadWithAConstantThatNoSymbolOfAnEnumEqualsIsRejectedWithTheNearestSymbol() {
    MeshClient shop = registerShop();
    shop.defineProduct("commerce/bills").contract(Contract.of(Bill.class)).openToMesh().commit();
    shop.publish("commerce/bills").records(List.of(new Bill(1, Payment.NEW))).commit();
    MeshClient finance = registerFinance();
    String typo = "state = 'PIAD'";

    for (Runnable filtered :
        List.<Runnable>of(
            () -> finance.read("commerce/bills").where(typo).rows().close(),
            () -> shop.read("commerce/bills").where(typo).files())) {
      assertThatThrownBy(filtered::run)
          .isInstanceOfSatisfying(
              InvalidRequestException.class,
              refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.FILTER_INVALID))
          .hasMessageContainingAll("column state", "Did you mean 'PAID'?");
    }
    assertThat(all(finance.read("commerce/bills").as(Bill.class).where("state = 'PAID'")))
        .isEmpty();
  }

  /** Older or quarantined rows can contain symbols that the enum does not have now. */
  @Test
  void filtersOfExistingRowsAcceptConstantsThatAreNotSymbols() {
    MeshClient shop = registerShop();
    shop.defineProduct("commerce/bills").contract(Contract.of(Bill.class)).openToMesh().commit();
    shop.publish("commerce/bills").records(List.of(new Bill(1, Payment.NEW))).commit();
    MeshClient finance = registerFinance();
    String former = "state = 'VOID'";

    shop.erase("commerce/bills").where(former).because("Asked to").commit();
    shop.grant("commerce/bills")
        .rows(former)
        .to(Principal.of("finance", "analyst"))
        .because("Bills")
        .commit();
    finance.subscribe("commerce/bills").name("void").purpose("Void").where(former).commit();

    assertThat(all(finance.read("commerce/bills").as(Bill.class))).hasSize(1);
  }

  @Test
  void aSubscriptionKeepsItsFilterUntilItIsChanged() {
    defineOrders();
    PublishReceipt first = publish(0, 6);
    publish(6, 8);
    MeshClient finance = registerFinance();
    Subscription<Order> some =
        finance
            .subscribe(ORDERS)
            .name("some")
            .purpose("Some")
            .where("(ID >= 4) and note is not null")
            .as(Order.class)
            .commit();
    State before = state();

    Subscription<GenericRecord> again = finance.subscribe(ORDERS).name("some").commit();

    assertThat(some.where()).contains("id >= 4 AND note IS NOT NULL");
    assertThat(again.where()).isEqualTo(some.where());
    assertThat(finance.subscribe(ORDERS).name("some").where("id>=4 AND note IS NOT NULL").commit())
        .extracting(Subscription::where)
        .isEqualTo(some.where());
    assertNothingChanged(before);
    try (Rows<Order> rows = some.rows()) {
      assertThat(rows).containsExactly(Order.of(4), Order.of(5), Order.of(7));
    }
    assertThat(all(some.read().snapshot(id(first)))).containsExactly(Order.of(4), Order.of(5));
    assertThat(all(some.read().asOf(first.committedAt())))
        .containsExactly(Order.of(4), Order.of(5));
    assertThat(some.read().snapshots()).hasSize(2);

    Subscription<Order> amended =
        finance.subscribe(ORDERS).name("some").where("id < 1").as(Order.class).commit();
    assertThat(amended.where()).isEqualTo(Optional.of("id < 1"));
    assertThat(all(amended.read())).containsExactly(Order.of(0));
  }
}
