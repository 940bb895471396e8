package io.meshwork.internal.conformance.rollout;

import static io.meshwork.internal.conformance.fixture.AmendedOrders.subscribe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.FindingCode;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.conformance.fixture.AmendedOrders.Customers;
import io.meshwork.internal.conformance.fixture.AmendedOrders.Ids;
import io.meshwork.internal.conformance.fixture.RetirementFixture;
import io.meshwork.operation.Plan;
import io.meshwork.product.Principal;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.Rollout.Track;
import io.meshwork.rollout.StewardRequest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A steward approves what a product's owner must not do alone. */
public abstract class StewardsSuite extends RetirementFixture {
  private static final Principal STEWARD = Principal.of("platform", "etl");

  private MeshClient steward() {
    return mesh.clientAs(STEWARD);
  }

  /** A closed major version that a subscriber and a reader need, after the notice. */
  private MajorRollout needed() {
    prepared();
    MeshClient finance = registerFinance();
    readAll(subscribe(finance, "late", Customers.class));
    opened();
    announced(ORDERS);
    MajorRollout closed = rollout().close().commit();
    afterTheNotice();
    readAll(subscribe(finance, "late", Customers.class));
    return closed;
  }

  private void appointSteward() {
    shop().governance().appoint(STEWARD).commit();
  }

  @Test
  void theFirstStewardIsAppointedByWhoRegisteredTheFirstDomain() {
    registerShop();
    MeshClient finance = registerFinance();

    assertThatThrownBy(() -> finance.governance().appoint(finance.principal()).commit())
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContaining("did not register the first domain");
    assertThat(shop().governance().appoint(STEWARD).commit()).containsExactly(STEWARD);
    assertThat(finance.governance().stewards()).containsExactly(STEWARD);
  }

  @Test
  void whoRegistersALaterDomainForOthersIsNotTheFounderOfTheMesh() {
    registerShop();
    MeshClient finance = registerFinance();
    finance.registerDomain("empty").accounts("empty").owner("empty@example.org").commit();

    assertThatThrownBy(() -> finance.governance().appoint(finance.principal()).commit())
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContainingAll("did not register the first domain", "commerce/etl");
    assertThat(shop().governance().appoint(STEWARD).commit()).containsExactly(STEWARD);
  }

  @Test
  void afterTheFounderLeftTheFirstDomainItsAdministratorAppointsTheFirstSteward() {
    Principal lead = Principal.of("commerce-b", "lead");
    registerShop().registerDomain("commerce").accounts("commerce", "commerce-b").commit();
    shop().registerDomain("commerce").administrators(lead).commit();
    mesh.clientAs(lead).registerDomain("commerce").accounts("commerce-b").commit();

    assertThatThrownBy(() -> shop().governance().appoint(STEWARD).commit())
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContaining("commerce-b/lead");
    assertThat(mesh.clientAs(lead).governance().appoint(STEWARD).commit()).containsExactly(STEWARD);
  }

  /** The steward's account acts for the owner for a moment, after it approved a request. */
  private void stewardJoinsForAMoment() {
    shop().registerDomain("commerce").accounts("commerce", STEWARD.account()).commit();
    shop().registerDomain("commerce").accounts("commerce").commit();
  }

  @Test
  void anApprovalOfForceIsNotUsedAfterItsStewardJoinedTheOwnDomain() {
    MajorRollout closed = needed();
    appointSteward();
    StewardRequest request = closed.retireByForce().because("Cost").commit().pending().get(0);
    steward().governance().approve(request).commit();
    stewardJoinsForAMoment();

    assertThat(closed.retireByForce().because("Cost").commit().state())
        .isEqualTo(Rollout.State.CLOSING);
    assertThat(rollout().pending()).containsExactly(request);
  }

  @Test
  void aConsumerIsNotDormantAfterTheStewardJoinedTheOwnDomain() {
    MajorRollout closed = needed();
    appointSteward();
    clock.advance(Duration.ofDays(95));
    closed.track("finance/late").dormant().because("No answer").commit();
    steward().governance().approve(rollout().pending().get(0)).commit();
    assertThat(closed.track("finance/late").state()).isEqualTo(Track.State.DORMANT);
    assertThat(mesh.doctor().findings())
        .noneMatch(finding -> finding.code() == FindingCode.APPROVAL_BY_OWNER);

    stewardJoinsForAMoment();
    assertThat(closed.track("finance/late").state()).isNotEqualTo(Track.State.DORMANT);
    assertThat(mesh.doctor().findings())
        .filteredOn(finding -> finding.code() == FindingCode.APPROVAL_BY_OWNER)
        .singleElement()
        .satisfies(finding -> assertThat(finding.what()).contains("DORMANT", STEWARD.toString()));
    assertConflict(() -> closed.retire().commit(), "finance/late still needs");
  }

  @Test
  void laterStewardsAreAppointedAndDismissedByStewards() {
    registerShop();
    MeshClient finance = registerFinance();
    appointSteward();

    assertThatThrownBy(() -> shop().governance().appoint(shop().principal()).commit())
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContaining("not a steward");
    assertThat(steward().governance().appoint(finance.principal()).commit())
        .containsExactly(finance.principal(), STEWARD);
    assertThat(steward().governance().appoint(finance.principal()).commit()).hasSize(2);
    assertThatThrownBy(() -> shop().governance().dismiss(STEWARD).commit())
        .isInstanceOf(AccessDeniedException.class);
    assertThat(finance.governance().dismiss(STEWARD).commit()).containsExactly(finance.principal());
    assertThat(shop().governance().stewards()).containsExactly(finance.principal());
    assertConflict(
        () -> finance.governance().dismiss(finance.principal()).commit(), "only steward");
    assertWhole();
  }

  @Test
  void aRetirementByForceNeedsTheApprovalOfASteward() {
    MajorRollout closed = needed();
    assertConflict(
        () -> closed.retireByForce().because("Cost").commit(), "No steward of another domain");
    appointSteward();

    Plan<MajorRollout> plan = closed.retireByForce().because("Cost").plan();
    MajorRollout rollout = plan.commit();

    assertThat(plan.steps()).extracting(Plan.Step::verb).containsExactly("request", "override");
    assertThat(plan.toString()).contains("override finance/late");
    assertThat(rollout.state()).isEqualTo(Rollout.State.CLOSING);
    assertThat(rollout.pending())
        .singleElement()
        .satisfies(
            request -> {
              assertThat(request.kind()).isEqualTo(StewardRequest.Kind.FORCE);
              assertThat(request.consumers()).containsExactly("finance/late");
              assertThat(request.because()).isEqualTo("Cost");
              assertThat(request.requestedBy()).isEqualTo(shop().principal());
            });
    assertThat(closed.retireByForce().because("Cost").commit().pending())
        .as("asked again")
        .isEqualTo(rollout.pending());
    StewardRequest request = steward().governance().pending(ORDERS).get(0);
    assertThat(steward().governance().approve(request).commit().approvedBy()).contains(STEWARD);
    assertThat(steward().governance().approve(request).commit().approvedBy()).contains(STEWARD);
    assertThat(steward().governance().pending(ORDERS)).isEmpty();

    Plan<MajorRollout> execution = closed.retireByForce().because("Cost").plan();
    MajorRollout retired = execution.commit();

    assertThat(execution.steps()).extracting(Plan.Step::verb).containsExactly("retire", "override");
    assertThat(retired.state()).isEqualTo(Rollout.State.RETIRED);
    assertThat(retired.toString()).contains("forced  under finance/late");
    assertThat(rollout().pending()).isEmpty();
    assertThatThrownBy(() -> readAll(subscribe(as("finance"), "late", Customers.class)))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("major version 2 replaces it");
    assertWhole();
    MajorRollout restored = retired.restore().because("The report is late").commit();
    assertThat(restored.state()).isEqualTo(Rollout.State.CLOSING);
    readAll(subscribe(as("finance"), "late", Customers.class));
    assertConflict(() -> restored.retire().commit(), "finance/late still needs");
    assertThat(restored.retireByForce().because("Cost").commit().pending())
        .as("an approval is used once")
        .hasSize(1);
  }

  @Test
  void anApprovalHoldsForTheConsumersThatTheStewardSaw() {
    MajorRollout closed = needed();
    appointSteward();
    StewardRequest request = closed.retireByForce().because("Cost").commit().pending().get(0);
    steward().governance().approve(request).commit();
    all(as("finance").read(ORDERS).majorVersion(1).as(Ids.class));
    as("finance").unsubscribe(ORDERS, "late").commit();

    assertConflict(
        () -> closed.retireByForce().because("Cost").commit(), "No consumer still needs");
    assertThat(closed.retire().commit().state()).isEqualTo(Rollout.State.RETIRED);
  }

  @Test
  void aStewardAgreesToContinueWithoutAnInactiveConsumer() {
    MajorRollout closed = needed();
    appointSteward();
    Track.Move late = closed.track("finance/late");
    assertConflict(() -> late.dormant().because("No answer").commit(), "which is too recent");
    clock.advance(Duration.ofDays(95));

    late.dormant().because("No answer").commit();
    assertThat(rollout().pending())
        .extracting(StewardRequest::kind)
        .containsExactly(StewardRequest.Kind.DORMANT);
    assertConflict(() -> closed.retire().commit(), "finance/late still needs");
    steward().governance().approve(rollout().pending().get(0)).commit();

    assertThat(closed.track("finance/late").state()).isEqualTo(Track.State.DORMANT);
    clock.advance(Duration.ofHours(1));
    readAll(subscribe(as("finance"), "late", Customers.class));
    assertThat(closed.track("finance/late").state()).isEqualTo(Track.State.WAITING);
    clock.advance(Duration.ofDays(400));
    late.dormant().because("Still no answer").commit();
    steward().governance().approve(rollout().pending().get(0)).commit();
    assertThat(closed.retire().commit().state()).isEqualTo(Rollout.State.RETIRED);
    assertWhole();
  }

  @Test
  void noForceBeforeTheNoticeIsOver() {
    prepared();
    readAll(subscribe(registerFinance(), "late", Customers.class));
    opened();
    announced(ORDERS);
    MajorRollout closed = rollout().close().commit();
    appointSteward();

    assertConflict(() -> closed.retireByForce().because("Cost").commit(), "notice period ends on");
    assertThat(closed.pending()).isEmpty();
  }

  @Test
  void aStewardCannotApproveRequestsOfTheOwnDomainOrReplacedOnes() {
    MajorRollout closed = needed();
    appointSteward();
    steward().governance().appoint(shop().principal()).commit();
    StewardRequest first = closed.retireByForce().because("Cost").commit().pending().get(0);

    assertThatThrownBy(() -> shop().governance().approve(first).commit())
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContaining("belongs to the domain that requested it");
    assertThatThrownBy(() -> as("finance").governance().approve(first).commit())
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContaining("not a steward");
    closed.retireByForce().because("Too dear").commit();
    assertConflict(
        () -> steward().governance().approve(first).commit(), "replaced or used already");
    assertThat(rollout().pending())
        .extracting(StewardRequest::because)
        .isEqualTo(List.of("Too dear"));
  }

  @Test
  void anApprovalHoldsForTheReasonThatTheStewardSaw() {
    MajorRollout closed = needed();
    appointSteward();
    StewardRequest request = closed.retireByForce().because("Cost").commit().pending().get(0);
    steward().governance().approve(request).commit();

    assertThat(closed.retireByForce().because("Other cost").plan().steps())
        .extracting(Plan.Step::verb)
        .startsWith("request");
    assertThat(closed.retireByForce().because("Cost").commit().state())
        .isEqualTo(Rollout.State.RETIRED);
  }

  @Test
  void theReasonOfARequestIsForStewardsTheOwnerAndWhoAsked() {
    MajorRollout closed = needed();
    appointSteward();
    closed.retireByForce().because("Cost").commit();
    shop().governance().suspendReads(ORDERS).because("Wrong prices").commit();
    clock.advance(Duration.ofDays(95));
    closed.track("finance/late").dormant().because("No answer").commit();

    for (MeshClient reads : List.of(as("finance"), as("nowhere"))) {
      assertThat(reads.governance().pending(ORDERS))
          .hasSize(3)
          .extracting(StewardRequest::because)
          .containsOnly("");
      assertThat(reads.rollout(ORDERS).pending())
          .hasSize(2)
          .extracting(StewardRequest::because)
          .containsOnly("");
    }
    for (MeshClient knows : List.of(steward(), mesh.clientAs(Principal.of("commerce", "any")))) {
      assertThat(knows.governance().pending(ORDERS))
          .extracting(StewardRequest::because)
          .containsExactlyInAnyOrder("Cost", "Wrong prices", "No answer");
    }
    shop()
        .registerDomain("commerce")
        .accounts("commerce-b")
        .administrators(Principal.of("commerce-b", "etl"))
        .commit();
    assertThat(shop().governance().pending(ORDERS))
        .extracting(StewardRequest::because)
        .containsExactlyInAnyOrder("Cost", "Wrong prices", "No answer");
    assertThat(mesh.clientAs(Principal.of("commerce", "any")).governance().pending(ORDERS))
        .extracting(StewardRequest::because)
        .containsOnly("");
  }
}
