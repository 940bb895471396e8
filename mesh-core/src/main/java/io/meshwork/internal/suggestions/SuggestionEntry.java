package io.meshwork.internal.suggestions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.request.Suggestion.Kind;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

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
  SuggestionEntry {
    columns = List.copyOf(columns);
  }

  static SuggestionEntry of(VersionedDocument stored) {
    return DocumentCodec.of(SuggestionEntry.class).read(stored);
  }

  ObjectNode json() {
    return DocumentCodec.of(SuggestionEntry.class).write(this, Optional.empty());
  }

  /** Returns true if both say the same. */
  boolean hasSameTermsAs(SuggestionEntry other) {
    return product.equals(other.product)
        && requester.equals(other.requester)
        && kind == other.kind
        && columns.equals(other.columns)
        && text.equals(other.text);
  }

  SuggestionEntry asWithdrawn() {
    return new SuggestionEntry(
        id, product, requester, domain, kind, columns, text, true, suggestedAt);
  }
}
