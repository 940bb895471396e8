package io.meshwork.sharing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.access.Grantee;
import io.meshwork.access.Permission;
import io.meshwork.access.Resource.PolicyType;
import io.meshwork.access.TagExpression;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.internal.predicate.Predicate;
import io.meshwork.internal.rights.GrantTarget;
import io.meshwork.internal.rights.RequestEntry;
import io.meshwork.internal.rights.RequestStanding;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.RightsWorld;
import io.meshwork.internal.rights.Scope;
import io.meshwork.internal.rights.StoredAuthorization;
import io.meshwork.internal.rights.TableRights;
import io.meshwork.internal.runtime.Arguments;
import io.meshwork.internal.session.Session;
import io.meshwork.internal.session.Target;
import io.meshwork.operation.Plan.Step;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry.Key;
import io.meshwork.sharing.AuthorizationCard.Place;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Lets somebody of another account carry out grants for the owner of a product, or of all that a
 * domain has: to certain consumers, for certain tags, for one request, or in advance. They use the
 * same verbs as the owner, and what they grant reaches no further than what was authorized. Nobody
 * reads anything by an authorization alone. The same authorization again is the same; another end
 * or reason amends it. One thread; committed once.
 */
public final class Authorize implements AccessOperation<AuthorizationCard> {
  private final Session session;
  private final Place place;
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

  private Authorize(Session session, Place place) {
    this.session = session;
    this.place = place;
    this.change = new RightsChange<>(session, doing(), this::proposal);
  }

  /** Called by {@code MeshClient.authorize}. */
  public static Authorize of(Session session, @Nullable CharSequence productOrDomain) {
    Target.refuseLink(session, productOrDomain, "authorize grants of");
    return new Authorize(session, Place.of(Arguments.given("productOrDomain", productOrDomain)));
  }

  /** These roles of other accounts may carry out grants. */
  public Authorize executor(Principal... principals) {
    Arguments.all("executor", principals).forEach(each -> executors.add(Grantee.of(each)));
    return this;
  }

  /** Every role of these accounts may carry out grants. */
  public Authorize executorAccounts(String... accounts) {
    for (String account : Arguments.all("executorAccounts", accounts)) {
      executors.add(Grantee.account(GrantTerms.checked(account)));
    }
    return this;
  }

  /** Only to these roles. */
  public Authorize forConsumers(Principal... principals) {
    Arguments.all("forConsumers", principals).forEach(each -> consumers.add(Grantee.of(each)));
    return this;
  }

  /** Only to these accounts and to their roles. */
  public Authorize forConsumerAccounts(String... accounts) {
    for (String account : Arguments.all("forConsumerAccounts", accounts)) {
      consumers.add(Grantee.account(GrantTerms.checked(account)));
    }
    return this;
  }

  /**
   * Only grants by tags, of what carries these at least. They are of a domain; no product is named.
   */
  public Authorize forTags(TagChoice where) {
    tags = Arguments.given("forTags", where).expression();
    return this;
  }

  /**
   * Only for this request to the caller's domain, while it is open and as it is now: whoever grants
   * says so with {@code forRequest}, and it is approved thereby. Refused where the contract asks
   * for four eyes. Consumer, columns, rows and end are those of the request where no others are
   * said.
   */
  public Authorize forRequest(String id) {
    request = Arguments.text("forRequest", id);
    return this;
  }

  /** In advance and for anybody. Has to be said where no consumer, tag or request is. */
  public Authorize standing() {
    standing = true;
    return this;
  }

  /** Only these top-level columns of the product. */
  public Authorize columns(String... names) {
    columns = columns.only(names);
    return this;
  }

  /** All columns of the product but these, those that come later too. */
  public Authorize exceptColumns(String... names) {
    columns = columns.except(names);
    return this;
  }

  /**
   * Only rows of the product for which this is true. Whoever grants says the same condition, and
   * more with AND if less is meant.
   */
  public Authorize rows(String filter) {
    rows = Arguments.given("rows", filter).strip();
    return this;
  }

  /** What may be granted. Default: DESCRIBE and SELECT. */
  public Authorize allowing(Permission... some) {
    permissions = EnumSet.noneOf(Permission.class);
    permissions.addAll(Arguments.all("allowing", some));
    if (permissions.isEmpty()) {
      throw Arguments.refused("allowing", "is empty", "Name a permission, such as SELECT.");
    }
    return this;
  }

  /** What is granted may be given with grant option. */
  public Authorize withGrantOption() {
    grantOption = true;
    return this;
  }

  /**
   * The executors share it as the owner could within these bounds: they may authorize others to, by
   * the same verb, who then may not authorize any further.
   */
  public Authorize delegating() {
    delegating = true;
    return this;
  }

  /** Ends by itself, by the mesh's clock; what is granted by it has to end then or before. */
  public Authorize until(Instant end) {
    until = Arguments.given("until", end);
    return this;
  }

  /** Why. Required; kept with the authorization and in the log. */
  public Authorize because(String reason) {
    because = Arguments.text("because", reason);
    return this;
  }

  @Override
  public RightsChange<AuthorizationCard> change() {
    return change;
  }

  private Proposal<AuthorizationCard> proposal(RightsDocuments documents, Instant now) {
    DomainEntry owner = session.catalog().requireDomain(place.domain(), doing());
    check(owner, now);
    Proposal.Policy policy = new Proposal.Policy(place.domain(), documents.policy(place.domain()));
    List<Stored> checks = new ArrayList<>(List.of(owner.stored()));
    Optional<TableRights> table = Optional.empty();
    if (tags != null && !documents.ofNoProduct(owner).defines(tags)) {
      throw refused(
          "TAG_UNDEFINED",
          "domain '" + place.domain() + "' does not define one of the tags or values",
          "Name what it defines, or define it with governance().defineTag(..).");
    }
    if (place.product().isPresent()) {
      ProductEntry product = session.catalog().requireProduct(place.product().get(), doing());
      VersionEntry version =
          session.catalog().requireVersion(product.name(), product.currentMajor(), doing());
      checks.add(product.stored());
      checks.add(version.majorStored());
      table = documents.ofProduct(owner, product, version, List.of()).table(product.name());
    }
    StoredAuthorization wanted = wanted(owner, documents, table, checks, now);
    Key key =
        place
            .product()
            .map(product -> Keys.authorization(product, wanted.id()))
            .orElseGet(() -> Keys.authorization(place.domain(), wanted.id()));
    Optional<Stored> existing = documents.read(key);
    Optional<StoredAuthorization> there = existing.map(StoredAuthorization::of);
    boolean same = there.isPresent() && there.get().saysTheSameAs(wanted);
    AuthorizationCard card = AuthorizationCard.of(same ? there.orElseThrow() : wanted);
    ObjectNode details = JsonNodeFactory.instance.objectNode();
    AuthorizationCard.log(details.putArray("authorizations"), wanted);
    return new Proposal<>(
        "Authorize " + place.name(),
        new Proposal.Entry(
            place.partition(),
            there.isPresent() ? "authorization.amended" : "authorization.given",
            place.name(),
            details),
        policy,
        same ? List.of() : List.of(new Proposal.Write(key, existing, Optional.of(wanted.json()))),
        checks,
        same
            ? List.of()
            : List.of(
                new Step(
                    there.isPresent() ? "amend" : "authorize",
                    place.name(),
                    card.toString(),
                    "withdraw it with withdrawAuthorization(\"" + card.id() + "\")")),
        wide(wanted),
        Reach.none(),
        card);
  }

  private StoredAuthorization wanted(
      DomainEntry owner,
      RightsDocuments documents,
      Optional<TableRights> table,
      List<Stored> checks,
      Instant now) {
    Optional<Schema> schema = table.map(TableRights::schema);
    Optional<RequestStanding> standing = asked(table, checks, now);
    Optional<RequestEntry> asked = standing.map(RequestStanding::request);
    Optional<String> condition =
        Optional.ofNullable(rows).or(() -> asked.flatMap(RequestEntry::rows));
    condition.ifPresent(text -> Predicate.parse(text, schema.orElseThrow(), doing()));
    ColumnNames named =
        columns.areAll()
            ? asked.map(each -> new ColumnNames(each.columns(), List.of())).orElse(columns)
            : columns;
    ColumnNames spelled = table.isPresent() ? named.in(table.get(), doing()) : named;
    Scope scope =
        new Scope(
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
    if (!owner.domain().accounts().contains(session.principal().account())) {
      under = Optional.of(delegated(owner, documents, scope, schema, checks, now));
    }
    return new StoredAuthorization(
        executors.stream().distinct().toList(),
        scope,
        Optional.ofNullable(request),
        standing.map(each -> each.stored().version()),
        delegating,
        under.map(StoredAuthorization::id),
        because == null ? "" : because,
        under.map(StoredAuthorization::authorizedBy).orElse(by),
        by);
  }

  /** The request that it is for, which nobody has settled yet. */
  private Optional<RequestStanding> asked(
      Optional<TableRights> table, List<Stored> checks, Instant now) {
    if (request == null) {
      return Optional.empty();
    }
    RequestDesk desk = new RequestDesk(session, doing());
    RequestStanding standing = desk.toDecide(RequestDesk.id(request));
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
      Scope scope,
      Optional<Schema> schema,
      List<Stored> checks,
      Instant now) {
    List<String> faults = new ArrayList<>();
    for (Map.Entry<Stored, StoredAuthorization> each : place.authorizations(documents).entrySet()) {
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
    throw session.denied(place.name(), doing(), notDelegated(owner, faults));
  }

  private AccessDeniedException notDelegated(DomainEntry owner, List<String> faults) {
    return new AccessDeniedException(
        ErrorCode.ACCESS_DENIED,
        "Cannot "
            + doing()
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
    for (Grantee executor : executors) {
      if (executor.account().filter(owner.domain().accounts()::contains).isPresent()) {
        throw refused(
            "OWN_ACCOUNT",
            Shown.grantee(executor) + " acts for domain '" + place.domain() + "' itself",
            "It needs no authorization. Name others.");
      }
    }
  }

  private InvalidRequestException refused(String code, String why, String mend) {
    return new InvalidRequestException(
        ErrorCode.INVALID_ARGUMENT,
        "Cannot " + doing() + ": " + why + " (" + code + "). Nothing was changed. " + mend,
        List.of(Finding.error(code, place.name(), why + ".", mend)));
  }

  /** A domain as a whole, for anybody, is a lot. */
  private List<Finding> wide(StoredAuthorization given) {
    boolean all =
        given.scope().on() instanceof GrantTarget.WholeDomain
            || (tags != null && tags.values().keySet().equals(Set.of(RightsWorld.DOMAIN)));
    if (!all || !given.scope().to().isEmpty()) {
      return List.of();
    }
    return List.of(
        new Finding(
            "WIDE",
            Finding.Severity.WARNING,
            place.name(),
            "lets "
                + String.join(", ", given.executors().stream().map(Shown::grantee).toList())
                + " share every product of the domain, those to come too, with anybody",
            0,
            List.of(),
            "Name consumers, tags or a product where that is enough."));
  }

  private String doing() {
    return "authorize " + place.name();
  }
}
