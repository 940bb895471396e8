package io.meshwork.internal.ledger;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.MeshMeters;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Key;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Access to the registry for operations: documents as JSON trees, the commit loop, and the log of
 * each partition. Thread-safe.
 */
public final class Ledger {
  /** Prefix of the sort keys of fences. A commit that finds its fence is not retried. */
  public static final String FENCES = "fence/";

  private final Registry registry;
  private final MeshRuntime runtime;
  private final HostClock clock;
  private volatile @Nullable String mesh;
  private final List<LedgerExtension> extensions = new CopyOnWriteArrayList<>();

  /** A ledger on a registry, which the caller closes. */
  public Ledger(Registry registry, MeshRuntime runtime) {
    this.registry = registry;
    this.runtime = runtime;
    this.clock = new HostClock(this, registry, runtime);
  }

  /** Adds to all commits from now on; extensions are called in the order of their addition. */
  public void extend(LedgerExtension extension) {
    extensions.add(extension);
  }

  /**
   * Reads one document with strong consistency.
   *
   * @throws io.meshwork.error.BackendException if the store cannot be read, or the document is
   *     damaged or of a newer format
   */
  public Optional<VersionedDocument> read(Key key) {
    return registry.read(key).map(VersionedDocument::of);
  }

  /**
   * Reads one document as {@link #read}. A document that is damaged or of a newer format has no
   * fields.
   *
   * @throws io.meshwork.error.BackendException if the store cannot be read
   */
  public Optional<VersionedDocument> readLenient(Key key) {
    return registry.read(key).map(VersionedDocument::lenient);
  }

  /**
   * Reads all documents of a partition with this sort-key prefix, ordered by sort key.
   *
   * @throws io.meshwork.error.BackendException as {@link #read}
   */
  public List<VersionedDocument> list(String partition, String sortPrefix) {
    return list(partition, sortPrefix, VersionedDocument::of);
  }

  /**
   * Reads documents as {@link #list}. If damaged or of a newer format, they have no fields.
   *
   * @throws io.meshwork.error.BackendException if the store cannot be read
   */
  public List<VersionedDocument> listLenient(String partition, String sortPrefix) {
    return list(partition, sortPrefix, VersionedDocument::lenient);
  }

  private List<VersionedDocument> list(
      String partition, String sortPrefix, Function<Registry.Document, VersionedDocument> reader) {
    List<VersionedDocument> documents = new ArrayList<>();
    String cursor = null;
    do {
      Registry.Page page = registry.list(partition, sortPrefix, cursor);
      page.documents().forEach(document -> documents.add(reader.apply(document)));
      cursor = page.nextCursor();
    } while (cursor != null);
    return List.copyOf(documents);
  }

  /**
   * Reads documents as {@link #list}, up to the first that does not match.
   *
   * @throws io.meshwork.error.BackendException as {@link #read}
   */
  public List<VersionedDocument> listWhile(
      String partition, String sortPrefix, Predicate<VersionedDocument> condition) {
    List<VersionedDocument> documents = new ArrayList<>();
    String cursor = null;
    do {
      Registry.Page page = registry.list(partition, sortPrefix, cursor);
      for (Registry.Document document : page.documents()) {
        VersionedDocument stored = VersionedDocument.of(document);
        if (!condition.test(stored)) {
          return List.copyOf(documents);
        }
        documents.add(stored);
      }
      cursor = page.nextCursor();
    } while (cursor != null);
    return List.copyOf(documents);
  }

  /**
   * Commits a change. After a conflict, a new draft reads the documents again, until it is
   * committed or the deadline passes.
   *
   * @throws io.meshwork.error.ConflictException if other commits were faster until the deadline
   * @throws io.meshwork.error.OutcomeUnknownException if the outcome could not be determined; then
   *     nothing is deleted
   * @throws io.meshwork.error.BackendException if the store failed and nothing was committed
   * @throws io.meshwork.error.MeshException if the draft throws it
   */
  public <R> R commit(Change<R> change, Deadline deadline) {
    extensions.forEach(extension -> extension.beforeCommit(change.partition()));
    CommitLoop<R> loop =
        new CommitLoop<>(
            registry,
            runtime,
            clock,
            change,
            deadline,
            this::complete,
            this::conflicting,
            new CommitTurn(() -> mesh() + " " + change.partition(), Thread.currentThread()));
    Instant start = runtime.meters().now();
    R result;
    try {
      result = loop.run();
    } catch (RuntimeException e) {
      measure(change, loop, MeshMeters.Outcome.of(e), start);
      throw e;
    }
    measure(change, loop, loop.outcome(), start);
    if (loop.isLogged()) {
      extensions.forEach(extension -> extension.afterCommit(change.partition()));
    }
    return result;
  }

  /**
   * Commits what an operation needs before it begins. If the outcome is unknown, the change is
   * committed again, so that its draft must accept that it was committed already.
   *
   * @throws io.meshwork.error.BackendException if the store failed or its answers were lost; the
   *     operation then did nothing, so its outcome is known
   * @throws io.meshwork.error.MeshException as {@link #commit}
   */
  public <R> R commitPrerequisite(Change<R> change, Deadline deadline) {
    try {
      return commitAgainIfUnknown(change, deadline);
    } catch (OutcomeUnknownException e) {
      throw Failure.of(change.action())
          .because("the registry's answers were lost")
          .state("Nothing else was done.")
          .fix("Run it again.")
          .cause(e)
          .passing(ErrorCode.BACKEND_FAILED);
    }
  }

  private <R> R commitAgainIfUnknown(Change<R> change, Deadline deadline) {
    try {
      return commit(change, deadline);
    } catch (OutcomeUnknownException e) {
      return commit(change, deadline);
    }
  }

  /** The ID of the mesh; empty if it is not known, as of a registry that has no root yet. */
  private String mesh() {
    String cached = mesh;
    if (cached == null) {
      try {
        cached = MeshRoot.find(this).map(MeshRoot::id).orElse("");
      } catch (BackendException e) {
        return "";
      }
      mesh = cached;
    }
    return cached;
  }

  /** Remembers the ID of the mesh, so that it is not read again. */
  void remember(MeshRoot root) {
    mesh = root.id();
  }

  private void complete(CommitDraft<?> draft, Attempt attempt) {
    extensions.forEach(extension -> extension.complete(draft, attempt));
  }

  private void conflicting(Key key) {
    extensions.forEach(extension -> extension.onConflict(key));
  }

  private <R> void measure(
      Change<R> change, CommitLoop<R> loop, MeshMeters.Outcome outcome, Instant start) {
    if (!loop.isUnlogged()) {
      runtime
          .meters()
          .commit(new Key(change.partition(), LogChain.HEAD).writingDomain(), outcome, start);
    }
  }

  /** The log of a partition, oldest first. */
  public List<VersionedDocument> entries(String partition) {
    return list(partition, LogChain.PREFIX);
  }

  /** One entry of a partition's log; empty if none has this sequence. */
  public Optional<VersionedDocument> entry(String partition, long sequence) {
    return read(LogChain.entryKey(partition, sequence));
  }

  /**
   * One thousand entries of a log, oldest first: thousand 0 has entries 1 to 999, thousand 1 has
   * entries 1000 to 1999.
   *
   * @throws io.meshwork.error.BackendException as {@link #read}
   */
  public List<VersionedDocument> thousand(String partition, long thousand) {
    return entries(partition, thousand, 1_000);
  }

  /**
   * The entries of a log between two sequences, newest first, in pages that are read when they are
   * needed.
   *
   * @param first the sequence of the oldest entry, from 1
   * @param last the sequence of the newest entry; 0 for none
   */
  public Iterator<VersionedDocument> newestFirst(String partition, long first, long last) {
    return new LogEntries(this, partition, first, last, true);
  }

  /** The same entries, oldest first. */
  public Iterator<VersionedDocument> oldestFirst(String partition, long first, long last) {
    return new LogEntries(this, partition, first, last, false);
  }

  /** The entries of a log that changed rows. */
  public RowChangeEntries rowChanges(String partition) {
    return rowChanges(partition, Long.MAX_VALUE);
  }

  /**
   * The same entries, from an older one.
   *
   * @param last the sequence of the newest entry; 0 for none
   */
  public RowChangeEntries rowChanges(String partition, long last) {
    return new RowChangeEntries(this, partition, last);
  }

  /** The entries of a page of a log, oldest first; the size of pages is a power of ten. */
  List<VersionedDocument> entries(String partition, long page, int size) {
    String first = LogChain.entryKey(partition, page * size).sort();
    int zeros = Integer.toString(size).length() - 1;
    return list(partition, first.substring(0, first.length() - zeros));
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
   * The newest entry that was committed at or before this time; empty if there is none. The number
   * of reads grows with the logarithm of the log's length.
   *
   * @throws io.meshwork.error.BackendException as {@link #read}
   */
  public Optional<VersionedDocument> newestEntry(String partition, Instant until) {
    LogSearch search = new LogSearch(this, partition);
    return search.newest().flatMap(newest -> search.newest(newest, until));
  }

  /**
   * The newest entry that was committed at or before this time, among an entry and earlier ones;
   * empty if there is none.
   *
   * @throws io.meshwork.error.BackendException as {@link #read}
   */
  public Optional<VersionedDocument> newestEntry(VersionedDocument last, Instant until) {
    return new LogSearch(this, last.key().partition()).newest(last, until);
  }

  /**
   * True if a partition's log has the entry of an attempt, which has its time. The number of reads
   * grows with the logarithm of the log's length.
   *
   * @param attempt any text; false if it is not the ID of an attempt
   * @throws io.meshwork.error.BackendException as {@link #read}
   */
  public boolean holdsAttempt(String partition, String attempt) {
    return new LogSearch(this, partition).holds(attempt);
  }

  /**
   * The sequence of the newest entry of a partition's log; 0 if nothing was logged yet. One read.
   *
   * @throws io.meshwork.error.BackendException as {@link #read}
   */
  public long newestSequence(String partition) {
    return new LogSearch(this, partition).last();
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
   * @throws io.meshwork.error.BackendException if its time is not readable
   */
  public static Instant time(VersionedDocument entry) {
    return LogChain.time(entry);
  }

  /** Returns the sequence of a log entry, or of the newest one if this is the log's head. */
  public static long sequence(VersionedDocument entry) {
    return entry.json().path("sequence").asLong();
  }

  /**
   * Verifies a partition: finds edited, removed, inserted, and moved entries of its log, a head
   * that does not match the last entry, and documents that do not match the log. Concurrent commits
   * are allowed.
   *
   * @return the findings; empty if there are none
   * @throws io.meshwork.error.BackendException if the store cannot be read
   */
  public List<Finding> verify(String partition) {
    return examine(partition).findings();
  }

  /** Verifies a partition and lists its content. */
  public PartitionVerification examine(String partition) {
    return new PartitionVerifier(registry, partition).examine();
  }

  /**
   * True if the document exists, even if it is damaged.
   *
   * @throws io.meshwork.error.BackendException if the store cannot be read
   */
  public boolean holds(Key key) {
    return registry.read(key).isPresent();
  }

  /**
   * Settles an attempt permanently: it is committed, or fenced off.
   *
   * @param partition the partition of its change
   * @return false if the outcome is still unknown; call it again later
   */
  public boolean settle(String partition, String attemptId) {
    return registry.resolve(partition, attemptId).status() != Registry.Status.UNKNOWN;
  }

  /** Drops what replaced documents contained; see {@link Registry#dropReplaced}. */
  public boolean dropReplaced(String partition) {
    return registry.dropReplaced(partition);
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

  /** Checks this host's clock. */
  public HostClock clock() {
    return clock;
  }

  /** The default deadline of a change that starts now. */
  public Deadline startDeadline() {
    return runtime.startDeadline(runtime.deadline());
  }

  /** The clock, the IDs, and the limits of this process. */
  public MeshRuntime runtime() {
    return runtime;
  }

  /**
   * A change to commit.
   *
   * @param <R> the result of the commit
   */
  public interface Change<R> {
    /** The action, for messages, such as {@code publish to commerce/orders}. */
    MeshAction action();

    /** The partition whose log records it. */
    String partition();

    /** The idempotency key for the message of an unknown outcome; empty if there is none. */
    default String idempotencyKey() {
      return "";
    }

    /** True if it records the current time, so that the clock is not checked. */
    default boolean recordsTime() {
      return false;
    }

    /**
     * The documents of which each prevents the commit forever: maintenance writes one when it
     * deletes the files of a change that took too long. Empty if the change writes none before its
     * draft.
     */
    default Set<Key> fences() {
      return Set.of();
    }

    /**
     * True if of all such changes of its partition that are tried at the same time, only one can be
     * committed, so that this process tries one after the other.
     */
    default boolean conflictsWithOthers() {
      return false;
    }

    /**
     * Reads documents, decides, and drafts the writes. Called for each attempt.
     *
     * @throws io.meshwork.error.MeshException if the change is not possible
     */
    CommitDraft<R> draft(Attempt attempt);

    /** Creates a change that a function drafts. */
    static <R> Change<R> of(
        MeshAction action, String partition, Function<Attempt, CommitDraft<R>> drafter) {
      return new DraftedChange<>(action, partition, drafter);
    }
  }

  /** What all attempts of one change use, and what is left of it at the end. */
  public interface SharedState {
    /**
     * Runs once it is certain which attempt was committed.
     *
     * @param committed its ID; empty if none was
     */
    void end(Optional<String> committed);
  }

  /** One attempt to commit a change. Its ID is never used again. Not thread-safe. */
  public static final class Attempt {
    private final String id;
    private final Instant now;
    private final Instant clock;
    private final long sequence;
    private final @Nullable VersionedDocument head;
    private final List<Runnable> lostActions = new ArrayList<>();
    private Map<String, SharedState> shared = new LinkedHashMap<>();
    private Optional<String> fenced = Optional.empty();

    Attempt(
        String id, Instant now, Instant clock, long sequence, @Nullable VersionedDocument head) {
      this.id = id;
      this.now = now;
      this.clock = clock;
      this.sequence = sequence;
      this.head = head;
    }

    /**
     * The attempt's ID, a UUIDv7 with the time of {@link #now()}. It becomes the version of every
     * document that it writes.
     */
    public String id() {
      return id;
    }

    /** The version of the documents that it writes with a draft that is not logged. */
    public String unloggedVersion() {
      return UnloggedDocuments.attempt(id);
    }

    /** The commit time, to the millisecond: never before the time of the previous entry. */
    public Instant now() {
      return now;
    }

    /**
     * This host's clock when the attempt began, to the millisecond. Use it to decide whether
     * something has expired, as readers do: the log may be ahead of the clock.
     */
    public Instant clock() {
      return clock;
    }

    /** The time of the previous entry of the log; empty if it is the first. */
    Optional<Instant> headTime() {
      return Optional.ofNullable(head).map(LogChain::time);
    }

    /** The sequence of its log entry, from 1. */
    public long sequence() {
      return sequence;
    }

    /**
     * Adds an action that runs once it is certain that this attempt is not committed, even if its
     * draft was not completed. Its exceptions are logged and ignored.
     */
    public void onLost(Runnable action) {
      lostActions.add(action);
    }

    /**
     * What all attempts of the change share; empty if the change has no fence. Maintenance may
     * delete the files of a lost attempt, so files that outlive one are named after a fence.
     *
     * @param name names it among all that the change shares
     * @param creating creates it for the first attempt, with the ID of the fence
     */
    public <T extends SharedState> Optional<T> shared(
        String name, Class<T> type, Function<String, T> creating) {
      return fenced.map(
          fence -> type.cast(shared.computeIfAbsent(name, unused -> creating.apply(fence))));
    }

    /** Sets what the attempts before it shared. */
    void share(Set<Key> fences, Map<String, SharedState> ofChange) {
      shared = ofChange;
      fenced =
          fences.stream().map(key -> key.sort().substring(FENCES.length())).min(String::compareTo);
    }

    @Nullable VersionedDocument head() {
      return head;
    }

    List<Runnable> lostActions() {
      return lostActions;
    }
  }
}
