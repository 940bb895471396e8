package io.meshwork.internal.conformance.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.MeshClient;
import io.meshwork.card.ProductConsumer.MajorMode;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.error.AlreadyExistsException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.OrderInCents;
import io.meshwork.internal.event.EventDetails.LoggedSubscription;
import io.meshwork.internal.event.EventDetailsCodec;
import io.meshwork.operation.Plan;
import io.meshwork.operation.Plan.Step;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.Rollout;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Readers, publishes, links, and subscriptions that name no major version use the current one. */
public abstract class CurrentVersionsSuite extends MovesFixture {
  /** A row that no contract of the orders has. */
  record OrderId(long id) {}

  @Test
  void aProgramWithTheOldContractDefinesTheProductAsBefore() {
    MeshClient shop = defineOrders();
    publishOneByOne(0, 1);
    openSecond().makeCurrent().commit();
    State before = state();

    shop.defineProduct(ORDERS).contract(Contract.of(Order.class)).openToMesh().commit();
    shop.defineProduct(ORDERS).contract(Contract.of(Order.class)).amendIfDefined().commit();

    assertNothingChanged(before);
    assertThat(
            shop.defineProduct(ORDERS)
                .contract(Contract.of(Order.class))
                .amendIfDefined()
                .plan()
                .steps())
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
    MajorRollout rollout = openSecond();
    Plan<MajorRollout> plan = rollout.makeCurrent().plan();
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
    finance.linkResource(ORDERS).database("shop").name("current").followRollouts().commit();
    finance.linkResource(ORDERS).database("shop").name("pinned").commit();
    Plan<MajorRollout> plan = openSecond().makeCurrent().plan();
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
    MajorRollout planned = shop().startRollout(ORDERS).contract(SECOND).because("Cents").commit();
    assertThatThrownBy(() -> planned.makeCurrent().commit())
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("PLANNED");
    planned.backFill(Order.class, OrderInCents::of).commit().activate().commit();
    planned.makeCurrent().commit();

    planned.abort().because("Wrong").commit();

    assertThat(orders()).hasSize(2);
    publishOneByOne(2, 3);
    assertThatThrownBy(() -> planned.makeCurrent().plan()).isInstanceOf(ConflictException.class);
  }

  @Test
  void aRetryWithoutAVersionFindsItsReceipt() {
    consumedOrders();
    MajorRollout rollout = openSecond();
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
    MajorRollout rollout = openSecond();

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

    Subscription<Map<String, Object>> following = copy().followRollouts().commit();

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
    Subscription<Map<String, Object>> following = copy().followRollouts().commit();
    publishOneByOne(0, 2);
    take(following);
    MajorRollout rollout = openSecond();
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
            Subscription.Summary::major,
            Subscription.Summary::majorMode,
            Subscription.Summary::waitsBecause)
        .containsExactly(tuple(2, MajorMode.FOLLOWING, Optional.empty()));
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
            .name("whole")
            .purpose("All columns")
            .as(Order.class)
            .followRollouts()
            .commit();
    copy().commit();
    MajorRollout rollout = openSecond();
    Plan<MajorRollout> plan = rollout.makeCurrent().plan();
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
        .filteredOn(subscription -> subscription.name().equals("whole"))
        .singleElement()
        .satisfies(
            subscription -> {
              assertThat(subscription.waitsBecause().orElseThrow())
                  .contains("major version 2", "amount");
              assertThat(subscription.toString()).contains("waits").doesNotContain(".;");
            });
    assertThat(
            finance
                .subscribe(ORDERS)
                .name("whole")
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
        copy()
            .majorVersion(1)
            .allowDeprecated()
            .because("The report is frozen until January")
            .commit();

    assertThat(old.major()).isEqualTo(1);
    assertThat(finance.subscriptions())
        .extracting(Subscription.Summary::deprecatedBecause)
        .containsExactly(Optional.of("The report is frozen until January"));
    assertThat(finance.subscriptions().toString()).contains("frozen until January");
    assertThat(finance.events(consumerLog("finance")).list())
        .extracting(event -> EventDetailsCodec.detailsOf(event))
        .filteredOn(LoggedSubscription.class::isInstance)
        .extracting(details -> ((LoggedSubscription) details).because())
        .containsExactly(Optional.of("The report is frozen until January"));
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> copy().followRollouts().majorVersion(1),
        "followRollouts()");
  }
}
