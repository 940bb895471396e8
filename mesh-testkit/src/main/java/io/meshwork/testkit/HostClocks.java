package io.meshwork.testkit;

import java.time.Duration;

/**
 * The clocks of the hosts in a {@link CrashHarness}: how far the one that dies and the one that
 * recovers are ahead of the right time; negative is behind.
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

  /** How far the host that dies is ahead. */
  Duration dying() {
    return dying;
  }

  /** How far the host that recovers first is ahead. If it is refused, a right one recovers. */
  Duration recovering() {
    return recovering;
  }

  /** True if the registry has a clock of its own, which is right. */
  boolean isStoreTimed() {
    return timed;
  }

  /** True if the doctor may say so. */
  boolean differ() {
    return !dying.isZero() || !recovering.isZero();
  }

  /** No log may be further ahead of the right time: a host that is further ahead is refused. */
  Duration furthestAhead() {
    Duration furthest = dying.compareTo(recovering) > 0 ? dying : recovering;
    Duration refused = timed ? Duration.ofDays(7) : Duration.ofDays(730);
    return furthest.compareTo(refused) > 0 || furthest.isNegative() ? Duration.ZERO : furthest;
  }
}
