package io.meshwork.internal.conformance.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.contract.Contract;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.NotFoundException;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.ledger.UnloggedDocuments;
import io.meshwork.notice.Notice;
import io.meshwork.notice.Notifier.DeliveryReport;
import io.meshwork.operation.Plan;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Outcome;
import io.meshwork.registry.Registry.Transaction;
import io.meshwork.testkit.Faults.Death;
import io.meshwork.testkit.Faults.Phase;
import io.meshwork.testkit.Faults.Port;
import io.meshwork.testkit.RecordingNotifier;
import io.meshwork.testkit.SimulatedCrash;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** An unused notifier is forgotten, and its undelivered notices are not reported again. */
public abstract class ForgottenNotifiersSuite extends MeshFixture {
  private static final String OTHER = "commerce/other";

  private final RecordingNotifier notices = new RecordingNotifier();

  /** Returns the documents of a notifier in the registry. */
  private List<Key> documentsOf(String notifier) {
    String first = UnloggedDocuments.CURSORS + notifier;
    return state().documents().keySet().stream()
        .filter(key -> key.sort().equals(first) || key.sort().startsWith(first + "/"))
        .toList();
  }

  /** Returns the position of the notifier {@code test} in the log of the orders. */
  private Key position() {
    return documentsOf("test").stream()
        .filter(key -> key.sort().endsWith("/" + ORDERS))
        .findFirst()
        .orElseThrow();
  }

  private void subscribeToOrders() {
    defineOrders();
    registerFinance();
    as("finance").subscribe(ORDERS).name("tax").purpose("Tax").contact("t@x").commit();
  }

  /** Leaves two parked notices and a waiting publish of orders for each of two notifiers. */
  private void leave() {
    reopen(builder -> builder.notifier("test", notices).notifier("test-two", notices));
    subscribeToOrders();
    mesh.deliverNotices();
    notices.before(UndeliveredNoticesSuite::refuse);
    publishOneByOne(0, 2);
    assertThat(mesh.deliverNotices().parked()).isEqualTo(4);
    clock.advance(Duration.ofSeconds(1));
    publishOneByOne(2, 3);
    clock.advance(Duration.ofHours(2));
    notices.before(notice -> {});
    notices.clear();
  }

  private List<Finding> findings(String notifier) {
    Predicate<Finding> isOfNotifier =
        finding ->
            finding.where().equals("notifier " + notifier)
                || finding.where().contains(UnloggedDocuments.CURSORS + notifier + "/");
    return List.of(mesh.doctor().findings(), shop().health().findings()).stream()
        .flatMap(List::stream)
        .filter(isOfNotifier)
        .toList();
  }

  @Test
  void theUndeliveredNoticesOfANotifierArePlannedByLogAndForgotten() {
    leave();
    assertThat(findings("test"))
        .extracting(Finding::code)
        .containsExactly(
            FindingCode.NOTICE_PARKED, FindingCode.NOTICE_WAITING, FindingCode.NOTICE_PARKED);
    assertThat(findings("test").get(0).fix()).contains("mesh.forgetNotifier(");
    assertThat(findings("test"))
        .filteredOn(finding -> finding.where().equals("notifier test"))
        .allMatch(finding -> finding.fix().contains("mesh forget-notifier test"));

    Plan<List<Finding>> plan = mesh.forgetNotifier("test").plan();

    assertThat(plan.steps())
        .extracting(Plan.Step::subject)
        .containsExactly("notifier test", ORDERS);
    assertThat(plan.steps().get(1).detail()).isEqualTo("1 event waits, 2 notices are parked");
    int documents = documentsOf("test_two").size();
    assertThat(mesh.forgetNotifier("test").commitAsPlanned(plan.fingerprint())).isEmpty();
    assertThat(documentsOf("test")).isEmpty();
    assertThat(findings("test")).isEmpty();
    assertThat(documentsOf("test_two")).as("another notifier is left alone").hasSize(documents);
    assertThat(mesh.retryParkedNotices().delivered()).isEqualTo(2);
    assertThat(mesh.deliverNotices().delivered()).isEqualTo(1);
    assertThat(mesh.doctor().findings()).isEmpty();
  }

  @Test
  void theLogSaysWhoForgotIt() {
    leave();
    String partition = documentsOf("test").get(0).partition();

    mesh.forgetNotifier("test").commit();

    MeshEvent event =
        state().documents().values().stream()
            .filter(document -> document.key().sort().startsWith("log/"))
            .filter(document -> document.json().contains("notifier.forgotten"))
            .filter(document -> document.key().partition().equals(partition))
            .map(document -> MeshEvent.fromJson(partition, document.json()))
            .findFirst()
            .orElseThrow();
    assertThat(event.type()).isEqualTo(MeshEvent.Type.NOTIFIER_FORGOTTEN);
    assertThat(event.json()).contains("\"notifier\":\"test\"", "\"parked\":2");
    assertThat(event.principal()).contains("/");
  }

  @Test
  void aPlanOfAnotherStateForgetsNothing() {
    leave();
    String reviewed = mesh.forgetNotifier("test").plan().fingerprint();
    publishOneByOne(3, 4);
    List<Key> before = documentsOf("test");

    assertThatThrownBy(() -> mesh.forgetNotifier("test").commitAsPlanned(reviewed))
        .isInstanceOf(ConflictException.class);

    assertThat(documentsOf("test")).isEqualTo(before).isNotEmpty();
  }

  @Test
  void anUnknownNameIsRefusedWithTheKnownNames() {
    leave();

    assertThatThrownBy(() -> mesh.forgetNotifier("tests").plan())
        .isInstanceOf(NotFoundException.class)
        .hasMessageContainingAll("notifier tests", "test, test_two");
    assertRefused(ErrorCode.NAME_INVALID, () -> mesh.forgetNotifier("Test!"), "Test!");
    mesh.forgetNotifier("test").commit();
    assertThatThrownBy(() -> mesh.forgetNotifier("test").commit())
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void aProcessThatStillUsesItStartsAgain() {
    reopen(builder -> builder.notifier("test", notices));
    subscribeToOrders();
    publishOneByOne(0, 3);
    clock.advance(Duration.ofHours(1));
    mesh.deliverNotices();
    publishOneByOne(3, 5);
    clock.advance(Duration.ofHours(1));
    notices.clear();

    mesh.forgetNotifier("test").commit();

    assertThat(mesh.deliverNotices()).as("of the past").isEqualTo(DeliveryReport.NOTHING);
    publishOneByOne(5, 6);
    assertThat(mesh.deliverNotices().delivered()).isEqualTo(1);
    assertThat(notices.once()).singleElement().extracting(Notice::id).asString().contains("tax");
    assertThat(findings("test")).isEmpty();
  }

  @Test
  void aDeliveryInProgressWritesNoPositionOfAForgottenNotifier() {
    reopen(builder -> builder.notifier("test", notices));
    subscribeToOrders();
    mesh.deliverNotices();
    publishOneByOne(0, 3);
    clock.advance(Duration.ofHours(1));
    notices.before(
        notice -> {
          notices.before(later -> {});
          mesh.forgetNotifier("test").commit();
        });

    mesh.deliverNotices();

    assertThat(documentsOf("test")).noneMatch(key -> key.sort().endsWith("/" + ORDERS));
    assertThat(mesh.deliverNotices()).isEqualTo(DeliveryReport.NOTHING);
  }

  @Test
  void aDamagedPositionIsForgottenToo() {
    leave();
    Key damaged = position();
    Document stored = registry.read(damaged).orElseThrow();
    write(1, Transaction.attempt(attempt(1)).replace(damaged, "{\"format\":99}", stored.version()));
    assertThat(findings("test"))
        .extracting(Finding::code)
        .contains(FindingCode.NOTICE_POSITION_DAMAGED);

    mesh.forgetNotifier("test").commit();

    assertThat(documentsOf("test")).isEmpty();
    assertThat(findings("test")).isEmpty();
  }

  private static String attempt(int number) {
    return "01a9f2e0-0000-8000-8000-" + String.format("%012d", number);
  }

  private void write(int number, Transaction.Builder change) {
    assertThat(registry.commit(change.build())).as("write %s", number).isEqualTo(Outcome.COMMITTED);
  }

  @Test
  void whatACrashLeftIsForgottenByTheNextCall() {
    leave();
    Key one = position();
    String position = registry.read(one).orElseThrow().json();
    for (int write = 0; write < 3; write++) {
      Transaction.Builder change = Transaction.attempt(attempt(write));
      for (int i = 0; i < 30; i++) {
        String sort = UnloggedDocuments.CURSORS + "test/commerce/gone" + (write * 30 + i);
        change.insert(new Key(one.partition(), sort), position);
      }
      write(write, change);
    }
    faults.on(Port.REGISTRY_COMMIT).nth(2).crash(Phase.BEFORE, Death.THROW);

    assertThatThrownBy(() -> mesh.forgetNotifier("test").commit())
        .isInstanceOf(SimulatedCrash.class);
    faults.clear();

    assertThat(documentsOf("test")).isNotEmpty().hasSizeLessThan(90);
    mesh.forgetNotifier("test").commit();
    assertThat(documentsOf("test")).isEmpty();
    assertThat(findings("test")).isEmpty();
  }

  @Test
  void aNewProductOfAnOldNotifierStillHasItsFirstNotice() {
    reopen(builder -> builder.notifier("test", notices));
    subscribeToOrders();
    mesh.deliverNotices();
    notices.clear();
    clock.advance(Duration.ofHours(1));
    shop().defineProduct(OTHER).contract(Contract.of(Order.class)).commit();

    mesh.deliverNotices();

    assertThat(notices.once()).extracting(Notice::id).containsExactly(OTHER + "/1/defined");
  }
}
