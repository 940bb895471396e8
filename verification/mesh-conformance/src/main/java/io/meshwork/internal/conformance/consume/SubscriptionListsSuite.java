package io.meshwork.internal.conformance.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.change.ContractPlan;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscription;
import io.meshwork.consume.Subscription.Position;
import io.meshwork.contract.Contract;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.RolloutFixture;
import io.meshwork.internal.conformance.fixture.TrackedRollout;
import io.meshwork.product.Classification;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.ProductEnd;
import io.meshwork.rollout.TermsAmendment;
import io.meshwork.testkit.Faults.Port;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Owners and consumers list subscriptions with their state and last use. */
public abstract class SubscriptionListsSuite extends SubscriberFixture {
  @Test
  void aDomainListsItsSubscriptionsWithTheirColumnsAndPositions() {
    shopWithOrders();
    MeshClient finance = registerFinance();
    finance
        .subscribe(ORDERS)
        .name("some")
        .purpose("Audit")
        .contact("desk@example.org")
        .columns("id")
        .where("customer = '" + CANARY + "'")
        .commit();
    Subscription<Order> totals = totals(finance);
    Instant used = clock.instant();
    readNext(totals);

    List<Subscription.Summary> subscriptions = mesh.clientAs(READER).subscriptions();

    assertThat(subscriptions)
        .extracting(
            Subscription.Summary::name,
            Subscription.Summary::purpose,
            Subscription.Summary::contact)
        .containsExactly(
            tuple("some", "Audit", "desk@example.org"),
            tuple("totals", "Totals", "finance@example.org"));
    assertThat(subscriptions)
        .extracting(Subscription.Summary::state)
        .containsOnly(Subscription.State.ACTIVE);
    Subscription.Summary some = subscriptions.get(0);
    assertThat(some.domain()).isEqualTo("finance");
    assertThat(some.product()).isEqualTo(PRODUCT);
    assertThat(some.major()).isEqualTo(1);
    assertThat(some.columns()).containsExactly("id");
    assertThat(some.where()).contains("customer = '" + CANARY + "'");
    assertThat(some.lastUsed()).isEmpty();
    assertThat(some.position().map(Position::sequence)).contains(0L);
    Subscription.Summary second = subscriptions.get(1);
    assertThat(second.lastUsed()).contains(used);
    assertThat(second.position()).contains(totals.position());
    assertThat(subscriptions.toString()).contains("never used", "last used").doesNotContain(CANARY);
    assertThat(finance.subscriptions(ORDERS)).isEqualTo(subscriptions);
    assertThat(finance.subscriptions("commerce")).isEqualTo(subscriptions);
  }

  @Test
  void ownersListAllSubscriptionsAndOthersOnlyTheirOwn() {
    MeshClient shop = shopWithOrders();
    MeshClient finance = registerFinance();
    as("web").registerDomain("web").owner("web@example.org").commit();
    readNext(totals(finance));
    finance
        .subscribe(ORDERS)
        .name("some")
        .purpose("Audit")
        .where("customer = '" + CANARY + "'")
        .commit();
    MeshClient web = as("web");
    web.subscribe(ORDERS).name("shown").purpose("Pages").columns("id").commit();

    assertThat(shop.subscriptions()).as("the owner has no subscriptions").isEmpty();
    for (List<Subscription.Summary> subscriptions :
        List.of(shop.subscriptions(ORDERS), shop.subscriptions("commerce"))) {
      assertThat(subscriptions)
          .extracting(Subscription.Summary::domain, Subscription.Summary::name)
          .containsExactly(
              tuple("finance", "some"), tuple("finance", "totals"), tuple("web", "shown"));
      assertThat(subscriptions)
          .allSatisfy(
              subscription -> {
                assertThat(subscription.where()).isEmpty();
                assertThat(subscription.position()).isEmpty();
              });
      assertThat(subscriptions.get(1).lastUsed()).contains(clock.instant());
      assertThat(subscriptions.get(2).columns()).containsExactly("id");
      assertThat(subscriptions.toString()).doesNotContain(CANARY);
    }
    assertThat(web.subscriptions(ORDERS))
        .extracting(Subscription.Summary::name)
        .containsExactly("shown");
    assertThat(web.subscriptions("commerce")).isEqualTo(web.subscriptions());
    assertThatThrownBy(() -> web.subscriptions("commerce/ordres"))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("Did you mean 'commerce/orders'?");
    assertRefused(
        ErrorCode.DOMAIN_MISSING, () -> as("unregistered").subscriptions(ORDERS), "unregistered");
  }

  @Test
  void anUnusedSubscriptionIsDormantAfterNinetyDays() {
    MeshClient shop = shopWithOrders();
    Subscription<Order> totals = totals(registerFinance());
    readNext(totals);
    clock.advance(Duration.ofDays(90).minusMillis(1));
    assertThat(shop.subscriptions(ORDERS).get(0).state()).isEqualTo(Subscription.State.ACTIVE);

    clock.advance(Duration.ofMillis(1));
    assertThat(shop.subscriptions(ORDERS).get(0).state()).isEqualTo(Subscription.State.DORMANT);
    assertThat(shop.amendContract(ORDERS, WEEKLY).plan().consumers())
        .singleElement()
        .satisfies(
            consumer -> {
              assertThat(consumer.isDormant()).isTrue();
              assertThat(consumer.toString()).contains("DORMANT");
            });

    try (Batch<Order> nothing = totals.poll()) {
      assertThat(nothing.isEmpty()).isTrue();
    }
    Subscription.Summary polled = shop.subscriptions(ORDERS).get(0);
    assertThat(polled.state())
        .as("a poll without new rows counts as use")
        .isEqualTo(Subscription.State.ACTIVE);
    assertThat(polled.lastUsed()).contains(clock.instant());
  }

  @Test
  void aPollWithoutReadingRowsCountsAsUse() {
    MeshClient shop = shopWithOrders();
    Subscription<Order> totals = totals(registerFinance());
    for (int day = 0; day < 100; day += 10) {
      clock.advance(Duration.ofDays(10));
      totals.poll().close();
    }

    assertThat(shop.subscriptions(ORDERS))
        .singleElement()
        .satisfies(
            subscription -> {
              assertThat(subscription.state()).isEqualTo(Subscription.State.ACTIVE);
              assertThat(subscription.lastUsed()).contains(clock.instant());
            });
  }

  @Test
  void aSubscriptionWithoutAccessIsMarked() {
    GrantSummary grant = shopThatGrants();
    Subscription<Order> totals = totals(mesh.clientAs(READER));
    assertThat(shop().subscriptions(ORDERS).get(0).state()).isEqualTo(Subscription.State.ACTIVE);

    shop().revoke(grant.id()).because("The year is closed").commit();

    assertThatThrownBy(totals::poll).isInstanceOf(AccessDeniedException.class);
    assertThat(shop().subscriptions(ORDERS))
        .extracting(Subscription.Summary::state)
        .containsExactly(Subscription.State.WITHOUT_ACCESS);
    assertThat(as("finance").subscriptions())
        .extracting(Subscription.Summary::state)
        .containsExactly(Subscription.State.WITHOUT_ACCESS);
  }

  @Test
  void aSubscriptionToAFormerlyOpenProductLosesAccess() {
    MeshClient shop = shopWithOrders();
    totals(registerFinance());
    shop.amendContract(ORDERS)
        .change(current -> current.classification(Classification.CONFIDENTIAL))
        .commit();

    assertThat(shop.subscriptions(ORDERS))
        .extracting(Subscription.Summary::state)
        .containsExactly(Subscription.State.WITHOUT_ACCESS);
    shop.amendContract(ORDERS).change(current -> current.freshWithin(Duration.ofDays(7))).commit();
  }

  @Test
  void aSubscriptionInARolloutIsListedWithItsDate() {
    MeshClient shop = shopWithNoticePeriod();
    MeshClient finance = registerFinance();
    totals(finance);
    finance.subscribe(ORDERS).name("ids").purpose("IDs").columns("id").commit();
    MajorRollout planned = RolloutFixture.rollOut(shop).withoutHistory().commit();
    assertThat(dates(finance)).as("not announced").containsOnly(Optional.empty());

    planned.announce().commit();
    LocalDate later = TrackedRollout.EARLIEST.plusDays(9);
    shop.rollout(ORDERS).track("finance/totals").offer(later).commit();

    assertThat(dates(finance))
        .containsExactly(Optional.of(TrackedRollout.EARLIEST), Optional.of(later));
    assertThat(shop.subscriptions(ORDERS))
        .extracting(
            Subscription.Summary::name,
            listed -> listed.rolloutDate().orElseThrow(),
            Subscription.Summary::toString)
        .satisfiesExactly(
            ids ->
                assertThat(ids.toList().subList(0, 2))
                    .containsExactly("ids", TrackedRollout.EARLIEST),
            totals -> {
              assertThat(totals.toList().get(1))
                  .isEqualTo(shop.rollout(ORDERS).track("finance/totals").date());
              assertThat(totals.toList().get(2).toString())
                  .contains("ACTIVE, its date in the rollout is 2026-12-29, never used");
            });
    shop.rollout(ORDERS).activate().commit();
    finance.subscribe(ORDERS).name("ids").majorVersion(2).columns("id").commit();
    assertThat(dates(finance))
        .as("the first one reads the new major version")
        .containsExactly(Optional.empty(), Optional.of(later));
  }

  @Test
  void aRolloutThatIsAbortedLeavesNoDateInTheList() {
    MeshClient shop = shopWithNoticePeriod();
    MeshClient finance = registerFinance();
    totals(finance);
    MajorRollout announced =
        RolloutFixture.rollOut(shop).withoutHistory().commit().announce().commit();
    assertThat(dates(finance)).containsExactly(Optional.of(TrackedRollout.EARLIEST));

    announced.abort().because("Not needed").commit();

    assertThat(dates(finance)).containsExactly(Optional.empty());
  }

  @Test
  void theDatesOfEndsAndAmendmentsAreListedToo() {
    MeshClient shop = shopWithOrders();
    MeshClient finance = registerFinance();
    totals(finance);
    TermsAmendment amendment =
        shop.amendTerms(ORDERS).contract(WEEKLY).because("Fewer runs").commit().announce().commit();
    assertThat(dates(finance)).containsExactly(Optional.of(amendment.retireAfter()));
    amendment.abort().because("Not needed").commit();
    assertThat(dates(finance)).containsExactly(Optional.empty());

    ProductEnd end = shop.endProduct(ORDERS).because("Unused").commit().announce().commit();

    assertThat(dates(finance)).containsExactly(Optional.of(end.retireAfter()));
  }

  @Test
  void aListReadsNoRolloutOfProductsWithoutOne() {
    MeshClient shop = shopWithOrders();
    MeshClient finance = registerFinance();
    totals(finance);
    long before = rolloutReads();

    assertThat(dates(finance)).containsExactly(Optional.empty());
    assertThat(shop.subscriptions(ORDERS)).hasSize(1);
    assertThat(rolloutReads()).isEqualTo(before);

    shop.endProduct(ORDERS).because("Unused").commit().announce().commit();
    long announced = rolloutReads();
    finance.subscriptions();
    assertThat(rolloutReads()).as("once there is one").isGreaterThan(announced);
  }

  /** The number of calls so far that read rollouts, offers, or answers. */
  private long rolloutReads() {
    return faults
        .trace()
        .lines()
        .filter(line -> line.contains(Port.REGISTRY_READ.name()))
        .filter(
            line -> List.of("/rollout/", "/offer/", "/answer/").stream().anyMatch(line::contains))
        .count();
  }

  private static List<Optional<LocalDate>> dates(MeshClient client) {
    return client.subscriptions().stream().map(Subscription.Summary::rolloutDate).toList();
  }

  @Test
  void anOpenProductListsTheMeshAmongGainsAndLosses() {
    MeshClient shop = registerShop();
    ContractPlan defined =
        shop.defineProduct(ORDERS).contract(Contract.of(Order.class)).openToMesh().plan();
    assertThat(defined.gains())
        .singleElement()
        .satisfies(
            change -> {
              assertThat(change.who()).isEqualTo("the mesh");
              assertThat(change.columns()).contains("id", "amount");
            });
    defineOrders();

    ContractPlan raised =
        shop.amendContract(ORDERS)
            .change(current -> current.classification(Classification.RESTRICTED, "amount"))
            .plan();

    assertThat(raised.gains()).isEmpty();
    assertThat(raised.losses())
        .singleElement()
        .satisfies(
            change -> {
              assertThat(change.who()).isEqualTo("the mesh");
              assertThat(change.columns()).containsExactly("amount");
              assertThat(change.everyRow()).isTrue();
              assertThat(change.because()).contains("open to the mesh");
            });
  }
}
