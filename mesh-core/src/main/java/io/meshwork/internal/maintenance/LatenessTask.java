package io.meshwork.internal.maintenance;

import io.meshwork.internal.delivery.LatenessEpisode;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.TableName;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.operation.Plan;

/** Begins or ends the episode in which a major version is late, also if no publisher runs. */
record LatenessTask(ClientSession session, TableName table, boolean late)
    implements MaintenanceTask {
  static MaintenanceTask.Finder finder(ClientSession session) {
    return (inventory, queue) -> {
      for (TableName table : inventory.allTables()) {
        if (!table.quarantine()) {
          queue.inspect(
              table.toString(),
              () ->
                  LatenessEpisode.due(session, table)
                      .ifPresent(late -> queue.add(new LatenessTask(session, table, late))));
        }
      }
    };
  }

  @Override
  public Plan.Step step() {
    return new Plan.Step(
        "notify the consumers", table.toString(), late ? "it is late" : "it is fresh again", "");
  }

  @Override
  public void run(MaintenanceTally tally, Deadline deadline) {
    if (LatenessEpisode.update(session, table, deadline)) {
      tally.add(table.partition(), Work.FRESHNESS_CHANGED, 1);
    }
  }
}
