package io.meshwork.internal.session;

import io.meshwork.contract.Contract;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.Catalog.AccountEntry;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.DomainRoles;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.lakeformation.DataPermission;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.lakeformation.evaluation.AccessDecision.DenialCode;
import io.meshwork.internal.ledger.MeshFormat;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.rights.AccessPolicy;
import io.meshwork.internal.rights.AccessPolicy.ReadDecision;
import io.meshwork.internal.rights.PolicySnapshot;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.product.Classification;
import io.meshwork.product.Domain;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Authorizes what a principal does: every role of the owner's accounts may publish and read its
 * products; others may read what is open to the mesh or granted to them. Everything else is denied.
 * In an embedded mesh the caller states its identity, so this prevents mistakes, not attacks.
 */
public final class Authorizer {
  private static final String HIDDEN = "(hidden)";

  private final Principal principal;
  private final Catalog catalog;
  private final AccessPolicy policy;
  private final @Nullable AccessCounter accessCounter;
  private final InstantSource clock;

  Authorizer(
      Principal principal,
      Catalog catalog,
      AccessPolicy policy,
      @Nullable AccessCounter accessCounter,
      InstantSource clock) {
    this.principal = principal;
    this.catalog = catalog;
    this.policy = policy;
    this.accessCounter = accessCounter;
    this.clock = clock;
  }

  /** An authorizer that counts nothing for the audit, for plans and lists. */
  public Authorizer uncounted() {
    return new Authorizer(principal, catalog, policy, null, clock);
  }

  /**
   * Requires that the principal's account acts for the domain.
   *
   * @throws AccessDeniedException if it does not
   * @throws io.meshwork.error.NotFoundException if the domain does not exist
   */
  public DomainEntry requireOwner(String domain, MeshAction action) {
    DomainEntry entry = catalog.requireDomain(domain, action);
    Domain value = entry.domain();
    if (!value.accounts().contains(principal.account())) {
      throw counted(
          domain,
          action,
          Failure.of(action.on("as " + principal))
              .because(
                  "only accounts of domain '"
                      + domain
                      + "' may do this: "
                      + value.accounts()
                      + "."
                      + caseHint(value.accounts()))
              .state("Nothing was done.")
              .fix("Act as one of them, or ask " + value.owner() + ".")
              .accessDenied(
                  ErrorCode.NOT_OWNER,
                  "an account of domain '" + domain + "'",
                  List.of(value.owner())));
    }
    return entry;
  }

  /**
   * Requires that the principal is an administrator of the domain.
   *
   * @throws AccessDeniedException if it is not; the message names the administrators
   * @throws io.meshwork.error.NotFoundException if the domain does not exist
   */
  public DomainEntry requireAdministrator(String domain, MeshAction action) {
    DomainEntry entry = requireOwner(domain, action);
    DomainRoles roles = catalog.roles(entry);
    if (!roles.isAdministrator(principal)) {
      throw counted(
          domain,
          action,
          withoutRole(entry, roles, action, "administrator", roles.administrators()));
    }
    return entry;
  }

  /**
   * Requires that the principal may decide on requests for a product.
   *
   * @throws AccessDeniedException if it may not; the message names the deciders
   * @throws io.meshwork.error.NotFoundException if the domain does not exist
   */
  public DomainEntry requireDecider(ProductName product, MeshAction action) {
    DomainEntry entry = requireOwner(product.domain(), action);
    DomainRoles roles = catalog.roles(entry);
    if (!roles.isDecider(principal)) {
      throw counted(
          product, action, withoutRole(entry, roles, action, "decider", roles.deciders()));
    }
    return entry;
  }

  /** True if the principal may pass on grants within its own account. */
  public boolean isAdministrator(DomainEntry own) {
    return catalog.roles(own).isAdministrator(principal);
  }

  private AccessDeniedException withoutRole(
      DomainEntry entry, DomainRoles roles, MeshAction action, String role, List<Principal> named) {
    Domain domain = entry.domain();
    List<String> who =
        named.isEmpty()
            ? List.of(domain.owner())
            : named.stream().map(Principal::toString).toList();
    return Failure.of(action.on("as " + principal))
        .because(
            "only "
                + role
                + "s of domain '"
                + domain.name()
                + "' may do this, and "
                + (named.isEmpty() ? "none is named" : "these are " + String.join(", ", who)))
        .fix(
            (named.isEmpty() ? "" : "Ask one of them, or act as one. ")
                + howToName(domain, roles, role))
        .accessDenied(
            ErrorCode.ACCESS_DENIED,
            "the role of "
                + (role.equals("administrator") ? "an " : "a ")
                + role
                + " of domain '"
                + domain.name()
                + "'",
            who);
  }

  /** Who can name another principal for the role, and how. */
  private static String howToName(Domain domain, DomainRoles roles, String role) {
    String who =
        roles.administrators().isEmpty() ? roles.registeredBy().toString() : "An administrator";
    return who
        + " names more with registerDomain(\""
        + domain.name()
        + "\")."
        + role
        + "s(..).commit().";
  }

  /**
   * Returns true if the principal sees an entry of a log that it may read. A changed format tells
   * of a rollout that is not announced, so only the stewards and who changed it see its entry.
   *
   * @param type the type of the event
   * @param by who caused it
   */
  public boolean seesEntry(String type, String by) {
    return !type.equals(MeshFormat.CHANGED)
        || by.equals(principal.toString())
        || catalog.isSteward(principal);
  }

  /**
   * The domain that the principal's account acts for. Its partition contains what a consumer
   * writes.
   *
   * @throws InvalidRequestException if there is none; the message names {@code registerDomain}
   */
  public AccountEntry requireOwnDomain(MeshAction action) {
    return catalog.findAccount(principal.account()).orElseThrow(() -> withoutDomain(action));
  }

  /**
   * Requires that the principal's account still acts for the domain that an open object was opened
   * for. Every act on such an object asks this, because an account can move to another domain.
   *
   * @param domain the domain that the object remembers
   * @throws AccessDeniedException if the account acts for another domain now, or for none
   */
  public void requireStillActsFor(String domain, MeshAction action) {
    Optional<String> now = catalog.findAccount(principal.account()).map(AccountEntry::domain);
    if (now.filter(domain::equals).isPresent()) {
      return;
    }
    throw Failure.of(action.on("as " + principal))
        .because(
            "it belongs to domain '"
                + domain
                + "', and the account '"
                + principal.account()
                + "' acts for "
                + now.map(current -> "domain '" + current + "'").orElse("no domain")
                + " now")
        .state("Nothing was done.")
        .fix("Act as an account of domain '" + domain + "', or open it again for your own domain.")
        .accessDenied(ErrorCode.NOT_OWNER, "an account of domain '" + domain + "'", List.of());
  }

  private InvalidRequestException withoutDomain(MeshAction action) {
    InvalidRequestException failure =
        Failure.of(action.on("as " + principal))
            .because(
                "the account '"
                    + principal.account()
                    + "' acts for no domain."
                    + caseHint(
                        catalog.findAccount(lowerCase()).isPresent()
                            ? List.of(lowerCase())
                            : List.of()))
            .fix(
                "Register one first with registerDomain("
                    + (NameGrammar.isLegal(principal.account())
                        ? "\"" + principal.account() + "\").owner(..)"
                        : "..).accounts(\"" + principal.account() + "\").owner(..)")
                    + ".commit().")
            .invalidRequest(ErrorCode.DOMAIN_MISSING);
    String subject = action.subject();
    if (accessCounter != null
        && action.verb() == Verb.READ
        && subject.contains("/")
        && !subject.contains(" ")) {
      accessCounter.denied(principal, Verb.READ, subject, action, "a domain for the account");
    }
    return failure;
  }

  /** A hint if the account differs from an existing one in case only. */
  private String caseHint(List<String> accounts) {
    return accounts.stream()
        .filter(account -> account.equalsIgnoreCase(principal.account()))
        .findFirst()
        .map(account -> " Account names are case-sensitive: did you mean '" + account + "'?")
        .orElse("");
  }

  private String lowerCase() {
    return principal.account().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns a major of the product that its state lets the principal read, whatever its rights are:
   * one that consumers read, or one that only the owner reads. The reason of a suspension is for
   * principals who may read.
   *
   * @throws io.meshwork.error.NotFoundException if there is no such major, or it was retired
   * @throws io.meshwork.error.ConflictException if only the owner can read it yet, or reads are
   *     suspended
   * @throws AccessDeniedException if reads are suspended, and the principal may read nothing
   */
  public VersionEntry requireReadable(ProductEntry product, int major, MeshAction action) {
    VersionEntry version = catalog.requireFor(Use.DESCRIBE, product.name(), major, action);
    if (!version.state().allows(Use.READ) || catalog.isSuspended(product, major)) {
      if (owner(product).isPresent()) {
        catalog.requireUse(Use.READ_AS_OWNER, product.name(), version, action);
        return version;
      } else if (version.state().allows(Use.READ)) {
        requireRead(product, version, action);
      }
      catalog.requireUse(Use.READ, product, version, action);
    }
    return version;
  }

  /** True if the principal may read all of the product's current major. */
  public boolean mayRead(ProductEntry product) {
    return mayRead(product, product.currentMajor());
  }

  /** True if the principal may read all of a major of the product. */
  public boolean mayRead(ProductEntry product, int major) {
    if (owner(product).isPresent()) {
      return true;
    }
    VersionEntry version =
        catalog.requireFor(
            Use.DESCRIBE, product.name(), major, MeshAction.of(Verb.FIND, product.name()));
    return version.state().allows(Use.READ)
        && findPermission(product, version).filter(DataPermission::isAll).isPresent();
  }

  /** As {@link #mayRead(ProductEntry, int)}, and reads are not suspended for the principal. */
  public boolean mayReadNow(ProductEntry product, int major) {
    return mayRead(product, major)
        && !isSuspended(
            product,
            catalog.requireFor(
                Use.DESCRIBE, product.name(), major, MeshAction.of(Verb.FIND, product.name())));
  }

  /** True if the owner suspended reads of a version, and the principal does not act for it. */
  public boolean isSuspended(ProductEntry product, VersionEntry version) {
    return owner(product).isEmpty() && catalog.isSuspended(product, version.major());
  }

  /**
   * What the principal may read of a version now; empty if nothing, or while reads are suspended
   * for it.
   */
  public Optional<DataPermission> findPermissionNow(ProductEntry product, VersionEntry version) {
    return findPermission(product, version).filter(permission -> !isSuspended(product, version));
  }

  /**
   * Returns a condition on rows of a major as the principal may see it: its values can be from any
   * row, so only the owner, and who may read all rows of the columns that it names, sees it.
   */
  public String shown(ProductName name, int major, String condition) {
    try {
      return mayKnow(catalog.requireProduct(name, MeshAction.of(Verb.FIND, name)), major, condition)
          ? condition
          : HIDDEN;
    } catch (MeshException unavailable) {
      return HIDDEN;
    }
  }

  private boolean mayKnow(ProductEntry product, int major, String condition) {
    if (owner(product).isPresent()) {
      return true;
    }
    VersionEntry version =
        catalog.requireFor(
            Use.DESCRIBE, product.name(), major, MeshAction.of(Verb.FIND, product.name()));
    return findPermission(product, version)
        .filter(
            permission ->
                RowPredicate.names(condition)
                    .filter(
                        names ->
                            names.stream().allMatch(name -> showsAllOf(name, permission, version)))
                    .isPresent())
        .isPresent();
  }

  private static boolean showsAllOf(String name, DataPermission permission, VersionEntry version) {
    return version.columns().stream()
        .filter(name::equalsIgnoreCase)
        .anyMatch(column -> permission.includes(column) && permission.rowsOf(column).everyRow());
  }

  /** What the principal may read of a version of the product; empty if nothing. */
  public Optional<DataPermission> findPermission(ProductEntry product, VersionEntry version) {
    if (owner(product).isPresent()) {
      return Optional.of(DataPermission.ALL);
    }
    if (!isVisible(product)) {
      return Optional.empty();
    }
    return policy
        .permission(principal, product, version, clock.instant())
        .permission()
        .filter(permission -> catalog.findAccount(principal.account()).isPresent());
  }

  /**
   * Returns what the principal may read of a version of the product.
   *
   * @throws AccessDeniedException if it may read nothing; the message names what is missing and
   *     whom to ask
   */
  public DataPermission requireRead(ProductEntry product, VersionEntry version, MeshAction action) {
    return authorizeRead(product, version, action).permission().orElseThrow();
  }

  /**
   * Requires that the principal may read all columns, rows, and cells of a version, for operations
   * that cannot omit some.
   *
   * @throws AccessDeniedException if it may not
   */
  public void requireFullRead(ProductEntry product, VersionEntry version, MeshAction action) {
    if (!requireRead(product, version, action).isAll()) {
      String contact = catalog.ownerOf(product, action);
      throw counted(
          product,
          action,
          Failure.of(action.on("as " + principal))
              .because(
                  "only some columns, rows, or cells of "
                      + product.name()
                      + " are granted, and this requires all of them")
              .state("Nothing was read.")
              .fix("Ask " + contact + " for SELECT on the whole product.")
              .accessDenied(
                  ErrorCode.ACCESS_DENIED,
                  "SELECT on all columns and rows of " + product.name(),
                  List.of(contact)));
    }
  }

  /**
   * Returns the decision that allows the principal to read a version of the product; its permission
   * is present.
   *
   * @throws AccessDeniedException if it may read nothing; the message names what is missing and
   *     whom to ask
   */
  public ReadDecision authorizeRead(ProductEntry product, VersionEntry version, MeshAction action) {
    ReadDecision decision = authorize(product, version, action, true);
    if (!isVisible(product)) {
      throw counted(product, action, notLinked(product, action));
    }
    return decision;
  }

  /**
   * As {@link #requireRead}, for a principal that has a link to the product or is creating one.
   *
   * @throws AccessDeniedException if it may read nothing; the message names what is missing and
   *     whom to ask
   */
  public DataPermission requireReadOfLinked(
      ProductEntry product, VersionEntry version, MeshAction action) {
    return authorize(product, version, action, false).permission().orElseThrow();
  }

  /** True unless the product is in another catalog and the principal's domain has no link to it. */
  private boolean isVisible(ProductEntry product) {
    return catalog.isVisibleTo(principal.account(), product.name());
  }

  /** True if the link is certainly missing, not if the catalog is unavailable. */
  private boolean lacksLink(ProductEntry product) {
    try {
      return !isVisible(product);
    } catch (BackendException e) {
      return false;
    }
  }

  private AccessDeniedException notLinked(ProductEntry product, MeshAction action) {
    return Failure.of(action.on("as " + principal))
        .because(
            product.name()
                + " is in catalog '"
                + catalog.topology().catalogOf(product.name().domain())
                + "', which the domain of account '"
                + principal.account()
                + "' does not see, and that domain has no link to it. The right to read is granted")
        .state("Nothing was read.")
        .fix(
            "Link it first: linkResource(\""
                + product.name()
                + "\").database(..).name(..).commit().")
        .accessDenied(ErrorCode.LINK_MISSING, linkTo(product), List.of());
  }

  private static String linkTo(ProductEntry product) {
    return "a link to " + product.name() + " in the caller's catalog";
  }

  /** Adds the missing link, so that one failure names everything that is missing. */
  private AccessDeniedException alsoWithoutLink(
      ProductEntry product, MeshAction action, AccessDeniedException denied) {
    return Failure.of(action.on("as " + principal))
        .because(denied.reason())
        .state(denied.state())
        .fix(
            denied.fix()
                + " Reading also requires a link, because the product is in catalog '"
                + catalog.topology().catalogOf(product.name().domain())
                + "': linkResource(\""
                + product.name()
                + "\").database(..).name(..).commit().")
        .accessDenied(
            denied.errorCode(),
            denied.missing() + "; and " + linkTo(product),
            denied.whoCanGrant());
  }

  private ReadDecision authorize(
      ProductEntry product, VersionEntry version, MeshAction action, boolean requiresLink) {
    ReadDecision decision = policy.permission(principal, product, version, clock.instant());
    if (decision.permission().isEmpty()) {
      String contact = catalog.ownerOf(product, action);
      AccessDeniedException denied =
          decision
              .policies()
              .map(policies -> denied(product, action, contact, decision.missing(), policies))
              .orElseGet(() -> neverShared(product, version, action, contact));
      throw counted(
          product,
          action,
          requiresLink && lacksLink(product) ? alsoWithoutLink(product, action, denied) : denied);
    }
    if (owner(product).isEmpty()) {
      requireOwnDomain(action);
    }
    return decision;
  }

  private AccessDeniedException counted(
      ProductName product, MeshAction action, AccessDeniedException denied) {
    if (accessCounter != null) {
      accessCounter.denied(principal, action.verb(), product.toString(), action, denied);
    }
    return denied;
  }

  private AccessDeniedException counted(
      ProductEntry product, MeshAction action, AccessDeniedException denied) {
    if (accessCounter != null) {
      accessCounter.denied(principal, Verb.READ, product.name().toString(), action, denied);
    }
    return denied;
  }

  /** Counts the denial under the domain's product that the action names, or the domain. */
  private AccessDeniedException counted(
      String domain, MeshAction action, AccessDeniedException denied) {
    if (accessCounter != null) {
      accessCounter.denied(principal, action.verb(), action.productIn(domain), action, denied);
    }
    return denied;
  }

  private AccessDeniedException neverShared(
      ProductEntry product, VersionEntry version, MeshAction action, String contact) {
    boolean mayBeOpened = !isSensitive(version.contract());
    return Failure.of(action.on("as " + principal))
        .because(
            product.name() + " is not open to the mesh, and " + meaning(DenialCode.NO_GRANT, false))
        .fix(
            "Ask "
                + contact
                + " to grant it with grant(\""
                + product.name()
                + "\")"
                + (mayBeOpened ? " or to open it with openToMesh()" : "")
                + "; requests().requestAccess(\""
                + product.name()
                + "\") asks for a grant.")
        .accessDenied(
            ErrorCode.ACCESS_DENIED, "a grant of SELECT on " + product.name(), List.of(contact));
  }

  /** True for a product that is never opened to the mesh. */
  private static boolean isSensitive(Contract contract) {
    return Stream.concat(
            Stream.of(contract.classification()),
            contract.schema().getFields().stream()
                .map(column -> contract.classificationOf(column.name())))
        .anyMatch(classification -> classification.compareTo(Classification.INTERNAL) > 0);
  }

  private AccessDeniedException denied(
      ProductEntry product,
      MeshAction action,
      String contact,
      List<DenialCode> missing,
      PolicySnapshot policies) {
    boolean notPassedOn = missing.contains(DenialCode.LOCAL_GRANT) && mayPassOn(policies);
    String who =
        notPassedOn
            ? catalog
                .findAccount(principal.account())
                .flatMap(account -> catalog.findDomain(account.domain()))
                .map(domain -> domain.domain().owner())
                .orElse(contact)
            : contact;
    return Failure.of(action.on("as " + principal))
        .because(
            product.name()
                + " is not open to the mesh, and "
                + missing.stream()
                    .map(code -> meaning(code, notPassedOn))
                    .collect(Collectors.joining(", and "))
                + ended(policies, product)
                + withheld(policies, product))
        .state("Nothing was read.")
        .fix(
            "Ask "
                + who
                + " for SELECT on it, granted with grant(\""
                + product.name()
                + "\").to(..)"
                + (missing.contains(DenialCode.LOCAL_GRANT) && !notPassedOn
                    ? ", or with toAccounts(..).withGrantOption()"
                    : "")
                + (notPassedOn
                    ? "."
                    : "; requests().requestAccess(\"" + product.name() + "\") asks for that."))
        .accessDenied(
            ErrorCode.ACCESS_DENIED,
            (notPassedOn ? "a grant to " + principal + " within its account" : "a grant of SELECT")
                + " on "
                + product.name(),
            List.of(who));
  }

  /** True if the principal's account may pass on its grant. */
  private boolean mayPassOn(PolicySnapshot policies) {
    Instant now = clock.instant();
    return policies.grants().stream()
        .filter(StoredGrant::grantOption)
        .filter(grant -> grant.until().filter(end -> !now.isBefore(end)).isEmpty())
        .map(StoredGrant::to)
        .anyMatch(
            to ->
                to.kind() == Grantee.Kind.ORGANIZATION
                    || to.equals(Grantee.account(principal.account())));
  }

  private String withheld(PolicySnapshot policies, ProductEntry product) {
    Grantee reader = Grantee.of(principal);
    if (policies.hasVoidCondition(reader, clock.instant())) {
      return "; the condition of a grant names columns that it may not reveal, or that are gone, so"
          + " it gives nothing until it is granted again; doctor() names it ("
          + DenialCode.CONDITION_REVEALS
          + ")";
    }
    return policies.hasWithheldColumns(reader, product.name(), clock.instant())
        ? "; the granted data is more sensitive now than when it was granted, and is withheld until"
            + " it is granted again ("
            + DenialCode.COLUMNS_WITHHELD
            + ")"
        : "";
  }

  private String ended(PolicySnapshot policies, ProductEntry product) {
    return policies
        .accessEnded(Grantee.of(principal), product.name(), clock.instant())
        .map(end -> "; its access ended at " + end)
        .orElse("");
  }

  private String meaning(DenialCode missing, boolean mayPassOn) {
    return switch (missing) {
      case LOCAL_GRANT ->
          "it is shared with account '"
              + principal.account()
              + (mayPassOn
                  ? "', which did not pass it on to "
                  : "' without grant option, so it cannot be passed on to ")
              + principal
              + " ("
              + missing
              + ")";
      case ACCOUNT_GRANT ->
          "account '"
              + principal.account()
              + "' passed it on, but the owner does not share it with that account ("
              + missing
              + ")";
      case CONDITION_REVEALS -> "it was " + missing.meaning() + " (" + missing + ")";
      default -> "no active grant lets " + principal + " read any column of it (" + missing + ")";
    };
  }

  private Optional<DomainEntry> owner(ProductEntry product) {
    return catalog
        .findDomain(product.name().domain())
        .filter(entry -> entry.domain().accounts().contains(principal.account()));
  }
}
