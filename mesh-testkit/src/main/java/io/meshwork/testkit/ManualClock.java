package io.meshwork.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** A clock that moves only when it is advanced, and never back. Thread-safe. */
public final class ManualClock implements InstantSource {
  private volatile Instant now;

  private ManualClock(Instant start) {
    now = start;
  }

  /** Returns a clock with this time. */
  public static ManualClock at(Instant start) {
    return new ManualClock(start);
  }

  @Override
  public Instant instant() {
    return now;
  }

  /**
   * Advances the clock.
   *
   * @throws IllegalArgumentException if the time is negative
   */
  public synchronized void advance(Duration by) {
    if (by.isNegative()) {
      throw new IllegalArgumentException("A clock does not go back; the duration is " + by);
    }
    now = now.plus(by);
  }

  /**
   * Advances the clock to the end of this day in UTC, which is midnight of the next day.
   *
   * @throws IllegalArgumentException if the clock is later
   */
  public synchronized void advanceTo(LocalDate day) {
    Instant end = day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    if (now.isAfter(end)) {
      throw new IllegalArgumentException(
          "A clock does not go back; it is at " + now + ", after the end of " + day);
    }
    now = end;
  }
}
