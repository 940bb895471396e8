package io.meshwork.internal.conformance.contract;

import static io.meshwork.internal.conformance.fixture.AmendedOrders.FIRST;
import static io.meshwork.internal.conformance.fixture.AmendedOrders.subscribe;

import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.conformance.fixture.AmendedOrders.Customers;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.notice.Notice;
import io.meshwork.notice.Notice.Kind;
import io.meshwork.operation.Plan;
import io.meshwork.rollout.AmendTerms;
import io.meshwork.rollout.Rollout.Track;
import io.meshwork.rollout.TermsAmendment;
import io.meshwork.rollout.TermsAmendment.AmendedTerm;
import io.meshwork.testkit.RecordingNotifier;
import java.time.Duration;
import java.time.LocalDate;
import java.time.Period;
import java.util.List;
import java.util.Optional;

/** Orders whose contract promises freshness, and a contract that promises less. */
abstract class AmendmentRolloutFixture extends MeshFixture {
  static final String REASON = "The source delivers four times a day";
  static final LocalDate EARLIEST = LocalDate.parse("2026-12-20");
  static final Contract CONTRACT =
      FIRST.noticePeriod(Period.ofDays(30)).freshWithin(Duration.ofHours(1));
  static final Contract WEAKER = CONTRACT.freshWithin(Duration.ofHours(6));
  static final AmendedTerm FRESHNESS =
      new AmendedTerm("freshWithin", Optional.of("PT1H"), Optional.of("PT6H"));

  private final RecordingNotifier notices = new RecordingNotifier();

  /** Three orders that finance subscribes to and has read. */
  final void subscribed() {
    reopen(builder -> builder.notifier("test", notices));
    defineOrders(CONTRACT).publish(ORDERS).records(Order.range(0, 3)).commit();
    readAll(subscribe(registerFinance(), "customers", Customers.class));
    notified(Kind.SUBSCRIBED);
  }

  /** Three orders that finance has read without a subscription. */
  final void readWithoutSubscription() {
    reopen(builder -> builder.notifier("test", notices));
    defineOrders(CONTRACT).publish(ORDERS).records(Order.range(0, 3)).commit();
    all(registerFinance().read(ORDERS).as(Order.class));
  }

  final AmendTerms weakening() {
    return weakening(WEAKER);
  }

  final AmendTerms weakening(Contract contract) {
    return shop().amendTerms(ORDERS).contract(contract).because(REASON);
  }

  final TermsAmendment announced() {
    subscribed();
    return weakening().commit().announce().commit();
  }

  final void afterTheNotice() {
    clock.advance(Duration.ofDays(31));
  }

  final MeshClient finance() {
    return as("finance");
  }

  final TermsAmendment rollout() {
    return shop().termsAmendment(ORDERS);
  }

  final Track track() {
    return finance().termsAmendment(ORDERS).track("customers");
  }

  final Contract currentContract() {
    return shop().describe(ORDERS).versions().get(0).contract();
  }

  final List<Notice> notified(Kind kind) {
    mesh.deliverNotices();
    List<Notice> sent = notices.once().stream().filter(each -> each.kind() == kind).toList();
    notices.clear();
    return sent;
  }

  static List<FindingCode> codes(Plan<?> plan) {
    return plan.findings().stream()
        .filter(finding -> finding.severity() == Finding.Severity.ERROR)
        .map(Finding::code)
        .toList();
  }
}
