package io.meshwork.internal.delivery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.UnloggedDocuments;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.registry.Registry.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The position of a notifier in one log. Immutable.
 *
 * @param sequence the last event whose notices were all delivered or parked
 * @param handedOver the IDs of delivered notices of the next event
 * @param failing the notice of the next event that failed last, if any
 * @param parked the parked notices, oldest first
 */
record NoticeCursor(
    long sequence,
    List<String> handedOver,
    Optional<FailingNotice> failing,
    List<ParkedNotice> parked) {
  /** The number of attempts before a notice is parked. */
  static final int TRIES = 8;

  private static final Duration FIRST_WAIT = Duration.ofMinutes(1);
  private static final Duration MAX_WAIT = Duration.ofHours(1);

  /** The most parked notices that are kept; the log contains the events of older ones. */
  private static final int MAX_PARKED = 200;

  NoticeCursor {
    handedOver = List.copyOf(handedOver);
    parked = List.copyOf(parked);
  }

  /**
   * A notice whose delivery failed.
   *
   * @param failure the class of the exception; its message could contain field values
   */
  record FailingNotice(String notice, int tries, Instant retryAt, String failure) {}

  /** A notice that is no longer retried. */
  record ParkedNotice(String notice, Instant at, String failure) {}

  /**
   * The key of a notifier's cursor for a log.
   *
   * @param stored the partition that has the cursor
   */
  static Key key(String stored, String notifier, String partition) {
    return new Key(stored, UnloggedDocuments.CURSORS + notifier + "/" + partition);
  }

  /** Returns the partition of the log of a cursor. */
  static String log(Key cursor) {
    String sort = cursor.sort();
    return sort.substring(sort.indexOf('/', UnloggedDocuments.CURSORS.length()) + 1);
  }

  static NoticeCursor startingAfter(long sequence) {
    return new NoticeCursor(sequence, List.of(), Optional.empty(), List.of());
  }

  static NoticeCursor of(VersionedDocument stored) {
    return DocumentCodec.of(NoticeCursor.class).read(stored);
  }

  ObjectNode toDocument() {
    return DocumentCodec.of(NoticeCursor.class).write(this, Optional.empty());
  }

  /** Ignores a retry time beyond the longest wait: the clock of its host was ahead. */
  boolean waitsAt(Instant now) {
    return failing
        .map(FailingNotice::retryAt)
        .filter(retryAt -> retryAt.isAfter(now) && !retryAt.isAfter(now.plus(MAX_WAIT)))
        .isPresent();
  }

  /** Returns the cursor after the next event. */
  NoticeCursor afterNextEvent() {
    return new NoticeCursor(sequence + 1, List.of(), Optional.empty(), parked);
  }

  NoticeCursor delivered(String notice) {
    List<String> ids = new ArrayList<>(handedOver);
    ids.add(notice);
    return new NoticeCursor(sequence, ids, Optional.empty(), parked);
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
          handedOver,
          Optional.of(new FailingNotice(notice, tries, retryAt, failure)),
          parked);
    }
    return parked(notice, failure, now);
  }

  /** Returns the cursor with a notice that is not retried. */
  NoticeCursor parked(String notice, String failure, Instant now) {
    List<ParkedNotice> more = new ArrayList<>(parked);
    more.add(new ParkedNotice(notice, now, failure));
    return new NoticeCursor(
        sequence,
        delivered(notice).handedOver(),
        Optional.empty(),
        more.subList(Math.max(0, more.size() - MAX_PARKED), more.size()));
  }

  NoticeCursor withoutParked(String parkedNotice) {
    return new NoticeCursor(
        sequence,
        handedOver,
        failing,
        parked.stream().filter(each -> !each.notice().equals(parkedNotice)).toList());
  }
}
