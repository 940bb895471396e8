package io.meshwork.internal.erasure;

import io.meshwork.error.BackendException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.leftovers.AttemptFences;
import io.meshwork.internal.leftovers.DataFolder;
import io.meshwork.internal.leftovers.FileReachability;
import io.meshwork.internal.leftovers.OrphanFile;
import io.meshwork.internal.leftovers.RetiredTables;
import io.meshwork.internal.leftovers.TableLeftovers;
import io.meshwork.internal.leftovers.TableLeftovers.Verdict;
import io.meshwork.internal.mirror.MirrorHolds;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ForeignReferences;
import io.meshwork.internal.table.FileOrigin.Writer;
import io.meshwork.internal.table.MeshTables.PinnedTable;
import io.meshwork.internal.table.PurgedTable;
import io.meshwork.internal.table.StagedFiles;
import io.meshwork.internal.table.TableFolders;
import io.meshwork.internal.table.TableName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.SupportsPrefixOperations;

/**
 * Files in the folders of a product's tables that nothing references, left by terminated processes.
 * Files with erased rows are deleted if their writers can no longer be running.
 */
record ErasureLeftovers(
    ClientSession session, ErasureRequest request, ErasureScan scan, Deadline deadline) {
  private static final MeshAction RESOLVE = MeshAction.of(Verb.RESOLVE, "unfinished publishes");

  /** How the names of manifest lists begin, which have no values of rows. */
  private static final String MANIFEST_LIST = "snap-";

  /** How files of rows begin. */
  private static final String PARQUET = "PAR1";

  /** How manifests begin. */
  private static final String AVRO = "Obj\u0001";

  /** The most files that a proof names. */
  private static final int MAX_NAMED = 100;

  /**
   * Deletes leftovers with rows, and returns sentences about the remaining ones. On a store that
   * cannot list, returns that.
   */
  List<String> delete() {
    List<String> remaining = new ArrayList<>();
    MirrorHolds mirrors = MirrorHolds.ofReachable(session);
    for (TableName name : scan.tables()) {
      Optional<PinnedTable> pinned = session.tables().pin(name.key());
      TableLeftovers leftovers = leftovers(name, pinned);
      boolean doubtful = leftovers.doubt(listed(name)).isPresent();
      for (OrphanFile orphan : find(name, leftovers)) {
        deadline.check(RESOLVE);
        Verdict verdict = verdict(name, leftovers, orphan);
        if (doubtful || verdict != Verdict.REMOVABLE || !delete(name, orphan)) {
          remaining.add(remaining(name, leftovers, orphan, doubtful ? Verdict.KEPT : verdict));
        }
      }
      for (OrphanFile orphan : metadata(name, leftovers, pinned)) {
        deadline.check(RESOLVE);
        String location = orphan.file().location();
        Verdict verdict =
            orphan.isMetadataFile()
                ? leftovers.verdict(orphan, /* isEnded= */ true)
                : leftovers.verdict(orphan);
        if (mirrors.names(location)) {
          remaining.add(shown(location));
        } else if (doubtful || verdict != Verdict.REMOVABLE) {
          remaining.add(remaining(name, leftovers, orphan, doubtful ? Verdict.KEPT : verdict));
        } else {
          delete(name, location);
        }
      }
    }
    remaining.addAll(ofPurged());
    int more = remaining.size() - MAX_NAMED;
    if (more > 0) {
      remaining.subList(MAX_NAMED, remaining.size()).clear();
      remaining.add(more + " more such files may contain the rows.");
    }
    if (!canList()) {
      remaining.add(
          "The store cannot list files, so files of terminated processes were not examined.");
    }
    return remaining;
  }

  /**
   * Unfinished metadata files, and earlier ones that the current one does not name: none of these
   * can be committed.
   */
  private List<OrphanFile> metadata(
      TableName name, TableLeftovers leftovers, Optional<PinnedTable> pinned) {
    int current = pinned.map(PinnedTable::number).orElse(-1);
    return listed(name).stream()
        .map(leftovers::parse)
        .filter(
            file ->
                file.isMetadataFile()
                    ? file.number() <= current
                    : isUnfinishedMetadata(file.file().location()))
        .filter(file -> leftovers.verdict(file) != Verdict.USED)
        .toList();
  }

  private static boolean isUnfinishedMetadata(String location) {
    return location.endsWith(".tmp") && location.contains(".metadata.json.");
  }

  /** A sentence about an earlier metadata file that a mirror shows. */
  static String shown(String location) {
    return "The metadata file "
        + location
        + " may contain values of the rows; a mirror shows it to engines. Run mirrors(), after"
        + " which maintenance deletes it.";
  }

  /** Returns why the registry may be older than the files of a table; empty if it is not. */
  Optional<String> registryBehind(TableName name) {
    return TableLeftovers.registryBehind(session, name.key(), listed(name));
  }

  /** Sentences about what is left of purged versions, whose rows can no longer be compared. */
  private List<String> ofPurged() {
    List<String> leftovers = new ArrayList<>();
    for (int major : session.catalog().majors(request.product())) {
      TableName rows = TableName.of(request.product(), major);
      if (!RetiredTables.isPurged(session, rows.key())) {
        continue;
      }
      for (TableName name : List.of(rows, rows.quarantined())) {
        deadline.check(RESOLVE);
        Set<String> deleted = toDelete(name);
        Stream.concat(listed(name).stream().map(FileInfo::location), deleted.stream())
            .distinct()
            .filter(file -> isOfRows(file) && session.files().newInputFile(file).exists())
            .forEach(file -> leftovers.add(ofPurged(name, file, deleted.contains(file))));
      }
    }
    return leftovers;
  }

  /** The files that maintenance deletes of a purged table. */
  private Set<String> toDelete(TableName name) {
    try {
      return session
          .ledger()
          .read(PurgedTable.key(name))
          .map(PurgedTable::of)
          .map(purged -> purged.files(session.tables(), session.ledger(), file -> false))
          .map(groups -> groups.stream().flatMap(List::stream).collect(Collectors.toSet()))
          .orElse(Set.of());
    } catch (BackendException e) {
      if (e.retryable()) {
        throw e;
      }
      return Set.of();
    }
  }

  private static String ofPurged(TableName name, String location, boolean isDeleted) {
    return "The file "
        + location
        + " of "
        + name
        + ", which was purged, may contain the rows"
        + (isDeleted
            ? "; it could not be deleted, and maintenance tries again."
            : "; the purge did not delete it, so only maintenance with delete(..) removes it.");
  }

  /** True for a file with rows or values of them, by its name or its content. */
  private boolean isOfRows(String location) {
    boolean isNamed = location.endsWith(".avro") || location.endsWith(".parquet");
    String start = isNamed ? "" : start(location);
    return location.endsWith(".parquet")
        || start.equals(PARQUET)
        || ((location.endsWith(".avro") || start.equals(AVRO))
            && !TableFolders.fileName(location).startsWith(MANIFEST_LIST));
  }

  private Verdict verdict(TableName name, TableLeftovers leftovers, OrphanFile orphan) {
    Verdict verdict = leftovers.verdict(orphan);
    return verdict == Verdict.RUNNING && isEnded(name, orphan)
        ? leftovers.verdict(orphan, true)
        : verdict;
  }

  /** True for a file of a staged publish that an erase ended. */
  private boolean isEnded(TableName name, OrphanFile orphan) {
    return orphan.writer() == Writer.PUBLISH
        && StagedFiles.list(session.ledger(), name.partition()).stream()
            .anyMatch(staged -> staged.isErased() && staged.publishId().equals(orphan.id()));
  }

  private boolean canList() {
    return session.files() instanceof SupportsPrefixOperations;
  }

  private static String remaining(
      TableName name, TableLeftovers leftovers, OrphanFile orphan, Verdict verdict) {
    String location = orphan.file().location();
    return leftovers
        .linkTarget(location)
        .map(target -> linked(location, target))
        .orElseGet(
            () ->
                "The file "
                    + location
                    + " of "
                    + name
                    + " may contain the rows, and no snapshot has it"
                    + (verdict == Verdict.KEPT
                        ? "; this mesh is not known to have written it, or it may be the only copy"
                            + " of a lost file, so only maintenance with delete(..) removes it."
                        : "; its publish may be running, and maintenance deletes it a day after"
                            + " that ended."));
  }

  /** A sentence about a file in the table's folder that is a link to a file elsewhere. */
  static String linked(String location, String target) {
    return "The file "
        + location
        + " may contain the rows; it is a link to "
        + target
        + ", outside the table's folder, and neither was deleted.";
  }

  /** The leftovers with rows or values of them. */
  List<OrphanFile> find(TableName name) {
    return find(name, leftovers(name, session.tables().pin(name.key())));
  }

  private List<OrphanFile> find(TableName name, TableLeftovers leftovers) {
    return listed(name).stream()
        .map(leftovers::parse)
        .filter(file -> leftovers.verdict(file) != Verdict.USED)
        .filter(file -> isBrokenLink(leftovers, file) || mayHold(name, file.file()))
        .toList();
  }

  private boolean isBrokenLink(TableLeftovers leftovers, OrphanFile file) {
    String location = file.file().location();
    return session.tables().isMissingOnDisk(location) && leftovers.linkTarget(location).isPresent();
  }

  private List<FileInfo> listed(TableName name) {
    if (!(session.files() instanceof SupportsPrefixOperations listing)) {
      return List.of();
    }
    List<FileInfo> listed = new ArrayList<>();
    for (String folder : session.tables().folders(name)) {
      listed.addAll(DataFolder.list(listing, folder + "/"));
    }
    return listed;
  }

  private TableLeftovers leftovers(TableName name, Optional<PinnedTable> pinned) {
    return new TableLeftovers(
        session,
        name.key(),
        pinned,
        FileReachability.of(session.tables(), pinned, null),
        ForeignReferences.ofMaintained(session));
  }

  private boolean mayHold(TableName name, FileInfo file) {
    String location = file.location();
    boolean isNamed = location.endsWith(".avro") || location.endsWith(".parquet");
    String start = isNamed ? "" : start(location);
    if (location.endsWith(".avro") || start.equals(AVRO)) {
      return !TableFolders.fileName(location).startsWith(MANIFEST_LIST)
          && mayHoldValues(name, location);
    }
    return (location.endsWith(".parquet") || start.equals(PARQUET))
        && scan.holdsUnreferenced(name, dataFile(file));
  }

  /** How a file begins, whatever its name; empty if it cannot be read. */
  private String start(String location) {
    try (InputStream in = session.files().newInputFile(location).newStream()) {
      return new String(in.readNBytes(PARQUET.length()), StandardCharsets.ISO_8859_1);
    } catch (IOException | RuntimeException e) {
      return "";
    }
  }

  /** A manifest that was not written to its end may have any values. */
  private boolean mayHoldValues(TableName name, String manifest) {
    try {
      return scan.mayHoldValues(name, manifest);
    } catch (BackendException e) {
      if (e.retryable()) {
        throw e;
      }
      return true;
    }
  }

  /** The number of rows is not known. */
  static DataFile dataFile(FileInfo file) {
    return DataFiles.builder(PartitionSpec.unpartitioned())
        .withPath(file.location())
        .withFormat(FileFormat.PARQUET)
        .withFileSizeInBytes(file.size())
        .withRecordCount(1)
        .build();
  }

  /** Deletes a file after its writer can no longer commit it; false if that is not certain. */
  private boolean delete(TableName name, OrphanFile orphan) {
    if (orphan.writer() == Writer.PUBLISH) {
      AttemptFences.add(session, name.key(), new TreeSet<>(Set.of(orphan.id())), deadline);
    } else if (orphan.writer() == Writer.ATTEMPT
        && !session.ledger().settle(name.partition(), orphan.id())) {
      return false;
    }
    String location = orphan.file().location();
    FileReachability now =
        FileReachability.of(
            session.tables(), session.tables().pin(name.key()), /* earlier= */ null);
    if (!now.uncertainty().isEmpty() || now.references(location) || now.hasName(location)) {
      return false;
    }
    delete(name, location);
    return true;
  }

  private void delete(TableName name, String location) {
    try {
      session.files().deleteFile(location);
    } catch (NotFoundException e) {
      // it is deleted
    } catch (RuntimeException e) {
      throw ErasureFiles.undeletable(request.action(), name, e);
    }
  }
}
