package io.meshwork.internal.links;

import io.meshwork.error.AlreadyExistsException;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.Catalog.AccountEntry;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.LinkEntry;
import io.meshwork.internal.catalog.LinkName;
import io.meshwork.internal.catalog.LinkTarget;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.ChangePlan;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ResolvedProduct;
import io.meshwork.internal.session.ReviewedOperation;
import io.meshwork.link.LinkResource;
import io.meshwork.link.ResourceLink;
import io.meshwork.operation.Plan;
import io.meshwork.operation.Plan.Step;
import io.meshwork.operation.PlannedOperation;
import io.meshwork.product.ProductName;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Creates or moves one link. */
final class LinkCreation extends ReviewedOperation<Plan<ResourceLink>, ResourceLink>
    implements LinkResource {
  private static final String OTHER_DATABASE = "Choose another database.";

  private final String domain;
  private final @Nullable ProductName product;
  private @Nullable String database;
  private @Nullable String table;
  private boolean following;

  private LinkCreation(ClientSession session, String domain, @Nullable ProductName product) {
    super(session, MeshAction.of(Verb.LINK, product == null ? domain : product));
    this.domain = domain;
    this.product = product;
    begin();
  }

  static LinkResource of(ClientSession session, CharSequence name) {
    ResolvedProduct.rejectLink(session, name, MeshAction.of(Verb.LINK));
    ProductName product = ProductName.of(name);
    return new LinkCreation(session, product.domain(), product);
  }

  static PlannedOperation<Plan<ResourceLink>, ResourceLink> ofDomain(
      ClientSession session, String domain, String database) {
    ResolvedProduct.rejectLink(session, domain, MeshAction.of(Verb.LINK));
    return new LinkCreation(session, NameGrammar.check("domain", domain), null).database(database);
  }

  @Override
  public LinkResource database(String name) {
    database = LinkName.check("database", name);
    return this;
  }

  @Override
  public LinkResource name(String name) {
    table = LinkName.check("table", name);
    return this;
  }

  @Override
  public LinkResource followRollouts() {
    following = true;
    return this;
  }

  @Override
  protected Plan<ResourceLink> evaluate() {
    return requested().plan();
  }

  @Override
  protected Supplier<ResourceLink> prepare(@Nullable String reviewed) {
    String own = session.authorizer().requireOwnDomain(action()).domain();
    name();
    String partition = session.catalog().homeConsumerPartition(own);
    return () -> session.commit(Ledger.Change.of(action(), partition, attempt -> draft(reviewed)));
  }

  private CommitDraft<ResourceLink> draft(@Nullable String reviewed) {
    RequestedLink requested = requested();
    requested.plan().requireSame(reviewed, action());
    return requested.draft();
  }

  private LinkName name() {
    if (database == null) {
      throw Failure.of(action())
          .because("database(..) is missing")
          .fix("Call it with the name of a database before commit().")
          .findings(
              List.of(
                  Finding.error(
                      FindingCode.ARGUMENT_MISSING,
                      "database(..)",
                      "It is missing.",
                      "Call database(..).")))
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
    return new LinkName(
        database,
        Optional.ofNullable(product)
            .map(linked -> table != null ? table : NameGrammar.storage(linked.product())));
  }

  /**
   * The link that a commit would create now.
   *
   * @param before the existing link of this name
   * @param basis documents that must not change before the commit
   */
  private record RequestedLink(
      ClientSession session,
      AccountEntry account,
      Optional<LinkEntry> before,
      LinkEntry link,
      List<VersionedDocument> basis,
      ResourceLink result,
      ChangePlan<ResourceLink> plan) {
    boolean isSame() {
      return before.filter(link::equals).isPresent();
    }

    CommitDraft<ResourceLink> draft() {
      if (isSame()) {
        return CommitDraft.unchanged(result);
      }
      String partition = session.catalog().homeConsumerPartition(link.consumer());
      CommitDraft<ResourceLink> draft = link.write(partition, before, session.principal());
      // A transaction cannot check documents of another catalog: a link may dangle later.
      basis.stream()
          .filter(
              document -> session.catalog().areInOneCatalog(document.key().partition(), partition))
          .forEach(draft::check);
      LinkName name = link.name();
      draft.check(account.stored());
      session.catalog().domainKey(name.database()).ifPresent(draft::checkAbsent);
      if (name.table().isPresent()) {
        draft.checkAbsent(RegistryKeys.link(partition, name.whole()));
      }
      return draft.result(result);
    }
  }

  private RequestedLink requested() {
    AccountEntry account = session.authorizer().requireOwnDomain(action());
    LinkName name = name();
    DomainEntry owner = session.catalog().requireDomain(domain, action());
    Optional<ProductEntry> entry =
        Optional.ofNullable(product)
            .map(linked -> session.catalog().requireProduct(linked, action()));
    requireFree(account.domain(), name);
    Optional<LinkEntry> before = session.catalog().findLink(account.domain(), name);
    LinkEntry link =
        before
            .map(existing -> updated(existing, entry))
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
    if (before.isEmpty() && result.state() == ResourceLink.State.DANGLING && entry.isPresent()) {
      session.catalog().requireFor(Use.LINK, entry.get().name(), link.major(), action());
    }
    return new RequestedLink(
        session,
        account,
        before,
        link,
        List.of(entry.map(ProductEntry::stored).orElse(owner.stored())),
        result,
        plan(before, link, result));
  }

  /** Requires a database that is not a domain, and that either is a link or contains links. */
  private void requireFree(String own, LinkName name) {
    if (name.database().equals(RegistryKeys.MESH)) {
      throw nameTaken(
          "the name " + RegistryKeys.MESH + " is reserved for the mesh itself", OTHER_DATABASE);
    }
    Optional<DomainEntry> owner = session.catalog().findDomain(name.database());
    if (owner.isPresent()) {
      throw nameTaken(
          "domain '" + owner.get().domain().name() + "' uses the database " + name.database(),
          OTHER_DATABASE);
    }
    if (name.table().isPresent()) {
      Optional<LinkEntry> whole = session.catalog().findLink(own, name.whole());
      if (whole.isPresent()) {
        throw nameTaken(
            "the database "
                + name.database()
                + " is a link to the whole domain '"
                + whole.get().domain()
                + "', so it cannot contain other links",
            OTHER_DATABASE);
      }
    } else {
      List<String> contained =
          session.catalog().links(own).stream()
              .filter(link -> link.name().database().equals(name.database()))
              .filter(link -> link.name().table().isPresent())
              .map(link -> link.name().toString())
              .toList();
      if (!contained.isEmpty()) {
        throw nameTaken(
            "the database " + name.database() + " contains links: " + String.join(", ", contained),
            OTHER_DATABASE);
      }
    }
  }

  /** The existing link of this name, unchanged or moved. */
  private LinkEntry updated(LinkEntry existing, Optional<ProductEntry> entry) {
    boolean movable = isMovable(existing);
    if (!existing.target().equals(target()) && !movable) {
      throw nameTaken(
          existing.name() + " is a link to " + existing.target(),
          (product == null ? "Choose another database" : "Choose another name with name(..)")
              + ", or remove that link with unlinkResource(\""
              + existing.name()
              + "\").");
    }
    if (entry.isEmpty()) {
      return movable ? existing.movedTo(domain) : existing;
    }
    boolean follows = following || existing.following();
    boolean outdated = follows && existing.major() != entry.get().currentMajor();
    return movable || outdated || follows != existing.following()
        ? existing.movedTo(entry.get().name(), entry.get().currentMajor(), follows)
        : existing;
  }

  /** True if the link dangles, or its target is unavailable and another one is requested. */
  private boolean isMovable(LinkEntry existing) {
    try {
      return LinkTarget.of(session.catalog(), existing).isDangling();
    } catch (BackendException unreachable) {
      return !existing.target().equals(target());
    }
  }

  private AlreadyExistsException nameTaken(String reason, String fix) {
    return Failure.of(action().on("as " + name()))
        .because(reason)
        .fix(fix)
        .alreadyExists(ErrorCode.ALREADY_EXISTS);
  }

  private ChangePlan<ResourceLink> plan(
      Optional<LinkEntry> before, LinkEntry link, ResourceLink result) {
    List<Step> steps =
        before.filter(link::equals).isPresent()
            ? List.of()
            : List.of(
                new Step(
                    before.isPresent() ? "move" : "link",
                    result.name(),
                    before.map(previous -> "from " + format(previous) + " ").orElse("")
                        + "to "
                        + format(link),
                    "unlinkResource(\"" + result.name() + "\")"));
    List<Finding> findings =
        result.missing().isEmpty()
            ? List.of()
            : List.of(
                new Finding(
                    result.readable() ? FindingCode.PARTLY_READABLE : FindingCode.NOT_READABLE,
                    Severity.NOTE,
                    result.target(),
                    "To read all of it, you need: " + result.missing() + ".",
                    0,
                    List.of(),
                    "A link grants nothing: request access, or ask for a grant."));
    return ChangePlan.of(action().toString(), steps, findings, "", this::commitAsPlanned);
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
}
