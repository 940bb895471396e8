package io.meshwork.discovery;

import io.meshwork.card.Health;
import io.meshwork.card.Health.Status;
import io.meshwork.error.Finding;
import java.time.Instant;
import java.util.List;

/**
 * The health of all products of the mesh. Immutable.
 *
 * @param at the time of the answer
 * @param products worst first, equals by name; retired products are not included
 * @param unreachable the catalogs that could not be read, so their products are missing
 * @param findings what is behind in the caller's own domain, for each notifier and mirror: notices
 *     that wait, fail, or are parked, and tables that a mirror shows in an earlier state. Changes
 *     of a product count only if they are publishes; changes of the domain always count. Empty if
 *     the caller acts for no domain
 */
public record MeshHealth(
    Instant at, List<Health> products, List<String> unreachable, List<Finding> findings) {
  public MeshHealth {
    findings = List.copyOf(findings);
    products = List.copyOf(products);
    unreachable = List.copyOf(unreachable);
  }

  /** Returns the number of products with a status. */
  public long count(Status status) {
    return products.stream().filter(health -> health.status() == status).count();
  }

  /** Returns the number of products that break a promise of freshness, published or not. */
  public long late() {
    return products.stream().filter(Health::isLate).count();
  }
}
