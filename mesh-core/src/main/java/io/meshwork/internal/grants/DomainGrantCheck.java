package io.meshwork.internal.grants;

import io.meshwork.access.GrantCard;
import io.meshwork.access.Permission;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
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
import org.apache.avro.Schema;

/**
 * What is asked before a grant on all products of a domain, those to come too, however it is said.
 * Something narrower nearly always does, and the plan says what.
 *
 * @param includingSensitive true if it was said that products above INTERNAL are meant too
 */
record DomainGrantCheck(String domain, boolean includingSensitive, MeshAction action) {
  private static final int MOST_NAMED = 10;

  /** Actions of a transaction that are left for all else than contracts and grants. */
  private static final int OTHER_ACTIONS = 14;

  ChangeSet<List<GrantCard>> propose(
      ClientSession session, GrantSpec<?> terms, RightsDocuments documents, Instant now) {
    Grantor sharer = Grantor.of(session, documents, domain, Optional.empty(), terms, action);
    requireOwner(sharer);
    GrantBuilder granting =
        new GrantBuilder(documents, sharer, action, now).includingSensitive(includingSensitive);
    List<VersionedDocument> checks = requireHarmless(sharer, terms.count());
    PolicySnapshot world = documents.ofDomain(sharer.owner(), action);
    for (StoredGrant grant :
        terms.grantsAllowing(
            sharer,
            new GrantTarget.WholeDomain(domain),
            Set.of(Permission.DESCRIBE, Permission.SELECT),
            List.of(),
            List.of(),
            Optional.empty())) {
      granting.add(grant, world);
    }
    return granting.proposal(
        "Grant all of " + domain,
        RegistryKeys.partition(sharer.writes()),
        domain,
        AffectedResources.of(domain),
        checks,
        List.of(wide(world)));
  }

  /** No authorization does for all of a domain. */
  void requireOwner(Grantor sharer) {
    if (sharer.authority().isPresent()) {
      throw sharer
          .session()
          .denied(
              domain,
              action,
              SensitivityCheck.ownersAlone(sharer, "a grant on a whole domain", action));
    }
  }

  /**
   * Refuses what gives products above INTERNAL by the way.
   *
   * @param writes how many grants are written
   * @return what must not change until it is done: the domain, and the contracts that were looked
   *     at, as many of them as a transaction takes; in a domain of more than that the others may
   *     change meanwhile
   */
  List<VersionedDocument> requireHarmless(Grantor sharer, int writes) {
    List<VersionedDocument> checks = new ArrayList<>(List.of(sharer.owner().stored()));
    if (!sharer.owns() || includingSensitive) {
      return checks;
    }
    int most = Transaction.MAX_ACTIONS - OTHER_ACTIONS - writes;
    List<String> sensitive = new ArrayList<>();
    for (ProductEntry product : sharer.session().catalog().products(domain)) {
      VersionEntry version =
          sharer.session().catalog().requireVersion(product.name(), product.currentMajor(), action);
      List<String> columns =
          version.contract().schema().getFields().stream().map(Schema.Field::name).toList();
      if (SensitivityCheck.is(version.contract(), columns)) {
        sensitive.add(product.name().toString());
      }
      if (checks.size() + 2 <= most) {
        checks.add(product.stored());
        checks.add(version.majorStored());
      }
    }
    if (!sensitive.isEmpty()) {
      throw SensitivityCheck.inDomain(domain, sensitive, action);
    }
    return checks;
  }

  Finding wide(PolicySnapshot world) {
    List<String> each =
        world.tables().stream()
            .map(table -> "grant(\"" + table.product() + "\")")
            .limit(MOST_NAMED)
            .toList();
    return new Finding(
        "WHOLE_DOMAIN",
        Finding.Severity.WARNING,
        domain,
        "gives every product of the domain, and each that is defined later, whatever it holds",
        world.tables().size(),
        List.of(),
        "Narrower: "
            + (each.isEmpty() ? "" : String.join(", ", each) + "; or ")
            + "grantByTags(where(\"domain\").is(\""
            + domain
            + "\").and(\"classification\").in(\"public\", \"internal\")).");
  }
}
