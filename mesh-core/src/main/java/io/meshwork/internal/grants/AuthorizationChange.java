package io.meshwork.internal.grants;

import io.meshwork.access.AccessClient.AuthorizationSummary;
import io.meshwork.access.AccessClient.Authorize;
import io.meshwork.access.Permission;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.explain.AccessSummaries;
import io.meshwork.internal.grants.ChangeSet.AffectedResources;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.lakeformation.Resource.PolicyType;
import io.meshwork.internal.lakeformation.TagExpression;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rights.AccessFormatter;
import io.meshwork.internal.rights.GrantScope;
import io.meshwork.internal.rights.GrantTarget;
import io.meshwork.internal.rights.PolicySnapshot;
import io.meshwork.internal.rights.ProductColumns;
import io.meshwork.internal.rights.ProductColumns.BoundColumns;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.StoredAuthorization;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.rights.TableRights;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Plan.Step;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry.Key;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Gives or amends one authorization.
 *
 * @param <A> the operation, which every setter returns
 */
abstract class AuthorizationChange<A extends Authorize<A>>
    extends RightsOperation<AuthorizationSummary> implements Authorize<A> {
  private final ProductOrDomain resource;
  private final List<Grantee> executors = new ArrayList<>();
  private final List<Grantee> consumers = new ArrayList<>();
  private Set<Permission> permissions = Set.of();
  private ColumnSelection columns = ColumnSelection.ALL;
  private boolean standing;
  private boolean grantOption;
  private boolean delegating;
  private final @Nullable TagExpression tags;
  private @Nullable String request;
  private @Nullable String rows;
  private @Nullable Instant until;
  private @Nullable String because;

  /**
   * Creates it without limits.
   *
   * @param tags the tags that grants under it must select at least; null for none
   */
  AuthorizationChange(
      ClientSession session, ProductOrDomain resource, @Nullable TagExpression tags) {
    super(session, MeshAction.of(Verb.AUTHORIZE, resource.name()));
    this.resource = resource;
    this.tags = tags;
  }

  /** Returns this operation. */
  abstract A self();

  /** Allows only the grant that answers a request. */
  final void limitToRequest(String id) {
    request = ArgumentChecks.text("request", id);
  }

  /** Allows only some columns. */
  final void limitColumns(UnaryOperator<ColumnSelection> change) {
    columns = change.apply(columns);
  }

  /** Allows only some rows. */
  final void limitRows(String filter) {
    rows = ArgumentChecks.filter("rows", filter).strip();
  }

  @Override
  public A executors(Principal... principals) {
    ArgumentChecks.all("executors", principals).forEach(each -> executors.add(Grantee.of(each)));
    return self();
  }

  @Override
  public A executorAccounts(String... accounts) {
    for (String account : ArgumentChecks.all("executorAccounts", accounts)) {
      executors.add(Grantee.account(GrantSpec.requireAccount(account)));
    }
    return self();
  }

  @Override
  public A consumers(Principal... principals) {
    ArgumentChecks.all("consumers", principals).forEach(each -> consumers.add(Grantee.of(each)));
    return self();
  }

  @Override
  public A consumerAccounts(String... accounts) {
    for (String account : ArgumentChecks.all("consumerAccounts", accounts)) {
      consumers.add(Grantee.account(GrantSpec.requireAccount(account)));
    }
    return self();
  }

  @Override
  public A forAnyConsumer() {
    standing = true;
    return self();
  }

  @Override
  public A permissions(Permission... values) {
    permissions = EnumSet.noneOf(Permission.class);
    permissions.addAll(ArgumentChecks.all("permissions", values));
    if (permissions.isEmpty()) {
      throw ArgumentChecks.refused("permissions", "is empty", "Name a permission, such as SELECT.");
    }
    return self();
  }

  @Override
  public A withGrantOption() {
    grantOption = true;
    return self();
  }

  @Override
  public A allowDelegation() {
    delegating = true;
    return self();
  }

  @Override
  public A until(Instant end) {
    until = ArgumentChecks.required("until", end);
    return self();
  }

  @Override
  public A because(String reason) {
    because = ArgumentChecks.text("because", reason);
    return self();
  }

  @Override
  protected ChangeSet<AuthorizationSummary> propose(RightsDocuments documents, Instant now) {
    DomainEntry owner = session().catalog().requireDomain(resource.domain(), action());
    boolean isOwner = owner.domain().accounts().contains(session().principal().account());
    requireMayAuthorize(owner, isOwner, documents);
    requireValid(owner, now);
    String writer =
        isOwner
            ? resource.domain()
            : RegistryKeys.executorPartition(resource.domain(), session().principal().account());
    ChangeSet.Policy policy = new ChangeSet.Policy(writer, documents.policy(writer));
    List<VersionedDocument> checks = new ArrayList<>(List.of(owner.stored()));
    requireDefinedTags(owner, documents);
    Optional<TableRights> table = table(documents, checks);
    StoredAuthorization proposed = proposed(owner, documents, table, checks, now);
    Key key = isOwner ? ownerKey(proposed) : RegistryKeys.authorization(writer, proposed.id());
    Optional<VersionedDocument> stored = documents.read(key);
    Optional<ProductColumns> currentColumns = table.map(TableRights::fields);
    Optional<StoredAuthorization> existing =
        stored
            .flatMap(document -> document.readAs(StoredAuthorization::of))
            .map(each -> currentColumns.map(each::withCurrentNames).orElse(each));
    boolean isUnchanged = existing.isPresent() && existing.get().isUnchangedBy(proposed);
    AuthorizationSummary summary =
        AccessSummaries.authorization(isUnchanged ? existing.orElseThrow() : proposed);
    requireFewAccounts(documents, proposed);
    List<ChangeSet.Write> writes = new ArrayList<>(accountWrites(documents, writer, proposed));
    WithdrawnGrants later = grantsAfterEnd(documents, writer, existing, proposed);
    writes.addAll(later.unchangedPolicies(checks));
    writes.addAll(later.rest());
    if (!isUnchanged) {
      writes.add(new ChangeSet.Write(key, stored, Optional.of(proposed.json())));
    }
    return new ChangeSet<>(
        new ChangeSet.Entry(
            isOwner ? resource.partition() : writer,
            existing.isPresent()
                ? MeshEvent.Type.AUTHORIZATION_AMENDED.text()
                : MeshEvent.Type.AUTHORIZATION_GIVEN.text(),
            resource.name(),
            new EventDetails.ChangedAuthorizations(
                List.of(AccessSummaries.logged(proposed)), List.of(), Optional.empty())),
        policy,
        writes,
        checks,
        isUnchanged
            ? List.of()
            : List.of(
                new Step(
                    existing.isPresent() ? "amend" : "authorize",
                    resource.name(),
                    summary.toString(),
                    "withdraw it with access().withdrawAuthorization(\"" + summary.id() + "\")")),
        scopeWarnings(proposed),
        AffectedResources.none(),
        later.first(resource.name(), policy, List.of(owner.stored()), summary),
        summary);
  }

  /**
   * Returns the changes of the grants that would end after an authorization that gets an earlier
   * end, or after the ones under it. They stay, as after a withdrawal.
   */
  private WithdrawnGrants grantsAfterEnd(
      RightsDocuments documents,
      String writer,
      Optional<StoredAuthorization> existing,
      StoredAuthorization proposed) {
    Map<VersionedDocument, StoredAuthorization> shortened = new LinkedHashMap<>();
    Map<VersionedDocument, StoredGrant> grants = new LinkedHashMap<>();
    Optional<Instant> end = proposed.scope().until();
    if (end.isPresent() && existing.filter(each -> each.isInForce(end.get())).isPresent()) {
      AuthorizationFinder.writtenBy(session(), documents, resource.domain())
          .forEach(
              (stored, each) -> {
                if (each.id().equals(proposed.id())
                    || each.under().filter(proposed.id()::equals).isPresent()) {
                  shortened.put(stored, each);
                }
              });
      Set<String> ids = new TreeSet<>();
      shortened.values().forEach(each -> ids.add(each.id()));
      grants.putAll(GrantFinder.on(session(), documents, resource.domain()));
      grants
          .values()
          .removeIf(
              grant ->
                  grant.authorization().filter(ids::contains).isEmpty()
                      || grant.until().filter(at -> !at.isAfter(end.get())).isPresent());
    }
    return new WithdrawnGrants(session(), documents, writer, shortened, grants, false);
  }

  private void requireDefinedTags(DomainEntry owner, RightsDocuments documents) {
    if (tags != null && !documents.withoutProducts(owner).defines(tags)) {
      UndefinedTags undefined =
          UndefinedTags.of(
              resource.domain(), documents.withoutProducts(owner).allVocabulary(), tags.values());
      throw rejected(FindingCode.TAG_UNDEFINED, undefined.reason(), undefined.fix());
    }
  }

  /** Returns the live major versions of the product; empty for a domain. */
  private Optional<TableRights> table(RightsDocuments documents, List<VersionedDocument> checks) {
    if (resource.product().isEmpty()) {
      return Optional.empty();
    }
    ProductEntry product = session().catalog().requireProduct(resource.product().get(), action());
    List<VersionEntry> versions = session().catalog().requireLiveMajors(product, action());
    checks.add(product.stored());
    versions.forEach(version -> checks.add(version.majorStored()));
    return Optional.of(documents.table(product, versions));
  }

  private Key ownerKey(StoredAuthorization proposed) {
    return resource
        .product()
        .map(product -> RegistryKeys.authorization(product, proposed.id()))
        .orElseGet(() -> RegistryKeys.authorization(resource.domain(), proposed.id()));
  }

  /** Returns the writes by which readers find what the executors write. */
  private List<ChangeSet.Write> accountWrites(
      RightsDocuments documents, String writer, StoredAuthorization proposed) {
    List<ChangeSet.Write> writes =
        new ArrayList<>(
            ExecutorAccounts.recorded(
                documents, writer, proposed.executorAccounts(), proposed.delegating()));
    proposed
        .request()
        .ifPresent(
            id ->
                writes.addAll(
                    ExecutorAccounts.deciders(
                        documents,
                        resource.product().orElseThrow(),
                        id,
                        proposed.executorAccounts())));
    return writes;
  }

  /**
   * Requires that authorizations name few accounts. Reads them only if they ever named too many.
   *
   * @throws InvalidRequestException if they would name more
   */
  private void requireFewAccounts(RightsDocuments documents, StoredAuthorization proposed) {
    String domain = resource.domain();
    Set<String> recorded = new TreeSet<>(proposed.executorAccounts());
    documents.executors(domain).forEach(executor -> recorded.add(executor.account()));
    if (recorded.size() <= ExecutorAccounts.MAX_NAMED) {
      return;
    }
    Set<String> named = new TreeSet<>();
    AuthorizationFinder.writtenBy(session(), documents, domain)
        .values()
        .forEach(each -> named.addAll(each.executorAccounts()));
    Set<String> all = new TreeSet<>(named);
    if (all.addAll(proposed.executorAccounts()) && all.size() > ExecutorAccounts.MAX_NAMED) {
      throw Failure.of(action())
          .because(
              "executors of "
                  + all.size()
                  + " accounts could then grant for domain '"
                  + domain
                  + "', and the limit is "
                  + ExecutorAccounts.MAX_NAMED
                  + "; these are authorized: "
                  + String.join(", ", named))
          .fix(
              "Withdraw authorizations that are not needed, also ended ones, with"
                  + " access().withdrawAuthorization(id); access().authorizations() lists them.")
          .invalidRequest(ErrorCode.LIMIT_EXCEEDED);
    }
  }

  private StoredAuthorization proposed(
      DomainEntry owner,
      RightsDocuments documents,
      Optional<TableRights> table,
      List<VersionedDocument> checks,
      Instant now) {
    Optional<Schema> schema = table.map(TableRights::schema);
    Optional<RequestState> requestState = openRequest(table, checks, now);
    Optional<RequestEntry> requested =
        requestState.map(each -> each.request().withCurrentNames(table.orElseThrow().fields()));
    Optional<String> condition =
        Optional.ofNullable(rows).or(() -> requested.flatMap(RequestEntry::rows));
    condition.ifPresent(text -> table.orElseThrow().fields().requireCondition(text, action()));
    ColumnSelection selected =
        columns.isAll()
            ? requested.map(each -> new ColumnSelection(each.columns(), List.of())).orElse(columns)
            : columns;
    ColumnSelection resolved =
        table.isPresent() ? selected.resolve(table.get(), action()) : selected;
    GrantScope scope =
        new GrantScope(
            target(),
            consumers.isEmpty()
                ? requested.map(each -> List.of(Grantee.of(each.requester()))).orElse(List.of())
                : consumers.stream().distinct().toList(),
            permissions.isEmpty() ? Set.of(Permission.DESCRIBE, Permission.SELECT) : permissions,
            grantOption,
            resolved.only(),
            resolved.except(),
            condition,
            Optional.ofNullable(until).or(() -> requested.flatMap(RequestEntry::until)));
    String by = session().principal().toString();
    Optional<StoredAuthorization> parent =
        owner.domain().accounts().contains(session().principal().account())
            ? Optional.empty()
            : Optional.of(delegatingAuthorization(owner, documents, scope, schema, checks, now));
    StoredAuthorization authorization =
        new StoredAuthorization(
            executors.stream().distinct().toList(),
            scope,
            Optional.ofNullable(request),
            requestState.map(each -> each.stored().version()),
            delegating,
            parent.map(StoredAuthorization::id),
            because == null ? "" : because,
            parent.map(StoredAuthorization::authorizedBy).orElse(by),
            by,
            BoundColumns.NONE,
            "");
    return table
        .map(rights -> identified(authorization.bind(rights.fields()), rights, documents))
        .orElse(authorization);
  }

  /** Returns the authorization under the ID of the same authorization if that exists. */
  private StoredAuthorization identified(
      StoredAuthorization proposed, TableRights table, RightsDocuments documents) {
    for (StoredAuthorization each : documents.authorizations(table.product()).values()) {
      if (each.allowsSameAs(proposed, table.fields())) {
        return proposed.withId(each.id());
      }
    }
    boolean isIdTaken =
        documents
            .read(RegistryKeys.authorization(table.product(), proposed.id()))
            .map(stored -> StoredAuthorization.of(stored).withCurrentNames(table.fields()))
            .filter(existing -> !existing.hasSameColumnsAndRows(proposed, table.fields()))
            .isPresent();
    return isIdTaken ? proposed.withIdOfFieldIds() : proposed;
  }

  /** Requires the right before anything of the request is compared with the data. */
  private void requireMayAuthorize(DomainEntry owner, boolean isOwner, RightsDocuments documents) {
    if (isOwner) {
      requireRole();
    } else if (resource.authorizations(documents).values().stream()
        .noneMatch(each -> each.delegating() && each.isExecutor(session().principal()))) {
      throw session().denied(resource.name(), action(), notDelegated(owner, List.of()));
    }
  }

  /** Requires a decider for a request, else an administrator. */
  private void requireRole() {
    if (request != null && resource.product().isPresent()) {
      session().authorizer().requireDecider(resource.product().get(), action());
    } else {
      session().authorizer().requireAdministrator(resource.domain(), action());
    }
  }

  /** Returns the request that it is for, which must be open. */
  private Optional<RequestState> openRequest(
      Optional<TableRights> table, List<VersionedDocument> checks, Instant now) {
    if (request == null) {
      return Optional.empty();
    }
    RequestQueue queue = new RequestQueue(session(), action());
    RequestState requestState = queue.requireDecidable(RequestQueue.requireId(request));
    queue.requireOpen(requestState, now);
    if (resource.product().filter(requestState.request().product()::equals).isEmpty()) {
      throw rejected(
          FindingCode.OTHER_REQUEST,
          "the request is for " + requestState.request().product(),
          "Authorize that product.");
    }
    if (table.filter(TableRights::needsFourEyes).isPresent()) {
      throw rejected(
          FindingCode.TWO_APPROVALS_REQUIRED,
          "the contract requires two approvals, and an authorization is one person's",
          "Ask two people to approve it with requests().approve(..).");
    }
    checks.add(requestState.stored());
    return Optional.of(requestState);
  }

  private GrantTarget target() {
    if (resource.product().isPresent()) {
      return new GrantTarget.OfProduct(resource.product().get());
    }
    return tags == null
        ? new GrantTarget.WholeDomain(resource.domain())
        : new GrantTarget.ByTags(resource.domain(), PolicyType.TABLE, tags);
  }

  /** Returns the authorization that lets a principal of another domain authorize this. */
  private StoredAuthorization delegatingAuthorization(
      DomainEntry owner,
      RightsDocuments documents,
      GrantScope scope,
      Optional<Schema> schema,
      List<VersionedDocument> checks,
      Instant now) {
    List<String> faults = new ArrayList<>();
    for (Map.Entry<VersionedDocument, StoredAuthorization> each :
        resource.authorizations(documents).entrySet()) {
      StoredAuthorization candidate = each.getValue();
      if (candidate.delegating() && candidate.isExecutor(session().principal())) {
        Optional<String> fault =
            candidate.isInForce(now)
                ? scope.excessOver(candidate.scope(), schema)
                : Optional.of(
                    ReasonText.of(
                        "it ended " + candidate.scope().until().orElseThrow(),
                        FindingCode.AUTHORIZATION_ENDED));
        if (fault.isEmpty() && !delegating) {
          checks.add(each.getKey());
          return candidate;
        }
        faults.add(
            "; authorization "
                + candidate.id()
                + ": "
                + fault.orElse(
                    ReasonText.of(
                        "its executors cannot delegate any further",
                        FindingCode.DELEGATION_FORBIDDEN)));
      }
    }
    throw session().denied(resource.name(), action(), notDelegated(owner, faults));
  }

  private AccessDeniedException notDelegated(DomainEntry owner, List<String> faults) {
    return Failure.of(action().on("as " + session().principal()))
        .because(
            "it does not act for domain '"
                + resource.domain()
                + "', and "
                + (faults.isEmpty()
                    ? ReasonText.of(
                        "the owner did not delegate this to it", FindingCode.NO_AUTHORIZATION)
                    : ReasonText.of(
                            "this exceeds what the owner delegated to it",
                            FindingCode.EXCEEDS_AUTHORIZATION)
                        + String.join("", faults)))
        .fix("Ask " + owner.domain().owner() + " to authorize it.")
        .accessDenied(
            ErrorCode.ACCESS_DENIED,
            "an authorization of domain '" + resource.domain() + "' that delegates",
            List.of(owner.domain().owner()));
  }

  private void requireValid(DomainEntry owner, Instant now) {
    List<String> missing = new ArrayList<>();
    if (executors.isEmpty()) {
      missing.add("executors(..)");
    }
    if (because == null) {
      missing.add("because(..)");
    }
    boolean isLimited = !consumers.isEmpty() || tags != null || request != null;
    if (!isLimited && !standing) {
      missing.add(
          resource.product().isPresent()
              ? "consumers(..), request(..) or forAnyConsumer()"
              : "consumers(..) or forAnyConsumer()");
    }
    if (!missing.isEmpty()) {
      throw rejected(
          FindingCode.ARGUMENT_MISSING,
          ArgumentChecks.missing(missing),
          "Name the executors, what they may grant, and the reason; forAnyConsumer() allows grants"
              + " to any consumer.");
    } else if (isLimited && standing) {
      throw rejected(
          FindingCode.STANDING_WITH_CONSUMERS,
          "forAnyConsumer() allows any consumer, but a consumer, tag, or request is named too",
          "Omit one of them.");
    } else if (until != null && !now.isBefore(until)) {
      throw rejected(
          FindingCode.AUTHORIZATION_ENDED,
          "it is " + now + " already and it would end " + until,
          "Set a later end.");
    } else if (delegating && request != null) {
      throw rejected(
          FindingCode.DELEGATION_FORBIDDEN,
          "an authorization for one request cannot be delegated",
          "Omit allowDelegation().");
    }
    GrantSpec.requireEffect(permissions, action());
    for (Grantee executor : executors) {
      if (executor.account().filter(owner.domain().accounts()::contains).isPresent()) {
        throw rejected(
            FindingCode.OWN_ACCOUNT,
            AccessFormatter.grantee(executor) + " acts for domain '" + resource.domain() + "'",
            "Name executors of other accounts; this one needs no authorization.");
      }
    }
  }

  private InvalidRequestException rejected(FindingCode code, String reason, String fix) {
    return Failure.of(action())
        .because(ReasonText.of(reason, code))
        .fix(fix)
        .findings(List.of(Finding.error(code, resource.name(), reason + ".", fix)))
        .invalidRequest(ErrorCode.INVALID_ARGUMENT);
  }

  /** Warns about an authorization for a whole domain and any consumer. */
  private List<Finding> scopeWarnings(StoredAuthorization proposed) {
    boolean isWholeDomain =
        proposed.scope().on() instanceof GrantTarget.WholeDomain
            || (tags != null && tags.values().keySet().equals(Set.of(PolicySnapshot.DOMAIN)));
    if (!isWholeDomain || !proposed.scope().to().isEmpty()) {
      return List.of();
    }
    return List.of(
        new Finding(
            FindingCode.AUTHORIZATION_TOO_BROAD,
            Finding.Severity.WARNING,
            resource.name(),
            "lets "
                + String.join(
                    ", ", proposed.executors().stream().map(AccessFormatter::grantee).toList())
                + " share every product of the domain, including later ones, with any consumer",
            0,
            List.of(),
            "Name consumers, tags, or a product if that suffices."));
  }
}
