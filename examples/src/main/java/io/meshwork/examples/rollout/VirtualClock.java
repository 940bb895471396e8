package io.meshwork.examples.rollout;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock on which weeks pass in an instant. Not thread-safe. */
final class VirtualClock implements InstantSource {
  private Instant now;

  VirtualClock(Instant start) {
    now = start;
  }

  @Override
  public Instant instant() {
    return now;
  }

  void passDays(int days) {
    now = now.plus(Duration.ofDays(days));
  }
}
