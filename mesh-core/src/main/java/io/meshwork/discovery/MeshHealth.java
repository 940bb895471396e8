package io.meshwork.discovery;

import io.meshwork.card.Health;
import io.meshwork.card.Health.Status;
import java.time.Instant;
import java.util.List;

/**
 * The health of all products of the mesh. Immutable.
 *
 * @param at the time of the answer
 * @param products worst first, equals by name; retired products are not included
 * @param unreachable the catalogs that could not be read, so their products are missing
 */
public record MeshHealth(Instant at, List<Health> products, List<String> unreachable) {
  /** Copies the lists. */
  public MeshHealth {
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
