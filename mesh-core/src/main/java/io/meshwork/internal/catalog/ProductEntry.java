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
 * @param name its name as it was defined
 * @param description its description; may be empty
 * @param ownOwner its owner contact; empty if it has that of its domain
 * @param openToMesh true if every domain may read it
 * @param currentMajor the default major version of readers
 * @param stored its document, for checks and for read-modify-write
 */
public record ProductEntry(
    ProductName name,
    String description,
    @JsonProperty("owner") Optional<String> ownOwner,
    boolean openToMesh,
    int currentMajor,
    VersionedDocument stored) {
  private static final String CURRENT_MAJOR = "currentMajor";
  private static final String ROOT = "root";

  /** Reads a product's document. */
  public static ProductEntry of(VersionedDocument stored) {
    return DocumentCodec.of(ProductEntry.class).read(stored);
  }

  /** Returns the root of its new tables; empty if it is the newest place of its domain. */
  public Optional<String> root() {
    return Optional.ofNullable(stored.json().path(ROOT).textValue());
  }

  /** Writes the root of a product's tables into its document. */
  public static void writeRoot(ObjectNode json, String root) {
    json.put(ROOT, root);
  }

  /** Returns the product's document, opened to the mesh or closed; nothing else changes. */
  public ObjectNode withOpenToMesh(boolean open) {
    ObjectNode json = stored.json().deepCopy();
    write(json, name, description, ownOwner, open, currentMajor);
    return json;
  }

  /** Returns the product's document with another current major; nothing else changes. */
  public ObjectNode withCurrentMajor(int major) {
    return stored.json().deepCopy().put(CURRENT_MAJOR, major);
  }

  /** Returns true if nothing but the current major and suspensions of reads differ. */
  public boolean isSameForPublishes(ProductEntry other) {
    return ReadSuspensions.without(withCurrentMajor(other.currentMajor()))
        .equals(ReadSuspensions.without(other.withCurrentMajor(other.currentMajor())));
  }

  /** Writes a product's fields into its document; other fields are kept. */
  public static void write(
      ObjectNode json,
      ProductName name,
      String description,
      Optional<String> ownOwner,
      boolean openToMesh,
      int currentMajor) {
    json.put("format", 1);
    json.put("name", name.toString());
    json.put("description", description);
    ownOwner.ifPresent(contact -> json.put("owner", contact));
    json.put("openToMesh", openToMesh);
    json.put(CURRENT_MAJOR, currentMajor);
  }
}
