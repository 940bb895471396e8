package io.meshwork.internal.maintenance;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.open.OpenOperation;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.OneCommit;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Plan;
import java.time.Duration;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds tasks and runs them, once; runs a plan only if it is unchanged. Used by one thread.
 *
 * @param <R> the result of the tasks
 */
public final class MaintenanceRun<R> {
  private final ClientSession session;
  private final MeshAction action;
  private final Supplier<MaintenanceQueue> finder;
  private final BiFunction<MaintenanceQueue, Deadline, R> work;
  private final OneCommit once;
  private final OpenOperation open;
  private @Nullable Duration timeout;

  /**
   * Creates a run.
   *
   * @param finder finds the tasks that are due
   * @param work runs them
   */
  public MaintenanceRun(
      ClientSession session,
      MeshAction action,
      Supplier<MaintenanceQueue> finder,
      BiFunction<MaintenanceQueue, Deadline, R> work) {
    this.session = session;
    this.action = action;
    this.finder = finder;
    this.work = work;
    this.once = OneCommit.withoutKey(action);
    this.open = session.operation(action).begin();
  }

  public void timeout(Duration limit) {
    timeout = ArgumentChecks.span("timeout", limit);
  }

  /** Returns the plan of tasks. */
  public Plan<R> plan(Supplier<MaintenanceQueue> tasks) {
    open.settle();
    return tasks.get().plan(action, this::commitAsPlanned);
  }

  /**
   * Runs the tasks that are due if they are the planned ones.
   *
   * @throws io.meshwork.error.ConflictException if other tasks are due
   */
  public R commitAsPlanned(String fingerprint) {
    return commit(ArgumentChecks.text("fingerprint", fingerprint));
  }

  /**
   * Runs the tasks that are due.
   *
   * @param reviewed the fingerprint of the reviewed plan; null if none was reviewed
   */
  public R commit(@Nullable String reviewed) {
    open.settle();
    session.checkOpen(action);
    once.begin();
    try {
      Deadline deadline =
          session.runtime().startDeadline(timeout == null ? session.runtime().deadline() : timeout);
      MaintenanceQueue queue = finder.get();
      queue.plan(action, this::commitAsPlanned).requireSame(reviewed, action);
      return work.apply(queue, deadline);
    } finally {
      once.end();
    }
  }
}
