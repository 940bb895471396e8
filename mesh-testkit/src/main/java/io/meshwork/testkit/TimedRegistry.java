package io.meshwork.testkit;

import io.meshwork.registry.Registry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** A registry that has a clock of its own, which the hosts' clocks are compared with. */
final class TimedRegistry extends ThroughRegistry {
  private final InstantSource clock;

  TimedRegistry(Registry real, InstantSource clock) {
    super(real);
    this.clock = clock;
  }

  /** The same, if the registry tells a time at all: in a test it is that of the test's clock. */
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
