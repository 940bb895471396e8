package io.meshwork.internal.consume;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.internal.catalog.HoldEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.UsageEntry;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.session.ActiveReaders;
import io.meshwork.internal.session.ClientSession;
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
final class ReaderRecords {
  private static final Logger LOG = LoggerFactory.getLogger(ReaderRecords.class);
  private static final Duration HOLD_AFTER = ActiveReaders.GRACE.dividedBy(2);

  private final @Nullable Reader reader;
  private boolean started;
  private @Nullable Instant due;
  private @Nullable Key hold;

  private ReaderRecords(@Nullable Reader reader) {
    this.reader = reader;
    this.due = reader == null ? null : reader.from().plus(HOLD_AFTER);
  }

  private record Reader(
      ClientSession session,
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
              session.authorizer().requireOwnDomain(MeshAction.of(Verb.READ, product)).domain(),
              product.domain());
    }

    <R> R commit(MeshAction action, Key key, OneDocument<R> draft) {
      return session
          .ledger()
          .commit(
              new Ledger.Change<R>() {
                @Override
                public MeshAction action() {
                  return action;
                }

                @Override
                public String partition() {
                  return key.partition();
                }

                @Override
                public CommitDraft<R> draft(Ledger.Attempt attempt) {
                  return draft.of(session.ledger().read(key), attempt.now());
                }
              },
              session.deadline());
    }
  }

  /**
   * What a subscription reads.
   *
   * @param subscription which one
   * @param version the contract version in force
   * @param columns paths of what is read or asked by a filter
   */
  record Use(LiveSubscription subscription, ContractVersion version, Set<String> columns) {}

  /**
   * Notes a use without rows, such as a poll for which there is no news.
   *
   * @throws MeshException if the registry failed
   */
  static void noteUse(ClientSession session, ProductName product, int major, Use use) {
    noteUse(
        new Reader(
            session, product, major, Optional.empty(), use, session.runtime().clock().instant()),
        use);
  }

  /** Drafts a change of one document. */
  private interface OneDocument<R> {
    CommitDraft<R> of(Optional<VersionedDocument> before, Instant now);
  }

  static ReaderRecords none() {
    return new ReaderRecords(null);
  }

  /**
   * Notes of one reader that begins now.
   *
   * @param snapshot what is read; nothing is held if it is empty
   * @param use which subscription's use it is; null if nobody's
   */
  static ReaderRecords of(
      ClientSession session,
      ProductName product,
      int major,
      Optional<Snapshot> snapshot,
      @Nullable Use use) {
    return new ReaderRecords(
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
          MeshAction.of(Verb.RELEASE, "a snapshot of " + reader.product()),
          held,
          (before, now) ->
              before.isEmpty()
                  ? CommitDraft.unchanged(held)
                  : CommitDraft.<Key>unlogged().delete(before.get()).result(held));
    } catch (MeshException e) {
      LOG.warn("a hold on {} was not taken away and ends by itself", reader.product());
    }
  }

  private static void noteUse(Reader reader, Use use) {
    Key key =
        RegistryKeys.usage(
            reader.partition(), reader.product(), use.subscription().name(), reader.major());
    MeshAction action = MeshAction.of(Verb.RECORD, "the use of " + reader.product());
    reader.commit(
        action,
        key,
        (before, now) -> {
          Optional<UsageEntry> noted = before.map(UsageEntry::of);
          Instant read = reader.now();
          if (noted.isPresent() && noted.get().covers(use.version(), use.columns(), read)) {
            // It may be the note of another one of its name, made after this one was ended.
            use.subscription().require(action);
            return CommitDraft.unchanged(key);
          }
          UsageEntry after =
              noted
                  .orElseGet(() -> nothingYet(reader, use))
                  .used(
                      reader.session().principal().toString(), use.version(), use.columns(), read);
          // One that was ended leaves no note of its use.
          return written(key, before, after.toDocument(before))
              .check(use.subscription().require(action));
        });
  }

  private static UsageEntry nothingYet(Reader reader, Use use) {
    return new UsageEntry(
        reader.product(),
        reader.major(),
        use.subscription().name(),
        reader.now(),
        reader.session().principal().toString(),
        Optional.empty(),
        new TreeMap<>());
  }

  private void holdOn(Reader reader, Snapshot snapshot, Instant now) {
    Key key =
        hold != null
            ? hold
            : RegistryKeys.hold(
                reader.partition(), reader.product(), reader.session().runtime().ids().next());
    // Others judge the hold by their clocks: a host that is behind does not shorten it.
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
            Optional.ofNullable(reader.use()).map(use -> use.subscription().name()));
    reader.commit(
        action,
        key,
        (before, at) -> {
          CommitDraft<Key> draft = written(key, before, entry.toDocument(before));
          Use use = reader.use();
          return use == null ? draft : draft.check(use.subscription().require(action));
        });
    hold = key;
  }

  private static CommitDraft<Key> written(
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
