package io.meshwork.internal.delivery;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.UnloggedDocuments;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.registry.Registry.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads and writes where one notifier stands. Thread-safe. */
final class CursorStore {
  /** Clocks of writers may differ by so much before a new notifier misses an event. */
  private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(1);

  private final Ledger ledger;
  private final Catalog catalog;
  private final String notifier;

  CursorStore(Ledger ledger, Catalog catalog, String notifier) {
    this.ledger = ledger;
    this.catalog = catalog;
    this.notifier = notifier;
  }

  /** A cursor and the document that it was read from; null if there is none yet. */
  record Place(NoticeCursor cursor, @Nullable VersionedDocument stored) {}

  /** Notes from when on the notifier is told, the first time that it is seen. */
  void begin(Instant now, Deadline deadline) {
    Key key = new Key(RegistryKeys.MESH, UnloggedDocuments.CURSORS + notifier);
    if (ledger.read(key).isEmpty()) {
      ledger.commit(
          new Writing<Boolean>(RegistryKeys.MESH) {
            @Override
            public CommitDraft<Boolean> draft(Ledger.Attempt attempt) {
              return ledger.read(key).isPresent()
                  ? CommitDraft.unchanged(false)
                  : CommitDraft.<Boolean>unlogged()
                      .insert(key, DocumentJson.create().put("since", now.toString()))
                      .result(true);
            }
          },
          deadline);
    }
  }

  Place read(String partition) {
    Optional<VersionedDocument> stored = ledger.read(key(partition));
    return stored.isPresent()
        ? new Place(NoticeCursor.of(stored.get()), stored.get())
        : new Place(NoticeCursor.startingAfter(before(partition)), null);
  }

  /**
   * Writes where the notifier stands now, if nobody else did since it was read.
   *
   * @return empty if somebody did; he goes on then
   */
  Optional<Place> write(String partition, Place before, NoticeCursor now, Deadline deadline) {
    Key key = key(partition);
    VersionedDocument read = before.stored();
    boolean written =
        ledger.commit(
            new Writing<Boolean>(key.partition()) {
              @Override
              public CommitDraft<Boolean> draft(Ledger.Attempt attempt) {
                Optional<VersionedDocument> there = ledger.read(key);
                if (there
                    .map(VersionedDocument::version)
                    .equals(Optional.ofNullable(read).map(VersionedDocument::version))) {
                  CommitDraft<Boolean> draft = CommitDraft.unlogged();
                  return (read == null
                          ? draft.insert(key, now.toDocument())
                          : draft.replace(read, now.toDocument()))
                      .result(true);
                }
                return CommitDraft.unchanged(false);
              }
            },
            deadline);
    return written
        ? ledger.read(key).map(stored -> new Place(NoticeCursor.of(stored), stored))
        : Optional.empty();
  }

  private long before(String partition) {
    Instant since =
        ledger
            .read(new Key(RegistryKeys.MESH, UnloggedDocuments.CURSORS + notifier))
            .map(stored -> Instant.parse(stored.json().path("since").asText()))
            .orElse(Instant.EPOCH);
    return ledger
        .newestEntry(partition, since.minus(CLOCKS_DIFFER))
        .map(entry -> entry.json().path("sequence").asLong())
        .orElse(0L);
  }

  private Key key(String partition) {
    return NoticeCursor.key(catalog.governanceOf(partition), notifier, partition);
  }

  private abstract class Writing<R> implements Ledger.Change<R> {
    private final String governance;

    Writing(String governance) {
      this.governance = governance;
    }

    @Override
    public MeshAction action() {
      return MeshAction.of(Verb.RECORD, "the position of notifier '" + notifier + "'");
    }

    @Override
    public String partition() {
      return governance;
    }
  }
}
