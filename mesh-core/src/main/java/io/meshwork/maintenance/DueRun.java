package io.meshwork.maintenance;

import io.meshwork.internal.runtime.Arguments;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.OneCommit;
import io.meshwork.internal.session.Session;
import java.time.Duration;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Finds what is due and does it, once, and only as it was planned where it was. One thread. */
final class DueRun {
  private final Session session;
  private final String doing;
  private final OneCommit once;
  private @Nullable Duration within;

  DueRun(Session session, String doing) {
    this.session = session;
    this.doing = doing;
    this.once = OneCommit.withoutKey(doing);
  }

  void within(Duration limit) {
    within = Arguments.span("within", limit);
  }

  /** Does what is due. */
  <R> R commit(Supplier<Due> finding, BiFunction<Due, Deadline, R> work) {
    return run(null, finding, work);
  }

  /**
   * Does what is due if it is what was planned.
   *
   * @throws io.meshwork.error.ConflictException if something else is due
   */
  <R> R commitAsPlanned(
      String fingerprint, Supplier<Due> finding, BiFunction<Due, Deadline, R> work) {
    return run(Arguments.text("fingerprint", fingerprint), finding, work);
  }

  private <R> R run(
      @Nullable String fingerprint, Supplier<Due> finding, BiFunction<Due, Deadline, R> work) {
    session.checkOpen(doing);
    once.begin();
    try {
      Deadline deadline =
          session.runtime().startDeadline(within == null ? session.runtime().deadline() : within);
      Due due = finding.get();
      if (fingerprint != null) {
        ChorePlan.requireSame(due, fingerprint, doing);
      }
      return work.apply(due, deadline);
    } finally {
      once.end();
    }
  }
}
