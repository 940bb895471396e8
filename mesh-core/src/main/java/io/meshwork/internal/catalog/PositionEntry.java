package io.meshwork.internal.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.DocumentJson;
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
 * Where a subscription stands, as its document says, and where it stood a short while ago, since
 * other processes may still read what was handed out there. Immutable.
 *
 * @param product what is consumed
 * @param name the subscription's name
 * @param place all up to here was acknowledged
 * @param at when the document was written
 * @param seeks how often the position was moved by hand
 * @param acked id of the batch that was acknowledged last; empty if none was since it was moved by
 *     hand
 * @param pending the batch that was handed out and is not acknowledged
 * @param left where batches were handed out that may still be read, newest last; a few
 * @param rights the name of the rows that rights let the reader see who acknowledged last; empty if
 *     nobody did, or an earlier version wrote it down
 * @param turns how often a batch was handed out anew since rights let the reader see other rows
 */
public record PositionEntry(
    ProductName product,
    String name,
    Place place,
    Instant at,
    long seeks,
    Optional<String> acked,
    Optional<Pending> pending,
    List<Left> left,
    Optional<String> rights,
    long turns) {
  private static final String LEFT = "left";
  private static final String PENDING = "pending";
  private static final String ACKED = "acked";
  private static final String RIGHTS = "rights";
  private static final String WHERE = "where";
  private static final String TURNS = "turns";

  /**
   * A place on the main line of a major version.
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

    private static Place read(JsonNode json) {
      return new Place(
          json.path("major").asInt(),
          Optional.ofNullable(json.path("snapshotId").textValue()),
          json.path("sequence").asLong(),
          Optional.ofNullable(json.path("committedAt").textValue()).map(Instant::parse));
    }

    private void write(ObjectNode json) {
      json.put("major", major);
      json.put("sequence", sequence);
      json.remove("snapshotId");
      json.remove("committedAt");
      snapshotId.ifPresent(id -> json.put("snapshotId", id));
      committedAt.ifPresent(time -> json.put("committedAt", time.toString()));
    }
  }

  /**
   * A batch that was handed out.
   *
   * @param id the batch's id
   * @param kind its kind, as the room that hands it out names it
   * @param end all up to here is in it
   * @param reason why the table is handed out anew; empty for other kinds
   * @param view which rows of the table it is made of; empty if an earlier version wrote it down,
   *     which did not say
   */
  public record Pending(
      String id, String kind, Place end, Optional<String> reason, Optional<View> view) {}

  /**
   * Which rows of a table are handed out.
   *
   * @param rights the name of the rows that rights let the reader see, as the room that hands out
   *     names them
   * @param where the subscription's filter in its canonical form; empty if it has none
   */
  public record View(String rights, Optional<String> where) {}

  /**
   * A place that was left while a batch was handed out from there.
   *
   * @param major the major version
   * @param sequence readers of the batch need what has a higher sequence number
   * @param until from then on nobody reads it any more
   */
  public record Left(int major, long sequence, Instant until) {}

  /** Copies what it is given. */
  public PositionEntry {
    left = List.copyOf(left);
  }

  /** A subscription that stands there, and to which nothing was handed out. */
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

  /** What a document says. */
  public static PositionEntry of(VersionedDocument stored) {
    ObjectNode json = stored.json();
    return new PositionEntry(
        ProductName.of(json.path("product").asText()),
        json.path("name").asText(),
        Place.read(json),
        Instant.parse(json.path("at").asText()),
        json.path("seeks").asLong(),
        Optional.ofNullable(json.path(ACKED).textValue()),
        Optional.of(json.path(PENDING))
            .filter(JsonNode::isObject)
            .map(
                pending ->
                    new Pending(
                        pending.path("id").asText(),
                        pending.path("kind").asText(),
                        Place.read(pending),
                        Optional.ofNullable(pending.path("reason").textValue()),
                        view(pending))),
        left(json),
        Optional.ofNullable(json.path(RIGHTS).textValue()),
        json.path(TURNS).asLong());
  }

  private static Optional<View> view(JsonNode pending) {
    return Optional.ofNullable(pending.path(RIGHTS).textValue())
        .map(rights -> new View(rights, Optional.ofNullable(pending.path(WHERE).textValue())));
  }

  /** Documents of before have none. */
  private static List<Left> left(ObjectNode json) {
    List<Left> left = new ArrayList<>();
    json.path(LEFT)
        .forEach(
            each ->
                left.add(
                    new Left(
                        each.path("major").asInt(),
                        each.path("sequence").asLong(),
                        Instant.parse(each.path("until").asText()))));
    return left;
  }

  /** The same place with this batch handed out; without any if it is empty. */
  public PositionEntry withPending(Optional<Pending> batch, Instant now) {
    return new PositionEntry(product, name, place, now, seeks, acked, batch, left, rights, turns);
  }

  /**
   * The same place for a reader whom rights let see other rows than the one before, with no batch
   * handed out. If one is, its readers have a grace.
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
        leftFrom(now, grace),
        rights,
        turns + 1);
  }

  /** The place where a batch ends, with that acknowledged and none handed out. */
  public PositionEntry withAcked(Pending batch, Instant now, Duration grace) {
    return withPlace(batch.end(), now, grace)
        .with(seeks, Optional.of(batch.id()), batch.view().map(View::rights).or(() -> rights));
  }

  /** Another place, to which it was moved by hand. */
  public PositionEntry withSeek(Place to, Instant now, Duration grace) {
    return withPlace(to, now, grace).with(seeks + 1, Optional.empty(), rights);
  }

  /**
   * Another place, with no batch handed out. If one is handed out here, its readers have a grace.
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
        leftFrom(now, grace),
        rights,
        turns);
  }

  private PositionEntry with(long newSeeks, Optional<String> newAcked, Optional<String> newRights) {
    return new PositionEntry(
        product, name, place, at, newSeeks, newAcked, pending, left, newRights, turns);
  }

  /**
   * The lowest sequence above which snapshots of a major are needed, by whoever goes on from here,
   * gets the batch that is handed out, or still reads one of before; empty if none are.
   */
  public OptionalLong neededAfter(int major, Instant now) {
    LongStream here = LongStream.of(place.sequence()).filter(any -> place.major() == major);
    LongStream handedOut =
        pending.stream()
            .map(Pending::end)
            .filter(end -> end.major() == major)
            .mapToLong(this::neededFor);
    LongStream before =
        left.stream()
            .filter(each -> each.major() == major && each.until().isAfter(now))
            .mapToLong(Left::sequence);
    return LongStream.concat(here, LongStream.concat(handedOut, before)).min();
  }

  /** The sequence above which a batch that begins here and ends there needs snapshots. */
  private long neededFor(Place end) {
    // After a rollback the batch may end before the place where it begins.
    long behind = Math.min(place.sequence(), end.sequence() - 1);
    return Math.max(0, place.major() == end.major() ? behind : end.sequence() - 1);
  }

  /**
   * What is left, without what is over. Times are rounded up to the hour, and of those alike only
   * the lowest sequence stays, so that who polls each second keeps a day's hours and no more.
   */
  private List<Left> leftFrom(Instant now, Duration grace) {
    List<Left> all = new ArrayList<>();
    for (Left each : left) {
      if (each.until().isAfter(now)) {
        all.add(each);
      }
    }
    if (pending.isPresent()) {
      Place end = pending.get().end();
      Instant until = now.plus(grace).truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
      Left added = new Left(end.major(), neededFor(end), until);
      // Whoever is kept longer keeps what those who end before need too.
      all.removeIf(
          each ->
              each.major() == added.major()
                  && !each.until().isAfter(until)
                  && each.sequence() >= added.sequence());
      if (all.stream().noneMatch(each -> covers(each, added))) {
        all.add(added);
      }
    }
    return all;
  }

  private static boolean covers(Left one, Left other) {
    return one.major() == other.major()
        && !one.until().isBefore(other.until())
        && one.sequence() <= other.sequence();
  }

  private static void write(View view, ObjectNode json) {
    json.put(RIGHTS, view.rights());
    view.where().ifPresent(filter -> json.put(WHERE, filter));
  }

  /** The document that says so; fields of an earlier one that this version does not know stay. */
  public ObjectNode toDocument(Optional<VersionedDocument> before) {
    ObjectNode json =
        before.map(stored -> stored.json().deepCopy()).orElseGet(DocumentJson::create);
    json.put("product", product.toString());
    json.put("name", name);
    place.write(json);
    json.put("at", at.toString());
    json.put("seeks", seeks);
    json.remove(ACKED);
    json.remove(PENDING);
    json.remove(LEFT);
    json.remove(RIGHTS);
    json.remove(TURNS);
    rights.ifPresent(seen -> json.put(RIGHTS, seen));
    if (turns > 0) {
      json.put(TURNS, turns);
    }
    acked.ifPresent(id -> json.put(ACKED, id));
    pending.ifPresent(
        batch -> {
          ObjectNode node = json.putObject(PENDING);
          node.put("id", batch.id());
          node.put("kind", batch.kind());
          batch.end().write(node);
          batch.reason().ifPresent(reason -> node.put("reason", reason));
          batch.view().ifPresent(view -> write(view, node));
        });
    if (!left.isEmpty()) {
      ArrayNode nodes = json.putArray(LEFT);
      left.forEach(
          each ->
              nodes
                  .addObject()
                  .put("major", each.major())
                  .put("sequence", each.sequence())
                  .put("until", each.until().toString()));
    }
    return json;
  }
}
