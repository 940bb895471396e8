package io.meshwork.testkit;

import io.meshwork.registry.Registry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** A registry with its own clock, with which the hosts' clocks are compared. */
final class TimedRegistry extends ThroughRegistry {
  private final InstantSource clock;

  TimedRegistry(Registry real, InstantSource clock) {
    super(real);
    this.clock = clock;
  }

  /** Replaces the registry's time, if it has one, with that of the test's clock. */
  static Registry simulated(Registry real, InstantSource clock) {
    return new ThroughRegistry(real) {
      @Override
      public Optional<Instant> time() {
        return real.time().map(any -> clock.instant());
      }
    };
  }

  @Override
  public Optional<Instant> time() {
    return Optional.of(clock.instant());
  }
}
