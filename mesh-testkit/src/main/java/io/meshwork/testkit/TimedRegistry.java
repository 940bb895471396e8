package io.meshwork.testkit;

import io.meshwork.internal.testkit.ForwardingRegistry;
import io.meshwork.registry.Registry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** A registry with its own clock, with which the clocks of the hosts are compared. */
final class TimedRegistry extends ForwardingRegistry {
  private final InstantSource clock;

  TimedRegistry(Registry real, InstantSource clock) {
    super(real);
    this.clock = clock;
  }

  /** Replaces the time of a registry that has a clock; one without a clock stays unchanged. */
  static Registry simulated(Registry real, InstantSource clock) {
    return new ForwardingRegistry(real) {
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
