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
import java.util.Optional;
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
      List<PolicySnapshot> versions = documents.versionsOfProduct(owner, product, action);
      Set<String> applicable = new LinkedHashSet<>();
      versions.forEach(
          version ->
              version.grants().stream()
                  .filter(version::isApplicable)
                  .forEach(grant -> applicable.add(grant.id())));
      Set<String> found = new LinkedHashSet<>();
      for (PolicySnapshot version : versions) {
        for (StoredGrant grant : version.grants()) {
          List<String> hidden =
              version.isApplicable(grant) || !applicable.contains(grant.id())
                  ? version.hiddenInCondition(grant, now)
                  : List.of();
          if (grant.isInForce(now)
              && grant.product().filter(product.name()::equals).isPresent()
              && !hidden.isEmpty()
              && found.add(grant.id())) {
            findings.add(finding(product, grant, version.isApplicable(grant), hidden));
          }
        }
      }
    }
  }

  /**
   * Returns the finding of a grant that gives nothing.
   *
   * @param isApplicable false if its condition fits no version
   */
  private static Finding finding(
      ProductEntry product, StoredGrant grant, boolean isApplicable, List<String> hidden) {
    Optional<String> account = grant.recipientAccount();
    String columns = String.join(", ", hidden);
    return new Finding(
        FindingCode.CONDITION_REVEALS,
        Finding.Severity.WARNING,
        product.name().toString(),
        "Grant "
            + grant.id()
            + account.map(each -> ", passed on in account '" + each + "',").orElse("")
            + " gives nothing: its condition names columns that "
            + (isApplicable
                ? account.map(each -> "the account may not read").orElse("are more sensitive than agreed with it") + ": " + columns
                : "no version has")
            + ".",
        0,
        List.of(),
        !isApplicable
            ? "Revoke it, or grant other rows."
            : account.isPresent()
                ? "Revoke it, or share these columns with the account."
                : "Revoke it, or grant it again with includingSensitive().");
  }
}
