package io.meshwork.internal.maintenance;

import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Plan;
import io.meshwork.registry.Registry.Key;
import java.util.Map;
import java.util.TreeMap;

/** Deletes the files of a major version whose purge was interrupted. */
record PurgedFileRemoval(
    ClientSession session, MeshInventory inventory, Key table, Map<String, Long> files)
    implements MaintenanceTask {
  PurgedFileRemoval {
    files = Map.copyOf(files);
  }

  @Override
  public Plan.Step step() {
    return new Plan.Step(
        "remove files of",
        table.toString(),
        files.size() + " files of a major version whose data was deleted",
        "cannot be undone; no readable row is lost");
  }

  @Override
  public String basis() {
    return String.join("\t", new TreeMap<>(files).keySet());
  }

  @Override
  public void run(MaintenanceTally tally, Deadline deadline) {
    Map<String, Long> unused = new TreeMap<>(files);
    unused.keySet().removeIf(inventory.foreign()::contains);
    FileRemoval.run(session, table.partition(), unused, tally, deadline);
  }
}
