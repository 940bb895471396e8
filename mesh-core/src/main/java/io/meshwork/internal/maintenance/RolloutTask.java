package io.meshwork.internal.maintenance;

import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.rollout.retirement.DueTask;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.operation.Plan;
import io.meshwork.product.ProductName;

/** A task for a rollout of a product, such as a reminder. */
record RolloutTask(ProductName product, DueTask task) implements MaintenanceTask {
  static MaintenanceTask.Finder finder(ClientSession session) {
    return (inventory, queue) -> {
      for (String partition : inventory.tables().keySet().stream().sorted().toList()) {
        ProductName product = ProductName.of(partition);
        queue.inspect(
            partition,
            () ->
                DueTask.all(session, product, session.runtime().clock().instant())
                    .forEach(task -> queue.add(new RolloutTask(product, task))));
      }
    };
  }

  @Override
  public Plan.Step step() {
    return task.step();
  }

  @Override
  public String basis() {
    return task.basis();
  }

  @Override
  public void run(MaintenanceTally tally, Deadline deadline) {
    long sent = task.work().applyAsLong(deadline);
    if (sent > 0) {
      tally.add(RegistryKeys.partition(product), Work.REMINDERS_SENT, sent);
    }
  }
}
