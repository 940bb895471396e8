package io.meshwork.internal.maintenance;

import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.maintenance.Maintain.Report.Work;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.exceptions.NotFoundException;

/** Deletes files, as far as that goes, and counts. */
final class FileRemoval {
  private FileRemoval() {}

  /**
   * Deletes files that nobody needs. What cannot be deleted is found again the next time.
   *
   * @param files with their lengths
   */
  static void run(
      ClientSession session,
      String partition,
      Map<String, Long> files,
      MaintenanceTally tally,
      Deadline deadline) {
    long failed = 0;
    String kind = "";
    for (Map.Entry<String, Long> file : new TreeMap<>(files).entrySet()) {
      deadline.check(MeshAction.of(Verb.REMOVE, "files of " + partition));
      try {
        session.files().deleteFile(file.getKey());
        tally.add(partition, Work.FILES_REMOVED, 1);
        tally.add(partition, Work.BYTES_FREED, file.getValue());
      } catch (NotFoundException e) {
        continue;
      } catch (RuntimeException e) {
        failed++;
        kind = e.getClass().getSimpleName();
      }
    }
    if (failed > 0) {
      tally.leave(
          new Finding(
              "FILES_STAY",
              Severity.WARNING,
              partition,
              failed + " files that nobody needs could not be deleted (" + kind + ").",
              failed,
              List.of(),
              "Fix the rights of the store, and run maintenance again."));
    }
  }
}
