package io.meshwork.internal.maintenance;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.maintenance.Maintain.Report.Work;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.exceptions.NotFoundException;
import org.jspecify.annotations.Nullable;

/** Deletes files and counts them. */
final class FileRemoval {
  private FileRemoval() {}

  /**
   * Deletes unused files. The next maintenance finds again what cannot be deleted.
   *
   * @param files locations and lengths, in the order in which they are deleted
   * @return false if one of them could not be deleted
   */
  static boolean run(
      ClientSession session,
      String partition,
      Map<String, Long> files,
      MaintenanceTally tally,
      Deadline deadline) {
    long failed = 0;
    @Nullable RuntimeException cause = null;
    for (Map.Entry<String, Long> file : files.entrySet()) {
      deadline.check(MeshAction.of(Verb.REMOVE, "files of " + partition));
      try {
        session.files().deleteFile(file.getKey());
        tally.add(partition, Work.FILES_REMOVED, 1);
        tally.add(partition, Work.BYTES_FREED, file.getValue());
      } catch (NotFoundException e) {
        continue;
      } catch (RuntimeException e) {
        failed++;
        cause = cause == null || isDenied(e) ? e : cause;
      }
    }
    if (cause != null) {
      tally.skip(finding(partition, failed, cause));
    }
    return cause == null;
  }

  private static boolean isDenied(RuntimeException failure) {
    return failure instanceof MeshException named
        && named.errorCode() == ErrorCode.PERMISSION_MISSING;
  }

  private static Finding finding(String partition, long failed, RuntimeException cause) {
    return new Finding(
        FindingCode.FILES_NOT_DELETED,
        Severity.WARNING,
        partition,
        failed
            + (failed == 1 ? " unused file" : " unused files")
            + " could not be deleted: "
            + (cause instanceof MeshException named
                ? named.reason()
                : cause.getClass().getSimpleName())
            + ".",
        failed,
        List.of(),
        cause instanceof MeshException named && !named.fix().isEmpty()
            ? named.fix()
            : "Fix the permissions of the store, and run maintenance again.");
  }
}
