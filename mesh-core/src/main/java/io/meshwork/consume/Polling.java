package io.meshwork.consume;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.catalog.PositionEntry;
import io.meshwork.internal.catalog.PositionEntry.Pending;
import io.meshwork.internal.catalog.PositionEntry.Place;
import io.meshwork.internal.ledger.Draft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.internal.session.MainLine;
import io.meshwork.internal.session.Readers;
import io.meshwork.internal.session.Session;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.time.Instant;
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
 * @param view what is read of each snapshot, as {@link Handed#view} names it
 */
record Polling(
    Session session,
    String domain,
    String name,
    ProductName product,
    int major,
    long atMost,
    String view) {

  /**
   * The batch that is to be handed out now.
   *
   * @param read says access, columns and filter
   */
  <T> Batch<T> poll(Read<T> read) {
    String doing = "poll " + product;
    Next<T> next = session.ledger().commit(new Handing<>(read, doing), session.deadline());
    return new Batch<>(
        this,
        next.handed(),
        next.content(),
        read.rows(next.version(), next.end(), next.content().files(), next.content().choice()));
  }

  /** Where the subscription stands. */
  Place place() {
    return entry(session.ledger().read(key())).place();
  }

  /** What is thrown for an acknowledgement of rows that can no longer be read. */
  InvalidRequestException unread(Handed handed) {
    return new InvalidRequestException(
        ErrorCode.CLOSED,
        "Cannot acknowledge a batch of "
            + product
            + ": batch "
            + handed.id()
            + " was closed before its last row was read. Nothing was acknowledged. Poll again, and"
            + " read its rows to the end; to skip them, acknowledge it while it is open.");
  }

  void acknowledge(Handed handed) {
    if (handed.batch().isPresent()) {
      session.checkOpen("acknowledge a batch of " + product);
      session.ledger().commit(new Acknowledgement(handed), session.deadline());
    }
  }

  /**
   * Moves the position to another place.
   *
   * @return where it stands now
   */
  Place seek(StartAt where, Read<?> read) {
    String doing = "seek in " + product;
    return session
        .ledger()
        .commit(
            new Change<Place>(doing) {
              @Override
              public Draft<Place> draft(Ledger.Attempt attempt) {
                Place place = where.on(read.version(doing), doing);
                Optional<Stored> stored = session.ledger().read(key());
                PositionEntry moved = entry(stored).withSeek(place, attempt.now(), Readers.GRACE);
                return written(stored, moved, place);
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
    return Keys.position(partition(), product, name);
  }

  /** What is there of the position; a subscription that has none stands at the beginning. */
  private PositionEntry entry(Optional<Stored> stored) {
    return stored
        .map(PositionEntry::of)
        .orElseGet(() -> PositionEntry.first(product, name, Place.start(major), Instant.EPOCH));
  }

  private String id(Place from, Place end, String kind) {
    return Handed.id(domain, name, product, view, from, end, kind);
  }

  /**
   * The same batch under the id that it has for who reads these columns and rows: it may have been
   * handed out by a process that reads others.
   */
  private Pending viewed(PositionEntry entry, Pending batch) {
    return new Pending(
        id(entry.place(), batch.end(), batch.kind()), batch.kind(), batch.end(), batch.reason());
  }

  private <R> Draft<R> written(Optional<Stored> before, PositionEntry after, R result) {
    Draft<R> draft = Draft.unlogged();
    if (before.isPresent()) {
      draft.replace(before.get(), after.toDocument(before));
    } else {
      draft.insert(key(), after.toDocument(before));
    }
    return draft.result(result);
  }

  /** A change of the position's document alone, which no log tells of. */
  private abstract class Change<R> implements Ledger.Change<R> {
    private final String doing;

    Change(String doing) {
      this.doing = doing;
    }

    @Override
    public String doing() {
      return doing;
    }

    @Override
    public String partition() {
      return Polling.this.partition();
    }
  }

  /**
   * A batch and what it is read with.
   *
   * @param end the snapshot at which it ends; empty before the first
   */
  private record Next<T>(
      Handed handed,
      BatchContent content,
      Read.Version version,
      Optional<io.meshwork.product.Snapshot> end) {}

  private final class Handing<T> extends Change<Next<T>> {
    private final Read<T> read;

    Handing(Read<T> read, String doing) {
      super(doing);
      this.read = read;
    }

    @Override
    public Draft<Next<T>> draft(Ledger.Attempt attempt) {
      // The position is read first: what it names is then on the line that is loaded after.
      Optional<Stored> stored = session.ledger().read(key());
      PositionEntry entry = entry(stored);
      Read.Version version = read.version(doing());
      Visible visible = read.visible(version);
      MainWalk walk = MainWalk.after(version.table(), major, entry.place());
      Optional<Pending> before = entry.pending().filter(batch -> batch.end().major() == major);
      if (before.isPresent()) {
        Pending batch = viewed(entry, before.get());
        Optional<BatchContent> content = BatchContent.of(version.table(), walk, batch, visible);
        if (content.isPresent()) {
          Next<T> next = next(version, entry, batch, content.get());
          return batch.equals(before.get())
              ? Draft.settled(next)
              : written(stored, entry.withPending(Optional.of(batch), attempt.now()), next);
        }
      }
      Optional<News> news = News.of(version.table(), walk, visible, atMost);
      if (news.isPresent()) {
        Pending batch = pending(version, entry.place(), news.get());
        BatchContent content = BatchContent.of(version.table(), walk, batch, visible).orElseThrow();
        return written(
            stored,
            entry.withPending(Optional.of(batch), attempt.now()),
            next(version, entry, batch, content));
      }
      return nothing(stored, entry, version, walk, attempt.now());
    }

    /** Moves over what is no news, so that it need not be kept for this subscription. */
    private Draft<Next<T>> nothing(
        Optional<Stored> stored,
        PositionEntry entry,
        Read.Version version,
        MainWalk walk,
        Instant now) {
      Optional<Snapshot> newest = walk.newest();
      if (newest.isEmpty() && entry.pending().isEmpty()) {
        return Draft.settled(none(version, entry));
      }
      Place place =
          newest.isEmpty() ? entry.place() : StartAt.place(version, version.line().newest());
      PositionEntry moved = entry.withPlace(place, now, Readers.GRACE);
      return written(stored, moved, none(version, moved));
    }

    private Pending pending(Read.Version version, Place from, News news) {
      Place end = StartAt.place(version, Optional.of(found(version, news.end().snapshotId())));
      String kind = news.kind().name();
      return new Pending(id(from, end, kind), kind, end, news.reason());
    }

    private Next<T> next(
        Read.Version version, PositionEntry entry, Pending batch, BatchContent content) {
      return new Next<>(
          new Handed(entry.place(), entry.seeks(), batch.id(), Optional.of(batch)),
          content,
          version,
          batch.end().snapshotId().map(id -> found(version, Long.parseLong(id)).snapshot()));
    }

    private Next<T> none(Read.Version version, PositionEntry entry) {
      Place place = entry.place();
      boolean there =
          place.major() == major
              && place.snapshotId().map(Long::parseLong).map(version.table()::snapshot).isPresent();
      return new Next<>(
          new Handed(place, entry.seeks(), id(place, place, "none"), Optional.empty()),
          BatchContent.NOTHING,
          version,
          there
              ? place.snapshotId().map(id -> found(version, Long.parseLong(id)).snapshot())
              : Optional.empty());
    }

    private MainLine.Found found(Read.Version version, long snapshotId) {
      return version.line().byId(Long.toString(snapshotId), doing());
    }
  }

  private final class Acknowledgement extends Change<Boolean> {
    private final Handed handed;

    Acknowledgement(Handed handed) {
      super("acknowledge a batch of " + product);
      this.handed = handed;
    }

    @Override
    public Draft<Boolean> draft(Ledger.Attempt attempt) {
      Optional<Stored> stored = session.ledger().read(key());
      PositionEntry entry = entry(stored);
      boolean moved = entry.seeks() != handed.seeks();
      if (!moved && entry.acked().equals(Optional.of(handed.id()))) {
        return Draft.settled(true);
      }
      if (moved || !entry.place().equals(handed.from())) {
        throw new ConflictException(
            ErrorCode.CONFLICT,
            "Cannot "
                + doing()
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
                    : ": most likely the batch was acknowledged already, here or by another process,"
                        + " and what came after it too")
                + ". Nothing was changed. Poll again.");
      }
      entry
          .pending()
          .filter(batch -> !batch.equals(viewed(entry, batch)))
          .ifPresent(
              batch -> {
                throw new ConflictException(
                    ErrorCode.CONFLICT,
                    "Cannot "
                        + doing()
                        + ": batch "
                        + handed.id()
                        + " was read with another filter or columns than batch "
                        + batch.id()
                        + ", which the subscription '"
                        + name
                        + "' has handed out since. Nothing was changed. Subscribe again, so that"
                        + " this process reads what the subscription says now, and poll again.");
              });
      return written(
          stored,
          entry.withAcked(
              handed.id(), handed.batch().orElseThrow().end(), attempt.now(), Readers.GRACE),
          true);
    }
  }
}
