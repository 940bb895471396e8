package io.meshwork.internal.ledger;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A registry in memory whose commits fail as a test specifies. Thread-safe. */
public final class ScriptedRegistry implements Registry {
  private static final int PAGE = 7;

  /** The fault of a commit. */
  public enum Fault {
    /** No fault. */
    NONE,
    /** It is committed and the reply is lost. */
    REPLY_LOST,
    /** It is delivered later and its outcome is unknown. */
    HELD,
    /** It conflicts although nothing changed. */
    CONFLICT,
    /** The store is busy and nothing is committed. */
    BUSY,
    /** The store is broken and nothing is committed. */
    BROKEN
  }

  private final TreeMap<Key, Document> documents = new TreeMap<>();
  private final List<Transaction> held = new ArrayList<>();
  private Function<Transaction, Fault> script = transaction -> Fault.NONE;
  private boolean deaf;
  private int commits;
  private int tampered;
  private int documentsRead;
  private int lists;

  /** Sets the fault of each commit. */
  public synchronized void script(Function<Transaction, Fault> faults) {
    script = faults;
  }

  /** Sets the faults of the next commits. */
  public synchronized void next(Fault... faults) {
    List<Fault> left = new ArrayList<>(List.of(faults));
    script = transaction -> left.isEmpty() ? Fault.NONE : left.remove(0);
  }

  /** Makes the outcome of every attempt unknown. */
  public synchronized void cannotResolve() {
    deaf = true;
  }

  /** Delivers the held transactions. */
  public synchronized List<Outcome> deliverLate() {
    List<Outcome> outcomes = held.stream().map(this::apply).toList();
    held.clear();
    return outcomes;
  }

  /** Changes a document without a commit. */
  public synchronized void tamper(Key key, String json) {
    documents.put(key, new Document(key, json, "tampered-" + ++tampered));
  }

  /** Removes a document without a commit. */
  synchronized void erase(Key key) {
    documents.remove(key);
  }

  synchronized int commits() {
    return commits;
  }

  synchronized int documentsRead() {
    return documentsRead;
  }

  /** The lists that were begun; one of many pages counts once. */
  synchronized int lists() {
    return lists;
  }

  @Override
  public synchronized Optional<Document> read(Key key) {
    documentsRead++;
    return Optional.ofNullable(documents.get(key));
  }

  @Override
  public synchronized Page list(String partition, String sortPrefix, String cursor) {
    String start = cursor == null ? sortPrefix : cursor;
    Map<Key, Document> from =
        start.isEmpty() ? documents : documents.tailMap(new Key(partition, start));
    List<Document> found =
        from.values().stream()
            .filter(document -> document.key().partition().equals(partition))
            .filter(document -> document.key().sort().startsWith(sortPrefix))
            .filter(document -> cursor == null || document.key().sort().compareTo(cursor) > 0)
            .limit(PAGE)
            .toList();
    documentsRead += found.size();
    lists += cursor == null ? 1 : 0;
    return new Page(found, found.size() < PAGE ? null : found.get(PAGE - 1).key().sort());
  }

  @Override
  public synchronized SortedSet<String> partitions() {
    return documents.keySet().stream()
        .map(Key::partition)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Override
  public synchronized Outcome commit(Transaction transaction) {
    commits++;
    return switch (script.apply(transaction)) {
      case NONE -> apply(transaction);
      case REPLY_LOST -> {
        apply(transaction);
        yield Outcome.UNKNOWN;
      }
      case HELD -> {
        held.add(transaction);
        yield Outcome.UNKNOWN;
      }
      case CONFLICT -> Outcome.conflict(List.of(transaction.actions().get(0).key()));
      case BUSY ->
          throw Failure.of(MeshAction.of(Verb.WRITE, "documents"))
              .because("the store is busy")
              .passing(ErrorCode.BACKEND_FAILED);
      case BROKEN ->
          throw Failure.of(MeshAction.of(Verb.WRITE, "documents"))
              .because("the store is broken")
              .lasting(ErrorCode.BACKEND_FAILED);
    };
  }

  @Override
  public synchronized Outcome resolve(String partition, String attemptId) {
    if (deaf) {
      return Outcome.UNKNOWN;
    }
    Key key = new Key(partition, ATTEMPT_PREFIX + attemptId);
    Document row =
        documents.computeIfAbsent(key, absent -> new Document(absent, ATTEMPT_ABORTED, attemptId));
    return row.json().equals(ATTEMPT_COMMITTED) ? Outcome.COMMITTED : Outcome.ABORTED;
  }

  @Override
  public void close() {}

  private Outcome apply(Transaction transaction) {
    Key row = new Key(transaction.partition(), ATTEMPT_PREFIX + transaction.attemptId());
    Document before = documents.get(row);
    if (before != null) {
      return before.json().equals(ATTEMPT_COMMITTED) ? Outcome.COMMITTED : Outcome.ABORTED;
    }
    List<Key> conflicts =
        transaction.actions().stream()
            .filter(action -> !version(action.key()).equals(action.expectedVersion()))
            .map(Transaction.Action::key)
            .toList();
    if (!conflicts.isEmpty()) {
      return Outcome.conflict(conflicts);
    }
    for (Transaction.Action action : transaction.actions()) {
      switch (action.kind()) {
        case PUT ->
            documents.put(
                action.key(), new Document(action.key(), action.json(), transaction.attemptId()));
        case DELETE -> documents.remove(action.key());
        case CHECK -> {}
      }
    }
    documents.put(row, new Document(row, ATTEMPT_COMMITTED, transaction.attemptId()));
    return Outcome.COMMITTED;
  }

  private String version(Key key) {
    Document document = documents.get(key);
    return document == null ? Transaction.ABSENT : document.version();
  }
}
