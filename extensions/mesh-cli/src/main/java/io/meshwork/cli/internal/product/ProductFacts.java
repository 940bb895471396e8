package io.meshwork.cli.internal.product;

import io.meshwork.MeshClient;
import io.meshwork.access.ExplainedAccess;
import io.meshwork.card.Health;
import io.meshwork.card.ProductCard;
import java.time.Instant;
import java.util.Map;

/**
 * What answers the five questions about a product, as one caller knows it.
 *
 * @param card the description
 * @param health the state
 * @param access what the caller reads
 * @param caller who asks
 * @param now when
 */
record ProductFacts(
    ProductCard card, Health health, ExplainedAccess access, String caller, Instant now) {
  static ProductFacts read(MeshClient client, String product, Instant now) {
    ProductCard card = client.describe(product);
    return new ProductFacts(
        card,
        card.health().orElseGet(() -> client.health(product)),
        client.access().explain(client.principal(), product),
        client.principal().toString(),
        now);
  }

  Map<String, String> tags() {
    return card.tags();
  }

  /** Returns the number of top-level columns that the caller may read. */
  long readableColumns() {
    return card.columns().stream().filter(column -> isReadable(column.name())).count();
  }

  boolean isReadable(String column) {
    return card.access() == ProductCard.Access.READ_ALL
        || (access.allowed() && !access.hiddenColumns().contains(column));
  }

  int changesInAYear() {
    return card.changes().map(ProductCard.ContractChanges::all).orElse(0);
  }

  int breakingInAYear() {
    return card.changes().map(ProductCard.ContractChanges::breaking).orElse(0);
  }

  /** Returns the line that asks for access; empty if the caller reads everything. */
  String ask() {
    return card.access() == ProductCard.Access.READ_ALL
        ? ""
        : "mesh request " + card.name() + " --for PURPOSE";
  }
}
