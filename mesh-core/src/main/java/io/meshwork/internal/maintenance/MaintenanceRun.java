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

/** Finds what is due and does it, once, and only as it was planned where it was. One thread. */
final class MaintenanceRun {
  private final ClientSession session;
  private final MeshAction action;
  private final OneCommit once;
  private final OpenOperation open;
  private @Nullable Duration within;

  MaintenanceRun(ClientSession session, MeshAction action) {
    this.session = session;
    this.action = action;
    this.once = OneCommit.withoutKey(action);
    this.open = session.operation(action).begin();
  }

  void timeout(Duration limit) {
    within = ArgumentChecks.span("timeout", limit);
  }

  /** It was looked at: who does not commit it then meant that. */
  void requirePlanned() {
    open.settle();
  }

  /** Does what is due. */
  <R> R commit(Supplier<MaintenanceQueue> finding, BiFunction<MaintenanceQueue, Deadline, R> work) {
    return run(null, finding, work);
  }

  /**
   * Does what is due if it is what was planned.
   *
   * @throws io.meshwork.error.ConflictException if something else is due
   */
  <R> R commitAsPlanned(
      String fingerprint,
      Supplier<MaintenanceQueue> finding,
      BiFunction<MaintenanceQueue, Deadline, R> work) {
    return run(ArgumentChecks.text("fingerprint", fingerprint), finding, work);
  }

  private <R> R run(
      @Nullable String fingerprint,
      Supplier<MaintenanceQueue> finding,
      BiFunction<MaintenanceQueue, Deadline, R> work) {
    open.settle();
    session.checkOpen(action);
    once.begin();
    try {
      Deadline deadline =
          session.runtime().startDeadline(within == null ? session.runtime().deadline() : within);
      MaintenanceQueue due = finding.get();
      if (fingerprint != null) {
        MaintenancePlan.requireSame(due, fingerprint, action);
      }
      return work.apply(due, deadline);
    } finally {
      once.end();
    }
  }
}
