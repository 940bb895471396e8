package io.meshwork.sharing;

import io.meshwork.product.ProductName;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Whose rights a change can change: those in whole domains, and in products.
 *
 * @param domains all of whose products are meant
 * @param products the others
 */
record Reach(SortedSet<String> domains, Set<ProductName> products) {
  /** Nobody's. */
  static Reach none() {
    return new Reach(new TreeSet<>(), new LinkedHashSet<>());
  }

  /** In one product. */
  static Reach of(ProductName product) {
    return none().and(product);
  }

  /** In all of a domain. */
  static Reach of(String domain) {
    return none().and(domain);
  }

  /** And in one product. */
  Reach and(ProductName product) {
    Reach more = new Reach(new TreeSet<>(domains), new LinkedHashSet<>(products));
    if (!domains.contains(product.domain())) {
      more.products.add(product);
    }
    return more;
  }

  /** And in all of a domain. */
  Reach and(String domain) {
    Reach more = new Reach(new TreeSet<>(domains), new LinkedHashSet<>(products));
    more.domains.add(domain);
    more.products.removeIf(product -> product.domain().equals(domain));
    return more;
  }
}
