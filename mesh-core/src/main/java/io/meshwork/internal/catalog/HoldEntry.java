package io.meshwork.internal.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.VersionedDocument;
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
 * @param subscription the name of the subscription that reads; empty if none does, or an earlier
 *     version wrote it down
 */
public record HoldEntry(
    ProductName product,
    int major,
    String snapshotId,
    Instant from,
    Instant until,
    Optional<String> subscription) {
  private static final String SUBSCRIPTION = "subscription";

  /** What a document says. */
  public static HoldEntry of(VersionedDocument stored) {
    ObjectNode json = stored.json();
    return new HoldEntry(
        ProductName.of(json.path("product").asText()),
        json.path("major").asInt(),
        json.path("snapshotId").asText(),
        Instant.parse(json.path("from").asText()),
        Instant.parse(json.path("until").asText()),
        Optional.ofNullable(json.path(SUBSCRIPTION).textValue()));
  }

  /** The document that says so. */
  public ObjectNode toDocument(Optional<VersionedDocument> before) {
    ObjectNode json =
        before.map(stored -> stored.json().deepCopy()).orElseGet(DocumentJson::create);
    json.put("product", product.toString());
    json.put("major", major);
    json.put("snapshotId", snapshotId);
    json.put("from", from.toString());
    json.put("until", until.toString());
    subscription.ifPresent(name -> json.put(SUBSCRIPTION, name));
    return json;
  }
}
