package io.meshwork.internal.maintenance;

import io.meshwork.error.BackendException;
import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.BrokenRules;
import io.meshwork.internal.table.ErasedFiles;
import io.meshwork.internal.table.MeshTables.PinnedTable;
import io.meshwork.internal.table.StagedFiles;
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
 * Examines one table: checks that pointer and metadata agree and that every file that a retained
 * snapshot references exists with its length, and reads the newest data files, or all of them,
 * completely. Each manifest is read once. If a concurrent commit changes the table and there are
 * findings, the examination starts again.
 */
final class TableExamination {
  private static final int MAX_ATTEMPTS = 5;
  private static final long NEWEST_BYTES = 64L << 20;
  private static final int SAMPLES = 5;
  private static final Duration RECENT = Duration.ofHours(24);
  private static final String RESTORE =
      "Restore it: on AWS with the command restore, otherwise from a backup.";

  private static final Logger LOG = LoggerFactory.getLogger(TableExamination.class);

  private final ClientSession session;
  private final Key pointer;
  private final Map<String, FileInfo> listed;
  private final boolean everyFile;
  private final List<Finding> found;
  private final List<Finding> findings = new ArrayList<>();
  private @Nullable TableFiles reached;

  /**
   * Creates an examination.
   *
   * @param listed the files in the table's folder, listed before; empty if the store cannot list
   * @param everyFile reads every data file completely, not only the newest
   * @param found receives the findings
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
    for (int attempts = 1; attempts <= MAX_ATTEMPTS; attempts++) {
      findings.clear();
      reached = null;
      Optional<PinnedTable> table;
      try {
        table = session.tables().pin(pointer);
      } catch (BackendException e) {
        error(
            FindingCode.METADATA_MISSING,
            place(),
            "It cannot be opened: " + MaintenanceQueue.firstSentence(e));
        break;
      }
      if (table.isEmpty()) {
        examineWithoutPointer();
        break;
      }
      try {
        examine(table.get());
      } catch (RuntimeException e) {
        addNotExamined(e);
      }
      if (findings.isEmpty() || !hasChanged(table.get())) {
        examineUnreferenced();
        break;
      }
    }
    found.addAll(findings);
  }

  /**
   * Adds a finding; an exception of a library concerns this table only.
   *
   * @throws BackendException if the store failed and a retry may succeed
   */
  private void addNotExamined(RuntimeException failure) {
    if (failure instanceof BackendException backend && backend.retryable()) {
      throw backend;
    }
    LOG.warn("Table {} could not be examined", place(), failure);
    findings.add(
        Finding.error(
            FindingCode.EXAMINATION_FAILED,
            place(),
            "Its examination failed ("
                + failure.getClass().getSimpleName()
                + "); other tables were examined.",
            "Run the doctor again. The log of this process has the stack trace."));
  }

  private boolean hasChanged(PinnedTable table) {
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

  private void examineWithoutPointer() {
    if (RetiredTables.isPurged(session, pointer)) {
      examineUnreferenced();
    } else if (listed.isEmpty() || DataFolder.containsData(listed)) {
      error(FindingCode.TABLE_MISSING, place(), "The registry has no pointer to this table.");
    } else {
      examineUnreferenced();
    }
  }

  private void examine(PinnedTable pinned) {
    Table table = pinned.table();
    long newest = OrphanFile.newestMetadata(listed.keySet());
    if (newest > pinned.number() + 1L) {
      findings.add(
          Finding.error(
              FindingCode.REGISTRY_BEHIND,
              place(),
              "Metadata of commit "
                  + newest
                  + " of this table exists, but the registry has only "
                  + pinned.number()
                  + ": the registry is older than the files, as after a restore. Later publishes can"
                  + " no longer be read, and maintenance skips the table.",
              "Restore a newer backup of the registry; otherwise publish the missing rows again,"
                  + " with the same keys, and delete the newer files from the folder."));
    }
    for (String difference : pinned.differences()) {
      error(FindingCode.TABLE_DIFFERS, place(), "Pointer and metadata do not agree: " + difference);
    }
    TableFiles files = TableFiles.of(session.tables(), pinned, null);
    reached = files;
    for (TableFiles.Unreadable unreadable : files.unreadable()) {
      error(
          FindingCode.METADATA_MISSING,
          place() + " " + unreadable.what(),
          "It is missing or damaged (" + unreadable.cause() + ").");
    }
    ErasedFiles erased = ErasedFiles.of(session.ledger(), pointer);
    RegisteredExamination registered =
        new RegisteredExamination(session, pointer, table, everyFile);
    new RefExamination(place(), erased, files, registered.without(files.outside()))
        .examine(findings);
    registered.examine(files, findings);
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
    new ChecksumExamination(table.io(), place(), session.runtime().executor())
        .examine(read, everyFile ? Long.MAX_VALUE : NEWEST_BYTES, findings);
    brokenRules(table);
    new StagedExamination(session, pointer, listed).examine(table, findings);
  }

  private void brokenRules(Table table) {
    List<String> broken = BrokenRules.asOf(table, table.currentSnapshot());
    if (!broken.isEmpty()) {
      findings.add(
          new Finding(
              FindingCode.ROWS_BREAK_CONTRACT,
              Severity.WARNING,
              place(),
              "Rows that a rollback restored break rules of the current contract: "
                  + String.join(", ", broken)
                  + ". The owner allowed it; history(..) has the rollback and its reason.",
              broken.size(),
              broken,
              "Replace or erase the rows that break them."));
    }
  }

  private void check(Table table, String location, long length) {
    FileInfo listedFile = listed.get(location);
    if (listedFile != null && listedFile.size() == length) {
      return;
    }
    InputFile file = table.io().newInputFile(location);
    if (!file.exists()) {
      error(
          FindingCode.FILE_MISSING,
          place() + " " + location,
          "A retained snapshot references this file, but it does not exist.");
    } else if (file.getLength() != length) {
      error(
          FindingCode.FILE_CHANGED,
          place() + " " + location,
          "It has " + file.getLength() + " bytes but had " + length + " when it was published.");
    }
  }

  private void examineUnreferenced() {
    TableFiles files = reached;
    List<FileInfo> unreferenced =
        listed.values().stream()
            .filter(file -> files == null || !files.references(file.location()))
            .filter(file -> session.process().isEmpty() || !OrphanFile.of(file).isMetadataFile())
            .sorted(Comparator.comparing(FileInfo::location))
            .collect(Collectors.toCollection(ArrayList::new));
    if (!unreferenced.isEmpty()) {
      Set<String> staged = StagedFiles.names(session.ledger(), pointer.partition());
      unreferenced.removeIf(file -> StagedFiles.contains(staged, file.location()));
    }
    if (unreferenced.isEmpty() || findings.stream().anyMatch(this::hidesFiles)) {
      return;
    }
    Instant recentSince = session.runtime().clock().instant().minus(RECENT);
    long recent =
        unreferenced.stream()
            .filter(file -> Instant.ofEpochMilli(file.createdAtMillis()).isAfter(recentSince))
            .count();
    findings.add(
        new Finding(
            FindingCode.LEFTOVER_FILES,
            Severity.NOTE,
            place(),
            unreferenced.size()
                + (unreferenced.size() == 1 ? " file" : " files")
                + " that no retained snapshot references, left by a terminated process; harmless."
                + (recent == 0
                    ? ""
                    : " "
                        + recent
                        + " of them "
                        + (recent == 1 ? "is" : "are")
                        + " younger than 24 hours and may belong to a running publish."),
            unreferenced.size(),
            unreferenced.stream().limit(SAMPLES).map(FileInfo::location).toList(),
            "No action is needed: maintenance deletes them."));
  }

  /** Returns true if an unreadable manifest may reference files. */
  private boolean hidesFiles(Finding finding) {
    return finding.code() == FindingCode.METADATA_MISSING;
  }

  private String place() {
    return TableName.format(pointer);
  }

  private void error(FindingCode code, String where, String what) {
    findings.add(Finding.error(code, where, what, RESTORE));
  }
}
