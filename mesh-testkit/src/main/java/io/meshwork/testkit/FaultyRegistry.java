package io.meshwork.testkit;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
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
 * A registry before another one that meets faults at each call, and knows all partitions that were
 * ever named to it. Thread-safe.
 */
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
  private final Faults faults;
  private volatile boolean deaf;
  private final ConcurrentSkipListSet<String> partitions = new ConcurrentSkipListSet<>();

  FaultyRegistry(Registry real, Faults faults) {
    this.real = real;
    this.faults = faults;
  }

  /** These happen to the next commits, and nothing to those after; what was set is forgotten. */
  void next(Fault... script) {
    faults.clear();
    for (int i = 0; i < script.length; i++) {
      set(faults.on(Port.REGISTRY_COMMIT).nth(i + 1), script[i]);
    }
  }

  /** This happens to the next commit and to every other one after it; what was set is forgotten. */
  void everyOther(Fault fault) {
    faults.clear();
    for (int commit = 1; commit < 1_000; commit += 2) {
      set(faults.on(Port.REGISTRY_COMMIT).nth(commit), fault);
    }
  }

  /** This happens to each commit from now on; what was set is forgotten. */
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

  /** Whether attempts can be resolved from now on. */
  void resolving(boolean possible) {
    deaf = !possible;
  }

  /** Delivers late what was held. */
  List<Outcome> deliver() {
    return faults.deliver();
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
    return faults.call(
        Port.REGISTRY_READ,
        key.partition() + "/" + key.sort(),
        () -> real.read(key),
        () -> failed("read a document"));
  }

  @Override
  public Page list(String partition, String sortPrefix, @Nullable String cursor) {
    partitions.add(partition);
    return faults.call(
        Port.REGISTRY_LIST,
        partition + "/" + sortPrefix,
        () -> real.list(partition, sortPrefix, cursor),
        () -> failed("list documents"));
  }

  @Override
  public Outcome commit(Transaction transaction) {
    InjectedFault mishap = faults.meet(Port.REGISTRY_COMMIT, transaction.partition(), 1);
    if (mishap.delays()) {
      faults.hold(real, transaction);
      Faults.throwCrash(mishap);
      return Outcome.UNKNOWN;
    }
    if (mishap.kind() == InjectedFault.Kind.CONFLICT) {
      return Outcome.conflict(transaction.actions().stream().map(Action::key).toList());
    }
    if (losesReply(mishap)) {
      real.commit(transaction);
      return Outcome.UNKNOWN;
    }
    return Faults.call(
        mishap,
        () -> real.commit(transaction),
        () -> mishap.kind() == InjectedFault.Kind.FAIL_AFTER ? broken() : failed("commit"));
  }

  @Override
  public Outcome resolve(String partition, String attemptId) {
    InjectedFault mishap = faults.meet(Port.REGISTRY_RESOLVE, partition, 1);
    if (losesReply(mishap)) {
      real.resolve(partition, attemptId);
      return Outcome.UNKNOWN;
    }
    if (deaf || (!mishap.does() && mishap.kind() != InjectedFault.Kind.CRASH)) {
      return Outcome.UNKNOWN;
    }
    return Faults.call(mishap, () -> real.resolve(partition, attemptId), FaultyRegistry::broken);
  }

  /** Of what was answered before: it is no call, and the dead ask nothing. */
  @Override
  public Optional<Instant> time() {
    faults.requireAlive();
    return real.time();
  }

  /** Frees what is held, also of the dead, as the system does for them. */
  @Override
  public void close() {
    real.close();
  }

  private static boolean losesReply(InjectedFault mishap) {
    return mishap.kind() == InjectedFault.Kind.LOSE_REPLY
        || (mishap.kind() == InjectedFault.Kind.CRASH && mishap.phase() == Phase.REPLY_LOST);
  }

  private static BackendException failed(String tried) {
    return BackendException.passing(
        ErrorCode.BACKEND_FAILED,
        "Could not " + tried + ": a test made the registry fail. Nothing was done. Run it again.",
        null);
  }

  /** What a careless driver throws, whatever was done. */
  private static UncheckedIOException broken() {
    return new UncheckedIOException(new IOException("A test broke the line to the registry"));
  }
}
