package io.meshwork.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.MeshClient;
import io.meshwork.card.ProductConsumer;
import io.meshwork.card.ProductConsumer.MajorMode;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscribe;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.error.AlreadyExistsException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.event.EventDetails.SubscriptionRegistration;
import io.meshwork.operation.Plan;
import io.meshwork.operation.Plan.Step;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.rollout.Rollout;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Period;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** A subscription moves to another major version, with its position. */
abstract class MovesSuite extends MovesFixture {
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
      assertThat(ids(batch)).containsExactlyInAnyOrder(0L, 1L, 2L);
      batch.ack();
    }
    publishBoth(3, 4);
    assertThat(take(second)).containsExactly(3L);
    assertThat(moves())
        .extracting(SubscriptionRegistration::fromMajor, SubscriptionRegistration::continues)
        .containsExactly(tuple(OptionalInt.of(1), false));
  }

  private List<SubscriptionRegistration> moves() {
    return as("finance").events("finance").list().stream()
        .map(event -> event.details())
        .filter(SubscriptionRegistration.class::isInstance)
        .map(SubscriptionRegistration.class::cast)
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
        .extracting(SubscriptionRegistration::major, SubscriptionRegistration::continues)
        .containsExactly(tuple(2, true));
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
            .named("large")
            .purpose("Large orders")
            .where("amount > 1")
            .as(Order.class)
            .commit();
    openSecond();
    publishBoth(0, 3);
    Batch<Order> batch = first.poll();

    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> as("finance").subscribe(ORDERS).named("large").majorVersion(2).commit(),
        "major version 2",
        "'amount'",
        "'note'",
        "as(..)",
        "where(..)");
    Subscription<OrderInCents> second =
        as("finance")
            .subscribe(ORDERS)
            .named("large")
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
        .rollOut(ORDERS)
        .contract(Contract.of(Buyers.class).noticePeriod(Period.ofDays(30)))
        .renaming("customer", "buyer")
        .because("Buyers")
        .commit();
    shop().rollout(ORDERS).backFill().commit().activate().commit();

    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> as("finance").subscribe(ORDERS).named("copy").majorVersion(2).commit(),
        "'customer' (now 'buyer')");
    assertThat(
            as("finance")
                .subscribe(ORDERS)
                .named("copy")
                .majorVersion(2)
                .as(Buyers.class)
                .commit()
                .columns()
                .orElseThrow())
        .containsExactly("id", "buyer");
  }

  @Test
  void erasedAndReplacedRowsAreDeliveredAfterTheMove() {
    consumedOrders();
    Subscription<Map<String, Object>> first = copy().commit();
    openSecond();
    publishBoth(0, 5);
    take(first);
    shop().publish(ORDERS).majorVersion(1).erasingWhere("id = 1", "Requested").commit();
    String id;
    try (Batch<Map<String, Object>> batch = first.poll()) {
      id = batch.id();
    }
    shop()
        .publish(ORDERS)
        .<Order>records(Order.range(3, 4))
        .majorVersion(1)
        .alsoTo(2, OrderInCents::of)
        .replacingWhere("id = 3")
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
    mesh.maintain().compactingFrom(2).commit();
  }

  @Test
  void compactionsOfEitherVersionAreNoChanges() {
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
    Rollout rollout = openSecond();
    Subscription<Map<String, Object>> second = copy().majorVersion(2).commit();
    publishBoth(2, 3);
    take(second);
    publishBoth(3, 4);

    Subscription<Map<String, Object>> again = copy().majorVersion(1).commit();

    assertThat(take(again)).containsExactly(3L);
    assertThatThrownBy(() -> copy().named("other").majorVersion(1).commit())
        .isInstanceOf(ConflictException.class)
        .hasMessageContainingAll("deprecated", "majorVersion(2)", "despiteRollout");
    rollout.abort("Not needed").commit();
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
        .onlyTo(2, "A correction")
        .commit();
    publishBoth(2, 3);
    take(first);

    try (Batch<Map<String, Object>> batch = copy().majorVersion(2).commit().poll()) {
      assertThat(batch.kind()).isEqualTo(Batch.Kind.RESET);
      assertThat(ids(batch)).containsExactlyInAnyOrder(0L, 1L, 2L, 7L);
    }
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
    assertThatThrownBy(() -> first.seek().toStart().commit()).isInstanceOf(ConflictException.class);
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
        .extracting(Subscription.Card::lastUsed)
        .allMatch(Optional::isPresent);
  }

  /** A row that no contract of the orders has. */
  record OrderId(long id) {}

  @Test
  void aProgramWithTheOldContractDefinesTheProductAsBefore() {
    MeshClient shop = defineOrders();
    publishOneByOne(0, 1);
    openSecond().makeCurrent().commit();
    State before = state();

    shop.defineProduct(ORDERS).contract(Contract.of(Order.class)).openToMesh().commit();
    shop.defineProduct(ORDERS).contract(Contract.of(Order.class)).orAmend().commit();

    assertNothingChanged(before);
    assertThat(
            shop.defineProduct(ORDERS).contract(Contract.of(Order.class)).orAmend().plan().steps())
        .isEmpty();
    assertThatThrownBy(
            () -> shop.defineProduct(ORDERS).contract(Contract.of(OrderId.class)).commit())
        .isInstanceOf(AlreadyExistsException.class)
        .hasMessageContaining("2.0.0");
  }

  @Test
  void readersWhoNameNoVersionGetTheCurrentOne() {
    consumedOrders();
    publishOneByOne(0, 2);
    Rollout rollout = openSecond();
    Plan<Rollout> plan = rollout.makeCurrent().plan();
    assertThat(plan.steps()).extracting(Step::toString).anyMatch(step -> step.contains("2.0.0"));

    plan.commit();

    assertThat(all(shop().read(ORDERS).as(OrderInCents.class))).hasSize(2);
    assertThat(shop().describe(ORDERS).columns()).hasSize(3);
    shop()
        .publish(ORDERS)
        .<OrderInCents>records(List.of(new OrderInCents(5, "ann", 500)))
        .alsoTo(1, OrderInCents::toOrder)
        .commit();
    assertThat(all(shop().read(ORDERS).majorVersion(1).as(Order.class))).hasSize(3);
    assertThat(copy().commit().major()).isEqualTo(2);
    State before = state();
    assertThat(rollout.makeCurrent().commit().state()).isEqualTo(Rollout.State.PARALLEL);
    assertNothingChanged(before);
    assertThat(rollout.makeCurrent().plan().steps()).isEmpty();
    assertWhole();
  }

  @Test
  void linksThatFollowMoveAndOthersStay() {
    MeshClient finance = consumedOrders();
    publishOneByOne(0, 2);
    finance.linkResource(ORDERS).into("shop").as("current").followingRollouts().commit();
    finance.linkResource(ORDERS).into("shop").as("pinned").commit();
    Plan<Rollout> plan = openSecond().makeCurrent().plan();
    assertThat(plan.steps())
        .extracting(Step::toString)
        .anyMatch(step -> step.startsWith("move link finance/shop.current"))
        .anyMatch(step -> step.startsWith("keep link finance/shop.pinned"));

    plan.commit();

    assertThat(all(finance.read("shop.current").as(OrderInCents.class))).hasSize(2);
    assertThat(all(finance.read("shop.pinned").as(Order.class))).hasSize(2);
  }

  @Test
  void onlyAnOpenVersionBecomesTheCurrentOneAndAnAbortedOneDoesNotStayIt() {
    consumedOrders();
    publishOneByOne(0, 2);
    Rollout planned = shop().rollOut(ORDERS).contract(SECOND).because("Cents").commit();
    assertThatThrownBy(() -> planned.makeCurrent().commit())
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("PLANNED");
    planned.backFill(Order.class, OrderInCents::of).commit().activate().commit();
    planned.makeCurrent().commit();

    planned.abort("Wrong").commit();

    assertThat(orders()).hasSize(2);
    publishOneByOne(2, 3);
    assertThatThrownBy(() -> planned.makeCurrent().plan()).isInstanceOf(ConflictException.class);
  }

  @Test
  void aRetryWithoutAVersionFindsItsReceipt() {
    consumedOrders();
    Rollout rollout = openSecond();
    PublishReceipt first =
        shop()
            .publish(ORDERS)
            .<Order>records(Order.range(0, 2))
            .alsoTo(2, OrderInCents::of)
            .idempotencyKey("day-1")
            .commit();
    rollout.makeCurrent().commit();

    PublishReceipt again =
        shop()
            .publish(ORDERS)
            .<Order>records(Order.range(0, 2))
            .alsoTo(2, OrderInCents::of)
            .idempotencyKey("day-1")
            .commit();

    assertThat(again.replayed()).isTrue();
    assertThat(again.publishId()).isEqualTo(first.publishId());
    assertThatThrownBy(
            () ->
                shop()
                    .publish(ORDERS)
                    .<OrderInCents>records(List.of(new OrderInCents(1, "ann", 1)))
                    .majorVersion(2)
                    .alsoTo(1, OrderInCents::toOrder)
                    .idempotencyKey("day-1")
                    .commit())
        .hasMessageContaining("major version was 1");
  }

  @Test
  void aPublishThatRunsWhileAnotherVersionBecomesTheCurrentOneSucceeds() {
    consumedOrders();
    Rollout rollout = openSecond();

    beforeCommit(
            shop().publish(ORDERS).<Order>records(Order.range(0, 2)).alsoTo(2, OrderInCents::of),
            () -> rollout.makeCurrent().commit())
        .commit();

    assertThat(all(shop().read(ORDERS).as(OrderInCents.class))).hasSize(2);
  }

  @Test
  void aPollLooksForANewMajorVersionOnlyIfItFollows() {
    consumedOrders();
    publishOneByOne(0, 1);
    Subscription<Map<String, Object>> pinned = copy().majorVersion(1).commit();
    take(pinned);
    int alone = callsOfAPoll(pinned);

    Subscription<Map<String, Object>> following = copy().following().commit();

    assertThat(callsOfAPoll(following)).isGreaterThan(alone);
  }

  /** The calls of the ports by a poll that finds nothing. */
  private int callsOfAPoll(Subscription<Map<String, Object>> subscription) {
    take(subscription); // the first one records the use of this day
    int before = faults.calls();
    assertThat(take(subscription)).isEmpty();
    return faults.calls() - before;
  }

  @Test
  void aSubscriptionThatFollowsMovesWhenItIsPolled() {
    consumedOrders();
    Subscription<Map<String, Object>> following = copy().following().commit();
    publishOneByOne(0, 2);
    take(following);
    Rollout rollout = openSecond();
    publishBoth(2, 3);
    assertThat(take(following)).containsExactly(2L);
    publishBoth(3, 4);
    assertThat(rollout.makeCurrent().plan().steps())
        .extracting(Step::toString)
        .anyMatch(step -> step.contains("finance/copy") && step.contains("move"));
    assertThat(following.major()).isEqualTo(1);

    rollout.makeCurrent().commit();

    assertThat(take(following)).containsExactly(3L);
    assertThat(following.major()).isEqualTo(2);
    assertThat(as("finance").subscriptions())
        .extracting(
            Subscription.Card::major, Subscription.Card::majorMode, Subscription.Card::waitsBecause)
        .containsExactly(tuple(2, Optional.of(MajorMode.FOLLOWING), Optional.empty()));
    assertThat(copy().commit().major()).isEqualTo(2);
    publishBoth(4, 5);
    readAll(following);
    assertThat(take(following)).containsExactly(4L);
  }

  @Test
  void aSubscriptionThatTheNewVersionBreaksWaitsAndStatesWhy() {
    consumedOrders();
    MeshClient finance = as("finance");
    Subscription<Order> whole =
        finance
            .subscribe(ORDERS)
            .named("whole")
            .purpose("All columns")
            .as(Order.class)
            .following()
            .commit();
    copy().commit();
    Rollout rollout = openSecond();
    Plan<Rollout> plan = rollout.makeCurrent().plan();
    assertThat(plan.steps())
        .extracting(Step::toString)
        .anyMatch(step -> step.contains("finance/whole") && step.contains("amount"))
        .anyMatch(step -> step.contains("finance/copy") && step.contains("stays"));
    plan.commit();
    publishBoth(0, 2);

    try (Batch<Order> batch = whole.poll()) {
      assertThat(batch).hasSize(2);
      batch.ack();
    }
    assertThat(whole.major()).isEqualTo(1);
    assertThat(finance.subscriptions())
        .filteredOn(card -> card.name().equals("whole"))
        .singleElement()
        .satisfies(
            card -> {
              assertThat(card.waitsBecause().orElseThrow()).contains("major version 2", "amount");
              assertThat(card.toString()).contains("waits");
            });
    assertThat(
            finance
                .subscribe(ORDERS)
                .named("whole")
                .majorVersion(2)
                .as(OrderInCents.class)
                .commit()
                .major())
        .isEqualTo(2);
  }

  @Test
  void aNewSubscriptionToADeprecatedVersionNeedsAReason() {
    MeshClient finance = consumedOrders();
    openSecond();

    Subscription<Map<String, Object>> old =
        copy().majorVersion(1).despiteRollout("The report is frozen until January").commit();

    assertThat(old.major()).isEqualTo(1);
    assertThat(finance.subscriptions())
        .extracting(Subscription.Card::despiteRollout)
        .containsExactly(Optional.of("The report is frozen until January"));
    assertThat(finance.subscriptions().toString()).contains("frozen until January");
    assertThat(finance.events("finance").list())
        .extracting(event -> event.details())
        .filteredOn(SubscriptionRegistration.class::isInstance)
        .extracting(details -> ((SubscriptionRegistration) details).because())
        .containsExactly(Optional.of("The report is frozen until January"));
    assertRefused(
        ErrorCode.INVALID_ARGUMENT, () -> copy().following().majorVersion(1), "following()");
  }

  @Test
  void aTrialComparesBothVersionsAndIsNoUse() {
    defineOrders(Contract.of(Order.class).primaryKey("id").noticePeriod(Period.ofDays(30)));
    MeshClient finance = registerFinance();
    Subscription<Order> first =
        finance.subscribe(ORDERS).named("whole").purpose("All").as(Order.class).commit();
    publishOneByOne(0, 3);
    openSecond(Contract.of(OrderInCents.class).primaryKey("id").noticePeriod(Period.ofDays(30)));
    publishBoth(3, 6);
    assertThat(first.major()).isEqualTo(1);
    State before = state();

    Subscribe.Trial trial =
        finance.subscribe(ORDERS).named("whole").majorVersion(2).as(OrderInCents.class).tryOut();

    assertNothingChanged(before);
    assertThat(trial.hasSameRows()).isTrue();
    assertThat(trial.isLevel()).isTrue();
    assertThat(trial.from()).isEqualTo(1);
    assertThat(trial.to()).isEqualTo(2);
    assertThat(trial.rowsBefore()).isEqualTo(6);
    assertThat(trial.rowsAfter()).isEqualTo(6);
    assertThat(trial.columns())
        .extracting(Subscribe.ColumnDifference::kind, Subscribe.ColumnDifference::before)
        .containsExactly(
            tuple(Subscribe.ColumnDifference.Kind.MISSING, Optional.of("amount")),
            tuple(Subscribe.ColumnDifference.Kind.MISSING, Optional.of("note")),
            tuple(Subscribe.ColumnDifference.Kind.ADDED, Optional.empty()));
    assertThat(trial.sums())
        .containsExactly(
            new Subscribe.SumPair("id", BigDecimal.valueOf(15), BigDecimal.valueOf(15)));
    assertThat(trial.toString()).contains("1 -> 2", "6 -> 6", "amount", "cents", "the same rows");
  }

  @Test
  void aTrialShowsRowsThatOnlyOneVersionHas() {
    defineOrders(Contract.of(Order.class).primaryKey("id").noticePeriod(Period.ofDays(30)));
    MeshClient finance = registerFinance();
    openSecond(Contract.of(OrderInCents.class).primaryKey("id").noticePeriod(Period.ofDays(30)));
    publishBoth(0, 3);
    shop().publish(ORDERS).<Order>records(Order.range(7, 9)).onlyTo(1, "Old").commit();
    publishBoth(10, 11);

    Subscribe.Trial trial =
        finance.subscribe(ORDERS).majorVersion(2).columns("id").where("id > 0").asMaps().tryOut();

    assertThat(trial.hasSameRows()).isFalse();
    assertThat(trial.rowsBefore()).isEqualTo(5);
    assertThat(trial.rowsAfter()).isEqualTo(3);
    assertThat(trial.keys().orElseThrow())
        .isEqualTo(new Subscribe.KeyDifference(List.of("id"), 2, 0, List.of("7", "8"), List.of()));
    assertThat(trial.toString()).contains("7; 8", "result");
    assertThat(finance.subscriptions()).isEmpty();
    assertRefused(
        ErrorCode.READER_INVALID,
        () -> finance.subscribe(ORDERS).majorVersion(2).as(Order.class).tryOut(),
        "amount");
  }

  @Test
  void randomMovesDeliverEachChangeOnce() {
    for (long seed = 1; seed <= 4; seed++) {
      if (seed > 1) {
        reopen(builder -> builder);
      }
      new MovingPolls(this, seed).run();
    }
  }
}
