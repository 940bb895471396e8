package io.meshwork.internal.maintenance;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.ledger.ChangePlan;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ReviewedOperation;
import io.meshwork.operation.Plan;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds tasks and runs them, once; runs a plan only if it is unchanged. Used by one thread.
 *
 * @param <R> the result of the tasks
 */
public abstract class MaintenanceRun<R> extends ReviewedOperation<Plan<R>, R> {
  private @Nullable Duration timeout;

  protected MaintenanceRun(ClientSession session, MeshAction action) {
    super(session, action);
  }

  protected final void setTimeout(Duration limit) {
    timeout = ArgumentChecks.span("timeout", limit);
  }

  /** Finds the tasks that are due. */
  protected abstract MaintenanceQueue queue();

  /** Finds the tasks that are due, and what a plan says besides. */
  protected MaintenanceQueue reviewedQueue() {
    return queue();
  }

  protected abstract R work(MaintenanceQueue queue, Deadline deadline);

  @Override
  protected final Plan<R> evaluate() {
    return plan(reviewedQueue());
  }

  private ChangePlan<R> plan(MaintenanceQueue queue) {
    return queue.plan(action(), this::commitAsPlanned);
  }

  @Override
  protected final Supplier<R> prepare(@Nullable String reviewed) {
    return () -> {
      Deadline deadline =
          session.runtime().startDeadline(timeout == null ? session.runtime().deadline() : timeout);
      MaintenanceQueue queue = queue();
      plan(queue).requireSame(reviewed, action());
      return work(queue, deadline);
    };
  }
}
