package io.meshwork.internal.consume;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.runtime.CallerException;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.ExponentialBackoff;
import io.meshwork.internal.session.ClientSession;
import java.time.Duration;

/** Waits between polls, longer each time, until a timeout. Used by one thread. */
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

  /** Starts the timeout now. */
  static PollBackoff start(ClientSession session, Duration timeout, MeshAction action) {
    return new PollBackoff(
        session, session.runtime().startDeadline(ArgumentChecks.span("atMost", timeout)), action);
  }

  /**
   * Pauses before the next poll.
   *
   * @return false, without a pause, after the timeout
   * @throws io.meshwork.error.BackendException if the thread is interrupted
   */
  boolean pause() {
    if (end.passed()) {
      return false;
    }
    end.check(action);
    polls++;
    Duration pause = PAUSES.after(polls);
    Duration remaining = end.left();
    try {
      session.runtime().sleeper().sleep(pause.compareTo(remaining) < 0 ? pause : remaining);
    } catch (InterruptedException e) {
      throw Deadline.interrupted(action, e);
    } catch (RuntimeException e) {
      throw CallerException.failed(action, "the sleeper", e);
    }
    return true;
  }
}
