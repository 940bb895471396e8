package io.meshwork.internal.leftovers;

import io.meshwork.error.FindingCode;
import io.meshwork.internal.delivery.LastUpdatedFile;
import io.meshwork.internal.delivery.LostCommits;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ForeignReferences;
import io.meshwork.internal.table.FileOrigin.Writer;
import io.meshwork.internal.table.MeshTables.PinnedTable;
import io.meshwork.internal.table.StagedFiles;
import io.meshwork.internal.table.TableFolders;
import io.meshwork.internal.table.TableName;
import io.meshwork.internal.table.WriterRecords;
import io.meshwork.registry.Registry.Key;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.io.FileInfo;

/**
 * Decides which unreferenced files in a table's folders may be deleted: files that a document of
 * this mesh says it wrote, whose writer can no longer commit them, and that cannot be the only copy
 * of a missing file or of a commit that the registry lost. Everything else stays. Immutable.
 */
public final class TableLeftovers {
  /** What a person does about files of unknown writers. */
  public static final String NAME_UNKNOWN_FILES =
      "Nothing needs to be done. To delete them, name each to maintenance with delete(..).";

  private static final Doubt COMMIT_RUNNING =
      new Doubt(Optional.empty(), "A commit may be running.");

  private final ClientSession session;
  private final Key table;
  private final Optional<PinnedTable> pinned;
  private final FileReachability references;
  private final ForeignReferences foreign;
  private final TableFolders folders;
  private final WriterRecords writers;
  private final Set<String> staged;
  private final LostCommits lost;
  private final Instant now;

  /** What may happen to a file. */
  public enum Verdict {
    /** The table, a staged publish, or a table whose folder is a link to this one, needs it. */
    USED,
    /** Its writer may be running. */
    RUNNING,
    /** Its writer is not known, or it may be needed; only a person may delete it. */
    KEPT,
    /** A terminated process of this mesh left it. */
    REMOVABLE
  }

  /**
   * Why no file of a table may be deleted.
   *
   * @param code the code of the finding; empty if the next maintenance will know more
   * @param reason as sentences
   */
  public record Doubt(Optional<FindingCode> code, String reason) {
    public boolean isRegistryBehind() {
      return code.equals(Optional.of(FindingCode.REGISTRY_BEHIND));
    }
  }

  /**
   * Prepares decisions.
   *
   * @param pinned the table; empty if the registry has no pointer to it
   * @param references the files of the table
   * @param foreign the files of all tables
   */
  public TableLeftovers(
      ClientSession session,
      Key table,
      Optional<PinnedTable> pinned,
      FileReachability references,
      ForeignReferences foreign) {
    this.session = session;
    this.table = table;
    this.foreign = foreign;
    this.pinned = pinned;
    this.references = references;
    this.folders = session.tables().folders(table);
    this.writers = WriterRecords.of(session.ledger(), table.partition());
    this.staged = StagedFiles.names(session.ledger(), table.partition());
    this.lost =
        pinned
            .flatMap(now -> TableName.at(table))
            .map(name -> LastUpdatedFile.lostCommits(session, name))
            .orElse(LostCommits.NONE);
    this.now = session.runtime().clock().instant();
  }

  /** Parses the name of a file in a folder of the table. */
  public OrphanFile parse(FileInfo file) {
    return OrphanFile.of(file, folders);
  }

  /** Decides about a file. */
  public Verdict verdict(OrphanFile file) {
    return verdict(file, file.isAbandoned(now));
  }

  /**
   * Decides about a file.
   *
   * @param isEnded true if its writer can no longer be running
   */
  public Verdict verdict(OrphanFile file, boolean isEnded) {
    String location = file.file().location();
    if (references.references(location)
        || StagedFiles.contains(staged, location)
        || foreign.isInLinkedFolder(location)) {
      return Verdict.USED;
    }
    if (folders.path(location).isEmpty()
        || references.hasName(location)
        || !isRecorded(file)
        || linkTarget(location).isPresent()) {
      return Verdict.KEPT;
    }
    if (!isEnded) {
      return Verdict.RUNNING;
    }
    return lost.includes(file.id()) || foreign.needs(location) ? Verdict.KEPT : Verdict.REMOVABLE;
  }

  /**
   * Returns where a link leads that is in the place of a file or of a folder above it; empty if it
   * stays in the table's folders. Elsewhere, others may need the file.
   */
  public Optional<String> linkTarget(String location) {
    return folders.folders().stream()
            .anyMatch(folder -> session.tables().contains(folder, location))
        ? Optional.empty()
        : Optional.of(session.tables().target(location));
  }

  /** Returns why not even a person may delete a file; empty if nothing needs it. */
  public Optional<String> refusal(OrphanFile file) {
    Verdict verdict = verdict(file);
    String location = file.file().location();
    if (verdict == Verdict.USED) {
      return Optional.of(
          foreign.isInLinkedFolder(location)
              ? "a table's folder is a link to its folder"
              : "a retained snapshot or a staged publish needs it");
    }
    if (references.hasName(location) || foreign.needs(location)) {
      return Optional.of("a retained snapshot references a file of its name");
    }
    return linkTarget(location)
        .map(target -> "it is behind a link to " + target)
        .or(
            () ->
                verdict == Verdict.RUNNING
                    ? Optional.of("the process that wrote it may be running")
                    : Optional.empty());
  }

  private boolean isRecorded(OrphanFile file) {
    return file.writer() != Writer.UNKNOWN && writers.include(file.id());
  }

  /** Returns why no file of the table may be deleted; empty if each can be decided about. */
  public Optional<Doubt> doubt(Collection<FileInfo> listed) {
    if (!references.uncertainty().isEmpty()) {
      return Optional.of(
          new Doubt(Optional.of(FindingCode.REFERENCES_UNCERTAIN), references.uncertainty()));
    }
    if (pinned.isEmpty()) {
      return Optional.empty();
    }
    if (lost.reason().isPresent()) {
      return behind(lost.reason().get());
    }
    long next = pinned.get().number() + 1L;
    Optional<Doubt> doubt = Optional.empty();
    for (FileInfo each : listed) {
      OrphanFile file = parse(each);
      if (file.number() < next) {
        continue;
      }
      if (file.number() > next || (lost.isNamed() && lost.includes(file.id()))) {
        return behind(ahead(file, "the registry is older than the files"));
      }
      if (!lost.isNamed() || !isRecorded(file)) {
        return behind(
            ahead(
                file,
                "a process ended before its commit, or the registry is older than the files"));
      }
      if (!file.isAbandoned(now)) {
        doubt = Optional.of(COMMIT_RUNNING);
      }
    }
    return doubt;
  }

  /** Returns why the registry may be older than the listed files of a table; empty if it is not. */
  public static Optional<String> registryBehind(
      ClientSession session, Key table, Collection<FileInfo> listed) {
    Optional<PinnedTable> pinned = session.tables().pin(table);
    if (pinned.isEmpty()) {
      return Optional.empty();
    }
    ForeignReferences none = new ForeignReferences(session, List::of);
    return new TableLeftovers(session, table, pinned, FileReachability.NOTHING, none)
        .doubt(listed)
        .filter(Doubt::isRegistryBehind)
        .map(Doubt::reason);
  }

  /** Returns true if the registry is older than the listed files of a table, or may be. */
  public static boolean isRegistryBehind(ClientSession session, TableName name, DataFolder folder) {
    return registryBehind(session, name.key(), folder.files(name.key()).values()).isPresent();
  }

  private String ahead(OrphanFile file, String conclusion) {
    return "Metadata of commit "
        + file.number()
        + " of this table exists, but the registry has "
        + pinned.map(PinnedTable::number).orElse(0)
        + " commits of it, so "
        + conclusion
        + ".";
  }

  /** Returns that the registry may be older than the files, unless it was written since. */
  private Optional<Doubt> behind(String reason) {
    if (!session.tables().version(table).equals(pinned.map(PinnedTable::version))) {
      return Optional.of(COMMIT_RUNNING);
    }
    return Optional.of(
        new Doubt(
            Optional.of(FindingCode.REGISTRY_BEHIND),
            reason + " Maintenance deletes no file of the table."));
  }

  /**
   * Returns true if a table without a pointer may be one that the registry lost: its folder or
   * another table's of the product without a pointer has rows, and was not purged.
   */
  public static boolean isMissing(ClientSession session, Key table, DataFolder folder) {
    return folder.tables().stream()
        .filter(key -> key.partition().equals(table.partition()))
        .filter(key -> key.equals(table) || session.tables().version(key).isEmpty())
        .filter(key -> !RetiredTables.isPurged(session, key))
        .anyMatch(folder::containsData);
  }
}
