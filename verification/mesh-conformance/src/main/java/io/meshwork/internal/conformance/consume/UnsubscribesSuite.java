package io.meshwork.internal.conformance.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.change.ContractPlan;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.consume.Subscription.Position;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.FindingCode;
import io.meshwork.error.NotFoundException;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.HoldEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.RolloutFixture;
import io.meshwork.internal.conformance.fixture.ScriptedRegistry;
import io.meshwork.internal.conformance.fixture.TrackedRollout;
import io.meshwork.internal.event.EventDetails.SubscriptionEnd;
import io.meshwork.internal.event.EventDetailsCodec;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.operation.Plan;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Transaction;
import io.meshwork.rollout.Rollout.Track;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** A subscription ends for all its processes, by its domain or, if dormant, by the owner. */
public abstract class UnsubscribesSuite extends SubscriberFixture {
  private static void assertEnded(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            NotFoundException.class,
            ended -> assertThat(ended.errorCode()).isEqualTo(ErrorCode.SUBSCRIPTION_ENDED))
        .hasMessageContainingAll("'totals'", "finance", "subscribe(\"" + ORDERS + "\")");
  }

  private List<String> notesOf(String name) {
    return registry.documents().keySet().stream()
        .map(Key::sort)
        .filter(sort -> sort.contains("commerce.orders/" + name))
        .filter(sort -> !sort.startsWith("subscription"))
        .toList();
  }

  @Test
  void anEndedSubscriptionIsRemovedAndBlocksNoAmendment() {
    MeshClient shop = shopWithOrders();
    MeshClient finance = registerFinance();
    Subscription<Order> totals = totals(finance);
    readNext(totals);
    Batch<Order> open = handedOut(totals);
    assertThatThrownBy(() -> shop.amendContract(ORDERS, WEEKLY).commit())
        .hasMessageContainingAll("finance/totals", "ACTIVE", "last used");
    Plan<Optional<Subscription.Summary>> plan =
        mesh.clientAs(READER).unsubscribe(ORDERS, "totals").plan();
    assertThat(plan.steps()).hasSize(1);
    assertThat(plan.toString()).contains("finance/totals", ORDERS);

    Subscription.Summary ended = plan.commit().orElseThrow();

    assertThat(ended.name()).isEqualTo("totals");
    assertThat(ended.position().map(Position::sequence)).contains(1L);
    assertThat(notesOf("totals")).isEmpty();
    assertThat(finance.subscriptions()).isEmpty();
    assertThat(shop.subscriptions(ORDERS)).isEmpty();
    assertEnded(totals::poll);
    assertEnded(totals::position);
    assertEnded(totals::rows);
    assertEnded(totals::freshness);
    assertEnded(() -> totals.awaitComplete(clock.instant(), Duration.ofMinutes(1)));
    assertEnded(() -> totals.seekToStart().commit());
    assertEnded(open::ack);
    assertEnded(
        () -> {
          try (Rows<Order> rows = totals.read().rows()) {
            rows.forEach(order -> {});
          }
        });
    open.close();
    assertThat(notesOf("totals")).as("no notes remain").isEmpty();
    assertThat(shop.amendContract(ORDERS, WEEKLY).plan().consumers()).isEmpty();
    shop.amendContract(ORDERS, WEEKLY).commit();
    assertWhole();
  }

  @Test
  void theEndOfASubscriptionThatARolloutWaitsForReleasesIt() {
    MeshClient shop = shopWithNoticePeriod();
    MeshClient finance = registerFinance();
    totals(finance);
    Plan<Optional<Subscription.Summary>> early = finance.unsubscribe(ORDERS, "totals").plan();
    RolloutFixture.rollOut(shop).withoutHistory().commit().announce().commit();
    assertThat(shop.rollout(ORDERS).waitingFor())
        .extracting(Track::consumer)
        .containsExactly("finance/totals");
    assertThatThrownBy(early::commit)
        .isInstanceOf(ConflictException.class)
        .hasMessageContainingAll("as planned", "after the plan was made");

    Plan<Optional<Subscription.Summary>> plan = finance.unsubscribe(ORDERS, "totals").plan();

    assertThat(plan.steps()).extracting(Plan.Step::verb).containsExactly("end", "release");
    assertThat(plan.toString())
        .contains("release finance/totals: the rollout of " + ORDERS + " no longer waits for it");
    assertThat(plan.commit().orElseThrow().rolloutDate()).contains(TrackedRollout.EARLIEST);
    assertThat(shop.rollout(ORDERS).waitingFor()).isEmpty();
    assertThat(shop.rollout(ORDERS).track("finance/totals").state())
        .isEqualTo(Track.State.DETACHED);
  }

  private Batch<Order> handedOut(Subscription<Order> subscription) {
    shop().publish(ORDERS).records(Order.range(3, 4)).commit();
    Batch<Order> batch = subscription.poll();
    batch.forEach(order -> {});
    return batch;
  }

  @Test
  void endingAgainChangesNothingAndNamesTheNearest() {
    shopWithOrders();
    MeshClient finance = registerFinance();
    totals(finance);
    finance.unsubscribe(ORDERS, "totals").because("No longer needed").commit();
    finance.subscribe(ORDERS).name("total").purpose("Totals").commit();
    State before = state();

    assertThat(finance.unsubscribe(ORDERS, "totals").commit()).isEmpty();
    Plan<Optional<Subscription.Summary>> plan = finance.unsubscribe(ORDERS, "totals").plan();

    assertThat(plan.isEmpty()).isTrue();
    assertThat(plan.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.code()).isEqualTo(FindingCode.NOTHING_TO_REMOVE);
              assertThat(finding.fix()).contains("'total'");
            });
    assertThat(plan.commit()).isEmpty();
    assertNothingChanged(before);
  }

  @Test
  void aSubscriptionThatNeverExistedIsNotFoundAndTheNearestIsNamed() {
    shopWithOrders();
    MeshClient finance = registerFinance();
    totals(finance);
    State before = state();

    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> finance.unsubscribe(ORDERS, "total").plan(),
            () -> finance.unsubscribe(ORDERS, "total").commit())) {
      assertThatThrownBy(call)
          .isInstanceOfSatisfying(
              NotFoundException.class, absent -> assertThat(absent.nearest()).contains("totals"))
          .hasMessageContainingAll("total from " + ORDERS, "Did you mean 'totals'?");
    }
    assertNothingChanged(before);
  }

  @Test
  void aRecreatedSubscriptionHasOtherBatchIds() {
    shopWithOrders();
    MeshClient finance = registerFinance();
    Subscription<Order> first = totals(finance);
    String firstId = readNext(first);
    Batch<Order> open = handedOut(first);
    finance.unsubscribe(ORDERS, "totals").commit();

    Subscription<Order> second = totals(finance);

    assertThat(second.position().sequence()).as("the position starts over").isZero();
    assertEnded(first::poll);
    assertEnded(open::ack);
    open.close();
    String secondId;
    try (Batch<Order> batch = second.poll()) {
      assertThat(batch.kind())
          .as("the first batch resets earlier rows")
          .isEqualTo(Batch.Kind.RESET);
      assertThat(batch.because().orElseThrow()).contains("was ended before");
      assertThat(batch.stream()).containsExactlyInAnyOrderElementsOf(Order.range(0, 4));
      secondId = batch.id();
      batch.ack();
    }
    assertThat(secondId).isNotEqualTo(open.id()).isNotEqualTo(firstId);
    second.seekToStart().commit();
    try (Batch<Order> batch = second.poll()) {
      assertThat(batch.id()).as("the subscription keeps its batch ID").isEqualTo(secondId);
    }
    Subscription<Order> amended =
        finance.subscribe(ORDERS).name("totals").purpose("All totals").as(Order.class).commit();
    try (Batch<Order> batch = amended.poll()) {
      assertThat(batch.id()).as("an amendment keeps the batch ID").isEqualTo(secondId);
    }

    finance.unsubscribe(ORDERS, "totals").commit();
    finance.subscribe(ORDERS).name("totals").purpose("Totals").as(Order.class).fromStart().commit();
    try (Batch<Order> batch = totals(finance).poll()) {
      assertThat(batch.id()).isNotIn(firstId, secondId);
    }
    assertEnded(second::poll);
    assertWhole();
  }

  @Test
  void unreadBatchesEndWithTheirSubscription() {
    shopWithOrders();
    MeshClient finance = registerFinance();
    Subscription<Order> first = totals(finance);
    readNext(first);
    shop().publish(ORDERS).records(Order.range(3, 4)).commit();
    Batch<Order> unread = first.poll();
    finance.unsubscribe(ORDERS, "totals").commit();
    assertThat(readNext(totals(finance)))
        .as("all rows, including the unread batch")
        .contains("~2/");

    assertEnded(() -> unread.forEach(order -> {}));
    assertEnded(unread::ack);
    unread.close();
    assertWhole();
  }

  @Test
  void anOwnerEndsDormantSubscriptionsAndTheirContactsAreNotified() {
    GrantSummary grant = shopThatGrants();
    MeshClient shop = shop();
    Subscription<Order> totals = totals(mesh.clientAs(READER));
    readNext(totals);
    State before = state();
    assertThatThrownBy(
            () -> shop.unsubscribe(ORDERS, "finance/totals").because("Clean up").commit())
        .isInstanceOfSatisfying(
            ConflictException.class,
            refused -> {
              assertThat(refused.errorCode()).isEqualTo(ErrorCode.STATE_CONFLICT);
              assertThat(refused.retryable()).isFalse();
            })
        .hasMessageContainingAll(
            "finance/totals", "ACTIVE", "last used", "finance@example.org", "unsubscribe(");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop.unsubscribe(ORDERS, "finance/totals").commit(),
        "because");
    assertNothingChanged(before);

    shop.revoke(grant.id()).because("The year is closed").commit();
    Subscription.Summary ended =
        shop.unsubscribe(ORDERS, "finance/totals").because("No reader has access").commit().get();

    assertThat(ended.state()).isEqualTo(Subscription.State.WITHOUT_ACCESS);
    assertThat(ended.where()).isEmpty();
    assertThat(as("finance").subscriptions()).isEmpty();
    assertThatThrownBy(totals::position)
        .isInstanceOf(NotFoundException.class)
        .hasMessageContainingAll("commerce/", "No reader has access");
    MeshEvent event = newestOfFinance();
    assertThat(event.type()).isEqualTo(MeshEvent.Type.SUBSCRIPTION_ENDED);
    assertThat(event.principal()).isEqualTo(shop.principal().toString());
    assertThat(EventDetailsCodec.detailsOf(event))
        .isEqualTo(
            new SubscriptionEnd(
                "finance/totals",
                1,
                "WITHOUT_ACCESS",
                "owner",
                Optional.of("No reader has access")));
    assertWhole();
  }

  private MeshEvent newestOfFinance() {
    List<MeshEvent> events = as("finance").events(consumerLog("finance")).list();
    return events.get(events.size() - 1);
  }

  @Test
  void anAmendmentBlockedByADormantSubscriptionSucceedsOnceItIsEnded() {
    MeshClient shop = shopWithOrders();
    MeshClient finance = registerFinance();
    Subscription<Order> totals = totals(finance);
    clock.advance(Duration.ofDays(400));
    assertThatThrownBy(() -> shop.amendContract(ORDERS, WEEKLY).commit())
        .hasMessageContainingAll("finance/totals", "DORMANT", "never used");
    ContractPlan refused = shop.amendContract(ORDERS, WEEKLY).plan();
    assertThat(refused.findings())
        .filteredOn(finding -> finding.code() == FindingCode.ACTIVE_SUBSCRIPTIONS)
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding.fix())
                    .contains("subscriptions(\"" + ORDERS + "\")", "unsubscribe(\"" + ORDERS));

    shop.unsubscribe(ORDERS, "finance/totals").because("Not used for a year").commit();

    shop.amendContract(ORDERS, WEEKLY).commit();
    assertEnded(totals::poll);
    assertWhole();
  }

  @Test
  void aConcurrentPollKeepsADormantSubscription() {
    MeshClient shop = shopWithOrders();
    Subscription<Order> totals = totals(registerFinance());
    clock.advance(Duration.ofDays(100));
    registry.next(ScriptedRegistry.Fault.REJECTED);
    onceWaiting = () -> readNext(totals);

    assertThatThrownBy(
            () -> shop.unsubscribe(ORDERS, "finance/totals").because("Clean up").commit())
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("ACTIVE");

    assertThat(readNext(totals)).isNotEmpty();
  }

  @Test
  void otherDomainsNeitherEndNorDetectASubscription() {
    shopWithOrders();
    totals(registerFinance());
    as("web").registerDomain("web").owner("web@example.org").commit();
    clock.advance(Duration.ofDays(400));
    State before = state();
    Set<String> messages = new TreeSet<>();
    for (String name : List.of("totals", "absent")) {
      AccessDeniedException refused =
          catchThrowableOfType(
              AccessDeniedException.class,
              () -> as("web").unsubscribe(ORDERS, "finance/" + name).because("Not mine").commit());
      messages.add(String.valueOf(refused.getMessage()).replace(name, ".."));
    }
    assertThat(messages)
        .as("the same message for an existing and a missing subscription")
        .hasSize(1);
    assertThatThrownBy(() -> as("web").unsubscribe(ORDERS, "totals").commit())
        .as("a missing subscription of the same domain")
        .isInstanceOf(NotFoundException.class);
    assertNothingChanged(before);
  }

  @Test
  void aPlannedEndConflictsWithAnAmendmentButNotWithUse() {
    shopWithOrders();
    MeshClient finance = registerFinance();
    Subscription<Order> totals = totals(finance);
    Plan<Optional<Subscription.Summary>> stale = finance.unsubscribe(ORDERS, "totals").plan();
    finance.subscribe(ORDERS).name("totals").purpose("Others").commit();
    assertThatThrownBy(stale::commit)
        .isInstanceOf(ConflictException.class)
        .hasMessageContainingAll(
            "as planned", "after the plan was made", "Nothing was changed", "Make a new plan");

    Plan<Optional<Subscription.Summary>> used = finance.unsubscribe(ORDERS, "totals").plan();
    readNext(totals);
    assertThat(used.commit()).isPresent();
    assertThat(finance.subscriptions()).isEmpty();
  }

  @Test
  void snapshotsRetainedForASubscriptionExpireOnceItIsEnded() {
    MeshClient shop = shopWithOrders();
    MeshClient finance = registerFinance();
    Subscription<Order> totals = totals(finance);
    readNext(totals);
    Key hold = RegistryKeys.hold(consumerLog("finance"), PRODUCT, "one");
    String attempt = IdGenerator.secure(clock).next();
    registry.commit(
        Transaction.attempt(attempt.substring(0, 14) + "8" + attempt.substring(15))
            .insert(
                hold,
                DocumentJson.write(
                    new HoldEntry(
                            PRODUCT,
                            1,
                            totals.position().snapshotId().orElseThrow(),
                            clock.instant(),
                            clock.instant().plus(Duration.ofDays(20)),
                            Optional.of("totals"))
                        .toDocument(Optional.empty())))
            .build());
    for (int i = 0; i < 3; i++) {
      shop.publish(ORDERS).records(Order.range(i, i + 2)).replaceAll().commit();
    }
    clock.advance(Duration.ofDays(2));
    assertThat(mesh.maintain().commit().total(Work.SNAPSHOTS_EXPIRED)).isZero();

    finance.unsubscribe(ORDERS, "totals").commit();

    assertThat(registry.read(hold)).isEmpty();
    clock.advance(Duration.ofDays(2));
    assertThat(mesh.maintain().commit().total(Work.SNAPSHOTS_EXPIRED)).isEqualTo(3);
    assertWhole();
  }
}
