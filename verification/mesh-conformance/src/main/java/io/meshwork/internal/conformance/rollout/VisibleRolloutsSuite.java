package io.meshwork.internal.conformance.rollout;

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
public abstract class VisibleRolloutsSuite extends TrackFixture {
  private static final Principal STEWARD = Principal.of("audit", "ann");

  @Test
  void aPlannedRolloutIsVisibleToItsOwnerAndToStewardsOnly() {
    MajorRollout planned = planned();
    shop().governance().appoint(STEWARD).commit();
    MeshClient steward = mesh.clientAs(STEWARD);

    assertHidden(() -> finance().rollout(ORDERS));
    assertThat(finance().rollouts()).isEmpty();
    assertThat(majors(finance())).containsExactly(1);
    assertThat(shop().rollout(ORDERS)).isEqualTo(planned);
    assertThat(shop().rollouts()).containsExactly(planned);
    assertThat(majors(shop())).containsExactly(1, 2);
    assertThat(steward.rollout(ORDERS)).isEqualTo(planned);
    assertThat(majors(steward)).containsExactly(1, 2);

    MajorRollout announced = planned.announce().commit();

    assertThat(finance().rollout(ORDERS)).isEqualTo(announced);
    assertThat(finance().rollouts()).containsExactly(announced);
    assertThat(sales().rollouts()).as("reads without a subscription").containsExactly(announced);
    assertThat(majors(finance())).containsExactly(1, 2);
    assertConflict(() -> finance().read(ORDERS).majorVersion(2).rows(), "is being prepared");
    announced.abort().because("Wrong unit").commit();
    assertThat(finance().rollout(ORDERS).state()).isEqualTo(Rollout.State.ABORTED);
    MajorRollout second = rollOut(shop()).commit();
    assertThat(finance().rollout(ORDERS).number()).as("the announced one").isEqualTo(1);
    assertThat(shop().rollout(ORDERS)).isEqualTo(second);
    assertThat(majors(finance())).doesNotContain(3);
  }

  @Test
  void aRolloutWithoutAnAnnouncementIsVisibleOnceItsVersionIsOpen() {
    MajorRollout planned = planned();
    assertHidden(() -> sales().rollout(ORDERS));

    MajorRollout parallel = planned.activate().commit();

    assertThat(sales().rollout(ORDERS)).isEqualTo(parallel);
    assertThat(sales().describe(ORDERS).replacements())
        .containsExactly(new Replacement(1, 2, true, REASON, Optional.empty()));
  }

  @Test
  void aRolloutWithoutAnAnnouncementHasNoLastDay() {
    MajorRollout parallel = planned().activate().commit();
    clock.advance(Duration.ofDays(60));

    ProductCard card = sales().describe(ORDERS);

    assertThat(card.replacements())
        .extracting(Replacement::until)
        .containsExactly(Optional.empty());
    assertThat(card.toString())
        .contains("major version 2 replaces major version 1, not announced")
        .doesNotContain("after 20");
    parallel.extend(LocalDate.parse("2027-03-01")).commit();
    parallel.announce().commit();
    assertThat(until(sales())).isEqualTo("2027-03-01");
  }

  @Test
  void aRolloutThatConsumersSawRemainsVisibleAfterItsAbort() {
    MajorRollout parallel = planned().activate().commit();
    readAll(buyers(2));
    readAll(
        finance()
            .subscribe(ORDERS)
            .name("customers")
            .purpose("Campaigns")
            .majorVersion(1)
            .as(Customers.class)
            .commit());
    clock.advance(Duration.ofDays(1));
    notified(Kind.ROLLOUT_ABORTED);

    parallel.abort().because("Wrong unit").commit();

    assertThat(sales().rollout(ORDERS).state()).isEqualTo(Rollout.State.ABORTED);
    assertThat(finance().rollouts()).extracting(Rollout::number).containsExactly(1);
    assertThat(majors(sales())).containsExactly(1, 2);
    assertThatThrownBy(() -> sales().read(ORDERS).majorVersion(2).rows())
        .hasMessageContainingAll("was withdrawn", "Wrong unit");
    List<Notice> sent = notified(Kind.ROLLOUT_ABORTED);
    assertThat(sent)
        .extracting(each -> each.facts().get("consumer"))
        .as("only this one used version 2")
        .containsExactly("finance/customers");
    assertThat(sent.get(0).text())
        .contains("Wrong unit", "used major version 2", "read major version 1");
  }

  private Subscription<Buyers> buyers(int major) {
    return finance()
        .subscribe(ORDERS)
        .name("customers")
        .purpose("Campaigns")
        .majorVersion(major)
        .as(Buyers.class)
        .commit();
  }

  @Test
  void theVersionOfAPlannedRolloutDoesNotExistForOthers() {
    MajorRollout planned = planned();

    assertNoVersion(() -> finance().read(ORDERS).majorVersion(2).rows());
    assertNoVersion(() -> buyers(2));
    assertThatThrownBy(() -> finance().read(ORDERS).majorVersion(7).rows())
        .hasMessageContaining("it has [1].");
    assertThatThrownBy(() -> shop().read(ORDERS).majorVersion(7).rows())
        .hasMessageContaining("it has [1, 2].");
    assertThat(finance().access().explain(finance().principal(), ORDERS).toString())
        .doesNotContain("version 2", "buyer");
    planned.abort().because("Not to be read").commit();
    assertNoVersion(() -> finance().read(ORDERS).majorVersion(2).rows());
    assertThatThrownBy(() -> shop().rollout(ORDERS).announce().commit())
        .hasMessageContaining("start another rollout");
  }

  @Test
  void rightsComeBeforeTheColumnsOfAPlannedVersion() {
    planned();
    MeshClient stranger = mesh.clientAs(Principal.of("nowhere", "job"));

    for (MeshClient client : List.of(sales(), stranger)) {
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
    MajorRollout planned = planned();
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
    MajorRollout planned = planned();
    shop().grant(ORDERS).toAccounts("finance").withGrantOption().because("All").commit();
    Principal analyst = Principal.of("finance", "analyst");

    assertThat(finance().grant(ORDERS).to(analyst).because("Reports").plan().gains().toString())
        .contains("id")
        .doesNotContain("cents");
    assertThat(shop().grant(ORDERS).to(analyst).because("Reports").plan().gains().toString())
        .contains("cents");
    planned.announce().commit();
    assertThat(finance().grant(ORDERS).to(analyst).because("Reports").plan().gains().toString())
        .contains("cents");
  }

  @Test
  void theLogOfTheMeshShowsTheFirstRolloutToStewardsAndWhoStartedIt() {
    MeshClient shop = shopWithRows();
    registerFinance();
    shop.governance().appoint(STEWARD).commit();
    MeshClient steward = mesh.clientAs(STEWARD);
    List<MeshEvent> before = finance().events("_mesh").list();
    rollOut(shop).withoutHistory().commit();
    assumeTrue(
        steward.events("_mesh").list().size() > before.size(),
        "where principals are authenticated, the mesh has the feature from its creation");

    for (MeshClient other :
        List.of(finance(), as("nowhere"), mesh.clientAs(Principal.of("commerce", "other")))) {
      assertThat(other.events("_mesh").list()).isEqualTo(before);
      assertThat(changesOfFormat(other)).isEmpty();
    }
    assertThat(changesOfFormat(shop)).hasSize(1);
    assertThat(changesOfFormat(steward)).hasSize(1);
    assertThat(steward.events("_mesh").list())
        .extracting(MeshEvent::type)
        .endsWith(MeshEvent.Type.MESH_FORMAT_CHANGED);
    registerSales();
    assertThat(finance().events("_mesh").after(before.size()).limit(1).list())
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
    planned();

    assertNoVersion(() -> finance().subscribe(ORDERS).majorVersion(2).plan());
  }

  @Test
  void aTrialOfASubscriptionHidesAPlannedVersionThoughReadsAreSuspended() {
    planned();
    finance().subscribe(ORDERS).name("own").purpose("Bills").commit();
    assertNoVersion(() -> finance().subscribe(ORDERS).name("own").majorVersion(2).plan());

    shop().governance().suspendReads(ORDERS).because("Wrong sums").commit();

    assertNoVersion(() -> finance().subscribe(ORDERS).name("own").majorVersion(2).plan());
    assertThatThrownBy(() -> finance().subscribe(ORDERS).name("own").majorVersion(7).plan())
        .hasMessageContaining("has no major version 7; it has [1].");
  }

  @Test
  void aTrialWithoutAVersionDoesNotTellOfAPlannedOne() {
    registerShop();
    shop().defineProduct(ORDERS).contract(OLD).openToMesh().commit();
    registerFinance();
    String before = refusal(() -> finance().subscribe(ORDERS).plan());

    rollOut(shop()).commit();

    assertThat(refusal(() -> finance().subscribe(ORDERS).plan())).isEqualTo(before);
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
                  finance().requests().requestAccess(product).columns(column).purpose("x").commit())
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("it has [id, customer, amount, note]");
    }
    assertThatThrownBy(
            () ->
                finance()
                    .requests()
                    .requestAccess(product)
                    .rows("buyer = 'Ann'")
                    .purpose("x")
                    .commit())
        .isInstanceOf(InvalidRequestException.class);
    assertThat(
            finance()
                .requests()
                .requestAccess(product)
                .columns("customer")
                .purpose("x")
                .commit()
                .columns())
        .containsExactly("customer");
    planned.announce().commit();
    assertThat(
            finance()
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
    MajorRollout planned = planned();
    assertThat(shop().describe(ORDERS).replacements()).as("not announced").isEmpty();

    planned.announce().commit();

    ProductCard card = finance().describe(ORDERS);
    assertThat(card.replacements())
        .containsExactly(new Replacement(1, 2, false, REASON, Optional.of(EARLIEST)));
    assertThat(card.toString())
        .contains("major version 2 replaces major version 1 after 2026-12-20");
    LocalDate later = EARLIEST.plusDays(20);
    track(shop(), "finance/ids").offer(later).commit();
    assertThat(until(finance())).isEqualTo(later);
    assertThat(until(sales())).isEqualTo(EARLIEST);
    assertThat(until(shop())).isEqualTo(later);

    MajorRollout parallel = planned.activate().commit();
    assertThat(finance().describe(ORDERS).replacements())
        .extracting(Replacement::readable)
        .containsExactly(true);
    parallel.close().commit();
    assertThat(until(sales())).isEqualTo(EARLIEST);
    shop().rollout(ORDERS).abort().because("Wrong unit").commit();
    assertThat(finance().describe(ORDERS).replacements()).isEmpty();
  }

  private static LocalDate until(MeshClient client) {
    return client.describe(ORDERS).replacements().get(0).until().orElseThrow();
  }
}
