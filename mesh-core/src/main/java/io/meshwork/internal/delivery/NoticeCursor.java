package io.meshwork.internal.delivery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.PackedPart;
import io.meshwork.internal.ledger.UnloggedDocuments;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.registry.Registry.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The position of a notifier in one log. Immutable.
 *
 * @param sequence the last event whose notices were all delivered or parked
 * @param at when that event was recorded; empty if it is not known
 * @param handedOver the IDs of delivered notices of the next event
 * @param failing the notice of the next event that failed last, if any
 * @param parked the newest parked notices, oldest first
 * @param older the parked notices before them, which are too many to be named; empty without any
 */
record NoticeCursor(
    long sequence,
    Optional<Instant> at,
    List<String> handedOver,
    Optional<FailingNotice> failing,
    List<ParkedNotice> parked,
    Optional<OlderParked> older) {
  /** The number of attempts before a notice is parked. */
  static final int TRIES = 8;

  /** Grows with the recipients of an event, such as the consumers of a rollout. */
  private static final String HANDED_OVER = "handedOver";

  private static final Duration FIRST_WAIT = Duration.ofMinutes(1);
  private static final Duration MAX_WAIT = Duration.ofHours(1);

  /** The most parked notices that are named, so that the document stays small. */
  static final int MAX_PARKED = 200;

  NoticeCursor {
    handedOver = List.copyOf(handedOver);
    parked = List.copyOf(parked);
  }

  /**
   * A notice whose delivery failed, or an event whose notices cannot be created.
   *
   * @param notice the ID of the notice; of the event if its notices cannot be created
   * @param failure the error code, or the class of an exception that is not of this API; its
   *     message could contain field values
   */
  record FailingNotice(String notice, int tries, Instant retryAt, String failure) {}

  /**
   * A notice that is not retried, or an event whose notices cannot be created.
   *
   * @param notice the ID of the notice; of the event if its notices cannot be created
   */
  record ParkedNotice(String notice, Instant at, String failure) {}

  /**
   * Parked notices of which only the events are known: a replay creates all notices of these events
   * again, also the delivered ones.
   *
   * @param count how many notices are parked
   * @param first the number of the event of the first one
   * @param last the number of the event of the last one
   * @param at when the first one was parked
   * @param failure the error code, or the class of the exception, of the last one
   */
  record OlderParked(long count, long first, long last, Instant at, String failure) {
    private static Optional<OlderParked> of(ParkedNotice notice) {
      return NoticeId.parse(notice.notice())
          .map(id -> new OlderParked(1, id.event(), id.event(), notice.at(), notice.failure()));
    }

    private OlderParked plus(OlderParked later) {
      return new OlderParked(
          count + later.count,
          Math.min(first, later.first),
          Math.max(last, later.last),
          at,
          later.failure);
    }
  }

  /**
   * The key of a notifier's cursor for a log.
   *
   * @param stored the partition that has the cursor
   */
  static Key key(String stored, String notifier, String partition) {
    return new Key(stored, UnloggedDocuments.CURSORS + notifier + "/" + partition);
  }

  /** Returns the storage name of the notifier of a cursor, or of its first use. */
  static String notifier(Key document) {
    String name = document.sort().substring(UnloggedDocuments.CURSORS.length());
    int slash = name.indexOf('/');
    return slash < 0 ? name : name.substring(0, slash);
  }

  /** Returns true for the key of a cursor, false for the key of a first use. */
  static boolean isCursor(Key document) {
    return document.sort().indexOf('/', UnloggedDocuments.CURSORS.length()) >= 0;
  }

  /** Returns the partition of the log of a cursor. */
  static String log(Key cursor) {
    String sort = cursor.sort();
    return sort.substring(sort.indexOf('/', UnloggedDocuments.CURSORS.length()) + 1);
  }

  static NoticeCursor startingAfter(long sequence) {
    return new NoticeCursor(
        sequence, Optional.empty(), List.of(), Optional.empty(), List.of(), Optional.empty());
  }

  static NoticeCursor of(VersionedDocument stored) {
    return DocumentCodec.of(NoticeCursor.class).read(PackedPart.unpack(stored.json(), HANDED_OVER));
  }

  ObjectNode toDocument() {
    ObjectNode json = DocumentCodec.of(NoticeCursor.class).write(this, Optional.empty());
    PackedPart.pack(json, HANDED_OVER);
    return json;
  }

  /** Ignores a retry time beyond the longest wait: the clock of its host was ahead. */
  boolean waitsAt(Instant now) {
    return failing
        .map(FailingNotice::retryAt)
        .filter(retryAt -> retryAt.isAfter(now) && !retryAt.isAfter(now.plus(MAX_WAIT)))
        .isPresent();
  }

  /**
   * Returns the cursor after the next event.
   *
   * @param recorded when that event was recorded; empty if it is not known
   */
  NoticeCursor afterNextEvent(Optional<Instant> recorded) {
    return new NoticeCursor(
        sequence + 1, recorded.or(() -> at), List.of(), Optional.empty(), parked, older);
  }

  NoticeCursor delivered(String notice) {
    List<String> ids = new ArrayList<>(handedOver);
    ids.add(notice);
    return new NoticeCursor(sequence, at, ids, Optional.empty(), parked, older);
  }

  /** Returns the cursor after a failure, which is retried or parked. */
  NoticeCursor failed(String notice, String failure, Instant now) {
    int tries =
        failing.filter(each -> each.notice().equals(notice)).map(FailingNotice::tries).orElse(0)
            + 1;
    if (tries < TRIES) {
      Duration doubled = FIRST_WAIT.multipliedBy(1L << (tries - 1));
      Instant retryAt = now.plus(doubled.compareTo(MAX_WAIT) < 0 ? doubled : MAX_WAIT);
      return new NoticeCursor(
          sequence,
          at,
          handedOver,
          Optional.of(new FailingNotice(notice, tries, retryAt, failure)),
          parked,
          older);
    }
    return parked(notice, failure, now);
  }

  /** Returns the cursor with a notice that is not retried. */
  NoticeCursor parked(String notice, String failure, Instant now) {
    List<ParkedNotice> more = new ArrayList<>(parked);
    more.add(new ParkedNotice(notice, now, failure));
    int unnamed = Math.max(0, more.size() - MAX_PARKED);
    return new NoticeCursor(
        sequence,
        at,
        delivered(notice).handedOver(),
        Optional.empty(),
        more.subList(unnamed, more.size()),
        Stream.concat(
                older.stream(),
                more.subList(0, unnamed).stream().flatMap(each -> OlderParked.of(each).stream()))
            .reduce(OlderParked::plus));
  }

  /** Returns how many notices are parked. */
  long parkedCount() {
    return parked.size() + older.map(OlderParked::count).orElse(0L);
  }

  /** Returns the error code, or the class of the exception, of the notice that was parked last. */
  Optional<String> lastFailure() {
    return parked.isEmpty()
        ? older.map(OlderParked::failure)
        : Optional.of(parked.get(parked.size() - 1).failure());
  }

  NoticeCursor withOlder(Optional<OlderParked> others) {
    return new NoticeCursor(sequence, at, handedOver, failing, parked, others);
  }

  NoticeCursor withoutParked(String parkedNotice) {
    return new NoticeCursor(
        sequence,
        at,
        handedOver,
        failing,
        parked.stream().filter(each -> !each.notice().equals(parkedNotice)).toList(),
        older);
  }
}
