package io.meshwork.internal.publish;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.receipts.PublishIntent;
import io.meshwork.internal.session.TableSnapshots;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One publish, and the fingerprint that distinguishes it from others under the same key. */
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

  RowSource source() {
    return source;
  }

  MeshAction action() {
    return action;
  }

  /** The properties of the summary of each snapshot that the request creates. */
  Map<String, String> summary(ContractVersion contract) {
    Map<String, String> summary = new LinkedHashMap<>(intent.summary());
    summary.put(TableSnapshots.PRODUCT, product.toString());
    summary.put(TableSnapshots.PUBLISH_ID, publishId);
    summary.put(TableSnapshots.KEY_HASH, RegistryKeys.sha256(idempotencyKey));
    summary.put(TableSnapshots.CONTRACT_VERSION, contract.toString());
    return summary;
  }

  /**
   * The hash of the product, its major version, the mode, the scope, and the digest of the rows. It
   * does not include the contract version, so that a retry after an amendment returns the first
   * receipt. Files are read once for it, unless the caller set a digest. A promotion has that of
   * the request that staged its rows, so that a retry of that request finds the receipt.
   */
  String fingerprint() {
    if (source instanceof StagedSource staged) {
      return staged.entry().fingerprint();
    }
    if (fingerprint == null) {
      fingerprint =
          RegistryKeys.sha256(
              product
                  + "\n"
                  + major
                  + "\n"
                  + intent.mode().text()
                  + intent.identity().map(scope -> "\n" + scope.length() + "\n" + scope).orElse("")
                  + "\n"
                  + (contentDigest == null
                      ? source.fingerprint(action)
                      : "content\n" + contentDigest));
    }
    return fingerprint;
  }
}
