package io.meshwork.interchange;

import io.meshwork.MeshClient;
import io.meshwork.product.ProductName;
import io.meshwork.publish.PublishReceipt;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** How many bytes each publish of a product wrote, as far back as its receipts are retained. */
final class ReceiptSizes {
  private final Map<String, Long> bytes = new HashMap<>();
  private final Set<String> publishes = new HashSet<>();
  private final ProductName product;

  private ReceiptSizes(ProductName product) {
    this.product = product;
  }

  static ReceiptSizes of(MeshClient client, ProductName product) {
    ReceiptSizes sizes = new ReceiptSizes(product);
    for (PublishReceipt receipt : client.publishHistory(product).receipts()) {
      sizes.add(receipt);
      receipt.otherVersions().forEach(sizes::add);
    }
    return sizes;
  }

  /** Returns true if these are the sizes of a product up to a publish. */
  boolean reach(ProductName other, String publishId) {
    return product.equals(other) && publishes.contains(publishId);
  }

  private void add(PublishReceipt receipt) {
    publishes.add(receipt.publishId());
    bytes.put(key(receipt.publishId(), receipt.major()), receipt.bytes());
  }

  /** Returns the size of the data files that a publish wrote to a major version, if known. */
  OptionalLong bytes(String publishId, int major) {
    Long size = bytes.get(key(publishId, major));
    return size == null ? OptionalLong.empty() : OptionalLong.of(size);
  }

  private static String key(String publishId, int major) {
    return publishId + "/" + major;
  }
}
