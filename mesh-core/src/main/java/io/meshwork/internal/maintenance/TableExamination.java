package io.meshwork.internal.maintenance;

import io.meshwork.error.BackendException;
import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.BrokenRules;
import io.meshwork.internal.table.ErasedFiles;
import io.meshwork.internal.table.PinnedTable;
import io.meshwork.internal.table.TableName;
import io.meshwork.registry.Registry.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.InputFile;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at one table: pointer and metadata agree, and every file that a retained snapshot reaches
 * is there in its length; the newest are read to their end, or all of them. Each manifest is read
 * once, however many snapshots name it. If the table moved on meanwhile, what was found is looked
 * at once more.
 */
final class TableExamination {
  private static final int TRIES = 5;
  private static final long NEWEST_BYTES = 64L << 20;
  private static final int SAMPLES = 5;
  private static final Duration YOUNG = Duration.ofHours(24);
  private static final String RESTORE = "Restore it from a backup.";

  private static final Logger LOG = LoggerFactory.getLogger(TableExamination.class);

  private final ClientSession session;
  private final Key pointer;
  private final Map<String, FileInfo> listed;
  private final boolean everyFile;
  private final List<Finding> found;
  private final List<Finding> findings = new ArrayList<>();
  private @Nullable TableFiles reached;

  /**
   * An examination that has not begun.
   *
   * @param listed files in the table's folder, as they were before; empty if nobody can list
   * @param everyFile reads each file of rows to its end, and not only the newest
   * @param found takes what is found
   */
  TableExamination(
      ClientSession session,
      Key pointer,
      Map<String, FileInfo> listed,
      boolean everyFile,
      List<Finding> found) {
    this.everyFile = everyFile;
    this.session = session;
    this.pointer = pointer;
    this.listed = listed;
    this.found = found;
  }

  void examine() {
    for (int tries = 1; tries <= TRIES; tries++) {
      findings.clear();
      reached = null;
      Optional<PinnedTable> table;
      try {
        table = session.tables().pin(pointer);
      } catch (BackendException e) {
        error("METADATA_MISSING", place(), "It cannot be opened: " + MaintenanceQueue.why(e));
        break;
      }
      if (table.isEmpty()) {
        noPointer();
        break;
      }
      try {
        walk(table.get());
      } catch (RuntimeException e) {
        notExamined(e);
      }
      if (findings.isEmpty() || !movedOn(table.get())) {
        leftOver();
        break;
      }
    }
    found.addAll(findings);
  }

  /**
   * Whatever a library throws concerns this table alone.
   *
   * @throws BackendException if the store failed, and may not the next time
   */
  private void notExamined(RuntimeException failure) {
    if (failure instanceof BackendException backend && backend.retryable()) {
      throw backend;
    }
    LOG.warn("Table {} could not be examined", place(), failure);
    findings.add(
        Finding.error(
            "NOT_EXAMINED",
            place(),
            "It could not be looked at to its end ("
                + failure.getClass().getSimpleName()
                + "); other tables were.",
            "Run the doctor again. The log of this process has the whole failure."));
  }

  private boolean movedOn(PinnedTable table) {
    try {
      return session
          .tables()
          .pin(pointer)
          .map(now -> !now.version().equals(table.version()))
          .orElse(true);
    } catch (BackendException e) {
      return false;
    }
  }

  private void noPointer() {
    if (listed.isEmpty() || DataFolder.holdsData(listed)) {
      error("TABLE_MISSING", place(), "The registry has no pointer to this table.");
    } else {
      leftOver();
    }
  }

  private void walk(PinnedTable pinned) {
    Table table = pinned.table();
    long newest = OrphanFile.newestMetadata(listed.keySet());
    if (newest > pinned.number() + 1L) {
      findings.add(
          Finding.error(
              "REGISTRY_BEHIND",
              place(),
              "There is metadata of commit "
                  + newest
                  + " of this table, and the registry knows only of "
                  + pinned.number()
                  + ": the registry is older than the files, as after a restore. What was published"
                  + " since can no longer be read, and maintenance leaves the table alone.",
              "Restore a newer backup of the registry; else publish again what is missing, with the"
                  + " same keys, and clear the folder of the files that are newer."));
    }
    for (String difference : pinned.differences()) {
      error("TABLE_DIFFERS", place(), "Pointer and metadata do not agree: " + difference);
    }
    TableFiles files = TableFiles.of(session.tables(), session.tables().folder(pointer), pinned);
    reached = files;
    for (TableFiles.Unreadable unreadable : files.unreadable()) {
      error(
          "METADATA_MISSING",
          place() + " " + unreadable.what(),
          "It is missing or damaged (" + unreadable.cause() + ").");
    }
    ErasedFiles erased = ErasedFiles.of(session.ledger(), pointer);
    new RefExamination(place(), erased, files).examine(findings);
    files
        .content()
        .forEach(
            (location, length) -> {
              if (!files.isOutside(location)) {
                check(table, location, length);
              }
            });
    List<TableFiles.DataEntry> read =
        new ArrayList<>(everyFile ? files.data() : files.dataOfMain());
    Set<String> found = findings.stream().map(Finding::where).collect(Collectors.toSet());
    read.removeIf(file -> found.contains(place() + " " + file.location()));
    new ChecksumExamination(table.io(), place())
        .examine(read, everyFile ? Long.MAX_VALUE : NEWEST_BYTES, findings);
    brokenRules(table);
  }

  private void brokenRules(Table table) {
    List<String> broken = BrokenRules.asOf(table, table.currentSnapshot());
    if (!broken.isEmpty()) {
      findings.add(
          new Finding(
              "ROWS_BREAK_CONTRACT",
              Severity.WARNING,
              place(),
              "Rows that a rollback brought back break rules of the contract in force: "
                  + String.join(", ", broken)
                  + ". The owner allowed it; history(..) has the rollback and why.",
              broken.size(),
              broken,
              "Replace or erase the rows that break them; the publish that does ends this."));
    }
  }

  private void check(Table table, String location, long length) {
    FileInfo known = listed.get(location);
    if (known != null && known.size() == length) {
      return;
    }
    InputFile file = table.io().newInputFile(location);
    if (!file.exists()) {
      error(
          "FILE_MISSING",
          place() + " " + location,
          "A retained snapshot names this file, and it is not there.");
    } else if (file.getLength() != length) {
      error(
          "FILE_CHANGED",
          place() + " " + location,
          "It has " + file.getLength() + " bytes and had " + length + " when it was published.");
    }
  }

  private void leftOver() {
    TableFiles files = reached;
    List<FileInfo> left =
        listed.values().stream()
            .filter(file -> files == null || !files.reach(file.location()))
            .sorted(Comparator.comparing(FileInfo::location))
            .toList();
    if (left.isEmpty() || findings.stream().anyMatch(this::hidesFiles)) {
      return;
    }
    Instant youngSince = session.runtime().clock().instant().minus(YOUNG);
    long young =
        left.stream()
            .filter(file -> Instant.ofEpochMilli(file.createdAtMillis()).isAfter(youngSince))
            .count();
    findings.add(
        new Finding(
            "FILES_LEFT",
            Severity.NOTE,
            place(),
            left.size()
                + (left.size() == 1 ? " file" : " files")
                + " that no retained snapshot reaches, left by a process that died; harmless."
                + (young == 0
                    ? ""
                    : " "
                        + young
                        + " of them "
                        + (young == 1 ? "is" : "are")
                        + " younger than 24 hours and may belong to a publish that is under way."),
            left.size(),
            left.stream().limit(SAMPLES).map(FileInfo::location).toList(),
            "Leave them to maintenance, which clears them."));
  }

  /** What a manifest that cannot be read names is not left over. */
  private boolean hidesFiles(Finding finding) {
    return finding.code().equals("METADATA_MISSING");
  }

  private String place() {
    return TableName.format(pointer);
  }

  private void error(String code, String where, String what) {
    findings.add(Finding.error(code, where, what, RESTORE));
  }
}
