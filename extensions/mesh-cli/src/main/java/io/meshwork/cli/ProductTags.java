package io.meshwork.cli;

import io.meshwork.MeshClient;
import io.meshwork.discovery.Search;
import io.meshwork.product.ProductName;
import java.util.Map;
import java.util.TreeMap;

/** The tags of a product, as a search shows them. */
final class ProductTags {
  private ProductTags() {}

  /** Returns the tags of a product, with those that it inherits from its domain. */
  static Map<String, String> all(MeshClient client, ProductName product) {
    return client
        .search(product.toString()) // its full name puts it first
        .inDomain(product.domain())
        .read()
        .hits()
        .stream()
        .filter(hit -> hit.product().equals(product))
        .findFirst()
        .map(Search.Hit::summary)
        .map(Search.Summary::tags)
        .orElse(Map.of());
  }

  /** Returns the tags that differ from those of the domain. */
  static Map<String, String> own(MeshClient client, ProductName product) {
    Map<String, String> own = new TreeMap<>(all(client, product));
    own.entrySet().removeAll(client.describeDomain(product.domain()).tags().entrySet());
    own.remove("domain", product.domain());
    return own;
  }
}
