package io.meshwork.internal.conformance.events;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.NotFoundException;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.conformance.fixture.ConcurrentCalls;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.ScriptedRegistry.Fault;
import io.meshwork.notice.Notice;
import io.meshwork.notice.Notice.Kind;
import io.meshwork.notice.Notifier;
import io.meshwork.notice.Notifier.DeliveryReport;
import io.meshwork.product.Domain;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.testkit.RecordingNotifier;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Each notice is delivered at least once and in order, as promise P12 of reliability requires. */
public abstract class NoticesSuite extends MeshFixture {
  private static final String REFUNDS = "commerce/refunds";

  /** An error of the virtual machine, which is recorded if possible and rethrown. */
  private static final class SimulatedVmError extends VirtualMachineError {
    private static final long serialVersionUID = 1L;

    SimulatedVmError() {
      super("the process died");
    }
  }

  private static List<String> ids(List<Notice> notices) {
    return notices.stream().map(Notice::id).toList();
  }

  private static List<String> idsOf(String product, List<Notice> notices) {
    return idsWithin(product, ids(notices));
  }

  private void subscribe(String name) {
    as("finance").subscribe(ORDERS).name(name).purpose("Revenue").contact(name + "@x").commit();
  }

  /** Defines two products with two publishes each, and two subscriptions to the first. */
  private MeshClient twoProducts() {
    MeshClient shop = defineOrders();
    shop.defineProduct(REFUNDS).contract(Contract.of(Order.class)).commit();
    registerFinance();
    subscribe("revenue");
    subscribe("tax");
    for (int i = 0; i < 2; i++) {
      shop.publish(ORDERS).records(Order.range(i, i + 1)).commit();
      shop.publish(REFUNDS).records(Order.range(i, i + 1)).commit();
    }
    return shop;
  }

  @Test
  void aGranteeIsNotifiedOfVisibleColumnsUntilTheGrantIsRevoked() {
    RecordingNotifier notices = new RecordingNotifier();
    reopen(builder -> builder.notifier("test", notices));
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
    registerFinance();
    Principal audit = Principal.of("finance", "audit");
    shop.grant(ORDERS).to(Principal.of("finance", "etl")).because("Revenue").commit();
    String some =
        shop.grant(ORDERS).to(audit).rows("id > 90").because("Audit").commit().get(0).id();
    subscribe("all");
    mesh.clientAs(audit).subscribe(ORDERS).name("some").purpose("Audit").contact("a@x").commit();
    shop.publish(ORDERS).records(Order.range(0, 17)).commit();
    mesh.deliverNotices();

    List<Notice> sent =
        notices.all().stream().filter(each -> each.kind() == Kind.PUBLISHED).toList();
    assertThat(sent).extracting(Notice::to).containsExactly("all@x", "a@x");
    assertThat(sent)
        .extracting(notice -> notice.domain().accounts())
        .as("where notices can be sent to")
        .containsExactly(List.of("finance"), List.of("finance"));
    assertThat(sent.get(0).subject()).contains("17 rows added");
    assertThat(sent.get(0).facts()).containsEntry("rowsTotal", "17");
    assertThat(sent.get(1).subject()).isEqualTo(ORDERS + " was published to");
    assertThat(sent.get(1).text()).contains("poll").doesNotContain("17");
    assertThat(sent.get(1).facts())
        .containsOnlyKeys("contractVersion", "major", "mode", "publishId", "subscription");

    notices.clear();
    shop.publish(ORDERS).records(List.<Order>of()).commit();
    mesh.deliverNotices();
    assertThat(notices.all())
        .as("a reader of some rows cannot distinguish no rows from hidden rows")
        .hasSize(1);
    assertThat(notices.all().get(0).to()).isEqualTo("a@x");
    assertThat(notices.all().get(0).subject()).isEqualTo(sent.get(1).subject());
    assertThat(notices.all().get(0).facts()).containsOnlyKeys(sent.get(1).facts().keySet());
    notices.clear();

    shop.revoke(some).commit();
    shop.publish(ORDERS).records(Order.range(17, 18)).commit();
    mesh.deliverNotices();
    assertThat(notices.all())
        .filteredOn(each -> each.kind() == Kind.PUBLISHED)
        .extracting(Notice::to)
        .containsExactly("all@x");
  }

  @Test
  void anEndedSubscriptionNotifiesTheOtherSideOnce() {
    RecordingNotifier notices = new RecordingNotifier();
    reopen(builder -> builder.notifier("test", notices));
    MeshClient shop = defineOrders();
    registerFinance();
    subscribe("revenue");
    subscribe("tax");
    clock.advance(Duration.ofDays(100));
    subscribe("late");
    mesh.deliverNotices();
    notices.clear();

    as("finance").unsubscribe(ORDERS, "revenue").commit();
    shop.unsubscribe(ORDERS, "finance/tax").because("Not used this year").commit();
    shop.publish(ORDERS).records(Order.range(0, 1)).commit();
    mesh.deliverNotices();

    assertThat(notices.all())
        .extracting(Notice::id, Notice::kind, Notice::to)
        .containsExactlyInAnyOrder(
            tuple(
                consumerLog("finance") + "/4/unsubscribed", Kind.UNSUBSCRIBED, "shop@example.org"),
            tuple(consumerLog("finance") + "/5/unsubscribed", Kind.UNSUBSCRIBED, "tax@x"),
            tuple(ORDERS + "/2/published.finance.late", Kind.PUBLISHED, "late@x"));
    Notice sent =
        notices.all().stream().filter(each -> each.to().equals("tax@x")).findFirst().orElseThrow();
    assertThat(sent.text())
        .contains(ORDERS, "finance/tax", "commerce/etl", "DORMANT", "Not used this year");
    assertThat(sent.facts())
        .containsEntry("subscription", "finance/tax")
        .containsEntry("state", "DORMANT");
  }

  @Test
  void theOwnerAndSubscribersThatLoseAccessAreNotifiedOfAClosedProduct() {
    RecordingNotifier notices = new RecordingNotifier();
    reopen(builder -> builder.notifier("test", notices));
    MeshClient shop = defineOrders();
    registerFinance();
    as("sales").registerDomain("sales").owner("sales@example.org").commit();
    subscribe("revenue");
    as("sales").subscribe(ORDERS).name("kept").purpose("Sales").contact("kept@x").commit();
    shop.grant(ORDERS).to(Principal.of("sales", "etl")).because("Sales").commit();
    mesh.deliverNotices();

    shop.access().closeToMesh(ORDERS).commit();
    shop.defineProduct(ORDERS).contract(Contract.of(Order.class)).openToMesh().commit();
    shop.access()
        .plan(
            shop.access().closeToMesh(ORDERS),
            shop.grant(ORDERS).to(Principal.of("sales", "bi")).because("Sales"))
        .commit();
    mesh.deliverNotices();

    assertThat(notices.all())
        .filteredOn(notice -> notice.kind() == Kind.CLOSED)
        .extracting(Notice::to)
        .containsExactly("shop@example.org", "revenue@x", "shop@example.org", "revenue@x");
    assertThat(notices.all())
        .filteredOn(notice -> notice.to().equals("revenue@x"))
        .extracting(Notice::text)
        .allMatch(text -> text.contains("requestAccess(\"" + ORDERS + "\")"));
    assertWhole();
  }

  @Test
  void subscribersAndOwnersAreNotifiedOfTheirChanges() {
    RecordingNotifier notices = new RecordingNotifier();
    reopen(builder -> builder.notifier("test", notices));
    MeshClient shop =
        defineOrders(
            Contract.of(Order.class)
                .require(Rule.atLeast("amount", 0))
                .onViolation(OnViolation.QUARANTINE));
    registerFinance();
    subscribe("revenue");
    List<Order> orders = new ArrayList<>(Order.range(0, 10));
    orders.set(5, new Order(5, CANARY, new BigDecimal("-1.00"), Optional.empty()));
    PublishReceipt first = shop.publish(ORDERS).records(orders).commit();
    shop.publish(ORDERS).records(List.<Order>of()).commit();
    shop.publish(ORDERS).records(Order.range(10, 12)).replaceAll().commit();
    shop.rollBack(ORDERS).to(first.snapshotId().orElseThrow()).because("secret").commit();

    DeliveryReport delivered = mesh.deliverNotices();

    assertThat(delivered).isEqualTo(new DeliveryReport(6, 0, 0));
    assertThat(notices.all())
        .extracting(Notice::id, Notice::kind, Notice::to)
        .containsExactly(
            tuple(ORDERS + "/1/defined", Kind.DEFINED, "shop@example.org"),
            tuple(ORDERS + "/2/published.finance.revenue", Kind.PUBLISHED, "revenue@x"),
            tuple(ORDERS + "/2/quarantined", Kind.QUARANTINED, "shop@example.org"),
            tuple(ORDERS + "/4/published.finance.revenue", Kind.PUBLISHED, "revenue@x"),
            tuple(ORDERS + "/5/rolled-back.finance.revenue", Kind.ROLLED_BACK, "revenue@x"),
            tuple(consumerLog("finance") + "/1/subscribed", Kind.SUBSCRIBED, "shop@example.org"));
    Notice sent = notices.all().get(1);
    assertThat(sent.eventId()).isEqualTo(ORDERS + "/2");
    assertThat(sent.product()).hasToString(ORDERS);
    assertThat(sent.at()).isEqualTo(first.committedAt());
    assertThat(sent.facts())
        .containsEntry("snapshotId", first.snapshotId().orElseThrow())
        .containsEntry("publishId", first.publishId())
        .containsEntry("rowsAccepted", "9")
        .containsEntry("rowsQuarantined", "1")
        .containsEntry("rowsTotal", "9")
        .containsEntry("subscription", "finance/revenue");
    assertThat(notices.all())
        .extracting(Notice::toJson)
        .noneMatch(json -> json.contains(CANARY) || json.contains("secret"));
    assertThat(mesh.deliverNotices()).isEqualTo(DeliveryReport.NOTHING);
    assertWhole();
  }

  @Test
  void p12ACrashAroundAnyDeliveryRepeatsAndNeverSkips() {
    RecordingNotifier calm = new RecordingNotifier();
    Map<String, RecordingNotifier> dying = new TreeMap<>();
    for (int at = 1; at <= 8; at++) {
      dying.put("before-" + at, dyingAt(at, true));
      dying.put("after-" + at, dyingAt(at, false));
    }
    reopen(
        builder -> {
          dying.forEach(builder::notifier);
          return builder.notifier("zz-calm", calm);
        });
    twoProducts();

    assertThatThrownBy(mesh::deliverNotices).isInstanceOf(SimulatedVmError.class);
    clock.advance(Duration.ofHours(1));
    mesh.deliverNotices();

    assertThat(calm.all()).hasSize(8);
    assertThat(dying.values())
        .as("a crash after a delivery repeats it")
        .anyMatch(notices -> notices.all().size() > notices.once().size());
    dying.forEach(
        (name, notices) -> {
          assertThat(ids(notices.once()))
              .as(name)
              .containsExactlyInAnyOrderElementsOf(ids(calm.all()));
          for (String product : List.of(ORDERS, REFUNDS)) {
            assertThat(idsOf(product, notices.once()))
                .as(name + ", in order")
                .isEqualTo(idsOf(product, calm.all()));
          }
          assertThat(notices.all().size() - notices.once().size())
              .as(name + " repeats at most what one event gives")
              .isLessThanOrEqualTo(2);
          for (Notice again : notices.all()) {
            assertThat(calm.all()).as(name + " says the same").contains(again);
          }
        });
    assertThat(mesh.deliverNotices()).isEqualTo(DeliveryReport.NOTHING);
    assertWhole();
  }

  private static RecordingNotifier dyingAt(int call, boolean before) {
    int[] calls = {0};
    RecordingNotifier notices = new RecordingNotifier();
    Consumer<Notice> death =
        notice -> {
          if (++calls[0] == call) {
            throw new SimulatedVmError();
          }
        };
    return before ? notices.before(death) : notices.after(death);
  }

  @Test
  void p12AFailedOrLateCursorWriteRepeatsAndNeverSkips() {
    RecordingNotifier calm = new RecordingNotifier();
    RecordingNotifier shaken = new RecordingNotifier();
    reopen(builder -> builder.notifier("calm", calm).notifier("shaken", shaken));
    twoProducts();
    mesh.deliverNotices();
    List<String> expected = ids(calm.all());
    int repeats = 0;

    for (int round = 0; round < 8; round++) {
      Fault fault = Fault.values()[round / 2];
      shaken.clear();
      calm.clear();
      shop().publish(ORDERS).records(Order.range(round, round + 1)).commit();
      shop().publish(REFUNDS).records(Order.range(round, round + 1)).commit();
      registry.everyOther(fault);
      registry.resolving(round % 2 == 0);
      mesh.deliverNotices();
      registry.next();
      registry.resolving(true);
      mesh.deliverNotices();
      registry.deliver(); // what was on its way comes after all, and must move nothing back
      mesh.deliverNotices();

      repeats += shaken.all().size() - shaken.once().size();
      assertThat(ids(shaken.once())).as("with %s", fault).isEqualTo(ids(calm.once()));
      assertThat(idsOf(ORDERS, shaken.once())).as("with %s", fault).hasSize(2);
    }
    assertThat(expected).doesNotHaveDuplicates().hasSize(8);
    assertThat(repeats).as("repeats after a write that is late and cannot be settled").isPositive();
    assertThat(mesh.deliverNotices()).isEqualTo(DeliveryReport.NOTHING);
    assertWhole();
  }

  @Test
  void anUndeliverableNoticeIsParkedAndBlocksNoOther() {
    RecordingNotifier poisoned = new RecordingNotifier();
    RecordingNotifier other = new RecordingNotifier();
    reopen(builder -> builder.notifier("poisoned", poisoned).notifier("other", other));
    String poison = ORDERS + "/2/published.finance.revenue";
    boolean[] fixed = {false};
    poisoned.before(
        notice -> {
          if (notice.id().equals(poison) && !fixed[0]) {
            throw new IllegalStateException("cannot send " + CANARY);
          }
        });
    MeshClient shop = twoProducts();

    assertThat(mesh.deliverNotices()).isEqualTo(new DeliveryReport(12, 1, 0));
    assertThat(idsOf(ORDERS, poisoned.all())).containsExactly(ORDERS + "/1/defined");
    assertThat(idsOf(REFUNDS, poisoned.all()))
        .as("notices of another product are delivered")
        .isNotEmpty();
    assertThat(other.all()).as("another notifier delivers").hasSize(8);
    assertThat(mesh.doctor().findings())
        .extracting(Finding::code)
        .containsExactly(FindingCode.NOTICE_FAILING);
    assertThat(mesh.doctor().isHealthy()).isTrue();
    assertThat(mesh.deliverNotices())
        .as("no retry before it is due")
        .isEqualTo(DeliveryReport.NOTHING);
    for (int tries = 2; tries < 8; tries++) {
      clock.advance(Duration.ofHours(1));
      assertThat(mesh.deliverNotices()).as("try %s", tries).isEqualTo(new DeliveryReport(0, 1, 0));
    }
    clock.advance(Duration.ofHours(1));
    assertThat(mesh.deliverNotices()).isEqualTo(new DeliveryReport(3, 0, 1));
    assertThat(idsOf(ORDERS, poisoned.all()))
        .containsExactly(
            ORDERS + "/1/defined",
            ORDERS + "/2/published.finance.tax",
            ORDERS + "/3/published.finance.revenue",
            ORDERS + "/3/published.finance.tax");

    assertThat(mesh.doctor().problems())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.code()).isEqualTo(FindingCode.NOTICE_PARKED);
              assertThat(finding.samples()).containsExactly(poison);
              assertThat(finding.what()).contains("IllegalStateException").doesNotContain(CANARY);
            });
    assertThat(mesh.retryParkedNotices()).isEqualTo(new DeliveryReport(0, 1, 0));
    fixed[0] = true;
    assertThat(mesh.retryParkedNotices()).isEqualTo(new DeliveryReport(1, 0, 0));
    assertThat(poisoned.all()).extracting(Notice::id).endsWith(poison);
    assertThat(mesh.doctor().findings()).isEmpty();
    assertThat(shop.publish(ORDERS).records(Order.range(9, 10)).commit().rowsAccepted())
        .isEqualTo(1);
  }

  @Test
  void aLastingFailureParksANoticeAtOnceAndOthersContinue() {
    RecordingNotifier refusing = new RecordingNotifier();
    reopen(builder -> builder.notifier("refusing", refusing));
    String refused = ORDERS + "/2/published.finance.revenue";
    refusing.before(
        notice -> {
          if (notice.id().equals(refused)) {
            throw Failure.of(MeshAction.of(Verb.DELIVER, notice.id()))
                .because("the receiver wants no more")
                .lasting(ErrorCode.BACKEND_FAILED);
          }
        });
    twoProducts();

    assertThat(mesh.deliverNotices()).isEqualTo(new DeliveryReport(7, 0, 1));
    assertThat(mesh.doctor().problems())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.samples()).containsExactly(refused);
              assertThat(finding.what())
                  .contains("failed with BACKEND_FAILED.")
                  .doesNotContain("Exception");
            });
  }

  @Test
  void aNoticeIsDeliveredAgainByItsId() {
    RecordingNotifier lost = new RecordingNotifier();
    reopen(builder -> builder.notifier("lost", lost));
    twoProducts();
    mesh.deliverNotices();
    String id = ORDERS + "/2/published.finance.revenue";
    lost.clear();

    assertThat(mesh.redeliverNotice(id)).isEqualTo(new DeliveryReport(1, 0, 0));

    assertThat(ids(lost.all())).containsExactly(id);
    assertThat(mesh.deliverNotices()).isEqualTo(DeliveryReport.NOTHING);
    for (String other :
        List.of("", "orders", ORDERS + "/2", id + "x", ORDERS + "/99/x", "shop/orders/2/x")) {
      assertThatThrownBy(() -> mesh.redeliverNotice(other))
          .as(other)
          .isInstanceOf(NotFoundException.class)
          .hasMessageContaining("'" + other + "'");
    }
  }

  /** Records events and notices in the order in which it gets them. */
  private static final class EventRecorder implements Notifier {
    private final List<String> ids = new ArrayList<>();
    private final Set<List<String>> owners = new HashSet<>();
    private Optional<String> failing = Optional.empty();
    private boolean isLasting;

    @Override
    public boolean deliversEvents() {
      return true;
    }

    @Override
    public void deliver(MeshEvent event, Domain owner) {
      owners.add(List.of(event.partition(), owner.name(), owner.owner()));
      record(event.id());
    }

    @Override
    public void deliver(Notice notice) {
      record(notice.id());
    }

    private void record(String id) {
      ids.add(id);
      if (failing.filter(id::equals).isPresent()) {
        Failure failure = Failure.of(MeshAction.of(Verb.DELIVER, id)).because("it is down");
        throw isLasting
            ? failure.lasting(ErrorCode.BACKEND_FAILED)
            : failure.passing(ErrorCode.BACKEND_FAILED);
      }
    }
  }

  @Test
  void eachEventIsDeliveredOnceBeforeItsNoticesToThoseThatDeliverEvents() {
    EventRecorder events = new EventRecorder();
    RecordingNotifier notices = new RecordingNotifier();
    reopen(builder -> builder.notifier("events", events).notifier("notices", notices));
    MeshClient shop = twoProducts();

    DeliveryReport report = mesh.deliverNotices();

    assertThat(report)
        .isEqualTo(new DeliveryReport(events.ids.size() + notices.all().size(), 0, 0));
    assertThat(events.ids).doesNotHaveDuplicates();
    assertThat(events.ids.stream().filter(id -> id.startsWith(ORDERS + "/")))
        .containsExactly(
            ORDERS + "/1",
            ORDERS + "/1/defined",
            ORDERS + "/2",
            ORDERS + "/2/published.finance.revenue",
            ORDERS + "/2/published.finance.tax",
            ORDERS + "/3",
            ORDERS + "/3/published.finance.revenue",
            ORDERS + "/3/published.finance.tax");
    assertThat(events.ids)
        .containsAll(shop.events(REFUNDS).list().stream().map(MeshEvent::id).toList())
        .containsAll(shop.events("commerce").list().stream().map(MeshEvent::id).toList());
    assertThat(events.owners)
        .contains(
            List.of(ORDERS, "commerce", "shop@example.org"),
            List.of(REFUNDS, "commerce", "shop@example.org"));
    assertThat(ids(notices.all()))
        .containsExactlyInAnyOrderElementsOf(
            events.ids.stream().filter(id -> !id.matches(".*/[0-9]+")).toList());
    assertThat(mesh.deliverNotices()).isEqualTo(DeliveryReport.NOTHING);
  }

  @Test
  void anEventThatFailsIsRetriedUnderItsIdBeforeLaterEventsOfItsLog() {
    EventRecorder events = new EventRecorder();
    reopen(builder -> builder.notifier("events", events));
    twoProducts();
    events.failing = Optional.of(ORDERS + "/2");
    assertThat(mesh.deliverNotices().failed()).isEqualTo(1);
    assertThat(idsWithin(ORDERS, events.ids))
        .containsExactly(ORDERS + "/1", ORDERS + "/1/defined", ORDERS + "/2");
    assertThat(idsWithin(REFUNDS, events.ids)).as("another log does not wait").hasSize(4);

    events.failing = Optional.empty();
    clock.advance(Duration.ofMinutes(1));
    mesh.deliverNotices();

    assertThat(idsWithin(ORDERS, events.ids).stream().filter(id -> id.matches(".*/[0-9]+")))
        .containsExactly(ORDERS + "/1", ORDERS + "/2", ORDERS + "/2", ORDERS + "/3");
  }

  @Test
  void anEventThatIsRefusedIsParkedAndSentAgainByItsIdOrWithTheParkedNotices() {
    EventRecorder events = new EventRecorder();
    reopen(builder -> builder.notifier("events", events));
    events.failing = Optional.of(ORDERS + "/2");
    events.isLasting = true;
    twoProducts();
    assertThat(mesh.deliverNotices().parked()).isEqualTo(1);
    assertThat(idsWithin(ORDERS, events.ids)).hasSize(8);
    assertThat(mesh.doctor().problems())
        .singleElement()
        .satisfies(finding -> assertThat(finding.samples()).containsExactly(ORDERS + "/2"));
    assertThat(mesh.retryParkedNotices()).isEqualTo(new DeliveryReport(0, 1, 0));

    events.failing = Optional.empty();
    events.ids.clear();
    assertThat(mesh.retryParkedNotices()).isEqualTo(new DeliveryReport(1, 0, 0));
    assertThat(mesh.redeliverNotice(ORDERS + "/2")).isEqualTo(new DeliveryReport(1, 0, 0));

    assertThat(events.ids).containsExactly(ORDERS + "/2", ORDERS + "/2");
    assertThat(mesh.doctor().problems()).isEmpty();
    assertThatThrownBy(() -> mesh.redeliverNotice(ORDERS + "/99"))
        .isInstanceOf(NotFoundException.class);
  }

  private static List<String> idsWithin(String product, List<String> ids) {
    return ids.stream().filter(id -> id.startsWith(product + "/")).toList();
  }

  @Test
  void aParkedNoticeThatIsDeliveredByItsIdIsNoLongerParked() {
    RecordingNotifier poisoned = new RecordingNotifier();
    boolean[] fixed = {false};
    poisoned.before(
        notice -> {
          if (!fixed[0]) {
            throw new IllegalStateException("down");
          }
        });
    reopen(builder -> builder.notifier("poisoned", poisoned));
    defineOrders();
    for (int tries = 0; tries < 8; tries++) {
      mesh.deliverNotices();
      clock.advance(Duration.ofHours(1));
    }
    String id = mesh.doctor().problems().get(0).samples().get(0);

    assertThat(mesh.redeliverNotice(id)).isEqualTo(new DeliveryReport(0, 1, 0));
    assertThat(mesh.doctor().problems()).as("it failed again").hasSize(1);
    fixed[0] = true;
    assertThat(mesh.redeliverNotice(id)).isEqualTo(new DeliveryReport(1, 0, 0));
    assertThat(mesh.doctor().problems()).isEmpty();
    assertThat(mesh.retryParkedNotices()).isEqualTo(DeliveryReport.NOTHING);
  }

  @Test
  void anyExceptionOfANotifierIsAFailedAttemptThatIsFinallyParked() {
    Map<String, Throwable> thrown =
        Map.of(
            "checked", new IOException(CANARY),
            "linking", new NoClassDefFoundError(CANARY),
            "deep", new StackOverflowError());
    reopen(
        builder -> {
          thrown.forEach(
              (name, what) ->
                  builder.notifier(name, notice -> NoticesSuite.<RuntimeException>fail(what)));
          return builder;
        });
    defineOrders();

    for (int tries = 1; tries < 8; tries++) {
      assertThat(mesh.deliverNotices()).as("try %s", tries).isEqualTo(new DeliveryReport(0, 3, 0));
      clock.advance(Duration.ofHours(1));
    }
    assertThat(mesh.maintain().commit().remaining()).isEmpty();

    assertThat(mesh.doctor().problems())
        .hasSize(3)
        .allSatisfy(finding -> assertThat(finding.code()).isEqualTo(FindingCode.NOTICE_PARKED))
        .extracting(Finding::what)
        .noneMatch(what -> what.contains(CANARY))
        .anyMatch(what -> what.contains("java.io.IOException"))
        .anyMatch(what -> what.contains("NoClassDefFoundError"))
        .anyMatch(what -> what.contains("StackOverflowError"));
    assertThat(mesh.retryParkedNotices()).isEqualTo(new DeliveryReport(0, 3, 0));
  }

  /** Throws checked exceptions that the caller does not declare. */
  @SuppressWarnings("unchecked")
  private static <X extends Throwable> void fail(Throwable what) throws X {
    throw (X) what;
  }

  @Test
  void anExceptionOfANotifierDoesNotFailACommittedPublish() {
    RecordingNotifier sent = new RecordingNotifier();
    reopen(
        builder ->
            builder
                .notifier(
                    "dying", notice -> NoticesSuite.<RuntimeException>fail(new SimulatedVmError()))
                .notifier(
                    "linking",
                    notice -> NoticesSuite.<RuntimeException>fail(new NoClassDefFoundError()))
                .notifier("test", sent)
                .executor(Runnable::run));

    MeshClient shop = defineOrders();

    assertThat(shop.publish(ORDERS).records(Order.range(0, 3)).commit().rowsAccepted())
        .isEqualTo(3);
    assertThat(ids(sent.all())).containsExactly(ORDERS + "/1/defined");
    assertThat(mesh.doctor().findings())
        .hasSize(2)
        .allSatisfy(finding -> assertThat(finding.code()).isEqualTo(FindingCode.NOTICE_FAILING));
  }

  @Test
  void anExecutorDeliversNoticesAfterEachCommitWithoutDelayingIt() {
    RecordingNotifier notices = new RecordingNotifier();
    ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    reopen(builder -> builder.notifier("test", notices).executor(tasks::add));
    twoProducts();

    assertThat(notices.all()).as("the committing thread delivers no notices").isEmpty();
    while (!tasks.isEmpty()) {
      tasks.remove().run();
    }

    assertThat(notices.all()).hasSize(8).doesNotHaveDuplicates();
    assertThat(mesh.deliverNotices()).isEqualTo(DeliveryReport.NOTHING);
    shop().publish(ORDERS).records(Order.range(5, 6)).commit();
    mesh.close();
    while (!tasks.isEmpty()) {
      tasks.remove().run();
    }
    assertThat(notices.all()).as("a closed mesh delivers nothing").hasSize(8);
  }

  @Test
  void anExecutorThatRejectsTasksDelaysOnlyNotices() {
    RecordingNotifier notices = new RecordingNotifier();
    reopen(
        builder ->
            builder
                .notifier("test", notices)
                .executor(
                    task -> {
                      throw new RejectedExecutionException("full");
                    }));
    twoProducts();

    assertThat(notices.all()).isEmpty();
    mesh.deliverNotices();
    assertThat(notices.all()).hasSize(8).doesNotHaveDuplicates();
  }

  @Test
  void concurrentDeliveriesLoseNothing() throws Exception {
    RecordingNotifier notices = new RecordingNotifier();
    reopen(builder -> builder.notifier("test", notices));
    twoProducts();

    ConcurrentCalls.run(Collections.nCopies(4, mesh::deliverNotices));
    mesh.deliverNotices();

    assertThat(notices.once()).hasSize(8);
    assertThat(idsOf(ORDERS, notices.once()))
        .containsExactly(
            ORDERS + "/1/defined",
            ORDERS + "/2/published.finance.revenue",
            ORDERS + "/2/published.finance.tax",
            ORDERS + "/3/published.finance.revenue",
            ORDERS + "/3/published.finance.tax");
    assertWhole();
  }

  @Test
  void aNewNotifierStartsNowAndAKnownOneContinues() {
    RecordingNotifier first = new RecordingNotifier();
    reopen(builder -> builder.notifier("first", first));
    twoProducts();
    mesh.close();
    clock.advance(Duration.ofDays(1));
    Optional<Mesh.Builder> same = existingMesh();
    assumeTrue(same.isPresent(), "the mesh cannot be opened again");
    RecordingNotifier second = new RecordingNotifier();
    mesh = prepared(same.orElseThrow()).notifier("first", first).notifier("second", second).open();
    shop().publish(ORDERS).records(Order.range(7, 8)).commit();

    mesh.deliverNotices();

    assertThat(first.all()).hasSize(10);
    assertThat(ids(second.all()))
        .containsExactly(
            ORDERS + "/4/published.finance.revenue", ORDERS + "/4/published.finance.tax");
  }

  @Test
  void notifierNamesAreValidAndUnique() {
    Mesh.Builder builder = prepared(mesh()).notifier("a-b", notice -> {});

    assertThatThrownBy(() -> builder.notifier("a_b", notice -> {}))
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> builder.notifier("A B", notice -> {}))
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> builder.notifier("x/../y", notice -> {}))
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void aReaderOfSomeColumnsGetsNoCountOfTheQuarantine() {
    RecordingNotifier notices = new RecordingNotifier();
    reopen(builder -> builder.notifier("test", notices));
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS)
        .contract(
            Contract.of(Order.class)
                .require(Rule.atLeast("amount", 0))
                .onViolation(OnViolation.QUARANTINE)
                .maxQuarantineShare(60))
        .commit();
    registerFinance();
    Principal some = Principal.of("finance", "some");
    shop.grant(ORDERS).to(Principal.of("finance", "etl")).because("Revenue").commit();
    shop.grant(ORDERS).to(some).columns("id").because("Counts").commit();
    subscribe("all");
    mesh.clientAs(some)
        .subscribe(ORDERS)
        .name("some")
        .purpose("Counts")
        .contact("some@x")
        .columns("id")
        .asMaps()
        .commit();
    List<Order> orders = new ArrayList<>(Order.range(0, 16));
    orders.add(new Order(16, "a", new BigDecimal("-1.00"), Optional.empty()));
    shop.publish(ORDERS).records(orders).commit();
    mesh.deliverNotices();

    Map<String, Notice> sent = new TreeMap<>();
    notices.all().stream()
        .filter(each -> each.kind() == Kind.PUBLISHED)
        .forEach(each -> sent.put(each.to(), each));
    assertThat(sent).containsOnlyKeys("all@x", "some@x");
    Notice ofSome = requireNonNull(sent.get("some@x"));
    assertThat(requireNonNull(sent.get("all@x")).facts())
        .containsEntry("rowsQuarantined", "1")
        .containsEntry("rowsAccepted", "16");
    assertThat(ofSome.facts())
        .containsEntry("rowsAccepted", "16")
        .doesNotContainKey("rowsQuarantined");
    assertThat(ofSome.text() + ofSome.subject()).doesNotContainIgnoringCase("quarantine");
    assertThatThrownBy(() -> mesh.clientAs(some).publishHistory(ORDERS).quality())
        .as("as the history says nothing of it")
        .isInstanceOf(AccessDeniedException.class);
  }
}
