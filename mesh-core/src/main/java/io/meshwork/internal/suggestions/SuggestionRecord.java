package io.meshwork.internal.suggestions;

import io.meshwork.product.ContractVersion;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.request.Suggestion;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** A suggestion as it was read. Immutable. */
record SuggestionRecord(
    String id,
    ProductName product,
    Principal requester,
    String domain,
    Kind kind,
    List<String> columns,
    String text,
    State state,
    Instant suggestedAt,
    Optional<Principal> answeredBy,
    Optional<Instant> answeredAt,
    Optional<String> because,
    OptionalInt rollout,
    Optional<ContractVersion> deliveredIn)
    implements Suggestion {
  SuggestionRecord {
    columns = List.copyOf(columns);
  }

  /** Returns one line. */
  @Override
  public String toString() {
    return id
        + " "
        + state
        + deliveredIn.map(version -> " in " + version).orElse("")
        + (deliveredIn.isEmpty() && rollout.isPresent() ? " in rollout " + rollout.getAsInt() : "")
        + " "
        + requester
        + " suggests "
        + kind
        + " for "
        + product
        + (columns.isEmpty() ? "" : " (" + String.join(", ", columns) + ")")
        + ": "
        + text
        + because.map(text -> " -- " + text).orElse("");
  }
}
