package io.meshwork.internal.rollout.retirement;

import io.meshwork.internal.rollout.StoredRollout;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Plan;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * A task of maintenance.
 *
 * @param step what the task does
 * @param basis identifies the state that it is based on
 * @param work runs it, if it is still due, and returns the number of reminders and offers that were
 *     sent
 */
public record DueTask(Plan.Step step, String basis, ToLongFunction<Deadline> work) {
  /** A task that sends nothing. */
  static DueTask of(Plan.Step step, Consumer<Deadline> work) {
    return new DueTask(
        step,
        step.toString(),
        deadline -> {
          work.accept(deadline);
          return 0;
        });
  }

  /**
   * Returns what is due in maintenance: dates for consumers without an offer, reminders, and major
   * versions that an interrupted retirement or withdrawal left closed, or took away from a
   * consumer.
   */
  public static List<DueTask> all(ClientSession session, ProductName product, Instant now) {
    List<StoredRollout> rollouts = StoredRollout.all(session.ledger(), product);
    List<DueTask> due =
        new ArrayList<>(new RolloutReminders(session, product).tasks(rollouts, now));
    due.addAll(AbandonedFence.of(session, product, rollouts, now));
    due.addAll(UncountedRead.of(session, product, rollouts, now));
    return List.copyOf(due);
  }
}
