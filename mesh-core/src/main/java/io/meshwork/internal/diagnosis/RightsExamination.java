package io.meshwork.internal.diagnosis;

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
import io.meshwork.internal.stewards.StewardOperations;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the grants of a domain's products that give nothing, because their conditions would reveal
 * hidden columns or fit no version, and approvals that do not count.
 */
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
      examine(product.name(), documents.versionsOfProduct(owner, product, action), now, findings);
      StewardOperations.examine(session, product.name(), findings);
    }
  }

  private static void examine(
      ProductName product, List<PolicySnapshot> versions, Instant now, List<Finding> findings) {
    Set<String> fitting = new HashSet<>();
    Map<String, StoredGrant> others = new LinkedHashMap<>();
    Set<String> ids = new HashSet<>();
    for (PolicySnapshot version : versions) {
      for (StoredGrant grant : version.grants()) {
        if (!grant.isInForce(now) || grant.product().filter(product::equals).isEmpty()) {
          continue;
        } else if (!version.isApplicable(grant)) {
          others.put(grant.id(), grant);
          continue;
        }
        fitting.add(grant.id());
        List<String> hidden = version.hiddenInCondition(grant, now);
        if (!hidden.isEmpty() && ids.add(grant.id())) {
          int major = version.table(product).orElseThrow().fields().major();
          findings.add(revealing(product, grant, major, String.join(", ", hidden)));
        }
      }
    }
    others.keySet().removeAll(fitting);
    others
        .values()
        .forEach(
            grant ->
                findings.add(
                    finding(
                        product,
                        "Grant "
                            + grant.id()
                            + " gives nothing: its condition names columns that no version has.",
                        "Revoke it, or grant other rows.")));
  }

  private static Finding revealing(
      ProductName product, StoredGrant grant, int major, String columns) {
    String gives = " gives nothing of major version " + major + ": its condition names " + columns;
    return grant
        .recipientAccount()
        .map(
            account ->
                finding(
                    product,
                    "Grant "
                        + grant.id()
                        + ", passed on in account '"
                        + account
                        + "',"
                        + gives
                        + ", which the account may not read.",
                    "Revoke it, or share these columns with the account."))
        .orElseGet(
            () ->
                finding(
                    product,
                    "Grant " + grant.id() + gives + ", more sensitive than was agreed with it.",
                    "Revoke it, or grant it again with includeSensitive()."));
  }

  private static Finding finding(ProductName product, String what, String fix) {
    return new Finding(
        FindingCode.CONDITION_REVEALS,
        Finding.Severity.WARNING,
        product.toString(),
        what,
        0,
        List.of(),
        fix);
  }
}
