package io.meshwork.internal.grants;

import io.meshwork.access.AccessClient;
import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.explain.AccessSummaries;
import io.meshwork.internal.grants.ChangeSet.AffectedResources;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rights.AccessFormatter;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Plan.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Revokes grants. */
final class GrantRevocation extends RightsOperation<List<GrantSummary>>
    implements AccessClient.Revoke<List<GrantSummary>> {
  private final Set<String> ids;
  private boolean cascades;
  private @Nullable ProductOrDomain resource;
  private @Nullable String because;

  private GrantRevocation(ClientSession session, Set<String> ids) {
    super(session, MeshAction.of(Verb.REVOKE, String.join(", ", ids)));
    this.ids = ids;
  }

  static GrantRevocation of(ClientSession session, String... ids) {
    Set<String> distinct = new TreeSet<>(ArgumentChecks.all("ids", ids));
    distinct.forEach(id -> StoredIds.requireOrKey("ids", id, "access().grants()"));
    if (distinct.isEmpty()) {
      throw ArgumentChecks.refused("ids", "is empty", "Name grants that access().grants() lists.");
    }
    return new GrantRevocation(session, distinct);
  }

  @Override
  public AccessClient.Revoke<List<GrantSummary>> cascade() {
    cascades = true;
    return this;
  }

  @Override
  public AccessClient.Revoke<List<GrantSummary>> on(CharSequence productOrDomain) {
    resource = ProductOrDomain.of(ArgumentChecks.required("productOrDomain", productOrDomain));
    return this;
  }

  @Override
  public AccessClient.Revoke<List<GrantSummary>> because(String reason) {
    because = ArgumentChecks.text("because", reason);
    return this;
  }

  @Override
  protected ChangeSet<List<GrantSummary>> propose(RightsDocuments documents, Instant now) {
    if (resource != null) {
      DomainEntry owner = session().catalog().requireDomain(resource.domain(), action());
      resource
          .product()
          .ifPresent(product -> session().catalog().requireProduct(product, action()));
      if (!owner.domain().accounts().contains(session().principal().account())) {
        return executorChangeSet(owner, resource, documents, now);
      }
    }
    String own = session().authorizer().requireOwnDomain(action()).domain();
    Optional<Map<VersionedDocument, StoredGrant>> grants =
        GrantFinder.ofOwnerByIds(
            documents, own, Optional.ofNullable(resource).flatMap(ProductOrDomain::product), ids);
    List<String> partitions =
        grants.isPresent() ? List.of(RegistryKeys.partition(own)) : partitions(documents, own);
    // Audits of products of others read the log of what the domain does as a consumer.
    String partition = partitions.get(partitions.size() - 1);
    ChangeSet.Policy policy = new ChangeSet.Policy(partition, documents.policy(partition));
    List<ChangeSet.Write> policies =
        partitions.stream()
            .filter(each -> !each.equals(partition))
            .map(each -> nextPolicy(documents, each))
            .toList();
    Map<VersionedDocument, StoredGrant> all = new LinkedHashMap<>();
    grants.ifPresentOrElse(
        all::putAll,
        () ->
            partitions.forEach(
                each -> all.putAll(GrantFinder.writtenIn(session(), documents, own, each))));
    UncoveredDocuments uncovered =
        partitions.contains(RegistryKeys.partition(own))
            ? UncoveredDocuments.named(documents, own, RegistryKeys.GRANTS, ids)
            : UncoveredDocuments.NONE;
    all.putAll(uncovered.grants());
    // The grants of a guest are in another catalog than its domain.
    List<VersionedDocument> checks =
        session().catalog().areInOneCatalog(partition, RegistryKeys.partition(own))
            ? List.of(session().catalog().requireDomain(own, action()).stored())
            : List.of();
    return changeSet(
        policy, policies, new Subject(partition, own), all, selected(all), uncovered, checks);
  }

  /** Revokes grants that the caller's account created for the owner. */
  private ChangeSet<List<GrantSummary>> executorChangeSet(
      DomainEntry owner, ProductOrDomain on, RightsDocuments documents, Instant now) {
    String writer = RegistryKeys.executorPartition(on.domain(), session().principal().account());
    ChangeSet.Policy policy = new ChangeSet.Policy(writer, documents.policy(writer));
    GrantorAuthority authority =
        GrantorAuthority.of(session(), documents, owner, on.product(), Optional.empty());
    Map<VersionedDocument, StoredGrant> all = GrantFinder.executedIn(documents, on, writer);
    Map<VersionedDocument, StoredGrant> revoked = selected(all);
    List<VersionedDocument> checks = new ArrayList<>(List.of(owner.stored()));
    revoked
        .values()
        .forEach(grant -> checks.addAll(authority.revocationChecks(grant, now, action())));
    return changeSet(
        policy,
        List.of(),
        new Subject(writer, on.name()),
        all,
        revoked,
        UncoveredDocuments.NONE,
        checks);
  }

  /** The subject of the log entry, and the partition of the log. */
  private record Subject(String partition, String name) {}

  /** Returns the next revision of a further partition's policy document. */
  private static ChangeSet.Write nextPolicy(RightsDocuments documents, String partition) {
    Optional<VersionedDocument> stored = documents.policy(partition);
    return new ChangeSet.Write(
        RegistryKeys.policy(partition), stored, Optional.of(RightsDocuments.nextRevision(stored)));
  }

  private ChangeSet<List<GrantSummary>> changeSet(
      ChangeSet.Policy policy,
      List<ChangeSet.Write> policies,
      Subject subject,
      Map<VersionedDocument, StoredGrant> all,
      Map<VersionedDocument, StoredGrant> revoked,
      UncoveredDocuments uncovered,
      List<VersionedDocument> checks) {
    List<ChangeSet.Write> writes = new ArrayList<>();
    List<Step> steps = new ArrayList<>();
    List<GrantSummary> summaries = new ArrayList<>();
    AffectedResources affected = AffectedResources.none();
    revoked.forEach(
        (stored, grant) -> {
          writes.add(new ChangeSet.Write(stored.key(), Optional.of(stored), Optional.empty()));
          summaries.add(AccessSummaries.grant(grant));
          steps.add(
              new Step(
                  "revoke",
                  grant.on().toString(),
                  AccessFormatter.permissions(grant.permissions())
                      + " from "
                      + AccessFormatter.grantee(grant.to()),
                  "grant it again"));
        });
    uncovered.addRemovals(writes, steps);
    if (!writes.isEmpty()) {
      writes.addAll(policies);
    }
    for (StoredGrant grant : revoked.values()) {
      affected =
          grant.product().isPresent()
              ? affected.and(grant.product().get())
              : affected.and(grant.on().domain());
    }
    Set<String> existingIds = new TreeSet<>(summaries.stream().map(GrantSummary::id).toList());
    existingIds.addAll(uncovered.names());
    return new ChangeSet<>(
        new ChangeSet.Entry(
            subject.partition(),
            MeshEvent.Type.GRANT_REVOKED.text(),
            subject.name(),
            new EventDetails.GrantChange(
                revoked.values().stream().map(AccessSummaries::logged).toList(),
                Optional.ofNullable(because))),
        policy,
        writes,
        checks,
        steps,
        notes(all, revoked, existingIds),
        affected,
        List.copyOf(summaries));
  }

  /** Returns the partitions of the grants: one transaction revokes the grants of one catalog. */
  private List<String> partitions(RightsDocuments documents, String own) {
    List<String> partitions = GrantFinder.partitionsOf(session(), documents, own, ids);
    if (partitions.stream().map(session().catalog()::governanceOf).distinct().count() > 1) {
      throw Failure.of(action())
          .because(
              "these grants are in several catalogs ("
                  + String.join(", ", partitions)
                  + "), and a transaction writes to one catalog")
          .fix("Revoke the grants of each catalog separately.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
    return partitions.isEmpty() ? List.of(RegistryKeys.partition(own)) : partitions;
  }

  private Map<VersionedDocument, StoredGrant> selected(Map<VersionedDocument, StoredGrant> all) {
    Map<VersionedDocument, StoredGrant> selected = new LinkedHashMap<>();
    all.forEach(
        (stored, grant) -> {
          if (ids.contains(grant.id())) {
            selected.put(stored, grant);
          }
        });
    boolean isComplete = !cascades;
    while (!isComplete) {
      isComplete = true;
      for (Map.Entry<VersionedDocument, StoredGrant> each : all.entrySet()) {
        if (!selected.containsKey(each.getKey())
            && selected.values().stream().anyMatch(one -> passesOn(one, each.getValue()))) {
          selected.put(each.getKey(), each.getValue());
          isComplete = false;
        }
      }
    }
    return selected;
  }

  /** Returns true if the grantee of the first grant created the other one by its grant option. */
  private static boolean passesOn(StoredGrant first, StoredGrant other) {
    return first.grantOption()
        && other.recipientAccount().isPresent()
        && first.to().kind() == Grantee.Kind.PRINCIPAL
        && first.on().domain().equals(other.on().domain())
        && AccessFormatter.grantee(first.to()).equals(other.executedBy());
  }

  private List<Finding> notes(
      Map<VersionedDocument, StoredGrant> all,
      Map<VersionedDocument, StoredGrant> revoked,
      Set<String> existingIds) {
    List<Finding> notes = new ArrayList<>();
    for (String id : ids) {
      if (!existingIds.contains(id)) {
        notes.add(
            note(
                FindingCode.NOTHING_TO_REMOVE,
                id,
                "is not a grant of "
                    + (resource == null ? "this domain" : resource.name())
                    + ", so there is nothing to revoke"));
      }
    }
    all.forEach(
        (stored, grant) -> {
          if (!revoked.containsKey(stored)
              && revoked.values().stream().anyMatch(one -> passesOn(one, grant))) {
            notes.add(
                note(
                    FindingCode.DEPENDENT_GRANT_STAYS,
                    grant.id(),
                    "was passed on from one of these and stays; cascade() revokes it too"));
          }
        });
    return notes;
  }

  private static Finding note(FindingCode code, String where, String what) {
    return new Finding(
        code, Finding.Severity.NOTE, where, what, 0, List.of(), "access().grants() lists them.");
  }
}
