package io.meshwork.internal.maintenance;

import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Plan;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Deletes files in the folder of archives of which the log tells nothing: those that a writer began
 * and did not finish, and copies of a part of the log that is archived in another file. A whole
 * file that the next archive may use, or that says what the log does not, stays.
 */
final class ArchiveLeftovers implements MaintenanceTask {
  private final ClientSession session;
  private final String partition;
  private final List<ArchiveFile> files;

  private ArchiveLeftovers(ClientSession session, String partition, List<ArchiveFile> files) {
    this.session = session;
    this.partition = partition;
    this.files = files;
  }

  /** Finds them in each partition that there is. */
  static MaintenanceTask.Finder finder(ClientSession session) {
    return (inventory, due) -> {
      for (String partition : inventory.partitions()) {
        List<ArchiveFile> listed = inventory.folder().archives(partition);
        if (!listed.isEmpty()) {
          due.inspect(partition, () -> find(session, partition, listed, due));
        }
      }
    };
  }

  private static void find(
      ClientSession session, String partition, List<ArchiveFile> listed, MaintenanceQueue due) {
    List<ArchiveFile> abandoned = new ArrayList<>();
    for (ArchiveFile file : abandoned(session, partition, listed)) {
      Optional<Finding> strange = strange(session, file);
      strange.ifPresentOrElse(due::skip, () -> abandoned.add(file));
    }
    if (!abandoned.isEmpty()) {
      abandoned.sort(Comparator.comparing(file -> file.info().location()));
      due.add(new ArchiveLeftovers(session, partition, List.copyOf(abandoned)));
    }
  }

  /** Those of which the log does not tell. */
  static List<ArchiveFile> untold(
      ClientSession session, String partition, List<ArchiveFile> listed) {
    Set<LogSegment> told = new HashSet<>();
    for (VersionedDocument document : LogSegment.archived(session.ledger(), partition)) {
      told.add(LogSegment.of(document));
    }
    return listed.stream().filter(file -> !file.whole() || !told.contains(file.segment())).toList();
  }

  /** Why a file of which the log does not tell is no leftover; empty if it is one. */
  static Optional<Finding> strange(ClientSession session, ArchiveFile file) {
    try {
      return !file.whole() || file.saysWhatTheLogSays(session)
          ? Optional.empty()
          : Optional.of(stays(file, "it does not say what the log says now"));
    } catch (UncheckedIOException e) {
      return Optional.of(stays(file, "it cannot be read"));
    }
  }

  private static Finding stays(ArchiveFile file, String why) {
    return new Finding(
        "ARCHIVE_STRANGE",
        Severity.WARNING,
        file.info().location(),
        "It has the name of an archived part of the log, the log does not tell of it, and "
            + why
            + ", so nobody removes it.",
        0,
        List.of(),
        "If the registry was restored from a backup, this file may hold what was lost: keep it"
            + " elsewhere. Then delete it.");
  }

  private static List<ArchiveFile> abandoned(
      ClientSession session, String partition, List<ArchiveFile> listed) {
    long told = LogSegment.next(session.ledger(), partition) - 1;
    Instant now = session.runtime().clock().instant();
    return untold(session, partition, listed).stream()
        .filter(file -> file.isAbandoned(told, now))
        .toList();
  }

  @Override
  public Plan.Step step() {
    return new Plan.Step(
        "remove leftovers of",
        "the archive of " + partition,
        files.size()
            + " files of which the log does not tell, the first of them "
            + files.get(0).info().location(),
        "cannot be undone; the registry has the entries, and so has the archive");
  }

  @Override
  public String basis() {
    return files.stream().map(file -> file.info().location()).collect(Collectors.joining("\t"));
  }

  @Override
  public void run(MaintenanceTally tally, Deadline deadline) {
    TreeMap<String, Long> gone = new TreeMap<>();
    for (ArchiveFile file : abandoned(session, partition, files)) {
      gone.put(file.info().location(), file.info().size());
    }
    FileRemoval.run(session, partition, gone, tally, deadline);
  }
}
