package io.meshwork.cli.internal.product;

import io.meshwork.MeshClient;
import io.meshwork.access.ExplainedAccess;
import io.meshwork.card.Health;
import io.meshwork.card.ProductCard;
import io.meshwork.discovery.ContractHistory;
import io.meshwork.error.BackendException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What answers the five questions about a product, as one caller knows it.
 *
 * @param card the description
 * @param health the state
 * @param access what the caller reads
 * @param contracts the versions of the contract; empty if a former one is damaged, which does not
 *     concern the description
 * @param caller who asks
 * @param now when
 */
record ProductFacts(
    ProductCard card,
    Health health,
    ExplainedAccess access,
    Optional<ContractHistory> contracts,
    String caller,
    Instant now) {
  private static final Duration YEAR = Duration.ofDays(365);

  static ProductFacts read(MeshClient client, String product, Instant now) {
    ProductCard card = client.describe(product);
    return new ProductFacts(
        card,
        card.health().orElseGet(() -> client.health(product)),
        client.access().explain(client.principal(), product),
        contracts(client, product),
        client.principal().toString(),
        now);
  }

  private static Optional<ContractHistory> contracts(MeshClient client, String product) {
    try {
      return Optional.of(client.contractHistory(product));
    } catch (BackendException e) {
      if (e.retryable()) {
        throw e;
      }
      return Optional.empty();
    }
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
        || (access.isAllowed() && !access.hiddenColumns().contains(column));
  }

  int changesInAYear() {
    return contracts.map(history -> history.changesSince(now.minus(YEAR))).orElse(0);
  }

  int breakingInAYear() {
    return contracts.map(history -> history.breakingSince(now.minus(YEAR))).orElse(0);
  }

  /** Returns the line that asks for access; empty if the caller reads everything. */
  String ask() {
    return card.access() == ProductCard.Access.READ_ALL
        ? ""
        : "mesh request " + card.name() + " --for PURPOSE";
  }
}
