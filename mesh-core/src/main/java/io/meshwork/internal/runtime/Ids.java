package io.meshwork.internal.runtime;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

/**
 * Makes ids of publishes, attempts and grants: UUIDv7 (RFC 9562), whose first 48 bits are the
 * mesh's clock in milliseconds, so that ids sort by time. Thread-safe.
 */
public final class Ids {
  private final InstantSource clock;
  private final Random random;

  private Ids(InstantSource clock, Random random) {
    this.clock = clock;
    this.random = random;
  }

  /** Ids that nobody can guess. */
  public static Ids secure(InstantSource clock) {
    return new Ids(clock, new SecureRandom());
  }

  /** Ids that repeat for a seed, for tests and simulations. */
  public static Ids seeded(InstantSource clock, long seed) {
    return new Ids(clock, new Random(seed));
  }

  /** The next id, as text. */
  public String next() {
    long millis = clock.millis();
    long high = (millis << 16) | 0x7000L | (random.nextInt() & 0x0fffL);
    long low = (random.nextLong() & 0x3fffffffffffffffL) | 0x8000000000000000L;
    return new UUID(high, low).toString();
  }

  /** When an id was made, by the clock of its mesh; empty if it is none of ours. */
  public static Optional<Instant> time(String id) {
    try {
      UUID uuid = UUID.fromString(id);
      // Version 8 is what becomes of a version 7 that is marked, with the same time.
      boolean timed = uuid.version() == 7 || uuid.version() == 8;
      return timed && id.length() == 36
          ? Optional.of(Instant.ofEpochMilli(uuid.getMostSignificantBits() >>> 16))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
