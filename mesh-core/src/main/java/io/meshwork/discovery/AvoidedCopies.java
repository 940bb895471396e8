package io.meshwork.discovery;

import io.meshwork.product.ProductName;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How many bytes other domains did not copy because they read products in place: for each product
 * of the caller's domain, the bytes of its newest snapshot for each other domain that read it in
 * the last 30 days. Immutable.
 *
 * @param bytes the sum
 * @param products the bytes by product, most first
 * @param readers the other domains that read each product
 * @param unreachable the catalogs that could not be read; what they have is missing
 */
public record AvoidedCopies(
    long bytes,
    Map<ProductName, Long> products,
    Map<ProductName, List<String>> readers,
    List<String> unreachable) {
  public AvoidedCopies {
    products = Collections.unmodifiableMap(new LinkedHashMap<>(products));
    readers = Map.copyOf(readers);
    unreachable = List.copyOf(unreachable);
  }
}
