package io.meshwork.testkit;

import java.time.Duration;

/**
 * How far the clocks of the hosts in a {@link CrashHarness} are ahead of the right time; negative
 * is behind.
 *
 * @param crashing of the host that crashes
 * @param recovering of the host that recovers first; if it is rejected, a host with the right time
 *     recovers
 * @param registryTimed whether the registry has its own clock, which is right
 */
record ClockSkew(Duration crashing, Duration recovering, boolean registryTimed) {
  static final ClockSkew NONE = new ClockSkew(Duration.ZERO, Duration.ZERO, false);

  /** True if a clock is wrong, so that the doctor may report it. */
  boolean differs() {
    return !crashing.isZero() || !recovering.isZero();
  }

  /** How far a log may be ahead of the right time; a host that is further ahead is rejected. */
  Duration furthestAhead() {
    Duration furthest = crashing.compareTo(recovering) > 0 ? crashing : recovering;
    Duration rejected = registryTimed ? Duration.ofDays(7) : Duration.ofDays(730);
    return furthest.compareTo(rejected) > 0 || furthest.isNegative() ? Duration.ZERO : furthest;
  }
}
