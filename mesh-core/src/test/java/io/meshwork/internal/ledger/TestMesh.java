package io.meshwork.internal.ledger;

import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.internal.runtime.MeshRuntime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

/** A ledger on a scripted registry, whose clock moves only when code waits or a test sets it. */
public final class TestMesh {
  /** A row for tests in which the columns do not matter. */
  public record Order(long id) {}

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-20T08:00:00Z"));

  /** The registry. */
  public final ScriptedRegistry registry = new ScriptedRegistry();

  /** The runtime, with the test's clock; waiting moves the clock. */
  public final MeshRuntime runtime =
      new MeshRuntime(
          now::get,
          IdGenerator.seeded(now::get, 7),
          this::pass,
          Runnable::run,
          Duration.ofMinutes(2));

  /** The ledger on the registry. */
  public final Ledger ledger = new Ledger(registry, runtime);

  /** The time of the mesh. */
  public Instant now() {
    return now.get();
  }

  /** Sets the clock. */
  public void setClock(Instant time) {
    now.set(time);
  }

  /** Moves the clock forward. */
  public void pass(Duration time) {
    now.updateAndGet(before -> before.plus(time));
  }

  /** A default deadline. */
  public Deadline deadline() {
    return runtime.startDeadline(runtime.deadline());
  }
}
