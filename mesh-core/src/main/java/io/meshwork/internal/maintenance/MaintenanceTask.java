package io.meshwork.internal.maintenance;

import io.meshwork.internal.runtime.Deadline;
import io.meshwork.operation.Plan;

/**
 * Something that was found to be due. It rests on what was read then, and looks once more before it
 * changes anything; it may die anywhere, and what is left of it is due the next time.
 */
interface MaintenanceTask {
  /** What it does; the same text for the same state of the mesh. */
  Plan.Step step();

  /** The rest of what tells one state of the mesh from another, such as names of files. */
  default String basis() {
    return "";
  }

  /**
   * Does it.
   *
   * @throws io.meshwork.error.MeshException if it could not; what it did before stands
   */
  void run(MaintenanceTally tally, Deadline deadline);

  /** Finds what is due of one kind. */
  @FunctionalInterface
  interface Finder {
    /** Reads only, and adds chores, and findings of what cannot be done. */
    void find(MeshInventory inventory, MaintenanceQueue due);
  }
}
