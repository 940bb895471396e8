package io.meshwork.internal.metrics;

import java.time.Instant;
import java.util.DoubleSummaryStatistics;
import java.util.Locale;

/**
 * The values of a metric at a time. Immutable.
 *
 * @param at the time
 * @param samples how many values there are, at least one
 * @param sum their sum
 * @param least the least of them
 * @param greatest the greatest of them
 */
public record MetricPoint(
    Name name,
    MetricSubject subject,
    Instant at,
    long samples,
    double sum,
    double least,
    double greatest) {
  /** The metrics of an operating run. */
  public enum Name {
    /** Rows of publishes, also quarantined ones. */
    RECORDS_PROCESSED,
    /** The quarantined rows among them. */
    RECORDS_QUARANTINED,
    /** The age of the rows of products that were published, in minutes. */
    FRESHNESS_MINUTES,
    /** Accepted rows of the newest publish, in percent of the offered ones. */
    QUALITY_SCORE,
    /** How many products break their promise of freshness. */
    PRODUCTS_LATE,
    /** Parked notices. */
    NOTICES_PARKED,
    /** Bytes that other domains did not copy because they read products in place. */
    BYTES_SPARED;

    /** Returns the name as services show it, such as {@code records_processed}. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static MetricPoint of(Name name, MetricSubject subject, Instant at, double value) {
    return new MetricPoint(name, subject, at, 1, value, value, value);
  }

  static MetricPoint of(
      Name name, MetricSubject subject, Instant at, DoubleSummaryStatistics values) {
    return new MetricPoint(
        name, subject, at, values.getCount(), values.getSum(), values.getMin(), values.getMax());
  }
}
