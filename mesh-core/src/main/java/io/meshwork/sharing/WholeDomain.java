package io.meshwork.sharing;

import io.meshwork.access.Permission;
import io.meshwork.error.Finding;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.internal.rights.GrantTarget;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.RightsWorld;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.session.Session;
import io.meshwork.registry.Transaction;
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
 * @param evenIfSensitive true if it was said that products above INTERNAL are meant too
 */
record WholeDomain(String domain, boolean evenIfSensitive, String doing) {
  private static final int MOST_NAMED = 10;

  /** Actions of a transaction that are left for all else than contracts and grants. */
  private static final int OTHER_ACTIONS = 14;

  Proposal<List<GrantCard>> propose(
      Session session, GrantTerms<?> terms, RightsDocuments documents, Instant now) {
    Sharer sharer = Sharer.of(session, documents, domain, Optional.empty(), terms, doing);
    requireOwner(sharer);
    Granting granting = new Granting(documents, sharer, doing, now);
    List<Stored> checks = requireHarmless(sharer, terms.count());
    RightsWorld world = documents.ofDomain(sharer.owner(), doing);
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
        Keys.partition(sharer.writes()),
        domain,
        Reach.of(domain),
        checks,
        List.of(wide(world)));
  }

  /** No authorization does for all of a domain. */
  void requireOwner(Sharer sharer) {
    if (sharer.authority().isPresent()) {
      throw sharer
          .session()
          .denied(domain, doing, Sensitive.ownersAlone(sharer, "a grant on a whole domain", doing));
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
  List<Stored> requireHarmless(Sharer sharer, int writes) {
    List<Stored> checks = new ArrayList<>(List.of(sharer.owner().stored()));
    if (!sharer.owns() || evenIfSensitive) {
      return checks;
    }
    int most = Transaction.MAX_ACTIONS - OTHER_ACTIONS - writes;
    List<String> sensitive = new ArrayList<>();
    for (ProductEntry product : sharer.session().catalog().products(domain)) {
      VersionEntry version =
          sharer.session().catalog().requireVersion(product.name(), product.currentMajor(), doing);
      List<String> columns =
          version.contract().schema().getFields().stream().map(Schema.Field::name).toList();
      if (Sensitive.is(version.contract(), columns)) {
        sensitive.add(product.name().toString());
      }
      if (checks.size() + 2 <= most) {
        checks.add(product.stored());
        checks.add(version.majorStored());
      }
    }
    if (!sensitive.isEmpty()) {
      throw Sensitive.inDomain(domain, sensitive, doing);
    }
    return checks;
  }

  Finding wide(RightsWorld world) {
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
