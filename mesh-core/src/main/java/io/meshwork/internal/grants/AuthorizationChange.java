package io.meshwork.internal.grants;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.access.AccessClient;
import io.meshwork.access.AuthorizationCard;
import io.meshwork.access.Permission;
import io.meshwork.access.TagSelection;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.explain.AccessCards;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.lakeformation.Resource.PolicyType;
import io.meshwork.internal.lakeformation.TagExpression;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.requests.RequestEntry;
import io.meshwork.internal.requests.RequestQueue;
import io.meshwork.internal.requests.RequestState;
import io.meshwork.internal.rights.AccessFormatter;
import io.meshwork.internal.rights.BoundColumns;
import io.meshwork.internal.rights.GrantScope;
import io.meshwork.internal.rights.GrantTarget;
import io.meshwork.internal.rights.PolicySnapshot;
import io.meshwork.internal.rights.ProductColumns;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.StoredAuthorization;
import io.meshwork.internal.rights.TableRights;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ResolvedProduct;
import io.meshwork.operation.Plan.Step;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry.Key;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;

/** Gives or amends one authorization. */
final class AuthorizationChange
    implements AccessClient.Authorize, RightsOperation<AuthorizationCard> {
  private final ClientSession session;
  private final GrantPlace place;
  private final RightsChange<AuthorizationCard> change;
  private final List<Grantee> executors = new ArrayList<>();
  private final List<Grantee> consumers = new ArrayList<>();
  private Set<Permission> permissions = Set.of();
  private ColumnNames columns = ColumnNames.ALL;
  private boolean standing;
  private boolean grantOption;
  private boolean delegating;
  private @Nullable TagExpression tags;
  private @Nullable String request;
  private @Nullable String rows;
  private @Nullable Instant until;
  private @Nullable String because;

  private AuthorizationChange(ClientSession session, GrantPlace place) {
    this.session = session;
    this.place = place;
    this.change = new RightsChange<>(session, action(), this::proposal);
  }

  static AuthorizationChange of(ClientSession session, @Nullable CharSequence productOrDomain) {
    ResolvedProduct.rejectLink(
        session, productOrDomain, MeshAction.of(Verb.AUTHORIZE, "grants of"));
    return new AuthorizationChange(
        session, GrantPlace.of(ArgumentChecks.required("productOrDomain", productOrDomain)));
  }

  @Override
  public AccessClient.Authorize executor(Principal... principals) {
    ArgumentChecks.all("executor", principals).forEach(each -> executors.add(Grantee.of(each)));
    return this;
  }

  @Override
  public AccessClient.Authorize executorAccounts(String... accounts) {
    for (String account : ArgumentChecks.all("executorAccounts", accounts)) {
      executors.add(Grantee.account(GrantSpec.checked(account)));
    }
    return this;
  }

  @Override
  public AccessClient.Authorize forConsumers(Principal... principals) {
    ArgumentChecks.all("forConsumers", principals).forEach(each -> consumers.add(Grantee.of(each)));
    return this;
  }

  @Override
  public AccessClient.Authorize forConsumerAccounts(String... accounts) {
    for (String account : ArgumentChecks.all("forConsumerAccounts", accounts)) {
      consumers.add(Grantee.account(GrantSpec.checked(account)));
    }
    return this;
  }

  @Override
  public AccessClient.Authorize forTags(TagSelection where) {
    tags = TagExpression.of(ArgumentChecks.required("forTags", where).values());
    return this;
  }

  @Override
  public AccessClient.Authorize forRequest(String id) {
    request = ArgumentChecks.text("forRequest", id);
    return this;
  }

  @Override
  public AccessClient.Authorize standing() {
    standing = true;
    return this;
  }

  @Override
  public AccessClient.Authorize columns(String... names) {
    columns = columns.only(names);
    return this;
  }

  @Override
  public AccessClient.Authorize exceptColumns(String... names) {
    columns = columns.except(names);
    return this;
  }

  @Override
  public AccessClient.Authorize rows(String filter) {
    rows = ArgumentChecks.required("rows", filter).strip();
    return this;
  }

  @Override
  public AccessClient.Authorize allowing(Permission... some) {
    permissions = EnumSet.noneOf(Permission.class);
    permissions.addAll(ArgumentChecks.all("allowing", some));
    if (permissions.isEmpty()) {
      throw ArgumentChecks.refused("allowing", "is empty", "Name a permission, such as SELECT.");
    }
    return this;
  }

  @Override
  public AccessClient.Authorize withGrantOption() {
    grantOption = true;
    return this;
  }

  @Override
  public AccessClient.Authorize delegating() {
    delegating = true;
    return this;
  }

  @Override
  public AccessClient.Authorize until(Instant end) {
    until = ArgumentChecks.required("until", end);
    return this;
  }

  @Override
  public AccessClient.Authorize because(String reason) {
    because = ArgumentChecks.text("because", reason);
    return this;
  }

  @Override
  public RightsChange<AuthorizationCard> change() {
    return change;
  }

  private ChangeSet<AuthorizationCard> proposal(RightsDocuments documents, Instant now) {
    DomainEntry owner = session.catalog().requireDomain(place.domain(), action());
    check(owner, now);
    ChangeSet.Policy policy =
        new ChangeSet.Policy(place.domain(), documents.policy(place.domain()));
    List<VersionedDocument> checks = new ArrayList<>(List.of(owner.stored()));
    Optional<TableRights> table = Optional.empty();
    if (tags != null && !documents.ofNoProduct(owner).defines(tags)) {
      throw refused(
          "TAG_UNDEFINED",
          "domain '" + place.domain() + "' does not define one of the tags or values",
          "Name what it defines, or define it with governance().defineTag(..).");
    }
    if (place.product().isPresent()) {
      ProductEntry product = session.catalog().requireProduct(place.product().get(), action());
      VersionEntry version =
          session.catalog().requireVersion(product.name(), product.currentMajor(), action());
      checks.add(product.stored());
      checks.add(version.majorStored());
      table = documents.ofProduct(owner, product, version, List.of()).table(product.name());
    }
    StoredAuthorization wanted = wanted(owner, documents, table, checks, now);
    Key key =
        place
            .product()
            .map(product -> RegistryKeys.authorization(product, wanted.id()))
            .orElseGet(() -> RegistryKeys.authorization(place.domain(), wanted.id()));
    Optional<VersionedDocument> existing = documents.read(key);
    Optional<ProductColumns> columnsNow = table.map(TableRights::fields);
    Optional<StoredAuthorization> there =
        existing
            .map(StoredAuthorization::of)
            .map(given -> columnsNow.map(given::now).orElse(given));
    boolean same = there.isPresent() && there.get().saysTheSameAs(wanted);
    AuthorizationCard card = AccessCards.authorization(same ? there.orElseThrow() : wanted);
    ObjectNode details = JsonNodeFactory.instance.objectNode();
    AccessCards.log(details.putArray("authorizations"), wanted);
    return new ChangeSet<>(
        "Authorize " + place.name(),
        new ChangeSet.Entry(
            place.partition(),
            there.isPresent() ? "authorization.amended" : "authorization.given",
            place.name(),
            details),
        policy,
        same ? List.of() : List.of(new ChangeSet.Write(key, existing, Optional.of(wanted.json()))),
        checks,
        same
            ? List.of()
            : List.of(
                new Step(
                    there.isPresent() ? "amend" : "authorize",
                    place.name(),
                    card.toString(),
                    "withdraw it with access().withdrawAuthorization(\"" + card.id() + "\")")),
        wide(wanted),
        AffectedResources.none(),
        card);
  }

  private StoredAuthorization wanted(
      DomainEntry owner,
      RightsDocuments documents,
      Optional<TableRights> table,
      List<VersionedDocument> checks,
      Instant now) {
    Optional<Schema> schema = table.map(TableRights::schema);
    Optional<RequestState> standing = asked(table, checks, now);
    Optional<RequestEntry> asked =
        standing.map(each -> each.request().now(table.orElseThrow().fields()));
    Optional<String> condition =
        Optional.ofNullable(rows).or(() -> asked.flatMap(RequestEntry::rows));
    condition.ifPresent(text -> RowPredicate.parse(text, schema.orElseThrow(), action()));
    ColumnNames named =
        columns.areAll()
            ? asked.map(each -> new ColumnNames(each.columns(), List.of())).orElse(columns)
            : columns;
    ColumnNames spelled = table.isPresent() ? named.in(table.get(), action()) : named;
    GrantScope scope =
        new GrantScope(
            on(),
            consumers.isEmpty()
                ? asked.map(each -> List.of(Grantee.of(each.requester()))).orElse(List.of())
                : consumers.stream().distinct().toList(),
            permissions.isEmpty() ? Set.of(Permission.DESCRIBE, Permission.SELECT) : permissions,
            grantOption,
            spelled.only(),
            spelled.except(),
            condition,
            Optional.ofNullable(until).or(() -> asked.flatMap(RequestEntry::until)));
    String by = session.principal().toString();
    Optional<StoredAuthorization> under = Optional.empty();
    if (owner.domain().accounts().contains(session.principal().account())) {
      requireRole();
    } else {
      under = Optional.of(delegated(owner, documents, scope, schema, checks, now));
    }
    StoredAuthorization given =
        new StoredAuthorization(
            executors.stream().distinct().toList(),
            scope,
            Optional.ofNullable(request),
            standing.map(each -> each.stored().version()),
            delegating,
            under.map(StoredAuthorization::id),
            because == null ? "" : because,
            under.map(StoredAuthorization::authorizedBy).orElse(by),
            by,
            BoundColumns.NONE,
            Optional.empty());
    return table.map(of -> known(given.bind(of.fields()), of, documents)).orElse(given);
  }

  /** Under the id of the same authorization, if that is there already. */
  private StoredAuthorization known(
      StoredAuthorization wanted, TableRights table, RightsDocuments documents) {
    for (StoredAuthorization each : documents.authorizations(table.product()).values()) {
      if (each.allowsTheSameAs(wanted, table.fields())) {
        return wanted.named(each.id());
      }
    }
    boolean taken =
        documents
            .read(RegistryKeys.authorization(table.product(), wanted.id()))
            .map(stored -> StoredAuthorization.of(stored).now(table.fields()))
            .filter(there -> !there.namesTheSameAs(wanted, table.fields()))
            .isPresent();
    return taken ? wanted.namedByColumns() : wanted;
  }

  /** What is for one request is its decision. */
  private void requireRole() {
    if (request != null && place.product().isPresent()) {
      session.authorizer().requireDecider(place.product().get(), action());
    } else {
      session.authorizer().requireAdministrator(place.domain(), action());
    }
  }

  /** The request that it is for, which nobody has settled yet. */
  private Optional<RequestState> asked(
      Optional<TableRights> table, List<VersionedDocument> checks, Instant now) {
    if (request == null) {
      return Optional.empty();
    }
    RequestQueue desk = new RequestQueue(session, action());
    RequestState standing = desk.toDecide(RequestQueue.id(request));
    desk.requireOpen(standing, now);
    if (place.product().filter(standing.request().product()::equals).isEmpty()) {
      throw refused(
          "OTHER_REQUEST",
          "the request is for " + standing.request().product(),
          "Authorize that product.");
    }
    if (table.filter(of -> of.contract().needsFourEyes()).isPresent()) {
      throw refused(
          "FOUR_EYES",
          "the contract asks for four eyes, and an authorization is one person's",
          "Let two people approve it with approve(..).");
    }
    checks.add(standing.stored());
    return Optional.of(standing);
  }

  private GrantTarget on() {
    if (place.product().isPresent()) {
      return new GrantTarget.OfProduct(place.product().get());
    }
    return tags == null
        ? new GrantTarget.WholeDomain(place.domain())
        : new GrantTarget.ByTags(place.domain(), PolicyType.TABLE, tags);
  }

  /** What lets somebody else than the owner authorize this. */
  private StoredAuthorization delegated(
      DomainEntry owner,
      RightsDocuments documents,
      GrantScope scope,
      Optional<Schema> schema,
      List<VersionedDocument> checks,
      Instant now) {
    List<String> faults = new ArrayList<>();
    for (Map.Entry<VersionedDocument, StoredAuthorization> each :
        place.authorizations(documents).entrySet()) {
      StoredAuthorization given = each.getValue();
      if (given.delegating() && given.names(session.principal())) {
        Optional<String> fault =
            given.inForce(now)
                ? scope.beyond(given.scope(), schema)
                : Optional.of("it ended " + given.scope().until().orElseThrow() + " (ENDED)");
        if (fault.isEmpty() && !delegating) {
          checks.add(each.getKey());
          return given;
        }
        faults.add(
            "; authorization "
                + given.id()
                + ": "
                + fault.orElse("it does not let others authorize any further (DELEGATING)"));
      }
    }
    throw session.denied(place.name(), action(), notDelegated(owner, faults));
  }

  private AccessDeniedException notDelegated(DomainEntry owner, List<String> faults) {
    return new AccessDeniedException(
        ErrorCode.ACCESS_DENIED,
        "Cannot "
            + action()
            + " as "
            + session.principal()
            + ": it does not act for domain '"
            + place.domain()
            + "', and "
            + (faults.isEmpty()
                ? "its owner did not delegate this to it (NO_AUTHORIZATION)"
                : "this is more than its owner delegated to it (NOT_COVERED)"
                    + String.join("", faults))
            + ". Nothing was changed. Ask "
            + owner.domain().owner()
            + " to authorize it.",
        "an authorization of domain '" + place.domain() + "' that delegates",
        List.of(owner.domain().owner()));
  }

  private void check(DomainEntry owner, Instant now) {
    List<String> gaps = new ArrayList<>();
    if (executors.isEmpty()) {
      gaps.add("executor(..)");
    }
    if (because == null) {
      gaps.add("because(..)");
    }
    boolean bounded = !consumers.isEmpty() || tags != null || request != null;
    if (!bounded && !standing) {
      gaps.add("forConsumers(..), forTags(..), forRequest(..) or standing()");
    }
    if (!gaps.isEmpty()) {
      throw refused(
          "NOTHING_SAID",
          String.join(" and ", gaps) + " was not said",
          "Say who may carry out what, and why; standing() is for anybody and in advance.");
    } else if (bounded && standing) {
      throw refused(
          "STANDING",
          "standing() is for anybody, and for whom or what was said too",
          "Leave one of them out.");
    } else if (until != null && !now.isBefore(until)) {
      throw refused(
          "ENDED", "it is " + now + " already and it would end " + until, "Name a later instant.");
    } else if (place.product().isPresent() && tags != null) {
      throw refused(
          "TAGS",
          "grants by tags are of a domain, and this is a product",
          "Authorize \"" + place.domain() + "\", or leave forTags(..) out.");
    } else if (place.product().isEmpty() && (!columns.areAll() || rows != null)) {
      throw refused(
          "COLUMNS",
          "columns and rows are a product's, and this is a domain",
          "Authorize each product, or leave them out.");
    } else if (delegating && request != null) {
      throw refused(
          "DELEGATING", "what is for one request is not delegated", "Leave delegating() out.");
    }
    GrantSpec.requireEffect(permissions, action());
    for (Grantee executor : executors) {
      if (executor.account().filter(owner.domain().accounts()::contains).isPresent()) {
        throw refused(
            "OWN_ACCOUNT",
            AccessFormatter.grantee(executor) + " acts for domain '" + place.domain() + "' itself",
            "It needs no authorization. Name others.");
      }
    }
  }

  private InvalidRequestException refused(String code, String why, String fix) {
    return new InvalidRequestException(
        ErrorCode.INVALID_ARGUMENT,
        "Cannot " + action() + ": " + why + " (" + code + "). Nothing was changed. " + fix,
        List.of(Finding.error(code, place.name(), why + ".", fix)));
  }

  /** A domain as a whole, for anybody, is a lot. */
  private List<Finding> wide(StoredAuthorization given) {
    boolean all =
        given.scope().on() instanceof GrantTarget.WholeDomain
            || (tags != null && tags.values().keySet().equals(Set.of(PolicySnapshot.DOMAIN)));
    if (!all || !given.scope().to().isEmpty()) {
      return List.of();
    }
    return List.of(
        new Finding(
            "WIDE",
            Finding.Severity.WARNING,
            place.name(),
            "lets "
                + String.join(
                    ", ", given.executors().stream().map(AccessFormatter::grantee).toList())
                + " share every product of the domain, those to come too, with anybody",
            0,
            List.of(),
            "Name consumers, tags or a product where that is enough."));
  }

  private MeshAction action() {
    return MeshAction.of(Verb.AUTHORIZE, place.name());
  }
}
