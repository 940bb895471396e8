package io.meshwork.internal.session;

import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.catalog.AccountEntry;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.rights.Leave;
import io.meshwork.internal.rights.Rights;
import io.meshwork.internal.rights.Sight;
import io.meshwork.product.Domain;
import io.meshwork.product.Names;
import io.meshwork.product.Principal;
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
public final class Admission {
  /** The action under which it is counted that somebody may not read. */
  public static final String READ_DENIED = "read.denied";

  private final Principal principal;
  private final Catalog catalog;
  private final Rights rights;
  private final @Nullable AccessTally tally;
  private final InstantSource clock;

  Admission(
      Principal principal,
      Catalog catalog,
      Rights rights,
      @Nullable AccessTally tally,
      InstantSource clock) {
    this.principal = principal;
    this.catalog = catalog;
    this.rights = rights;
    this.tally = tally;
    this.clock = clock;
  }

  /** The same for one who only wants to know what would be: nothing is counted for the audit. */
  public Admission uncounted() {
    return new Admission(principal, catalog, rights, null, clock);
  }

  /**
   * Lets only accounts of the domain through.
   *
   * @throws AccessDeniedException if the principal's account does not act for it
   * @throws io.meshwork.error.NotFoundException if there is no such domain
   */
  public DomainEntry actsFor(String domain, String doing) {
    DomainEntry entry = catalog.requireDomain(domain, doing);
    Domain value = entry.domain();
    if (!value.accounts().contains(principal.account())) {
      throw counted(
          domain,
          doing,
          new AccessDeniedException(
              ErrorCode.NOT_OWNER,
              "Cannot "
                  + doing
                  + " as "
                  + principal
                  + ": only the accounts of domain '"
                  + domain
                  + "' may, and these are "
                  + value.accounts()
                  + "."
                  + otherCase(value.accounts())
                  + " Nothing was done. Act as one of them, or ask "
                  + value.owner()
                  + ".",
              "an account of domain '" + domain + "'",
              List.of(value.owner())));
    }
    return entry;
  }

  /**
   * The domain that the principal's account acts for; its partition holds what a consumer writes.
   *
   * @throws InvalidRequestException if the account has none, naming {@code registerDomain}
   */
  public AccountEntry ownDomain(String doing) {
    return catalog.findAccount(principal.account()).orElseThrow(() -> withoutDomain(doing));
  }

  private InvalidRequestException withoutDomain(String doing) {
    InvalidRequestException refused =
        new InvalidRequestException(
            ErrorCode.DOMAIN_MISSING,
            "Cannot "
                + doing
                + " as "
                + principal
                + ": the account '"
                + principal.account()
                + "' acts for no domain."
                + otherCase(
                    catalog.findAccount(lowerCase()).isPresent() ? List.of(lowerCase()) : List.of())
                + " Register one first with registerDomain("
                + (Names.isLegal(principal.account())
                    ? "\"" + principal.account() + "\").ownedBy(..)"
                    : "..).accounts(\"" + principal.account() + "\").ownedBy(..)")
                + ".commit().");
    String[] words = doing.split(" ");
    if (tally != null && words.length > 1 && words[0].equals("read") && words[1].contains("/")) {
      tally.denied(principal, READ_DENIED, words[1], doing, "a domain for the account");
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
    return (product.openToMesh() && isInSight(product))
        || owner(product).isPresent()
        || seen(product, catalog.requireVersion(product.name(), major, "look up " + product.name()))
            .filter(Sight::isAll)
            .isPresent();
  }

  /** What the principal sees of a version of the product; empty if it may read nothing of it. */
  public Optional<Sight> seen(ProductEntry product, VersionEntry version) {
    if (owner(product).isPresent()) {
      return Optional.of(Sight.ALL);
    }
    if (!isInSight(product)) {
      return Optional.empty();
    }
    if (product.openToMesh()) {
      return Optional.of(Sight.ALL);
    }
    return catalog
        .findDomain(product.name().domain())
        .flatMap(domain -> rights.decide(principal, domain, product, version, clock.instant()))
        .filter(decided -> decided.decision().allowed())
        .map(decided -> sight(decided, product));
  }

  /**
   * What the principal sees of a version of the product; whoever reads passes it on to what reads
   * rows.
   *
   * @throws AccessDeniedException if it sees nothing, saying what is missing and whom to ask
   */
  public Sight reads(ProductEntry product, VersionEntry version, String doing) {
    return leave(product, version, doing).sight();
  }

  /**
   * The same for what is not done by columns and rows.
   *
   * @throws AccessDeniedException if it does not see everything
   */
  public Leave readsAll(ProductEntry product, VersionEntry version, String doing) {
    Leave leave = leave(product, version, doing);
    if (!leave.sight().isAll()) {
      String contact = catalog.ownerOf(product, doing);
      throw counted(
          product,
          doing,
          new AccessDeniedException(
              ErrorCode.ACCESS_DENIED,
              "Cannot "
                  + doing
                  + " as "
                  + principal
                  + ": what is granted of "
                  + product.name()
                  + " are some of its columns, rows or cells, and this takes all of them. Nothing was"
                  + " read. Ask "
                  + contact
                  + " for SELECT on the whole product.",
              "SELECT on all columns and rows of " + product.name(),
              List.of(contact)));
    }
    return leave;
  }

  /**
   * Leave to read a version of the product.
   *
   * @throws AccessDeniedException if the principal may not, saying what is missing and whom to ask
   */
  public Leave leave(ProductEntry product, VersionEntry version, String doing) {
    Leave leave = right(product, version, doing, true);
    if (!isInSight(product)) {
      throw counted(product, doing, notLinked(product, doing));
    }
    return leave;
  }

  /**
   * As {@link #reads}, for one who has a link to the product, or is about to make it.
   *
   * @throws AccessDeniedException if it sees nothing, saying what is missing and whom to ask
   */
  public Sight readsOnceLinked(ProductEntry product, VersionEntry version, String doing) {
    return right(product, version, doing, false).sight();
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

  private AccessDeniedException notLinked(ProductEntry product, String doing) {
    return new AccessDeniedException(
        ErrorCode.LINK_MISSING,
        "Cannot "
            + doing
            + " as "
            + principal
            + ": "
            + product.name()
            + " lives in catalog '"
            + catalog.topology().catalogOf(product.name().domain())
            + "', which the domain of account '"
            + principal.account()
            + "' does not see, and no link of its own stands for it. The right to read is there."
            + " Nothing was read. Link it first: linkResource(\""
            + product.name()
            + "\").into(..).as(..).commit().",
        linkTo(product),
        List.of());
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
      ProductEntry product, String doing, boolean takesLink, AccessDeniedException denied) {
    return counted(
        product,
        doing,
        takesLink && lacksLink(product) ? alsoWithoutLink(product, denied) : denied);
  }

  private Leave right(ProductEntry product, VersionEntry version, String doing, boolean takesLink) {
    if (product.openToMesh()) {
      return new Leave(Sight.ALL, List.of());
    }
    DomainEntry domain = catalog.requireDomain(product.name().domain(), doing);
    if (domain.domain().accounts().contains(principal.account())) {
      return new Leave(Sight.ALL, List.of(domain.stored()));
    }
    String contact = catalog.ownerOf(product, doing);
    Rights.Decided decided =
        rights
            .decide(principal, domain, product, version, clock.instant())
            .orElseThrow(
                () ->
                    withoutRight(product, doing, takesLink, neverShared(product, doing, contact)));
    if (!decided.decision().allowed()) {
      throw withoutRight(
          product, doing, takesLink, denied(product, doing, contact, decided.decision().missing()));
    }
    return new Leave(sight(decided, product), decided.basis());
  }

  private AccessDeniedException counted(
      ProductEntry product, String doing, AccessDeniedException denied) {
    if (tally != null) {
      tally.denied(principal, READ_DENIED, product.name().toString(), doing, denied);
    }
    return denied;
  }

  /** A product of the domain may be named in what was tried. */
  private AccessDeniedException counted(String domain, String doing, AccessDeniedException denied) {
    String verb = doing.substring(0, (doing + " ").indexOf(' '));
    String subject =
        Stream.of(doing.split(" "))
            .filter(word -> word.startsWith(domain + "/"))
            .findFirst()
            .orElse(domain);
    if (tally != null) {
      tally.denied(principal, verb + ".denied", subject, doing, denied);
    }
    return denied;
  }

  private static Sight sight(Rights.Decided decided, ProductEntry product) {
    return Sight.of(
        decided.decision(), decided.world().table(product.name()).orElseThrow().columns());
  }

  private AccessDeniedException neverShared(ProductEntry product, String doing, String contact) {
    return new AccessDeniedException(
        ErrorCode.ACCESS_DENIED,
        "Cannot "
            + doing
            + " as "
            + principal
            + ": "
            + product.name()
            + " is not open to the mesh, and only its own domain reads it. Ask "
            + contact
            + " to open it with openToMesh(), or to grant it with grant(\""
            + product.name()
            + "\"); requestAccess(\""
            + product.name()
            + "\") asks for that.",
        "openToMesh() on " + product.name(),
        List.of(contact));
  }

  private AccessDeniedException denied(
      ProductEntry product, String doing, String contact, List<String> missing) {
    boolean notHandedOn = missing.contains("LOCAL_GRANT");
    String who =
        notHandedOn
            ? catalog
                .findAccount(principal.account())
                .flatMap(account -> catalog.findDomain(account.domain()))
                .map(domain -> domain.domain().owner())
                .orElse(contact)
            : contact;
    return new AccessDeniedException(
        ErrorCode.ACCESS_DENIED,
        "Cannot "
            + doing
            + " as "
            + principal
            + ": "
            + product.name()
            + " is not open to the mesh, and "
            + missing.stream().map(this::meaning).collect(Collectors.joining(", and "))
            + ". Nothing was read. Ask "
            + who
            + " for SELECT on it, granted with grant(\""
            + product.name()
            + "\").to(..)"
            + (notHandedOn ? "." : "; requestAccess(\"" + product.name() + "\") asks for that."),
        (notHandedOn ? "a grant to " + principal + " within its account" : "a grant of SELECT")
            + " on "
            + product.name(),
        List.of(who));
  }

  private String meaning(String missing) {
    return switch (missing) {
      case "LOCAL_GRANT" ->
          "it is shared with account '"
              + principal.account()
              + "', which did not hand it on to "
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
