package io.meshwork.internal.maintenance;

import io.meshwork.internal.ingest.write.UncommittedFiles;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.StagedFiles.StagedFile;
import io.meshwork.internal.table.TableName;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.operation.Plan;
import java.util.List;

/**
 * Deletes one file of staged rows that an erase removed, and that the process of the erase left. No
 * one can read it, because its staged publish has ended.
 *
 * @param quarantine the table in whose folder the file is
 */
record ErasedFileRemoval(
    ClientSession session, TableName quarantine, StagedFile file, String location)
    implements MaintenanceTask {
  @Override
  public Plan.Step step() {
    return new Plan.Step(
        "remove",
        quarantine.toString(),
        "a file of " + file.bytes() + " bytes with staged rows that an erase removed is deleted",
        "cannot be undone; the rows were never published");
  }

  @Override
  public String basis() {
    return file.name();
  }

  @Override
  public void run(MaintenanceTally tally, Deadline deadline) {
    UncommittedFiles.delete(session.files(), List.of(location));
    tally.add(quarantine.partition(), Work.FILES_REMOVED, 1);
    tally.add(quarantine.partition(), Work.BYTES_FREED, file.bytes());
  }
}
