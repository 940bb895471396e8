package io.meshwork.internal.catalog;

import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.Optional;

/**
 * The approval of an owner's request by a steward of another domain, in stored form. Immutable.
 *
 * <p>It is judged whenever it is used: it does not count while the steward's account acts for the
 * owner's domain, nor if it did so at any time since the request.
 *
 * @param request the ID of the request
 */
public record OutsideApproval(String request, Principal by, Instant at) {
  public static OutsideApproval of(VersionedDocument stored) {
    return DocumentCodec.of(OutsideApproval.class).read(stored);
  }

  /**
   * Finds the document of the approval that counts; empty if there is none.
   *
   * @param governance the governance partition of the catalog with the product
   * @param request the ID of the request
   * @param requestedAt when the owner requested it
   */
  public static Optional<VersionedDocument> find(
      Ledger ledger, String governance, ProductName product, String request, Instant requestedAt) {
    return ledger
        .read(RegistryKeys.stewardApproval(governance, product, request))
        .filter(
            approval ->
                ledger
                    .read(RegistryKeys.domain(governance, product.domain()))
                    .map(DomainEntry::of)
                    .filter(
                        owner -> !owner.hadAccountSince(of(approval).by().account(), requestedAt))
                    .isPresent());
  }
}
