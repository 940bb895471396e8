package io.meshwork.internal.rights;

import io.meshwork.access.Resource.PolicyType;
import io.meshwork.access.TagExpression;
import io.meshwork.product.ProductName;
import java.util.Locale;

/** What a stored grant is on. Immutable. */
public sealed interface GrantTarget {
  /** The domain whose data it is. */
  String domain();

  /** One product, or a part of it. */
  record OfProduct(ProductName product) implements GrantTarget {
    @Override
    public String domain() {
      return product.domain();
    }

    @Override
    public String toString() {
      return product.toString();
    }
  }

  /** All products of a domain, those to come too. */
  record WholeDomain(String domain) implements GrantTarget {
    @Override
    public String toString() {
      return "all of " + domain;
    }
  }

  /**
   * Whatever of a domain carries some tags.
   *
   * @param type the domain as a whole, or its products
   */
  record ByTags(String domain, PolicyType type, TagExpression where) implements GrantTarget {
    @Override
    public String toString() {
      return type.name().toLowerCase(Locale.ROOT) + " of " + domain + " where " + where;
    }
  }
}
