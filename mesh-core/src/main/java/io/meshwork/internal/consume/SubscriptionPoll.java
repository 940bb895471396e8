package io.meshwork.internal.consume;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.PositionEntry;
import io.meshwork.internal.catalog.PositionEntry.PendingBatch;
import io.meshwork.internal.catalog.PositionEntry.Place;
import io.meshwork.internal.catalog.PositionEntry.View;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.SubscriptionEntry;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rollout.PlaceMapping;
import io.meshwork.internal.session.ActiveReaders;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.SnapshotHistory;
import io.meshwork.product.ProductName;
import io.meshwork.product.Snapshot;
import io.meshwork.registry.Registry.Key;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The position of one subscription, and the batches that are issued from it. A batch is stored
 * before it is issued, so that all processes get the same batch; there are no leases. Immutable and
 * thread-safe.
 *
 * @param domain the consuming domain
 * @param name the subscription's name
 * @param major the major version that it reads
 * @param atMost the maximum number of added rows in a batch
 * @param columns the columns that are read, as paths; empty if all are read
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
  private static final String RESTARTED =
      "a subscription of this name was ended before, and this one starts from the beginning";

  private static final String OTHER_ROWS =
      "the reader sees other rows than the previous reader, because its rights changed or it has"
          + " another role";

  /**
   * Issues the next batch.
   *
   * @param read checks access and selects columns and rows
   */
  <T> PolledBatch<T> poll(ProductRead<T> read) {
    MeshAction action = MeshAction.of(Verb.POLL, product);
    Result result = session.ledger().commit(new Issue(read, action), session.deadline());
    ProductRead<T> batchRead =
        result
            .issued()
            .batch()
            .map(PendingBatch::view)
            .map(View::where)
            .map(read::withFilter)
            .orElse(read);
    return new PolledBatch<>(
        this,
        result.issued(),
        result.content(),
        batchRead.rows(
            result.version(),
            result.end(),
            result.content().files(),
            result.content().scanFilter()));
  }

  /** Returns the subscription that the position belongs to. */
  LiveSubscription live() {
    return new LiveSubscription(session, domain, name, product, generation);
  }

  /** Returns the current position. */
  Place place(MeshAction action) {
    live().require(action);
    return entry(session.ledger().read(key())).place();
  }

  /** Returns the exception for acknowledging a batch that was closed before its last row. */
  InvalidRequestException closedEarly(IssuedBatch issued) {
    return Failure.of(acknowledging())
        .because("batch " + issued.id() + " was closed before its last row was read")
        .state("Nothing was acknowledged.")
        .fix(
            "Poll again, and read all rows of the batch; to skip them, acknowledge the batch"
                + " before you close it.")
        .invalidRequest(ErrorCode.CLOSED);
  }

  void acknowledge(IssuedBatch issued) {
    if (issued.batch().isPresent()) {
      session.checkOpen(acknowledging());
      session.ledger().commit(new Acknowledgement(issued), session.deadline());
    }
  }

  private MeshAction acknowledging() {
    return MeshAction.of(Verb.ACKNOWLEDGE, "a batch of " + product);
  }

  /**
   * Moves the position.
   *
   * @return the new position
   */
  Place seek(StartPosition target, ProductRead<?> read) {
    MeshAction action = MeshAction.of(Verb.SEEK, "in " + product);
    return session
        .ledger()
        .commit(
            new Change<Place>(action) {
              @Override
              public CommitDraft<Place> draft(Ledger.Attempt attempt) {
                VersionedDocument live = live().requireReading(major, action);
                Place place = target.resolve(read.selectedVersion(action), action);
                Optional<VersionedDocument> stored = session.ledger().read(key());
                PositionEntry moved =
                    entry(stored).withSeek(place, attempt.now(), ActiveReaders.GRACE);
                return update(live, stored, moved, place);
              }
            },
            session.deadline());
  }

  /**
   * Carries the position over from another major version, in the transaction that moves the
   * subscription to this one. Without a corresponding place it stays: then the next batch is a
   * reset.
   *
   * @param read a read of this major version
   * @return true if the next batch continues where the last one ended
   */
  boolean carryOver(CommitDraft<?> draft, ProductRead<?> read, Ledger.Attempt attempt) {
    Optional<VersionedDocument> stored = session.ledger().read(key());
    if (stored.isEmpty()) {
      draft.checkAbsent(key());
      return true;
    }
    PositionEntry entry = PositionEntry.of(stored.get());
    Optional<PositionEntry> moved =
        new MigratedPosition(session, product, major)
            .of(entry, read, MeshAction.of(Verb.SUBSCRIBE, product), attempt.now());
    moved.ifPresentOrElse(
        after -> draft.replace(stored.get(), after.toDocument(stored)),
        () -> draft.check(stored.get()));
    return moved.isPresent();
  }

  /** Returns the document of a new subscription's position. */
  ObjectNode firstPosition(Place place, Instant now) {
    return PositionEntry.first(product, name, place, now).toDocument(Optional.empty());
  }

  private String partition() {
    return session.catalog().consumerPartition(domain, product.domain());
  }

  Key key() {
    return RegistryKeys.position(partition(), product, name);
  }

  /** Returns the stored position; the beginning if none is stored. */
  private PositionEntry entry(Optional<VersionedDocument> stored) {
    return stored
        .map(PositionEntry::of)
        .orElseGet(() -> PositionEntry.first(product, name, Place.start(major), Instant.EPOCH));
  }

  private String id(PositionEntry entry, Place end, String kind, View view) {
    String viewId = IssuedBatch.viewId(columns, view, entry.turns());
    return IssuedBatch.id(domain, name, generation, product, viewId, entry.place(), end, kind);
  }

  /**
   * Returns why a first batch is a reset: consumers of an ended subscription with this name may
   * still have its rows.
   */
  private Optional<String> restartReason(PositionEntry entry) {
    Place place = entry.place();
    return generation > 0 && place.major() == major && place.snapshotId().isEmpty()
        ? Optional.of(RESTARTED)
        : Optional.empty();
  }

  /** Returns true if the previous reader saw other rows by its rights; unknown counts as equal. */
  private static boolean haveRightsChanged(
      PositionEntry entry, Optional<PendingBatch> batch, View current) {
    return batch
        .map(each -> each.view().rights())
        .or(entry::rights)
        .filter(rights -> !rights.equals(current.rights()))
        .isPresent();
  }

  /**
   * Drafts an update of the position.
   *
   * @param live the subscription's document; an ended subscription gets no position
   */
  private <R> CommitDraft<R> update(
      VersionedDocument live, Optional<VersionedDocument> before, PositionEntry after, R result) {
    CommitDraft<R> draft = CommitDraft.<R>unlogged().check(live);
    if (before.isPresent()) {
      draft.replace(before.get(), after.toDocument(before));
    } else {
      draft.insert(key(), after.toDocument(before));
    }
    return draft.result(result);
  }

  /** A change of the position's document only, without a log entry. */
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
   * The result of a poll.
   *
   * @param end the snapshot at which the batch ends; empty before the first
   */
  private record Result(
      IssuedBatch issued,
      BatchContent content,
      ProductRead.Version version,
      Optional<Snapshot> end) {}

  /** Issues the pending batch again, or the next one. */
  private final class Issue extends Change<Result> {
    private final ProductRead<?> read;

    Issue(ProductRead<?> read, MeshAction action) {
      super(action);
      this.read = read;
    }

    @Override
    public CommitDraft<Result> draft(Ledger.Attempt attempt) {
      VersionedDocument live = live().requireReading(major, action());
      // The position is read before the table, so the table contains the position's snapshots.
      Optional<VersionedDocument> stored = session.ledger().read(key());
      PositionEntry entry = entry(stored);
      ProductRead.Version version = read.selectedVersion(action());
      View view = read.view(version);
      MainSnapshots main = MainSnapshots.after(version.table(), major, entry.place());
      Optional<PendingBatch> pending =
          entry.pending().filter(batch -> batch.end().major() == major);
      boolean rightsChanged = haveRightsChanged(entry, pending, view);
      if (pending.isPresent() && !rightsChanged && seesFilter(version, pending.get())) {
        PendingBatch batch = pending.get();
        Optional<BatchContent> content = content(version, main, batch);
        if (content.isPresent()) {
          return CommitDraft.unchanged(result(version, entry, batch, content.get()));
        }
      }
      Optional<NextBatch> next =
          NextBatch.of(
              version.table(),
              explained(main, entry),
              read.visible(version),
              rightsChanged ? Optional.of(OTHER_ROWS) : restartReason(entry),
              atMost);
      if (next.isPresent()) {
        PositionEntry turned =
            rightsChanged ? entry.withTurn(attempt.now(), ActiveReaders.GRACE) : entry;
        PendingBatch batch = newBatch(version, turned, next.get(), view);
        BatchContent content = content(version, main, batch).orElseThrow();
        return update(
            live,
            stored,
            turned.withPending(Optional.of(batch), attempt.now()),
            result(version, turned, batch, content));
      }
      return skip(live, stored, entry, version, main, attempt.now());
    }

    /** The snapshots with the reason why a position in another major version cannot continue. */
    private MainSnapshots explained(MainSnapshots main, PositionEntry entry) {
      return entry.place().major() == major
          ? main
          : main.because(
              new PlaceMapping(session.ledger(), product)
                  .gap(entry.place(), major)
                  .orElse("a batch of that version was acknowledged after the move"));
    }

    /** Returns true if the reader sees the columns of the filter with which a batch was issued. */
    private static boolean seesFilter(ProductRead.Version version, PendingBatch batch) {
      return batch.view().where().map(version.permission()::allowsFilter).orElse(Boolean.TRUE);
    }

    /**
     * Returns the content of a batch; empty if it can no longer be determined. It depends on the
     * columns that the reader may see, not on the columns that it reads, because the batch may have
     * been issued to a reader of other columns.
     */
    private Optional<BatchContent> content(
        ProductRead.Version version, MainSnapshots main, PendingBatch batch) {
      BoundDataPermission permission = version.permission();
      return BatchContent.of(
          version.table(), main, batch, permission.visibility(permission.columns()));
    }

    /** Moves past snapshots without changes, so that they need not be retained. */
    private CommitDraft<Result> skip(
        VersionedDocument live,
        Optional<VersionedDocument> stored,
        PositionEntry entry,
        ProductRead.Version version,
        MainSnapshots main,
        Instant now) {
      Optional<org.apache.iceberg.Snapshot> newest = main.newest();
      if (newest.isEmpty() && entry.pending().isEmpty()) {
        return CommitDraft.unchanged(emptyResult(version, entry));
      }
      Place place =
          newest.isEmpty()
              ? entry.place()
              : StartPosition.place(version, version.history().newest());
      PositionEntry moved = entry.withPlace(place, now, ActiveReaders.GRACE);
      return update(live, stored, moved, emptyResult(version, moved));
    }

    private PendingBatch newBatch(
        ProductRead.Version version, PositionEntry entry, NextBatch next, View view) {
      Place end =
          StartPosition.place(version, Optional.of(snapshot(version, next.end().snapshotId())));
      String kind = next.kind().name();
      return new PendingBatch(id(entry, end, kind, view), kind, end, next.reason(), view);
    }

    private Result result(
        ProductRead.Version version,
        PositionEntry entry,
        PendingBatch batch,
        BatchContent content) {
      return new Result(
          new IssuedBatch(entry.place(), entry.seeks(), batch.id(), Optional.of(batch)),
          content,
          version,
          batch.end().snapshotId().map(id -> snapshot(version, Long.parseLong(id)).snapshot()));
    }

    private Result emptyResult(ProductRead.Version version, PositionEntry entry) {
      Place place = entry.place();
      boolean isRetained =
          place.major() == major
              && place.snapshotId().map(Long::parseLong).map(version.table()::snapshot).isPresent();
      return new Result(
          new IssuedBatch(
              place, entry.seeks(), id(entry, place, "none", read.view(version)), Optional.empty()),
          BatchContent.EMPTY,
          version,
          isRetained
              ? place.snapshotId().map(id -> snapshot(version, Long.parseLong(id)).snapshot())
              : Optional.empty());
    }

    private SnapshotHistory.DatedSnapshot snapshot(ProductRead.Version version, long snapshotId) {
      return version.history().byId(Long.toString(snapshotId), action());
    }
  }

  /** Moves the position to the end of a batch. */
  private final class Acknowledgement extends Change<Boolean> {
    private final IssuedBatch issued;

    Acknowledgement(IssuedBatch issued) {
      super(acknowledging());
      this.issued = issued;
    }

    @Override
    public CommitDraft<Boolean> draft(Ledger.Attempt attempt) {
      VersionedDocument live = live().require(action());
      Optional<VersionedDocument> stored = session.ledger().read(key());
      PositionEntry entry = entry(stored);
      boolean moved = entry.seeks() != issued.seeks();
      if (!moved && entry.acked().equals(Optional.of(issued.id()))) {
        return CommitDraft.unchanged(true);
      }
      Optional<PendingBatch> same =
          entry.pending().filter(batch -> !moved && batch.id().equals(issued.id()));
      if (same.isPresent()) { // also if it moved to another major version with the subscription
        return update(
            live, stored, entry.withAcked(same.get(), attempt.now(), ActiveReaders.GRACE), true);
      }
      requireSameMajor(live, entry);
      if (moved || !entry.place().equals(issued.from())) {
        throw outdated(entry, moved);
      }
      entry
          .pending()
          .filter(batch -> !batch.id().equals(issued.id()))
          .ifPresent(
              batch -> {
                throw replaced(batch);
              });
      return update(
          live,
          stored,
          entry.withAcked(issued.batch().orElseThrow(), attempt.now(), ActiveReaders.GRACE),
          true);
    }

    /** A batch of another major version has no end in this one. */
    private void requireSameMajor(VersionedDocument live, PositionEntry entry) {
      int from = issued.from().major();
      if (entry.place().major() != from && entry.place().major() != major) {
        int now = SubscriptionEntry.major(live);
        throw live().moved(major, now, action());
      }
    }

    private ConflictException outdated(PositionEntry entry, boolean moved) {
      return Failure.of(action())
          .because(
              "batch "
                  + issued.id()
                  + " starts after sequence "
                  + issued.from().sequence()
                  + ", but subscription '"
                  + name
                  + "' is now at sequence "
                  + entry.place().sequence()
                  + (moved
                      ? ", because its position was moved"
                      : ". Probably this batch and the following one were acknowledged already,"
                          + " here or by another process"))
          .fix("Poll again.")
          .conflict(ErrorCode.CONFLICT);
    }

    private ConflictException replaced(PendingBatch batch) {
      return Failure.of(action())
          .because(
              "batch "
                  + issued.id()
                  + " was replaced: subscription '"
                  + name
                  + "' has since issued batch "
                  + batch.id()
                  + " from the same position, to a reader that sees other rows or because the"
                  + " content of the first batch can no longer be determined")
          .fix("Poll again.")
          .conflict(ErrorCode.CONFLICT);
    }
  }
}
