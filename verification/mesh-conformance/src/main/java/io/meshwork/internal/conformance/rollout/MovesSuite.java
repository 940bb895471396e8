package io.meshwork.internal.conformance.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.MeshClient;
import io.meshwork.card.ProductConsumer;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.internal.conformance.TestSample;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.OrderInCents;
import io.meshwork.internal.event.EventDetails.LoggedSubscription;
import io.meshwork.internal.event.EventDetailsCodec;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt.PublishMode;
import io.meshwork.rollout.MajorRollout;
import java.time.Duration;
import java.time.Period;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A subscription that moves to a new major version receives each change once. */
public abstract class MovesSuite extends MovesFixture {
  @Test
  void aSubscriptionContinuesInTheNewVersionWhereItStopped() {
    consumedOrders();
    Subscription<Map<String, Object>> first = copy().commit();
    publishOneByOne(0, 3);
    assertThat(take(first)).containsExactly(0L, 1L, 2L);
    openSecond();
    publishBoth(3, 5);
    assertThat(take(first)).containsExactly(3L, 4L);
    publishBoth(5, 6);

    Subscription<Map<String, Object>> second = copy().majorVersion(2).commit();

    assertThat(second.major()).isEqualTo(2);
    assertThat(take(second)).containsExactly(5L);
    assertThat(take(second)).isEmpty();
    publishBoth(6, 8);
    assertThat(take(second)).containsExactly(6L, 7L);
    assertThat(second.position().major()).isEqualTo(2);
    assertWhole();
  }

  @Test
  void aSubscriptionThatReceivedTheHistoryGetsWhatIsPublishedAfterIt() {
    consumedOrders();
    Subscription<Map<String, Object>> first = copy().commit();
    publishOneByOne(0, 3);
    assertThat(take(first)).hasSize(3);
    openSecond();

    Subscription<Map<String, Object>> second = copy().majorVersion(2).commit();

    assertThat(take(second)).isEmpty();
    publishBoth(3, 4);
    assertThat(take(second)).containsExactly(3L);
  }

  @Test
  void aCompactionOfTheHistoryDoesNotChangeThePosition() {
    consumedOrders();
    Subscription<Map<String, Object>> first = copy().commit();
    publishOneByOne(0, 4);
    assertThat(take(first)).hasSize(4);
    compact();
    openSecond();

    assertThat(take(copy().majorVersion(2).commit())).isEmpty();
  }

  @Test
  void aSubscriptionThatReceivedNothingStartsAtTheBeginning() {
    consumedOrders();
    copy().commit();
    publishOneByOne(0, 3);
    openSecond();
    publishBoth(3, 4);

    assertThat(take(copy().majorVersion(2).commit())).containsExactlyInAnyOrder(0L, 1L, 2L, 3L);
  }

  @Test
  void aPositionInsideTheHistoryGetsAllRowsOnce() {
    consumedOrders();
    Subscription<Map<String, Object>> first = copy().commit();
    publishOneByOne(0, 2);
    take(first);
    publishOneByOne(2, 3);
    openSecond();

    Subscription<Map<String, Object>> second = copy().majorVersion(2).commit();

    try (Batch<Map<String, Object>> batch = second.poll()) {
      assertThat(batch.kind()).isEqualTo(Batch.Kind.RESET);
      assertThat(batch.because().orElseThrow())
          .contains("in another major version", "acknowledge a batch after activate()");
      assertThat(ids(batch)).containsExactlyInAnyOrder(0L, 1L, 2L);
      batch.ack();
    }
    publishBoth(3, 4);
    assertThat(take(second)).containsExactly(3L);
    assertThat(moves())
        .extracting(LoggedSubscription::fromMajor, LoggedSubscription::continues)
        .containsExactly(tuple(OptionalInt.of(1), Optional.of(false)));
  }

  @Test
  void aResetAfterAMoveReplacesTheBatchThatAnOldProcessHolds() {
    consumedOrders();
    Subscription<Map<String, Object>> first = copy().commit();
    Subscription<Map<String, Object>> other = copy().name("other").commit();
    publishOneByOne(0, 2);
    take(first);
    take(other);
    publishOneByOne(2, 3);
    openSecond();
    Batch<Map<String, Object>> held = first.poll();
    Batch<Map<String, Object>> heldByOther = other.poll();
    Subscription<Map<String, Object>> second = copy().majorVersion(2).commit();
    Subscription<Map<String, Object>> otherSecond = copy().name("other").majorVersion(2).commit();

    String id = assertReset(second);
    assertThatThrownBy(held::ack).isInstanceOf(ConflictException.class);
    assertThat(assertReset(second)).isEqualTo(id);
    heldByOther.ack();
    assertReset(otherSecond);

    assertThat(second.position().major()).isEqualTo(1);
    for (Subscription<Map<String, Object>> each : List.of(second, otherSecond)) {
      try (Batch<Map<String, Object>> batch = each.poll()) {
        assertThat(ids(batch)).containsExactlyInAnyOrder(0L, 1L, 2L);
        batch.ack();
      }
      assertThat(each.position().major()).isEqualTo(2);
      assertThat(take(each)).isEmpty();
    }
    held.close();
    heldByOther.close();
  }

  /** Asserts that the next batch has all rows, and returns its ID. */
  private static String assertReset(Subscription<Map<String, Object>> subscription) {
    try (Batch<Map<String, Object>> batch = subscription.poll()) {
      assertThat(batch.kind()).isEqualTo(Batch.Kind.RESET);
      assertThat(batch.because().orElseThrow())
          .startsWith("the position is in another major version: ");
      return batch.id();
    }
  }

  private List<LoggedSubscription> moves() {
    return as("finance").events(consumerLog("finance")).list().stream()
        .map(event -> EventDetailsCodec.detailsOf(event))
        .filter(LoggedSubscription.class::isInstance)
        .map(LoggedSubscription.class::cast)
        .filter(change -> change.fromMajor().isPresent())
        .toList();
  }

  @Test
  void anUnacknowledgedBatchKeepsItsIdAndItsRows() {
    consumedOrders();
    Subscription<Map<String, Object>> first = copy().where("id > 0").commit();
    publishOneByOne(0, 2);
    take(first);
    openSecond();
    publishBoth(2, 4);
    publishBoth(4, 5);
    String id;
    try (Batch<Map<String, Object>> batch = first.poll()) {
      id = batch.id();
      assertThat(ids(batch)).containsExactly(2L, 3L, 4L);
    }
    publishBoth(5, 6);

    Subscription<Map<String, Object>> second = copy().majorVersion(2).commit();

    try (Batch<Map<String, Object>> batch = second.poll()) {
      assertThat(batch.id()).isEqualTo(id);
      assertThat(ids(batch)).containsExactly(2L, 3L, 4L);
      batch.ack();
    }
    assertThat(take(second)).containsExactly(5L);
    assertThat(moves())
        .extracting(LoggedSubscription::major, LoggedSubscription::continues)
        .containsExactly(tuple(2, Optional.of(true)));
  }

  @Test
  void aProcessMayAcknowledgeTheBatchThatItHoldsAfterTheMove() {
    consumedOrders();
    Subscription<Map<String, Object>> first = copy().commit();
    openSecond();
    publishBoth(0, 2);
    try (Batch<Map<String, Object>> batch = first.poll()) {
      assertThat(ids(batch)).hasSize(2);
      Subscription<Map<String, Object>> second = copy().majorVersion(2).commit();
      publishBoth(2, 3);

      batch.ack();

      assertThat(take(second)).containsExactly(2L);
    }
  }

  @Test
  void aBatchOfAnotherFilterIsDeliveredAgainUnderAnotherId() {
    consumedOrders();
    Subscription<Order> first =
        as("finance")
            .subscribe(ORDERS)
            .name("large")
            .purpose("Large orders")
            .where("amount > 1")
            .as(Order.class)
            .commit();
    openSecond();
    publishBoth(0, 3);
    Batch<Order> batch = first.poll();

    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> as("finance").subscribe(ORDERS).name("large").majorVersion(2).commit(),
        "major version 2",
        "'amount'",
        "'note'",
        "as(..)",
        "where(..)");
    Subscription<OrderInCents> second =
        as("finance")
            .subscribe(ORDERS)
            .name("large")
            .majorVersion(2)
            .as(OrderInCents.class)
            .where("cents > 100")
            .commit();

    assertThatThrownBy(batch::ack).isInstanceOf(ConflictException.class);
    try (Batch<OrderInCents> again = second.poll()) {
      assertThat(again.id()).isNotEqualTo(batch.id());
      assertThat(again.kind()).isEqualTo(Batch.Kind.ADDED);
      assertThat(again).extracting(OrderInCents::id).containsExactly(1L, 2L);
    }
  }

  @Test
  void aReaderOfSomeRowsContinuesWithTheSameRows() {
    MeshClient shop = registerShop();
    MeshClient finance = registerFinance();
    shop.defineProduct(ORDERS)
        .contract(Contract.of(Order.class).noticePeriod(Period.ofDays(30)))
        .commit();
    shop.grant(ORDERS)
        .to(Principal.of("finance", "etl"))
        .rows("id <> 4")
        .because("Some rows")
        .commit();
    Subscription<Map<String, Object>> first = copy().commit();
    openSecond();
    publishBoth(0, 2);
    assertThat(take(first)).containsExactly(0L, 1L);
    publishBoth(2, 5);
    String id;
    try (Batch<Map<String, Object>> batch = first.poll()) {
      id = batch.id();
    }
    publishBoth(5, 6);

    Subscription<Map<String, Object>> second = copy().majorVersion(2).commit();

    try (Batch<Map<String, Object>> batch = second.poll()) {
      assertThat(batch.id()).isEqualTo(id);
      assertThat(ids(batch)).containsExactly(2L, 3L);
      batch.ack();
    }
    assertThat(take(second)).containsExactly(5L);
    assertThat(finance.subscriptions()).hasSize(1);
  }

  @Test
  void anErrorNamesTheNewNameOfARenamedColumn() {
    record Buyers(long id, String buyer) {}
    consumedOrders();
    copy().commit();
    shop()
        .startRollout(ORDERS)
        .contract(Contract.of(Buyers.class).noticePeriod(Period.ofDays(30)))
        .renameColumn("customer", "buyer")
        .because("Buyers")
        .commit();
    shop().rollout(ORDERS).backFill().commit().activate().commit();

    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> as("finance").subscribe(ORDERS).name("copy").majorVersion(2).commit(),
        "'customer' (now 'buyer')");
    assertThat(
            as("finance")
                .subscribe(ORDERS)
                .name("copy")
                .majorVersion(2)
                .as(Buyers.class)
                .commit()
                .columns()
                .orElseThrow())
        .containsExactly("id", "buyer");
  }

  @Tag("smoke")
  @Test
  void erasedAndReplacedRowsAreDeliveredAfterTheMove() {
    consumedOrders();
    Subscription<Map<String, Object>> first = copy().commit();
    openSecond();
    publishBoth(0, 5);
    take(first);
    shop().erase(ORDERS).majorVersion(1).where("id = 1").because("Requested").commit();
    String id;
    try (Batch<Map<String, Object>> batch = first.poll()) {
      id = batch.id();
    }
    shop()
        .publish(ORDERS)
        .<Order>records(Order.range(3, 4))
        .majorVersion(1)
        .alsoTo(2, OrderInCents::of)
        .replaceWhere("id = 3")
        .commit();

    Subscription<Map<String, Object>> second = copy().majorVersion(2).commit();

    try (Batch<Map<String, Object>> batch = second.poll()) {
      assertThat(batch.id()).isEqualTo(id);
      assertThat(batch.kind()).isEqualTo(Batch.Kind.ERASED);
      assertThat(batch.predicate()).contains("id = 1");
      batch.ack();
    }
    try (Batch<Map<String, Object>> batch = second.poll()) {
      assertThat(batch.kind()).isEqualTo(Batch.Kind.REPLACED);
      assertThat(ids(batch)).containsExactly(3L);
      batch.ack();
    }
  }

  private void compact() {
    mesh.maintain().compactAtLeast(2).commit();
  }

  @Test
  void compactionsOfEitherVersionDoNotCountAsChanges() {
    consumedOrders();
    Subscription<Map<String, Object>> first = copy().commit();
    openSecond();
    publishBoth(0, 2);
    publishBoth(2, 3);
    publishBoth(3, 4);
    take(first);
    compact();
    assertThat(take(first)).isEmpty();
    publishBoth(4, 5);
    compact();

    assertThat(take(copy().majorVersion(2).commit())).containsExactly(4L);
  }

  @Test
  void aSubscriptionMovesBackAsLongAsTheOldVersionIsReadable() {
    consumedOrders();
    Subscription<Map<String, Object>> first = copy().commit();
    publishOneByOne(0, 2);
    take(first);
    MajorRollout rollout = openSecond();
    Subscription<Map<String, Object>> second = copy().majorVersion(2).commit();
    publishBoth(2, 3);
    take(second);
    publishBoth(3, 4);

    Subscription<Map<String, Object>> again = copy().majorVersion(1).commit();

    assertThat(take(again)).containsExactly(3L);
    assertThatThrownBy(() -> copy().name("other").majorVersion(1).commit())
        .isInstanceOf(ConflictException.class)
        .hasMessageContainingAll("deprecated", "majorVersion(2)", "allowDeprecated");
    rollout.abort().because("Not needed").commit();
    assertThatThrownBy(() -> copy().majorVersion(2).commit())
        .hasMessageContaining("major version 2");
    publishOneByOne(4, 5);
    assertThat(take(again)).containsExactly(4L);
  }

  @Test
  void rowsOfOneVersionAloneMakeAPositionBehindThemStartOver() {
    consumedOrders();
    Subscription<Map<String, Object>> first = copy().commit();
    openSecond();
    publishBoth(0, 2);
    shop()
        .publish(ORDERS)
        .<OrderInCents>records(List.of(new OrderInCents(7, "ann", 700)))
        .majorVersion(2)
        .onlyMajorVersion(2)
        .because("A correction")
        .commit();
    publishBoth(2, 3);
    take(first);

    try (Batch<Map<String, Object>> batch = copy().majorVersion(2).commit().poll()) {
      assertThat(batch.kind()).isEqualTo(Batch.Kind.RESET);
      assertThat(batch.because().orElseThrow())
          .contains("in one version only", "verify()")
          .doesNotContain("acknowledge a batch");
      assertThat(ids(batch)).containsExactlyInAnyOrder(0L, 1L, 2L, 7L);
    }
  }

  @Test
  void batchesAndHistoryOfEachVersionHaveItsFilter() {
    consumedOrders();
    openSecond();
    publishBoth(0, 3);
    Subscription<Map<String, Object>> first = whole(1);
    Subscription<Map<String, Object>> second = whole(2);
    take(first);
    take(second);

    shop()
        .publish(ORDERS)
        .<Order>records(Order.range(1, 2))
        .majorVersion(1)
        .replaceWhere("amount < 2")
        .alsoTo(2, OrderInCents::of, "cents < 200")
        .commit();

    assertThat(shop().publishHistory(ORDERS).changes())
        .filteredOn(change -> change.mode() == PublishMode.REPLACE_WHERE)
        .extracting(change -> change.scope().orElseThrow())
        .containsExactlyInAnyOrder("amount < 2", "cents < 200");
    try (Batch<Map<String, Object>> one = first.poll();
        Batch<Map<String, Object>> other = second.poll()) {
      assertThat(one.predicate()).contains("amount < 2");
      assertThat(other.predicate()).contains("cents < 200");
      assertThat(ids(other)).containsExactly(1L);
    }
  }

  private Subscription<Map<String, Object>> whole(int major) {
    return as("finance")
        .subscribe(ORDERS)
        .name("whole" + major)
        .purpose("A copy")
        .majorVersion(major)
        .allowDeprecated()
        .because("A comparison")
        .asMaps()
        .commit();
  }

  @Test
  void aPositionBetweenChangesOfOneVersionAloneDoesNotContinueAfterAVerification() {
    consumedOrders();
    openSecond();
    publishBoth(0, 1);
    Subscription<Map<String, Object>> copy = copy().majorVersion(2).commit();
    take(copy);
    shop()
        .publish(ORDERS)
        .records(Order.range(7, 8))
        .majorVersion(1)
        .onlyMajorVersion(1)
        .because("Late")
        .commit();
    publishBoth(1, 2);
    assertThat(take(copy)).containsExactly(1L);
    shop()
        .publish(ORDERS)
        .records(List.of(OrderInCents.of(Order.of(7))))
        .majorVersion(2)
        .onlyMajorVersion(2)
        .because("Late")
        .commit();
    assertThat(shop().rollout(ORDERS).verify(1, Order.class, OrderInCents::of).commit().isEqual())
        .isTrue();

    Subscription<Map<String, Object>> moved =
        copy().majorVersion(1).allowDeprecated().because("Back").commit();

    try (Batch<Map<String, Object>> batch = moved.poll()) {
      assertThat(batch.kind()).isEqualTo(Batch.Kind.RESET);
      assertThat(ids(batch)).containsExactlyInAnyOrder(0L, 1L, 7L);
      batch.ack();
    }
    publishBoth(8, 9);
    Subscription<Map<String, Object>> back = copy().majorVersion(2).commit();
    assertThat(take(back)).as("from behind the verification").containsExactly(8L);
  }

  @Test
  void snapshotsToWhichAPositionMayMoveAreRetained() {
    consumedOrders();
    Subscription<Map<String, Object>> first = copy().commit();
    openSecond();
    publishBoth(0, 1);
    take(first);
    for (long id = 1; id < 4; id++) {
      publishBoth(id, id + 1);
      clock.advance(Duration.ofDays(2));
    }
    maintain();
    maintain();

    Subscription<Map<String, Object>> second = copy().majorVersion(2).commit();

    assertThat(take(second)).containsExactly(1L, 2L, 3L);
    clock.advance(Duration.ofDays(2));
    maintain();
    publishBoth(4, 5);
    assertThat(take(copy().majorVersion(1).commit())).containsExactly(4L);
  }

  @Test
  void aProcessThatWasOpenedBeforeTheMoveIsDirectedToTheNewVersion() {
    consumedOrders();
    Subscription<Map<String, Object>> first = copy().commit();
    openSecond();
    publishBoth(0, 2);
    Subscription<Map<String, Object>> second = copy().majorVersion(2).commit();

    assertThatThrownBy(first::poll)
        .isInstanceOfSatisfying(
            ConflictException.class,
            moved -> assertThat(moved.errorCode()).isEqualTo(ErrorCode.STATE_CONFLICT))
        .hasMessageContainingAll("'copy'", "major version 2", "subscribe(\"commerce/orders\")");
    assertThatThrownBy(() -> first.seekToStart().commit()).isInstanceOf(ConflictException.class);
    readAll(first);

    assertThat(take(second)).containsExactly(0L, 1L);
    assertThat(shop().consumers(ORDERS))
        .extracting(ProductConsumer::name, ProductConsumer::major)
        .contains(tuple("finance/copy", 2));
    assertThat(usesOf(1)).isTrue();
  }

  private boolean usesOf(int major) {
    return registry.documents().keySet().stream()
        .anyMatch(
            key ->
                key.sort().startsWith(io.meshwork.internal.ledger.UnloggedDocuments.USAGE)
                    && key.sort().contains("copy")
                    && key.sort().endsWith(Integer.toString(major)));
  }

  @Test
  void anEmptyPollIsAUse() {
    consumedOrders();
    Subscription<Map<String, Object>> subscription = copy().commit();

    subscription.poll().close();

    assertThat(as("finance").subscriptions())
        .extracting(Subscription.Summary::lastUsed)
        .allMatch(Optional::isPresent);
  }

  @Test
  void randomMovesDeliverEachChangeOnce() {
    boolean again = false;
    for (long seed : TestSample.seeds(4)) {
      if (again) {
        reopen(builder -> builder);
      }
      new MovingPolls(this, seed).run();
      again = true;
    }
  }

  private void publishNew(long id, long cents) {
    shop()
        .publish(ORDERS)
        .majorVersion(2)
        .<OrderInCents>records(List.of(new OrderInCents(id, "ann", cents)))
        .alsoTo(1, OrderInCents::toOrder)
        .commit();
  }

  @Test
  void aMoveIsAResetBehindRowsThatTheOldVersionLeavesOut() {
    consumedOrders();
    publishOneByOne(0, 2);
    shop()
        .startRollout(ORDERS)
        .contract(SECOND)
        .excludeRows("cents = 0")
        .because("Amounts in cents")
        .commit();
    shop().rollout(ORDERS).backFill(Order.class, OrderInCents::of).commit().activate().commit();
    publishNew(2, 500);
    Subscription<Map<String, Object>> early =
        copy().name("early").majorVersion(1).allowDeprecated().because("Old").commit();
    Subscription<Map<String, Object>> late =
        copy().name("late").majorVersion(1).allowDeprecated().because("Old").commit();
    assertThat(take(early)).containsExactly(0L, 1L, 2L);
    publishNew(3, 0);
    publishNew(4, 100);
    assertThat(take(late)).containsExactly(0L, 1L, 2L, 4L);

    assertThat(take(copy().name("early").majorVersion(2).commit())).containsExactly(3L, 4L);
    try (Batch<Map<String, Object>> batch = copy().name("late").majorVersion(2).commit().poll()) {
      assertThat(batch.kind()).isEqualTo(Batch.Kind.RESET);
      assertThat(ids(batch)).containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L);
      batch.ack();
    }
    assertWhole();
  }

  @Test
  void aMoveToOrFromAVersionWithoutHistoryIsAReset() {
    consumedOrders();
    publishOneByOne(0, 2);
    shop()
        .startRollout(ORDERS)
        .contract(SECOND)
        .withoutHistory()
        .because("Amounts in cents")
        .commit()
        .activate()
        .commit();
    publishBoth(2, 4);
    assertThat(take(copy().majorVersion(2).commit())).containsExactly(2L, 3L);

    Subscription<Map<String, Object>> older =
        copy().majorVersion(1).allowDeprecated().because("It needs the old orders").commit();

    try (Batch<Map<String, Object>> batch = older.poll()) {
      assertThat(batch.kind()).isEqualTo(Batch.Kind.RESET);
      assertThat(ids(batch)).containsExactlyInAnyOrder(0L, 1L, 2L, 3L);
      batch.ack();
    }
    publishBoth(4, 5);
    assertThat(take(older)).containsExactly(4L);

    try (Batch<Map<String, Object>> batch = copy().majorVersion(2).commit().poll()) {
      assertThat(batch.kind()).isEqualTo(Batch.Kind.RESET);
      assertThat(ids(batch)).containsExactlyInAnyOrder(2L, 3L, 4L);
    }
    assertWhole();
  }
}
