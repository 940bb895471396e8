package io.meshwork.local;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Transaction;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Copies documents to another registry. The version of a document does not change, because other
 * documents may name it: the transaction that copies it has the ID of the attempt that wrote it.
 * Therefore a transaction that is repeated changes nothing. Where the target refuses that ID, the
 * document gets another one of the same time, which is when the document was written.
 */
final class DocumentCopy {
  private static final String LOG = "log/";
  private static final String HEAD = "head";
  private static final int MAX_ATTEMPTS = 10;
  private static final int MAX_PASSES = 4;
  private static final int MAX_DELETES = 80;
  private static final int VERSION_AT = 14;

  private final Registry to;
  private final IdGenerator ids;
  private final UnaryOperator<String> partitions;

  /**
   * Creates a copy.
   *
   * @param partitions returns the new name of a partition
   */
  DocumentCopy(Registry to, IdGenerator ids, UnaryOperator<String> partitions) {
    this.to = to;
    this.ids = ids;
    this.partitions = partitions;
  }

  /** Returns the documents of a partition without the rows of attempts. */
  static List<Document> read(Registry registry, String partition) {
    List<Document> all = new ArrayList<>();
    String cursor = null;
    do {
      Registry.Page page = registry.list(partition, "", cursor);
      for (Document document : page.documents()) {
        if (!document.key().sort().startsWith(Registry.ATTEMPT_PREFIX)) {
          all.add(document);
        }
      }
      cursor = page.nextCursor();
    } while (cursor != null);
    return all;
  }

  /** Returns the head of a partition's log; empty if it has none. */
  static String head(Registry registry, String partition) {
    return registry.read(new Key(partition, HEAD)).map(Document::json).orElse("");
  }

  /** Returns true for an entry of a log, or its head. */
  static boolean isLog(String sort) {
    return sort.startsWith(LOG) || sort.equals(HEAD);
  }

  /**
   * Makes the partitions of one writing domain equal to these documents, and reads them again: a
   * store may have taken a repeated transaction for one that was deleted since.
   *
   * @param sources the names of the partitions in the original
   * @param documents all documents of these partitions
   * @throws io.meshwork.error.ConflictException if another process writes to the target
   * @throws BackendException if a registry cannot be read or written
   */
  void write(Collection<String> sources, List<Document> documents) {
    for (int passes = 1; passes <= MAX_PASSES; passes++) {
      Map<Key, Document> existing = new HashMap<>();
      for (String partition : sources) {
        read(to, partitions.apply(partition))
            .forEach(document -> existing.put(document.key(), document));
      }
      // The IDs of attempts begin with their time, so an interrupted copy has a state of the past.
      Map<String, List<Document>> byVersion = new TreeMap<>();
      for (Document document : documents) {
        Key key = new Key(partitions.apply(document.key().partition()), document.key().sort());
        Document copied = existing.remove(key);
        if (copied == null || !copied.json().equals(document.json())) {
          byVersion
              .computeIfAbsent(document.version(), absent -> new ArrayList<>())
              .add(new Document(key, document.json(), copied == null ? "" : copied.version()));
        }
      }
      if (byVersion.isEmpty() && existing.isEmpty()) {
        return;
      }
      boolean first = passes == 1;
      byVersion.forEach(
          (attempt, written) -> commit(first ? attempt : unlogged(ids.nextAt(attempt)), written));
      delete(new ArrayList<>(existing.values()));
    }
    throw unsettled();
  }

  /** Commits the documents of one attempt, with the versions that they replace. */
  private void commit(String attempt, List<Document> documents) {
    // The attempt's row is in the partition of the first action, whose log has the attempt.
    documents.sort((a, b) -> Boolean.compare(isLog(b.key().sort()), isLog(a.key().sort())));
    String id = attempt;
    for (int attempts = 1; attempts <= MAX_ATTEMPTS; attempts++) {
      Transaction.Builder transaction = Transaction.attempt(id);
      for (Document document : documents) {
        if (document.version().isEmpty()) {
          transaction.insert(document.key(), document.json());
        } else {
          transaction.replace(document.key(), document.json(), document.version());
        }
      }
      if (isCommitted(transaction.build(), attempts == MAX_ATTEMPTS)) {
        return;
      }
      id = isFenced(transaction.build(), id) ? unlogged(ids.nextAt(attempt)) : id;
    }
    throw unsettled();
  }

  private void delete(List<Document> documents) {
    for (int from = 0; from < documents.size(); from += MAX_DELETES) {
      Transaction.Builder transaction = Transaction.attempt(unlogged(ids.next()));
      documents
          .subList(from, Math.min(documents.size(), from + MAX_DELETES))
          .forEach(document -> transaction.delete(document.key(), document.version()));
      if (!isCommitted(transaction.build(), true)) {
        throw unsettled();
      }
    }
  }

  /** Returns false if the transaction may be repeated, with another ID if it was fenced. */
  private boolean isCommitted(Transaction transaction, boolean last) {
    Registry.Outcome outcome;
    try {
      outcome = to.commit(transaction);
    } catch (BackendException e) {
      if (!e.retryable() || last) {
        throw e;
      }
      return false;
    }
    return switch (outcome.status()) {
      case COMMITTED -> true;
      case UNKNOWN, ABORTED -> false;
      case CONFLICT ->
          throw Failure.of(MeshAction.of(Verb.MOVE, "the mesh"))
              .because("another process writes to its new registry")
              .state("The mesh was not moved completely.")
              .fix("Wait for the other process, then move the mesh again.")
              .conflict(ErrorCode.CONFLICT);
    };
  }

  private boolean isFenced(Transaction transaction, String attempt) {
    return to.read(new Key(transaction.partition(), Registry.ATTEMPT_PREFIX + attempt))
        .filter(row -> row.json().equals(Registry.ATTEMPT_ABORTED))
        .isPresent();
  }

  /** Returns an ID whose attempt needs no log entry. */
  private static String unlogged(String id) {
    return id.substring(0, VERSION_AT) + '8' + id.substring(VERSION_AT + 1);
  }

  private static BackendException unsettled() {
    return Failure.of(MeshAction.of(Verb.MOVE, "the mesh"))
        .because("its new registry did not settle a commit")
        .state("The mesh was not moved completely.")
        .fix("Move it again; the move continues.")
        .passing(ErrorCode.BACKEND_FAILED);
  }
}
