package io.meshwork.testkit;

import io.meshwork.registry.Registry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * A clock that moves only when a test, or a waiting operation of its mesh, advances it, and never
 * goes back. A test with {@link MeshTest} gets one that shows {@link MeshTest#startingAt}.
 * Thread-safe.
 */
public final class ManualClock implements InstantSource {
  private volatile Instant now;

  private ManualClock(Instant start) {
    now = start;
  }

  /**
   * Returns a clock that shows this moment until it is advanced.
   *
   * @param start not null
   */
  public static ManualClock at(Instant start) {
    return new ManualClock(start);
  }

  /** Returns the time that the clock shows. */
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
   * @param by zero or more; not null
   * @throws IllegalArgumentException if the time is negative
   */
  public synchronized void advance(Duration by) {
    if (by.isNegative()) {
      throw new IllegalArgumentException("A clock does not go back; the duration is " + by);
    }
    now = now.plus(by);
  }

  /**
   * Advances to the end of a day in UTC: to the midnight after it. Dates of a rollout, such as a
   * track's, are days that are included, so this is the first moment when such a date is over.
   *
   * @param day the day of the clock or a later one; the day before, if the clock shows midnight;
   *     not null
   * @throws IllegalArgumentException if the clock is past the end of that day
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
