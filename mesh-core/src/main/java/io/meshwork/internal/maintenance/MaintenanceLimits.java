package io.meshwork.internal.maintenance;

import java.time.Duration;

/**
 * From when on things are due. Immutable.
 *
 * @param smallFileBytes data files below this are compacted
 * @param fewestFiles so many of them, at least
 * @param grace how long a snapshot stays after it was replaced as the newest
 * @param receipts how long receipts stay
 * @param expectedBytes how many bytes of a table's leftovers are removed without asking, where that
 *     is more than a tenth of it
 */
record MaintenanceLimits(
    long smallFileBytes, int fewestFiles, Duration grace, Duration receipts, long expectedBytes) {
  static final MaintenanceLimits STANDARD =
      new MaintenanceLimits(32L << 20, 5, Duration.ofHours(24), Duration.ofDays(90), 64L << 20);

  /** How long a process may take before what it wrote may be cleared away. */
  static final Duration ABANDONED = Duration.ofHours(24);

  /** The same for files of engines, whose names say nothing of when they were begun. */
  static final Duration ABANDONED_BY_ENGINES = Duration.ofDays(7);

  /** How long rows stay in quarantine. */
  static final Duration QUARANTINE = Duration.ofDays(90);

  /** How far back whoever polls can go on. */
  static final Duration POLL_HORIZON = Duration.ofDays(30);
}
