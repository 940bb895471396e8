package io.meshwork.internal.diagnosis;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.leftovers.FileReachability;
import io.meshwork.internal.leftovers.RetiredTables;
import io.meshwork.internal.leftovers.TableLeftovers;
import io.meshwork.internal.leftovers.TableLeftovers.Verdict;
import io.meshwork.internal.maintenance.MaintenanceQueue;
import io.meshwork.internal.maintenance.RefExamination;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ForeignReferences;
import io.meshwork.internal.table.BrokenRules;
import io.meshwork.internal.table.ErasedFiles;
import io.meshwork.internal.table.MeshTables.PinnedTable;
import io.meshwork.internal.table.TableFiles;
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
import java.util.function.BooleanSupplier;
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
  private final BooleanSupplier missing;
  private final ForeignReferences foreign;
  private final List<Finding> earlier;
  private final List<Finding> findings = new ArrayList<>();
  private FileReachability reached = FileReachability.NOTHING;
  private @Nullable TableLeftovers leftovers;

  /**
   * Creates an examination.
   *
   * @param listed the files in the table's folder, listed before; empty if the store cannot list
   * @param everyFile reads every data file completely, not only the newest
   * @param missing whether a table without a pointer may be one that the registry lost
   * @param foreign the files of all tables
   * @param earlier receives the findings
   */
  TableExamination(
      ClientSession session,
      Key pointer,
      Map<String, FileInfo> listed,
      boolean everyFile,
      BooleanSupplier missing,
      ForeignReferences foreign,
      List<Finding> earlier) {
    this.missing = missing;
    this.foreign = foreign;
    this.everyFile = everyFile;
    this.session = session;
    this.pointer = pointer;
    this.listed = listed;
    this.earlier = earlier;
  }

  void examine() {
    for (int attempts = 1; attempts <= MAX_ATTEMPTS; attempts++) {
      findings.clear();
      reached = FileReachability.NOTHING;
      leftovers = null;
      Optional<PinnedTable> table;
      try {
        table = session.tables().pin(pointer);
      } catch (BackendException e) {
        if (e.retryable()) {
          throw e;
        }
        addNotOpened(e);
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
    earlier.addAll(findings);
  }

  private void addNotOpened(BackendException failure) {
    String reason = MaintenanceQueue.firstSentence(failure);
    if (failure.errorCode() == ErrorCode.PERMISSION_MISSING) {
      findings.add(
          Finding.error(
              FindingCode.EXAMINATION_FAILED,
              place(),
              "It was not examined; other tables were. " + reason,
              "Run the doctor as a role that may read the files of this table."));
    } else {
      error(FindingCode.METADATA_MISSING, place(), "It cannot be opened: " + reason);
    }
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
    boolean isPath =
        failure instanceof InvalidRequestException path
            && path.errorCode() == ErrorCode.UNSAFE_PATH;
    findings.add(
        Finding.error(
            FindingCode.EXAMINATION_FAILED,
            place(),
            isPath
                ? "It could not be examined; other tables were. " + failure.getMessage()
                : "Its examination failed ("
                    + failure.getClass().getSimpleName()
                    + "); other tables were examined.",
            isPath
                ? ((InvalidRequestException) failure).fix()
                : "Run the doctor again. The log of this process has the stack trace."));
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
    boolean missing = this.missing.getAsBoolean();
    if (RetiredTables.isPurged(session, pointer)) {
      examineUnreferenced();
    } else if (listed.isEmpty() || missing) {
      error(FindingCode.TABLE_MISSING, place(), "The registry has no pointer to this table.");
    } else {
      examineUnreferenced();
    }
  }

  private void examine(PinnedTable pinned) {
    Table table = pinned.table();
    for (String difference : pinned.differences()) {
      error(FindingCode.TABLE_DIFFERS, place(), "Pointer and metadata do not agree: " + difference);
    }
    TableFiles files = TableFiles.of(session.tables(), pinned, null);
    reached = new FileReachability(files, "");
    leftovers = leftovers(Optional.of(pinned));
    if (leftovers != null) {
      registryBehind(leftovers);
    }
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
    AliasedFiles names = new AliasedFiles(session, place(), files, listed);
    names.examine(findings);
    files
        .content()
        .forEach(
            (location, length) -> {
              if (!files.isOutside(location)) {
                check(table, location, length, names);
              }
            });
    List<TableFiles.DataEntry> read =
        new ArrayList<>(everyFile ? files.data() : files.dataOfMain());
    Set<String> locations = findings.stream().map(Finding::where).collect(Collectors.toSet());
    read.removeIf(file -> locations.contains(place() + " " + file.location()));
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
                  + ". The owner allowed it; publishHistory(..) has the rollback and its reason.",
              broken.size(),
              broken,
              "Replace or erase the rows that break them."));
    }
  }

  private void check(Table table, String location, long length, AliasedFiles names) {
    FileInfo listedFile = listed.get(location);
    if (listedFile != null && listedFile.size() == length) {
      return;
    }
    InputFile file = table.io().newInputFile(location);
    if (!file.exists()) {
      error(
          FindingCode.FILE_MISSING,
          place() + " " + location,
          "A retained snapshot references this file, but it does not exist."
              + names
                  .found(location)
                  .map(place -> " It seems to be at " + place + "; move it back.")
                  .orElse(""));
    } else if (file.getLength() != length) {
      error(
          FindingCode.FILE_CHANGED,
          place() + " " + location,
          "It has " + file.getLength() + " bytes but had " + length + " when it was published.");
    }
  }

  private void registryBehind(TableLeftovers now) {
    now.doubt(listed.values())
        .filter(TableLeftovers.Doubt::isRegistryBehind)
        .ifPresent(
            doubt ->
                findings.add(
                    Finding.error(
                        FindingCode.REGISTRY_BEHIND,
                        place(),
                        doubt.reason(),
                        "If the registry was restored, restore a newer backup of it, or publish the"
                            + " missing rows again, with the same keys. Otherwise publish once, and"
                            + " the finding ends.")));
  }

  private void examineUnreferenced() {
    if (listed.isEmpty() || findings.stream().anyMatch(this::hidesFiles)) {
      return;
    }
    TableLeftovers decisions = leftovers == null ? leftovers(Optional.empty()) : leftovers;
    if (decisions == null) {
      return;
    }
    boolean skipped =
        findings.stream().anyMatch(finding -> finding.code() == FindingCode.REGISTRY_BEHIND);
    List<FileInfo> removable = new ArrayList<>();
    List<FileInfo> unreferenced = new ArrayList<>();
    listed.values().stream()
        .sorted(Comparator.comparing(FileInfo::location))
        .map(decisions::parse)
        .filter(file -> session.process().isEmpty() || !file.isMetadataFile())
        .forEach(
            file -> {
              Verdict verdict = decisions.verdict(file);
              if (verdict != Verdict.USED) {
                (verdict == Verdict.KEPT || skipped ? unreferenced : removable).add(file.file());
              }
            });
    addKept(
        unreferenced,
        unreferenced.stream()
            .filter(file -> decisions.linkTarget(file.location()).isPresent())
            .count());
    addRemovable(removable);
  }

  /** Null if a document is damaged that says where the table is, which another finding says. */
  private @Nullable TableLeftovers leftovers(Optional<PinnedTable> pinned) {
    try {
      return new TableLeftovers(session, pointer, pinned, reached, foreign);
    } catch (BackendException e) {
      if (e.retryable()) {
        throw e;
      }
      return null;
    }
  }

  private void addKept(List<FileInfo> unreferenced, long linked) {
    if (unreferenced.isEmpty()) {
      return;
    }
    findings.add(
        new Finding(
            FindingCode.UNKNOWN_FILES,
            Severity.NOTE,
            place(),
            unreferenced.size()
                + (unreferenced.size() == 1 ? " file of " : " files of ")
                + unreferenced.stream().mapToLong(FileInfo::size).sum()
                + " bytes that no retained snapshot references and that this mesh is not known to"
                + " have written, or that may be the only copy of a missing file or of a lost"
                + " commit. Maintenance keeps them."
                + (linked == 0
                    ? ""
                    : " "
                        + linked
                        + (linked == 1 ? " of them is" : " of them are")
                        + " behind a link out of the table's folder, where nothing is deleted, also"
                        + " if it is named."),
            unreferenced.size(),
            unreferenced.stream().limit(SAMPLES).map(FileInfo::location).toList(),
            TableLeftovers.NAME_UNKNOWN_FILES));
  }

  private void addRemovable(List<FileInfo> unreferenced) {
    if (unreferenced.isEmpty()) {
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
                + " that no retained snapshot references, left by processes of this mesh."
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
