package io.meshwork.portal.internal.plot;

import java.time.Duration;
import java.time.Instant;

/**
 * From when to when a consumer used a product, within the last 90 days, in a box of {@link #WIDTH}
 * by {@link #HEIGHT}.
 *
 * @param x the left side
 * @param width the width; 0 if it did not use the product in that time
 */
public record UseBar(int x, int width) {
  public static final int WIDTH = 180;
  public static final int HEIGHT = 10;
  private static final Duration PERIOD = Duration.ofDays(90);
  private static final int LEAST = 4;

  /** Returns a bar for a consumer that did not use the product. */
  public static UseBar none() {
    return new UseBar(0, 0);
  }

  /** Returns the bar of a use between two times. */
  public static UseBar of(Instant since, Instant until, Instant now) {
    int end = x(until, now);
    if (end == 0) {
      return none();
    }
    int start = Math.min(x(since, now), Math.max(0, end - LEAST));
    return new UseBar(start, end - start);
  }

  private static int x(Instant at, Instant now) {
    double share = 1 - Duration.between(at, now).toSeconds() / (double) PERIOD.toSeconds();
    return (int) Math.round(WIDTH * Math.max(0, Math.min(1, share)));
  }
}
