package io.meshwork.testkit;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Transaction;
import io.meshwork.registry.Registry.Transaction.Action;
import io.meshwork.testkit.Faults.Phase;
import io.meshwork.testkit.Faults.Port;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jspecify.annotations.Nullable;

/**
 * A registry with faults at each call, which delegates to another one and records the partitions of
 * all calls. Thread-safe.
 */
final class FaultyRegistry implements Registry {
  /** The fault of a commit. */
  enum Fault {
    /** None. */
    NONE,
    /** The commit succeeds, and its reply is lost. */
    REPLY_LOST,
    /** The commit is delayed, and its reply is lost. */
    HELD,
    /** The commit has a conflict and no effect. */
    REFUSED
  }

  private final Registry real;
  private final Faults faults;
  private volatile boolean unresolvable;
  private final ConcurrentSkipListSet<String> partitions = new ConcurrentSkipListSet<>();

  FaultyRegistry(Registry real, Faults faults) {
    this.real = real;
    this.faults = faults;
  }

  /** Replaces all faults by these, of the next commits in order. */
  void next(Fault... script) {
    faults.clear();
    for (int i = 0; i < script.length; i++) {
      set(faults.on(Port.REGISTRY_COMMIT).nth(i + 1), script[i]);
    }
  }

  /** Replaces all faults by this one, of the next commit and every second commit after it. */
  void everyOther(Fault fault) {
    faults.clear();
    for (int commit = 1; commit < 1_000; commit += 2) {
      set(faults.on(Port.REGISTRY_COMMIT).nth(commit), fault);
    }
  }

  /** Replaces all faults by this one, of every commit. */
  void always(Fault fault) {
    faults.clear();
    set(faults.on(Port.REGISTRY_COMMIT), fault);
  }

  private static void set(Faults.When when, Fault fault) {
    switch (fault) {
      case NONE -> {}
      case REPLY_LOST -> when.loseReply();
      case HELD -> when.holdBack();
      case REFUSED -> when.conflict();
    }
  }

  /** Sets whether attempts can be resolved. */
  void resolving(boolean possible) {
    unresolvable = !possible;
  }

  /** Delivers the delayed commits. */
  List<Outcome> deliver() {
    return faults.deliver();
  }

  /** Returns all documents of the recorded partitions, without rows of attempts. */
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
    return faults.call(
        Port.REGISTRY_READ,
        key.partition() + "/" + key.sort(),
        () -> real.read(key),
        () -> failed(MeshAction.of(Verb.READ, "a document")));
  }

  @Override
  public Page list(String partition, String sortPrefix, @Nullable String cursor) {
    partitions.add(partition);
    return faults.call(
        Port.REGISTRY_LIST,
        partition + "/" + sortPrefix,
        () -> real.list(partition, sortPrefix, cursor),
        () -> failed(MeshAction.of(Verb.LIST, "documents")));
  }

  @Override
  public Outcome commit(Transaction transaction) {
    InjectedFault fault = faults.meet(Port.REGISTRY_COMMIT, transaction.partition(), 1);
    if (fault.delays()) {
      faults.hold(real, transaction);
      Faults.throwCrash(fault);
      return Outcome.UNKNOWN;
    }
    if (fault.kind() == InjectedFault.Kind.CONFLICT) {
      return Outcome.conflict(transaction.actions().stream().map(Action::key).toList());
    }
    if (losesReply(fault)) {
      real.commit(transaction);
      return Outcome.UNKNOWN;
    }
    return Faults.call(
        fault,
        () -> real.commit(transaction),
        () ->
            fault.kind() == InjectedFault.Kind.FAIL_AFTER
                ? broken()
                : failed(MeshAction.of(Verb.COMMIT, "the registry")));
  }

  @Override
  public Outcome resolve(String partition, String attemptId) {
    InjectedFault fault = faults.meet(Port.REGISTRY_RESOLVE, partition, 1);
    if (losesReply(fault)) {
      real.resolve(partition, attemptId);
      return Outcome.UNKNOWN;
    }
    if (unresolvable || (!fault.does() && fault.kind() != InjectedFault.Kind.CRASH)) {
      return Outcome.UNKNOWN;
    }
    return Faults.call(fault, () -> real.resolve(partition, attemptId), FaultyRegistry::broken);
  }

  /** Returns the time of earlier responses; not a recorded call. */
  @Override
  public Optional<Instant> time() {
    faults.requireAlive();
    return real.time();
  }

  /** Releases resources even after a crash, as the operating system does. */
  @Override
  public void close() {
    real.close();
  }

  private static boolean losesReply(InjectedFault fault) {
    return fault.kind() == InjectedFault.Kind.LOSE_REPLY
        || (fault.kind() == InjectedFault.Kind.CRASH && fault.phase() == Phase.REPLY_LOST);
  }

  private static BackendException failed(MeshAction action) {
    return Failure.of(action)
        .because("a test made the registry fail")
        .fix("Run it again.")
        .passing(ErrorCode.BACKEND_FAILED);
  }

  /** Returns an unexpected exception, which does not report whether the call took effect. */
  private static UncheckedIOException broken() {
    return new UncheckedIOException(new IOException("A test broke the connection to the registry"));
  }
}
