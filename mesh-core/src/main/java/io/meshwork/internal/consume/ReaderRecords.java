package io.meshwork.internal.consume;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.internal.catalog.HoldEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.session.ActiveReaders;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ProductName;
import io.meshwork.product.Snapshot;
import io.meshwork.registry.Registry.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The holds that one reader writes to the registry: a long read retains its snapshot. The reader of
 * a subscription that was ended gets no rows. Used by one thread.
 */
final class ReaderRecords {
  private static final Logger LOG = LoggerFactory.getLogger(ReaderRecords.class);
  private static final Duration HOLD_AFTER = ActiveReaders.GRACE.dividedBy(2);

  private final @Nullable Reader reader;
  private boolean started;
  private @Nullable Instant holdDue;
  private @Nullable Key hold;

  private ReaderRecords(@Nullable Reader reader) {
    this.reader = reader;
    this.holdDue = reader == null ? null : reader.from().plus(HOLD_AFTER);
  }

  private record Reader(
      ClientSession session,
      ProductName product,
      int major,
      Optional<Snapshot> snapshot,
      @Nullable LiveSubscription subscription,
      Instant from) {
    Instant now() {
      return session.runtime().clock().instant();
    }

    /** Returns the partition in which the reader's domain stores its records of the product. */
    String partition() {
      return session
          .catalog()
          .consumerPartition(
              session.authorizer().requireOwnDomain(MeshAction.of(Verb.READ, product)).domain(),
              product.domain());
    }

    <R> R commit(MeshAction action, Key key, DocumentChange<R> change) {
      return session.commit(
          Ledger.Change.of(
              action,
              key.partition(),
              attempt -> change.draft(session.ledger().read(key), attempt.now())));
    }
  }

  /** Drafts a change of one document. */
  private interface DocumentChange<R> {
    CommitDraft<R> draft(Optional<VersionedDocument> before, Instant now);
  }

  static ReaderRecords none() {
    return new ReaderRecords(null);
  }

  /**
   * Creates the records of a reader that starts now.
   *
   * @param snapshot what is read; if empty, nothing is held
   * @param subscription the reading subscription; null if there is none
   */
  static ReaderRecords of(
      ClientSession session,
      ProductName product,
      int major,
      Optional<Snapshot> snapshot,
      @Nullable LiveSubscription subscription) {
    return new ReaderRecords(
        new Reader(
            session, product, major, snapshot, subscription, session.runtime().clock().instant()));
  }

  /**
   * Called before rows are returned.
   *
   * @throws MeshException if the registry failed, or if the subscription was ended before the first
   *     row; then no rows are returned
   */
  void beforeRows() {
    if (reader == null) {
      return;
    }
    if (!started && reader.subscription() != null) {
      reader.subscription().require(MeshAction.of(Verb.READ, reader.product()));
    }
    started = true;
    Instant now = reader.now();
    if (holdDue != null && reader.snapshot().isPresent() && !now.isBefore(holdDue)) {
      writeHold(reader, reader.snapshot().get(), now);
      holdDue = now.plus(HOLD_AFTER);
    }
  }

  /** Releases the hold, if any; a hold that cannot be released expires. */
  void close() {
    Key held = hold;
    if (reader == null || held == null) {
      return;
    }
    hold = null;
    try {
      reader.commit(
          MeshAction.of(Verb.RELEASE, "a snapshot of " + reader.product()),
          held,
          (before, now) ->
              before.isEmpty()
                  ? CommitDraft.unchanged(held)
                  : CommitDraft.<Key>unlogged().delete(before.get()).result(held));
    } catch (MeshException e) {
      LOG.warn("a hold on {} was not released and will expire", reader.product());
    }
  }

  private void writeHold(Reader reader, Snapshot snapshot, Instant now) {
    Key key =
        hold != null
            ? hold
            : RegistryKeys.hold(
                reader.partition(), reader.product(), reader.session().runtime().ids().next());
    // Other hosts compare the end with their clocks, so a slow clock here must not shorten the
    // hold.
    Instant store = reader.session().ledger().clock().storeTime().orElse(now);
    Instant end = (store.isAfter(now) ? store : now).plus(ActiveReaders.GRACE);
    MeshAction action = MeshAction.of(Verb.RETAIN, "a snapshot of " + reader.product());
    HoldEntry entry =
        new HoldEntry(
            reader.product(),
            reader.major(),
            snapshot.id(),
            reader.from(),
            end,
            Optional.ofNullable(reader.subscription()).map(LiveSubscription::name));
    reader.commit(
        action,
        key,
        (before, at) -> {
          CommitDraft<Key> draft = write(key, before, entry.toDocument(before));
          LiveSubscription subscription = reader.subscription();
          return subscription == null ? draft : draft.check(subscription.require(action));
        });
    hold = key;
  }

  private static CommitDraft<Key> write(
      Key key, Optional<VersionedDocument> before, ObjectNode json) {
    CommitDraft<Key> draft = CommitDraft.unlogged();
    if (before.isPresent()) {
      draft.replace(before.get(), json);
    } else {
      draft.insert(key, json);
    }
    return draft.result(key);
  }
}
