package io.meshwork.internal.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.Optional;

/**
 * A stored hold, which retains a snapshot's files during one long read. Immutable.
 *
 * @param product the product that is read
 * @param major the major version that is read
 * @param snapshotId the snapshot that is read
 * @param from when the read began
 * @param until when the hold ends
 * @param subscription the name of the reading subscription; empty if there is none
 */
public record HoldEntry(
    ProductName product,
    int major,
    String snapshotId,
    Instant from,
    Instant until,
    Optional<String> subscription) {
  public static HoldEntry of(VersionedDocument stored) {
    return DocumentCodec.of(HoldEntry.class).read(stored);
  }

  /** Its document; other fields of the existing one do not change. */
  public ObjectNode toDocument(Optional<VersionedDocument> existing) {
    return DocumentCodec.of(HoldEntry.class).write(this, existing);
  }
}
