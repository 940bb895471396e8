package io.meshwork.internal.conformance.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.ledger.UnloggedDocuments;
import io.meshwork.maintenance.Maintain.Report;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.notice.Notice;
import io.meshwork.notice.Notifier.DeliveryReport;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Outcome;
import io.meshwork.registry.Registry.Transaction;
import io.meshwork.testkit.RecordingNotifier;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing that was not delivered is lost or hidden: not many parked notices, not a damaged log. */
public abstract class UndeliveredNoticesSuite extends MeshFixture {
  private static final Key PRODUCT = new Key("commerce", "product/orders");
  private static final String OTHER = "commerce/other";
  private static final Key ENTRY = new Key(ORDERS, "log/" + "0".repeat(19) + "2");
  private static final String DAMAGED = "{\"format\":1}";
  private static final String NEWER = "{\"format\":99}";
  private static final int SUBSCRIPTIONS = 30;
  private static final int PUBLISHES = 8;

  private final RecordingNotifier notices = new RecordingNotifier();
  private final Set<String> expected = new HashSet<>();

  private long replacements;

  /** Replaces a document, as damage to the registry does, and returns the one before. */
  private String replace(Key key, String json) {
    Document stored = registry.read(key).orElseThrow();
    String attempt = "01a9f2e0-0000-8000-8000-" + String.format("%012d", ++replacements);
    assertThat(
            registry.commit(
                Transaction.attempt(attempt).replace(key, json, stored.version()).build()))
        .isEqualTo(Outcome.COMMITTED);
    return stored.json();
  }

  /** Refuses a notice for good, as a receiver may. */
  static void refuse(Notice notice) {
    throw Failure.of(MeshAction.of(Verb.DELIVER, notice.id()))
        .because("the receiver wants no more")
        .lasting(ErrorCode.BACKEND_FAILED);
  }

  /** Has more notices parked than are named. */
  private void parkMany() {
    notices.before(
        notice -> {
          expected.add(notice.id());
          refuse(notice);
        });
    reopen(builder -> builder.notifier("test", notices));
    defineOrders();
    registerFinance();
    for (int i = 0; i < SUBSCRIPTIONS; i++) {
      as("finance").subscribe(ORDERS).name("s" + i).purpose("Revenue").contact("r@x").commit();
    }
    publishOneByOne(0, PUBLISHES);
    assertThat(mesh.deliverNotices().parked())
        .isEqualTo(expected.size())
        .isGreaterThan(SUBSCRIPTIONS * PUBLISHES);
  }

  private void receiveAllBut(Predicate<Notice> refused) {
    notices.before(
        notice -> {
          if (refused.test(notice)) {
            refuse(notice);
          }
        });
  }

  private Set<String> received() {
    Set<String> ids = new HashSet<>();
    notices.once().forEach(notice -> ids.add(notice.id()));
    return ids;
  }

  private long parked() {
    return mesh.doctor().problems().stream()
        .filter(finding -> finding.code() == FindingCode.NOTICE_PARKED)
        .mapToLong(Finding::count)
        .sum();
  }

  @Test
  void parkedNoticesThatAreTooManyToBeNamedAreCountedAndDeliveredAgain() {
    parkMany();
    assertThat(parked()).isEqualTo(expected.size());
    String refused = "published.finance.s3";

    receiveAllBut(notice -> notice.id().endsWith(refused));
    assertThat(mesh.retryParkedNotices().failed()).isEqualTo(PUBLISHES);

    assertThat(parked()).isEqualTo(PUBLISHES);
    assertThat(received()).hasSize(expected.size() - PUBLISHES);
    receiveAllBut(notice -> false);
    mesh.retryParkedNotices();
    assertThat(received()).isEqualTo(expected);
    assertThat(mesh.doctor().findings()).isEmpty();
    assertThat(mesh.retryParkedNotices()).isEqualTo(DeliveryReport.NOTHING);
  }

  @Test
  void anEventWhoseNoticesCannotBeMadeIsAProblemAndStopsNoOtherLog() {
    reopen(builder -> builder.notifier("test", notices));
    defineOrders();
    registerFinance();
    as("finance").subscribe(ORDERS).name("tax").purpose("Tax").contact("t@x").commit();
    mesh.deliverNotices();
    notices.clear();
    shop().defineProduct(OTHER).contract(Contract.of(Order.class)).commit();
    shop().publish(ORDERS).records(Order.range(1, 2)).commit();
    String whole = replace(PRODUCT, DAMAGED);

    DeliveryReport report = mesh.deliverNotices();

    assertThat(report).isEqualTo(new DeliveryReport(1, 1, 0));
    assertThat(received()).containsExactly(OTHER + "/1/defined");
    assertThat(mesh.doctor().problems())
        .filteredOn(finding -> finding.code() == FindingCode.NOTICE_NOT_MADE)
        .singleElement()
        .satisfies(finding -> assertThat(finding.samples()).containsExactly(ORDERS + "/2/*"));
    assertThat(mesh.operate(Duration.ofMinutes(1)).remaining())
        .extracting(Finding::code)
        .contains(FindingCode.NOTICE_NOT_MADE);
    replace(PRODUCT, whole);
    clock.advance(Duration.ofHours(1));
    mesh.deliverNotices();
    assertThat(received())
        .containsExactlyInAnyOrder(OTHER + "/1/defined", ORDERS + "/2/published.finance.tax");
    assertThat(mesh.doctor().findings()).isEmpty();
  }

  private static Stream<Arguments> damages() {
    return Stream.of(
        Arguments.of("a product without a name", PRODUCT, DAMAGED),
        Arguments.of("an entry of a log without a time", ENTRY, DAMAGED),
        Arguments.of("an entry of a log of a newer format", ENTRY, NEWER));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("damages")
  void anEventWhoseNoticesCanNeverBeMadeIsParkedAsAWhole(String name, Key key, String json) {
    reopen(builder -> builder.notifier("test", notices));
    defineOrders();
    registerFinance();
    as("finance").subscribe(ORDERS).name("tax").purpose("Tax").contact("t@x").commit();
    mesh.deliverNotices();
    notices.clear();
    shop().publish(ORDERS).records(Order.range(1, 2)).commit();
    String whole = replace(key, json);

    for (int tries = 1; tries < 8; tries++) {
      assertThat(mesh.deliverNotices()).as("try %s", tries).isEqualTo(new DeliveryReport(0, 1, 0));
      clock.advance(Duration.ofHours(1));
    }
    assertThat(mesh.deliverNotices()).isEqualTo(new DeliveryReport(0, 0, 1));
    assertThat(mesh.doctor().problems())
        .filteredOn(finding -> finding.code() == FindingCode.NOTICE_PARKED)
        .singleElement()
        .satisfies(finding -> assertThat(finding.samples()).isEqualTo(List.of(ORDERS + "/2/*")));
    assertThat(mesh.retryParkedNotices()).isEqualTo(new DeliveryReport(0, 1, 0));

    replace(key, whole);
    assertThat(mesh.redeliverNotice(ORDERS + "/2/*")).isEqualTo(new DeliveryReport(1, 0, 0));
    assertThat(received()).containsExactly(ORDERS + "/2/published.finance.tax");
    assertThat(mesh.doctor().findings()).isEmpty();
    assertThat(mesh.retryParkedNotices()).isEqualTo(DeliveryReport.NOTHING);
  }

  /** Returns the position of the notifier in the log of the orders. */
  private Key position() {
    return state().documents().keySet().stream()
        .filter(key -> key.sort().equals(UnloggedDocuments.CURSORS + "test/" + ORDERS))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {NEWER, "{\"format\":1,\"at\":\"x\"}"})
  void aDamagedPositionIsShownToItsOwnerAndStopsNoOtherLogNorOtherWork(String damaged) {
    reopen(builder -> builder.notifier("test", notices));
    defineOrders();
    registerFinance();
    mesh.deliverNotices();
    String whole = replace(position(), damaged);
    notices.before(UndeliveredNoticesSuite::refuse);
    shop().defineProduct(OTHER).contract(Contract.of(Order.class)).commit();
    publishOneByOne(0, 5);

    Report report = mesh.operate(Duration.ofMinutes(13));

    assertThat(report.remaining())
        .extracting(Finding::code)
        .containsExactlyInAnyOrder(FindingCode.NOTICE_POSITION_DAMAGED, FindingCode.NOTICE_PARKED);
    assertThat(report.total(Work.FILES_COMPACTED)).isEqualTo(5);
    assertThat(shop().health().findings())
        .extracting(Finding::code)
        .containsExactlyInAnyOrder(
            FindingCode.NOTICE_POSITION_DAMAGED,
            FindingCode.NOTICE_WAITING,
            FindingCode.NOTICE_PARKED);
    assertThat(as("finance").health().findings()).isEmpty();
    notices.clear();
    notices.before(notice -> {});
    assertThat(mesh.retryParkedNotices()).isEqualTo(new DeliveryReport(1, 1, 0));
    assertThat(received()).containsExactly(OTHER + "/1/defined");
    replace(position(), whole);
    mesh.deliverNotices();
    assertThat(mesh.doctor().findings()).isEmpty();
  }

  @Test
  void damagedRightsOfAnExecutorStopNoLogOfAnotherDomain() {
    reopen(builder -> builder.notifier("test", notices));
    defineOrders();
    registerFinance();
    Principal steward = Principal.of("central", "steward");
    shop().access().authorize(ORDERS).executors(steward).forAnyConsumer().because("Sales").commit();
    mesh.deliverNotices();
    notices.clear();
    Key executor = new Key("commerce", "executor/central");
    String whole = replace(executor, NEWER);
    as("finance").defineProduct("finance/tax").contract(Contract.of(Order.class)).commit();

    mesh.deliverNotices();

    assertThat(received()).containsExactly("finance/tax/1/defined");
    replace(executor, whole);
  }
}
