package io.meshwork.internal.runtime;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The moment until which an operation may go on. Immutable. */
public final class Deadline {
  private final InstantSource clock;
  private final Instant end;

  private Deadline(InstantSource clock, Instant end) {
    this.clock = clock;
    this.end = end;
  }

  /** The deadline that lies this long after now. */
  public static Deadline after(InstantSource clock, Duration limit) {
    return new Deadline(clock, clock.instant().plus(limit));
  }

  /** What is left; never negative. */
  public Duration left() {
    Duration left = Duration.between(clock.instant(), end);
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** True when nothing is left. */
  public boolean passed() {
    return left().isZero();
  }

  /**
   * Goes on only while there is time and the thread is not interrupted.
   *
   * @param doing what is being done, for the message, such as {@code publish to commerce/orders}
   * @throws BackendException if the time is over or the thread was interrupted; nothing was
   *     committed
   */
  public void check(String doing) {
    if (Thread.currentThread().isInterrupted()) {
      throw interrupted(doing, null);
    }
    if (passed()) {
      throw BackendException.passing(
          ErrorCode.DEADLINE_PASSED,
          "Could not "
              + doing
              + ": its deadline passed at "
              + end
              + ". Nothing was committed. Allow more time with within(..), or run it again.",
          null);
    }
  }

  /** What is thrown when waiting was interrupted; the thread's flag is set again. */
  public static BackendException interrupted(
      String doing, @org.jspecify.annotations.Nullable InterruptedException cause) {
    Thread.currentThread().interrupt();
    return BackendException.passing(
        ErrorCode.INTERRUPTED,
        "Could not "
            + doing
            + ": the thread was interrupted. Nothing was committed. Run it again with the same key.",
        cause);
  }
}
