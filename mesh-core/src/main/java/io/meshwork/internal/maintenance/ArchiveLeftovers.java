package io.meshwork.internal.maintenance;

import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.leftovers.ArchiveFile;
import io.meshwork.internal.leftovers.LogSegment;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.text.Count;
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
 * Deletes archive files that the log does not have: incomplete files, and copies of a segment that
 * another file contains. A file that does not match the log is not deleted, nor is a complete one
 * that the next archive may use.
 */
public final class ArchiveLeftovers implements MaintenanceTask {
  private final ClientSession session;
  private final String partition;
  private final List<ArchiveFile> files;

  private ArchiveLeftovers(ClientSession session, String partition, List<ArchiveFile> files) {
    this.session = session;
    this.partition = partition;
    this.files = files;
  }

  /** Finds leftovers in all partitions. */
  public static MaintenanceTask.Finder finder(ClientSession session) {
    return (inventory, queue) -> {
      for (String partition : inventory.partitions()) {
        List<ArchiveFile> listed = inventory.folder().archives(partition);
        if (!listed.isEmpty()) {
          queue.inspect(partition, () -> find(session, partition, listed, queue));
        }
      }
    };
  }

  private static void find(
      ClientSession session, String partition, List<ArchiveFile> listed, MaintenanceQueue queue) {
    List<ArchiveFile> abandoned = new ArrayList<>();
    for (ArchiveFile file : abandoned(session, partition, listed)) {
      mismatch(session, file).ifPresentOrElse(queue::skip, () -> abandoned.add(file));
    }
    if (!abandoned.isEmpty()) {
      abandoned.sort(Comparator.comparing(file -> file.info().location()));
      queue.add(new ArchiveLeftovers(session, partition, List.copyOf(abandoned)));
    }
  }

  /** Returns the files that the log does not have. */
  public static List<ArchiveFile> unlogged(
      ClientSession session, String partition, List<ArchiveFile> listed) {
    Set<String> logged = new HashSet<>();
    for (VersionedDocument document : LogSegment.archived(session.ledger(), partition)) {
      logged.add(session.tables().comparable(LogSegment.location(session, document)));
    }
    return listed.stream()
        .filter(
            file ->
                !file.complete()
                    || !logged.contains(session.tables().comparable(file.info().location())))
        .toList();
  }

  /** Returns a finding if a file does not match the log; such a file stays. */
  public static Optional<Finding> mismatch(ClientSession session, ArchiveFile file) {
    try {
      return file.matchesLog(session)
          ? Optional.empty()
          : Optional.of(retainedFinding(file, "it does not match the log"));
    } catch (UncheckedIOException e) {
      return Optional.of(retainedFinding(file, "it cannot be read"));
    }
  }

  private static Finding retainedFinding(ArchiveFile file, String why) {
    return new Finding(
        FindingCode.ARCHIVE_UNKNOWN,
        Severity.WARNING,
        file.info().location(),
        "It is named after a segment of the log, but the log does not have it and "
            + why
            + ", so it is not removed.",
        0,
        List.of(),
        "If the registry was restored from a backup, this file may contain lost entries: copy it"
            + " elsewhere. Then delete it.");
  }

  private static List<ArchiveFile> abandoned(
      ClientSession session, String partition, List<ArchiveFile> listed) {
    long lastArchived = LogSegment.nextToArchive(session.ledger(), partition) - 1;
    Instant now = session.runtime().clock().instant();
    return unlogged(session, partition, listed).stream()
        .filter(file -> file.isAbandoned(lastArchived, now))
        .toList();
  }

  @Override
  public Plan.Step step() {
    return new Plan.Step(
        "remove leftovers of",
        "the archive of " + partition,
        Count.of(files.size(), "file")
            + " that the log does not have, such as "
            + files.get(0).info().location(),
        "cannot be undone; the registry has all entries");
  }

  @Override
  public String basis() {
    return files.stream().map(file -> file.info().location()).collect(Collectors.joining("\t"));
  }

  @Override
  public void run(MaintenanceTally tally, Deadline deadline) {
    TreeMap<String, Long> leftovers = new TreeMap<>();
    for (ArchiveFile file : abandoned(session, partition, files)) {
      leftovers.put(file.info().location(), file.info().size());
    }
    FileRemoval.run(session, partition, leftovers, tally, deadline);
  }
}
