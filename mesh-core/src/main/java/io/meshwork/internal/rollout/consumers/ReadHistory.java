package io.meshwork.internal.rollout.consumers;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Optional;
import java.util.TreeSet;

/**
 * When a consumer read one major version.
 *
 * @param first the first recorded read
 * @param last the last recorded read
 * @param largestGap the longest time between two days of use, within the 90 days before the last
 *     read; empty if only one day of use is known
 */
public record ReadHistory(Instant first, Instant last, Optional<Duration> largestGap) {
  private static final int DAYS = 90;

  /** Checks the order of the reads. */
  public ReadHistory {
    if (last.isBefore(first)) {
      throw new IllegalArgumentException("the last read is before the first");
    }
  }

  /**
   * Creates a history from recorded days.
   *
   * @param days the days of use in UTC, in any order
   */
  public static ReadHistory of(Instant first, Instant last, Collection<LocalDate> days) {
    TreeSet<LocalDate> sorted = new TreeSet<>(days);
    Optional<Duration> largest = Optional.empty();
    if (!sorted.isEmpty()) {
      LocalDate previous = null;
      for (LocalDate day : sorted.tailSet(sorted.last().minusDays(DAYS))) {
        if (previous != null) {
          Duration gap = Duration.ofDays(ChronoUnit.DAYS.between(previous, day));
          largest = Optional.of(largest.filter(longest -> longest.compareTo(gap) > 0).orElse(gap));
        }
        previous = day;
      }
    }
    return new ReadHistory(first, last, largest);
  }
}
