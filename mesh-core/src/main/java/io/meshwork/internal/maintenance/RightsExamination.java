package io.meshwork.internal.maintenance;

import io.meshwork.error.BackendException;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.rights.PolicySnapshot;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.session.ClientSession;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds the grants of a domain's products whose conditions would reveal hidden columns. */
final class RightsExamination {
  private final ClientSession session;
  private final String domain;

  RightsExamination(ClientSession session, String domain) {
    this.session = session;
    this.domain = domain;
  }

  /**
   * Adds the findings. Damaged documents are findings of other examinations.
   *
   * @throws BackendException if the registry failed and a retry may succeed
   */
  void examine(List<Finding> findings) {
    try {
      session.catalog().findDomain(domain).ifPresent(owner -> examine(owner, findings));
    } catch (MeshException e) {
      if (e instanceof BackendException failed && failed.retryable()) {
        throw e;
      }
    }
  }

  private void examine(DomainEntry owner, List<Finding> findings) {
    RightsDocuments documents = session.rights().with(Map.of());
    Instant now = session.runtime().clock().instant();
    MeshAction action = MeshAction.of(Verb.CHECK, "the grants of " + domain);
    for (ProductEntry product : session.catalog().products(domain)) {
      Set<String> found = new LinkedHashSet<>();
      for (PolicySnapshot version : documents.versionsOfProduct(owner, product, action)) {
        for (StoredGrant grant : version.grants()) {
          if (grant.isInForce(now)
              && grant.product().filter(product.name()::equals).isPresent()
              && !version.hiddenInCondition(grant, now).isEmpty()
              && found.add(grant.id())) {
            findings.add(finding(product, grant));
          }
        }
      }
    }
  }

  private static Finding finding(ProductEntry product, StoredGrant grant) {
    return new Finding(
        FindingCode.CONDITION_REVEALS,
        Finding.Severity.WARNING,
        product.name().toString(),
        grant
            .recipientAccount()
            .map(
                account ->
                    "Grant "
                        + grant.id()
                        + ", passed on in account '"
                        + account
                        + "', gives nothing: its condition names columns that the account may not"
                        + " read.")
            .orElseGet(
                () ->
                    "Grant "
                        + grant.id()
                        + " gives nothing: the columns that its condition names are more sensitive"
                        + " than when it was created."),
        0,
        List.of(),
        grant.recipientAccount().isPresent()
            ? "Revoke it, or share these columns with the account."
            : "Revoke it, or grant it again with includingSensitive().");
  }
}
