package io.meshwork.internal.grants;

import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.access.Permission;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.grants.ChangeSet.AffectedResources;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rights.GrantTarget;
import io.meshwork.internal.rights.PolicySnapshot;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.registry.Registry.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A grant on all products of a domain, including later ones. A narrower grant nearly always
 * suffices; the plan suggests one. Immutable.
 *
 * @param includingSensitive true if the grant includes products above INTERNAL
 */
record WholeDomainGrant(String domain, boolean includingSensitive, MeshAction action) {
  private static final int MAX_LISTED = 10;

  /** Actions of a transaction that are reserved for documents other than contracts and grants. */
  private static final int OTHER_ACTIONS = 14;

  ChangeSet<List<GrantSummary>> propose(
      ClientSession session, GrantSpec<?> spec, RightsDocuments documents, Instant now) {
    Grantor grantor = Grantor.of(session, documents, domain, Optional.empty(), spec, action);
    requireOwner(grantor);
    GrantBuilder builder =
        new GrantBuilder(documents, grantor, action, now).includingSensitive(includingSensitive);
    List<VersionedDocument> checks = sensitivityChecks(grantor, spec.granteeCount());
    PolicySnapshot snapshot =
        documents.ofDomain(grantor.owner(), spec.concerned(session.principal()), action);
    for (StoredGrant grant :
        spec.grants(
            grantor,
            new GrantTarget.WholeDomain(domain),
            Set.of(Permission.DESCRIBE, Permission.SELECT),
            List.of(),
            List.of(),
            Optional.empty())) {
      builder.add(grant, snapshot);
    }
    return builder.proposal(
        RegistryKeys.partition(grantor.writingDomain()),
        domain,
        AffectedResources.of(domain),
        checks,
        List.of(wholeDomainWarning(snapshot)));
  }

  /** Rejects executors: no authorization allows a grant on a whole domain. */
  void requireOwner(Grantor grantor) {
    if (grantor.authority().isPresent()) {
      throw grantor
          .session()
          .denied(
              domain,
              action,
              SensitivityCheck.ownerOnly(grantor, "a grant on a whole domain", action));
    }
  }

  /**
   * Rejects a grant on products above INTERNAL, unless the caller includes them.
   *
   * @param writes the number of grants to write
   * @return the documents that must not change before the commit: the domain and the checked
   *     contracts, as many as fit into a transaction. In a larger domain the others may change
   */
  List<VersionedDocument> sensitivityChecks(Grantor grantor, int writes) {
    List<VersionedDocument> checks = new ArrayList<>(List.of(grantor.owner().stored()));
    if (!grantor.isForOwner() || includingSensitive) {
      return checks;
    }
    int maxChecks = Transaction.MAX_ACTIONS - OTHER_ACTIONS - writes;
    List<String> sensitive = new ArrayList<>();
    for (ProductEntry product : grantor.session().catalog().products(domain)) {
      List<VersionEntry> versions = grantor.session().catalog().liveMajors(product, action);
      if (versions.stream().anyMatch(SensitivityCheck::isSensitive)) {
        sensitive.add(product.name().toString());
      }
      if (checks.size() + 1 + versions.size() <= maxChecks) {
        checks.add(product.stored());
        versions.forEach(version -> checks.add(version.majorStored()));
      }
    }
    if (!sensitive.isEmpty()) {
      throw SensitivityCheck.sensitiveDomain(domain, sensitive, action);
    }
    return checks;
  }

  Finding wholeDomainWarning(PolicySnapshot snapshot) {
    List<String> narrower =
        snapshot.tables().stream()
            .map(table -> "grant(\"" + table.product() + "\")")
            .limit(MAX_LISTED)
            .toList();
    return new Finding(
        FindingCode.WHOLE_DOMAIN,
        Finding.Severity.WARNING,
        domain,
        "includes every product of the domain, and each one that is defined later",
        snapshot.tables().size(),
        List.of(),
        "Narrower: "
            + (narrower.isEmpty() ? "" : String.join(", ", narrower) + "; or ")
            + "grantByTags(where(\"domain\", \""
            + domain
            + "\").and(\"classification\", \"public\", \"internal\")).");
  }
}
