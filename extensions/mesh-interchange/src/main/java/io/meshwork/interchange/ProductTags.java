package io.meshwork.interchange;

import io.meshwork.MeshClient;
import io.meshwork.discovery.Search;
import io.meshwork.product.ProductName;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The tags of products, with those of their domains. */
final class ProductTags {
  private static final int PAGE = 200;

  private final Map<ProductName, SortedMap<String, String>> tags = new HashMap<>();

  private ProductTags() {}

  static ProductTags ofMesh(MeshClient client) {
    return new ProductTags().read(client.search(""));
  }

  static ProductTags ofDomain(MeshClient client, String domain) {
    return new ProductTags().read(client.search("").inDomain(domain));
  }

  private ProductTags read(Search search) {
    int read = 0;
    while (true) {
      Search.Result page = search.skipping(read).atMost(PAGE).read();
      for (Search.Hit hit : page.hits()) {
        tags.put(hit.product(), new TreeMap<>(hit.summary().tags()));
      }
      read += page.hits().size();
      if (page.hits().isEmpty() || read >= page.total()) {
        return this;
      }
    }
  }

  /** Returns the tags of a product, by key; empty if it has none. */
  SortedMap<String, String> of(ProductName product) {
    return tags.getOrDefault(product, new TreeMap<>());
  }
}
