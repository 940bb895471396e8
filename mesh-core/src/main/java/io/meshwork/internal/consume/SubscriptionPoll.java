package io.meshwork.internal.consume;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.PositionEntry;
import io.meshwork.internal.catalog.PositionEntry.Pending;
import io.meshwork.internal.catalog.PositionEntry.Place;
import io.meshwork.internal.catalog.PositionEntry.View;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.session.ActiveReaders;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.SnapshotHistory;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.Snapshot;

/**
 * The position of one subscription, and what is handed out from there. A batch is written down
 * before it is handed out, so that all processes get the same one; nobody leases it. Immutable, and
 * thread-safe.
 *
 * @param domain the consuming domain
 * @param name the subscription's name
 * @param major the major version that it reads
 * @param atMost how many added rows are joined
 * @param columns that are read, as paths; empty if all are
 * @param generation how many subscriptions of this name were ended before it
 */
record SubscriptionPoll(
    ClientSession session,
    String domain,
    String name,
    ProductName product,
    int major,
    long atMost,
    List<String> columns,
    long generation) {
  private static final String ANEW =
      "a subscription of this name was ended before, and this one begins anew";

  private static final String OTHER_ROWS =
      "the reader sees other rows than the one before, since its rights changed or it is another"
          + " role";

  /**
   * The batch that is to be handed out now.
   *
   * @param read says access, columns and filter
   */
  <T> PolledBatch<T> poll(ProductRead<T> read) {
    MeshAction action = MeshAction.of(Verb.POLL, product);
    Next<T> next = session.ledger().commit(new Handing<>(read, action), session.deadline());
    ProductRead<T> asked =
        next.handed()
            .batch()
            .flatMap(Pending::view)
            .map(View::where)
            .map(read::withFilter)
            .orElse(read);
    // A poll is a use, also if its rows are never read, or come again and again.
    asked.noteUse(next.version());
    return new PolledBatch<>(
        this,
        next.handed(),
        next.content(),
        asked.rows(next.version(), next.end(), next.content().files(), next.content().choice()));
  }

  /** The subscription that it belongs to. */
  LiveSubscription live() {
    return new LiveSubscription(session, domain, name, product, generation);
  }

  /** Where the subscription stands. */
  Place place(MeshAction action) {
    live().require(action);
    return entry(session.ledger().read(key())).place();
  }

  /** What is thrown for an acknowledgement of rows that can no longer be read. */
  InvalidRequestException unread(IssuedBatch handed) {
    return new InvalidRequestException(
        ErrorCode.CLOSED,
        "Cannot acknowledge a batch of "
            + product
            + ": batch "
            + handed.id()
            + " was closed before its last row was read. Nothing was acknowledged. Poll again, and"
            + " read its rows to the end; to skip them, acknowledge it while it is open.");
  }

  void acknowledge(IssuedBatch handed) {
    if (handed.batch().isPresent()) {
      session.checkOpen(MeshAction.of(Verb.ACKNOWLEDGE, "a batch of " + product));
      session.ledger().commit(new Acknowledgement(handed), session.deadline());
    }
  }

  /**
   * Moves the position to another place.
   *
   * @return where it stands now
   */
  Place seek(StartPosition where, ProductRead<?> read) {
    MeshAction action = MeshAction.of(Verb.SEEK, "in " + product);
    return session
        .ledger()
        .commit(
            new Change<Place>(action) {
              @Override
              public CommitDraft<Place> draft(Ledger.Attempt attempt) {
                VersionedDocument live = live().require(action);
                Place place = where.on(read.majorVersion(action), action);
                Optional<VersionedDocument> stored = session.ledger().read(key());
                PositionEntry moved =
                    entry(stored).withSeek(place, attempt.now(), ActiveReaders.GRACE);
                return written(live, stored, moved, place);
              }
            },
            session.deadline());
  }

  /** The first position of a new subscription, which begins elsewhere than at the beginning. */
  ObjectNode first(Place place, Instant now) {
    return PositionEntry.first(product, name, place, now).toDocument(Optional.empty());
  }

  private String partition() {
    return session.catalog().consumerPartition(domain, product.domain());
  }

  Key key() {
    return RegistryKeys.position(partition(), product, name);
  }

  /** What is there of the position; a subscription that has none stands at the beginning. */
  private PositionEntry entry(Optional<VersionedDocument> stored) {
    return stored
        .map(PositionEntry::of)
        .orElseGet(() -> PositionEntry.first(product, name, Place.start(major), Instant.EPOCH));
  }

  private String id(PositionEntry entry, Place end, String kind, View view) {
    String viewed = IssuedBatch.view(columns, view, entry.turns());
    return IssuedBatch.id(domain, name, generation, product, viewed, entry.place(), end, kind);
  }

  /**
   * The same batch with the rows that it is made of. One that an earlier version handed out does
   * not say them: unless the filter may be another one by now, they are those that are read now.
   */
  private Pending viewed(PositionEntry entry, Pending batch, View now) {
    if (batch.view().isPresent()) {
      return batch;
    }
    String before =
        id(entry, batch.end(), batch.kind(), new View(BoundDataPermission.EVERY_ROW, now.where()));
    boolean same = now.where().isEmpty() || batch.id().equals(before);
    return new Pending(
        same ? batch.id() : id(entry, batch.end(), batch.kind(), now),
        batch.kind(),
        batch.end(),
        batch.reason(),
        Optional.of(now));
  }

  /**
   * Why all rows come as a reset though nothing was handed out: whoever ran under this name before
   * may still hold rows of then.
   */
  private Optional<String> anew(PositionEntry entry) {
    Place place = entry.place();
    return generation > 0 && place.major() == major && place.snapshotId().isEmpty()
        ? Optional.of(ANEW)
        : Optional.empty();
  }

  /** True if who polled before saw other rows by its rights; what is not known is the same. */
  private static boolean sawOthers(PositionEntry entry, Optional<Pending> batch, View now) {
    return batch
        .flatMap(Pending::view)
        .map(View::rights)
        .or(entry::rights)
        .filter(rights -> !rights.equals(now.rights()))
        .isPresent();
  }

  /**
   * Writes the position.
   *
   * @param live the subscription's document; one that is ended meanwhile gets no position
   */
  private <R> CommitDraft<R> written(
      VersionedDocument live, Optional<VersionedDocument> before, PositionEntry after, R result) {
    CommitDraft<R> draft = CommitDraft.<R>unlogged().check(live);
    if (before.isPresent()) {
      draft.replace(before.get(), after.toDocument(before));
    } else {
      draft.insert(key(), after.toDocument(before));
    }
    return draft.result(result);
  }

  /** A change of the position's document alone, which no log tells of. */
  private abstract class Change<R> implements Ledger.Change<R> {
    private final MeshAction action;

    Change(MeshAction action) {
      this.action = action;
    }

    @Override
    public MeshAction action() {
      return action;
    }

    @Override
    public String partition() {
      return SubscriptionPoll.this.partition();
    }
  }

  /**
   * A batch and what it is read with.
   *
   * @param end the snapshot at which it ends; empty before the first
   */
  private record Next<T>(
      IssuedBatch handed,
      BatchContent content,
      ProductRead.Version version,
      Optional<io.meshwork.product.Snapshot> end) {}

  private final class Handing<T> extends Change<Next<T>> {
    private final ProductRead<T> read;

    Handing(ProductRead<T> read, MeshAction action) {
      super(action);
      this.read = read;
    }

    @Override
    public CommitDraft<Next<T>> draft(Ledger.Attempt attempt) {
      VersionedDocument live = live().require(action());
      // The position is read first: what it names is then on the line that is loaded after.
      Optional<VersionedDocument> stored = session.ledger().read(key());
      PositionEntry entry = entry(stored);
      ProductRead.Version version = read.majorVersion(action());
      RowVisibility visible = read.visible(version);
      View view = read.view(version);
      MainSnapshots walk = MainSnapshots.after(version.table(), major, entry.place());
      Optional<Pending> before = entry.pending().filter(batch -> batch.end().major() == major);
      boolean others = sawOthers(entry, before, view);
      if (before.isPresent() && !others) {
        Pending batch = viewed(entry, before.get(), view);
        Optional<BatchContent> content = content(version, walk, batch);
        if (content.isPresent()) {
          Next<T> next = next(version, entry, batch, content.get());
          return batch.equals(before.get())
              ? CommitDraft.unchanged(next)
              : written(live, stored, entry.withPending(Optional.of(batch), attempt.now()), next);
        }
      }
      Optional<NextBatch> news =
          NextBatch.of(
              version.table(),
              walk,
              visible,
              others ? Optional.of(OTHER_ROWS) : anew(entry),
              atMost);
      if (news.isPresent()) {
        PositionEntry turned = others ? entry.withTurn(attempt.now(), ActiveReaders.GRACE) : entry;
        Pending batch = pending(version, turned, news.get(), view);
        BatchContent content = content(version, walk, batch).orElseThrow();
        return written(
            live,
            stored,
            turned.withPending(Optional.of(batch), attempt.now()),
            next(version, turned, batch, content));
      }
      return nothing(live, stored, entry, version, walk, attempt.now());
    }

    /**
     * What is in a batch. Columns of its own that this reader sees and does not read do no harm: it
     * was told by one who read them.
     */
    private Optional<BatchContent> content(
        ProductRead.Version version, MainSnapshots walk, Pending batch) {
      boolean fits =
          batch.view().flatMap(View::where).map(version.seen()::mayAsk).orElse(Boolean.TRUE);
      return fits
          ? BatchContent.of(
              version.table(), walk, batch, version.seen().visible(version.seen().columns()))
          : Optional.empty();
    }

    /** Moves over what is no news, so that it need not be kept for this subscription. */
    private CommitDraft<Next<T>> nothing(
        VersionedDocument live,
        Optional<VersionedDocument> stored,
        PositionEntry entry,
        ProductRead.Version version,
        MainSnapshots walk,
        Instant now) {
      Optional<Snapshot> newest = walk.newest();
      if (newest.isEmpty() && entry.pending().isEmpty()) {
        return CommitDraft.unchanged(none(version, entry));
      }
      Place place =
          newest.isEmpty() ? entry.place() : StartPosition.place(version, version.line().newest());
      PositionEntry moved = entry.withPlace(place, now, ActiveReaders.GRACE);
      return written(live, stored, moved, none(version, moved));
    }

    private Pending pending(
        ProductRead.Version version, PositionEntry entry, NextBatch news, View view) {
      Place end =
          StartPosition.place(version, Optional.of(found(version, news.end().snapshotId())));
      String kind = news.kind().name();
      return new Pending(id(entry, end, kind, view), kind, end, news.reason(), Optional.of(view));
    }

    private Next<T> next(
        ProductRead.Version version, PositionEntry entry, Pending batch, BatchContent content) {
      return new Next<>(
          new IssuedBatch(entry.place(), entry.seeks(), batch.id(), Optional.of(batch)),
          content,
          version,
          batch.end().snapshotId().map(id -> found(version, Long.parseLong(id)).snapshot()));
    }

    private Next<T> none(ProductRead.Version version, PositionEntry entry) {
      Place place = entry.place();
      boolean there =
          place.major() == major
              && place.snapshotId().map(Long::parseLong).map(version.table()::snapshot).isPresent();
      return new Next<>(
          new IssuedBatch(
              place, entry.seeks(), id(entry, place, "none", read.view(version)), Optional.empty()),
          BatchContent.NOTHING,
          version,
          there
              ? place.snapshotId().map(id -> found(version, Long.parseLong(id)).snapshot())
              : Optional.empty());
    }

    private SnapshotHistory.DatedSnapshot found(ProductRead.Version version, long snapshotId) {
      return version.line().byId(Long.toString(snapshotId), action());
    }
  }

  private final class Acknowledgement extends Change<Boolean> {
    private final IssuedBatch handed;

    Acknowledgement(IssuedBatch handed) {
      super(MeshAction.of(Verb.ACKNOWLEDGE, "a batch of " + product));
      this.handed = handed;
    }

    @Override
    public CommitDraft<Boolean> draft(Ledger.Attempt attempt) {
      VersionedDocument live = live().require(action());
      Optional<VersionedDocument> stored = session.ledger().read(key());
      PositionEntry entry = entry(stored);
      boolean moved = entry.seeks() != handed.seeks();
      if (!moved && entry.acked().equals(Optional.of(handed.id()))) {
        return CommitDraft.unchanged(true);
      }
      if (moved || !entry.place().equals(handed.from())) {
        throw new ConflictException(
            ErrorCode.CONFLICT,
            "Cannot "
                + action()
                + ": batch "
                + handed.id()
                + " begins after sequence "
                + handed.from().sequence()
                + ", and the subscription '"
                + name
                + "' "
                + (moved ? "was moved by seek() since; it stands after " : "stands after ")
                + entry.place().sequence()
                + " by now"
                + (moved
                    ? ""
                    : ": most likely the batch was acknowledged already, here or by another"
                        + " process, and what came after it too")
                + ". Nothing was changed. Poll again.");
      }
      entry
          .pending()
          .filter(batch -> !batch.id().equals(handed.id()))
          .ifPresent(
              batch -> {
                throw new ConflictException(
                    ErrorCode.CONFLICT,
                    "Cannot "
                        + action()
                        + ": batch "
                        + handed.id()
                        + " was taken back: the subscription '"
                        + name
                        + "' has handed out batch "
                        + batch.id()
                        + " from the same place since, to a reader that sees other rows or because"
                        + " the first could no longer be told. Nothing was changed. Poll again.");
              });
      return written(
          live,
          stored,
          entry.withAcked(handed.batch().orElseThrow(), attempt.now(), ActiveReaders.GRACE),
          true);
    }
  }
}
