package io.meshwork.internal.ledger;

import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.MeshMeters;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Key;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The registry as operations see it: documents as JSON trees, one loop that commits, and the log of
 * each partition. Thread-safe.
 */
public final class Ledger {
  /** Sort keys of fences start so: a change that checks that there is none is not tried again. */
  public static final String FENCES = "fence/";

  private final Registry registry;
  private final MeshRuntime runtime;
  private final HostClock clock;
  private final Consumer<String> beforeCommit;
  private final Consumer<String> afterCommit;

  /** A ledger over a registry, which stays the caller's to close. */
  public Ledger(Registry registry, MeshRuntime runtime) {
    this(registry, runtime, partition -> {}, partition -> {});
  }

  /**
   * The same.
   *
   * @param beforeCommit is told the partition of each change before its first attempt; what it
   *     throws refuses the change
   * @param afterCommit is told the partition after each commit that its log tells of; it must not
   *     throw
   */
  public Ledger(
      Registry registry,
      MeshRuntime runtime,
      Consumer<String> beforeCommit,
      Consumer<String> afterCommit) {
    this.registry = registry;
    this.runtime = runtime;
    this.clock = new HostClock(this, registry, runtime);
    this.beforeCommit = beforeCommit;
    this.afterCommit = afterCommit;
  }

  /**
   * Reads one document, strongly consistent.
   *
   * @throws io.meshwork.error.BackendException if the store cannot be read, or the document is
   *     damaged or of a newer format
   */
  public Optional<VersionedDocument> read(Key key) {
    return registry.read(key).map(Ledger::stored);
  }

  /**
   * Reads all documents of a partition whose sort key starts so, in the order of their sort keys.
   *
   * @throws io.meshwork.error.BackendException as {@link #read}
   */
  public List<VersionedDocument> list(String partition, String sortPrefix) {
    List<VersionedDocument> found = new ArrayList<>();
    String cursor = null;
    do {
      Registry.Page page = registry.list(partition, sortPrefix, cursor);
      page.documents().forEach(document -> found.add(stored(document)));
      cursor = page.nextCursor();
    } while (cursor != null);
    return List.copyOf(found);
  }

  /**
   * The documents as {@link #list}, up to the first of which this is not true; what comes after is
   * hardly read.
   *
   * @throws io.meshwork.error.BackendException as {@link #read}
   */
  public List<VersionedDocument> listWhile(
      String partition, String sortPrefix, Predicate<VersionedDocument> wanted) {
    List<VersionedDocument> found = new ArrayList<>();
    String cursor = null;
    do {
      Registry.Page page = registry.list(partition, sortPrefix, cursor);
      for (Registry.Document document : page.documents()) {
        VersionedDocument stored = stored(document);
        if (!wanted.test(stored)) {
          return List.copyOf(found);
        }
        found.add(stored);
      }
      cursor = page.nextCursor();
    } while (cursor != null);
    return List.copyOf(found);
  }

  /**
   * Commits a change: it is drafted anew for each attempt, since whatever conflicted is read again
   * by the next draft, until it is committed or the deadline passes.
   *
   * @throws io.meshwork.error.ConflictException if others were faster until the deadline
   * @throws io.meshwork.error.OutcomeUnknownException if nobody can say whether it was committed;
   *     then nothing is deleted
   * @throws io.meshwork.error.BackendException if the store failed and nothing was committed
   * @throws io.meshwork.error.MeshException what the draft refuses with
   */
  public <R> R commit(Change<R> change, Deadline deadline) {
    beforeCommit.accept(change.partition());
    CommitLoop<R> loop = new CommitLoop<>(registry, runtime, clock, change, deadline);
    Instant begun = runtime.meters().now();
    R result;
    try {
      result = loop.run();
    } catch (RuntimeException e) {
      tell(change, loop, MeshMeters.Outcome.of(e), begun);
      throw e;
    }
    tell(change, loop, loop.outcome(), begun);
    if (loop.isLogged()) {
      afterCommit.accept(change.partition());
    }
    return result;
  }

  private <R> void tell(
      Change<R> change, CommitLoop<R> loop, MeshMeters.Outcome outcome, Instant begun) {
    if (!loop.isUnlogged()) {
      runtime
          .meters()
          .commit(new Key(change.partition(), LogChain.HEAD).writingDomain(), outcome, begun);
    }
  }

  /** The log of a partition, oldest first. */
  public List<VersionedDocument> entries(String partition) {
    return list(partition, LogChain.PREFIX);
  }

  /** One entry of a partition's log; empty if there is none of this sequence. */
  public Optional<VersionedDocument> entry(String partition, long sequence) {
    return read(LogChain.entryKey(partition, sequence));
  }

  /**
   * The entries of a log whose sequences begin with this number of thousands, oldest first: of
   * thousand 0 entries 1 to 999, of thousand 1 entries 1000 to 1999.
   *
   * @throws io.meshwork.error.BackendException as {@link #read}
   */
  public List<VersionedDocument> thousand(String partition, long thousand) {
    String first = LogChain.entryKey(partition, thousand * 1_000).sort();
    return list(partition, first.substring(0, first.length() - 3));
  }

  /**
   * The newest entry of a partition's log; empty if nothing was logged yet.
   *
   * @throws io.meshwork.error.BackendException as {@link #read}
   */
  public Optional<VersionedDocument> newestEntry(String partition) {
    return new LogSearch(this, partition).newest();
  }

  /**
   * The newest entry that was committed at this time or before; empty if there is none. Takes a
   * number of reads that grows with the logarithm of the log's length.
   *
   * @throws io.meshwork.error.BackendException as {@link #read}
   */
  public Optional<VersionedDocument> newestEntry(String partition, Instant until) {
    return new LogSearch(this, partition).newest(until);
  }

  /**
   * The entry before another of the same log; empty before the first.
   *
   * @throws io.meshwork.error.BackendException as {@link #read}
   */
  public Optional<VersionedDocument> entryBefore(VersionedDocument entry) {
    return new LogSearch(this, entry.key().partition()).before(entry);
  }

  /**
   * When an entry of a log was committed.
   *
   * @throws io.meshwork.error.BackendException if it does not say
   */
  public static Instant time(VersionedDocument entry) {
    return LogChain.time(entry);
  }

  /**
   * Checks a partition: an edited, removed, inserted or moved entry of its log, a head that is not
   * that of the last entry, and documents that are not as the log says that they were written.
   * Others may write meanwhile.
   *
   * @return what is wrong; empty when the partition is whole
   * @throws io.meshwork.error.BackendException if the store cannot be read
   */
  public List<Finding> verify(String partition) {
    return examine(partition, Set.of()).findings();
  }

  /**
   * The same, with what the partition holds.
   *
   * @param vouched attempts that entries of other logs tell of, without naming what they wrote, as
   *     entries did before they named documents
   */
  public PartitionCheck examine(String partition, Set<String> vouched) {
    return new PartitionVerifier(registry, partition, vouched).examine();
  }

  /**
   * True if there is such a document, whatever it says.
   *
   * @throws io.meshwork.error.BackendException if the store cannot be read
   */
  public boolean holds(Key key) {
    return registry.read(key).isPresent();
  }

  /**
   * Makes sure that an attempt has come to its end: it landed, or it never will.
   *
   * @param partition of the change whose attempt it was
   * @return false if nobody can say; ask again later
   */
  public boolean settle(String partition, String attemptId) {
    return registry.resolve(partition, attemptId).status() != Registry.Status.UNKNOWN;
  }

  Optional<VersionedDocument> readAnyFormat(Key key) {
    return registry
        .read(key)
        .map(
            read ->
                new VersionedDocument(
                    read.key(),
                    DocumentJson.parseObject(read.key().toString(), read.json()),
                    read.version()));
  }

  /** This host's clock beside what else is known of the time. */
  public HostClock clock() {
    return clock;
  }

  /** The deadline of a change that starts now and says none of its own. */
  public Deadline startDeadline() {
    return runtime.startDeadline(runtime.deadline());
  }

  MeshRuntime runtime() {
    return runtime;
  }

  private static VersionedDocument stored(Registry.Document document) {
    return new VersionedDocument(document.key(), DocumentJson.parse(document), document.version());
  }

  /**
   * Something to commit.
   *
   * @param <R> what it gives
   */
  public interface Change<R> {
    /** What is being done, for messages, such as {@code publish to commerce/orders}. */
    MeshAction action();

    /** The partition whose log tells of it. */
    String partition();

    /** The key to ask with when the outcome is unknown; empty if there is none. */
    default String idempotencyKey() {
      return "";
    }

    /** True if it writes down what the time is, whatever others wrote. */
    default boolean settlesTime() {
      return false;
    }

    /**
     * Reads, decides, and says what to write. Called anew for each attempt.
     *
     * @throws io.meshwork.error.MeshException to refuse
     */
    CommitDraft<R> draft(Attempt attempt);
  }

  /** One try at a change. Its id is never used again. Belongs to one thread. */
  public static final class Attempt {
    private final String id;
    private final Instant now;
    private final Instant clock;
    private final long sequence;
    private final @Nullable VersionedDocument head;
    private final List<Runnable> whenLost = new ArrayList<>();

    Attempt(
        String id, Instant now, Instant clock, long sequence, @Nullable VersionedDocument head) {
      this.id = id;
      this.now = now;
      this.clock = clock;
      this.sequence = sequence;
      this.head = head;
    }

    /**
     * The attempt's id, a UUIDv7 with the time of {@link #now()}; the version of every document
     * that it writes.
     */
    public String id() {
      return id;
    }

    /** When it is committed, to the millisecond: never before the entry before it. */
    public Instant now() {
      return now;
    }

    /**
     * What this host's clock said when it began, to the millisecond. What ends at some time is
     * judged by it, as it is where it is read: the log may be ahead of the clock.
     */
    public Instant clock() {
      return clock;
    }

    /** The time of the entry before it in its log; empty if it is the first. */
    Optional<Instant> headTime() {
      return Optional.ofNullable(head).map(LogChain::time);
    }

    /** The sequence of its log entry, from 1. */
    public long sequence() {
      return sequence;
    }

    /**
     * Runs once it is certain that this attempt never lands, even if its draft was never finished;
     * what it throws is logged.
     */
    public void onLost(Runnable action) {
      whenLost.add(action);
    }

    @Nullable VersionedDocument head() {
      return head;
    }

    List<Runnable> whenLost() {
      return whenLost;
    }
  }
}
