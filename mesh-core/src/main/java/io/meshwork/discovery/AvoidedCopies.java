package io.meshwork.discovery;

import io.meshwork.product.ProductName;
import java.util.List;

/**
 * How many bytes other domains did not copy because they read products in place: for each product
 * of the caller's domain, the bytes of its newest snapshot for each other domain that read it in
 * the last 30 days. Immutable.
 *
 * @param bytes the sum
 * @param products the products that were read, most bytes first
 * @param unreachable the catalogs that could not be read; what they have is missing
 */
public record AvoidedCopies(long bytes, List<ReadProduct> products, List<String> unreachable) {
  /** Copies the list. */
  public AvoidedCopies {
    products = List.copyOf(products);
    unreachable = List.copyOf(unreachable);
  }

  /**
   * A product that other domains read in place.
   *
   * @param product the product
   * @param bytes the size of its newest snapshot
   * @param domains the other domains that read it
   */
  public record ReadProduct(ProductName product, long bytes, List<String> domains) {
    /** Copies the list. */
    public ReadProduct {
      domains = List.copyOf(domains);
    }

    /** Returns the bytes that were not copied. */
    public long avoidedBytes() {
      return bytes * domains.size();
    }
  }
}
