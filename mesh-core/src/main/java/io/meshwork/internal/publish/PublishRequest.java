package io.meshwork.internal.publish;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.product.ProductName;
import org.jspecify.annotations.Nullable;

/** What one publish asks for, and what tells it from another under the same idempotency key. */
final class PublishRequest {
  private final ProductName product;
  private final int major;
  private final String publishId;
  private final String idempotencyKey;
  private final PublishIntent intent;
  private final RowSource source;
  private final @Nullable String contentDigest;
  private final MeshAction action;
  private @Nullable String fingerprint;

  PublishRequest(
      ProductName product,
      int major,
      String publishId,
      @Nullable String idempotencyKey,
      PublishIntent intent,
      RowSource source,
      @Nullable String contentDigest,
      MeshAction action) {
    this.product = product;
    this.major = major;
    this.publishId = publishId;
    this.idempotencyKey = idempotencyKey == null ? publishId : idempotencyKey;
    this.intent = intent;
    this.source = source;
    this.contentDigest = contentDigest;
    this.action = action;
  }

  ProductName product() {
    return product;
  }

  int major() {
    return major;
  }

  String publishId() {
    return publishId;
  }

  String idempotencyKey() {
    return idempotencyKey;
  }

  PublishIntent intent() {
    return intent;
  }

  MeshAction action() {
    return action;
  }

  /**
   * Covers product, major, mode, scope and what the caller or the source says of the rows; not the
   * contract's version, so that a retry after an amendment gets the first receipt. Files are read
   * for it, once, unless the caller gave a digest.
   */
  String fingerprint() {
    if (fingerprint == null) {
      fingerprint =
          RegistryKeys.sha256(
              product
                  + "\n"
                  + major
                  + "\n"
                  + intent.mode().text()
                  + intent.scope().map(scope -> "\n" + scope.length() + "\n" + scope).orElse("")
                  + "\n"
                  + (contentDigest == null
                      ? source.fingerprint(action)
                      : "content\n" + contentDigest));
    }
    return fingerprint;
  }
}
