package io.meshwork.internal.catalog;

import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.runtime.PrincipalText;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.Optional;

/**
 * The approval of an owner's request by a steward of another domain. Stateless.
 *
 * <p>It is judged whenever it is used: it does not count while the steward's account acts for the
 * owner's domain, nor if it did so at any time since the request.
 */
public final class OutsideApproval {
  private OutsideApproval() {}

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
                    .filter(owner -> !owner.hadAccountSince(account(approval), requestedAt))
                    .isPresent());
  }

  private static String account(VersionedDocument approval) {
    return PrincipalText.parse(approval.json().path("by").asText()).account();
  }
}
