package io.meshwork.contract;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Period;
import java.time.ZoneId;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a contract promises about the delivery of the data: how fresh, how complete in time, how
 * long, and how reliably. Start with {@link #NONE}; each method that sets something returns a new
 * value. The terms come from {@code slaProperties} in the Open Data Contract Standard 3.1.
 * Immutable and thread-safe.
 */
public final class ServiceLevel {
  /** Promises nothing. */
  public static final ServiceLevel NONE = new ServiceLevel(Map.of());

  /** The ID of the rule that rejects rows which are later than {@link #maxLateness} allows. */
  public static final String MAX_LATENESS = "maxLateness";

  /** How soon consumers are notified of an incident, unless the contract says otherwise. */
  public static final Duration DEFAULT_TIME_TO_NOTIFY = Duration.ofHours(4);

  /** How long a consumer that polls may pause, unless the contract says otherwise. */
  public static final Duration DEFAULT_POLL_HORIZON = Duration.ofDays(30);

  private final Map<ServiceLevelTerm, Object> values;

  private ServiceLevel(Map<ServiceLevelTerm, Object> values) {
    this.values = values;
  }

  /**
   * Sets the greatest age of the data: of its newest event time, if {@link #eventTime} names the
   * column, otherwise of its last publish.
   *
   * @param duration positive
   */
  public ServiceLevel freshWithin(Duration duration) {
    return with(ServiceLevelTerm.FRESH_WITHIN, duration);
  }

  /**
   * Sets the column that states when the event of a row happened. Freshness, lateness, and
   * retention refer to it.
   *
   * @param column a top-level column of timestamps; for dates and local timestamps, see {@link
   *     #eventTime(String, ZoneId)}
   */
  public ServiceLevel eventTime(String column) {
    return with(ServiceLevelTerm.EVENT_TIME, column).without(ServiceLevelTerm.EVENT_TIME_ZONE);
  }

  /**
   * Sets the column that states when the event of a row happened, in local time. If a local time
   * occurs twice, the later instant counts; a date means the end of the day.
   *
   * @param column a top-level column of dates or local timestamps
   * @param zone the time zone of its values
   */
  public ServiceLevel eventTime(String column, ZoneId zone) {
    return with(ServiceLevelTerm.EVENT_TIME, column).with(ServiceLevelTerm.EVENT_TIME_ZONE, zone);
  }

  /**
   * Sets the share of the minutes of a calendar month, in UTC, in which the data can be read. It is
   * stated for consumers; Meshwork does not measure it.
   *
   * @param percent above 0, at most 100
   */
  public ServiceLevel availability(double percent) {
    if (!Double.isFinite(percent)) {
      throw Contract.invalid(
          "availability is " + percent, "Use a share above 0 and at most 100 percent.");
    }
    return with(ServiceLevelTerm.AVAILABILITY, BigDecimal.valueOf(percent));
  }

  /**
   * Sets how long rows stay readable at least, counted from their event time. Default: not stated.
   * Meshwork removes no rows because of their age. A replacement that removes younger rows is
   * rejected; an erase and a rollback are not.
   *
   * @param period positive
   */
  public ServiceLevel retention(Period period) {
    return with(ServiceLevelTerm.RETENTION, period);
  }

  /**
   * Sets how often the producer expects to publish: a hint for consumers, not a promise.
   *
   * @param duration positive
   */
  public ServiceLevel frequency(Duration duration) {
    return with(ServiceLevelTerm.FREQUENCY, duration);
  }

  /**
   * Sets how soon consumers are notified of an incident, such as late data: run maintenance at
   * least so often. Default: {@link #DEFAULT_TIME_TO_NOTIFY}.
   *
   * @param duration positive
   */
  public ServiceLevel timeToNotify(Duration duration) {
    return with(ServiceLevelTerm.TIME_TO_NOTIFY, duration);
  }

  /**
   * Sets how much older than the newest event time of earlier publishes a row may be. Requires
   * {@link #eventTime}. A publish that adds rows checks it as a rule of severity ERROR with the ID
   * {@value #MAX_LATENESS}; a replacement, which corrects rows, does not.
   *
   * @param duration positive
   */
  public ServiceLevel maxLateness(Duration duration) {
    return with(ServiceLevelTerm.MAX_LATENESS, duration);
  }

  /**
   * Sets how long a consumer that polls may pause and still receive each change. Default: {@link
   * #DEFAULT_POLL_HORIZON}.
   *
   * @param duration positive
   */
  public ServiceLevel pollHorizon(Duration duration) {
    return with(ServiceLevelTerm.POLL_HORIZON, duration);
  }

  /** Returns the greatest age of the data; empty if not promised. */
  public Optional<Duration> freshWithin() {
    return value(ServiceLevelTerm.FRESH_WITHIN, Duration.class);
  }

  /** Returns the column of the event time; empty if not set. */
  public Optional<String> eventTime() {
    return value(ServiceLevelTerm.EVENT_TIME, String.class);
  }

  /** Returns the time zone of the event time; empty if its column has instants. */
  public Optional<ZoneId> eventTimeZone() {
    return value(ServiceLevelTerm.EVENT_TIME_ZONE, ZoneId.class);
  }

  /** Returns the available share of each calendar month, in percent; empty if not promised. */
  public Optional<BigDecimal> availability() {
    return value(ServiceLevelTerm.AVAILABILITY, BigDecimal.class);
  }

  /** Returns how long rows stay readable at least; empty if not stated. */
  public Optional<Period> retention() {
    return value(ServiceLevelTerm.RETENTION, Period.class);
  }

  /** Returns how often the producer expects to publish; empty if not stated. */
  public Optional<Duration> frequency() {
    return value(ServiceLevelTerm.FREQUENCY, Duration.class);
  }

  /** Returns how soon consumers are notified of an incident; empty if not stated. */
  public Optional<Duration> timeToNotify() {
    return value(ServiceLevelTerm.TIME_TO_NOTIFY, Duration.class);
  }

  /** Returns how much older than the newest event time a row may be; empty if not bounded. */
  public Optional<Duration> maxLateness() {
    return value(ServiceLevelTerm.MAX_LATENESS, Duration.class);
  }

  /** Returns how long a consumer that polls may pause; empty if not stated. */
  public Optional<Duration> pollHorizon() {
    return value(ServiceLevelTerm.POLL_HORIZON, Duration.class);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ServiceLevel level && values.equals(level.values);
  }

  @Override
  public int hashCode() {
    return Objects.hash(values);
  }

  /** Returns the terms that are set, such as {@code {freshWithin=PT1H, retention=P2Y}}. */
  @Override
  public String toString() {
    Map<String, Object> texts = new LinkedHashMap<>();
    values.forEach((term, value) -> texts.put(term.key(), value));
    return texts.toString();
  }

  /** Returns the value of a term; null if it is not set. */
  @Nullable Object value(ServiceLevelTerm term) {
    return values.get(term);
  }

  /** Returns a copy with another value of a term. */
  ServiceLevel with(ServiceLevelTerm term, Object value) {
    Map<ServiceLevelTerm, Object> all = new EnumMap<>(ServiceLevelTerm.class);
    all.putAll(values);
    all.put(term, term.checked(Contract.argument(term.key(), value)));
    return new ServiceLevel(Collections.unmodifiableMap(all));
  }

  private ServiceLevel without(ServiceLevelTerm term) {
    Map<ServiceLevelTerm, Object> all = new EnumMap<>(ServiceLevelTerm.class);
    all.putAll(values);
    all.remove(term);
    return new ServiceLevel(Collections.unmodifiableMap(all));
  }

  private <T> Optional<T> value(ServiceLevelTerm term, Class<T> type) {
    return Optional.ofNullable(values.get(term)).map(type::cast);
  }
}
