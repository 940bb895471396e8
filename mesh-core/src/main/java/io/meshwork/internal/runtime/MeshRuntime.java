package io.meshwork.internal.runtime;

import io.meshwork.meter.Meters;
import io.meshwork.operation.Witness;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executor;

/**
 * What every operation of one mesh runs on. Immutable.
 *
 * @param clock the mesh's clock
 * @param ids where ids come from
 * @param sleeper how a retry waits
 * @param executor where columns are encoded and decoded side by side; runs in the caller by default
 * @param deadline the time any operation may take
 * @param meters where its numbers go
 * @param witness told what is done
 */
public record MeshRuntime(
    InstantSource clock,
    Ids ids,
    Sleeper sleeper,
    Executor executor,
    Duration deadline,
    MeshMeters meters,
    Witness witness) {
  /** The same without meters, watched by nobody. */
  public MeshRuntime(
      InstantSource clock, Ids ids, Sleeper sleeper, Executor executor, Duration deadline) {
    this(
        clock,
        ids,
        sleeper,
        executor,
        deadline,
        new MeshMeters(Meters.none(), clock),
        Witness.NONE);
  }

  /** The deadline of an operation that starts now. */
  public Deadline startDeadline(Duration limit) {
    return Deadline.after(clock, limit);
  }

  /** The clock of a mesh that is given none. */
  public static InstantSource systemClock() {
    return InstantSource.system();
  }
}
