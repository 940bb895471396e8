package io.meshwork.portal.internal.text;

import io.meshwork.product.ProductName;

/**
 * Where the page of a product is. Names of domains and products are words of letters, digits, and
 * underscores, so that they are names of files everywhere.
 *
 * @param domain the domain
 * @param name the name within the domain
 */
public record ProductAddress(String domain, String name) {
  public static final int LONGEST_LINE = 36;

  public static ProductAddress of(ProductName product) {
    return new ProductAddress(product.domain(), product.product());
  }

  /** Returns the path below the site. */
  public String page() {
    return "product/" + domain + "/" + name + ".html";
  }

  /** Returns the class that keeps a short name on one line. */
  public String fit() {
    return toString().length() <= LONGEST_LINE ? "keep" : "";
  }

  public static String domainPage(String domain) {
    return "domain/" + domain + ".html";
  }

  @Override
  public String toString() {
    return domain + "/" + name;
  }
}
