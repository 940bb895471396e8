package io.meshwork.testkit;

import io.meshwork.registry.Registry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** A clock that moves only when a test advances it. Thread-safe. */
public final class ManualClock implements InstantSource {
  private volatile Instant now;

  private ManualClock(Instant start) {
    now = start;
  }

  /** Returns a clock that shows this moment. */
  public static ManualClock at(Instant start) {
    return new ManualClock(start);
  }

  @Override
  public Instant instant() {
    return now;
  }

  /**
   * Returns a registry that reports this clock's time where the given one reports its own, so that
   * a mesh on this clock agrees with it. A registry without a clock stays without one.
   */
  public Registry registry(Registry real) {
    return TimedRegistry.simulated(real, this);
  }

  /**
   * Advances by this duration.
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
   * Advances to the end of that day in UTC: to the midnight after it.
   *
   * @throws IllegalArgumentException if the clock is past that time
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
