package io.meshwork.consume;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.MeshException;
import io.meshwork.internal.catalog.HoldEntry;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.catalog.UsageEntry;
import io.meshwork.internal.ledger.Draft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.internal.session.Readers;
import io.meshwork.internal.session.Session;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import io.meshwork.product.Snapshot;
import io.meshwork.registry.Registry.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one reader leaves in the registry while it reads: that a subscription uses a version, and
 * which columns of it, before the first row and at most once an hour as long as it is the same, and
 * a hold on its snapshot if it reads for long. Belongs to one thread.
 */
final class ReaderNotes {
  private static final Logger LOG = LoggerFactory.getLogger(ReaderNotes.class);
  private static final Duration HOLD_AFTER = Readers.GRACE.dividedBy(2);

  private final @Nullable Reader reader;
  private boolean started;
  private @Nullable Instant due;
  private @Nullable Key hold;

  private ReaderNotes(@Nullable Reader reader) {
    this.reader = reader;
    this.due = reader == null ? null : reader.from().plus(HOLD_AFTER);
  }

  private record Reader(
      Session session,
      ProductName product,
      int major,
      Optional<Snapshot> snapshot,
      @Nullable Use use,
      Instant from) {
    Instant now() {
      return session.runtime().clock().instant();
    }

    /** Where the reader's domain writes about the product. */
    String partition() {
      return session
          .catalog()
          .consumerPartition(
              session.admission().ownDomain("read " + product).domain(), product.domain());
    }

    <R> R commit(String doing, Key key, OneDocument<R> draft) {
      return session
          .ledger()
          .commit(
              new Ledger.Change<R>() {
                @Override
                public String doing() {
                  return doing;
                }

                @Override
                public String partition() {
                  return key.partition();
                }

                @Override
                public Draft<R> draft(Ledger.Attempt attempt) {
                  return draft.of(session.ledger().read(key), attempt.now());
                }
              },
              session.deadline());
    }
  }

  /**
   * What a subscription reads.
   *
   * @param subscription its name
   * @param version the contract version in force
   * @param columns paths of what is read or asked by a filter
   */
  record Use(String subscription, ContractVersion version, Set<String> columns) {}

  /** Drafts a change of one document. */
  private interface OneDocument<R> {
    Draft<R> of(Optional<Stored> before, Instant now);
  }

  static ReaderNotes none() {
    return new ReaderNotes(null);
  }

  /**
   * Notes of one reader that begins now.
   *
   * @param snapshot what is read; nothing is held if it is empty
   * @param use which subscription's use it is; null if nobody's
   */
  static ReaderNotes of(
      Session session,
      ProductName product,
      int major,
      Optional<Snapshot> snapshot,
      @Nullable Use use) {
    return new ReaderNotes(
        new Reader(session, product, major, snapshot, use, session.runtime().clock().instant()));
  }

  /**
   * Called before rows are handed out.
   *
   * @throws MeshException if the registry failed; then they are not handed out
   */
  void beforeRows() {
    if (reader == null) {
      return;
    }
    if (!started && reader.use() != null) {
      noteUse(reader, reader.use());
    }
    started = true;
    Instant now = reader.now();
    if (due != null && reader.snapshot().isPresent() && !now.isBefore(due)) {
      holdOn(reader, reader.snapshot().get(), now);
      due = now.plus(HOLD_AFTER);
    }
  }

  /** Lets go of what is held; a hold that cannot be taken away ends by itself. */
  void close() {
    Key held = hold;
    if (reader == null || held == null) {
      return;
    }
    hold = null;
    try {
      reader.commit(
          "let go of a snapshot of " + reader.product(),
          held,
          (before, now) ->
              before.isEmpty()
                  ? Draft.settled(held)
                  : Draft.<Key>unlogged().delete(before.get()).result(held));
    } catch (MeshException e) {
      LOG.warn("a hold on {} was not taken away and ends by itself", reader.product());
    }
  }

  private static void noteUse(Reader reader, Use use) {
    Key key = Keys.usage(reader.partition(), reader.product(), use.subscription(), reader.major());
    reader.commit(
        "note the use of " + reader.product(),
        key,
        (before, now) -> {
          Optional<UsageEntry> noted = before.map(UsageEntry::of);
          Instant read = reader.now();
          if (noted.isPresent() && noted.get().covers(use.version(), use.columns(), read)) {
            return Draft.settled(key);
          }
          UsageEntry after =
              noted
                  .orElseGet(() -> nothingYet(reader, use))
                  .used(
                      reader.session().principal().toString(), use.version(), use.columns(), read);
          return written(key, before, after.toDocument(before));
        });
  }

  private static UsageEntry nothingYet(Reader reader, Use use) {
    return new UsageEntry(
        reader.product(),
        reader.major(),
        use.subscription(),
        reader.now(),
        reader.session().principal().toString(),
        Optional.empty(),
        new TreeMap<>());
  }

  private void holdOn(Reader reader, Snapshot snapshot, Instant now) {
    Key key =
        hold != null
            ? hold
            : Keys.hold(
                reader.partition(), reader.product(), reader.session().runtime().ids().next());
    HoldEntry entry =
        new HoldEntry(
            reader.product(),
            reader.major(),
            snapshot.id(),
            reader.from(),
            now.plus(Readers.GRACE));
    reader.commit(
        "hold a snapshot of " + reader.product(),
        key,
        (before, at) -> written(key, before, entry.toDocument(before)));
    hold = key;
  }

  private static Draft<Key> written(Key key, Optional<Stored> before, ObjectNode json) {
    Draft<Key> draft = Draft.unlogged();
    if (before.isPresent()) {
      draft.replace(before.get(), json);
    } else {
      draft.insert(key, json);
    }
    return draft.result(key);
  }
}
