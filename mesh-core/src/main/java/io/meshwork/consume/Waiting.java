package io.meshwork.consume;

import io.github.resilience4j.core.IntervalFunction;
import io.meshwork.internal.runtime.Arguments;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.Session;
import java.time.Duration;

/** Waits between looks, longer each time, until its time is over. Belongs to one thread. */
final class Waiting {
  private static final IntervalFunction PAUSES =
      IntervalFunction.ofExponentialBackoff(Duration.ofMillis(100), 1.5, Duration.ofSeconds(15));
  private static final int LONGEST = 30;

  private final Session session;
  private final Deadline end;
  private final String doing;
  private int looks;

  private Waiting(Session session, Deadline end, String doing) {
    this.session = session;
    this.end = end;
    this.doing = doing;
  }

  /** Begins now. */
  static Waiting atMost(Session session, Duration time, String doing) {
    return new Waiting(
        session, session.runtime().startDeadline(Arguments.span("atMost", time)), doing);
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
    end.check(doing);
    looks = Math.min(looks + 1, LONGEST);
    Duration pause = Duration.ofMillis(PAUSES.apply(looks));
    Duration left = end.left();
    try {
      session.runtime().sleeper().sleep(pause.compareTo(left) < 0 ? pause : left);
    } catch (InterruptedException e) {
      throw Deadline.interrupted(doing, e);
    }
    return true;
  }
}
