package io.meshwork.internal.catalog;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.product.ProductName;
import java.util.Optional;

/**
 * The stored entry of a product, without its versions.
 *
 * @param name its defined name
 * @param description its description; may be empty
 * @param ownOwner its owner contact; empty if it has its domain's
 * @param openToMesh true if every domain may read it
 * @param currentMajor the default major version of readers
 * @param root the root of its new tables; empty if it is the newest place of its domain
 * @param stored its document, for checks and for read-modify-write
 */
public record ProductEntry(
    ProductName name,
    String description,
    @JsonProperty("owner") Optional<String> ownOwner,
    boolean openToMesh,
    int currentMajor,
    Optional<String> root,
    VersionedDocument stored) {
  /** Reads a product's document. */
  public static ProductEntry of(VersionedDocument stored) {
    return DocumentCodec.of(ProductEntry.class).read(stored);
  }

  /** Returns the document; fields that this version does not know are retained. */
  public ObjectNode toDocument() {
    return DocumentCodec.of(ProductEntry.class).write(this, Optional.of(stored));
  }

  /** Returns the product's document, opened to the mesh or closed; nothing else changes. */
  public ObjectNode withOpenToMesh(boolean open) {
    return new ProductEntry(name, description, ownOwner, open, currentMajor, root, stored)
        .toDocument();
  }

  /** Returns the product's document with another current major; nothing else changes. */
  public ObjectNode withCurrentMajor(int major) {
    return new ProductEntry(name, description, ownOwner, openToMesh, major, root, stored)
        .toDocument();
  }

  /** Returns true if nothing but the current major and suspensions of reads differ. */
  public boolean isSameForPublishes(ProductEntry other) {
    return ReadSuspensions.without(withCurrentMajor(other.currentMajor()))
        .equals(ReadSuspensions.without(other.withCurrentMajor(other.currentMajor())));
  }
}
