package io.meshwork.internal.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.UnloggedDocuments;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.registry.Registry.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where a notifier stands in one log, as its document says. Immutable.
 *
 * @param sequence all events up to here are done with
 * @param handedOver ids of those notices of the next event that were delivered
 * @param failing the notice of the next event that could not be delivered, if there is one
 * @param parked notices that were given up, oldest first
 */
record NoticeCursor(
    long sequence, List<String> handedOver, Optional<Failing> failing, List<Parked> parked) {
  /** How often a notice is tried before it is parked. */
  static final int TRIES = 8;

  private static final Duration FIRST_WAIT = Duration.ofMinutes(1);
  private static final Duration LONGEST_WAIT = Duration.ofHours(1);

  /** How many parked notices are kept by name; what is forgotten stays in the log of events. */
  private static final int MOST_PARKED = 200;

  /** Copies the lists. */
  NoticeCursor {
    handedOver = List.copyOf(handedOver);
    parked = List.copyOf(parked);
  }

  /**
   * A notice that a notifier threw for.
   *
   * @param failure the class of what it threw; its message may hold anything
   */
  record Failing(String notice, int tries, Instant retryAt, String failure) {}

  /** A notice that was given up. */
  record Parked(String notice, Instant at, String failure) {}

  /**
   * Where the cursor of a notifier in a log lives.
   *
   * @param governance of the catalog in which the log lies
   */
  static Key key(String governance, String notifier, String partition) {
    return new Key(governance, UnloggedDocuments.CURSORS + notifier + "/" + partition);
  }

  static NoticeCursor startingAfter(long sequence) {
    return new NoticeCursor(sequence, List.of(), Optional.empty(), List.of());
  }

  static NoticeCursor of(VersionedDocument stored) {
    JsonNode json = stored.json();
    List<String> handedOver = new ArrayList<>();
    json.path("handedOver").forEach(id -> handedOver.add(id.asText()));
    List<Parked> parked = new ArrayList<>();
    for (JsonNode each : json.path("parked")) {
      parked.add(
          new Parked(
              each.path("notice").asText(),
              Instant.parse(each.path("at").asText()),
              each.path("failure").asText()));
    }
    return new NoticeCursor(
        json.path("sequence").asLong(),
        handedOver,
        Optional.of(json.path("failing"))
            .filter(JsonNode::isObject)
            .map(
                failing ->
                    new Failing(
                        failing.path("notice").asText(),
                        failing.path("tries").asInt(),
                        Instant.parse(failing.path("retryAt").asText()),
                        failing.path("failure").asText())),
        parked);
  }

  ObjectNode toDocument() {
    ObjectNode json = DocumentJson.create().put("sequence", sequence);
    ArrayNode ids = json.putArray("handedOver");
    handedOver.forEach(ids::add);
    failing.ifPresent(
        each ->
            json.putObject("failing")
                .put("notice", each.notice())
                .put("tries", each.tries())
                .put("retryAt", each.retryAt().toString())
                .put("failure", each.failure()));
    ArrayNode given = json.putArray("parked");
    for (Parked each : parked) {
      given
          .addObject()
          .put("notice", each.notice())
          .put("at", each.at().toString())
          .put("failure", each.failure());
    }
    return json;
  }

  /** A later time than the longest wait was written by a host whose clock is ahead. */
  boolean waitsAt(Instant now) {
    return failing
        .map(Failing::retryAt)
        .filter(retryAt -> retryAt.isAfter(now) && !retryAt.isAfter(now.plus(LONGEST_WAIT)))
        .isPresent();
  }

  /** The next event is done with. */
  NoticeCursor passed() {
    return new NoticeCursor(sequence + 1, List.of(), Optional.empty(), parked);
  }

  NoticeCursor delivered(String notice) {
    List<String> ids = new ArrayList<>(handedOver);
    ids.add(notice);
    return new NoticeCursor(sequence, ids, Optional.empty(), parked);
  }

  /** One more failure, which is the last one or not. */
  NoticeCursor failed(String notice, String failure, Instant now) {
    int tries =
        failing.filter(each -> each.notice().equals(notice)).map(Failing::tries).orElse(0) + 1;
    if (tries < TRIES) {
      Duration doubled = FIRST_WAIT.multipliedBy(1L << (tries - 1));
      Instant retryAt = now.plus(doubled.compareTo(LONGEST_WAIT) < 0 ? doubled : LONGEST_WAIT);
      return new NoticeCursor(
          sequence, handedOver, Optional.of(new Failing(notice, tries, retryAt, failure)), parked);
    }
    List<Parked> more = new ArrayList<>(parked);
    more.add(new Parked(notice, now, failure));
    return new NoticeCursor(
        sequence,
        delivered(notice).handedOver(),
        Optional.empty(),
        more.subList(Math.max(0, more.size() - MOST_PARKED), more.size()));
  }

  NoticeCursor without(String parkedNotice) {
    return new NoticeCursor(
        sequence,
        handedOver,
        failing,
        parked.stream().filter(each -> !each.notice().equals(parkedNotice)).toList());
  }
}
