package io.meshwork.internal.conformance.rollout;

import static io.meshwork.internal.conformance.fixture.AmendedOrders.FIRST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ContractViolationException;
import io.meshwork.internal.conformance.TestSample;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.OrderInCents;
import io.meshwork.internal.conformance.fixture.RetirementFixture;
import io.meshwork.product.Principal;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.MajorRollout.BackFill;
import io.meshwork.rollout.Rollout;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A back-fill gives a restored major version the rows that were published since its retirement. */
public abstract class RestoredBackFillsSuite extends RetirementFixture {
  private static final Principal STEWARD = Principal.of("platform", "etl");

  private Subscription<Map<String, Object>> copyOf(int major) {
    return as("finance")
        .subscribe(ORDERS)
        .name("copy")
        .purpose("A copy")
        .majorVersion(major)
        .columns("id", "customer")
        .asMaps()
        .commit();
  }

  /** Three orders in both major versions, of which the old one is retired under its consumer. */
  final PolledCopy retiredUnderAConsumer() {
    prepared();
    registerFinance();
    PolledCopy copy = new PolledCopy(copyOf(1)).poll();
    copy.assertHas(0, 0L, 1L, 2L);
    opened();
    announced(ORDERS);
    MajorRollout closed = rollout().close().commit();
    afterTheNotice();
    copy.poll();
    shop().governance().appoint(STEWARD).commit();
    closed.retireByForce().because("Cost").commit();
    MeshClient steward = mesh.clientAs(STEWARD);
    steward.governance().approve(steward.governance().pending(ORDERS).get(0)).commit();
    assertThat(rollout().retireByForce().because("Cost").commit().state())
        .isEqualTo(Rollout.State.RETIRED);
    return copy;
  }

  final MajorRollout restored() {
    MajorRollout restored = rollout().restore().because("A report still needs it").commit();
    assertThat(restored.newOnlySince()).isPresent();
    return restored;
  }

  final BackFill backFill() {
    return rollout().backFill(OrderInCents.class, OrderInCents::toOrder);
  }

  final void replaceNew(long id) {
    shop()
        .publish(ORDERS)
        .records(List.of(OrderInCents.of(Order.of(id))))
        .replaceWhere("id = " + id)
        .commit();
  }

  final void erase(long id) {
    shop().erase(ORDERS).where("id = " + id).because("They asked.").commit();
  }

  /** Erases a row that only the new version may have, although rows were mapped. */
  final void eraseFromEach(long id) {
    String filter = "id = " + id;
    shop().erase(ORDERS).where(filter).where(1, filter).because("They asked.").commit();
  }

  final void compact() {
    mesh.maintain().compactAtLeast(2).commit();
  }

  private void assertLevel(MajorRollout rollout, long... ids) {
    assertThat(rollout.newOnlySince()).isEmpty();
    assertThat(rollout().newOnlySince()).isEmpty();
    assertThat(old().stream().mapToLong(Order::id)).containsExactlyInAnyOrder(box(ids));
    assertThat(rollout().verify(1, Order.class, OrderInCents::of).commit().isEqual()).isTrue();
    assertWhole();
  }

  private static Long[] box(long... ids) {
    return Arrays.stream(ids).boxed().toArray(Long[]::new);
  }

  @Test
  void theMissingRowsAreAddedAndEachPublishWritesBothAgain() {
    PolledCopy copy = retiredUnderAConsumer();
    publishNew(3, 5);
    restored();
    copy.poll().assertHas(0, 0L, 1L, 2L);
    publishNew(5, 6);

    MajorRollout level = backFill().commit();

    assertLevel(level, 0, 1, 2, 3, 4, 5);
    assertThat(level.state()).isEqualTo(Rollout.State.CLOSING);
    assertThat(old()).as("rows that were there before").contains(Order.of(1), Order.of(2));
    copy.poll().assertHas(0, 0L, 1L, 2L, 3L, 4L, 5L);
    publishBoth(6, 8);
    shop()
        .publish(ORDERS)
        .majorVersion(1)
        .<Order>records(Order.range(4, 5))
        .alsoTo(2, OrderInCents::of)
        .replaceWhere("id = 4")
        .commit();
    assertLevel(rollout(), 0, 1, 2, 3, 4, 5, 6, 7);
    copy.poll().assertHas(0, 0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L);
    assertLevel(backFill().commit(), 0, 1, 2, 3, 4, 5, 6, 7);
  }

  @Test
  void aSubscriptionToARetiredMajorVersionIsShownWithoutAccess() {
    retiredUnderAConsumer();
    publishNew(3, 4);

    assertThat(as("finance").subscriptions())
        .singleElement()
        .satisfies(
            card -> {
              assertThat(card.state()).isEqualTo(Subscription.State.WITHOUT_ACCESS);
              assertThat(card.toString()).contains("its major version is RETIRED");
            });
    restored();
    assertThat(as("finance").subscriptions())
        .extracting(Subscription.Summary::state)
        .containsExactly(Subscription.State.ACTIVE);
  }

  @Test
  void rowsThatWereReplacedSinceAreReplacedInOneReset() {
    PolledCopy copy = retiredUnderAConsumer();
    publishNew(3, 5);
    replaceNew(1);
    shop()
        .publish(ORDERS)
        .records(List.of(new OrderInCents(9, "Zoe", 1)))
        .replaceWhere("id = 2 or id = 9")
        .commit();
    restored();

    assertLevel(backFill().commit(), 0, 1, 3, 4, 9);

    copy.poll().assertHas(1, 0L, 1L, 3L, 4L, 9L);
    publishBoth(10, 11);
    copy.poll().assertHas(1, 0L, 1L, 3L, 4L, 9L, 10L);
    assertLevel(rollout(), 0, 1, 3, 4, 9, 10);
  }

  @Test
  void erasedRowsAndMergedFilesNeedNoReset() {
    PolledCopy copy = retiredUnderAConsumer();
    erase(1);
    compact();
    publishNew(3, 4);
    restored();
    publishNew(4, 5);
    erase(0);

    assertLevel(backFill().commit(), 2, 3, 4);

    copy.poll().assertHas(0, 2L, 3L, 4L);
  }

  @Test
  void filesThatMergeOldAndMissingRowsAreReplacedInOneReset() {
    PolledCopy copy = retiredUnderAConsumer();
    publishNew(3, 4);
    publishNew(4, 5);
    compact();
    restored();

    assertLevel(backFill().commit(), 0, 1, 2, 3, 4);

    copy.poll().assertHas(1, 0L, 1L, 2L, 3L, 4L);
  }

  @Test
  void rowsThatWerePublishedToTheOldMajorVersionAloneAreNotThereTwice() {
    PolledCopy copy = retiredUnderAConsumer();
    publishNew(3, 5);
    restored();
    shop()
        .publish(ORDERS)
        .records(Order.range(3, 4))
        .onlyMajorVersion(1)
        .because("A part of what it lacks")
        .majorVersion(1)
        .commit();
    copy.poll();

    assertLevel(backFill().commit(), 0, 1, 2, 3, 4);

    copy.poll().assertHas(1, 0L, 1L, 2L, 3L, 4L);
  }

  @Test
  void jobsPublishToTheNewMajorVersionMeanwhile() {
    PolledCopy copy = retiredUnderAConsumer();
    publishNew(3, 5);
    restored();
    int[] step = {0};

    MajorRollout level =
        backFill()
            .onProgress(
                (phase, done, total) -> {
                  clock.advance(Duration.ofSeconds(2));
                  copy.poll();
                  if (step[0] < 4) {
                    publishNew(10 + step[0], 11 + step[0]);
                  }
                  switch (step[0]++) {
                    case 1 -> eraseFromEach(3);
                    case 2 -> replaceNew(4);
                    case 3 -> eraseFromEach(10);
                    default -> {}
                  }
                })
            .commit();

    assertThat(step[0]).isGreaterThan(3);
    assertLevel(level, 0, 1, 2, 4, 11, 12, 13);
    copy.poll();
    assertThat(copy.ids).containsExactly(0L, 1L, 2L, 4L, 11L, 12L, 13L);
    assertThat(copy.resets()).isLessThanOrEqualTo(2);
  }

  @Test
  void anInterruptedBackFillContinuesWhereItStopped() {
    PolledCopy copy = retiredUnderAConsumer();
    for (long id = 3; id < 28; id++) {
      publishNew(id, id + 1);
    }
    restored();

    MajorRollout stopped =
        backFill()
            .timeout(Duration.ofMinutes(1))
            .onProgress((phase, done, total) -> clock.advance(Duration.ofMinutes(2)))
            .commit();

    assertThat(stopped.newOnlySince()).isPresent();
    assertThat(old()).hasSize(23);
    copy.poll();
    assertThat(copy.ids).hasSize(23);
    assertThat(backFill().commit().newOnlySince()).isEmpty();
    assertThat(old()).hasSize(28).doesNotHaveDuplicates();
    copy.poll();
    assertThat(copy.ids).hasSize(28);
    assertThat(copy.resets()).isZero();
    assertWhole();
  }

  @Test
  void theSpeedOfABackFillIsLimited() {
    retired();
    publishNew(3, 8);
    restored();
    Instant before = clock.instant();

    backFill().rowsPerSecond(1).commit();

    assertThat(Duration.between(before, clock.instant()))
        .isGreaterThanOrEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void rowsThatTheOldContractDoesNotAllowEndTheBackFill() {
    retired();
    publishNew(3, 5);
    MajorRollout restored = restored();
    State before = state();

    assertThatThrownBy(() -> restored.backFill(OrderInCents.class, order -> (Order) null).commit())
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContainingAll("2 rows of major version 2", "major version 1", "lacks rows");
    assertNothingChanged(before);

    assertLevel(backFill().commit(), 0, 1, 2, 3, 4);
  }

  @Test
  void rowsThatBreakARuleOfTheOldTableEndTheBackFill() {
    MeshClient shop =
        defineOrders(
            FIRST
                .noticePeriod(Period.ofDays(30))
                .require(Rule.unique("customer").scope(Rule.Scope.TABLE).id("one")));
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    shop.startRollout(ORDERS).contract(SECOND).because(REASON).commit();
    shop.rollout(ORDERS).backFill(Order.class, OrderInCents::of).commit();
    opened();
    announced(ORDERS);
    rollout().close().commit().retire().commit();
    publishNew(7, 8);
    restored();

    assertThatThrownBy(() -> backFill().commit())
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContainingAll("rule one", "major version 1");
    assertThat(old()).hasSize(3);
    eraseFromEach(7);
    assertLevel(backFill().commit(), 0, 1, 2);
  }

  @Test
  void rowsThatOnlyTheNewMajorVersionHasAreLeftOut() {
    MeshClient shop = defineOrders(FIRST.noticePeriod(Period.ofDays(30)));
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    registerFinance();
    new PolledCopy(copyOf(1)).poll().assertHas(0, 0L, 1L, 2L);
    shop.startRollout(ORDERS)
        .contract(SECOND)
        .excludeRows("customer = 'Zoe'")
        .because(REASON)
        .commit();
    shop.rollout(ORDERS).backFill(Order.class, OrderInCents::of).commit();
    opened();
    PolledCopy newer = new PolledCopy(copyOf(2)).poll();
    announced(ORDERS);
    rollout().close().commit().retire().commit();
    shop.publish(ORDERS)
        .records(List.of(new OrderInCents(3, "Zoe", 1), new OrderInCents(4, "Ann", 2)))
        .commit();
    newer.poll().assertHas(0, 3L, 4L);
    restored();

    assertLevel(backFill().commit(), 0, 1, 2, 4);
    assertThat(current()).hasSize(5);
    new PolledCopy(copyOf(1)).poll().assertHas(1, 0L, 1L, 2L, 4L);
  }

  @Test
  void rowsThatTheNewMajorVersionNeverHadAreNotReplaced() {
    MeshClient shop = defineOrders(FIRST.noticePeriod(Period.ofDays(30)));
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    shop.startRollout(ORDERS)
        .contract(SECOND.onViolation(OnViolation.QUARANTINE).maxQuarantineShare(90))
        .withoutHistory()
        .because(REASON)
        .commit();
    opened();
    announced(ORDERS);
    publishBoth(3, 4);
    rollout().close().commit().retire().commit();
    publishNew(4, 6);
    restored();

    MajorRollout level = backFill().commit();

    assertThat(level.newOnlySince()).isEmpty();
    assertThat(old()).extracting(Order::id).containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L, 5L);
    rollout().retire().commit();
    replaceNew(4);
    restored();
    assertThatThrownBy(() -> backFill().commit())
        .isInstanceOf(ConflictException.class)
        .hasMessageContainingAll("never had", "onlyMajorVersion(1");
    assertThat(old()).hasSize(6);
    assertWhole();
  }

  @Test
  void rowsAreAddedIfTheNewMajorVersionHadNoneAtTheRetirement() {
    MeshClient shop = defineOrders(FIRST.noticePeriod(Period.ofDays(30)));
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    shop.startRollout(ORDERS).contract(SECOND).withoutHistory().because(REASON).commit();
    opened();
    announced(ORDERS);
    rollout().close().commit().retire().commit();
    publishNew(3, 5);
    restored();

    MajorRollout level = backFill().commit();

    assertThat(level.newOnlySince()).isEmpty();
    assertThat(old()).extracting(Order::id).containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L);
    assertWhole();
  }

  @Test
  void anErasedRowOfARestoredMajorVersionIsNotTakenForARejectedOne() {
    MeshClient shop = defineOrders(FIRST.noticePeriod(Period.ofDays(30)));
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    shop.startRollout(ORDERS)
        .contract(
            SECOND
                .require(Rule.atLeast("id", 1))
                .onViolation(OnViolation.QUARANTINE)
                .maxQuarantineShare(90))
        .because(REASON)
        .commit();
    rollout().backFill(Order.class, OrderInCents::of).commit();
    rollout().activateWithout(1).because("A test order").commit();
    announced(ORDERS);
    rollout().close().commit().retire().commit();
    publishNew(3, 4);
    restored();
    shop.publish(ORDERS)
        .records(List.of(OrderInCents.of(Order.of(4))))
        .replaceWhere("id = 1 OR id = 4")
        .commit();
    shop.publish(ORDERS)
        .majorVersion(1)
        .records(Order.range(4, 5))
        .onlyMajorVersion(1)
        .because("A late job")
        .commit();

    shop.erase(ORDERS)
        .majorVersion(1)
        .where("id = 1")
        .because("They asked.")
        .where(2, "id = 1")
        .commit();

    assertThatThrownBy(() -> backFill().commit())
        .isInstanceOf(ConflictException.class)
        .hasMessageContainingAll("never had", "onlyMajorVersion(1");
    assertThat(old()).extracting(Order::id).containsExactlyInAnyOrder(0L, 2L, 4L);
    assertWhole();
  }

  @Test
  void aConsumerThatReturnsGetsNoRowTwice() {
    prepared();
    registerFinance();
    new PolledCopy(copyOf(1)).poll();
    opened();
    announced(ORDERS);
    PolledCopy copy = new PolledCopy(copyOf(2)).poll();
    as("finance").rollout(ORDERS).track("copy").moved().because("Deployed").commit();
    rollout().close().commit().retire().commit();
    publishNew(3, 5);
    copy.poll();
    restored();
    publishNew(5, 6);

    PolledCopy returned = new PolledCopy(copyOf(1));
    returned.ids.addAll(copy.ids);
    returned.poll();
    backFill().commit();

    returned.poll();
    assertThat(returned.ids).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
    assertThat(returned.resets()).isEqualTo(1);
    PolledCopy moved = new PolledCopy(copyOf(2));
    moved.ids.addAll(returned.ids);
    publishBoth(6, 7);
    moved.poll().assertHas(0, 0L, 1L, 2L, 3L, 4L, 5L, 6L);
    assertWhole();
  }

  @Test
  void aMajorVersionThatWasRetiredAgainGetsAllRowsSinceTheFirstRetirement() {
    retired();
    publishNew(3, 4);
    restored();
    rollout().retire().commit();
    publishNew(4, 5);
    restored();
    assertLevel(backFill().commit(), 0, 1, 2, 3, 4);
    rollout().retire().commit();
    publishNew(5, 6);
    restored();

    assertLevel(backFill().commit(), 0, 1, 2, 3, 4, 5);
  }

  @Test
  void onlyTheOwnerFillsARestoredMajorVersion() {
    retired();
    publishNew(3, 4);
    restored();
    MeshClient finance = registerFinance();

    assertThatThrownBy(
            () ->
                finance
                    .rollout(ORDERS)
                    .backFill(OrderInCents.class, OrderInCents::toOrder)
                    .commit())
        .hasMessageContaining("finance/etl");
    assertThat(old()).hasSize(3);
  }

  /** Any order of changes, interruptions, and polls ends with the same rows in all copies. */
  @Test
  void randomChangesBeforeAndDuringABackFillAreNeitherLostNorDoubled() {
    boolean again = false;
    for (long seed : TestSample.seeds(6)) {
      if (again) {
        reopen(builder -> builder);
      }
      new RandomRestoration(this, seed).run();
      again = true;
    }
  }
}
