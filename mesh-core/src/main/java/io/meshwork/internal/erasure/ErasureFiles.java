package io.meshwork.internal.erasure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
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
  private static final String FILES = "files";
  private static final String TABLE = "table";
  private static final String SNAPSHOTS = "snapshots";
  private static final String READERS = "readersPassed";
  private static final String OUT_OF_REACH = "outOfReach";

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
      ObjectNode document = JsonNodeFactory.instance.objectNode();
      document.put("format", 1).put(TABLE, table.table()).put(SNAPSHOTS, from == 0 ? snapshots : 0);
      ArrayNode names = document.putArray(FILES);
      files.subList(from, Math.min(files.size(), from + MAX_PER_DOCUMENT)).forEach(names::add);
      ArrayNode readers = document.putArray(READERS);
      if (from == 0) {
        readersPassed.forEach(readers::add);
        ArrayNode sentences = document.putArray(OUT_OF_REACH);
        outOfReach.forEach(sentences::add);
      }
      draft.insert(
          new Key(
              table.partition(),
              RegistryKeys.erasing(request.key()) + id + "-" + from / MAX_PER_DOCUMENT),
          document);
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
      TableName.at(
              new Key(
                  stored.key().partition(),
                  TableName.POINTERS + stored.json().path(TABLE).asText()))
          .map(table -> delete(table, stored, foreign, deadline))
          .filter(ofTable -> stored.key().sort().startsWith(RegistryKeys.erasing(request.key())))
          .ifPresent(kept::addAll);
    }
    return kept;
  }

  private Set<String> delete(
      TableName table, VersionedDocument stored, ForeignReferences foreign, Deadline deadline) {
    Set<String> kept = new TreeSet<>();
    String folder = session.tables().location(table);
    FileReachability references =
        FileReachability.of(
            session.tables(), session.tables().pin(table.key()), /* earlier= */ null);
    for (JsonNode name : stored.json().path(FILES)) {
      deadline.check(request.action());
      String location = folder + "/" + name.asText();
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
      snapshots += stored.json().path(SNAPSHOTS).asLong();
      files += stored.json().path(FILES).size();
      stored.json().path(READERS).forEach(reader -> readers.add(reader.asText()));
      stored.json().path(OUT_OF_REACH).forEach(file -> outOfReach.add(file.asText()));
    }
    return new Totals(
        records, snapshots, files, new ArrayList<>(readers), new ArrayList<>(outOfReach));
  }
}
