package io.meshwork.internal.delivery;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.UnloggedDocuments;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.routing.PartitionCatalogs;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ClientSession.MaintainedDomains;
import io.meshwork.registry.Registry.Key;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the cursors of one notifier. They are in the governance partition of the log's
 * catalog; if the backend authenticates principals, they are in a partition that each principal of
 * the domain that writes the log may write. Thread-safe.
 */
final class CursorStore {
  /** The largest difference of clocks for which a new notifier misses no event. */
  static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(1);

  private final Ledger ledger;
  private final Catalog catalog;
  private final boolean authenticated;
  private final String notifier;
  private final InstantSource clock;
  private final Instant opened;

  /** The first uses that this process knows: one that is missing later was forgotten. */
  private final Set<Key> begun = ConcurrentHashMap.newKeySet();

  /** Creates the store of a notifier that this process uses from now on. */
  CursorStore(ClientSession session, String notifier) {
    this.ledger = session.ledger();
    this.catalog = session.catalog();
    this.authenticated = session.process().isPresent();
    this.notifier = notifier;
    this.clock = session.runtime().clock();
    this.opened = clock.instant();
  }

  /** Returns the partitions with the cursors for the logs of domains that the process maintains. */
  static Set<String> partitions(
      ClientSession session, MaintainedDomains maintained, Collection<String> governances) {
    return maintained.all()
        ? new LinkedHashSet<>(governances)
        : maintained.domains().stream()
            .filter(domain -> !PartitionCatalogs.isGovernance(domain))
            .map(session.catalog()::homeConsumerPartition)
            .collect(Collectors.toCollection(TreeSet::new));
  }

  /** When a notifier was first used, as the registry stores it. */
  record FirstUse(Instant since) {}

  /** A cursor and its document; null before it is first written. */
  record StoredCursor(NoticeCursor cursor, @Nullable VersionedDocument stored) {}

  /**
   * Records when the notifier is first used, unless that is recorded; it receives later events
   * only. If another process forgot it meanwhile, it starts again now.
   *
   * @param domain the storage name of a domain whose logs it receives; ignored if the backend
   *     authenticates no principal, because one record then applies to all domains
   */
  void begin(String domain, Deadline deadline) {
    Key key = beginning(domain);
    begin(key, ledger.read(key).isPresent(), deadline);
  }

  private void begin(Key key, boolean isRecorded, Deadline deadline) {
    if (!isRecorded) {
      Instant since = begun.contains(key) ? clock.instant() : opened;
      ledger.commit(
          new CursorChange<Boolean>(key.partition()) {
            @Override
            public CommitDraft<Boolean> draft(Ledger.Attempt attempt) {
              return ledger.read(key).isPresent()
                  ? CommitDraft.unchanged(false)
                  : CommitDraft.<Boolean>unlogged()
                      .insert(key, DocumentCodec.document(new FirstUse(since)))
                      .result(true);
            }
          },
          deadline);
    }
    begun.add(key);
  }

  /** Returns the cursor of a log; of a log without one, where the notifier begins. */
  StoredCursor read(String partition, Deadline deadline) {
    Optional<VersionedDocument> stored = ledger.read(key(partition));
    if (stored.isPresent()) {
      return new StoredCursor(NoticeCursor.of(stored.get()), stored.get());
    }
    Key key = beginning(PartitionCatalogs.domain(partition));
    Optional<VersionedDocument> use = ledger.read(key);
    begin(key, use.isPresent(), deadline);
    return new StoredCursor(
        NoticeCursor.startingAfter(firstSequence(partition, use.or(() -> ledger.read(key)))), null);
  }

  /**
   * Writes the cursor, unless it was changed since it was read.
   *
   * @return empty if another process changed it, which then continues the delivery
   */
  Optional<StoredCursor> write(
      String partition, StoredCursor before, NoticeCursor after, Deadline deadline) {
    Key key = key(partition);
    VersionedDocument read = before.stored();
    boolean written =
        ledger.commit(
            new CursorChange<Boolean>(key.partition()) {
              @Override
              public CommitDraft<Boolean> draft(Ledger.Attempt attempt) {
                Optional<VersionedDocument> current = ledger.read(key);
                if (current
                    .map(VersionedDocument::version)
                    .equals(Optional.ofNullable(read).map(VersionedDocument::version))) {
                  CommitDraft<Boolean> draft = CommitDraft.unlogged();
                  return (read == null
                          ? draft.insert(key, after.toDocument())
                          : draft.replace(read, after.toDocument()))
                      .result(true);
                }
                return CommitDraft.unchanged(false);
              }
            },
            deadline);
    return written
        ? ledger.read(key).map(stored -> new StoredCursor(NoticeCursor.of(stored), stored))
        : Optional.empty();
  }

  private long firstSequence(String partition, Optional<VersionedDocument> use) {
    Instant since =
        use.map(stored -> DocumentCodec.of(FirstUse.class).read(stored).since())
            .orElseGet(clock::instant); // forgotten again, in this moment
    return ledger
        .newestEntry(partition, since.minus(CLOCK_TOLERANCE))
        .map(Ledger::sequence)
        .orElse(0L);
  }

  private Key beginning(String domain) {
    String partition = authenticated ? catalog.homeConsumerPartition(domain) : RegistryKeys.MESH;
    return new Key(partition, UnloggedDocuments.CURSORS + notifier);
  }

  private Key key(String partition) {
    return NoticeCursor.key(
        authenticated
            ? catalog.homeConsumerPartition(PartitionCatalogs.domain(partition))
            : catalog.governanceOf(partition),
        notifier,
        partition);
  }

  private abstract class CursorChange<R> implements Ledger.Change<R> {
    private final String partition;

    CursorChange(String partition) {
      this.partition = partition;
    }

    @Override
    public MeshAction action() {
      return MeshAction.of(Verb.RECORD, "the position of notifier '" + notifier + "'");
    }

    @Override
    public String partition() {
      return partition;
    }
  }
}
