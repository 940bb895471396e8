package io.meshwork.internal.maintenance;

import io.meshwork.internal.rollouts.RolloutReminders;
import io.meshwork.internal.rollouts.RolloutReminders.Due;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.operation.Plan;
import io.meshwork.product.ProductName;

/**
 * Reminds a consumer of a rollout of its date, or offers dates to the consumers of an announced
 * rollout that have no offer.
 */
final class RolloutReminder implements MaintenanceTask {
  private final RolloutReminders reminders;
  private final String partition;
  private final Due due;

  private RolloutReminder(RolloutReminders reminders, String partition, Due due) {
    this.reminders = reminders;
    this.partition = partition;
    this.due = due;
  }

  static MaintenanceTask.Finder finder(ClientSession session) {
    return (inventory, queue) -> {
      for (String partition : inventory.tables().keySet().stream().sorted().toList()) {
        queue.inspect(
            partition,
            () -> {
              RolloutReminders reminders = new RolloutReminders(session, ProductName.of(partition));
              for (Due due : reminders.due(session.runtime().clock().instant())) {
                queue.add(new RolloutReminder(reminders, partition, due));
              }
            });
      }
    };
  }

  @Override
  public Plan.Step step() {
    return due.consumer()
        .map(
            consumer ->
                new Plan.Step(
                    "remind", partition, consumer + " of its date in rollout " + due.rollout(), ""))
        .orElseGet(
            () ->
                new Plan.Step(
                    "offer dates", partition, due.id() + " in rollout " + due.rollout(), ""));
  }

  @Override
  public String basis() {
    return due.id();
  }

  @Override
  public void run(MaintenanceTally tally, Deadline deadline) {
    long sent =
        due.consumer()
            .map(consumer -> reminders.remind(due.rollout(), consumer, deadline) ? 1 : 0)
            .orElseGet(() -> reminders.offer(due.rollout(), deadline));
    if (sent > 0) {
      tally.add(partition, Work.REMINDERS_SENT, sent);
    }
  }
}
