package io.meshwork.internal.grants;

import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.explain.AccessSummaries;
import io.meshwork.internal.grants.ChangeSet.AffectedResources;
import io.meshwork.internal.lakeformation.AccessState;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.lakeformation.evaluation.AccessEvaluator;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rights.AccessFormatter;
import io.meshwork.internal.rights.GrantTarget;
import io.meshwork.internal.rights.PolicySnapshot;
import io.meshwork.internal.rights.ProductColumns;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.StoredAuthorization;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.rights.TableRights;
import io.meshwork.operation.Plan.Step;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.iceberg.Schema;

/** Collects grants and proposes to write the new and changed ones. For one thread. */
final class GrantBuilder {
  private final RightsDocuments documents;
  private final Grantor grantor;
  private final MeshAction action;
  private final Instant at;
  private final ChangeSet.Policy policy;
  private final List<StoredGrant> grants = new ArrayList<>();
  private final List<StoredGrant> written = new ArrayList<>();
  private final List<ChangeSet.Write> writes = new ArrayList<>();
  private final List<Step> steps = new ArrayList<>();
  private final List<GrantSummary> summaries = new ArrayList<>();
  private final List<EventDetails.LoggedGrant> logged = new ArrayList<>();
  private final Set<VersionedDocument> authorizations = new LinkedHashSet<>();
  private boolean amends;
  private boolean renewsAgreement;
  private boolean includesSensitive;

  /** Creates a builder. Only authorizations may be read before it, because it reads the policy. */
  GrantBuilder(RightsDocuments documents, Grantor grantor, MeshAction action, Instant at) {
    this.documents = documents;
    this.grantor = grantor;
    this.action = action;
    this.at = at;
    this.policy =
        new ChangeSet.Policy(grantor.writingDomain(), documents.policy(grantor.writingDomain()));
  }

  /**
   * Adds a grant.
   *
   * @param snapshot the grants before any is added
   * @throws io.meshwork.error.MeshException if a rule rejects it
   */
  void add(StoredGrant requested, PolicySnapshot snapshot) {
    StoredGrant proposed =
        identified(
            grantor
                .authority()
                .map(authority -> authorized(authority, requested, snapshot))
                .orElse(requested),
            snapshot);
    Optional<VersionedDocument> stored = documents.read(grantor.key(proposed));
    Optional<StoredGrant> existing =
        stored
            .flatMap(document -> document.readAs(StoredGrant::of))
            .map(grant -> withCurrentNames(grant, snapshot))
            .filter(grant -> grantor.authority().isEmpty() || hasId(grant.id(), snapshot));
    proposed = withAgreement(proposed, existing, snapshot);
    grants.add(proposed);
    if (existing.isPresent() && existing.get().isUnchangedBy(proposed)) {
      summaries.add(AccessSummaries.grant(existing.get()));
      return;
    }
    requireAllowed(proposed, snapshot);
    written.add(proposed);
    amends |= existing.isPresent();
    writes.add(new ChangeSet.Write(grantor.key(proposed), stored, Optional.of(proposed.json())));
    summaries.add(AccessSummaries.grant(proposed));
    logged.add(AccessSummaries.logged(proposed));
    steps.add(
        new Step(
            existing.isPresent() ? "amend" : "grant",
            proposed.on().toString(),
            AccessFormatter.permissions(proposed.permissions())
                + " to "
                + AccessFormatter.grantee(proposed.to())
                + (proposed.grantOption() ? " with grant option" : "")
                + proposed.until().map(end -> " until " + end).orElse(""),
            "revoke " + proposed.id()));
  }

  private static boolean hasId(String id, PolicySnapshot snapshot) {
    return snapshot.grants().stream().anyMatch(each -> each.id().equals(id));
  }

  /** Returns the partition that the grantor writes to, which has the log of an executor. */
  String partition() {
    return RegistryKeys.partition(grantor.writingDomain());
  }

  /** Returns the write that records the grantor's account as one that may decide a request. */
  List<ChangeSet.Write> deciders(ProductName product, String request) {
    return ExecutorAccounts.deciders(
        documents, product, request, List.of(grantor.principal().account()));
  }

  /** Returns a document that the commit replaces. */
  Optional<VersionedDocument> read(Key key) {
    return documents.read(key);
  }

  /**
   * Retains the agreed classification of a grant that exists already. So a program that grants
   * every night does not agree to data that became more sensitive since.
   */
  private StoredGrant withAgreement(
      StoredGrant proposed, Optional<StoredGrant> existing, PolicySnapshot snapshot) {
    boolean isActive = existing.filter(grant -> grant.isInForce(at)).isPresent();
    return proposed.withAgreed(
        isActive && !renewsAgreement
            ? existing.orElseThrow().agreed()
            : snapshot.agreementFor(proposed, includesSensitive));
  }

  /** Includes data above INTERNAL, also data that became more sensitive since an earlier grant. */
  GrantBuilder includingSensitive(boolean isIncluded) {
    renewsAgreement |= isIncluded;
    includesSensitive = isIncluded;
    return this;
  }

  /** Agrees to the current classifications, because a principal reviewed what is granted. */
  GrantBuilder renewingAgreement() {
    renewsAgreement = true;
    return this;
  }

  /**
   * Returns the grant under an ID that no other grant has: the ID of the same grant if it exists.
   * Executors of two accounts have a grant each, as each account writes only its own.
   */
  private StoredGrant identified(StoredGrant requested, PolicySnapshot snapshot) {
    StoredGrant identified = withIdOfSame(requested, snapshot);
    return snapshot.grants().stream()
            .filter(each -> each.id().equals(identified.id()))
            .allMatch(this::isOwn)
        ? identified
        : identified.withIdOfExecutor();
  }

  private boolean isOwn(StoredGrant existing) {
    return grantor.authority().isEmpty() || existing.isBy(grantor.principal().account());
  }

  /** Returns the grant with its field IDs, under the ID of the same grant if that exists. */
  private StoredGrant withIdOfSame(StoredGrant requested, PolicySnapshot snapshot) {
    Optional<ProductColumns> columns = columns(requested, snapshot);
    if (columns.isEmpty()) {
      return requested;
    }
    StoredGrant bound = requested.bind(columns.get());
    Optional<StoredGrant> same =
        snapshot.grants().stream()
            .filter(each -> isOwn(each) && each.grantsSameAs(bound, columns))
            .findFirst();
    if (same.isPresent()) {
      return bound.withId(same.get().id());
    }
    boolean isIdTaken =
        documents
            .read(grantor.key(bound))
            .flatMap(stored -> stored.readAs(StoredGrant::of))
            .map(grant -> withCurrentNames(grant, snapshot))
            .filter(existing -> !existing.hasSameColumnsAndRows(bound, columns.get()))
            .isPresent();
    return isIdTaken ? bound.withIdOfFieldIds() : bound;
  }

  private static StoredGrant withCurrentNames(StoredGrant stored, PolicySnapshot snapshot) {
    return columns(stored, snapshot).map(stored::withCurrentNames).orElse(stored);
  }

  private static Optional<ProductColumns> columns(StoredGrant grant, PolicySnapshot snapshot) {
    return grant.on() instanceof GrantTarget.OfProduct target
        ? snapshot.table(target.product()).map(TableRights::fields)
        : Optional.empty();
  }

  /** Returns all added grants, written or not. */
  List<StoredGrant> grants() {
    return List.copyOf(grants);
  }

  /** Returns the authorizations that the grants use. */
  List<StoredAuthorization> authorizations() {
    return authorizations.stream().map(StoredAuthorization::of).toList();
  }

  /** Returns the grant under an authorization: the existing grant's, if there is one. */
  private StoredGrant authorized(
      GrantorAuthority authority, StoredGrant requested, PolicySnapshot snapshot) {
    Optional<Schema> schema =
        requested.on() instanceof GrantTarget.OfProduct target
            ? snapshot.table(target.product()).map(TableRights::schema)
            : Optional.empty();
    List<GrantorAuthority.AuthorizedGrant> candidates =
        authority.authorized(requested, schema, at, action);
    GrantorAuthority.AuthorizedGrant chosen =
        candidates.stream()
            .filter(each -> exists(each.grant(), snapshot))
            .findFirst()
            .orElse(candidates.get(0));
    authorizations.addAll(chosen.checks());
    return chosen.grant();
  }

  /** Returns true if the same is granted already, even if its columns had other names then. */
  private static boolean exists(StoredGrant proposed, PolicySnapshot snapshot) {
    Optional<ProductColumns> columns = columns(proposed, snapshot);
    return snapshot.grants().stream().anyMatch(grant -> grant.grantsSameAs(proposed, columns));
  }

  private void requireAllowed(StoredGrant proposed, PolicySnapshot snapshot) {
    PolicySnapshot others = snapshot;
    for (StoredGrant each : written) {
      others = others.with(each);
    }
    others = others.without(List.of(proposed.id()));
    // A data cells filter must exist before a grant on it.
    AccessState.Builder state = others.state(accounts(proposed)).toBuilder();
    others.filter(proposed).ifPresent(state::filters);
    AccessEvaluator evaluator = AccessEvaluator.over(state.build());
    Optional<FindingCode> violation = Optional.empty();
    for (Grantee actor : grantor.actors(snapshot)) {
      violation = evaluator.mayGrant(actor, snapshot.grant(proposed), at);
      if (violation.isEmpty()) {
        return;
      }
    }
    throw grantor
        .session()
        .denied(
            proposed.on() instanceof GrantTarget.OfProduct target
                ? target.product().toString()
                : grantor.owner().domain().name(),
            action,
            new GrantRejection(action, grantor, proposed, others, at)
                .exception(violation.orElseThrow()));
  }

  private List<String> accounts(StoredGrant proposed) {
    return Stream.concat(Stream.of(grantor.principal().account()), proposed.to().account().stream())
        .toList();
  }

  ChangeSet<List<GrantSummary>> proposal(
      String partition,
      String subject,
      AffectedResources affected,
      List<VersionedDocument> checks,
      List<Finding> findings) {
    return new ChangeSet<>(
        new ChangeSet.Entry(
            partition,
            amends ? MeshEvent.Type.GRANT_AMENDED.text() : MeshEvent.Type.GRANT_MADE.text(),
            subject,
            new EventDetails.GrantChange(logged, Optional.empty())),
        policy,
        writes,
        Stream.of(checks, authorizations, grantor.recipientStored().stream().toList())
            .flatMap(Collection::stream)
            .toList(),
        steps,
        Stream.concat(findings.stream(), IneffectiveGrants.among(grants, grantor).stream())
            .toList(),
        affected,
        List.copyOf(summaries));
  }
}
