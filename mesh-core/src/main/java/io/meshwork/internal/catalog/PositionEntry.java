package io.meshwork.internal.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.Documents;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.Optional;

/**
 * Where a subscription stands, as its document says. Immutable.
 *
 * @param product what is consumed
 * @param name the subscription's name
 * @param place all up to here was acknowledged
 * @param at when the document was written
 * @param seeks how often the position was moved by hand
 * @param acked id of the batch that was acknowledged last; empty if none was since it was moved by
 *     hand
 * @param pending the batch that was handed out and is not acknowledged
 */
public record PositionEntry(
    ProductName product,
    String name,
    Place place,
    Instant at,
    long seeks,
    Optional<String> acked,
    Optional<Pending> pending) {
  private static final String PENDING = "pending";
  private static final String ACKED = "acked";

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
   */
  public record Pending(String id, String kind, Place end, Optional<String> reason) {}

  /** What a document says. */
  public static PositionEntry of(Stored stored) {
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
                        Optional.ofNullable(pending.path("reason").textValue()))));
  }

  /** The document that says so; fields of an earlier one that this version does not know stay. */
  public ObjectNode toDocument(Optional<Stored> before) {
    ObjectNode json = before.map(stored -> stored.json().deepCopy()).orElseGet(Documents::create);
    json.put("product", product.toString());
    json.put("name", name);
    place.write(json);
    json.put("at", at.toString());
    json.put("seeks", seeks);
    json.remove(ACKED);
    json.remove(PENDING);
    acked.ifPresent(id -> json.put(ACKED, id));
    pending.ifPresent(
        batch -> {
          ObjectNode node = json.putObject(PENDING);
          node.put("id", batch.id());
          node.put("kind", batch.kind());
          batch.end().write(node);
          batch.reason().ifPresent(reason -> node.put("reason", reason));
        });
    return json;
  }
}
