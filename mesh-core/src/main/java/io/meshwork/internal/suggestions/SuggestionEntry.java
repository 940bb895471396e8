package io.meshwork.internal.suggestions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.request.Suggestion.Kind;
import java.time.Instant;
import java.util.List;

/**
 * A suggestion, as the registry stores it. Immutable.
 *
 * @param id a UUIDv7
 * @param product the product that it is about
 * @param requester who sent it
 * @param domain the requester's domain, which writes it
 * @param kind what it is about
 * @param columns the columns that it is about
 * @param text the text
 * @param withdrawn true if it was withdrawn
 * @param suggestedAt when it was sent
 */
record SuggestionEntry(
    String id,
    ProductName product,
    Principal requester,
    String domain,
    Kind kind,
    List<String> columns,
    String text,
    boolean withdrawn,
    Instant suggestedAt) {
  /** Copies the columns. */
  SuggestionEntry {
    columns = List.copyOf(columns);
  }

  /** Reads its document. */
  static SuggestionEntry of(VersionedDocument stored) {
    ObjectNode json = stored.json();
    return new SuggestionEntry(
        json.path("id").asText(),
        ProductName.of(json.path("product").asText()),
        principal(json.path("requester").asText()),
        json.path("domain").asText(),
        Kind.valueOf(json.path("kind").asText()),
        StoredGrant.texts(json.path("columns")),
        json.path("text").asText(),
        json.path("withdrawn").asBoolean(),
        Instant.parse(json.path("suggestedAt").asText()));
  }

  /** Parses a principal, such as {@code finance/analyst}. */
  static Principal principal(String text) {
    String[] parts = text.split("/", 2);
    return Principal.of(parts[0], parts[1]);
  }

  /** Returns its document. */
  ObjectNode json() {
    ObjectNode json =
        DocumentJson.create()
            .put("id", id)
            .put("product", product.toString())
            .put("requester", requester.toString())
            .put("domain", domain)
            .put("kind", kind.name());
    if (!columns.isEmpty()) {
      columns.forEach(json.putArray("columns")::add);
    }
    return json.put("text", text)
        .put("withdrawn", withdrawn)
        .put("suggestedAt", suggestedAt.toString());
  }

  /** Returns true if both say the same. */
  boolean hasSameTermsAs(SuggestionEntry other) {
    return product.equals(other.product)
        && requester.equals(other.requester)
        && kind == other.kind
        && columns.equals(other.columns)
        && text.equals(other.text);
  }

  /** Returns the withdrawn suggestion. */
  SuggestionEntry asWithdrawn() {
    return new SuggestionEntry(
        id, product, requester, domain, kind, columns, text, true, suggestedAt);
  }
}
