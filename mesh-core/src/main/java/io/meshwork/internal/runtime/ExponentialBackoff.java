package io.meshwork.internal.runtime;

import java.time.Duration;

/**
 * Exponential backoff with a maximum wait, as in the Amazon Builders' Library on timeouts, retries,
 * and backoff. Callers add jitter.
 *
 * @param first the wait after the first attempt, greater than zero
 * @param factor the growth per attempt, greater than 1
 * @param longest the maximum wait
 */
public record ExponentialBackoff(Duration first, double factor, Duration longest) {
  public ExponentialBackoff {
    if (first.isZero() || first.isNegative() || longest.compareTo(first) < 0 || !(factor > 1)) {
      throw new IllegalArgumentException("The waits must grow from the first to the longest one.");
    }
  }

  /**
   * Returns the wait after an attempt.
   *
   * @param attempt from 1
   */
  public Duration after(int attempt) {
    double millis = first.toMillis() * Math.pow(factor, Math.max(0, attempt - 1));
    return Duration.ofMillis((long) Math.min(millis, longest.toMillis()));
  }
}
