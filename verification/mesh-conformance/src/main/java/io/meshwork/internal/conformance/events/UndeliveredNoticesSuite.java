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
import io.meshwork.notice.Notice;
import io.meshwork.notice.Notifier.DeliveryReport;
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
import org.junit.jupiter.api.Test;

/** Nothing that was not delivered is lost or hidden: not many parked notices, not a damaged log. */
public abstract class UndeliveredNoticesSuite extends MeshFixture {
  private static final Key PRODUCT = new Key("commerce", "product/orders");
  private static final String OTHER = "commerce/other";
  private static final int SUBSCRIPTIONS = 30;
  private static final int PUBLISHES = 8;

  private final RecordingNotifier notices = new RecordingNotifier();
  private final Set<String> expected = new HashSet<>();

  /** Replaces the document of the orders, as damage to the registry does. */
  private void replaceProduct(String json) {
    Document stored = registry.read(PRODUCT).orElseThrow();
    assertThat(
            registry.commit(
                Transaction.attempt(
                        "01a9f2e0-0000-8000-8000-" + String.format("%012d", json.length()))
                    .replace(PRODUCT, json, stored.version())
                    .build()))
        .isEqualTo(Outcome.COMMITTED);
  }

  private static void refuse(Notice notice) {
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
    String whole = registry.read(PRODUCT).orElseThrow().json();
    mesh.deliverNotices();
    notices.clear();
    shop().defineProduct(OTHER).contract(Contract.of(Order.class)).commit();
    shop().publish(ORDERS).records(Order.range(1, 2)).commit();
    replaceProduct("{\"format\":1}");

    DeliveryReport report = mesh.deliverNotices();

    assertThat(report).isEqualTo(new DeliveryReport(1, 1, 0));
    assertThat(received()).containsExactly(OTHER + "/1/defined");
    assertThat(mesh.doctor().problems())
        .filteredOn(finding -> finding.code() == FindingCode.NOTICE_NOT_MADE)
        .singleElement()
        .satisfies(finding -> assertThat(finding.samples()).containsExactly(ORDERS + "/2"));
    assertThat(mesh.operate(Duration.ofMinutes(1)).remaining())
        .extracting(Finding::code)
        .contains(FindingCode.NOTICE_NOT_MADE);
    replaceProduct(whole);
    clock.advance(Duration.ofHours(1));
    mesh.deliverNotices();
    assertThat(received())
        .containsExactlyInAnyOrder(OTHER + "/1/defined", ORDERS + "/2/published.finance.tax");
    assertThat(mesh.doctor().findings()).isEmpty();
  }

  @Test
  void anEventWhoseNoticesCanNeverBeMadeIsParkedAsAWhole() {
    reopen(builder -> builder.notifier("test", notices));
    defineOrders();
    String whole = registry.read(PRODUCT).orElseThrow().json();
    replaceProduct("{\"format\":1}");

    for (int tries = 1; tries < 8; tries++) {
      assertThat(mesh.deliverNotices()).as("try %s", tries).isEqualTo(new DeliveryReport(0, 1, 0));
      clock.advance(Duration.ofHours(1));
    }
    assertThat(mesh.deliverNotices()).isEqualTo(new DeliveryReport(0, 0, 1));
    assertThat(mesh.doctor().problems())
        .filteredOn(finding -> finding.code() == FindingCode.NOTICE_PARKED)
        .singleElement()
        .satisfies(finding -> assertThat(finding.samples()).isEqualTo(List.of(ORDERS + "/1/*")));
    assertThat(mesh.retryParkedNotices()).isEqualTo(new DeliveryReport(0, 1, 0));

    replaceProduct(whole);
    assertThat(mesh.retryParkedNotices()).isEqualTo(new DeliveryReport(1, 0, 0));
    assertThat(received()).containsExactly(ORDERS + "/1/defined");
    assertThat(mesh.doctor().findings()).isEmpty();
  }
}
