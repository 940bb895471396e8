package io.meshwork.internal.receipts;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.runtime.Sha256;
import io.meshwork.internal.session.TableSnapshots;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One publish, and the fingerprint that distinguishes it from others under the same key. */
public final class PublishRequest {
  /** The rows of an operation that adds none. */
  public static final Supplier<String> NO_ROWS = () -> "none";

  private final ProductName product;
  private final int major;
  private final String publishId;
  private final String idempotencyKey;
  private final PublishIntent intent;
  private final Supplier<String> rows;
  private final MeshAction action;
  private @Nullable String fingerprint;

  /**
   * Creates a request.
   *
   * @param idempotencyKey null if the caller set none
   * @param rows distinguishes its rows from others under the same key; asked once, when needed
   */
  public PublishRequest(
      ProductName product,
      int major,
      String publishId,
      @Nullable String idempotencyKey,
      PublishIntent intent,
      Supplier<String> rows,
      MeshAction action) {
    this.product = product;
    this.major = major;
    this.publishId = publishId;
    this.idempotencyKey = idempotencyKey == null ? publishId : idempotencyKey;
    this.intent = intent;
    this.rows = rows;
    this.action = action;
  }

  public ProductName product() {
    return product;
  }

  public int major() {
    return major;
  }

  /** The same with the fingerprint of an earlier request for the rows. */
  public PublishRequest withFingerprint(String earlier) {
    PublishRequest request =
        new PublishRequest(product, major, publishId, idempotencyKey, intent, rows, action);
    request.fingerprint = earlier;
    return request;
  }

  public String publishId() {
    return publishId;
  }

  public String idempotencyKey() {
    return idempotencyKey;
  }

  public PublishIntent intent() {
    return intent;
  }

  public MeshAction action() {
    return action;
  }

  /** The properties of the summary of each snapshot that the request creates. */
  public Map<String, String> summary(ContractVersion contract) {
    Map<String, String> summary = new LinkedHashMap<>(intent.summary());
    summary.put(TableSnapshots.PRODUCT, product.toString());
    summary.put(TableSnapshots.PUBLISH_ID, publishId);
    summary.put(TableSnapshots.KEY_HASH, Sha256.hex(idempotencyKey));
    summary.put(TableSnapshots.CONTRACT_VERSION, contract.toString());
    return summary;
  }

  /**
   * The hash of the product, its major version, the mode, the scope, and the digest of the rows. It
   * does not include the contract version, so that a retry after an amendment returns the first
   * receipt. Files are read once for it, unless the caller set a digest. A promotion has the hash
   * of the request that staged its rows, so that a retry of that request finds the receipt.
   */
  public String fingerprint() {
    if (fingerprint == null) {
      fingerprint =
          Sha256.hex(
              product
                  + "\n"
                  + major
                  + "\n"
                  + intent.mode().text()
                  + intent.identity().map(scope -> "\n" + scope.length() + "\n" + scope).orElse("")
                  + "\n"
                  + rows.get());
    }
    return fingerprint;
  }
}
