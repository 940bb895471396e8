package io.meshwork.internal.leftovers;

import io.meshwork.internal.ledger.HostClock;
import java.time.Duration;

/**
 * The thresholds of maintenance. Immutable.
 *
 * @param smallFileBytes data files smaller than this are compacted
 * @param minFiles the minimum number of small files to compact
 * @param grace how long a snapshot is retained after it was replaced as the newest
 * @param receipts how long receipts are retained
 * @param expectedBytes the bytes of leftovers that are removed from a table even if they are more
 *     than a tenth of it
 */
public record MaintenanceLimits(
    long smallFileBytes, int minFiles, Duration grace, Duration receipts, long expectedBytes) {
  public static final MaintenanceLimits STANDARD =
      new MaintenanceLimits(32L << 20, 5, Duration.ofHours(24), HostClock.KEYS_STAY, 64L << 20);

  /** The age after which uncommitted files of a process are removed. */
  public static final Duration ABANDONED = Duration.ofHours(24);

  /** The age after which uncommitted files of engines are removed; their names have no time. */
  public static final Duration ABANDONED_BY_ENGINES = Duration.ofDays(7);

  /** How long a snapshot that a mirror shows is retained after it was replaced as the newest. */
  public static final Duration SHOWN_BY_MIRRORS = Duration.ofDays(7);

  /** How long rows are retained in quarantine. */
  public static final Duration QUARANTINE = HostClock.KEYS_STAY;

  /** How long staged publishes are retained. */
  public static final Duration STAGED = Duration.ofDays(7);
}
