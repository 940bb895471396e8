package io.meshwork.internal.runtime;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

/**
 * Generates IDs of publishes, attempts, and grants: UUIDv7 (RFC 9562), whose first 48 bits are the
 * mesh's clock in milliseconds, so that IDs sort by time. Their last 32 bits are the tag of the
 * generator, which an open mesh has for itself. Thread-safe.
 */
public final class IdGenerator {
  private static final long TAG = 0xffffffffL;

  private final InstantSource clock;
  private final Random random;
  private final long tag;
  private final Instant since;

  private IdGenerator(InstantSource clock, Random random) {
    this.clock = clock;
    this.random = random;
    this.tag = random.nextInt() & TAG;
    this.since = clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /** Returns a generator of unpredictable IDs. */
  public static IdGenerator secure(InstantSource clock) {
    return new IdGenerator(clock, new SecureRandom());
  }

  /** Returns a generator of IDs that are reproducible for a seed, for tests and simulations. */
  public static IdGenerator seeded(InstantSource clock, long seed) {
    return new IdGenerator(clock, new Random(seed));
  }

  /** Returns the tag of its IDs, 8 hexadecimal digits. */
  public String tag() {
    return text(tag);
  }

  /** Returns when it was created, by its clock to the millisecond. */
  public Instant since() {
    return since;
  }

  /** Returns the next ID. */
  public String next() {
    return next(clock.instant());
  }

  /** Returns another ID with the time of a known one, or with the current time for other IDs. */
  public String nextAt(String id) {
    return time(id).map(this::next).orElseGet(this::next);
  }

  /** Returns an ID with this time to the millisecond, which the clock may have passed. */
  public String next(Instant time) {
    long high = (time.toEpochMilli() << 16) | 0x7000L | (random.nextInt() & 0x0fffL);
    long low = (random.nextLong() & 0x3fffffff00000000L) | 0x8000000000000000L | tag;
    return new UUID(high, low).toString();
  }

  /**
   * Returns the time at which an ID was generated, by the clock of its mesh; empty for other IDs.
   */
  public static Optional<Instant> time(String id) {
    return parsed(id).map(uuid -> Instant.ofEpochMilli(uuid.getMostSignificantBits() >>> 16));
  }

  /** Returns the tag of the generator of an ID; empty for other IDs. */
  public static Optional<String> tag(String id) {
    return parsed(id).map(uuid -> text(uuid.getLeastSignificantBits() & TAG));
  }

  private static Optional<UUID> parsed(String id) {
    try {
      UUID uuid = UUID.fromString(id);
      // A marked ID has version 8 instead of 7, with the same time and tag.
      boolean timed = uuid.version() == 7 || uuid.version() == 8;
      return timed && id.length() == 36 ? Optional.of(uuid) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String text(long tag) {
    return String.format(Locale.ROOT, "%08x", tag);
  }
}
