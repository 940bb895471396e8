package io.meshwork.internal.maintenance;

import io.meshwork.internal.rollouts.AbandonedFence;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Plan;
import io.meshwork.product.ProductName;

/** Opens a major version whose retirement or withdrawal was interrupted. */
record FenceRemoval(AbandonedFence fence) implements MaintenanceTask {
  static MaintenanceTask.Finder finder(ClientSession session) {
    return (inventory, queue) -> {
      for (String partition : inventory.tables().keySet().stream().sorted().toList()) {
        queue.inspect(
            partition,
            () ->
                AbandonedFence.of(
                        session, ProductName.of(partition), session.runtime().clock().instant())
                    .forEach(fence -> queue.add(new FenceRemoval(fence))));
      }
    };
  }

  @Override
  public Plan.Step step() {
    return new Plan.Step(
        "open",
        fence.product() + " major version " + fence.major(),
        "its retirement or withdrawal was interrupted more than 24 hours ago",
        "");
  }

  @Override
  public void run(MaintenanceTally tally, Deadline deadline) {
    fence.remove(deadline);
  }
}
