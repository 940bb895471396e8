package io.meshwork.internal.metrics;

import io.meshwork.card.Health;
import io.meshwork.contract.QualityReport.QualityEntry;
import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.discovery.DiscoveryOperations;
import io.meshwork.internal.event.EventDetails.MajorCommit;
import io.meshwork.internal.event.EventDetails.TableCommit;
import io.meshwork.internal.maintenance.MaintenanceTally;
import io.meshwork.internal.metrics.MetricPoint.Name;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.text.Count;
import io.meshwork.maintenance.Maintain.Report.Work;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Sends the metrics of one domain: its levels now, and the counts since the last run. */
final class DomainMetrics {
  private final ClientSession session;
  private final MetricsSink sink;
  private final DomainEntry domain;
  private final MetricSubject subject;
  private final Instant now;
  private final List<MetricPoint> pending = new ArrayList<>();
  private final Map<Instant, MinuteRowCounts> minutes = new TreeMap<>();
  private long tooOld;

  /** The rows of the publishes of a minute. */
  private record MinuteRowCounts(long processed, long quarantined) {
    MinuteRowCounts plus(MinuteRowCounts other) {
      return new MinuteRowCounts(processed + other.processed(), quarantined + other.quarantined());
    }
  }

  DomainMetrics(ClientSession session, MetricsSink sink, DomainEntry domain) {
    this.session = session;
    this.sink = sink;
    this.domain = domain;
    this.subject = MetricSubject.of(domain.domain().name());
    this.now = session.runtime().clock().instant();
  }

  /**
   * Sends them.
   *
   * @param health the health of the products of the domain
   * @param parked how many of its notices are parked
   */
  void send(List<Health> health, long parked, MaintenanceTally tally, Deadline deadline) {
    String name = domain.domain().name();
    ReportCursor cursor =
        ReportCursor.read(
            session,
            session.catalog().homeConsumerPartition(name),
            "metrics/" + RegistryKeys.partition(name));
    addLevels(health, parked);
    if (cursor.isDailyDue(now)) {
      pending.add(
          MetricPoint.of(
              Name.BYTES_SPARED,
              subject,
              now,
              DiscoveryOperations.ownAvoidedCopies(session, domain).bytes()));
      cursor.reportedDaily(now);
    }
    for (ProductEntry product : session.catalog().products(name)) {
      while (!cursor.advance(product.name(), () -> deadline.passed() || isFull(), this::count)
          && !deadline.passed()) {
        flush(cursor, tally);
      }
    }
    flush(cursor, tally);
    if (tooOld > 0) {
      tally.skip(leftOut());
    }
  }

  private void addLevels(List<Health> health, long parked) {
    DoubleSummaryStatistics ages = new DoubleSummaryStatistics();
    DoubleSummaryStatistics scores = new DoubleSummaryStatistics();
    long late = 0;
    for (Health each : health) {
      late += each.isLate() ? 1 : 0;
      each.freshness().age().ifPresent(age -> ages.accept(minutes(age)));
      each.quality().map(QualityEntry::qualityScore).ifPresent(score -> score.ifPresent(scores));
      if (sink.hasProducts() && each.freshness().promised().isPresent()) {
        addLevels(each);
      }
    }
    pending.add(MetricPoint.of(Name.PRODUCTS_LATE, subject, now, late));
    pending.add(MetricPoint.of(Name.NOTICES_PARKED, subject, now, parked));
    addIfAny(Name.FRESHNESS_MINUTES, ages);
    addIfAny(Name.QUALITY_SCORE, scores);
  }

  private void addIfAny(Name name, DoubleSummaryStatistics values) {
    if (values.getCount() > 0) {
      pending.add(MetricPoint.of(name, subject, now, values));
    }
  }

  private void addLevels(Health product) {
    MetricSubject own = MetricSubject.of(product.version());
    pending.add(MetricPoint.of(Name.PRODUCTS_LATE, own, now, product.isLate() ? 1 : 0));
    product
        .freshness()
        .age()
        .ifPresent(
            age -> pending.add(MetricPoint.of(Name.FRESHNESS_MINUTES, own, now, minutes(age))));
    product
        .quality()
        .map(QualityEntry::qualityScore)
        .ifPresent(
            score ->
                score.ifPresent(
                    value -> pending.add(MetricPoint.of(Name.QUALITY_SCORE, own, now, value))));
  }

  private static double minutes(Duration age) {
    return age.toSeconds() / 60.0;
  }

  /** A publish to several major versions has the same rows in each. */
  private void count(Instant at, TableCommit commit) {
    if (commit.majors().isEmpty()) {
      return;
    }
    if (at.isBefore(now.minus(sink.maxAge()))) {
      tooOld++;
      return;
    }
    MajorCommit leading = commit.majors().get(0);
    minutes.merge(
        (at.isAfter(now) ? now : at)
            .truncatedTo(ChronoUnit.MINUTES), // the clock of a host is ahead
        new MinuteRowCounts(
            leading.rowsAccepted() + leading.rowsQuarantined(), leading.rowsQuarantined()),
        MinuteRowCounts::plus);
  }

  private boolean isFull() {
    return 2 * (minutes.size() + 1) > sink.maxPoints();
  }

  /** A run that is killed before the cursor is written counts twice, and never too little. */
  private void flush(ReportCursor cursor, MaintenanceTally tally) {
    minutes.forEach(
        (minute, rows) -> {
          pending.add(MetricPoint.of(Name.RECORDS_PROCESSED, subject, minute, rows.processed()));
          pending.add(
              MetricPoint.of(Name.RECORDS_QUARANTINED, subject, minute, rows.quarantined()));
        });
    for (int from = 0; from < pending.size(); from += sink.maxPoints()) {
      sink.send(pending.subList(from, Math.min(pending.size(), from + sink.maxPoints())));
    }
    tally.add(subject.domain(), Work.METRICS_SENT, pending.size());
    pending.clear();
    minutes.clear();
    cursor.write();
  }

  private Finding leftOut() {
    return new Finding(
        FindingCode.METRICS_LEFT_OUT,
        Severity.WARNING,
        "metrics of " + subject.domain(),
        Count.of(tooOld, "publish was", "publishes were")
            + " not counted: "
            + sink.name()
            + " takes no points older than "
            + sink.maxAge().toDays()
            + " days.",
        tooOld,
        List.of(),
        "No action is needed for these: the log of each product has them. Run 'operate' every few"
            + " minutes.");
  }
}
