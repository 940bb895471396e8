package io.meshwork.cli;

import io.meshwork.MeshClient;
import io.meshwork.access.ExplainedAccess;
import io.meshwork.card.Health;
import io.meshwork.card.ProductCard;
import io.meshwork.discovery.ContractHistory;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * What answers the five questions about a product, as one caller knows it.
 *
 * @param card the description
 * @param health the state
 * @param history the contract versions
 * @param access what the caller reads
 * @param tags the tags
 * @param caller who asks
 * @param now when
 */
record ProductFacts(
    ProductCard card,
    Health health,
    ContractHistory history,
    ExplainedAccess access,
    Map<String, String> tags,
    String caller,
    Instant now) {
  private static final Duration YEAR = Duration.ofDays(365);

  static ProductFacts read(MeshClient client, String product, Instant now) {
    ProductCard card = client.describe(product);
    return new ProductFacts(
        card,
        client.health(product),
        client.contractHistory(product),
        client.explainAccess(client.principal(), product),
        ProductTags.all(client, card.name()),
        client.principal().toString(),
        now);
  }

  /** Returns the number of top-level columns that the caller may read. */
  long readableColumns() {
    if (card.access() == ProductCard.Access.READ_ALL) {
      return card.columns().size();
    }
    return access.allowed()
        ? card.columns().stream()
            .filter(column -> !access.hiddenColumns().contains(column.name()))
            .count()
        : 0;
  }

  int changesInAYear() {
    return history.changesSince(now.minus(YEAR));
  }

  int breakingInAYear() {
    return history.breakingSince(now.minus(YEAR));
  }

  /** Returns the line that asks for access; empty if the caller reads everything. */
  String ask() {
    return card.access() == ProductCard.Access.READ_ALL
        ? ""
        : "mesh request " + card.name() + " --for PURPOSE";
  }
}
