package io.meshwork.sharing;

import io.meshwork.error.AlreadyExistsException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.catalog.AccountEntry;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.catalog.LinkEntry;
import io.meshwork.internal.catalog.LinkName;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.ledger.Draft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.internal.runtime.Arguments;
import io.meshwork.internal.runtime.OneCommit;
import io.meshwork.internal.session.LinkTarget;
import io.meshwork.internal.session.Session;
import io.meshwork.internal.session.Target;
import io.meshwork.operation.Plan;
import io.meshwork.operation.Plan.Step;
import io.meshwork.operation.PlannedOperation;
import io.meshwork.product.Names;
import io.meshwork.product.ProductName;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes a product, or a whole domain, appear under a name in the catalog of the caller's domain. A
 * link is a name and no right: making one needs none, and the plan says what is still missing to
 * read by it. The same link again is the same link; a link that dangles is moved by linking its
 * name anew. One thread; committed once.
 */
public final class LinkResource implements PlannedOperation<Plan<ResourceLink>, ResourceLink> {
  private final Session session;
  private final String domain;
  private final @Nullable ProductName product;
  private final OneCommit once;
  private @Nullable String database;
  private @Nullable String table;
  private boolean following;

  private LinkResource(Session session, String domain, @Nullable ProductName product) {
    this.session = session;
    this.domain = domain;
    this.product = product;
    this.once = OneCommit.withoutKey(doing());
  }

  /** Called by {@code MeshClient.linkResource}. */
  public static LinkResource of(Session session, @Nullable CharSequence productOrDomain) {
    String name = Arguments.given("productOrDomain", productOrDomain).toString();
    Target.refuseLink(session, name, "link");
    if (name.indexOf('/') < 0) {
      return new LinkResource(session, Names.check("domain", name), null);
    }
    ProductName product = ProductName.of(name);
    return new LinkResource(session, product.domain(), product);
  }

  /**
   * The consumer's database; for a whole domain, the database to be. Required.
   *
   * @throws InvalidRequestException if it does not match {@code [a-z0-9_]{1,255}}
   */
  public LinkResource into(String name) {
    database = LinkName.check("database", name);
    return this;
  }

  /**
   * The table's name there. Default: the product's storage name.
   *
   * @throws InvalidRequestException if it does not match {@code [a-z0-9_]{1,255}}, or a whole
   *     domain is linked, whose products keep their names
   */
  public LinkResource as(String name) {
    if (product == null) {
      throw Arguments.refused(
          "as",
          "was said of the whole domain '" + domain + "', whose products keep their names",
          "Leave it out, or link one product.");
    }
    table = LinkName.check("table", name);
    return this;
  }

  /**
   * Stands for the current major, whichever that is. Default: for the one that is current when the
   * link is made, for good. A whole domain's link always follows.
   */
  public LinkResource followingRollouts() {
    following = true;
    return this;
  }

  /**
   * What would be linked, and what is still missing to read by it. Changes nothing.
   *
   * @throws io.meshwork.error.MeshException as {@link #commit}
   */
  @Override
  public Plan<ResourceLink> plan() {
    session.checkOpen(doing());
    return wanted().plan();
  }

  /**
   * Links it.
   *
   * @return the link, with what is still missing to read by it
   * @throws InvalidRequestException if {@link #into} was not said, or the account acts for no
   *     domain
   * @throws io.meshwork.error.NotFoundException if there is no such product or domain
   * @throws AlreadyExistsException if the name is taken by another link that is whole, or the
   *     database by a domain
   */
  @Override
  public ResourceLink commit() {
    return run(null);
  }

  @Override
  public ResourceLink commitAsPlanned(String fingerprint) {
    return run(Arguments.text("fingerprint", fingerprint));
  }

  private ResourceLink run(@Nullable String fingerprint) {
    session.checkOpen(doing());
    String own = session.admission().ownDomain(doing()).domain();
    name();
    once.begin();
    try {
      return session
          .ledger()
          .commit(
              new Ledger.Change<ResourceLink>() {
                @Override
                public String doing() {
                  return LinkResource.this.doing();
                }

                @Override
                public String partition() {
                  return Keys.partition(own);
                }

                @Override
                public Draft<ResourceLink> draft(Ledger.Attempt attempt) {
                  Wanted wanted = wanted();
                  if (fingerprint != null) {
                    wanted.plan().requireSame(fingerprint, doing());
                  }
                  return wanted.draft();
                }
              },
              session.deadline());
    } finally {
      once.end();
    }
  }

  private LinkName name() {
    if (database == null) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot "
              + doing()
              + ": into(..) was not said. Nothing was changed. Say the database before commit().",
          List.of(Finding.error("MISSING", "into(..)", "It was not said.", "Say into(..).")));
    }
    return new LinkName(
        database,
        Optional.ofNullable(product)
            .map(linked -> table != null ? table : Names.storage(linked.product())));
  }

  /**
   * The link as it would be now.
   *
   * @param before the one of this name, if there is one
   * @param basis documents that must stay as they were read
   */
  private record Wanted(
      Session session,
      AccountEntry account,
      Optional<LinkEntry> before,
      LinkEntry link,
      List<Stored> basis,
      ResourceLink result,
      LinkPlan<ResourceLink> plan) {
    boolean isSame() {
      return before.filter(link::equals).isPresent();
    }

    Draft<ResourceLink> draft() {
      if (isSame()) {
        return Draft.settled(result);
      }
      Draft<ResourceLink> draft = link.written(before, session.principal());
      // What lies in another catalog is no basis: a link that comes to dangle is found as ever.
      basis.stream()
          .filter(one -> session.catalog().areTogether(one.key().partition(), link.consumer()))
          .forEach(draft::check);
      LinkName name = link.name();
      draft.check(account.stored());
      session.catalog().domainKey(name.database()).ifPresent(draft::checkAbsent);
      if (name.table().isPresent()) {
        draft.checkAbsent(Keys.link(link.consumer(), name.whole()));
      }
      return draft.result(result);
    }
  }

  private Wanted wanted() {
    AccountEntry account = session.admission().ownDomain(doing());
    LinkName name = name();
    DomainEntry owner = session.catalog().requireDomain(domain, doing());
    Optional<ProductEntry> entry =
        Optional.ofNullable(product)
            .map(linked -> session.catalog().requireProduct(linked, doing()));
    requireFree(account.domain(), name);
    Optional<LinkEntry> before = session.catalog().findLink(account.domain(), name);
    LinkEntry link =
        before
            .map(there -> again(there, entry))
            .orElseGet(
                () ->
                    new LinkEntry(
                        account.domain(),
                        name,
                        domain,
                        Optional.ofNullable(product),
                        entry.map(ProductEntry::currentMajor).orElse(0),
                        following || product == null,
                        session.principal(),
                        Optional.empty()));
    ResourceLink result = new LinkLook(session, doing()).of(link);
    return new Wanted(
        session,
        account,
        before,
        link,
        List.of(entry.map(ProductEntry::stored).orElse(owner.stored())),
        result,
        plan(before, link, result));
  }

  /** The database is nobody else's, and either a link itself or a place for links. */
  private void requireFree(String own, LinkName name) {
    Optional<DomainEntry> taken = session.catalog().findDomain(name.database());
    if (taken.isPresent()) {
      throw taken(
          "the database "
              + name.database()
              + " is that of domain '"
              + taken.get().domain().name()
              + "'",
          "Choose another with into(..).");
    }
    if (name.table().isPresent()) {
      Optional<LinkEntry> whole = session.catalog().findLink(own, name.whole());
      if (whole.isPresent()) {
        throw taken(
            "the database "
                + name.database()
                + " is a link itself and stands for the whole domain '"
                + whole.get().domain()
                + "', so no link can lie in it",
            "Choose another with into(..).");
      }
    } else {
      List<String> within =
          session.catalog().links(own).stream()
              .filter(link -> link.name().database().equals(name.database()))
              .filter(link -> link.name().table().isPresent())
              .map(link -> link.name().toString())
              .toList();
      if (!within.isEmpty()) {
        throw taken(
            "links lie in the database " + name.database() + ": " + String.join(", ", within),
            "Choose another with into(..).");
      }
    }
  }

  /** What becomes of the link that has the name already. */
  private LinkEntry again(LinkEntry there, Optional<ProductEntry> entry) {
    boolean dangling = LinkTarget.of(session.catalog(), there).isDangling();
    if (!there.target().equals(target()) && !dangling) {
      throw taken(
          there.name() + " is a link to " + there.target(),
          "Choose another name"
              + (product == null ? " with into(..)" : " with as(..)")
              + ", or take that link away with unlink(\""
              + there.name()
              + "\").");
    }
    if (entry.isEmpty()) {
      return dangling ? there.movedTo(domain) : there;
    }
    boolean follows = following || there.following();
    boolean behind = follows && there.major() != entry.get().currentMajor();
    boolean moves = dangling || behind || follows != there.following();
    return moves ? there.movedTo(entry.get().name(), entry.get().currentMajor(), follows) : there;
  }

  private AlreadyExistsException taken(String what, String mend) {
    return new AlreadyExistsException(
        ErrorCode.ALREADY_EXISTS,
        "Cannot " + doing() + " as " + name() + ": " + what + ". Nothing was changed. " + mend);
  }

  private LinkPlan<ResourceLink> plan(
      Optional<LinkEntry> before, LinkEntry link, ResourceLink result) {
    List<Step> steps =
        before.filter(link::equals).isPresent()
            ? List.of()
            : List.of(
                new Step(
                    before.isPresent() ? "move" : "link",
                    result.name(),
                    before.map(was -> "from " + shown(was) + " ").orElse("") + "to " + shown(link),
                    "unlink(\"" + result.name() + "\")"));
    List<Finding> findings =
        result.missing().isEmpty()
            ? List.of()
            : List.of(
                new Finding(
                    result.readable() ? "READABLE_IN_PART" : "NOT_READABLE",
                    Severity.NOTE,
                    result.target(),
                    "Missing to read all of it: " + result.missing(),
                    0,
                    List.of(),
                    "A link is a name and no right: have it granted."));
    return new LinkPlan<>("Link " + target(), steps, findings, this::commitAsPlanned);
  }

  private static String shown(LinkEntry link) {
    return link.target()
        + (link.product().isEmpty()
            ? ", all of its products"
            : ", major " + link.major() + (link.following() ? ", following rollouts" : ""));
  }

  private String target() {
    return product == null ? domain : product.toString();
  }

  private String doing() {
    return "link " + target();
  }
}
