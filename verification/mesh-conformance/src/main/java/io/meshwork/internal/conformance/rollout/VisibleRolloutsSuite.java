package io.meshwork.internal.conformance.rollout;

import static io.meshwork.internal.conformance.fixture.TrackedRollout.EARLIEST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.meshwork.MeshClient;
import io.meshwork.card.ProductCard;
import io.meshwork.card.ProductCard.Replacement;
import io.meshwork.consume.Subscription;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.NotFoundException;
import io.meshwork.event.MeshEvent;
import io.meshwork.governance.Audit;
import io.meshwork.internal.conformance.fixture.AmendedOrders.Customers;
import io.meshwork.internal.conformance.fixture.RolloutFixture;
import io.meshwork.internal.conformance.fixture.TrackedRollout;
import io.meshwork.notice.Notice;
import io.meshwork.notice.Notice.Kind;
import io.meshwork.product.Principal;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.Rollout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/**
 * Consumers see a rollout and its version from the announcement or the activation on; its owner and
 * stewards see both before.
 */
public abstract class VisibleRolloutsSuite extends RolloutFixture {
  private final TrackedRollout tracked = new TrackedRollout(this);

  private static final Principal STEWARD = Principal.of("audit", "ann");

  @Test
  void aPlannedRolloutIsVisibleToItsOwnerAndToStewardsOnly() {
    MajorRollout planned = tracked.planned();
    shop().governance().appoint(STEWARD).commit();
    MeshClient steward = mesh.clientAs(STEWARD);

    assertHidden(() -> tracked.finance().rollout(ORDERS));
    assertThat(tracked.finance().rollouts()).isEmpty();
    assertThat(majors(tracked.finance())).containsExactly(1);
    assertThat(shop().rollout(ORDERS)).isEqualTo(planned);
    assertThat(shop().rollouts()).containsExactly(planned);
    assertThat(majors(shop())).containsExactly(1, 2);
    assertThat(steward.rollout(ORDERS)).isEqualTo(planned);
    assertThat(majors(steward)).containsExactly(1, 2);

    MajorRollout announced = planned.announce().commit();

    assertThat(tracked.finance().rollout(ORDERS)).isEqualTo(announced);
    assertThat(tracked.finance().rollouts()).containsExactly(announced);
    assertThat(tracked.sales().rollouts())
        .as("reads without a subscription")
        .containsExactly(announced);
    assertThat(majors(tracked.finance())).containsExactly(1, 2);
    assertConflict(
        () -> tracked.finance().read(ORDERS).majorVersion(2).rows(), "is being prepared");
    announced.abort().because("Wrong unit").commit();
    assertThat(tracked.finance().rollout(ORDERS).state()).isEqualTo(Rollout.State.ABORTED);
    MajorRollout second = rollOut(shop()).commit();
    assertThat(tracked.finance().rollout(ORDERS).number()).as("the announced one").isEqualTo(1);
    assertThat(shop().rollout(ORDERS)).isEqualTo(second);
    assertThat(majors(tracked.finance())).doesNotContain(3);
  }

  @Test
  void aRolloutWithoutAnAnnouncementIsVisibleOnceItsVersionIsOpen() {
    MajorRollout planned = tracked.planned();
    assertHidden(() -> tracked.sales().rollout(ORDERS));

    MajorRollout parallel = planned.activate().commit();

    assertThat(tracked.sales().rollout(ORDERS)).isEqualTo(parallel);
    assertThat(tracked.sales().describe(ORDERS).replacements())
        .containsExactly(new Replacement(1, 2, true, REASON, Optional.empty()));
  }

  @Test
  void aRolloutWithoutAnAnnouncementHasNoLastDay() {
    MajorRollout parallel = tracked.planned().activate().commit();
    clock.advance(Duration.ofDays(60));

    ProductCard card = tracked.sales().describe(ORDERS);

    assertThat(card.replacements())
        .extracting(Replacement::until)
        .containsExactly(Optional.empty());
    assertThat(card.toString())
        .contains("major version 2 replaces major version 1, not announced")
        .doesNotContain("after 20");
    parallel.extend(LocalDate.parse("2027-03-01")).commit();
    parallel.announce().commit();
    assertThat(until(tracked.sales())).isEqualTo("2027-03-01");
  }

  @Test
  void aRolloutThatConsumersSawRemainsVisibleAfterItsAbort() {
    MajorRollout parallel = tracked.planned().activate().commit();
    readAll(buyers(2));
    readAll(
        tracked
            .finance()
            .subscribe(ORDERS)
            .name("customers")
            .purpose("Campaigns")
            .majorVersion(1)
            .as(Customers.class)
            .commit());
    clock.advance(Duration.ofDays(1));
    tracked.notified(Kind.ROLLOUT_ABORTED);

    parallel.abort().because("Wrong unit").commit();

    assertThat(tracked.sales().rollout(ORDERS).state()).isEqualTo(Rollout.State.ABORTED);
    assertThat(tracked.finance().rollouts()).extracting(Rollout::number).containsExactly(1);
    assertThat(majors(tracked.sales())).containsExactly(1, 2);
    assertThatThrownBy(() -> tracked.sales().read(ORDERS).majorVersion(2).rows())
        .hasMessageContainingAll("was withdrawn", "Wrong unit");
    List<Notice> sent = tracked.notified(Kind.ROLLOUT_ABORTED);
    assertThat(sent)
        .extracting(each -> each.facts().get("consumer"))
        .as("only this one used version 2")
        .containsExactly("finance/customers");
    assertThat(sent.get(0).text())
        .contains("Wrong unit", "used major version 2", "read major version 1");
  }

  private Subscription<Buyers> buyers(int major) {
    return tracked
        .finance()
        .subscribe(ORDERS)
        .name("customers")
        .purpose("Campaigns")
        .majorVersion(major)
        .as(Buyers.class)
        .commit();
  }

  @Test
  void theVersionOfAPlannedRolloutDoesNotExistForOthers() {
    MajorRollout planned = tracked.planned();

    assertNoVersion(() -> tracked.finance().read(ORDERS).majorVersion(2).rows());
    assertNoVersion(() -> buyers(2));
    assertThatThrownBy(() -> tracked.finance().read(ORDERS).majorVersion(7).rows())
        .hasMessageContaining("it has [1].");
    assertThatThrownBy(() -> shop().read(ORDERS).majorVersion(7).rows())
        .hasMessageContaining("it has [1, 2].");
    assertThat(tracked.finance().access().explain(tracked.finance().principal(), ORDERS).toString())
        .doesNotContain("version 2", "buyer");
    planned.abort().because("Not to be read").commit();
    assertNoVersion(() -> tracked.finance().read(ORDERS).majorVersion(2).rows());
    assertThatThrownBy(() -> shop().rollout(ORDERS).announce().commit())
        .hasMessageContaining("start another rollout");
  }

  @Test
  void rightsComeBeforeTheColumnsOfAPlannedVersion() {
    tracked.planned();
    MeshClient stranger = mesh.clientAs(Principal.of("nowhere", "job"));

    for (MeshClient client : List.of(tracked.sales(), stranger)) {
      for (String column : List.of("cents", "customer", "absent")) {
        assertDenied(
            () ->
                client
                    .grant(ORDERS)
                    .columns(column)
                    .to(Principal.of("finance", "x"))
                    .because("x")
                    .commit());
        assertDenied(
            () ->
                client
                    .grant(ORDERS)
                    .rows(column + " is null")
                    .to(Principal.of("finance", "x"))
                    .because("x")
                    .commit());
        assertDenied(
            () ->
                client
                    .access()
                    .authorize(ORDERS)
                    .columns(column)
                    .executors(Principal.of("finance", "x"))
                    .forAnyConsumer()
                    .because("x")
                    .commit());
      }
    }
  }

  @Test
  void anExecutorNamesColumnsOfVersionsThatItSees() {
    MajorRollout planned = tracked.planned();
    shop()
        .access()
        .authorize(ORDERS)
        .executors(Principal.of("sales", "etl"))
        .forAnyConsumer()
        .because("x")
        .commit();

    assertThatThrownBy(
            () ->
                mesh.clientAs(Principal.of("sales", "etl"))
                    .grant(ORDERS)
                    .columns("cents")
                    .to(Principal.of("finance", "x"))
                    .because("x")
                    .commit())
        .hasMessageContaining("has no columns [cents]")
        .hasMessageNotContaining("buyer");
    planned.announce().commit();
    assertThat(
            mesh.clientAs(Principal.of("sales", "etl"))
                .grant(ORDERS)
                .columns("cents")
                .to(Principal.of("finance", "x"))
                .because("x")
                .commit())
        .hasSize(1);
  }

  @Test
  void aPlanOfARecipientTellsNothingOfAPlannedVersion() {
    MajorRollout planned = tracked.planned();
    shop().grant(ORDERS).toAccounts("finance").withGrantOption().because("All").commit();
    shop().access().closeToMesh(ORDERS).commit();
    Principal analyst = Principal.of("finance", "analyst");

    assertThat(
            tracked
                .finance()
                .grant(ORDERS)
                .to(analyst)
                .because("Reports")
                .plan()
                .gains()
                .toString())
        .contains("id")
        .doesNotContain("cents");
    assertThat(shop().grant(ORDERS).to(analyst).because("Reports").plan().gains().toString())
        .contains("cents");
    planned.announce().commit();
    assertThat(
            tracked
                .finance()
                .grant(ORDERS)
                .to(analyst)
                .because("Reports")
                .plan()
                .gains()
                .toString())
        .contains("cents");
  }

  @Test
  void theLogOfTheMeshShowsTheFirstRolloutToStewardsAndWhoStartedIt() {
    MeshClient shop = shopWithRows();
    registerFinance();
    shop.governance().appoint(STEWARD).commit();
    MeshClient steward = mesh.clientAs(STEWARD);
    List<MeshEvent> before = tracked.finance().events("_mesh").list();
    rollOut(shop).withoutHistory().commit();
    assumeTrue(
        steward.events("_mesh").list().size() > before.size(),
        "where principals are authenticated, the mesh has the feature from its creation");

    for (MeshClient other :
        List.of(
            tracked.finance(), as("nowhere"), mesh.clientAs(Principal.of("commerce", "other")))) {
      assertThat(other.events("_mesh").list()).isEqualTo(before);
      assertThat(changesOfFormat(other)).isEmpty();
    }
    assertThat(changesOfFormat(shop)).hasSize(1);
    assertThat(changesOfFormat(steward)).hasSize(1);
    assertThat(steward.events("_mesh").list())
        .extracting(MeshEvent::type)
        .endsWith(MeshEvent.Type.MESH_FORMAT_CHANGED);
    tracked.registerSales();
    assertThat(tracked.finance().events("_mesh").after(before.size()).limit(1).list())
        .as("the page after the hidden entry")
        .extracting(MeshEvent::type)
        .containsExactly(MeshEvent.Type.DOMAIN_REGISTERED);
  }

  private static List<String> changesOfFormat(MeshClient client) {
    StringBuilder exported = new StringBuilder();
    Audit audit = client.governance().audit();
    try {
      audit.exportTo(exported);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> listed =
        audit.list().stream()
            .map(Audit.Entry::action)
            .filter(MeshEvent.Type.MESH_FORMAT_CHANGED.text()::equals)
            .toList();
    assertThat(exported.toString().contains(MeshEvent.Type.MESH_FORMAT_CHANGED.text()))
        .as("the export agrees with the list")
        .isEqualTo(!listed.isEmpty());
    return listed;
  }

  @Test
  void aPlannedVersionCannotBeTried() {
    tracked.planned();

    assertNoVersion(() -> tracked.finance().subscribe(ORDERS).majorVersion(2).plan());
  }

  @Test
  void aTrialOfASubscriptionHidesAPlannedVersionThoughReadsAreSuspended() {
    tracked.planned();
    tracked.finance().subscribe(ORDERS).name("own").purpose("Bills").commit();
    assertNoVersion(() -> tracked.finance().subscribe(ORDERS).name("own").majorVersion(2).plan());

    shop().governance().suspendReads(ORDERS).because("Wrong sums").commit();

    assertNoVersion(() -> tracked.finance().subscribe(ORDERS).name("own").majorVersion(2).plan());
    assertThatThrownBy(() -> tracked.finance().subscribe(ORDERS).name("own").majorVersion(7).plan())
        .hasMessageContaining("has no major version 7; it has [1].");
  }

  @Test
  void aTrialWithoutAVersionDoesNotTellOfAPlannedOne() {
    registerShop();
    shop().defineProduct(ORDERS).contract(OLD).openToMesh().commit();
    registerFinance();
    String before = refusal(() -> tracked.finance().subscribe(ORDERS).plan());

    rollOut(shop()).commit();

    assertThat(refusal(() -> tracked.finance().subscribe(ORDERS).plan())).isEqualTo(before);
  }

  private static String refusal(ThrowingCallable call) {
    return String.valueOf(catchThrowable(call).getMessage());
  }

  private static void assertDenied(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageNotContainingAny("cents", "buyer");
  }

  private static void assertNoVersion(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("has no major version 2; it has [1].")
        .hasMessageNotContainingAny("prepared", "Not to be read", REASON);
  }

  @Test
  void aRequestNamesTheColumnsOfVisibleVersionsOnly() {
    String product = "commerce/closed";
    shopWithRows().defineProduct(product).contract(OLD).commit();
    registerFinance();
    MajorRollout planned =
        shop()
            .startRollout(product)
            .contract(NEXT)
            .renameColumn("customer", "buyer")
            .because(REASON)
            .commit();

    for (String column : List.of("buyer", "cents", "nope")) {
      assertThatThrownBy(
              () ->
                  tracked
                      .finance()
                      .requests()
                      .requestAccess(product)
                      .columns(column)
                      .purpose("x")
                      .commit())
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("it has [id, customer, amount, note]");
    }
    assertThatThrownBy(
            () ->
                tracked
                    .finance()
                    .requests()
                    .requestAccess(product)
                    .rows("buyer = 'Ann'")
                    .purpose("x")
                    .commit())
        .isInstanceOf(InvalidRequestException.class);
    assertThat(
            tracked
                .finance()
                .requests()
                .requestAccess(product)
                .columns("customer")
                .purpose("x")
                .commit()
                .columns())
        .containsExactly("customer");
    planned.announce().commit();
    assertThat(
            tracked
                .finance()
                .requests()
                .requestAccess(product)
                .columns("cents")
                .purpose("x")
                .commit()
                .columns())
        .contains("cents");
  }

  private static void assertHidden(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(NotFoundException.class)
        .hasMessageContainingAll(
            "none that you see", "once it is announced or its version is open");
  }

  private static List<Integer> majors(MeshClient client) {
    return client.describe(ORDERS).versions().stream()
        .map(version -> version.version().major())
        .toList();
  }

  @Test
  void theCardShowsAReplacementWithTheDateOfTheCaller() {
    MajorRollout planned = tracked.planned();
    assertThat(shop().describe(ORDERS).replacements()).as("not announced").isEmpty();

    planned.announce().commit();

    ProductCard card = tracked.finance().describe(ORDERS);
    assertThat(card.replacements())
        .containsExactly(new Replacement(1, 2, false, REASON, Optional.of(EARLIEST)));
    assertThat(card.toString())
        .contains("major version 2 replaces major version 1 after 2026-12-20");
    LocalDate later = EARLIEST.plusDays(20);
    tracked.track(shop(), "finance/ids").offer(later).commit();
    assertThat(until(tracked.finance())).isEqualTo(later);
    assertThat(until(tracked.sales())).isEqualTo(EARLIEST);
    assertThat(until(shop())).isEqualTo(later);

    MajorRollout parallel = planned.activate().commit();
    assertThat(tracked.finance().describe(ORDERS).replacements())
        .extracting(Replacement::readable)
        .containsExactly(true);
    parallel.close().commit();
    assertThat(until(tracked.sales())).isEqualTo(EARLIEST);
    shop().rollout(ORDERS).abort().because("Wrong unit").commit();
    assertThat(tracked.finance().describe(ORDERS).replacements()).isEmpty();
  }

  private static LocalDate until(MeshClient client) {
    return client.describe(ORDERS).replacements().get(0).until().orElseThrow();
  }
}
