package io.meshwork.internal.rights;

import io.meshwork.internal.lakeformation.Resource.PolicyType;
import io.meshwork.internal.lakeformation.TagExpression;
import io.meshwork.product.ProductName;
import java.util.Locale;

/** The target of a stored grant. Immutable. */
public sealed interface GrantTarget {
  /** Returns the domain that owns the data. */
  String domain();

  /** A product, or a part of it. */
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

  /** All products of a domain, future ones included. */
  record WholeDomain(String domain) implements GrantTarget {
    @Override
    public String toString() {
      return "all of " + domain;
    }
  }

  /**
   * Everything in a domain that has some tags.
   *
   * @param type the domain itself, or its products
   */
  record ByTags(String domain, PolicyType type, TagExpression where) implements GrantTarget {
    @Override
    public String toString() {
      return type.name().toLowerCase(Locale.ROOT) + " of " + domain + " where " + where;
    }
  }
}
