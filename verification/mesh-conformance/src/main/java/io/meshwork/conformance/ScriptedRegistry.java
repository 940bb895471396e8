package io.meshwork.conformance;

import io.meshwork.internal.testkit.ForwardingRegistry;
import io.meshwork.registry.Registry;
import io.meshwork.testkit.Faults;
import io.meshwork.testkit.Faults.Port;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jspecify.annotations.Nullable;

/**
 * A registry whose next commits fail as a test specifies, and which lists all documents of the
 * partitions that were read. Where each principal has another registry, all of them have the script
 * and the partitions of the first one. Thread-safe.
 */
final class ScriptedRegistry extends ForwardingRegistry {
  /** What happens to a commit. */
  enum Fault {
    /** The commit succeeds. */
    NONE,
    /** The commit succeeds, and the reply is lost. */
    REPLY_LOST,
    /** The commit arrives later, and the reply is lost. */
    HELD,
    /** The commit is rejected. */
    REJECTED
  }

  private final Registry store;
  private final Faults faults;
  private final ConcurrentSkipListSet<String> partitions = new ConcurrentSkipListSet<>();
  private final ScriptedRegistry first;
  private volatile boolean unresolvable;

  ScriptedRegistry(Registry store, Faults faults) {
    super(faults.registry(store));
    this.store = store;
    this.faults = faults;
    this.first = this;
  }

  private ScriptedRegistry(Registry store, ScriptedRegistry first) {
    super(first.faults.registry(store));
    this.store = store;
    this.faults = first.faults;
    this.first = first;
  }

  /** Returns the registry of another principal of the same mesh. */
  ScriptedRegistry of(Registry other) {
    return new ScriptedRegistry(other, this);
  }

  /** Replaces all faults: these happen to the next commits, in this order. */
  void next(Fault... script) {
    faults.clear();
    for (int i = 0; i < script.length; i++) {
      set(faults.on(Port.REGISTRY_COMMIT).nth(i + 1), script[i]);
    }
  }

  /** Replaces all faults: this one happens to the next commit and to every second one after it. */
  void everyOther(Fault fault) {
    faults.clear();
    for (int commit = 1; commit < 1_000; commit += 2) {
      set(faults.on(Port.REGISTRY_COMMIT).nth(commit), fault);
    }
  }

  /** Replaces all faults: this one happens to each commit from now on. */
  void always(Fault fault) {
    faults.clear();
    set(faults.on(Port.REGISTRY_COMMIT), fault);
  }

  private static void set(Faults.When when, Fault fault) {
    switch (fault) {
      case NONE -> {}
      case REPLY_LOST -> when.loseReply();
      case HELD -> when.holdBack();
      case REJECTED -> when.conflict();
    }
  }

  /** Sets whether attempts can be resolved from now on. */
  void resolving(boolean possible) {
    first.unresolvable = !possible;
  }

  /** Delivers the commits that were held, and returns their outcomes. */
  List<Outcome> deliver() {
    return faults.deliver();
  }

  /** Returns all documents of the partitions that were read, without the rows of attempts. */
  SortedMap<Key, Document> documents() {
    SortedMap<Key, Document> documents = new TreeMap<>();
    for (String partition : first.partitions) {
      String cursor = null;
      do {
        Page page = store.list(partition, "", cursor);
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
    first.partitions.add(key.partition());
    return super.read(key);
  }

  @Override
  public Page list(String partition, String sortPrefix, @Nullable String cursor) {
    first.partitions.add(partition);
    return super.list(partition, sortPrefix, cursor);
  }

  @Override
  public Outcome resolve(String partition, String attemptId) {
    return first.unresolvable ? Outcome.UNKNOWN : super.resolve(partition, attemptId);
  }
}
