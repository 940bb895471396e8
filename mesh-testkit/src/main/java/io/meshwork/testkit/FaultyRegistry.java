package io.meshwork.testkit;

import io.meshwork.registry.Registry;
import io.meshwork.registry.Transaction;
import io.meshwork.registry.Transaction.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** A registry before another one, whose commits fail as a test says. Thread-safe. */
final class FaultyRegistry implements Registry {
  /** What happens to a commit. */
  enum Fault {
    /** Nothing. */
    NONE,
    /** It is done, and the reply is lost. */
    REPLY_LOST,
    /** It is on its way, and the reply is lost. */
    HELD,
    /** It is refused, and nothing is done. */
    REFUSED
  }

  private final Registry real;
  private final ConcurrentSkipListSet<String> partitions = new ConcurrentSkipListSet<>();
  private final List<Transaction> held = new ArrayList<>();
  private IntFunction<Fault> script = commit -> Fault.NONE;
  private int commits;
  private boolean deaf;

  FaultyRegistry(Registry real) {
    this.real = real;
  }

  /** Says what happens to each commit from now on, counted from 1. */
  synchronized void script(IntFunction<Fault> faults) {
    script = faults;
    commits = 0;
  }

  /** These happen to the next commits, and nothing to those after. */
  void next(Fault... faults) {
    script(commit -> commit <= faults.length ? faults[commit - 1] : Fault.NONE);
  }

  /** Whether attempts can be resolved from now on. */
  synchronized void resolving(boolean possible) {
    deaf = !possible;
  }

  /** Delivers late what was held. */
  synchronized List<Outcome> deliver() {
    List<Outcome> outcomes = held.stream().map(real::commit).toList();
    held.clear();
    return outcomes;
  }

  /** All documents of partitions that were touched, with versions, but no rows of attempts. */
  SortedMap<Key, Document> documents() {
    SortedMap<Key, Document> documents = new TreeMap<>();
    for (String partition : partitions) {
      String cursor = null;
      do {
        Page page = real.list(partition, "", cursor);
        page.documents().stream()
            .filter(document -> !document.key().sort().startsWith(ATTEMPT_PREFIX))
            .forEach(document -> documents.put(document.key(), document));
        cursor = page.nextCursor();
      } while (cursor != null);
    }
    return documents;
  }

  @Override
  public Optional<Document> read(Key key) {
    partitions.add(key.partition());
    return real.read(key);
  }

  @Override
  public Page list(String partition, String sortPrefix, @Nullable String cursor) {
    partitions.add(partition);
    return real.list(partition, sortPrefix, cursor);
  }

  @Override
  public Outcome commit(Transaction transaction) {
    return switch (nextFault()) {
      case NONE -> real.commit(transaction);
      case REPLY_LOST -> {
        real.commit(transaction);
        yield Outcome.UNKNOWN;
      }
      case HELD -> {
        hold(transaction);
        yield Outcome.UNKNOWN;
      }
      case REFUSED -> Outcome.conflict(transaction.actions().stream().map(Action::key).toList());
    };
  }

  @Override
  public Outcome resolve(String partition, String attemptId) {
    return isDeaf() ? Outcome.UNKNOWN : real.resolve(partition, attemptId);
  }

  @Override
  public void close() {
    real.close();
  }

  private synchronized Fault nextFault() {
    return script.apply(++commits);
  }

  private synchronized void hold(Transaction transaction) {
    held.add(transaction);
  }

  private synchronized boolean isDeaf() {
    return deaf;
  }
}
