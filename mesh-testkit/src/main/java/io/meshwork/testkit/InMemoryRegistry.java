package io.meshwork.testkit;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Transaction;
import io.meshwork.registry.Registry.Transaction.Action;
import io.meshwork.registry.Registry.Transaction.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A registry in memory. Thread-safe: one lock serializes all calls. */
final class InMemoryRegistry implements Registry {
  /** Few, so that tests with few documents read several pages. */
  private static final int PAGE_DOCUMENTS = 100;

  /** The first printable character. */
  private static final String FIRST_SORT_KEY = " ";

  private final NavigableMap<Key, Document> documents = new TreeMap<>();
  private boolean closed;

  synchronized InMemoryRegistry copy() {
    InMemoryRegistry copy = new InMemoryRegistry();
    copy.documents.putAll(documents);
    return copy;
  }

  synchronized SortedMap<Key, Document> documents() {
    return new TreeMap<>(documents);
  }

  @Override
  public synchronized Optional<Document> read(Key key) {
    requireOpen();
    return Optional.ofNullable(documents.get(key));
  }

  @Override
  public synchronized Page list(String partition, String sortPrefix, @Nullable String cursor) {
    requireOpen();
    String from = cursor != null ? cursor : sortPrefix.isEmpty() ? FIRST_SORT_KEY : sortPrefix;
    List<Document> page = new ArrayList<>();
    for (Document document : documents.tailMap(new Key(partition, from), cursor == null).values()) {
      String sort = document.key().sort();
      if (!document.key().partition().equals(partition) || !sort.startsWith(sortPrefix)) {
        break;
      }
      if (page.size() == PAGE_DOCUMENTS) {
        return new Page(page, page.get(page.size() - 1).key().sort());
      }
      page.add(document);
    }
    return new Page(page, null);
  }

  @Override
  public synchronized SortedSet<String> partitions() {
    requireOpen();
    SortedSet<String> names = new TreeSet<>();
    documents.keySet().forEach(key -> names.add(key.partition()));
    return Collections.unmodifiableSortedSet(names);
  }

  @Override
  public synchronized Outcome commit(Transaction transaction) {
    requireOpen();
    Key attempt = attemptKey(transaction.partition(), transaction.attemptId());
    Document settled = documents.get(attempt);
    if (settled != null) {
      return outcomeOf(settled);
    }
    List<Key> conflicts =
        transaction.actions().stream()
            .filter(action -> !versionOf(action.key()).equals(action.expectedVersion()))
            .map(Action::key)
            .toList();
    if (!conflicts.isEmpty()) {
      return Outcome.conflict(conflicts);
    }
    for (Action action : transaction.actions()) {
      if (action.json() != null) {
        put(action.key(), action.json(), transaction.attemptId());
      } else if (action.kind() == Kind.DELETE) {
        documents.remove(action.key());
      }
    }
    put(attempt, ATTEMPT_COMMITTED, transaction.attemptId());
    return Outcome.COMMITTED;
  }

  @Override
  public synchronized Outcome resolve(String partition, String attemptId) {
    requireOpen();
    Key attempt = attemptKey(partition, attemptId);
    Document settled = documents.get(attempt);
    if (settled != null) {
      return outcomeOf(settled);
    }
    put(attempt, ATTEMPT_ABORTED, attemptId);
    return Outcome.ABORTED;
  }

  @Override
  public synchronized void close() {
    closed = true;
  }

  private void requireOpen() {
    if (closed) {
      throw Failure.of(MeshAction.of(Verb.USE, "the registry in memory"))
          .because("it was closed")
          .fix("Create a new one.")
          .invalidRequest(ErrorCode.CLOSED);
    }
  }

  private String versionOf(Key key) {
    Document document = documents.get(key);
    return document == null ? Transaction.ABSENT : document.version();
  }

  private void put(Key key, String json, String version) {
    documents.put(key, new Document(key, json, version));
  }

  private static Key attemptKey(String partition, String attemptId) {
    return new Key(partition, ATTEMPT_PREFIX + attemptId);
  }

  private static Outcome outcomeOf(Document attempt) {
    return attempt.json().equals(ATTEMPT_COMMITTED) ? Outcome.COMMITTED : Outcome.ABORTED;
  }
}
