package io.meshwork.internal.conformance.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.access.AccessPlan;
import io.meshwork.contract.Contract;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.conformance.fixture.ConcurrentCalls;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.product.Classification;
import io.meshwork.product.Principal;
import io.meshwork.request.AccessRequest;
import io.meshwork.testkit.Faults.Port;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** An approval grants exactly the approved terms, also when other changes are concurrent. */
public abstract class ApprovalsSuite extends AccessRequestFixture {
  private static final Principal ANALYST = Principal.of("finance", "analyst");
  private static final Principal LEAD = Principal.of("commerce", "lead");
  private static final Principal PRIVACY = Principal.of("commerce", "privacy");

  @Test
  void twoApprovalsGrantWhatBothApproveAndNothingBefore() {
    ordersBesideFinance(sensitive().requireFourEyes());
    String id =
        analyst()
            .requests()
            .requestAccess(ORDERS)
            .columns("id", "amount", "customer")
            .purpose("Audit")
            .commit()
            .id();

    AccessPlan<AccessRequest> plan = lead().requests().approve(id).columns("id", "amount").plan();
    assertThat(plan.gains()).isEmpty();
    assertThat(plan.findings())
        .extracting(Finding::code)
        .contains(FindingCode.TWO_APPROVALS_REQUIRED);
    AccessRequest first = plan.commit();

    assertThat(first.state()).isEqualTo(AccessRequest.State.WAITING);
    assertThat(first.approvedBy()).containsExactly(LEAD);
    assertThat(first.approvalsMissing()).isEqualTo(1);
    assertNotReadable();
    assertThat(lead().access().grants()).isEmpty();
    assertNotAllowed(
        ErrorCode.ACCESS_DENIED,
        () -> lead().requests().approve(id).commit(),
        "two approvals",
        "Another person");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> privacy().requests().approve(id).columns("customer").commit(),
        "none in common");

    AccessRequest second = privacy().requests().approve(id).columns("amount", "customer").commit();

    assertThat(second.state()).isEqualTo(AccessRequest.State.APPROVED);
    assertThat(second.approvedBy()).containsExactly(LEAD, PRIVACY);
    assertThat(readable()).containsExactly("amount");
    assertThat(second.granted().orElseThrow().authorizedBy())
        .isEqualTo("commerce/lead, commerce/privacy");
    assertWhole();
  }

  @Test
  void anApprovalDoesNotCountForALaterContract() {
    ordersBesideFinance(Contract.of(Order.class));
    boolean happened = true;
    for (int read = 0; happened; read++) {
      String product = "commerce/asked-" + read;
      lead().defineProduct(product).contract(Contract.of(Order.class)).commit();
      AccessRequest auditRequest =
          analyst().requests().requestAccess(product).purpose("Audit " + read).commit();
      AtomicBoolean amended = new AtomicBoolean();
      faults
          .on(read == 0 ? Port.REGISTRY_COMMIT : Port.REGISTRY_READ)
          .nth(read == 0 ? 1 : read)
          .meanwhile(
              () -> {
                amended.set(true);
                lead()
                    .amendContract(
                        product,
                        Contract.of(Order.class)
                            .classification(Classification.RESTRICTED, "customer")
                            .requireFourEyes())
                    .commit();
              });
      try {
        lead().requests().approve(auditRequest).commit();
      } catch (ConflictException e) {
        assertThat(e).as("read %s", read).hasMessageContaining(auditRequest.id());
      }
      faults.clear();
      happened = amended.get();
      assertThat(happened || read > 5).as("read %s", read).isTrue();
      if (happened) {
        assertThat(lead().requests().received())
            .as("read %s", read)
            .filteredOn(request -> request.id().equals(auditRequest.id()))
            .singleElement()
            .satisfies(
                request -> assertThat(request.state()).isEqualTo(AccessRequest.State.WAITING));
        assertThat(analyst().access().explain(ANALYST, product).columns()).isEmpty();
      }
    }
    assertWhole();
  }

  @Test
  void twoApprovalsGrantTheCommonRowsUntilTheEarlierEnd() {
    ordersBesideFinance(Contract.of(Order.class).requireFourEyes());
    String id =
        analyst().requests().requestAccess(ORDERS).rows("id < 50").purpose("Audit").commit().id();
    Instant soon = clock.instant().plus(Duration.ofHours(1));
    lead().requests().approve(id).rows("id > 0").until(soon).commit();
    GrantSummary grant =
        privacy().requests().approve(id).rows("id < 2 OR id > 9").commit().granted().orElseThrow();
    assertThat(grant.rows()).contains("(id < 50) AND (id < 2 OR id > 9) AND (id > 0)");
    assertThat(grant.until()).contains(soon);
    assertThat(all(analyst().read(ORDERS).as(Order.class))).isEqualTo(Order.range(1, 2));
    clock.advance(Duration.ofHours(1));
    assertNotReadable();
  }

  @Test
  void anApprovalCountsForTheRequestAndTermsThatWereApproved() {
    ordersBesideFinance(sensitive().requireFourEyes());
    String id = ask().id();
    lead().requests().approve(id).commit();
    AccessRequest amended = analyst().requests().requestAccess(ORDERS).purpose("Fun").commit();
    assertThat(amended.id()).isEqualTo(id);
    assertThat(amended.approvedBy()).isEmpty();
    assertThat(amended.approvalsMissing()).isEqualTo(2);
    assertThat(privacy().requests().approve(id).commit().approvalsMissing()).isEqualTo(1);
    assertNotReadable();

    privacy().requests().requestClarification(id, "Really?").commit();
    assertThat(lead().requests().received().get(0).approvedBy())
        .as("the question voids the approval")
        .isEmpty();
    assertThat(lead().requests().approve(id).commit().approvedBy()).containsExactly(LEAD);
    analyst().requests().respond(id, "Yes").commit();
    assertThat(lead().requests().received().get(0).approvedBy())
        .as("the first approval does not cover the response")
        .isEmpty();

    lead().requests().approve(id).commit();
    for (MeshClient each : List.of(lead(), privacy())) {
      each.amendContract(ORDERS, sensitive().waiveFourEyes())
          .waiveFourEyes()
          .because("Few ask")
          .commit();
    }
    assertThat(lead().requests().received().get(0).approvedBy())
        .as("the first of two approvals does not grant")
        .isEmpty();
    assertThat(lead().requests().received().get(0).approvalsMissing()).isEqualTo(1);
    assertNotReadable();
    assertThat(lead().requests().approve(id).commit().state())
        .isEqualTo(AccessRequest.State.APPROVED);
    assertThat(all(analyst().read(ORDERS).as(Order.class))).isEqualTo(Order.range(0, 3));
    assertWhole();
  }

  @Test
  void anApprovalIsVoidAfterTheContractChanges() {
    ordersBesideFinance(Contract.of(Order.class).requireFourEyes());
    String id = ask().id();
    assertThat(lead().requests().approve(id).commit().risk()).isEqualTo(Classification.INTERNAL);
    privacy()
        .amendContract(
            ORDERS,
            Contract.of(Order.class)
                .requireFourEyes()
                .classification(Classification.RESTRICTED, "note"))
        .commit();

    AccessRequest waiting = lead().requests().received().get(0);
    assertThat(waiting.risk()).isEqualTo(Classification.RESTRICTED);
    assertThat(waiting.approvedBy()).as("the approval preceded the restriction").isEmpty();
    assertThat(waiting.approvalsMissing()).isEqualTo(2);
    assertThat(privacy().requests().approve(id).commit().approvalsMissing()).isEqualTo(1);
    assertNotReadable();
    assertThat(lead().requests().approve(id).commit().approvedBy()).containsExactly(PRIVACY, LEAD);
    assertWhole();
  }

  @Test
  void anApprovalCoversTheStateThatWasPlanned() {
    ordersBesideFinance(sensitive());
    AccessRequest looked =
        analyst().requests().requestAccess(ORDERS).columns("id").purpose("Audit").commit();
    ask();
    State before = state();
    assertSettled(
        () -> lead().requests().approve(looked).commit(), "revision 2", "revision 1", "requests()");
    assertSettled(() -> lead().requests().approve(looked).plan(), "revision 2");
    assertSettled(() -> lead().requests().deny(looked).because("No").commit(), "revision 2");
    assertNothingChanged(before);
    assertNotReadable();

    AccessRequest seen = lead().requests().received().get(0);
    lead()
        .amendContract(ORDERS, sensitive().classification(Classification.RESTRICTED, "note"))
        .commit();
    assertSettled(() -> lead().requests().approve(seen).commit(), "RESTRICTED", "note");
    assertNotReadable();

    AccessRequest now = lead().requests().received().get(0);
    assertThat(lead().requests().approve(now).commit().state())
        .isEqualTo(AccessRequest.State.APPROVED);
    assertThat(readable()).hasSize(4);
    assertSettled(() -> lead().requests().approve(now).commit(), "APPROVED");
    AccessRequest second = ask();
    assertThat(lead().requests().deny(second).because("Enough").commit().state())
        .isEqualTo(AccessRequest.State.DENIED);
    assertThat(lead().requests().deny(second).because("Enough").commit().state())
        .as("repeated approval")
        .isEqualTo(AccessRequest.State.DENIED);
    assertWhole();
  }

  @Test
  void aGrantWithoutARequestWarnsOfSeparationOfDuties() {
    ordersBesideFinance(Contract.of(Order.class).requireFourEyes());
    assertThat(lead().grant(ORDERS).to(ANALYST).because("Reports").plan().findings())
        .filteredOn(finding -> finding.severity() == Finding.Severity.WARNING)
        .extracting(Finding::code)
        .containsExactly(FindingCode.TWO_APPROVALS_REQUIRED);
    String id = ask().id();
    for (MeshClient each : List.of(lead(), privacy())) {
      each.amendContract(ORDERS, Contract.of(Order.class))
          .waiveFourEyes()
          .because("Few ask")
          .commit();
    }
    assertThat(lead().grant(ORDERS).to(ANALYST).because("Reports").plan().findings()).isEmpty();
    lead().requests().approve(id).commit();
    assertWhole();
  }

  @Test
  void anApprovalNeverReducesAnExistingGrant() {
    ordersBesideFinance(Contract.of(Order.class));
    GrantSummary there = lead().grant(ORDERS).to(ANALYST).because("Reports").commit().get(0);
    AccessRequest request =
        analyst()
            .requests()
            .requestAccess(ORDERS)
            .until(clock.instant().plus(Duration.ofDays(1)))
            .purpose("Audit")
            .commit();
    assertThat(request.alreadyReadable()).containsExactly("id", "customer", "amount", "note");
    AccessPlan<AccessRequest> plan = lead().requests().approve(request.id()).plan();
    assertThat(plan.losses()).isEmpty();
    assertThat(plan.findings())
        .extracting(Finding::code)
        .containsExactly(FindingCode.ALREADY_READABLE);

    assertThat(plan.commit().state()).isEqualTo(AccessRequest.State.APPROVED);

    assertThat(lead().access().grants()).containsExactly(there);
    clock.advance(Duration.ofDays(2));
    assertThat(readable()).hasSize(4);
    assertWhole();
  }

  @Test
  void severalApprovedRequestsAddUp() {
    ordersBesideFinance(sensitive());
    for (String column : List.of("id", "amount")) {
      String id =
          analyst().requests().requestAccess(ORDERS).columns(column).purpose("Audit").commit().id();
      lead().requests().approve(id).commit();
    }
    assertThat(readable()).containsExactly("id", "amount");
    String all = ask().id();
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> lead().requests().approve(all).commit(),
        "PARTIAL_SELECT_CONFLICT",
        "Nothing was changed");
    lead().requests().approve(all).columns("id", "customer", "amount", "note").commit();
    assertThat(readable()).containsExactly("id", "customer", "amount", "note");
    assertWhole();
  }

  @Test
  void aPlannedApprovalIsCommittedAsPlannedOrNotAtAll() {
    ordersBesideFinance(sensitive());
    String id =
        analyst().requests().requestAccess(ORDERS).columns("id").purpose("Audit").commit().id();
    AccessPlan<AccessRequest> plan = lead().requests().approve(id).plan();
    analyst().requests().requestAccess(ORDERS).columns("id", "customer").purpose("Audit").commit();
    State before = state();

    assertThatThrownBy(plan::commit)
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("Nothing was changed");

    assertNothingChanged(before);
    assertNotReadable();
  }

  @Test
  void aFirstApprovalDoesNotBecomeTheSecondByAccident() {
    ordersBesideFinance(sensitive().requireFourEyes());
    String id = ask().id();
    AccessPlan<AccessRequest> first = lead().requests().approve(id).plan();
    assertThat(first.steps())
        .extracting(Object::toString)
        .singleElement()
        .asString()
        .contains("one of two");
    privacy().requests().approve(id).commit();
    assertThatThrownBy(first::commit).isInstanceOf(ConflictException.class);
    assertNotReadable();
    lead().requests().deny(id).because("Changed my mind").commit();
    assertSettled(() -> lead().requests().approve(id).commit(), "DENIED");
  }

  /** Returns the result of a call, or its error. */
  private static Callable<Object> outcome(Callable<?> call) {
    return () -> {
      try {
        return call.call();
      } catch (ConflictException | AccessDeniedException refused) {
        return refused;
      }
    };
  }

  @Test
  void concurrentApprovalsBothCountAndAWithdrawalIsBeforeOrAfterThem() throws Exception {
    ordersBesideFinance(sensitive().requireFourEyes());
    for (int round = 0; round < 3; round++) {
      String id = ask().id();
      List<Object> ends =
          ConcurrentCalls.run(
              List.of(
                  outcome(() -> lead().requests().approve(id).commit()),
                  outcome(() -> privacy().requests().approve(id).commit()),
                  outcome(() -> lead().requests().approve(id).commit())));

      AccessRequest now =
          lead().requests().received().stream()
              .filter(each -> each.id().equals(id))
              .findFirst()
              .orElseThrow();
      assertThat(now.state())
          .as("round " + round + ": " + ends)
          .isEqualTo(AccessRequest.State.APPROVED);
      assertThat(now.approvedBy()).containsExactlyInAnyOrder(LEAD, PRIVACY);
      lead().revoke(now.granted().orElseThrow().id()).commit();
      assertNotReadable();
    }
    for (int round = 0; round < 3; round++) {
      String id = ask().id();
      lead().requests().approve(id).commit();
      List<Object> ends =
          ConcurrentCalls.run(
              List.of(
                  outcome(() -> privacy().requests().approve(id).commit()),
                  outcome(() -> analyst().requests().withdraw(id).commit())));

      AccessRequest now =
          analyst().requests().sent().stream()
              .filter(each -> each.id().equals(id))
              .findFirst()
              .orElseThrow();
      assertThat(ends)
          .as("one of both calls fails")
          .hasAtLeastOneElementOfType(ConflictException.class);
      if (now.state() == AccessRequest.State.APPROVED) {
        assertThat(readable()).isNotEmpty();
        lead().revoke(now.granted().orElseThrow().id()).commit();
      } else {
        assertThat(now.state()).isEqualTo(AccessRequest.State.WITHDRAWN);
        assertNotReadable();
      }
    }
    assertWhole();
  }

  @Test
  void concurrentEqualRequestsAreOneRequest() throws Exception {
    ordersBesideFinance(sensitive());
    Callable<String> asking = () -> ask().id();
    assertThat(ConcurrentCalls.run(List.of(asking, asking, asking))).containsOnly(ask().id());
    assertThat(lead().requests().received()).hasSize(1);
  }

  @Test
  void noApprovalGrantsMoreThanWasRequested() {
    ordersBesideFinance(sensitive());
    List<String> columns = List.of("id", "customer", "amount", "note");
    for (int seed = 0; seed < 8; seed++) {
      Random random = new Random(seed);
      List<String> requested = some(columns, random);
      List<String> approved = some(random.nextInt(4) == 0 ? columns : requested, random);
      long from = random.nextInt(3);
      long to = random.nextInt(4);
      String id =
          analyst()
              .requests()
              .requestAccess(ORDERS)
              .columns(requested.toArray(String[]::new))
              .rows("id >= " + from)
              .purpose("Seed " + seed)
              .commit()
              .id();
      if (!requested.containsAll(approved)) {
        assertRefused(
            ErrorCode.INVALID_ARGUMENT,
            () -> lead().requests().approve(id).columns(approved.toArray(String[]::new)).commit(),
            "cannot exceed the request");
        lead().requests().deny(id).because("Too much").commit();
        continue;
      }
      GrantSummary grant =
          lead()
              .requests()
              .approve(id)
              .columns(approved.toArray(String[]::new))
              .rows("id < " + to + " OR id = " + to)
              .commit()
              .granted()
              .orElseThrow();
      assertThat(readable())
          .as("seed " + seed)
          .containsExactlyElementsOf(inOrder(columns, approved));
      assertThat(all(lead().read(ORDERS).where(grant.rows().orElseThrow()).as(Order.class)))
          .as("seed " + seed)
          .extracting(Order::id)
          .allMatch(row -> row >= from && row <= to)
          .hasSize((int) Math.max(0, Math.min(2, to) - from + 1));
      lead().revoke(grant.id()).commit();
    }
  }

  private static List<String> some(List<String> all, Random random) {
    List<String> some = new ArrayList<>(all);
    Collections.shuffle(some, random);
    return some.subList(0, 1 + random.nextInt(some.size()));
  }

  private static List<String> inOrder(List<String> all, List<String> some) {
    return all.stream().filter(some::contains).toList();
  }
}
