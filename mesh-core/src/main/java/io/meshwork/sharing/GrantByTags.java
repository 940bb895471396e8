package io.meshwork.sharing;

import io.meshwork.access.Permission;
import io.meshwork.access.Resource.PolicyType;
import io.meshwork.access.TagExpression;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.internal.rights.GrantTarget;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.RightsWorld;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.rights.TableRights;
import io.meshwork.internal.runtime.Arguments;
import io.meshwork.internal.session.Session;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Grants whatever of a domain carries some tags, now and later: products, and columns that carry
 * others than their product. What is needed is a pair, and both are given: DESCRIBE on the domain,
 * and the permissions on its products. The tag {@code domain} names the domain; without it the
 * caller's own is meant. Gives two grants for each grantee: on the domain, and on its products. The
 * plan notes what is left out for want of a tag. The tag {@code domain} alone is the whole domain,
 * and is treated so. One thread; committed once.
 */
public final class GrantByTags implements GrantOperation<GrantByTags> {
  private final Session session;
  private final TagExpression where;
  private final GrantTerms<GrantByTags> terms = new GrantTerms<>(this);
  private final RightsChange<List<GrantCard>> change;

  private GrantByTags(Session session, TagExpression where) {
    this.session = session;
    this.where = where;
    this.change = new RightsChange<>(session, doing(), this::proposal);
  }

  /** Called by {@code MeshClient.grantByTags}. */
  public static GrantByTags of(Session session, TagChoice where) {
    return new GrantByTags(session, Arguments.given("where", where).expression());
  }

  @Override
  public GrantTerms<GrantByTags> terms() {
    return terms;
  }

  @Override
  public RightsChange<List<GrantCard>> change() {
    return change;
  }

  private String domain() {
    List<String> named = where.values().getOrDefault(RightsWorld.DOMAIN, List.of());
    if (named.size() > 1) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot "
              + doing()
              + ": it names "
              + named.size()
              + " domains, and tags are each domain's own. Nothing was changed. Grant for each"
              + " domain by itself.");
    }
    return named.isEmpty() ? session.admission().ownDomain(doing()).domain() : named.get(0);
  }

  private Proposal<List<GrantCard>> proposal(RightsDocuments documents, Instant now) {
    terms.check(doing(), now);
    Sharer sharer = Sharer.of(session, documents, domain(), Optional.empty(), terms, doing());
    String domain = sharer.owner().domain().name();
    WholeDomain whole = new WholeDomain(domain, terms.isEvenIfSensitive(), doing());
    boolean all = where.values().keySet().equals(Set.of(RightsWorld.DOMAIN));
    terms.requireNoRequest(doing(), "a request is for a product, and this is by tags");
    if (all) {
      whole.requireOwner(sharer);
    }
    Granting granting = new Granting(documents, sharer, doing(), now);
    List<Stored> checks =
        all ? whole.requireHarmless(sharer, 2 * terms.count()) : List.of(sharer.owner().stored());
    RightsWorld world = documents.ofDomain(sharer.owner(), doing());
    // Databases rarely carry what their tables do, and it takes DESCRIBE on them to find these.
    for (StoredGrant grant :
        terms.describing(
            sharer,
            new GrantTarget.ByTags(
                domain, PolicyType.DATABASE, TagExpression.of(RightsWorld.DOMAIN, domain)))) {
      granting.add(grant, world);
    }
    for (StoredGrant grant :
        terms.grantsAllowing(
            sharer,
            new GrantTarget.ByTags(domain, PolicyType.TABLE, where),
            Set.of(Permission.DESCRIBE, Permission.SELECT),
            List.of(),
            List.of(),
            Optional.empty())) {
      granting.add(grant, world);
      requireClosed(sharer, grant, world);
    }
    List<Finding> findings = untagged(world);
    if (all) {
      findings.add(0, whole.wide(world));
    }
    return granting.proposal(
        "Grant " + where,
        Keys.partition(sharer.writes()),
        domain,
        Reach.of(domain),
        checks,
        findings);
  }

  /** What is above INTERNAL now is not opened to everybody by the way. */
  private void requireClosed(Sharer sharer, StoredGrant grant, RightsWorld world) {
    if (!Sensitive.isToMesh(grant)) {
      return;
    }
    List<String> sensitive = Sensitive.chosen(world, where);
    if (!sensitive.isEmpty() && sharer.authority().isPresent()) {
      throw session.denied(
          sharer.owner().domain().name(),
          doing(),
          Sensitive.ownersAlone(sharer, "a grant of data above INTERNAL to the mesh", doing()));
    } else if (!sensitive.isEmpty() && sharer.owns() && !terms.isEvenIfSensitive()) {
      throw Sensitive.toMesh(sharer.owner().domain().name(), sensitive, doing());
    }
  }

  /** Products that lack a key can come in only by being tagged. */
  private List<Finding> untagged(RightsWorld world) {
    List<Finding> notes = new ArrayList<>();
    for (TableRights table : world.tables()) {
      List<String> lacking =
          where.values().keySet().stream().filter(key -> !world.carries(table, key)).toList();
      if (!lacking.isEmpty()) {
        notes.add(
            new Finding(
                "UNTAGGED",
                Finding.Severity.NOTE,
                table.product().toString(),
                "is not tagged with " + String.join(", ", lacking) + ": not included",
                0,
                List.of(),
                "Tag it with tag(\"" + table.product() + "\")."));
      }
    }
    return notes;
  }

  private String doing() {
    return "grant where " + where;
  }
}
