package io.meshwork.internal.rollouts;

import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Plan;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What maintenance does for the rollouts of a product. Stateless. */
public final class RolloutMaintenance {
  private RolloutMaintenance() {}

  /** One task. */
  public interface Task {
    /** Returns what the task does. */
    Plan.Step step();

    /** Returns what identifies the state that it is based on. */
    String basis();

    /**
     * Runs it, if it is still due.
     *
     * @return the number of reminders and offers that were sent
     */
    long run(Deadline deadline);
  }

  /**
   * Returns what is due: dates for consumers without an offer, reminders, and major versions that
   * an interrupted retirement or withdrawal left closed, or took away from a consumer.
   */
  public static List<Task> due(ClientSession session, ProductName product, Instant now) {
    List<StoredRollout> rollouts = StoredRollout.all(session.ledger(), product);
    List<Task> due = new ArrayList<>(new RolloutReminders(session, product).tasks(rollouts, now));
    due.addAll(AbandonedFence.of(session, product, rollouts, now));
    due.addAll(LateRead.of(session, product, rollouts, now));
    return List.copyOf(due);
  }
}
