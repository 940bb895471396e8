package io.meshwork.internal.links;

import io.meshwork.error.AlreadyExistsException;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.AccountEntry;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.LinkEntry;
import io.meshwork.internal.catalog.LinkName;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.open.OpenOperation;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.runtime.OneCommit;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.LinkTarget;
import io.meshwork.internal.session.ResolvedProduct;
import io.meshwork.link.LinkResource;
import io.meshwork.link.ResourceLink;
import io.meshwork.operation.Plan;
import io.meshwork.operation.Plan.Step;
import io.meshwork.product.ProductName;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Creates or moves one link. */
final class LinkCreation implements LinkResource {
  private final ClientSession session;
  private final OpenOperation open;
  private final String domain;
  private final @Nullable ProductName product;
  private final OneCommit once;
  private @Nullable String database;
  private @Nullable String table;
  private boolean following;

  private LinkCreation(ClientSession session, String domain, @Nullable ProductName product) {
    this.session = session;
    this.domain = domain;
    this.product = product;
    this.once = OneCommit.withoutKey(action());
    this.open = session.operation(action()).begin();
  }

  static LinkCreation of(ClientSession session, @Nullable CharSequence productOrDomain) {
    String name = ArgumentChecks.required("productOrDomain", productOrDomain).toString();
    ResolvedProduct.refuseLink(session, name, MeshAction.of(Verb.LINK));
    if (name.indexOf('/') < 0) {
      return new LinkCreation(session, NameGrammar.check("domain", name), null);
    }
    ProductName product = ProductName.of(name);
    return new LinkCreation(session, product.domain(), product);
  }

  @Override
  public LinkResource into(String name) {
    database = LinkName.check("database", name);
    return this;
  }

  @Override
  public LinkResource as(String name) {
    if (product == null) {
      throw ArgumentChecks.refused(
          "as",
          "was called for the whole domain '" + domain + "', whose products keep their names",
          "Leave it out, or link one product.");
    }
    table = LinkName.check("table", name);
    return this;
  }

  @Override
  public LinkResource followingRollouts() {
    following = true;
    return this;
  }

  @Override
  public Plan<ResourceLink> plan() {
    open.settle();
    session.checkOpen(action());
    return requested().plan();
  }

  @Override
  public ResourceLink commit() {
    return run(null);
  }

  @Override
  public ResourceLink commitAsPlanned(String fingerprint) {
    return run(ArgumentChecks.text("fingerprint", fingerprint));
  }

  private ResourceLink run(@Nullable String fingerprint) {
    open.settle();
    session.checkOpen(action());
    String own = session.authorizer().ownDomain(action()).domain();
    name();
    once.begin();
    try {
      return session
          .ledger()
          .commit(
              new Ledger.Change<ResourceLink>() {
                @Override
                public MeshAction action() {
                  return LinkCreation.this.action();
                }

                @Override
                public String partition() {
                  return RegistryKeys.partition(own);
                }

                @Override
                public CommitDraft<ResourceLink> draft(Ledger.Attempt attempt) {
                  Wanted wanted = requested();
                  if (fingerprint != null) {
                    wanted.plan().requireSame(fingerprint, action());
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
              + action()
              + ": into(..) was not called. Nothing was changed. Set the database before commit().",
          List.of(Finding.error("MISSING", "into(..)", "It was not called.", "Call into(..).")));
    }
    return new LinkName(
        database,
        Optional.ofNullable(product)
            .map(linked -> table != null ? table : NameGrammar.storage(linked.product())));
  }

  /**
   * The link as it would be now.
   *
   * @param before the one of this name, if there is one
   * @param basis documents that must stay as they were read
   */
  private record Wanted(
      ClientSession session,
      AccountEntry account,
      Optional<LinkEntry> before,
      LinkEntry link,
      List<VersionedDocument> basis,
      ResourceLink result,
      LinkPlan<ResourceLink> plan) {
    boolean isSame() {
      return before.filter(link::equals).isPresent();
    }

    CommitDraft<ResourceLink> draft() {
      if (isSame()) {
        return CommitDraft.settled(result);
      }
      CommitDraft<ResourceLink> draft = link.written(before, session.principal());
      // Documents of another catalog cannot be checked in this transaction; a link may dangle
      // later.
      basis.stream()
          .filter(one -> session.catalog().areTogether(one.key().partition(), link.consumer()))
          .forEach(draft::check);
      LinkName name = link.name();
      draft.check(account.stored());
      session.catalog().domainKey(name.database()).ifPresent(draft::checkAbsent);
      if (name.table().isPresent()) {
        draft.checkAbsent(RegistryKeys.link(link.consumer(), name.whole()));
      }
      return draft.result(result);
    }
  }

  private Wanted requested() {
    AccountEntry account = session.authorizer().ownDomain(action());
    LinkName name = name();
    DomainEntry owner = session.catalog().requireDomain(domain, action());
    Optional<ProductEntry> entry =
        Optional.ofNullable(product)
            .map(linked -> session.catalog().requireProduct(linked, action()));
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
    ResourceLink result = new LinkState(session, action()).of(link);
    return new Wanted(
        session,
        account,
        before,
        link,
        List.of(entry.map(ProductEntry::stored).orElse(owner.stored())),
        result,
        plan(before, link, result));
  }

  /** Requires a database that is no domain's, and that is either a link or contains links. */
  private void requireFree(String own, LinkName name) {
    if (name.database().equals(RegistryKeys.MESH)) {
      throw taken(
          "the name " + RegistryKeys.MESH + " is reserved for the mesh itself",
          "Choose another with into(..).");
    }
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
                + " is a link to the whole domain '"
                + whole.get().domain()
                + "', so it cannot contain other links",
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
            "the database " + name.database() + " contains links: " + String.join(", ", within),
            "Choose another with into(..).");
      }
    }
  }

  /** The existing link of this name, unchanged or moved. */
  private LinkEntry again(LinkEntry there, Optional<ProductEntry> entry) {
    boolean dangling = isGone(there);
    if (!there.target().equals(target()) && !dangling) {
      throw taken(
          there.name() + " is a link to " + there.target(),
          "Choose another name"
              + (product == null ? " with into(..)" : " with as(..)")
              + ", or remove that link with links().unlink(\""
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

  /** True if the target is gone, or is unavailable and another target is wanted. */
  private boolean isGone(LinkEntry there) {
    try {
      return LinkTarget.of(session.catalog(), there).isDangling();
    } catch (BackendException unreachable) {
      return !there.target().equals(target());
    }
  }

  private AlreadyExistsException taken(String what, String fix) {
    return new AlreadyExistsException(
        ErrorCode.ALREADY_EXISTS,
        "Cannot " + action() + " as " + name() + ": " + what + ". Nothing was changed. " + fix);
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
                    before.map(was -> "from " + format(was) + " ").orElse("")
                        + "to "
                        + format(link),
                    "links().unlink(\"" + result.name() + "\")"));
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
                    "A link grants nothing: request access, or ask for a grant."));
    return new LinkPlan<>("Link " + target(), steps, findings, this::commitAsPlanned);
  }

  private static String format(LinkEntry link) {
    return link.target()
        + (link.product().isEmpty()
            ? ", all of its products"
            : ", major " + link.major() + (link.following() ? ", following rollouts" : ""));
  }

  private String target() {
    return product == null ? domain : product.toString();
  }

  private MeshAction action() {
    return MeshAction.of(Verb.LINK, target());
  }
}
