package io.meshwork.internal.maintenance;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.open.OpenOperation;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.OneCommit;
import io.meshwork.internal.session.ClientSession;
import java.time.Duration;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Finds tasks and runs them, once; runs a plan only if it is unchanged. Used by one thread. */
public final class MaintenanceRun {
  private final ClientSession session;
  private final MeshAction action;
  private final OneCommit once;
  private final OpenOperation open;
  private @Nullable Duration timeout;

  public MaintenanceRun(ClientSession session, MeshAction action) {
    this.session = session;
    this.action = action;
    this.once = OneCommit.withoutKey(action);
    this.open = session.operation(action).begin();
  }

  public void timeout(Duration limit) {
    timeout = ArgumentChecks.span("timeout", limit);
  }

  /** Marks the operation as planned, so that it is not reported as uncommitted. */
  public void markPlanned() {
    open.settle();
  }

  /** Runs the tasks that are due. */
  public <R> R commit(
      Supplier<MaintenanceQueue> finder, BiFunction<MaintenanceQueue, Deadline, R> work) {
    return run(null, finder, work);
  }

  /**
   * Runs the tasks that are due if they are the planned ones.
   *
   * @throws io.meshwork.error.ConflictException if other tasks are due
   */
  public <R> R commitAsPlanned(
      String fingerprint,
      Supplier<MaintenanceQueue> finder,
      BiFunction<MaintenanceQueue, Deadline, R> work) {
    return run(ArgumentChecks.text("fingerprint", fingerprint), finder, work);
  }

  private <R> R run(
      @Nullable String fingerprint,
      Supplier<MaintenanceQueue> finder,
      BiFunction<MaintenanceQueue, Deadline, R> work) {
    open.settle();
    session.checkOpen(action);
    once.begin();
    try {
      Deadline deadline =
          session.runtime().startDeadline(timeout == null ? session.runtime().deadline() : timeout);
      MaintenanceQueue queue = finder.get();
      if (fingerprint != null) {
        MaintenancePlan.requireSame(queue, fingerprint, action);
      }
      return work.apply(queue, deadline);
    } finally {
      once.end();
    }
  }
}
