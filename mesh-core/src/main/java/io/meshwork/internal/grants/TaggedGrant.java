package io.meshwork.internal.grants;

import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.access.Permission;
import io.meshwork.access.TagSelection;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.grants.ChangeSet.AffectedResources;
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

/** Grants the products and columns of a domain that have some tags. */
final class TaggedGrant extends RightsOperation<List<GrantSummary>>
    implements GrantSettings<TaggedGrant> {
  private final TagExpression where;
  private final GrantSpec<TaggedGrant> spec = new GrantSpec<>(this);

  private TaggedGrant(ClientSession session, TagExpression where) {
    super(session, MeshAction.of(Verb.GRANT, "where " + where));
    this.where = where;
  }

  static TaggedGrant of(ClientSession session, TagSelection where) {
    return new TaggedGrant(
        session, TagExpression.of(ArgumentChecks.required("where", where).values()));
  }

  @Override
  public GrantSpec<TaggedGrant> spec() {
    return spec;
  }

  private String domain() {
    List<String> domains = where.values().getOrDefault(PolicySnapshot.DOMAIN, List.of());
    if (domains.size() > 1) {
      throw Failure.of(action())
          .because("it names " + domains.size() + " domains, and each domain defines its own tags")
          .fix("Grant for each domain separately.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
    return domains.isEmpty()
        ? session().authorizer().requireOwnDomain(action()).domain()
        : domains.get(0);
  }

  @Override
  protected ChangeSet<List<GrantSummary>> propose(RightsDocuments documents, Instant now) {
    spec.check(action(), now);
    Grantor grantor = Grantor.of(session(), documents, domain(), Optional.empty(), spec, action());
    String domain = grantor.owner().domain().name();
    WholeDomainGrant domainGrant = new WholeDomainGrant(domain, spec.includesSensitive(), action());
    boolean isWholeDomain = where.values().keySet().equals(Set.of(PolicySnapshot.DOMAIN));
    if (isWholeDomain) {
      domainGrant.requireOwner(grantor);
    }
    GrantBuilder builder =
        new GrantBuilder(documents, grantor, action(), now)
            .includingSensitive(spec.includesSensitive());
    List<VersionedDocument> checks =
        isWholeDomain
            ? domainGrant.sensitivityChecks(grantor, 2 * spec.granteeCount())
            : List.of(grantor.owner().stored());
    PolicySnapshot snapshot =
        documents.ofDomain(grantor.owner(), spec.concerned(session().principal()), action());
    // Databases rarely have the tags of their tables, and listing tables requires DESCRIBE on them.
    for (StoredGrant grant :
        spec.describeGrants(
            grantor,
            new GrantTarget.ByTags(
                domain, PolicyType.DATABASE, TagExpression.of(PolicySnapshot.DOMAIN, domain)))) {
      builder.add(grant, snapshot);
    }
    for (StoredGrant grant :
        spec.grants(
            grantor,
            new GrantTarget.ByTags(domain, PolicyType.TABLE, where),
            Set.of(Permission.DESCRIBE, Permission.SELECT),
            List.of(),
            List.of(),
            Optional.empty())) {
      builder.add(grant, snapshot);
      requireNotSensitive(grantor, grant, snapshot);
    }
    List<Finding> findings = untagged(snapshot);
    if (isWholeDomain) {
      findings.add(0, domainGrant.wholeDomainWarning(snapshot));
    }
    return builder.proposal(
        builder.partition(), domain, AffectedResources.of(domain), checks, findings);
  }

  /** Rejects a grant to the whole mesh on data that is above INTERNAL now. */
  private void requireNotSensitive(Grantor grantor, StoredGrant grant, PolicySnapshot snapshot) {
    if (!SensitivityCheck.isToMesh(grant)) {
      return;
    }
    List<String> sensitive = SensitivityCheck.sensitiveProducts(snapshot, where);
    if (!sensitive.isEmpty() && grantor.authority().isPresent()) {
      throw session()
          .denied(
              grantor.owner().domain().name(),
              action(),
              SensitivityCheck.ownerOnly(
                  grantor, "a grant of data above INTERNAL to the mesh", action()));
    } else if (!sensitive.isEmpty() && grantor.isForOwner() && !spec.includesSensitive()) {
      throw SensitivityCheck.sensitiveToMesh(grantor.owner().domain().name(), sensitive, action());
    }
  }

  /** Lists products that the grant does not include because they lack a tag. */
  private List<Finding> untagged(PolicySnapshot snapshot) {
    List<Finding> notes = new ArrayList<>();
    for (TableRights table : snapshot.tables()) {
      List<String> missing =
          where.values().keySet().stream().filter(key -> !snapshot.hasTag(table, key)).toList();
      if (!missing.isEmpty()) {
        notes.add(
            new Finding(
                FindingCode.PRODUCT_UNTAGGED,
                Finding.Severity.NOTE,
                table.product().toString(),
                "is not included: it has no tag " + String.join(", ", missing),
                0,
                List.of(),
                "Tag it with access().tag(\"" + table.product() + "\")."));
      }
    }
    return notes;
  }
}
