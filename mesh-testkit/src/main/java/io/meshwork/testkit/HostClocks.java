package io.meshwork.testkit;

import java.time.Duration;

/**
 * The clocks of the hosts in a {@link CrashHarness}: how far the crashing and the recovering host
 * are ahead of the correct time; negative if behind.
 */
enum HostClocks {
  RIGHT(Duration.ZERO, Duration.ZERO, false),
  HOURS_AHEAD_DIES(Duration.ofHours(23), Duration.ZERO, false),
  HOURS_AHEAD_RECOVERS(Duration.ZERO, Duration.ofHours(23), false),
  DAYS_BEHIND_DIES(Duration.ofDays(-3), Duration.ZERO, false),
  DAYS_BEHIND_RECOVERS(Duration.ZERO, Duration.ofDays(-3), false),
  MONTHS_BEHIND_DIES(Duration.ofDays(-200), Duration.ZERO, false),
  YEARS_AHEAD_DIES(Duration.ofDays(1_000), Duration.ZERO, false),
  YEARS_AHEAD_RECOVERS(Duration.ZERO, Duration.ofDays(1_000), false),
  DAYS_AHEAD_OF_STORE_DIES(Duration.ofDays(3), Duration.ZERO, true),
  WEEKS_AHEAD_OF_STORE_DIES(Duration.ofDays(15), Duration.ZERO, true),
  WEEKS_BEHIND_STORE_DIES(Duration.ofDays(-15), Duration.ZERO, true),
  WEEKS_AHEAD_OF_STORE_RECOVERS(Duration.ZERO, Duration.ofDays(15), true);

  private final Duration dying;
  private final Duration recovering;
  private final boolean timed;

  HostClocks(Duration dying, Duration recovering, boolean timed) {
    this.dying = dying;
    this.recovering = recovering;
    this.timed = timed;
  }

  /** Returns how far the crashing host is ahead. */
  Duration dying() {
    return dying;
  }

  /** Returns how far the first recovering host is ahead; if rejected, a correct host recovers. */
  Duration recovering() {
    return recovering;
  }

  /** Returns true if the registry has its own correct clock. */
  boolean isStoreTimed() {
    return timed;
  }

  /** Returns true if a clock is wrong, which the doctor may report. */
  boolean differ() {
    return !dying.isZero() || !recovering.isZero();
  }

  /** Returns how far a log may be ahead of the correct time; hosts further ahead are rejected. */
  Duration furthestAhead() {
    Duration furthest = dying.compareTo(recovering) > 0 ? dying : recovering;
    Duration limit = timed ? Duration.ofDays(7) : Duration.ofDays(730);
    return furthest.compareTo(limit) > 0 || furthest.isNegative() ? Duration.ZERO : furthest;
  }
}
