package io.meshwork.internal.staging;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.contract.OnViolation;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ingest.StagedRows;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.publish.run.PublishOptions;
import io.meshwork.internal.receipts.PublishIntent;
import io.meshwork.internal.receipts.PublishRequest;
import io.meshwork.internal.replacement.BaseSnapshot;
import io.meshwork.internal.table.StagedFiles;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * The document of a staged publish: its files, what it does, and what it is based on. Immutable.
 *
 * @param idempotencyKey the key under which it is promoted
 * @param fingerprint distinguishes the request from another under the same key
 * @param by who staged it
 * @param terms the options that are stored for the promotion
 * @param bases the newest snapshot of each major version at the time of staging
 * @param erasedBy the erase that removed it; empty if none did
 */
record StagedEntry(
    @JsonUnwrapped StagedFiles files,
    ProductName product,
    String idempotencyKey,
    String fingerprint,
    ContractVersion contractVersion,
    Principal by,
    @JsonUnwrapped PublishIntent intent,
    StagedTerms terms,
    Map<Integer, BaseSnapshot> bases,
    Optional<String> erasedBy) {
  static final String FINGERPRINT = "fingerprint";

  /** The field with the hash of the idempotency key of the erase that removed the files. */
  private static final String ERASED_UNDER = "erasedUnder";

  /**
   * The options of a staged publish that its promotion needs.
   *
   * @param only true if it publishes to one major version alone
   * @param contentDigest the caller's digest of the rows
   * @param onViolation the caller's policy for violations
   * @param rowsDigest the digest of the offered rows; empty if it was not computed
   */
  record StagedTerms(
      boolean only,
      boolean allowEmpty,
      boolean verifyReplay,
      Optional<String> contentDigest,
      Optional<OnViolation> onViolation,
      Optional<String> rowsDigest) {
    static StagedTerms of(PublishOptions options, Optional<String> rowsDigest) {
      return new StagedTerms(
          options.only(),
          options.allowEmpty(),
          options.verifyReplay(),
          Optional.ofNullable(options.contentDigest()),
          Optional.ofNullable(options.policy()),
          rowsDigest);
    }
  }

  static StagedEntry of(VersionedDocument stored) {
    return DocumentCodec.of(StagedEntry.class).read(stored);
  }

  /** What the registry has of this staged publish now; empty if it was promoted or discarded. */
  Optional<StagedEntry> now(Ledger ledger) {
    return ledger
        .read(RegistryKeys.staged(product, idempotencyKey))
        .map(StagedEntry::of)
        .filter(now -> now.files().publishId().equals(files.publishId()));
  }

  /** The document of a new staged publish. */
  static ObjectNode document(
      PublishRequest request,
      ContractVersion contract,
      StagedTerms terms,
      Map<Integer, BaseSnapshot> bases,
      Principal stagedBy,
      Instant stagedAt,
      StagedRows rows) {
    VersionedDocument none =
        new VersionedDocument(
            RegistryKeys.staged(request.product(), request.idempotencyKey()),
            JsonNodeFactory.instance.objectNode(),
            "");
    return DocumentCodec.toJson(
        new StagedEntry(
            StagedFiles.of(
                request.publishId(),
                request.major(),
                stagedAt,
                rows.fitting(),
                rows.malformed(),
                none),
            request.product(),
            request.idempotencyKey(),
            request.fingerprint(),
            contract,
            stagedBy,
            request.intent(),
            terms,
            bases,
            Optional.empty()));
  }

  /**
   * The document after an erase removed the rows: without the filter.
   *
   * @param publishId the ID of this attempt of the erase
   * @param keyHash the hash of its idempotency key, which all attempts have
   */
  ObjectNode erased(String publishId, String keyHash) {
    ObjectNode json = files.erased();
    json.remove(PublishIntent.SCOPE);
    return json.put(StagedFiles.ERASED_BY, publishId).put(ERASED_UNDER, keyHash);
  }

  /** True if the erase with this hash of its idempotency key removed the files. */
  boolean isErasedUnder(String keyHash) {
    return files.stored().json().path(ERASED_UNDER).asText().equals(keyHash);
  }
}
