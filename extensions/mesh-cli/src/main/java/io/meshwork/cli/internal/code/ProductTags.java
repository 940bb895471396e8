package io.meshwork.cli.internal.code;

import io.meshwork.MeshClient;
import io.meshwork.product.ProductName;
import java.util.Map;
import java.util.TreeMap;

/** The tags of a product. */
final class ProductTags {
  private ProductTags() {}

  /** Returns the tags that differ from the domain's tags. */
  static Map<String, String> own(MeshClient client, ProductName product) {
    Map<String, String> own = new TreeMap<>(client.describe(product).tags());
    own.entrySet().removeAll(client.describeDomain(product.domain()).tags().entrySet());
    own.remove("domain", product.domain());
    return own;
  }
}
