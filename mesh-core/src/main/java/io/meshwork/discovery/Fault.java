package io.meshwork.discovery;

import io.meshwork.card.Health;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Where the trouble of a product comes from: the nearest products upstream that are late or in
 * violation and have no such input themselves, or the product itself. Immutable. {@link
 * Lineage#NOTICE} applies.
 *
 * @param product the product that was asked about
 * @param status its status
 * @param origins the suspected origins, nearest first; empty if the product is in no trouble and
 *     nothing upstream is
 * @param unreachable the catalogs that could not be read; what they have is missing
 */
public record Fault(
    ProductName product, Health.Status status, List<Origin> origins, List<String> unreachable) {
  /** Copies the list. */
  public Fault {
    origins = List.copyOf(origins);
    unreachable = List.copyOf(unreachable);
  }

  /**
   * A suspected origin.
   *
   * @param product the product
   * @param status its status
   * @param since when that is the case; empty if that is unknown
   * @param contact whom to ask
   * @param path the products from the one that was asked about to the origin
   */
  public record Origin(
      ProductName product,
      Health.Status status,
      Optional<Instant> since,
      String contact,
      List<ProductName> path) {
    /** Copies the list. */
    public Origin {
      path = List.copyOf(path);
    }
  }
}
