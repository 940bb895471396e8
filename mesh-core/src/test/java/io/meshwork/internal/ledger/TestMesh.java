package io.meshwork.internal.ledger;

import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.internal.runtime.MeshRuntime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

/** A ledger on a scripted registry, whose clock moves only by waiting or as a test says. */
public final class TestMesh {
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-20T08:00:00Z"));

  /** Where documents lie. */
  public final ScriptedRegistry registry = new ScriptedRegistry();

  /** On the clock of the test; waiting moves it. */
  public final MeshRuntime runtime =
      new MeshRuntime(
          now::get,
          IdGenerator.seeded(now::get, 7),
          this::pass,
          Runnable::run,
          Duration.ofMinutes(2));

  /** On that registry. */
  public final Ledger ledger = new Ledger(registry, runtime);

  /** The time as this mesh knows it. */
  public Instant now() {
    return now.get();
  }

  /** Sets the clock, forward or back. */
  public void setClock(Instant time) {
    now.set(time);
  }

  /** Lets time pass. */
  public void pass(Duration time) {
    now.updateAndGet(before -> before.plus(time));
  }

  /** A deadline as long as any operation has. */
  public Deadline deadline() {
    return runtime.startDeadline(runtime.deadline());
  }
}
