package io.meshwork.conformance;

import io.meshwork.testkit.CrashHarness;
import java.time.Duration;

/**
 * The clocks of the hosts in a {@link CrashHarness}: of the host that crashes and of the host that
 * recovers. The right time is that of the registry, where it has a clock.
 */
enum HostClocks {
  RIGHT(Duration.ZERO, Duration.ZERO, false),
  HOURS_AHEAD_CRASHES(Duration.ofHours(23), Duration.ZERO, false),
  HOURS_AHEAD_RECOVERS(Duration.ZERO, Duration.ofHours(23), false),
  DAYS_BEHIND_CRASHES(Duration.ofDays(-3), Duration.ZERO, false),
  DAYS_BEHIND_RECOVERS(Duration.ZERO, Duration.ofDays(-3), false),
  MONTHS_BEHIND_CRASHES(Duration.ofDays(-200), Duration.ZERO, false),
  YEARS_AHEAD_CRASHES(Duration.ofDays(1_000), Duration.ZERO, false),
  YEARS_AHEAD_RECOVERS(Duration.ZERO, Duration.ofDays(1_000), false),
  DAYS_AHEAD_OF_STORE_CRASHES(Duration.ofDays(3), Duration.ZERO, true),
  WEEKS_AHEAD_OF_STORE_CRASHES(Duration.ofDays(15), Duration.ZERO, true),
  WEEKS_BEHIND_STORE_CRASHES(Duration.ofDays(-15), Duration.ZERO, true),
  WEEKS_AHEAD_OF_STORE_RECOVERS(Duration.ZERO, Duration.ofDays(15), true);

  private final Duration crashing;
  private final Duration recovering;
  private final boolean registryTimed;

  HostClocks(Duration crashing, Duration recovering, boolean registryTimed) {
    this.crashing = crashing;
    this.recovering = recovering;
    this.registryTimed = registryTimed;
  }

  /** Returns true if a clock is wrong. */
  boolean differ() {
    return this != RIGHT;
  }

  CrashHarness setOn(CrashHarness harness) {
    CrashHarness set = harness.clocksAhead(crashing, recovering);
    return registryTimed ? set.registryClock() : set;
  }
}
