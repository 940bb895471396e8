package io.meshwork.internal.runtime;

import io.meshwork.meter.Meters;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * The environment of all operations of one mesh. Immutable.
 *
 * @param clock the mesh's clock
 * @param ids the generator of IDs
 * @param sleeper the wait between retries
 * @param executor encodes and decodes columns in parallel; by default the calling thread
 * @param deadline the default time limit of an operation
 * @param meters receives the mesh's meters
 * @param witness receives operations
 */
public record MeshRuntime(
    InstantSource clock,
    IdGenerator ids,
    Sleeper sleeper,
    Executor executor,
    Duration deadline,
    MeshMeters meters,
    MeshObserver witness) {
  /** The executor of a mesh that was given none. */
  public static final Executor CALLING_THREAD = Runnable::run;

  /** Creates an environment without meters and observer. */
  public MeshRuntime(
      InstantSource clock, IdGenerator ids, Sleeper sleeper, Executor executor, Duration deadline) {
    this(
        clock,
        ids,
        sleeper,
        executor,
        deadline,
        new MeshMeters(Meters.none(), clock),
        MeshObserver.NONE);
  }

  /** Returns the executor; empty if everything runs on the calling thread. */
  public Optional<Executor> workers() {
    return executor == CALLING_THREAD ? Optional.empty() : Optional.of(executor);
  }

  /** Returns the deadline of an operation that starts now. */
  public Deadline startDeadline(Duration limit) {
    return Deadline.after(clock, limit);
  }

  /** Returns the default clock of a mesh. */
  public static InstantSource systemClock() {
    return InstantSource.system();
  }
}
