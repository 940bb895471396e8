package io.meshwork.internal.session;

import io.meshwork.contract.Contract;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.AccountEntry;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.DomainRoles;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.lakeformation.DataPermission;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.naming.NameGrammar;
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
 * What a principal may do: every role of the owner's accounts produces and reads its products,
 * others read what is open to the mesh or granted to them, and nothing else is allowed. In an
 * embedded mesh the caller states who it is, so this guards against mistakes and not against
 * hostile code.
 */
public final class Authorizer {
  private final Principal principal;
  private final Catalog catalog;
  private final AccessPolicy policy;
  private final @Nullable AccessCounter tally;
  private final InstantSource clock;

  Authorizer(
      Principal principal,
      Catalog catalog,
      AccessPolicy policy,
      @Nullable AccessCounter tally,
      InstantSource clock) {
    this.principal = principal;
    this.catalog = catalog;
    this.policy = policy;
    this.tally = tally;
    this.clock = clock;
  }

  /** The same for one who only wants to know what would be: nothing is counted for the audit. */
  public Authorizer uncounted() {
    return new Authorizer(principal, catalog, policy, null, clock);
  }

  /**
   * Lets only accounts of the domain through.
   *
   * @throws AccessDeniedException if the principal's account does not act for it
   * @throws io.meshwork.error.NotFoundException if there is no such domain
   */
  public DomainEntry actsFor(String domain, MeshAction action) {
    DomainEntry entry = catalog.requireDomain(domain, action);
    Domain value = entry.domain();
    if (!value.accounts().contains(principal.account())) {
      throw counted(
          domain,
          action,
          Failure.of(action.on("as " + principal))
              .because(
                  "only the accounts of domain '"
                      + domain
                      + "' may, and these are "
                      + value.accounts()
                      + "."
                      + otherCase(value.accounts()))
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
   * Lets only administrators of the domain through.
   *
   * @throws AccessDeniedException if the principal is none, naming those there are
   * @throws io.meshwork.error.NotFoundException if there is no such domain
   */
  public DomainEntry administers(String domain, MeshAction action) {
    DomainEntry entry = actsFor(domain, action);
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
   * Lets only those through who decide on requests for a product.
   *
   * @throws AccessDeniedException if the principal does not, naming those who do
   * @throws io.meshwork.error.NotFoundException if there is no such domain
   */
  public DomainEntry decides(ProductName product, MeshAction action) {
    DomainEntry entry = actsFor(product.domain(), action);
    DomainRoles roles = catalog.roles(entry);
    if (!roles.isDecider(principal)) {
      throw counted(
          product, action, withoutRole(entry, roles, action, "decider", roles.deciders()));
    }
    return entry;
  }

  /** True if the principal hands on, within its account, what that was granted. */
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
                + "' may, and "
                + (named.isEmpty() ? "none is named" : "these are " + String.join(", ", who)))
        .fix(
            (named.isEmpty() ? "" : "Ask one of them, or act as one. ")
                + naming(domain, roles, role))
        .accessDenied(
            ErrorCode.ACCESS_DENIED,
            "to be "
                + (role.equals("administrator") ? "an " : "a ")
                + role
                + " of domain '"
                + domain.name()
                + "'",
            who);
  }

  /** Who can name another role, and how. */
  private static String naming(Domain domain, DomainRoles roles, String role) {
    String who =
        roles.administrators().isEmpty()
            ? roles.registeredBy().map(Principal::toString).orElse(domain.owner())
            : "An administrator";
    return who
        + " names more with registerDomain(\""
        + domain.name()
        + "\")."
        + role
        + "s(..).commit().";
  }

  /**
   * The domain that the principal's account acts for; its partition holds what a consumer writes.
   *
   * @throws InvalidRequestException if the account has none, naming {@code registerDomain}
   */
  public AccountEntry ownDomain(MeshAction action) {
    return catalog.findAccount(principal.account()).orElseThrow(() -> withoutDomain(action));
  }

  private InvalidRequestException withoutDomain(MeshAction action) {
    InvalidRequestException refused =
        Failure.of(action.on("as " + principal))
            .because(
                "the account '"
                    + principal.account()
                    + "' acts for no domain."
                    + otherCase(
                        catalog.findAccount(lowerCase()).isPresent()
                            ? List.of(lowerCase())
                            : List.of()))
            .fix(
                "Register one first with registerDomain("
                    + (NameGrammar.isLegal(principal.account())
                        ? "\"" + principal.account() + "\").ownedBy(..)"
                        : "..).accounts(\"" + principal.account() + "\").ownedBy(..)")
                    + ".commit().")
            .invalidRequest(ErrorCode.DOMAIN_MISSING);
    String subject = action.subject();
    if (tally != null
        && action.verb() == Verb.READ
        && subject.contains("/")
        && !subject.contains(" ")) {
      tally.denied(principal, Verb.READ, subject, action, "a domain for the account");
    }
    return refused;
  }

  /** A hint for who wrote an account with other capitals than it has. */
  private String otherCase(List<String> accounts) {
    return accounts.stream()
        .filter(account -> account.equalsIgnoreCase(principal.account()))
        .findFirst()
        .map(account -> " Capitals count: did you mean '" + account + "'?")
        .orElse("");
  }

  private String lowerCase() {
    return principal.account().toLowerCase(Locale.ROOT);
  }

  /** True if the principal may read all of the product's current major. */
  public boolean mayRead(ProductEntry product) {
    return mayRead(product, product.currentMajor());
  }

  /** True if the principal may read all of a major of the product. */
  public boolean mayRead(ProductEntry product, int major) {
    return owner(product).isPresent()
        || seen(
                product,
                catalog.requireVersion(
                    product.name(), major, MeshAction.of(Verb.FIND, product.name())))
            .filter(DataPermission::isAll)
            .isPresent();
  }

  /** What the principal sees of a version of the product; empty if it may read nothing of it. */
  public Optional<DataPermission> seen(ProductEntry product, VersionEntry version) {
    if (owner(product).isPresent()) {
      return Optional.of(DataPermission.ALL);
    }
    if (!isInSight(product)) {
      return Optional.empty();
    }
    return policy.permission(principal, product, version, clock.instant()).permission();
  }

  /**
   * Returns what the principal may read of a version of the product.
   *
   * @throws AccessDeniedException if it may read nothing, with what is missing and whom to ask
   */
  public DataPermission reads(ProductEntry product, VersionEntry version, MeshAction action) {
    return authorizeRead(product, version, action).permission().orElseThrow();
  }

  /**
   * Checks that the principal may read all columns, rows and cells of a version, for operations
   * that cannot leave some out.
   *
   * @throws AccessDeniedException if it may not
   */
  public void readsAll(ProductEntry product, VersionEntry version, MeshAction action) {
    if (!reads(product, version, action).isAll()) {
      String contact = catalog.ownerOf(product, action);
      throw counted(
          product,
          action,
          Failure.of(action.on("as " + principal))
              .because(
                  "what is granted of "
                      + product.name()
                      + " are some of its columns, rows or cells, and this takes all of them")
              .state("Nothing was read.")
              .fix("Ask " + contact + " for SELECT on the whole product.")
              .accessDenied(
                  ErrorCode.ACCESS_DENIED,
                  "SELECT on all columns and rows of " + product.name(),
                  List.of(contact)));
    }
  }

  /**
   * Returns the decision that lets the principal read a version of the product; its permission is
   * present.
   *
   * @throws AccessDeniedException if it may read nothing, with what is missing and whom to ask
   */
  public ReadDecision authorizeRead(ProductEntry product, VersionEntry version, MeshAction action) {
    ReadDecision decision = right(product, version, action, true);
    if (!isInSight(product)) {
      throw counted(product, action, notLinked(product, action));
    }
    return decision;
  }

  /**
   * As {@link #reads}, for a principal that has a link to the product or is creating one.
   *
   * @throws AccessDeniedException if it may read nothing, with what is missing and whom to ask
   */
  public DataPermission readsOnceLinked(
      ProductEntry product, VersionEntry version, MeshAction action) {
    return right(product, version, action, false).permission().orElseThrow();
  }

  /**
   * Where a mesh has several catalogs, a product of another one is read through a link. Whoever
   * acts for no domain has nothing to link it into.
   */
  private boolean isInSight(ProductEntry product) {
    return catalog.isInSightOf(principal.account(), product.name());
  }

  /** The same for one who is denied anyway: what cannot be asked is not said to be missing. */
  private boolean lacksLink(ProductEntry product) {
    try {
      return !isInSight(product);
    } catch (BackendException e) {
      return false;
    }
  }

  private AccessDeniedException notLinked(ProductEntry product, MeshAction action) {
    return Failure.of(action.on("as " + principal))
        .because(
            product.name()
                + " lives in catalog '"
                + catalog.topology().catalogOf(product.name().domain())
                + "', which the domain of account '"
                + principal.account()
                + "' does not see, and no link of its own stands for it. The right to read is there")
        .state("Nothing was read.")
        .fix("Link it first: linkResource(\"" + product.name() + "\").into(..).as(..).commit().")
        .accessDenied(ErrorCode.LINK_MISSING, linkTo(product), List.of());
  }

  private static String linkTo(ProductEntry product) {
    return "a link to " + product.name() + " in the own catalog";
  }

  /** What is missing beside a right, so that nobody is told of it only when that is granted. */
  private AccessDeniedException alsoWithoutLink(
      ProductEntry product, AccessDeniedException denied) {
    return new AccessDeniedException(
        denied.errorCode(),
        String.valueOf(denied.getMessage()).replace(" [" + denied.code() + "]", "")
            + " Beside the right it takes a link, as it lives in catalog '"
            + catalog.topology().catalogOf(product.name().domain())
            + "': linkResource(\""
            + product.name()
            + "\").into(..).as(..).commit().",
        denied.missing() + "; and " + linkTo(product),
        denied.whoCanGrant());
  }

  private AccessDeniedException withoutRight(
      ProductEntry product, MeshAction action, boolean takesLink, AccessDeniedException denied) {
    return counted(
        product,
        action,
        takesLink && lacksLink(product) ? alsoWithoutLink(product, denied) : denied);
  }

  private ReadDecision right(
      ProductEntry product, VersionEntry version, MeshAction action, boolean takesLink) {
    ReadDecision decision = policy.permission(principal, product, version, clock.instant());
    if (decision.permission().isEmpty()) {
      String contact = catalog.ownerOf(product, action);
      throw withoutRight(
          product,
          action,
          takesLink,
          decision
              .policies()
              .map(policies -> denied(product, action, contact, decision.missing(), policies))
              .orElseGet(() -> neverShared(product, version, action, contact)));
    }
    return decision;
  }

  private AccessDeniedException counted(
      ProductName product, MeshAction action, AccessDeniedException denied) {
    if (tally != null) {
      tally.denied(principal, action.verb(), product.toString(), action, denied);
    }
    return denied;
  }

  private AccessDeniedException counted(
      ProductEntry product, MeshAction action, AccessDeniedException denied) {
    if (tally != null) {
      tally.denied(principal, Verb.READ, product.name().toString(), action, denied);
    }
    return denied;
  }

  /** A product of the domain may be named in what was tried. */
  private AccessDeniedException counted(
      String domain, MeshAction action, AccessDeniedException denied) {
    if (tally != null) {
      tally.denied(principal, action.verb(), action.productIn(domain), action, denied);
    }
    return denied;
  }

  private AccessDeniedException neverShared(
      ProductEntry product, VersionEntry version, MeshAction action, String contact) {
    boolean mayBeOpened = !isSensitive(version.contract());
    return Failure.of(action.on("as " + principal))
        .because(product.name() + " is not open to the mesh, and only its own domain reads it")
        .fix(
            "Ask "
                + contact
                + (mayBeOpened ? " to open it with openToMesh(), or" : "")
                + " to grant it with grant(\""
                + product.name()
                + "\"); requestAccess(\""
                + product.name()
                + "\") asks for that.")
        .accessDenied(
            ErrorCode.ACCESS_DENIED,
            (mayBeOpened ? "openToMesh()" : "a grant of SELECT") + " on " + product.name(),
            List.of(contact));
  }

  /** True for what is never opened to the mesh. */
  private static boolean isSensitive(Contract contract) {
    return Stream.concat(
            Stream.of(contract.classification()),
            contract.schema().getFields().stream()
                .map(column -> contract.classificationOf(column.name())))
        .anyMatch(each -> each.compareTo(Classification.INTERNAL) > 0);
  }

  private AccessDeniedException denied(
      ProductEntry product,
      MeshAction action,
      String contact,
      List<String> missing,
      PolicySnapshot policies) {
    boolean notHandedOn = missing.contains("LOCAL_GRANT") && mayHandOn(policies);
    String who =
        notHandedOn
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
                    .map(each -> meaning(each, notHandedOn))
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
                + (missing.contains("LOCAL_GRANT") && !notHandedOn
                    ? ", or with toAccounts(..).withGrantOption()"
                    : "")
                + (notHandedOn
                    ? "."
                    : "; requestAccess(\"" + product.name() + "\") asks for that."))
        .accessDenied(
            ErrorCode.ACCESS_DENIED,
            (notHandedOn ? "a grant to " + principal + " within its account" : "a grant of SELECT")
                + " on "
                + product.name(),
            List.of(who));
  }

  /** True if somebody of the principal's account may hand on what the account was given. */
  private boolean mayHandOn(PolicySnapshot policies) {
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
    return policies.hasWithheldColumns(Grantee.of(principal), product.name(), clock.instant())
        ? "; what was granted is more sensitive by now than was agreed, and withheld until it is"
            + " granted again (WITHHELD)"
        : "";
  }

  private String ended(PolicySnapshot policies, ProductEntry product) {
    return policies
        .accessEnded(Grantee.of(principal), product.name(), clock.instant())
        .map(end -> "; its access ended at " + end)
        .orElse("");
  }

  private String meaning(String missing, boolean handsOn) {
    return switch (missing) {
      case "LOCAL_GRANT" ->
          "it is shared with account '"
              + principal.account()
              + (handsOn
                  ? "', which did not hand it on to "
                  : "' without grant option, so nobody can hand it on to ")
              + principal
              + " ("
              + missing
              + ")";
      case "ACCOUNT_GRANT" ->
          "account '"
              + principal.account()
              + "' handed it on, but the owner does not share it with that account ("
              + missing
              + ")";
      default -> "no grant in force lets " + principal + " read any column of it (" + missing + ")";
    };
  }

  private Optional<DomainEntry> owner(ProductEntry product) {
    return catalog
        .findDomain(product.name().domain())
        .filter(entry -> entry.domain().accounts().contains(principal.account()));
  }
}
