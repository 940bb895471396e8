package io.meshwork.examples.story;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;

/** A clock on which weeks pass in an instant. Not thread-safe. */
public final class VirtualClock implements InstantSource {
  private Instant now;

  /** Creates a clock that shows this time. */
  public VirtualClock(Instant start) {
    now = Objects.requireNonNull(start);
  }

  @Override
  public Instant instant() {
    return now;
  }

  /** Lets time pass. */
  public void pass(Duration time) {
    now = now.plus(time);
  }

  /** Lets days pass. */
  public void passDays(int days) {
    pass(Duration.ofDays(days));
  }
}
