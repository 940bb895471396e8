package io.meshwork.internal.conformance.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.conformance.fixture.ConcurrentCalls;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.notice.Notice;
import io.meshwork.notice.Notice.Kind;
import io.meshwork.product.Classification;
import io.meshwork.product.Principal;
import io.meshwork.request.AccessRequest;
import io.meshwork.testkit.RecordingNotifier;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

/** Deciders and requesters are notified of access requests, and reminded until they act. */
public abstract class RemindersSuite extends AccessRequestFixture {
  private static final String OWNER = "shop@example.org";
  private static final String STEWARD = "steward@example.org";
  private static final String REQUESTER = "finance@example.org";

  private final RecordingNotifier notices = new RecordingNotifier();

  /** Reopens the mesh with a notifier, and defines the orders. */
  private void notifiedOrders(Contract contract) {
    mesh.close();
    mesh = prepared(mesh()).notifier("test", notices).open();
    ordersBesideFinance(contract);
    lead().registerDomain("commerce").steward(STEWARD).commit();
    notified();
  }

  /** Returns the notices since the last call. */
  private List<Tuple> notified() {
    mesh.deliverNotices();
    List<Tuple> sent =
        notices.once().stream()
            .filter(notice -> notice.kind().ordinal() > Kind.SUBSCRIBED.ordinal())
            .map(notice -> tuple(notice.kind(), notice.to()))
            .toList();
    notices.clear();
    return sent;
  }

  private long reminded() {
    return mesh.maintain().commit().total(Work.REMINDERS_SENT);
  }

  @Test
  void requesterAndOwnerAreNotifiedOfEachStep() {
    notifiedOrders(
        Contract.of(Order.class).classification(Classification.CONFIDENTIAL, "customer"));
    String id =
        analyst().requests().requestAccess(ORDERS).columns("id").purpose(CANARY).commit().id();
    mesh.deliverNotices();
    assertThat(notices.once())
        .filteredOn(notice -> notice.kind() == Kind.REQUESTED)
        .singleElement()
        .satisfies(
            notice -> {
              assertThat(notice.to()).isEqualTo(OWNER);
              assertThat(notice.product()).hasToString(ORDERS);
              assertThat(notice.text()).contains("finance/analyst", "approve", id);
              assertThat(notice.facts())
                  .containsEntry("request", id)
                  .containsEntry("domain", "finance")
                  .containsEntry("risk", "INTERNAL");
              assertThat(notice.toJson()).as("free text of requests").doesNotContain(CANARY);
            });
    notices.clear();

    lead().requests().requestClarification(id, "Why?").commit();
    assertThat(notified()).containsExactly(tuple(Kind.ASKED_BACK, REQUESTER));
    analyst().requests().respond(id, "Because").commit();
    assertThat(notified()).containsExactly(tuple(Kind.ANSWERED, OWNER));
    analyst().requests().requestAccess(ORDERS).purpose("All of it").commit();
    assertThat(notified())
        .as("the request is sensitive now")
        .containsExactly(tuple(Kind.REQUESTED, STEWARD));
    lead().requests().approve(id).columns("id").commit();
    assertThat(notified()).containsExactly(tuple(Kind.APPROVED, REQUESTER));
    lead().requests().deny(ask().id()).because("You have it").commit();
    assertThat(notified())
        .containsExactlyInAnyOrder(tuple(Kind.REQUESTED, STEWARD), tuple(Kind.DENIED, REQUESTER));
    String withdrawn = ask().id();
    analyst().requests().withdraw(withdrawn).commit();
    assertThat(notified()).containsExactly(tuple(Kind.REQUESTED, STEWARD));
    assertWhole();
  }

  @Test
  void aSecondApproverIsNotified() {
    notifiedOrders(Contract.of(Order.class).requireFourEyes());
    String id = ask().id();
    notified();
    lead().requests().approve(id).commit();
    assertThat(notified()).containsExactly(tuple(Kind.REQUEST_WAITING, OWNER));
    privacy().requests().approve(id).commit();
    assertThat(notified()).containsExactly(tuple(Kind.APPROVED, REQUESTER));
  }

  @Test
  void requestersWhoAreApprovedTogetherAreNotified() {
    notifiedOrders(Contract.of(Order.class));
    String one = ask().id();
    MeshClient intern = mesh.clientAs(Principal.of("finance", "intern"));
    String second =
        intern.requests().requestAccess(ORDERS).columns("id").purpose("Learning").commit().id();
    notified();
    lead()
        .access()
        .plan(lead().requests().approve(one), lead().requests().approve(second))
        .commit();
    assertThat(notified())
        .containsExactly(tuple(Kind.APPROVED, REQUESTER), tuple(Kind.APPROVED, REQUESTER));
    assertThat(intern.access().explain(intern.principal(), ORDERS).columns()).containsExactly("id");
    assertWhole();
  }

  @Test
  void theOwnerIsRemindedAfterThreeDaysAndThenWeekly() throws Exception {
    notifiedOrders(Contract.of(Order.class));
    AccessRequest request = ask();
    notified();
    clock.advance(Duration.ofDays(3).minusMillis(1));
    assertThat(reminded()).isZero();
    clock.advance(Duration.ofMillis(1));
    assertThat(mesh.maintain().plan().steps())
        .extracting(Object::toString)
        .containsOnlyOnce("remind the owner commerce/orders: request " + request.id() + " waits");
    Callable<Long> maintaining = this::reminded;
    assertThat(ConcurrentCalls.run(List.of(maintaining, maintaining)))
        .as("concurrent maintenance reminds once")
        .containsExactlyInAnyOrder(0L, 1L);
    assertThat(reminded()).isZero();
    assertThat(notified()).containsExactly(tuple(Kind.REQUEST_WAITING, OWNER));
    clock.advance(Duration.ofDays(16));
    assertThat(reminded()).as("two weeks without maintenance").isEqualTo(1);
    assertThat(reminded()).isZero();
    clock.advance(Duration.ofDays(5));
    lead().requests().requestClarification(request.id(), "Still?").commit();
    assertThat(reminded()).as("the request waits for the requester").isZero();
    analyst().requests().respond(request.id(), "Yes").commit();
    assertThat(reminded()).isEqualTo(1);
    analyst().requests().requestAccess(ORDERS).purpose("Other things").commit();
    assertThat(reminded()).as("a new request").isZero();
    clock.advance(Duration.ofDays(3));
    assertThat(reminded()).isEqualTo(1);
    lead().requests().approve(request.id()).commit();
    clock.advance(Duration.ofDays(20));
    assertThat(reminded()).isZero();
    assertThat(lead().events(ORDERS).list())
        .filteredOn(event -> event.type() == MeshEvent.Type.ACCESS_REMINDED)
        .hasSize(4);
    assertWhole();
  }

  @Test
  void theStewardIsRemindedOfASensitiveCondition() {
    notifiedOrders(sensitive());
    analyst()
        .requests()
        .requestAccess(ORDERS)
        .columns("id")
        .rows("customer = 'x'")
        .purpose("x")
        .commit();
    assertThat(notified()).containsExactly(tuple(Kind.REQUESTED, STEWARD));
    clock.advance(Duration.ofDays(3));
    assertThat(reminded()).isEqualTo(1);
    assertThat(notified()).containsExactly(tuple(Kind.REQUEST_WAITING, STEWARD));
  }

  @Test
  void anExpiredRequestNotifiesBothSidesOnce() {
    notifiedOrders(Contract.of(Order.class));
    ask();
    notified();
    clock.advance(Duration.ofDays(30));
    assertThat(reminded()).isEqualTo(1);
    assertThat(notified())
        .containsExactly(
            tuple(Kind.REQUEST_EXPIRED, OWNER), tuple(Kind.REQUEST_EXPIRED, REQUESTER));
    clock.advance(Duration.ofDays(30));
    assertThat(reminded()).isZero();
    analyst().requests().withdraw(ask().id()).commit();
    clock.advance(Duration.ofDays(40));
    assertThat(reminded()).as("a withdrawn request causes no reminder").isZero();
    assertWhole();
  }

  @Test
  void aGranteeIsNotifiedBeforeAndAfterAGrantExpires() {
    notifiedOrders(Contract.of(Order.class));
    String id =
        analyst()
            .requests()
            .requestAccess(ORDERS)
            .until(clock.instant().plus(Duration.ofDays(20)))
            .purpose("Audit")
            .commit()
            .id();
    lead().requests().approve(id).commit();
    lead().grant(ORDERS).toMesh().because("No end").commit();
    notified();
    clock.advance(Duration.ofDays(6).minusMillis(1));
    assertThat(reminded()).isZero();
    clock.advance(Duration.ofMillis(1));
    assertThat(reminded()).isEqualTo(1);
    assertThat(reminded()).isZero();
    assertThat(notified())
        .containsExactly(tuple(Kind.GRANT_ENDING, OWNER), tuple(Kind.GRANT_ENDING, REQUESTER));

    lead()
        .grant(ORDERS)
        .to(Principal.of("finance", "analyst"))
        .until(clock.instant().plus(Duration.ofDays(20)))
        .because("Longer")
        .commit();
    assertThat(reminded()).as("the grant was extended").isZero();
    clock.advance(Duration.ofDays(20));
    assertThat(reminded()).isEqualTo(1);
    assertThat(notified())
        .containsExactly(tuple(Kind.GRANT_ENDED, OWNER), tuple(Kind.GRANT_ENDED, REQUESTER));
    assertThat(reminded()).isZero();
    assertWhole();
  }

  @Test
  void aReminderIsDeliveredByTheMaintenanceThatSentIt() {
    notifiedOrders(Contract.of(Order.class));
    ask();
    notified();
    clock.advance(Duration.ofDays(3));
    mesh.maintain().commit();
    assertThat(notices.all()).extracting(Notice::kind).containsExactly(Kind.REQUEST_WAITING);
  }
}
