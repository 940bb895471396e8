package io.meshwork.internal.conformance.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.access.AccessPlan;
import io.meshwork.access.AccessPlan.AccessChange;
import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.NotFoundException;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.event.EventDetailsCodec;
import io.meshwork.product.Classification;
import io.meshwork.product.Principal;
import io.meshwork.request.AccessRequest;
import io.meshwork.request.AccessRequest.Method;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Consumers request access, and owners decide. An approval grants at most what was requested. */
public abstract class AccessRequestsSuite extends AccessRequestFixture {

  private static List<MeshEvent.Type> types(List<MeshEvent> events) {
    return events.stream().map(MeshEvent::type).toList();
  }

  @Test
  void requestedRowsAreReadableOnceTheOwnerApproves() {
    ordersBesideFinance(sensitive());
    assertNotReadable();

    AccessRequest request =
        analyst()
            .requests()
            .requestAccess(ORDERS)
            .columns("AMOUNT", "customer")
            .purpose("Audit of the year")
            .method(Method.SERVICE_ACCOUNT)
            .commit();

    assertThat(request.state()).isEqualTo(AccessRequest.State.WAITING);
    assertThat(request.columns()).containsExactly("customer", "amount");
    assertThat(request.risk()).isEqualTo(Classification.CONFIDENTIAL);
    assertThat(request.riskyColumns()).containsExactly("customer");
    assertThat(request.alreadyReadable()).isEmpty();
    assertThat(request.approvalsMissing()).isEqualTo(1);
    assertThat(request.askedAt()).isEqualTo(clock.instant());
    assertThat(request.expiresAt()).isEqualTo(clock.instant().plus(Duration.ofDays(30)));
    assertThat(lead().requests().received()).containsExactly(request);
    assertThat(analyst().requests().sent()).containsExactly(request);
    assertThat(analyst().requests().received()).as("finance receives no requests").isEmpty();
    assertNotReadable();

    AccessPlan<AccessRequest> plan =
        lead().requests().approve(request.id()).because("Agreed").plan();
    assertThat(plan.gains()).extracting(AccessChange::who).containsExactly("finance/analyst");
    assertThat(plan.gains().get(0).columns()).containsExactly("customer", "amount");
    assertThat(plan.losses()).isEmpty();
    assertThat(plan.findings())
        .extracting(Finding::code)
        .containsExactly(FindingCode.SENSITIVE_DATA, FindingCode.NO_END_DATE);
    assertThat(plan.toString()).contains("CONFIDENTIAL data: customer", "approve commerce/orders");
    AccessRequest approved = plan.commit();

    assertThat(approved.state()).isEqualTo(AccessRequest.State.APPROVED);
    assertThat(approved.approvedBy()).containsExactly(LEAD);
    assertThat(approved.approvalsMissing()).isZero();
    assertThat(approved.because()).contains("Agreed");
    GrantSummary grant = approved.granted().orElseThrow();
    assertThat(grant.to()).isEqualTo("finance/analyst");
    assertThat(grant.because()).isEqualTo("Audit of the year");
    assertThat(grant.authorizedBy()).isEqualTo("commerce/lead");
    assertThat(lead().access().grants()).containsExactly(grant);
    assertThat(readable()).containsExactly("customer", "amount");
    assertThat(all(analyst().read(ORDERS).asMaps())).hasSize(3);
    assertThat(as("finance").access().explain(Principal.of("finance", "etl"), ORDERS).isAllowed())
        .isFalse();
    assertThat(lead().requests().received())
        .singleElement()
        .satisfies(
            shown -> {
              assertThat(shown.state()).isEqualTo(AccessRequest.State.APPROVED);
              assertThat(shown.alreadyReadable()).containsExactly("customer", "amount");
            });
    assertThat(types(analyst().events(consumerLog("finance")).list()))
        .endsWith(MeshEvent.Type.ACCESS_REQUESTED);
    assertThat(lead().events(ORDERS).list())
        .filteredOn(event -> event.type() == MeshEvent.Type.ACCESS_APPROVED)
        .singleElement()
        .extracting(EventDetailsCodec::detailsOf)
        .isInstanceOfSatisfying(
            EventDetails.AccessRequestDecision.class,
            details -> {
              assertThat(details.request()).isEqualTo(request.id());
              assertThat(details.approvalsMissing()).isZero();
              assertThat(details.grants()).hasSize(1);
            });
    assertWhole();
  }

  @Test
  void anApprovalNarrowsARequestAndNeverWidensIt() {
    ordersBesideFinance(sensitive());
    Instant end = clock.instant().plus(Duration.ofDays(20));
    String id =
        analyst()
            .requests()
            .requestAccess(ORDERS)
            .columns("id", "amount", "customer")
            .rows("id < 100")
            .until(end)
            .purpose("Audit")
            .commit()
            .id();
    State untouched = state();
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> lead().requests().approve(id).columns("id", "note").commit(),
        "note",
        "cannot exceed the request");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> lead().requests().approve(id).until(end.plusMillis(1)).commit(),
        "cannot exceed the request");
    assertRefused(
        ErrorCode.FILTER_INVALID,
        () -> lead().requests().approve(id).rows("id > 0) OR (id > 0").plan(),
        "approve request");
    assertNothingChanged(untouched);

    AccessRequest approved =
        lead()
            .requests()
            .approve(id)
            .columns("AMOUNT", "id")
            .rows("id > 0")
            .until(end.minus(Duration.ofDays(1)))
            .commit();

    assertThat(approved.columns()).as("the requested columns").contains("customer");
    GrantSummary grant = approved.granted().orElseThrow();
    assertThat(grant.columns()).containsExactly("id", "amount");
    assertThat(grant.until()).contains(end.minus(Duration.ofDays(1)));
    assertThat(all(analyst().read(ORDERS).asMaps()))
        .extracting(row -> row.get("id"))
        .containsExactly(1L, 2L);
    clock.advance(Duration.ofDays(19));
    assertNotReadable();
  }

  @Test
  void aRepeatedRequestIsTheSameRequestAndAChangedOneAmendsIt() {
    ordersBesideFinance(sensitive());
    AccessRequest first = ask();
    State before = state();
    assertThat(ask()).isEqualTo(first);
    assertNothingChanged(before);

    clock.advance(Duration.ofDays(2));
    AccessRequest amended =
        analyst().requests().requestAccess(ORDERS).columns("id").purpose("Audit").commit();

    assertThat(amended.id()).isEqualTo(first.id());
    assertThat(amended.revision()).isEqualTo(2);
    assertThat(amended.askedAt()).isEqualTo(first.askedAt());
    assertThat(amended.expiresAt()).isEqualTo(first.expiresAt().plus(Duration.ofDays(2)));
    assertThat(lead().requests().received()).containsExactly(amended);
    AccessRequest second =
        as("finance").requests().requestAccess(ORDERS).purpose("Revenue").commit();
    assertThat(lead().requests().received())
        .as("the oldest first")
        .containsExactly(amended, second);
    lead().requests().approve(first.id()).commit();
    assertThat(lead().requests().received())
        .extracting(AccessRequest::id)
        .as("open ones first")
        .containsExactly(second.id(), first.id());
    assertThat(ask().id()).as("a closed request is not reopened").isNotEqualTo(first.id());
    assertThat(types(analyst().events(consumerLog("finance")).list()))
        .endsWith(
            MeshEvent.Type.ACCESS_REQUESTED,
            MeshEvent.Type.ACCESS_AMENDED,
            MeshEvent.Type.ACCESS_REQUESTED,
            MeshEvent.Type.ACCESS_REQUESTED);
    assertWhole();
  }

  @Test
  void anInvalidRequestIsRejectedWithTheReason() {
    ordersBesideFinance(sensitive());
    as("commerce")
        .defineProduct("commerce/prices")
        .contract(Contract.of(Order.class))
        .openToMesh()
        .commit();
    State before = state();

    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> analyst().requests().requestAccess(ORDERS).commit(),
        "purpose(..)",
        "Nothing was requested");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> analyst().requests().requestAccess(ORDERS).columns("nowhere").purpose("x").commit(),
        "nowhere",
        "customer");
    assertRefused(
        ErrorCode.FILTER_INVALID,
        () -> analyst().requests().requestAccess(ORDERS).rows("id = 'x'").purpose("x").commit(),
        ORDERS);
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () ->
            analyst().requests().requestAccess(ORDERS).until(clock.instant()).purpose("x").commit(),
        "already");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> lead().requests().requestAccess(ORDERS).purpose("x").commit(),
        "acts for domain 'commerce'");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> analyst().requests().requestAccess("commerce/prices").purpose("x").commit(),
        "open to the mesh");
    assertRefused(
        ErrorCode.DOMAIN_MISSING,
        () -> as("stranger").requests().requestAccess(ORDERS).purpose("x").commit(),
        "registerDomain");
    assertThatThrownBy(
            () -> analyst().requests().requestAccess("commerce/order").purpose("x").commit())
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining(ORDERS);
    assertNothingChanged(before);
  }

  @Test
  void onlyDecidersDecide() {
    ordersBesideFinance(sensitive());
    as("growth").registerDomain("growth").owner("growth@example.org").commit();
    String id = ask().id();
    assertNotAllowed(
        ErrorCode.ACCESS_DENIED,
        () -> analyst().requests().approve(id).commit(),
        "its own request",
        "shop@example.org");
    assertNotAllowed(
        ErrorCode.NOT_OWNER,
        () -> as("finance").requests().deny(id).because("No").commit(),
        "domain 'commerce'");
    State before = state();

    for (ThrowingCallable unknown :
        List.<ThrowingCallable>of(
            () -> as("growth").requests().approve(id).commit(),
            () -> as("growth").requests().withdraw(id).commit(),
            () -> lead().requests().approve("nonsense").plan(),
            () ->
                lead()
                    .requests()
                    .requestClarification("00000000-0000-7000-8000-000000000000", "?")
                    .commit(),
            () -> lead().requests().respond(id, "yes").commit())) {
      assertThatThrownBy(unknown)
          .isInstanceOf(NotFoundException.class)
          .hasMessageContainingAll("no such request", "equests()");
    }
    assertRefused(
        ErrorCode.INVALID_ARGUMENT, () -> lead().requests().deny(id).commit(), "because(..)");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> lead().requests().requestClarification(id, " "),
        "question");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT, () -> analyst().requests().respond(id, " "), "answer");
    assertNothingChanged(before);

    mesh.clientAs(LEAD).registerDomain("commerce").accounts("commerce", "shared").commit();
    AccessRequest moved =
        as("finance").requests().requestAccess(ORDERS).columns("id").purpose("Revenue").commit();
    as("finance")
        .registerDomain("finance")
        .accounts("books")
        .administrators(as("books").principal())
        .owner("finance@x.org")
        .commit();
    lead()
        .registerDomain("commerce")
        .accounts("commerce", "finance")
        .deciders(LEAD, as("finance").principal(), ANALYST)
        .commit();
    assertNotAllowed(
        ErrorCode.ACCESS_DENIED,
        () -> as("finance").requests().approve(moved.id()).commit(),
        "its own");
    assertThat(analyst().requests().approve(moved.id()).commit().state())
        .isEqualTo(AccessRequest.State.APPROVED);
  }

  @Test
  void aQuestionIsAnsweredAndADenialIsFinal() {
    ordersBesideFinance(sensitive());
    String id = ask().id();

    AccessRequest back = lead().requests().requestClarification(id, "Which year?").commit();
    assertThat(back.state()).isEqualTo(AccessRequest.State.ASKED_BACK);
    assertThat(back.question()).contains("Which year?");
    assertThat(lead().requests().requestClarification(id, "Which year?").commit()).isEqualTo(back);
    assertThat(analyst().requests().sent()).containsExactly(back);

    AccessRequest answered = as("finance").requests().respond(id, "The last").commit();
    assertThat(answered.state()).isEqualTo(AccessRequest.State.WAITING);
    assertThat(answered.question()).isEmpty();
    assertThat(answered.answer()).contains("The last");
    assertThat(answered.revision()).isEqualTo(1);

    AccessRequest denied = privacy().requests().deny(id).because("Ask for less").commit();
    assertThat(denied.state()).isEqualTo(AccessRequest.State.DENIED);
    assertThat(denied.because()).contains("Ask for less");
    assertThat(privacy().requests().deny(id).because("Ask for less").commit()).isEqualTo(denied);
    assertNotReadable();
    assertThat(lead().access().grants()).isEmpty();
    for (ThrowingCallable late :
        List.<ThrowingCallable>of(
            () -> lead().requests().approve(id).commit(),
            () -> lead().requests().deny(id).because("No").commit(),
            () -> lead().requests().requestClarification(id, "?").commit(),
            () -> analyst().requests().respond(id, "!").commit(),
            () -> analyst().requests().withdraw(id).commit())) {
      assertSettled(late, "DENIED", "commerce/privacy", "requestAccess(\"" + ORDERS + "\")");
    }
    assertThat(types(lead().events(ORDERS).list()))
        .endsWith(MeshEvent.Type.ACCESS_ASKED_BACK, MeshEvent.Type.ACCESS_DENIED);
    assertWhole();
  }

  @Test
  void anAnswerWithoutAQuestionIsRejectedAndKeepsApprovals() {
    ordersBesideFinance(sensitive().requireFourEyes());
    String id = ask().id();
    lead().requests().approve(id).commit();
    State before = state();
    assertSettled(
        () -> analyst().requests().respond(id, "By the way").commit(), "no open question");
    assertNothingChanged(before);
    assertThat(lead().requests().received().get(0).approvedBy()).containsExactly(LEAD);

    privacy().requests().requestClarification(id, "Which year?").commit();
    AccessRequest answered = analyst().requests().respond(id, "The last").commit();
    assertThat(analyst().requests().respond(id, "The last").commit()).isEqualTo(answered);
    assertSettled(() -> analyst().requests().respond(id, "Or all").commit(), "no open question");
  }

  @Test
  void theColumnsOfAConditionCountAsRequested() {
    ordersBesideFinance(sensitive());
    AccessRequest request =
        analyst()
            .requests()
            .requestAccess(ORDERS)
            .columns("id")
            .rows("CUSTOMER <> 'x' AND id >= 0")
            .purpose("Audit")
            .commit();
    assertThat(request.risk()).isEqualTo(Classification.CONFIDENTIAL);
    assertThat(request.riskyColumns()).containsExactly("customer");
    assertThat(lead().requests().approve(request.id()).plan().findings())
        .extracting(Finding::code)
        .contains(FindingCode.SENSITIVE_DATA);
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> lead().requests().approve(request.id()).columns("customer").commit(),
        "cannot exceed the request");
    lead().requests().approve(request.id()).commit();
    assertThat(readable())
        .as("a condition does not make its column readable")
        .containsExactly("id");

    AccessRequest harmless =
        analyst()
            .requests()
            .requestAccess(ORDERS)
            .columns("amount")
            .rows("id > 0")
            .purpose("x")
            .commit();
    assertThat(harmless.risk()).isEqualTo(Classification.INTERNAL);
    lead().requests().approve(harmless.id()).rows("customer <> 'x'").commit();
    assertWhole();
  }

  @Test
  void aWithdrawnRequestIsNotDecided() {
    ordersBesideFinance(sensitive());
    String id = ask().id();
    AccessRequest withdrawn = as("finance").requests().withdraw(id).commit();
    assertThat(withdrawn.state()).isEqualTo(AccessRequest.State.WITHDRAWN);
    assertThat(analyst().requests().withdraw(id).commit()).isEqualTo(withdrawn);
    assertSettled(() -> lead().requests().approve(id).commit(), "WITHDRAWN");
    assertNotReadable();

    String second = ask().id();
    assertThat(second).isNotEqualTo(id);
    lead().requests().approve(second).commit();
    assertSettled(() -> analyst().requests().withdraw(second).commit(), "APPROVED", "revoke(..)");
    assertWhole();
  }

  @Test
  void anExpiredRequestIsNotDecided() {
    ordersBesideFinance(sensitive());
    String id = ask().id();
    clock.advance(Duration.ofDays(30).minusMillis(1));
    assertThat(lead().requests().received())
        .extracting(AccessRequest::state)
        .containsExactly(AccessRequest.State.WAITING);
    clock.advance(Duration.ofMillis(1));
    assertThat(lead().requests().received())
        .extracting(AccessRequest::state)
        .containsExactly(AccessRequest.State.EXPIRED);
    assertSettled(() -> lead().requests().approve(id).commit(), "EXPIRED");
    assertSettled(() -> analyst().requests().withdraw(id).commit(), "EXPIRED");

    Instant end = clock.instant().plus(Duration.ofDays(2));
    AccessRequest brief =
        analyst().requests().requestAccess(ORDERS).until(end).purpose("Audit").commit();
    assertThat(brief.id()).isNotEqualTo(id);
    assertThat(brief.expiresAt()).isEqualTo(end);
    clock.advance(Duration.ofDays(2));
    assertThat(analyst().requests().sent())
        .extracting(AccessRequest::state)
        .containsOnly(AccessRequest.State.EXPIRED);
  }

  @Test
  void rowConditionsAppearInNoLogAndNoPlan() {
    ordersBesideFinance(sensitive());
    String id =
        analyst()
            .requests()
            .requestAccess(ORDERS)
            .rows("customer = '" + CANARY + "'")
            .purpose("One customer")
            .commit()
            .id();
    AccessPlan<AccessRequest> plan =
        lead().requests().approve(id).rows("customer <> '" + CANARY + "x'").plan();
    assertThat(plan.toString()).doesNotContain(CANARY);
    assertThat(plan.commit().toString()).contains("in some rows").doesNotContain(CANARY);
    List<MeshEvent> events = new ArrayList<>(lead().events(ORDERS).list());
    events.addAll(analyst().events(consumerLog("finance")).list());
    assertThat(events).extracting(MeshEvent::json).noneMatch(json -> json.contains(CANARY));
    assertThat(events)
        .filteredOn(event -> event.type() == MeshEvent.Type.ACCESS_REQUESTED)
        .singleElement()
        .extracting(EventDetailsCodec::detailsOf)
        .isInstanceOfSatisfying(
            EventDetails.RequestedAccess.class,
            details -> assertThat(details.rowsHash()).isPresent());
  }
}
