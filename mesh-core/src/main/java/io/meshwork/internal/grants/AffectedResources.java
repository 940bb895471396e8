package io.meshwork.internal.grants;

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
record AffectedResources(SortedSet<String> domains, Set<ProductName> products) {
  /** Nobody's. */
  static AffectedResources none() {
    return new AffectedResources(new TreeSet<>(), new LinkedHashSet<>());
  }

  /** In one product. */
  static AffectedResources of(ProductName product) {
    return none().and(product);
  }

  /** In all of a domain. */
  static AffectedResources of(String domain) {
    return none().and(domain);
  }

  /** And in one product. */
  AffectedResources and(ProductName product) {
    AffectedResources more =
        new AffectedResources(new TreeSet<>(domains), new LinkedHashSet<>(products));
    if (!domains.contains(product.domain())) {
      more.products.add(product);
    }
    return more;
  }

  /** And in all of a domain. */
  AffectedResources and(String domain) {
    AffectedResources more =
        new AffectedResources(new TreeSet<>(domains), new LinkedHashSet<>(products));
    more.domains.add(domain);
    more.products.removeIf(product -> product.domain().equals(domain));
    return more;
  }
}
