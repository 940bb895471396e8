package io.meshwork.internal.maintenance;

import io.meshwork.internal.rollouts.LateRead;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Plan;
import io.meshwork.product.ProductName;

/** Makes a major version readable again that was taken out of use during a consumer's read. */
record LateReadTask(LateRead read) implements MaintenanceTask {
  static MaintenanceTask.Finder finder(ClientSession session) {
    return (inventory, queue) -> {
      for (String partition : inventory.tables().keySet().stream().sorted().toList()) {
        queue.inspect(
            partition,
            () ->
                LateRead.of(
                        session, ProductName.of(partition), session.runtime().clock().instant())
                    .forEach(read -> queue.add(new LateReadTask(read))));
      }
    };
  }

  @Override
  public Plan.Step step() {
    return new Plan.Step(
        "restore",
        read.product() + " major version " + read.major(),
        read.consumer() + " read it while its consumers were counted",
        "");
  }

  @Override
  public void run(MaintenanceTally tally, Deadline deadline) {
    read.undo(deadline);
  }
}
