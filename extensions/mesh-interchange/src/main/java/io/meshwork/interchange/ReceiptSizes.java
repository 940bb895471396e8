package io.meshwork.interchange;

import io.meshwork.MeshClient;
import io.meshwork.product.ProductName;
import io.meshwork.publish.PublishReceipt;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/** How many bytes each publish of a product wrote, as far back as its receipts are kept. */
final class ReceiptSizes {
  private final Map<String, Long> bytes = new HashMap<>();

  private ReceiptSizes() {}

  static ReceiptSizes of(MeshClient client, ProductName product) {
    ReceiptSizes sizes = new ReceiptSizes();
    for (PublishReceipt receipt : client.history(product).receipts()) {
      sizes.add(receipt);
      receipt.also().forEach(sizes::add);
    }
    return sizes;
  }

  private void add(PublishReceipt receipt) {
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
