package io.meshwork.internal.maintenance;

import io.meshwork.internal.delivery.LatenessEpisode;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.TableName;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.operation.Plan;

/**
 * Begins, escalates, or ends the episode in which a major version is late, also if no publisher
 * runs.
 */
record LatenessTask(ClientSession session, TableName table, LatenessEpisode.Step due)
    implements MaintenanceTask {
  static MaintenanceTask.Finder finder(ClientSession session) {
    return (inventory, queue) -> {
      for (TableName table : inventory.allTables()) {
        if (!table.quarantine()) {
          queue.inspect(
              table.toString(),
              () ->
                  LatenessEpisode.due(session, table)
                      .ifPresent(step -> queue.add(new LatenessTask(session, table, step))));
        }
      }
    };
  }

  @Override
  public Plan.Step step() {
    String why =
        switch (due) {
          case BEGIN -> "it is late";
          case ESCALATE -> "it is late for long, or again";
          case END -> "it is fresh again";
        };
    return new Plan.Step("notify the consumers", table.toString(), why, "");
  }

  @Override
  public void run(MaintenanceTally tally, Deadline deadline) {
    // An episode that begins can have to be escalated at once.
    while (LatenessEpisode.update(session, table, deadline)) {
      tally.add(table.partition(), Work.FRESHNESS_CHANGED, 1);
    }
  }
}
