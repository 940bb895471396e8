package io.meshwork.internal.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.product.ProductName;
import java.util.Optional;

/**
 * What a product is, apart from its versions, as it stands in the registry.
 *
 * @param name its name as it was defined
 * @param description what it is about; empty if not said
 * @param ownOwner contact of those who answer for it; empty if those do who answer for its domain
 * @param openToMesh true if every domain may read it
 * @param currentMajor the major that readers get who name none
 * @param stored its document, for checks and for read-modify-write
 */
public record ProductEntry(
    ProductName name,
    String description,
    Optional<String> ownOwner,
    boolean openToMesh,
    int currentMajor,
    VersionedDocument stored) {
  static ProductEntry of(VersionedDocument stored) {
    ObjectNode json = stored.json();
    return new ProductEntry(
        ProductName.of(json.path("name").asText()),
        json.path("description").asText(),
        Optional.ofNullable(json.path("owner").textValue()),
        json.path("openToMesh").asBoolean(),
        json.path("currentMajor").asInt(),
        stored);
  }

  /** Writes a product's fields into its document; other fields stay. */
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
