package io.meshwork.internal.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
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
    Optional<String> ownOwner,
    boolean openToMesh,
    int currentMajor,
    VersionedDocument stored) {
  /** Reads a product's document. */
  public static ProductEntry of(VersionedDocument stored) {
    ObjectNode json = stored.json();
    return new ProductEntry(
        ProductName.of(json.path("name").asText()),
        json.path("description").asText(),
        Optional.ofNullable(json.path("owner").textValue()),
        json.path("openToMesh").asBoolean(),
        json.path("currentMajor").asInt(),
        stored);
  }

  /** Returns the product's document, opened to the mesh or closed; nothing else changes. */
  public ObjectNode withOpenToMesh(boolean open) {
    ObjectNode json = stored.json().deepCopy();
    write(json, name, description, ownOwner, open, currentMajor);
    return json;
  }

  /** Returns the product's document with another default major version; nothing else changes. */
  public ObjectNode withCurrentMajor(int major) {
    ObjectNode json = stored.json().deepCopy();
    write(json, name, description, ownOwner, openToMesh, major);
    return json;
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
    json.put("currentMajor", currentMajor);
  }
}
