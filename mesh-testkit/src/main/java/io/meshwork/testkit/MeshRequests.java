package io.meshwork.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.NotFoundException;
import io.meshwork.event.EventDetails;
import io.meshwork.event.MeshEvent;
import io.meshwork.product.Classification;
import io.meshwork.product.Principal;
import io.meshwork.sharing.AccessPlan;
import io.meshwork.sharing.AccessPlan.Shift;
import io.meshwork.sharing.AccessRequest;
import io.meshwork.sharing.AccessRequest.Method;
import io.meshwork.sharing.GrantCard;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/**
 * Who lacks access asks for it, and the owner decides: no less than it takes, no more than asked.
 */
abstract class MeshRequests extends MeshLinks {
  private static final Principal ANALYST = Principal.of("finance", "analyst");
  private static final Principal LEAD = Principal.of("commerce", "lead");
  private static final Principal PRIVACY = Principal.of("commerce", "privacy");

  static Contract sensitive() {
    return Contract.of(Order.class).classified(Classification.CONFIDENTIAL, "customer");
  }

  /** Orders that only their domain reads, and a domain that would like to. */
  final void ordersBesideFinance(Contract contract) {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS).contract(contract).commit();
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    registerFinance();
  }

  final MeshClient analyst() {
    return mesh.actingAs(ANALYST);
  }

  final MeshClient lead() {
    return mesh.actingAs(LEAD);
  }

  final MeshClient privacy() {
    return mesh.actingAs(PRIVACY);
  }

  final AccessRequest ask() {
    return analyst().requestAccess(ORDERS).purpose("Audit").commit();
  }

  final List<String> readable() {
    return analyst().explainAccess(ANALYST, ORDERS).columns();
  }

  final void assertNotReadable() {
    assertThat(readable()).isEmpty();
    assertThatThrownBy(() -> all(analyst().read(ORDERS)))
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContaining("requestAccess(\"" + ORDERS + "\")");
  }

  static void assertSettled(ThrowingCallable call, String... words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ConflictException.class,
            settled -> {
              assertThat(settled.errorCode()).isEqualTo(ErrorCode.STATE_CONFLICT);
              assertThat(settled.retryable()).isFalse();
            })
        .hasMessageContaining("Nothing was changed")
        .hasMessageContainingAll(words);
  }

  static void assertNotAllowed(ErrorCode code, ThrowingCallable call, String... words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            AccessDeniedException.class,
            denied -> {
              assertThat(denied.errorCode()).isEqualTo(code);
              assertThat(denied.missing()).isNotBlank();
            })
        .hasMessageContaining("Nothing was changed")
        .hasMessageContainingAll(words);
  }

  private static List<String> types(List<MeshEvent> events) {
    return events.stream().map(MeshEvent::type).toList();
  }

  @Test
  void whatIsAskedForIsReadOnceTheOwnerApprovesIt() {
    ordersBesideFinance(sensitive());
    assertNotReadable();

    AccessRequest asked =
        analyst()
            .requestAccess(ORDERS)
            .columns("AMOUNT", "customer")
            .purpose("Audit of the year")
            .method(Method.SERVICE_ACCOUNT)
            .commit();

    assertThat(asked.state()).isEqualTo(AccessRequest.State.WAITING);
    assertThat(asked.columns()).containsExactly("customer", "amount");
    assertThat(asked.risk()).isEqualTo(Classification.CONFIDENTIAL);
    assertThat(asked.riskyColumns()).containsExactly("customer");
    assertThat(asked.alreadyReadable()).isEmpty();
    assertThat(asked.approvalsMissing()).isEqualTo(1);
    assertThat(asked.askedAt()).isEqualTo(clock.instant());
    assertThat(asked.expiresAt()).isEqualTo(clock.instant().plus(Duration.ofDays(30)));
    assertThat(lead().requests()).containsExactly(asked);
    assertThat(analyst().ownRequests()).containsExactly(asked);
    assertThat(analyst().requests()).as("nobody asks finance for anything").isEmpty();
    assertNotReadable();

    AccessPlan<AccessRequest> plan = lead().approve(asked.id()).because("Agreed").plan();
    assertThat(plan.gains()).extracting(Shift::who).containsExactly("finance/analyst");
    assertThat(plan.gains().get(0).columns()).containsExactly("customer", "amount");
    assertThat(plan.losses()).isEmpty();
    assertThat(plan.findings()).extracting(Finding::code).containsExactly("SENSITIVE", "NO_END");
    assertThat(plan.toString()).contains("CONFIDENTIAL: customer", "approve commerce/orders");
    AccessRequest approved = plan.commit();

    assertThat(approved.state()).isEqualTo(AccessRequest.State.APPROVED);
    assertThat(approved.approvedBy()).containsExactly(LEAD);
    assertThat(approved.approvalsMissing()).isZero();
    assertThat(approved.reason()).contains("Agreed");
    GrantCard grant = approved.granted().orElseThrow();
    assertThat(grant.to()).isEqualTo("finance/analyst");
    assertThat(grant.because()).isEqualTo("Audit of the year");
    assertThat(grant.authorizedBy()).isEqualTo("commerce/lead");
    assertThat(lead().grants()).containsExactly(grant);
    assertThat(readable()).containsExactly("customer", "amount");
    assertThat(all(analyst().read(ORDERS).asMaps())).hasSize(3);
    assertThat(as("finance").explainAccess(Principal.of("finance", "etl"), ORDERS).allowed())
        .isFalse();
    assertThat(lead().requests())
        .singleElement()
        .satisfies(
            shown -> {
              assertThat(shown.state()).isEqualTo(AccessRequest.State.APPROVED);
              assertThat(shown.alreadyReadable()).containsExactly("customer", "amount");
            });
    assertThat(types(analyst().events("finance").list())).endsWith(MeshEvent.ACCESS_REQUESTED);
    assertThat(lead().events(ORDERS).list())
        .filteredOn(event -> event.type().equals(MeshEvent.ACCESS_APPROVED))
        .singleElement()
        .extracting(MeshEvent::details)
        .isInstanceOfSatisfying(
            EventDetails.AccessDecided.class,
            details -> {
              assertThat(details.request()).isEqualTo(asked.id());
              assertThat(details.approvalsMissing()).isZero();
              assertThat(details.grants()).hasSize(1);
            });
    assertWhole();
  }

  @Test
  void approvingNarrowsAndNeverWidens() {
    ordersBesideFinance(sensitive());
    Instant end = clock.instant().plus(Duration.ofDays(20));
    String id =
        analyst()
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
        () -> lead().approve(id).onlyColumns("id", "note").commit(),
        "note",
        "never widens");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> lead().approve(id).until(end.plusMillis(1)).commit(),
        "never widens");
    assertRefused(
        ErrorCode.FILTER_INVALID,
        () -> lead().approve(id).onlyRows("id > 0) OR (id > 0").plan(),
        "approve request");
    assertNothingChanged(untouched);

    AccessRequest approved =
        lead()
            .approve(id)
            .onlyColumns("AMOUNT", "id")
            .onlyRows("id > 0")
            .until(end.minus(Duration.ofDays(1)))
            .commit();

    assertThat(approved.columns()).as("what was asked").contains("customer");
    GrantCard grant = approved.granted().orElseThrow();
    assertThat(grant.columns()).containsExactly("id", "amount");
    assertThat(grant.until()).contains(end.minus(Duration.ofDays(1)));
    assertThat(all(analyst().read(ORDERS).asMaps()))
        .extracting(row -> row.get("id"))
        .containsExactly(1L, 2L);
    clock.advance(Duration.ofDays(19));
    assertNotReadable();
  }

  @Test
  void theSameRequestAgainIsTheSameRequestAndInOtherTermsAnAmendedOne() {
    ordersBesideFinance(sensitive());
    AccessRequest first = ask();
    State before = state();
    assertThat(ask()).isEqualTo(first);
    assertNothingChanged(before);

    clock.advance(Duration.ofDays(2));
    AccessRequest amended = analyst().requestAccess(ORDERS).columns("id").purpose("Audit").commit();

    assertThat(amended.id()).isEqualTo(first.id());
    assertThat(amended.revision()).isEqualTo(2);
    assertThat(amended.askedAt()).isEqualTo(first.askedAt());
    assertThat(amended.expiresAt()).isEqualTo(first.expiresAt().plus(Duration.ofDays(2)));
    assertThat(lead().requests()).containsExactly(amended);
    AccessRequest other = as("finance").requestAccess(ORDERS).purpose("Revenue").commit();
    assertThat(lead().requests()).as("the oldest first").containsExactly(amended, other);
    lead().approve(first.id()).commit();
    assertThat(lead().requests())
        .extracting(AccessRequest::id)
        .as("open ones first")
        .containsExactly(other.id(), first.id());
    assertThat(ask().id()).as("a settled one is not opened again").isNotEqualTo(first.id());
    assertThat(types(analyst().events("finance").list()))
        .endsWith(
            MeshEvent.ACCESS_REQUESTED,
            MeshEvent.ACCESS_AMENDED,
            MeshEvent.ACCESS_REQUESTED,
            MeshEvent.ACCESS_REQUESTED);
    assertWhole();
  }

  @Test
  void whatCannotBeAskedForIsRefusedWithTheReason() {
    ordersBesideFinance(sensitive());
    as("commerce")
        .defineProduct("commerce/prices")
        .contract(Contract.of(Order.class))
        .openToMesh()
        .commit();
    State before = state();

    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> analyst().requestAccess(ORDERS).commit(),
        "purpose(..)",
        "Nothing was asked");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> analyst().requestAccess(ORDERS).columns("nowhere").purpose("x").commit(),
        "nowhere",
        "customer");
    assertRefused(
        ErrorCode.FILTER_INVALID,
        () -> analyst().requestAccess(ORDERS).rows("id = 'x'").purpose("x").commit(),
        ORDERS);
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> analyst().requestAccess(ORDERS).until(clock.instant()).purpose("x").commit(),
        "already");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> lead().requestAccess(ORDERS).purpose("x").commit(),
        "acts for domain 'commerce'");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> analyst().requestAccess("commerce/prices").purpose("x").commit(),
        "open to the mesh");
    assertRefused(
        ErrorCode.DOMAIN_MISSING,
        () -> as("stranger").requestAccess(ORDERS).purpose("x").commit(),
        "registerDomain");
    assertThatThrownBy(() -> analyst().requestAccess("commerce/order").purpose("x").commit())
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining(ORDERS);
    assertNothingChanged(before);
  }

  @Test
  void whoMayNotDecideDoesNot() {
    ordersBesideFinance(sensitive());
    as("growth").registerDomain("growth").ownedBy("growth@example.org").commit();
    String id = ask().id();
    assertNotAllowed(
        ErrorCode.ACCESS_DENIED,
        () -> analyst().approve(id).commit(),
        "its own request",
        "shop@example.org");
    assertNotAllowed(
        ErrorCode.NOT_OWNER,
        () -> as("finance").deny(id).because("No").commit(),
        "domain 'commerce'");
    State before = state();

    for (ThrowingCallable unknown :
        List.<ThrowingCallable>of(
            () -> as("growth").approve(id).commit(),
            () -> as("growth").withdraw(id).commit(),
            () -> lead().approve("nonsense").plan(),
            () -> lead().askBack("00000000-0000-7000-8000-000000000000").because("?").commit(),
            () -> lead().answer(id).saying("yes").commit())) {
      assertThatThrownBy(unknown)
          .isInstanceOf(NotFoundException.class)
          .hasMessageContainingAll("no such request", "equests()");
    }
    assertRefused(ErrorCode.INVALID_ARGUMENT, () -> lead().deny(id).commit(), "because(..)");
    assertRefused(ErrorCode.INVALID_ARGUMENT, () -> lead().askBack(id).commit(), "because(");
    assertRefused(ErrorCode.INVALID_ARGUMENT, () -> analyst().answer(id).commit(), "saying(..)");
    assertNothingChanged(before);

    mesh.actingAs(LEAD).registerDomain("commerce").accounts("commerce", "shared").commit();
    AccessRequest moved =
        as("finance").requestAccess(ORDERS).columns("id").purpose("Revenue").commit();
    as("finance").registerDomain("finance").accounts("books").ownedBy("finance@x.org").commit();
    lead().registerDomain("commerce").accounts("commerce", "finance").commit();
    assertNotAllowed(
        ErrorCode.ACCESS_DENIED, () -> as("finance").approve(moved.id()).commit(), "its own");
    assertThat(analyst().approve(moved.id()).commit().state())
        .isEqualTo(AccessRequest.State.APPROVED);
  }

  @Test
  void aQuestionIsAnsweredAndADenialIsTheLastWord() {
    ordersBesideFinance(sensitive());
    String id = ask().id();

    AccessRequest back = lead().askBack(id).because("Which year?").commit();
    assertThat(back.state()).isEqualTo(AccessRequest.State.ASKED_BACK);
    assertThat(back.question()).contains("Which year?");
    assertThat(lead().askBack(id).because("Which year?").commit()).isEqualTo(back);
    assertThat(analyst().ownRequests()).containsExactly(back);

    AccessRequest answered = as("finance").answer(id).saying("The last").commit();
    assertThat(answered.state()).isEqualTo(AccessRequest.State.WAITING);
    assertThat(answered.question()).isEmpty();
    assertThat(answered.answer()).contains("The last");
    assertThat(answered.revision()).isEqualTo(1);

    AccessRequest denied = privacy().deny(id).because("Ask for less").commit();
    assertThat(denied.state()).isEqualTo(AccessRequest.State.DENIED);
    assertThat(denied.reason()).contains("Ask for less");
    assertThat(privacy().deny(id).because("Ask for less").commit()).isEqualTo(denied);
    assertNotReadable();
    assertThat(lead().grants()).isEmpty();
    for (ThrowingCallable late :
        List.<ThrowingCallable>of(
            () -> lead().approve(id).commit(),
            () -> lead().deny(id).because("No").commit(),
            () -> lead().askBack(id).because("?").commit(),
            () -> analyst().answer(id).saying("!").commit(),
            () -> analyst().withdraw(id).commit())) {
      assertSettled(late, "DENIED", "commerce/privacy", "requestAccess(\"" + ORDERS + "\")");
    }
    assertThat(types(lead().events(ORDERS).list()))
        .endsWith(MeshEvent.ACCESS_ASKED_BACK, MeshEvent.ACCESS_DENIED);
    assertWhole();
  }

  @Test
  void anAnswerToNoQuestionIsRefusedAndLeavesApprovals() {
    ordersBesideFinance(sensitive().fourEyes());
    String id = ask().id();
    lead().approve(id).commit();
    State before = state();
    assertSettled(
        () -> analyst().answer(id).saying("By the way").commit(), "nothing was asked back");
    assertNothingChanged(before);
    assertThat(lead().requests().get(0).approvedBy()).containsExactly(LEAD);

    privacy().askBack(id).because("Which year?").commit();
    AccessRequest answered = analyst().answer(id).saying("The last").commit();
    assertThat(analyst().answer(id).saying("The last").commit()).isEqualTo(answered);
    assertSettled(() -> analyst().answer(id).saying("Or all").commit(), "nothing was asked back");
  }

  @Test
  void theColumnsThatAConditionAsksCountAsAskedFor() {
    ordersBesideFinance(sensitive());
    AccessRequest asked =
        analyst()
            .requestAccess(ORDERS)
            .columns("id")
            .rows("CUSTOMER <> 'x' AND id >= 0")
            .purpose("Audit")
            .commit();
    assertThat(asked.risk()).isEqualTo(Classification.CONFIDENTIAL);
    assertThat(asked.riskyColumns()).containsExactly("customer");
    assertThat(lead().approve(asked.id()).plan().findings())
        .extracting(Finding::code)
        .contains("SENSITIVE");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> lead().approve(asked.id()).onlyColumns("customer").commit(),
        "never widens");
    lead().approve(asked.id()).commit();
    assertThat(readable()).as("a condition shows nothing").containsExactly("id");

    AccessRequest harmless =
        analyst().requestAccess(ORDERS).columns("amount").rows("id > 0").purpose("x").commit();
    assertThat(harmless.risk()).isEqualTo(Classification.INTERNAL);
    lead().approve(harmless.id()).onlyRows("customer <> 'x'").commit();
    assertWhole();
  }

  @Test
  void whatIsTakenBackIsNotDecided() {
    ordersBesideFinance(sensitive());
    String id = ask().id();
    AccessRequest withdrawn = as("finance").withdraw(id).commit();
    assertThat(withdrawn.state()).isEqualTo(AccessRequest.State.WITHDRAWN);
    assertThat(analyst().withdraw(id).commit()).isEqualTo(withdrawn);
    assertSettled(() -> lead().approve(id).commit(), "WITHDRAWN");
    assertNotReadable();

    String other = ask().id();
    assertThat(other).isNotEqualTo(id);
    lead().approve(other).commit();
    assertSettled(() -> analyst().withdraw(other).commit(), "APPROVED", "revoke(..)");
    assertWhole();
  }

  @Test
  void nobodyDecidesOnARequestWhoseTimeIsOver() {
    ordersBesideFinance(sensitive());
    String id = ask().id();
    clock.advance(Duration.ofDays(30).minusMillis(1));
    assertThat(lead().requests())
        .extracting(AccessRequest::state)
        .containsExactly(AccessRequest.State.WAITING);
    clock.advance(Duration.ofMillis(1));
    assertThat(lead().requests())
        .extracting(AccessRequest::state)
        .containsExactly(AccessRequest.State.EXPIRED);
    assertSettled(() -> lead().approve(id).commit(), "EXPIRED");
    assertSettled(() -> analyst().withdraw(id).commit(), "EXPIRED");

    Instant end = clock.instant().plus(Duration.ofDays(2));
    AccessRequest brief = analyst().requestAccess(ORDERS).until(end).purpose("Audit").commit();
    assertThat(brief.id()).isNotEqualTo(id);
    assertThat(brief.expiresAt()).isEqualTo(end);
    clock.advance(Duration.ofDays(2));
    assertThat(analyst().ownRequests())
        .extracting(AccessRequest::state)
        .containsOnly(AccessRequest.State.EXPIRED);
  }

  @Test
  void conditionsOnRowsAreInNoLogAndInNoPlan() {
    ordersBesideFinance(sensitive());
    String id =
        analyst()
            .requestAccess(ORDERS)
            .rows("customer = '" + CANARY + "'")
            .purpose("One customer")
            .commit()
            .id();
    AccessPlan<AccessRequest> plan =
        lead().approve(id).onlyRows("customer <> '" + CANARY + "x'").plan();
    assertThat(plan.toString()).doesNotContain(CANARY);
    assertThat(plan.commit().toString()).contains("in some rows").doesNotContain(CANARY);
    List<MeshEvent> events = new ArrayList<>(lead().events(ORDERS).list());
    events.addAll(analyst().events("finance").list());
    assertThat(events).extracting(MeshEvent::json).noneMatch(json -> json.contains(CANARY));
    assertThat(events)
        .filteredOn(event -> event.type().equals(MeshEvent.ACCESS_REQUESTED))
        .singleElement()
        .extracting(MeshEvent::details)
        .isInstanceOfSatisfying(
            EventDetails.AccessAsked.class, asked -> assertThat(asked.rowsHash()).isPresent());
  }
}
