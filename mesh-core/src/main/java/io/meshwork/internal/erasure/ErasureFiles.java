package io.meshwork.internal.erasure;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.leftovers.FileReachability;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ForeignReferences;
import io.meshwork.internal.table.TableName;
import io.meshwork.registry.Registry.Key;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.iceberg.exceptions.NotFoundException;

/**
 * The files that the expirations of an erasure delete. Each is recorded in the transaction that
 * makes it unreferenced, so that another process can delete it, also on a store that cannot list.
 * The records stay until the erasure is proved. Their names are relative to the table's folder, so
 * that a mesh can be moved.
 */
record ErasureFiles(ClientSession session, ErasureRequest request) {
  /** The most files of one expiration, so that the transaction is small enough for any registry. */
  static final int MAX_FILES = 10_000;

  private static final int MAX_PER_DOCUMENT = 2_000;

  /**
   * The document of some files of one expiration. Only the first has snapshots, readers, and
   * sentences.
   *
   * @param files names below the folder of the table
   * @param outOfReach sentences about files that are not deleted
   */
  private record ErasureFilesDocument(
      String table,
      int snapshots,
      List<String> files,
      List<String> readersPassed,
      List<String> outOfReach) {
    static ErasureFilesDocument of(VersionedDocument stored) {
      return DocumentCodec.of(ErasureFilesDocument.class).read(stored);
    }
  }

  /** What all expirations of an erasure did. */
  record Totals(
      List<VersionedDocument> records,
      long snapshots,
      long files,
      List<String> readers,
      List<String> outOfReach) {
    Totals {
      records = List.copyOf(records);
      readers = List.copyOf(readers);
      outOfReach = List.copyOf(outOfReach);
    }
  }

  /**
   * Records the files of one expiration in its transaction.
   *
   * @param id distinguishes it from others
   * @param files names below the folder of the table
   * @param outOfReach sentences about files that are not deleted
   */
  void record(
      CommitDraft<?> draft,
      TableName table,
      String id,
      int snapshots,
      List<String> files,
      List<String> outOfReach,
      Collection<String> readersPassed) {
    for (int from = 0; from == 0 || from < files.size(); from += MAX_PER_DOCUMENT) {
      boolean first = from == 0;
      ErasureFilesDocument document =
          new ErasureFilesDocument(
              table.table(),
              first ? snapshots : 0,
              files.subList(from, Math.min(files.size(), from + MAX_PER_DOCUMENT)),
              first ? List.copyOf(readersPassed) : List.of(),
              first ? outOfReach : List.of());
      draft.insert(
          new Key(
              table.partition(),
              RegistryKeys.erasing(request.key()) + id + "-" + from / MAX_PER_DOCUMENT),
          DocumentCodec.document(document));
    }
  }

  /**
   * Deletes the recorded files of all erasures of the product that are still there.
   *
   * @param foreign the files of all tables
   * @return the files of this erasure that were kept, because a snapshot of this or another table
   *     has them or a link is in their place
   * @throws io.meshwork.error.BackendException if one cannot be deleted
   */
  SortedSet<String> delete(ForeignReferences foreign, Deadline deadline) {
    SortedSet<String> kept = new TreeSet<>();
    for (VersionedDocument stored :
        session.ledger().list(RegistryKeys.partition(request.product()), RegistryKeys.ERASING)) {
      ErasureFilesDocument document = ErasureFilesDocument.of(stored);
      TableName.at(new Key(stored.key().partition(), TableName.POINTERS + document.table()))
          .map(table -> delete(table, document.files(), foreign, deadline))
          .filter(ofTable -> stored.key().sort().startsWith(RegistryKeys.erasing(request.key())))
          .ifPresent(kept::addAll);
    }
    return kept;
  }

  private Set<String> delete(
      TableName table, List<String> names, ForeignReferences foreign, Deadline deadline) {
    Set<String> kept = new TreeSet<>();
    String folder = session.tables().location(table);
    FileReachability references =
        FileReachability.of(
            session.tables(), session.tables().pin(table.key()), /* earlier= */ null);
    for (String name : names) {
      deadline.check(request.action());
      String location = folder + "/" + name;
      // Since it was recorded, it may have been registered again, or replaced by a link.
      if (references.references(location)
          || !session.tables().contains(folder, location)
          || foreign.contains(location)) {
        kept.add(location);
        continue;
      }
      try {
        session.files().deleteFile(location);
      } catch (NotFoundException e) {
        continue;
      } catch (RuntimeException e) {
        throw undeletable(request.action(), table, e);
      }
    }
    return kept;
  }

  /** The failure of an erasure that cannot delete a file, such as one that is open on Windows. */
  static BackendException undeletable(MeshAction action, TableName table, RuntimeException cause) {
    return Failure.of(action)
        .because("a file of " + table + " could not be deleted")
        .state("The rows cannot be read, but some files with them remain.")
        .fix(
            "Fix the permissions of the store, close programs that have the files open, and run it"
                + " again with the same key.")
        .cause(cause)
        .lasting(ErrorCode.STORAGE_UNWRITABLE);
  }

  /** What the expirations of this erasure did. */
  Totals totals() {
    List<VersionedDocument> records =
        session
            .ledger()
            .list(RegistryKeys.partition(request.product()), RegistryKeys.erasing(request.key()));
    long snapshots = 0;
    long files = 0;
    TreeSet<String> readers = new TreeSet<>();
    TreeSet<String> outOfReach = new TreeSet<>();
    for (VersionedDocument stored : records) {
      ErasureFilesDocument document = ErasureFilesDocument.of(stored);
      snapshots += document.snapshots();
      files += document.files().size();
      readers.addAll(document.readersPassed());
      outOfReach.addAll(document.outOfReach());
    }
    return new Totals(
        records, snapshots, files, new ArrayList<>(readers), new ArrayList<>(outOfReach));
  }
}
