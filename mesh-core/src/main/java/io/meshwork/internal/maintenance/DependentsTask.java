package io.meshwork.internal.maintenance;

import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.index.IndexDifference;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Plan;

/** Writes on which products those of a domain depend, where the index lacks it. */
record DependentsTask(ClientSession session, String domain) implements MaintenanceTask {
  static MaintenanceTask.Finder finder(ClientSession session) {
    return (inventory, queue) -> {
      for (String domain : inventory.domains()) {
        queue.inspect(
            domain,
            () -> {
              if (IndexDifference.lacksInputs(session, domain)
                  && !session.catalog().products(domain).isEmpty()) {
                queue.add(new DependentsTask(session, domain));
              }
            });
      }
    };
  }

  @Override
  public Plan.Step step() {
    return new Plan.Step(
        "write", RegistryKeys.dependentsKnown(domain).toString(), "it is missing", "");
  }

  @Override
  public void run(MaintenanceTally tally, Deadline deadline) {
    IndexDifference.addInputs(session, domain, deadline);
  }
}
