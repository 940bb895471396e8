package io.meshwork.internal.rollout.retirement;

import io.meshwork.internal.rollout.StoredRollout;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Plan;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A task of maintenance. */
public interface DueTask {
  /** Returns what the task does. */
  Plan.Step step();

  /** Returns what identifies the state that it is based on. */
  default String basis() {
    return step().toString();
  }

  /**
   * Runs it, if it is still due.
   *
   * @return the number of reminders and offers that were sent
   */
  long run(Deadline deadline);

  /**
   * Returns what is due in maintenance: dates for consumers without an offer, reminders, and major
   * versions that an interrupted retirement or withdrawal left closed, or took away from a
   * consumer.
   */
  static List<DueTask> all(ClientSession session, ProductName product, Instant now) {
    List<StoredRollout> rollouts = StoredRollout.all(session.ledger(), product);
    List<DueTask> due =
        new ArrayList<>(new RolloutReminders(session, product).tasks(rollouts, now));
    due.addAll(AbandonedFence.of(session, product, rollouts, now));
    due.addAll(LateRead.of(session, product, rollouts, now));
    return List.copyOf(due);
  }
}
