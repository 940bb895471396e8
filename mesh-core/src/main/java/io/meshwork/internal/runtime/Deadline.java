package io.meshwork.internal.runtime;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;

/**
 * The time limit of an operation, which may also be asked to stop. Immutable, except for who asks.
 */
public final class Deadline {
  private final InstantSource clock;
  private final Instant end;
  private final BooleanSupplier isStopping;

  private Deadline(InstantSource clock, Instant end, BooleanSupplier isStopping) {
    this.clock = clock;
    this.end = end;
    this.isStopping = isStopping;
  }

  /** Returns the deadline after this duration from now. */
  public static Deadline after(InstantSource clock, Duration limit) {
    return new Deadline(clock, clock.instant().plus(limit), () -> false);
  }

  /** Returns this deadline, which also passes once the operation is asked to stop. */
  public Deadline orWhen(BooleanSupplier stopping) {
    return new Deadline(clock, end, stopping);
  }

  /** Returns when the time is over. */
  public Instant end() {
    return end;
  }

  /** Returns the remaining time; never negative. */
  public Duration left() {
    Duration timeLeft = Duration.between(clock.instant(), end);
    return timeLeft.isNegative() ? Duration.ZERO : timeLeft;
  }

  /** Returns true if no time remains, or the operation was asked to stop. */
  public boolean passed() {
    return isStopping.getAsBoolean() || left().isZero();
  }

  /**
   * Checks that time remains and that the thread is not interrupted.
   *
   * @param action the action for the message, such as {@code publish to commerce/orders}
   * @throws BackendException if the deadline has passed or the thread is interrupted; nothing is
   *     committed
   */
  public void check(MeshAction action) {
    if (Thread.currentThread().isInterrupted()) {
      throw interrupted(action, null);
    }
    checkTime(action, "Nothing was committed.");
  }

  /**
   * Checks that time remains.
   *
   * @param state what is the case if none does, such as {@code What was done stays done.}
   * @throws BackendException if the deadline has passed
   */
  public void checkTime(MeshAction action, String state) {
    if (passed()) {
      throw Failure.of(action)
          .because(left().isZero() ? "its deadline passed at " + end : "it was asked to stop")
          .state(state)
          .fix(
              left().isZero()
                  ? "Set a longer timeout(..), or run the operation again."
                  : "Run the operation again.")
          .passing(ErrorCode.DEADLINE_PASSED);
    }
  }

  /** Returns the exception for an interrupted wait, and sets the thread's interrupt flag again. */
  public static BackendException interrupted(
      MeshAction action, @org.jspecify.annotations.Nullable InterruptedException cause) {
    return ThreadInterruption.ofChange(action, cause);
  }
}
