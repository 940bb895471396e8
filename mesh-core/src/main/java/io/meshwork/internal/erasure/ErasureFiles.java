package io.meshwork.internal.erasure;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.PackedPart;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.leftovers.FileReachability;
import io.meshwork.internal.maintenance.MeshInventory;
import io.meshwork.internal.mirror.MirrorHolds;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ForeignReferences;
import io.meshwork.internal.table.TableName;
import io.meshwork.registry.Registry.Key;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
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
  /** The most bytes of the names in one document; its sentences are not counted. */
  private static final int DOCUMENT_BYTES = 192 << 10;

  /** The most bytes of the names in one transaction, so that any registry takes it. */
  private static final int TRANSACTION_BYTES = 2 << 20;

  /** The most records that one transaction deletes. */
  private static final int MAX_DELETED = 50;

  /**
   * The document of some files of one expiration. Only the first has snapshots, readers, and
   * sentences.
   *
   * @param files names below the folder of the table
   * @param readersPassed sentences about readers, the first ones
   * @param outOfReach sentences about files that are not deleted, the first ones
   * @param moreReaders how many readers follow
   * @param moreOutOfReach how many files follow
   */
  private record ErasureFilesDocument(
      String table,
      int snapshots,
      List<String> files,
      List<String> readersPassed,
      List<String> outOfReach,
      @JsonInclude(JsonInclude.Include.NON_DEFAULT) int moreReaders,
      @JsonInclude(JsonInclude.Include.NON_DEFAULT) int moreOutOfReach) {
    static ErasureFilesDocument of(VersionedDocument stored) {
      return DocumentCodec.of(ErasureFilesDocument.class).read(stored);
    }
  }

  /** What all expirations of an erasure did. */
  record Totals(
      List<VersionedDocument> records,
      long snapshots,
      long files,
      FirstSentences readers,
      FirstSentences outOfReach) {
    Totals {
      records = List.copyOf(records);
    }

    /** The records that the transaction of the proof deletes; later ones delete the others. */
    List<VersionedDocument> first() {
      return records.subList(0, Math.min(MAX_DELETED, records.size()));
    }
  }

  /** The first of these names, as many as one transaction can record. */
  static List<String> first(List<String> names) {
    return PackedPart.split(names, TRANSACTION_BYTES).get(0);
  }

  Set<String> recorded(TableName table) {
    Set<String> names = new HashSet<>();
    for (VersionedDocument stored : records()) {
      ErasureFilesDocument document = ErasureFilesDocument.of(stored);
      if (document.table().equals(table.table())) {
        names.addAll(document.files());
      }
    }
    return names;
  }

  /**
   * Records files of one expiration in its transaction, or before it.
   *
   * @param id distinguishes it from others
   * @param files names below the folder of the table; see {@link #first}
   * @param outOfReach sentences about files that are not deleted
   */
  void record(
      CommitDraft<?> draft,
      TableName table,
      String id,
      int snapshots,
      List<String> files,
      FirstSentences outOfReach,
      FirstSentences readersPassed) {
    int number = 0;
    for (List<String> part : PackedPart.split(files, DOCUMENT_BYTES)) {
      boolean first = number == 0;
      ErasureFilesDocument document =
          new ErasureFilesDocument(
              table.table(),
              first ? snapshots : 0,
              part,
              first ? readersPassed.listed() : List.of(),
              first ? outOfReach.listed() : List.of(),
              first ? readersPassed.more() : 0,
              first ? outOfReach.more() : 0);
      draft.insert(
          new Key(table.partition(), RegistryKeys.erasing(request.key()) + id + "-" + number),
          DocumentCodec.document(document));
      number++;
    }
  }

  /**
   * Deletes the recorded files of all erasures of the product that are still there.
   *
   * @param foreign the files of all tables
   * @return the files of this erasure that were not deleted, because a snapshot of this or another
   *     table has them or may have them, a mirror shows them, or a link is in their place
   * @throws io.meshwork.error.BackendException if one cannot be deleted
   */
  SortedSet<String> delete(ForeignReferences foreign, Deadline deadline) {
    SortedSet<String> files = new TreeSet<>();
    for (VersionedDocument stored :
        session.ledger().list(RegistryKeys.partition(request.product()), RegistryKeys.ERASING)) {
      ErasureFilesDocument document = ErasureFilesDocument.of(stored);
      table(stored)
          .map(table -> delete(table, document.files(), foreign, deadline))
          .filter(ofTable -> stored.key().sort().startsWith(RegistryKeys.erasing(request.key())))
          .ifPresent(files::addAll);
    }
    return files;
  }

  private Set<String> delete(
      TableName table, List<String> names, ForeignReferences foreign, Deadline deadline) {
    Set<String> files = new TreeSet<>();
    String folder = session.tables().location(table);
    FileReachability references =
        FileReachability.of(
            session.tables(), session.tables().pin(table.key()), /* earlier= */ null);
    MirrorHolds mirrors = MirrorHolds.ofReachable(session);
    for (String name : names) {
      deadline.check(request.action());
      String location = folder + "/" + name;
      // It may have been recorded before its snapshots expired, registered again since, or replaced
      // by a link.
      if (!references.uncertainty().isEmpty()
          || references.references(location)
          || mirrors.names(location)
          || !session.tables().contains(folder, location)
          || foreign.contains(location)) {
        files.add(location);
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
    return files;
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
    List<VersionedDocument> records = records();
    long snapshots = 0;
    long files = 0;
    TreeSet<String> readers = new TreeSet<>();
    TreeSet<String> outOfReach = new TreeSet<>();
    int moreReaders = 0;
    int moreOutOfReach = 0;
    for (VersionedDocument stored : records) {
      ErasureFilesDocument document = ErasureFilesDocument.of(stored);
      snapshots += document.snapshots();
      files += document.files().size();
      readers.addAll(document.readersPassed());
      outOfReach.addAll(document.outOfReach());
      moreReaders += document.moreReaders();
      moreOutOfReach += document.moreOutOfReach();
    }
    return new Totals(
        records,
        snapshots,
        files,
        FirstSentences.of(readers, moreReaders),
        FirstSentences.of(outOfReach, moreOutOfReach));
  }

  private List<VersionedDocument> records() {
    return session
        .ledger()
        .list(RegistryKeys.partition(request.product()), RegistryKeys.erasing(request.key()));
  }

  /** Deletes the records that are left after the proof, which has what they counted. */
  void forget(Deadline deadline) {
    while (session
        .ledger()
        .commit(
            Ledger.Change.of(
                request.action(),
                RegistryKeys.partition(request.product()),
                attempt -> withoutRecords()),
            deadline)) {
      deadline.check(request.action());
    }
  }

  private CommitDraft<Boolean> withoutRecords() {
    List<VersionedDocument> records = records();
    if (records.isEmpty()) {
      return CommitDraft.unchanged(false);
    }
    TableName table = table(records.get(0)).orElseThrow();
    CommitDraft<Boolean> draft =
        CommitDraft.of(
            "product.snapshots-expired",
            session.principal(),
            MeshInventory.displayName(session, request.product()));
    records.stream()
        .filter(stored -> table(stored).equals(Optional.of(table)))
        .limit(MAX_DELETED)
        .forEach(draft::delete);
    return draft
        .details(new EventDetails.ExpiredSnapshots(table.table(), table.major(), 0))
        .result(true);
  }

  private static Optional<TableName> table(VersionedDocument stored) {
    return TableName.at(
        new Key(
            stored.key().partition(),
            TableName.POINTERS + ErasureFilesDocument.of(stored).table()));
  }
}
