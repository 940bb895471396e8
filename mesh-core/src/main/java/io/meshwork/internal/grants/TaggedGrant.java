package io.meshwork.internal.grants;

import io.meshwork.access.GrantByTags;
import io.meshwork.access.GrantCard;
import io.meshwork.access.Permission;
import io.meshwork.access.TagSelection;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.lakeformation.Resource.PolicyType;
import io.meshwork.internal.lakeformation.TagExpression;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rights.GrantTarget;
import io.meshwork.internal.rights.PolicySnapshot;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.rights.TableRights;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Grants what carries some tags of a domain. */
final class TaggedGrant implements GrantByTags, GrantDescription<GrantByTags> {
  private final ClientSession session;
  private final TagExpression where;
  private final GrantSpec<GrantByTags> terms = new GrantSpec<>(this);
  private final RightsChange<List<GrantCard>> change;

  private TaggedGrant(ClientSession session, TagExpression where) {
    this.session = session;
    this.where = where;
    this.change = new RightsChange<>(session, action(), this::proposal);
  }

  static TaggedGrant of(ClientSession session, TagSelection where) {
    return new TaggedGrant(
        session, TagExpression.of(ArgumentChecks.required("where", where).values()));
  }

  @Override
  public GrantSpec<GrantByTags> terms() {
    return terms;
  }

  @Override
  public RightsChange<List<GrantCard>> change() {
    return change;
  }

  private String domain() {
    List<String> named = where.values().getOrDefault(PolicySnapshot.DOMAIN, List.of());
    if (named.size() > 1) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot "
              + action()
              + ": it names "
              + named.size()
              + " domains, and tags are each domain's own. Nothing was changed. Grant for each"
              + " domain by itself.");
    }
    return named.isEmpty()
        ? session.authorizer().requireOwnDomain(action()).domain()
        : named.get(0);
  }

  private ChangeSet<List<GrantCard>> proposal(RightsDocuments documents, Instant now) {
    terms.check(action(), now);
    Grantor sharer = Grantor.of(session, documents, domain(), Optional.empty(), terms, action());
    String domain = sharer.owner().domain().name();
    DomainGrantCheck whole = new DomainGrantCheck(domain, terms.isEvenIfSensitive(), action());
    boolean all = where.values().keySet().equals(Set.of(PolicySnapshot.DOMAIN));
    terms.requireNoRequest(action(), "a request is for a product, and this is by tags");
    if (all) {
      whole.requireOwner(sharer);
    }
    GrantBuilder granting =
        new GrantBuilder(documents, sharer, action(), now)
            .includingSensitive(terms.isEvenIfSensitive());
    List<VersionedDocument> checks =
        all ? whole.requireHarmless(sharer, 2 * terms.count()) : List.of(sharer.owner().stored());
    PolicySnapshot world = documents.ofDomain(sharer.owner(), action());
    // Databases rarely carry what their tables do, and it takes DESCRIBE on them to find these.
    for (StoredGrant grant :
        terms.describing(
            sharer,
            new GrantTarget.ByTags(
                domain, PolicyType.DATABASE, TagExpression.of(PolicySnapshot.DOMAIN, domain)))) {
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
        RegistryKeys.partition(sharer.writes()),
        domain,
        AffectedResources.of(domain),
        checks,
        findings);
  }

  /** What is above INTERNAL now is not opened to everybody by the way. */
  private void requireClosed(Grantor sharer, StoredGrant grant, PolicySnapshot world) {
    if (!SensitivityCheck.isToMesh(grant)) {
      return;
    }
    List<String> sensitive = SensitivityCheck.chosen(world, where);
    if (!sensitive.isEmpty() && sharer.authority().isPresent()) {
      throw session.denied(
          sharer.owner().domain().name(),
          action(),
          SensitivityCheck.ownersAlone(
              sharer, "a grant of data above INTERNAL to the mesh", action()));
    } else if (!sensitive.isEmpty() && sharer.owns() && !terms.isEvenIfSensitive()) {
      throw SensitivityCheck.toMesh(sharer.owner().domain().name(), sensitive, action());
    }
  }

  /** Products that lack a key can come in only by being tagged. */
  private List<Finding> untagged(PolicySnapshot world) {
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
                "Tag it with access().tag(\"" + table.product() + "\")."));
      }
    }
    return notes;
  }

  private MeshAction action() {
    return MeshAction.of(Verb.GRANT, "where " + where);
  }
}
