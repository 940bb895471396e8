package io.meshwork.internal.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.product.ProductName;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/**
 * The stored position of a subscription, with recent former positions whose batches other processes
 * may still read. Immutable.
 *
 * @param product the consumed product
 * @param name the subscription's name
 * @param place everything up to here is acknowledged
 * @param at when the document was written
 * @param seeks how often {@code seek} moved the position
 * @param acked ID of the batch that was acknowledged last; empty if none was since the last seek
 * @param pending the delivered batch that is not acknowledged
 * @param former former positions whose batches may still be read, newest last
 * @param rights identifies the rows that the reader of the last acknowledgement could read; empty
 *     if there was none
 * @param turns how often a batch was delivered again because the reader's rights changed
 */
public record PositionEntry(
    ProductName product,
    String name,
    @JsonUnwrapped Place place,
    Instant at,
    long seeks,
    Optional<String> acked,
    Optional<PendingBatch> pending,
    List<FormerPosition> former,
    Optional<String> rights,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) long turns) {
  /**
   * A place in the snapshots of a major version.
   *
   * @param major the major version
   * @param snapshotId the snapshot; empty before the first
   * @param sequence its sequence number; 0 before the first
   * @param committedAt when it was committed; empty before the first
   */
  public record Place(
      int major, Optional<String> snapshotId, long sequence, Optional<Instant> committedAt) {
    /** Before the first snapshot of a major. */
    public static Place start(int major) {
      return new Place(major, Optional.empty(), 0, Optional.empty());
    }
  }

  /**
   * A delivered batch that is not acknowledged.
   *
   * @param id the batch's ID
   * @param kind its kind
   * @param end it contains everything up to here
   * @param reason why the whole table is delivered again; empty for other kinds
   * @param view the rows of the table that it contains
   */
  public record PendingBatch(
      String id,
      String kind,
      @JsonUnwrapped Place end,
      Optional<String> reason,
      @JsonUnwrapped View view) {}

  /**
   * The rows of a table that are delivered.
   *
   * @param rights identifies the rows that the reader may read
   * @param where the subscription's filter in its canonical form; empty if it has none
   */
  public record View(String rights, Optional<String> where) {}

  /**
   * A former position with a delivered batch that may still be read.
   *
   * @param major the major version
   * @param sequence readers of the batch require snapshots with a higher sequence number
   * @param until when its readers must have finished
   */
  public record FormerPosition(int major, long sequence, Instant until) {}

  public PositionEntry {
    former = List.copyOf(former);
  }

  /** The first position of a subscription, without a delivered batch. */
  public static PositionEntry first(ProductName product, String name, Place place, Instant at) {
    return new PositionEntry(
        product,
        name,
        place,
        at,
        0,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        0);
  }

  public static PositionEntry of(VersionedDocument stored) {
    return DocumentCodec.of(PositionEntry.class).read(stored);
  }

  /** The same place with this delivered batch; without one if it is empty. */
  public PositionEntry withPending(Optional<PendingBatch> batch, Instant now) {
    return new PositionEntry(product, name, place, now, seeks, acked, batch, former, rights, turns);
  }

  /**
   * The same place without a delivered batch, because the reader may now read other rows. Readers
   * of a delivered batch may finish within the grace period.
   */
  public PositionEntry withTurn(Instant now, Duration grace) {
    return new PositionEntry(
        product,
        name,
        place,
        now,
        seeks,
        acked,
        Optional.empty(),
        formerWith(now, grace),
        rights,
        turns + 1);
  }

  /** The end of a batch, which is acknowledged now, without a delivered batch. */
  public PositionEntry withAcked(PendingBatch batch, Instant now, Duration grace) {
    return withPlace(batch.end(), now, grace)
        .with(seeks, Optional.of(batch.id()), Optional.of(batch.view().rights()));
  }

  /** Another place, after a seek. */
  public PositionEntry withSeek(Place to, Instant now, Duration grace) {
    return withPlace(to, now, grace).with(seeks + 1, Optional.empty(), rights);
  }

  /**
   * Another place without a delivered batch. Readers of a delivered batch may finish within the
   * grace period.
   */
  public PositionEntry withPlace(Place to, Instant now, Duration grace) {
    return new PositionEntry(
        product,
        name,
        to,
        now,
        seeks,
        acked,
        Optional.empty(),
        formerWith(now, grace),
        rights,
        turns);
  }

  /**
   * The corresponding place in another major version.
   *
   * @param batch the delivered batch there; empty if it is not delivered again under its ID
   * @param newRights identifies the rows there that the last reader could read
   */
  public PositionEntry withMove(
      Place to,
      Optional<PendingBatch> batch,
      Optional<String> newRights,
      Instant now,
      Duration grace) {
    return new PositionEntry(
        product, name, to, now, seeks, acked, batch, formerWith(now, grace), newRights, turns);
  }

  private PositionEntry with(long newSeeks, Optional<String> newAcked, Optional<String> newRights) {
    return new PositionEntry(
        product, name, place, at, newSeeks, newAcked, pending, former, newRights, turns);
  }

  /**
   * The lowest sequence above which the next batch, the delivered batch, or former batches require
   * snapshots of a major; empty if none do.
   */
  public OptionalLong requiredAfter(int major, Instant now) {
    LongStream earlier =
        former.stream()
            .filter(position -> position.major() == major && position.until().isAfter(now))
            .mapToLong(FormerPosition::sequence);
    return LongStream.concat(unreadAfter(major).stream(), earlier).min();
  }

  /**
   * The lowest sequence above which the next batch, or the unacknowledged one, requires snapshots
   * of a major; empty if neither does. Without batches that were acknowledged, which another
   * process may still read.
   */
  public OptionalLong unreadAfter(int major) {
    LongStream next = LongStream.of(place.sequence()).filter(any -> place.major() == major);
    LongStream delivered =
        pending.stream()
            .map(PendingBatch::end)
            .filter(end -> end.major() == major)
            .mapToLong(this::requiredFor);
    return LongStream.concat(next, delivered).min();
  }

  /** The sequence above which a batch from this place to an end requires snapshots. */
  private long requiredFor(Place end) {
    // After a rollback the batch may end before the place where it begins.
    long behind = Math.min(place.sequence(), end.sequence() - 1);
    return Math.max(0, place.major() == end.major() ? behind : end.sequence() - 1);
  }

  /**
   * The former positions that have not ended, with this one if a batch is delivered. Ends are
   * rounded up to the hour, with the lowest sequence for each, so that their number stays small
   * even with a poll every second.
   */
  private List<FormerPosition> formerWith(Instant now, Duration grace) {
    List<FormerPosition> all = new ArrayList<>();
    for (FormerPosition position : former) {
      if (position.until().isAfter(now)) {
        all.add(position);
      }
    }
    if (pending.isPresent()) {
      Place end = pending.get().end();
      Instant until = now.plus(grace).truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
      FormerPosition added = new FormerPosition(end.major(), requiredFor(end), until);
      all.removeIf(position -> covers(added, position));
      if (all.stream().noneMatch(position -> covers(position, added))) {
        all.add(added);
      }
    }
    return all;
  }

  /** True if the snapshots that one requires include the other's, for as long. */
  private static boolean covers(FormerPosition one, FormerPosition other) {
    return one.major() == other.major()
        && !one.until().isBefore(other.until())
        && one.sequence() <= other.sequence();
  }

  /** Its document; unknown fields of the existing one are retained. */
  public ObjectNode toDocument(Optional<VersionedDocument> existing) {
    return DocumentCodec.of(PositionEntry.class).write(this, existing);
  }
}
