package io.meshwork.internal.conformance.rollout;

import static io.meshwork.internal.conformance.fixture.AmendedOrders.FIRST;
import static io.meshwork.internal.conformance.fixture.AmendedOrders.subscribe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.MeshClient;
import io.meshwork.card.ProductCard;
import io.meshwork.consume.Subscription;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.FindingCode;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.conformance.fixture.AmendedOrders.Customers;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.OrderInCents;
import io.meshwork.internal.conformance.fixture.RetirementFixture;
import io.meshwork.link.ResourceLink;
import io.meshwork.notice.Notice;
import io.meshwork.notice.Notice.Kind;
import io.meshwork.operation.Plan;
import io.meshwork.product.Principal;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.StewardRequest;
import io.meshwork.testkit.Faults.Port;
import io.meshwork.testkit.RecordingNotifier;
import java.time.Duration;
import java.time.Period;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** In an emergency, the owner makes a product unreadable at once, for a limited time. */
public abstract class SuspensionsSuite extends RetirementFixture {
  private static final Principal STEWARD = Principal.of("platform", "etl");

  private static void assertSuspended(ThrowingCallable call, String... words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ConflictException.class,
            refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.READS_SUSPENDED))
        .satisfies(
            refused -> {
              for (String word : words) {
                assertThat(refused).hasMessageContaining(word);
              }
            });
  }

  private static void read(MeshClient consumer, int major) {
    all(consumer.read(ORDERS).majorVersion(major).columns("id").asMaps());
  }

  @Test
  void aSuspendedProductIsReadByItsOwnerAloneAndPublishedAsBefore() {
    prepared();
    MeshClient finance = registerFinance();
    Subscription<Customers> customers = subscribe(finance, "customers", Customers.class);
    opened();
    read(finance, 2);

    StewardRequest suspension =
        shop().governance().suspendReads(ORDERS).because("Prices are wrong").commit();

    assertThat(suspension.majors()).containsExactly(1, 2);
    assertThat(suspension.until()).contains(clock.instant().plus(Duration.ofHours(72)));
    String[] facts = {"Prices are wrong", "2026-11-23", "Nothing was read"};
    assertSuspended(() -> read(finance, 1), facts);
    assertSuspended(() -> read(finance, 2), facts);
    assertSuspended(() -> readAll(customers), facts);
    assertSuspended(customers::poll, facts);
    publishBoth(3, 5);
    assertThat(old()).hasSize(5);
    assertThat(current()).hasSize(5);

    assertThat(shop().governance().resumeReads(ORDERS).commit()).containsExactly(1, 2);

    readAll(customers);
    read(finance, 2);
    assertThat(shop().governance().resumeReads(ORDERS).commit()).isEmpty();
    assertThat(shop().governance().pending(ORDERS)).isEmpty();
    assertWhole();
  }

  @Test
  void aLinkIsNotReadableWhileReadsOfItsVersionAreSuspended() {
    inParallel();
    MeshClient finance = registerFinance();
    MeshClient shop = shop();
    finance.linkResource(ORDERS).database("own").name("one").commit();
    shop.linkResource(ORDERS).database("own").name("one").commit();
    finance.linkDomain("commerce", "whole").commit();
    shop.governance().suspendReads(ORDERS, 1).because("Wrong").commit();

    assertThat(finance.links())
        .extracting(ResourceLink::name, ResourceLink::state, ResourceLink::readable)
        .contains(
            tuple("own.one", ResourceLink.State.VALID, false),
            tuple("whole.orders", ResourceLink.State.VALID, false));
    assertThat(finance.links().get(0).missing())
        .isEqualTo("the end of the suspension of its reads");
    assertThat(shop.links()).extracting(ResourceLink::readable).containsExactly(true);

    shop.governance().resumeReads(ORDERS).commit();
    assertThat(finance.links()).extracting(ResourceLink::readable).containsOnly(true);
  }

  @Test
  void eachConsumerIsNotified() {
    RecordingNotifier notices = new RecordingNotifier();
    reopen(builder -> builder.notifier("test", notices));
    prepared();
    MeshClient finance = registerFinance();
    subscribe(finance, "customers", Customers.class);
    opened();
    read(finance, 2);

    shop().governance().suspendReads(ORDERS).because("Prices are wrong").commit();
    shop().governance().resumeReads(ORDERS).commit();
    mesh.deliverNotices();

    assertThat(notices.all())
        .filteredOn(notice -> notice.kind() == Kind.SUSPENDED)
        .extracting(notice -> notice.facts().get("consumer"), Notice::to)
        .containsExactlyInAnyOrder(
            tuple("finance/customers", "finance@example.org"),
            tuple("finance/@", "finance@example.org"));
    assertThat(notices.all()).filteredOn(notice -> notice.kind() == Kind.RESUMED).hasSize(2);
    assertThat(notices.all())
        .filteredOn(notice -> notice.kind() == Kind.SUSPENDED)
        .allSatisfy(notice -> assertThat(notice.text()).contains("Prices are wrong", "2026-11-23"));
  }

  @Test
  void oneMajorVersionIsSuspendedAlone() {
    inParallel();
    MeshClient finance = registerFinance();

    assertThat(shop().governance().suspendReads(ORDERS, 1).because("Wrong").commit().majors())
        .containsExactly(1);

    assertSuspended(() -> read(finance, 1));
    read(finance, 2);
    assertThatThrownBy(() -> shop().governance().suspendReads(ORDERS, 7).because("Wrong").commit())
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void aSuspensionEndsAfterThreeDaysUnlessAStewardApprovesIt() {
    inParallel();
    MeshClient finance = registerFinance();
    shop().governance().appoint(STEWARD).commit();
    shop().governance().suspendReads(ORDERS).because("Wrong").commit();
    clock.advance(Duration.ofHours(71));
    assertSuspended(() -> read(finance, 1), "when the suspension ends unless a steward");
    clock.advance(Duration.ofHours(1));
    read(finance, 1);

    StewardRequest request =
        shop().governance().suspendReads(ORDERS).because("Wrong again").commit();
    mesh.clientAs(STEWARD).governance().approve(request).commit();
    clock.advance(Duration.ofDays(30));

    assertSuspended(() -> read(finance, 1), "platform/etl approved", "Wrong again");
    assertThat(shop().governance().resumeReads(ORDERS).commit()).containsExactly(1, 2);
    read(finance, 1);
    assertWhole();
  }

  @Test
  void aStewardWhoseAccountLeavesTheOwnDomainForTheApprovalCannotGiveIt() {
    inParallel();
    Principal own = Principal.of("commerce-b", "steward");
    shop().governance().appoint(STEWARD).commit();
    mesh.clientAs(STEWARD).governance().appoint(own).commit();
    shop().registerDomain("commerce").accounts("commerce", "commerce-b").commit();
    StewardRequest request = shop().governance().suspendReads(ORDERS).because("Wrong").commit();
    shop().registerDomain("commerce").accounts("commerce").commit();

    assertThatThrownBy(() -> mesh.clientAs(own).governance().approve(request).commit())
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContaining("after the request");
    assertThat(mesh.clientAs(STEWARD).governance().approve(request).commit().approvedBy())
        .contains(STEWARD);
  }

  @Test
  void anApprovalDoesNotCountAfterTheAccountOfItsStewardJoinedTheOwnDomain() {
    inParallel();
    MeshClient finance = registerFinance();
    Principal own = Principal.of("commerce-b", "steward");
    shop().governance().appoint(own).commit();
    mesh.clientAs(own).governance().appoint(STEWARD).commit();
    StewardRequest request = shop().governance().suspendReads(ORDERS).because("Wrong").commit();
    mesh.clientAs(own).governance().approve(request).commit();
    clock.advance(Duration.ofHours(73));
    assertSuspended(() -> read(finance, 1), "commerce-b/steward approved");

    shop().registerDomain("commerce").accounts("commerce", "commerce-b").commit();
    read(finance, 1);
    shop().registerDomain("commerce").accounts("commerce").commit();
    read(finance, 1);
    assertThat(shop().governance().pending(ORDERS)).containsExactly(request);

    mesh.clientAs(STEWARD).governance().approve(request).commit();
    assertSuspended(() -> read(finance, 1), "platform/etl approved");
  }

  @Test
  void onlyTheOwnerSuspendsAndResumes() {
    inParallel();
    MeshClient finance = registerFinance();
    State before = state();

    assertThatThrownBy(() -> finance.governance().suspendReads(ORDERS).because("No").commit())
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> finance.governance().resumeReads(ORDERS).commit())
        .isInstanceOf(AccessDeniedException.class);
    assertNothingChanged(before);
  }

  @Test
  void aSuspensionHidesTheHistoryFromReaders() {
    inParallel();
    MeshClient finance = registerFinance();

    shop().governance().suspendReads(ORDERS, 2).because("Prices are wrong").commit();

    assertThat(finance.publishHistory(ORDERS).changes()).as("of version 1").hasSize(1);
    shop().governance().suspendReads(ORDERS).because("Prices are wrong").commit();
    assertSuspended(() -> finance.publishHistory(ORDERS).changes(), "Prices are wrong");
    assertSuspended(() -> finance.publishHistory(ORDERS).quality(), "Prices are wrong");
    assertThat(shop().publishHistory(ORDERS).changes()).as("of the owner").isNotEmpty();

    shop().governance().resumeReads(ORDERS).commit();
    assertThat(finance.publishHistory(ORDERS).changes()).hasSize(2);
  }

  @Test
  void whatIsPublishedWhileReadsAreSuspendedIsNotCountedForConsumers() {
    RecordingNotifier notices = new RecordingNotifier();
    reopen(builder -> builder.notifier("test", notices));
    prepared();
    MeshClient finance = registerFinance();
    subscribe(finance, "customers", Customers.class);
    opened();

    shop().governance().suspendReads(ORDERS).because("Prices are wrong").commit();
    publishBoth(3, 5);
    mesh.deliverNotices();

    assertThat(finance.describe(ORDERS).current().orElseThrow().rows()).isEmpty();
    assertThat(finance.describe(ORDERS).quality()).isEmpty();
    assertThat(finance.health(ORDERS).rows()).isEmpty();
    assertThat(notices.all())
        .filteredOn(notice -> notice.kind() == Kind.PUBLISHED)
        .extracting(Notice::facts)
        .last()
        .satisfies(facts -> assertThat(facts).doesNotContainKeys("rowsTotal", "rowsAccepted"));
    assertThat(shop().describe(ORDERS).current().orElseThrow().rows()).hasValue(5);

    shop().governance().resumeReads(ORDERS).commit();
    assertThat(finance.describe(ORDERS).current().orElseThrow().rows()).hasValue(5);
    assertThat(finance.health(ORDERS).rows()).isPresent();
  }

  @Test
  void healthSaysThatReadsAreSuspendedAndWhyToThoseWhoMayRead() {
    prepared();
    MeshClient finance = registerFinance();
    opened();
    assertThat(finance.health(ORDERS).suspension()).isEmpty();

    StewardRequest suspension =
        shop().governance().suspendReads(ORDERS).because("Prices are wrong").commit();
    ProductCard.Suspension shown =
        new ProductCard.Suspension(
            clock.instant(), suspension.until().orElseThrow(), "Prices are wrong");

    for (MeshClient caller : List.of(shop(), finance)) {
      assertThat(caller.health(ORDERS).suspension()).contains(shown);
      assertThat(caller.describe(ORDERS).health().orElseThrow().suspension()).contains(shown);
      assertThat(caller.health().products())
          .singleElement()
          .satisfies(health -> assertThat(health.suspension()).contains(shown));
      assertThat(caller.describeDomain("commerce").products())
          .singleElement()
          .satisfies(health -> assertThat(health.suspension()).contains(shown));
    }
    assertThat(finance.health().products())
        .as("of the mesh for a consumer")
        .singleElement()
        .satisfies(health -> assertThat(health.rows()).isEmpty());
    assertThat(shop().health().products())
        .singleElement()
        .satisfies(health -> assertThat(health.rows()).isPresent());

    shop().governance().resumeReads(ORDERS).commit();
    assertThat(finance.health(ORDERS).suspension()).isEmpty();
  }

  @Test
  void theCardSaysWhichVersionIsSuspended() {
    inParallel();
    MeshClient finance = registerFinance();

    shop().governance().suspendReads(ORDERS, 2).because("Prices are wrong").commit();

    assertThat(finance.describe(ORDERS).suspension()).as("of the current version").isEmpty();
    assertThat(finance.describe(ORDERS).versions())
        .filteredOn(version -> version.suspension().isPresent())
        .extracting(version -> version.version().major())
        .containsExactly(2);
    assertThat(finance.health(ORDERS).suspension()).isEmpty();
  }

  @Test
  void theReasonOfASuspensionIsForThoseWhoMayRead() {
    MeshClient shop = registerShop();
    shop.defineProduct("commerce/secret").contract(FIRST).commit();
    MeshClient finance = registerFinance();
    shop.governance().suspendReads("commerce/secret").because("A dispute with " + CANARY).commit();

    for (ThrowingCallable read :
        List.<ThrowingCallable>of(
            () -> all(finance.read("commerce/secret").asMaps()),
            () -> finance.read("commerce/secret").files(),
            () -> finance.publishHistory("commerce/secret").changes(),
            () -> finance.publishHistory("commerce/secret").quality(),
            () -> finance.subscribe("commerce/secret").name("x").purpose("x").commit())) {
      assertThatThrownBy(read)
          .isInstanceOf(AccessDeniedException.class)
          .hasMessageNotContainingAny(CANARY, "suspended");
    }
  }

  @Test
  void aSuspensionHoldsForAVersionThatOpensLaterAndItsPlanSaysSo() {
    prepared();
    MeshClient finance = registerFinance();
    shop().governance().suspendReads(ORDERS).because("Prices are wrong").commit();

    Plan<MajorRollout> plan = rollout().activate().plan();
    assertThat(plan.findings())
        .filteredOn(finding -> finding.code() == FindingCode.READS_SUSPENDED)
        .singleElement()
        .satisfies(finding -> assertThat(finding.what()).contains("Prices are wrong", "version 2"));
    plan.commit();

    assertSuspended(() -> read(finance, 1), "Prices are wrong");
    assertSuspended(() -> read(finance, 2), "Prices are wrong");
    assertThat(finance.describe(ORDERS).quality()).isEmpty();
    assertThat(shop().governance().resumeReads(ORDERS).commit()).containsExactly(1, 2);
    read(finance, 1);
    read(finance, 2);
    assertWhole();
  }

  @Test
  void aSuspensionHoldsForAVersionWhoseRolloutStartsLater() {
    defineOrders(FIRST.noticePeriod(Period.ofDays(30)))
        .publish(ORDERS)
        .records(Order.range(0, 3))
        .commit();
    MeshClient finance = registerFinance();
    shop().governance().suspendReads(ORDERS).because("Prices are wrong").commit();

    shop().startRollout(ORDERS).contract(SECOND).because(REASON).commit();
    rollout().backFill(Order.class, OrderInCents::of).commit();
    opened();

    assertSuspended(() -> read(finance, 2), "Prices are wrong");
    clock.advance(Duration.ofHours(73));
    read(finance, 2);
    assertWhole();
  }

  @Test
  void aSuspensionHoldsForARestoredVersionAndIsLiftedForARetiredOne() {
    retired();
    MeshClient finance = registerFinance();
    shop().governance().suspendReads(ORDERS).because("Prices are wrong").commit();
    rollout().restore().because("A report").commit();
    assertSuspended(() -> read(finance, 1), "Prices are wrong");
    assertSuspended(() -> read(finance, 2), "Prices are wrong");

    rollout().retire().commit();
    assertThat(shop().governance().resumeReads(ORDERS).commit()).containsExactly(2);
    rollout().restore().because("A report").commit();

    read(finance, 1);
    read(finance, 2);
    assertWhole();
  }

  @Test
  void theSuspensionOfOneVersionHoldsForThoseThatOpenLater() {
    retired();
    MeshClient finance = registerFinance();
    shop().governance().suspendReads(ORDERS, 2).because("Wrong").commit();

    rollout().restore().because("A report").commit();

    assertSuspended(() -> read(finance, 1), "Wrong");
    assertSuspended(() -> read(finance, 2), "Wrong");
  }

  @Test
  void eachSuspensionHasItsRequestWhichNamesItsVersions() {
    inParallel();
    MeshClient finance = registerFinance();
    shop().governance().appoint(STEWARD).commit();

    StewardRequest first = shop().governance().suspendReads(ORDERS, 1).because("Wrong").commit();
    StewardRequest second =
        shop().governance().suspendReads(ORDERS, 2).because("Wrong, too").commit();

    assertThat(mesh.clientAs(STEWARD).governance().pending(ORDERS))
        .containsExactlyInAnyOrder(first, second)
        .extracting(StewardRequest::majors)
        .containsExactlyInAnyOrder(List.of(1), List.of(2));
    mesh.clientAs(STEWARD).governance().approve(first).commit();
    clock.advance(Duration.ofHours(73));
    assertSuspended(() -> read(finance, 1), "platform/etl approved", "Wrong");
    read(finance, 2);
    assertThat(shop().governance().resumeReads(ORDERS).commit()).containsExactly(1, 2);
    read(finance, 1);
    assertWhole();
  }

  @Test
  void anApprovedSuspensionLastsAfterItsReasonIsCorrected() {
    inParallel();
    MeshClient finance = registerFinance();
    shop().governance().appoint(STEWARD).commit();
    StewardRequest first = shop().governance().suspendReads(ORDERS).because("Wrong").commit();
    mesh.clientAs(STEWARD).governance().approve(first).commit();

    StewardRequest corrected =
        shop().governance().suspendReads(ORDERS).because("Prices lack taxes").commit();

    assertSuspended(() -> read(finance, 1), "Prices lack taxes", "platform/etl approved");
    clock.advance(Duration.ofHours(73));
    assertSuspended(() -> read(finance, 1), "platform/etl approved");
    assertThat(shop().governance().pending(ORDERS)).containsExactly(corrected);
    assertThat(shop().governance().resumeReads(ORDERS).commit()).containsExactly(1, 2);
    read(finance, 1);
    assertThat(shop().governance().pending(ORDERS)).isEmpty();
    assertWhole();
  }

  @Test
  void aSuspensionOfTheWholeProductCompletesTheRequestsThatItCovers() {
    inParallel();
    MeshClient finance = registerFinance();
    shop().governance().suspendReads(ORDERS, 1).because("Wrong").commit();
    shop().governance().suspendReads(ORDERS, 2).because("Wrong").commit();

    StewardRequest whole = shop().governance().suspendReads(ORDERS).because("All wrong").commit();

    assertThat(shop().governance().pending(ORDERS)).containsExactly(whole);
    assertSuspended(() -> read(finance, 1), "All wrong");
    assertSuspended(() -> read(finance, 2), "All wrong");
    clock.advance(Duration.ofHours(73));
    read(finance, 1);
    read(finance, 2);
  }

  @Test
  void theCardSaysThatReadsAreSuspendedAndWhyToThoseWhoMayRead() {
    MeshClient shop = registerShop();
    shop.defineProduct("commerce/secret").contract(FIRST).commit();
    MeshClient finance = registerFinance();
    assertThat(finance.describe("commerce/secret").suspension()).isEmpty();

    StewardRequest suspension =
        shop.governance().suspendReads("commerce/secret").because("A dispute").commit();

    assertThat(shop.describe("commerce/secret").suspension())
        .contains(
            new ProductCard.Suspension(
                clock.instant(), suspension.until().orElseThrow(), "A dispute"));
    assertThat(finance.describe("commerce/secret").suspension())
        .contains(
            new ProductCard.Suspension(clock.instant(), suspension.until().orElseThrow(), ""));
    shop.governance().resumeReads("commerce/secret").commit();
    assertThat(shop.describe("commerce/secret").suspension()).isEmpty();
  }

  @Test
  void aPublishIsCommittedAlthoughReadsAreSuspendedMeanwhile() {
    inParallel();
    faults
        .on(Port.REGISTRY_COMMIT)
        .nth(1)
        .meanwhile(() -> shop().governance().suspendReads(ORDERS).because("Wrong").commit());

    publishBoth(3, 5);
    faults.clear();

    assertThat(old()).hasSize(5);
    assertSuspended(() -> read(registerFinance(), 2), "Wrong");
    assertWhole();
  }
}
