package io.meshwork.internal.rollout.consumers;

import java.time.Duration;
import java.time.Instant;

/** How long a consumer must not read a major version before the reads prove that it left. */
final class QuietPeriod {
  private static final Duration LEAST = Duration.ofDays(2);
  private static final Duration MOST = Duration.ofDays(35);
  private static final int GAPS = 2;

  private QuietPeriod() {}

  /** Twice the largest gap, from 2 to 35 days; 35 days if only one day of use is known. */
  static Duration of(ReadHistory reads) {
    Duration usual = reads.largestGap().map(gap -> gap.multipliedBy(GAPS)).orElse(MOST);
    if (usual.compareTo(LEAST) < 0) {
      return LEAST;
    }
    return usual.compareTo(MOST) > 0 ? MOST : usual;
  }

  /** Returns when the quiet period after the last read ends. */
  static Instant end(ReadHistory reads) {
    return reads.last().plus(of(reads));
  }

  /** Returns true if the quiet period after the last read is over. */
  static boolean isOver(ReadHistory reads, Instant now) {
    return !now.isBefore(end(reads));
  }
}
