package io.meshwork.internal.maintenance;

import io.meshwork.error.BackendException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.maintenance.OrphanFile.Owner;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.StagedFiles;
import io.meshwork.internal.table.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.SupportsPrefixOperations;

/**
 * Files in the folders of a product's tables that nothing references, left by terminated processes.
 * Those with erased rows are deleted if their writers can no longer be running.
 */
record ErasureLeftovers(
    ClientSession session, ErasureRequest request, ErasureScan scan, Deadline deadline) {
  private static final MeshAction RESOLVE = MeshAction.of(Verb.RESOLVE, "unfinished publishes");

  /**
   * Deletes leftovers with rows, and returns sentences about those that remain. On a store that
   * cannot list, returns that.
   */
  List<String> delete() {
    List<String> remaining = new ArrayList<>();
    for (TableName name : scan.tables()) {
      List<OrphanFile> young = new ArrayList<>();
      for (OrphanFile orphan : find(name)) {
        deadline.check(RESOLVE);
        if (!hasEnded(name, orphan) || !delete(name, orphan)) {
          young.add(orphan);
        }
      }
      if (!young.isEmpty()) {
        remaining.add(remaining(name, young.size()));
      }
    }
    if (!canList()) {
      remaining.add(
          "The store cannot list files, so files of terminated processes were not examined.");
    }
    return remaining;
  }

  /**
   * True if the writer cannot commit the file: it ended, or the file is of an ended staged publish.
   */
  private boolean hasEnded(TableName name, OrphanFile orphan) {
    return orphan.isAbandoned(session.runtime().clock().instant())
        || (orphan.owner() == Owner.PUBLISH
            && StagedFiles.list(session.ledger(), name.partition()).stream()
                .anyMatch(staged -> staged.isErased() && staged.publishId().equals(orphan.id())));
  }

  private boolean canList() {
    return session.files() instanceof SupportsPrefixOperations;
  }

  private static String remaining(TableName name, int count) {
    return count
        + (count == 1 ? " file" : " files")
        + " of "
        + name
        + " may contain the rows and "
        + (count == 1 ? "belongs" : "belong")
        + " to publishes that were not committed and may be running; maintenance deletes what a"
        + " terminated process left after a day.";
  }

  /** The leftovers with rows or values of them. */
  List<OrphanFile> find(TableName name) {
    if (!(session.files() instanceof SupportsPrefixOperations listing)) {
      return List.of();
    }
    Set<String> names = StagedFiles.names(session.ledger(), name.partition());
    List<FileInfo> listed = new ArrayList<>();
    for (String folder : session.tables().folders(name)) {
      listed.addAll(DataFolder.list(listing, folder + "/"));
    }
    FileReachability referenced =
        FileReachability.of(
            session.tables(), session.tables().pin(name.key()), Set.of(), /* earlier= */ null);
    List<OrphanFile> found = new ArrayList<>();
    for (FileInfo file : listed) {
      if (!referenced.references(file.location())
          && !StagedFiles.contains(names, file.location())
          && mayHold(name, file)) {
        found.add(OrphanFile.of(file));
      }
    }
    return found;
  }

  private boolean mayHold(TableName name, FileInfo file) {
    String location = file.location();
    if (DataFolder.isMetadata(location)) {
      return location.endsWith(".avro")
          && !location.contains("snap-")
          && mayHoldValues(name, location);
    }
    return location.endsWith(".parquet") && scan.holdsUnreferenced(name, dataFile(file));
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
    if (orphan.owner() == Owner.PUBLISH) {
      AttemptFences.add(session, name.key(), new TreeSet<>(Set.of(orphan.id())), deadline);
    } else if (orphan.owner() == Owner.ATTEMPT
        && !session.ledger().settle(name.partition(), orphan.id())) {
      return false;
    }
    String location = orphan.file().location();
    FileReachability now =
        FileReachability.of(
            session.tables(), session.tables().pin(name.key()), Set.of(), /* earlier= */ null);
    if (!now.uncertainty().isEmpty() || now.references(location)) {
      return false;
    }
    session.files().deleteFile(location);
    return true;
  }
}
