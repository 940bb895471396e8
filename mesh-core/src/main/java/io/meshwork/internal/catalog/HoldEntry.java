package io.meshwork.internal.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.Documents;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.Optional;

/**
 * What keeps a snapshot's files for one long read, as its document says. Immutable.
 *
 * @param product what is read
 * @param major the major version that is read
 * @param snapshotId the snapshot that is read
 * @param from when the read began
 * @param until when it no longer counts
 */
public record HoldEntry(
    ProductName product, int major, String snapshotId, Instant from, Instant until) {
  /** What a document says. */
  public static HoldEntry of(Stored stored) {
    ObjectNode json = stored.json();
    return new HoldEntry(
        ProductName.of(json.path("product").asText()),
        json.path("major").asInt(),
        json.path("snapshotId").asText(),
        Instant.parse(json.path("from").asText()),
        Instant.parse(json.path("until").asText()));
  }

  /** The document that says so. */
  public ObjectNode toDocument(Optional<Stored> before) {
    ObjectNode json = before.map(stored -> stored.json().deepCopy()).orElseGet(Documents::create);
    json.put("product", product.toString());
    json.put("major", major);
    json.put("snapshotId", snapshotId);
    json.put("from", from.toString());
    json.put("until", until.toString());
    return json;
  }
}
