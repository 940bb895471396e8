package io.meshwork.internal.explain;

import io.meshwork.access.ExplainedAccess;
import io.meshwork.access.Permission;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.lakeformation.AccessEdit;
import io.meshwork.internal.lakeformation.AccessQuestion;
import io.meshwork.internal.lakeformation.Grant;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.lakeformation.evaluation.AccessDecision;
import io.meshwork.internal.lakeformation.evaluation.AccessDecision.DenialCode;
import io.meshwork.internal.rights.AccessFormatter;
import io.meshwork.internal.rights.PolicySnapshot;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.rights.TableRights;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ResolvedProduct;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A major version of a product, and all rights on it, as one read of the registry found them. */
final class ProductRights {
  /** A role without grants. */
  private static final Grantee WITHOUT_GRANTS = Grantee.of("arn:aws:iam::+:role/+");

  private final ClientSession session;
  private final ProductName product;
  private final MeshAction action;
  private final ProductEntry entry;
  private final DomainEntry domain;
  private final PolicySnapshot policies;
  private final PolicySnapshot.OfRoles ofRoles;
  private final VersionEntry version;

  private ProductRights(
      ClientSession session,
      MeshAction action,
      ProductEntry entry,
      DomainEntry domain,
      VersionEntry version,
      PolicySnapshot policies) {
    this.session = session;
    this.product = entry.name();
    this.action = action;
    this.entry = entry;
    this.domain = domain;
    this.version = version;
    this.policies = policies;
    this.ofRoles = policies.ofRoles();
  }

  /**
   * The major that a link points to; otherwise all live majors, at least one.
   *
   * @param account whose rights to read; empty for all accounts
   */
  static List<ProductRights> ofVersions(
      ClientSession session,
      RightsDocuments documents,
      ResolvedProduct target,
      Optional<String> account,
      MeshAction action) {
    session.checkOpen(action);
    Catalog catalog = session.catalog();
    ProductEntry entry = documents.requireProduct(target.product(), action);
    DomainEntry domain = catalog.requireDomain(target.product().domain(), action);
    List<VersionEntry> versions =
        target
            .major()
            .map(major -> List.of(catalog.requireFor(Use.DECIDE, entry.name(), major, action)))
            .orElseGet(() -> catalog.requireLiveMajors(entry, action));
    return versions.stream()
        .map(
            version ->
                new ProductRights(
                    session,
                    action,
                    entry,
                    domain,
                    version,
                    account
                        .map(only -> ofAccount(documents, domain, entry, version, only))
                        .orElseGet(() -> documents.ofProduct(domain, entry, version))))
        .toList();
  }

  private static PolicySnapshot ofAccount(
      RightsDocuments documents,
      DomainEntry domain,
      ProductEntry entry,
      VersionEntry version,
      String account) {
    return documents.ofProduct(
        domain, entry, version, documents.passingOn(Set.of(account), domain), account);
  }

  ProductName product() {
    return product;
  }

  DomainEntry domain() {
    return domain;
  }

  VersionEntry version() {
    return version;
  }

  PolicySnapshot policies() {
    return policies;
  }

  /** Returns what was tried. */
  MeshAction action() {
    return action;
  }

  /** True if every domain may read some columns of every row. */
  boolean isOpenInPart() {
    return version.isOpenWith(entry) || (entry.openToMesh() && !version.openColumns().isEmpty());
  }

  ExplainedAccess explainToMesh() {
    return version.isOpenWith(entry)
        ? fullAccess("the mesh", "openToMesh()")
        : explain("the mesh", WITHOUT_GRANTS);
  }

  ExplainedAccess explain(Principal reader) {
    if (domain.domain().accounts().contains(reader.account())) {
      return fullAccess(reader.toString(), "acts for domain " + product.domain());
    } else if (version.isOpenWith(entry)) {
      return requireDomainAndLink(reader, fullAccess(reader.toString(), "openToMesh()"));
    }
    return requireDomainAndLink(reader, explain(reader.toString(), Grantee.of(reader)));
  }

  ExplainedAccess fullAccess(String who, String because) {
    return new AccessExplanation(
        who,
        product,
        true,
        columns(),
        List.of(),
        true,
        List.of(),
        List.of(because),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  /** Adds what reading requires besides a right, if it is missing: a domain, and a link. */
  ExplainedAccess requireDomainAndLink(Principal reader, ExplainedAccess byRight) {
    Catalog catalog = session.catalog();
    Optional<DomainEntry> own =
        catalog
            .findAccount(reader.account())
            .flatMap(account -> catalog.findDomain(account.domain()));
    boolean isLinked = catalog.isVisibleTo(reader.account(), product);
    if (isLinked && own.isPresent()) {
      return byRight;
    }
    List<String> missing = new ArrayList<>(byRight.missing());
    List<String> change = new ArrayList<>(byRight.shortestChange());
    if (own.isEmpty()) {
      change.add("account " + reader.account() + " gets a domain with registerDomain(..)");
    }
    if (isLinked) {
      missing.add(ErrorCode.DOMAIN_MISSING.name() + ": the account acts for no domain");
    } else {
      missing.add(
          ErrorCode.LINK_MISSING.name()
              + ": it is in catalog '"
              + catalog.topology().catalogOf(product.domain())
              + "', and "
              + own.map(domain -> "domain '" + domain.domain().name() + "' has no link to it")
                  .orElse("the account acts for no domain that could have a link to it"));
      change.add(
          own.map(domain -> "domain " + domain.domain().name()).orElse("that domain")
              + " links it with linkResource(\""
              + product
              + "\")");
    }
    return new AccessExplanation(
        byRight.who(),
        product,
        false,
        byRight.columns(),
        byRight.hiddenColumns(),
        byRight.everyCell(),
        byRight.rowFilters(),
        byRight.because(),
        missing,
        change,
        byRight.isAllowed()
            ? own.map(domain -> domain.domain().owner()).stream().toList()
            : byRight.whoCanGrant(),
        List.of());
  }

  private List<String> columns() {
    return policies.table(product).orElseThrow().columns();
  }

  /** Explains the rights of a role from the grants that concern it. */
  ExplainedAccess explain(String who, Grantee role) {
    ProductRights applying = of(ofRoles.applyingTo(role));
    AccessDecision decision = applying.decide(role);
    if (decision.allowed()) {
      return applying.explain(who, role, decision);
    }
    ProductRights concerning = of(ofRoles.concerning(role));
    return concerning.explain(who, role, concerning.decide(role));
  }

  private ProductRights of(PolicySnapshot own) {
    return new ProductRights(session, action, entry, domain, version, own);
  }

  AccessDecision decide(Grantee role) {
    return policies
        .evaluator(role.account().stream().toList())
        .decide(
            AccessQuestion.of(
                role,
                Permission.SELECT,
                policies.resource(product),
                session.runtime().clock().instant()));
  }

  /** Explains a decision on a grantee from all grants that were read. */
  ExplainedAccess explain(String who, Grantee grantee, AccessDecision decision) {
    List<String> open = entry.openToMesh() ? version.openColumns() : List.of();
    boolean allowed = decision.allowed() || !open.isEmpty();
    List<String> visible =
        columns().stream()
            .filter(column -> open.contains(column) || decision.columns().contains(column))
            .toList();
    List<String> hidden = new ArrayList<>(columns());
    hidden.removeAll(visible);
    List<String> because = new ArrayList<>();
    if (!open.isEmpty()) {
      because.add("openToMesh()");
    }
    if (decision.allowed()) {
      because.addAll(AccessFormatter.path(decision, policies.account()));
    }
    List<String> notGranted = allowed && open.isEmpty() ? notGranted(grantee, hidden) : List.of();
    boolean everyCell =
        visible.stream()
                .allMatch(
                    column ->
                        open.contains(column) || decision.permission().rowsOf(column).everyRow())
            && (!open.isEmpty() || decision.permission().rowFilter().everyRow());
    return new AccessExplanation(
        who,
        product,
        allowed,
        visible,
        hidden,
        everyCell,
        everyCell ? List.of() : rowFilters(decision),
        because,
        Stream.of(
                allowed ? List.<String>of() : missing(decision, grantee),
                open.isEmpty() ? List.<String>of() : notOpen(hidden),
                notGranted.isEmpty() ? List.<String>of() : List.of(noGrant(who, notGranted)),
                withheld(grantee, hidden),
                revealing(grantee))
            .flatMap(List::stream)
            .toList(),
        allowed
            ? notGranted.isEmpty() ? List.of() : List.of(grantOf(notGranted, who))
            : decision.change().stream().map(this::step).toList(),
        allowed && notGranted.isEmpty() ? List.of() : whoCanGrant(decision, grantee),
        List.of());
  }

  /** The conditions of the grants that a decision rests on, if the caller may know them. */
  private List<String> rowFilters(AccessDecision decision) {
    if (!domain.domain().accounts().contains(session.principal().account())) {
      return List.of();
    }
    List<String> ids =
        decision.explanation().reasons().stream()
            .flatMap(reason -> reason.grant().stream())
            .map(Grant::id)
            .toList();
    return policies.grants().stream()
        .filter(grant -> ids.contains(grant.id()))
        .flatMap(grant -> grant.rows().map(rows -> rows + " by grant " + grant.id()).stream())
        .toList();
  }

  private static String noGrant(String who, List<String> columns) {
    return DenialCode.NO_GRANT
        + ": no active grant lets "
        + who
        + " read "
        + String.join(", ", columns);
  }

  private String grantOf(List<String> columns, String who) {
    return "domain "
        + product.domain()
        + " grants SELECT of "
        + String.join(", ", columns)
        + " on "
        + product
        + " to "
        + who;
  }

  /** The hidden columns of a partly readable product that no grant names. */
  private List<String> notGranted(Grantee grantee, List<String> hidden) {
    TableRights table = policies.table(product).orElseThrow();
    Instant now = session.runtime().clock().instant();
    List<String> columns = new ArrayList<>(hidden);
    policies.grants().stream()
        .filter(grant -> grant.appliesTo(grantee) && grant.isInForce(now))
        .forEach(grant -> columns.removeAll(policies.withheld(grant, table)));
    return columns;
  }

  /** Hidden columns of an open product: their classification is above INTERNAL. */
  private static List<String> notOpen(List<String> hidden) {
    return hidden.isEmpty()
        ? List.of()
        : List.of(
            DenialCode.COLUMNS_WITHHELD
                + ": "
                + String.join(", ", hidden)
                + " by openToMesh(), which opens nothing above INTERNAL; grant it");
  }

  /** The grants of hidden columns whose classification was raised since. */
  private List<String> withheld(Grantee grantee, List<String> hidden) {
    TableRights table = policies.table(product).orElseThrow();
    Instant now = session.runtime().clock().instant();
    List<String> withheld = new ArrayList<>();
    for (StoredGrant grant : policies.grants()) {
      if (!policies.isApplicable(grant)) {
        continue;
      }
      List<String> columns = new ArrayList<>(policies.withheld(grant, table));
      if (policies.hiddenInCondition(grant, now).isEmpty()) {
        columns.retainAll(hidden);
      }
      if (grant.appliesTo(grantee) && grant.isInForce(now) && !columns.isEmpty()) {
        withheld.add(
            DenialCode.COLUMNS_WITHHELD
                + ": "
                + String.join(", ", columns)
                + " by grant "
                + grant.id()
                + ", more sensitive now than when they were granted; grant them again with"
                + " includeSensitive()");
      }
    }
    return withheld;
  }

  /** The grants whose condition names columns that their account may not read, or that are gone. */
  private List<String> revealing(Grantee grantee) {
    Instant now = session.runtime().clock().instant();
    List<String> revealing = new ArrayList<>();
    for (StoredGrant grant : policies.grants()) {
      boolean fits = policies.isApplicable(grant);
      if ((grant.recipientAccount().isPresent() || !fits)
          && grant.appliesTo(grantee)
          && grant.isInForce(now)
          && !policies.hiddenInCondition(grant, now).isEmpty()) {
        revealing.add(
            DenialCode.CONDITION_REVEALS
                + ": grant "
                + grant.id()
                + " gives nothing: its condition names columns that "
                + (fits
                    ? "account '" + grant.recipientAccount().orElseThrow() + "' may not read"
                    : "major version " + version.major() + " does not have"));
      }
    }
    return revealing;
  }

  private List<String> missing(AccessDecision decision, Grantee grantee) {
    if (decision.allowed()) {
      return List.of();
    }
    String ended =
        policies
            .accessEnded(grantee, product, session.runtime().clock().instant())
            .map(end -> "; access ended at " + end)
            .orElse("");
    return decision.missing().stream()
        .filter(denial -> denial.code() != DenialCode.CONDITION_REVEALS)
        .map(
            denial ->
                denial
                    + ": "
                    + denial.code().meaning()
                    + (denial.code() == DenialCode.NO_GRANT ? ended : ""))
        .toList();
  }

  /** One edit as text: who changes what. */
  private String step(AccessEdit edit) {
    if (edit instanceof AccessEdit.AddGrant add) {
      Grant grant = add.grant();
      return (grant.grantor().equals(policies.account())
              ? "domain " + product.domain()
              : "account " + grant.grantor())
          + " grants "
          + AccessFormatter.permissions(grant.permissions())
          + " on "
          + product
          + " to "
          + AccessFormatter.grantee(grant.to())
          + (grant.grantable().isEmpty() ? "" : " with grant option");
    } else if (edit instanceof AccessEdit.Revoke revoke) {
      return "grant " + revoke.grant() + " is revoked";
    }
    return edit.toString();
  }

  private boolean mayPassOn(String account) {
    Instant now = session.runtime().clock().instant();
    return policies.grants().stream()
        .filter(StoredGrant::grantOption)
        .filter(grant -> grant.until().filter(end -> !now.isBefore(end)).isEmpty())
        .anyMatch(
            grant ->
                grant.to().kind() == Grantee.Kind.ORGANIZATION
                    || grant.to().equals(Grantee.account(account)));
  }

  /** The contact of the account that may pass the grant on and has not, or of the product. */
  private List<String> whoCanGrant(AccessDecision decision, Grantee grantee) {
    boolean notPassedOn =
        decision.missing().stream().anyMatch(missing -> missing.code() == DenialCode.LOCAL_GRANT)
            && grantee.account().filter(this::mayPassOn).isPresent();
    return List.of(
        grantee
            .account()
            .filter(account -> notPassedOn)
            .flatMap(session.catalog()::findAccount)
            .flatMap(account -> session.catalog().findDomain(account.domain()))
            .map(consumer -> consumer.domain().owner())
            .orElseGet(() -> entry.ownOwner().orElse(domain.domain().owner())));
  }
}
