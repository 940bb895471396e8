package io.meshwork.internal.maintenance;

import io.meshwork.internal.runtime.Deadline;
import io.meshwork.operation.Plan;

/**
 * A task that is due. It is based on the state when it was found, and checks that state again
 * before it changes anything. If the process ends during the task, the next maintenance finds the
 * rest.
 */
interface MaintenanceTask {
  /** Describes the task; the same text for the same state of the mesh. */
  Plan.Step step();

  /** Returns further state that the plan's fingerprint covers, such as names of files. */
  default String basis() {
    return "";
  }

  /**
   * Runs the task.
   *
   * @throws io.meshwork.error.MeshException if it failed; what was committed before remains
   */
  void run(MaintenanceTally tally, Deadline deadline);

  /** Finds the due tasks of one kind. */
  @FunctionalInterface
  interface Finder {
    /** Adds tasks, and findings for what cannot be done. Reads only. */
    void find(MeshInventory inventory, MaintenanceQueue queue);
  }
}
