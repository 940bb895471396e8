package io.meshwork.internal.consume;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.runtime.CallerException;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.ExponentialBackoff;
import io.meshwork.internal.session.ClientSession;
import java.time.Duration;

/** Waits between polls, longer each time, until its time is over. Belongs to one thread. */
final class PollBackoff {
  private static final ExponentialBackoff PAUSES =
      new ExponentialBackoff(Duration.ofMillis(100), 1.5, Duration.ofSeconds(15));

  private final ClientSession session;
  private final Deadline end;
  private final MeshAction action;
  private int polls;

  private PollBackoff(ClientSession session, Deadline end, MeshAction action) {
    this.session = session;
    this.end = end;
    this.action = action;
  }

  /** Begins now. */
  static PollBackoff atMost(ClientSession session, Duration time, MeshAction action) {
    return new PollBackoff(
        session, session.runtime().startDeadline(ArgumentChecks.span("atMost", time)), action);
  }

  /**
   * Pauses, and says true; false at once if the time is over.
   *
   * @throws io.meshwork.error.BackendException if the thread is interrupted
   */
  boolean goesOn() {
    if (end.passed()) {
      return false;
    }
    end.check(action);
    polls++;
    Duration pause = PAUSES.after(polls);
    Duration left = end.left();
    try {
      session.runtime().sleeper().sleep(pause.compareTo(left) < 0 ? pause : left);
    } catch (InterruptedException e) {
      throw Deadline.interrupted(action, e);
    } catch (RuntimeException e) {
      throw CallerException.failed(action, "what waits between polls", e);
    }
    return true;
  }
}
