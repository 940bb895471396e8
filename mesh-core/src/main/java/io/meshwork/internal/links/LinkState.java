package io.meshwork.internal.links;

import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.BackendException;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.LinkEntry;
import io.meshwork.internal.catalog.LinkName;
import io.meshwork.internal.catalog.LinkTarget;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.lakeformation.DataPermission;
import io.meshwork.internal.lakeformation.evaluation.AccessDecision.DenialCode;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.MirroredLinks;
import io.meshwork.link.ResourceLink;
import io.meshwork.link.ResourceLink.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The state of links for the session's principal. */
final class LinkState {
  private static final String IN_PART = "some of its columns, rows, or cells are not granted";
  private static final String SUSPENDED = "the end of the suspension of its reads";

  private final ClientSession session;
  private final MeshAction action;
  private final MirroredLinks mirrored;

  LinkState(ClientSession session, MeshAction action) {
    this.session = session;
    this.action = action;
    this.mirrored = new MirroredLinks(session);
  }

  /** Whether the target may be read, and what is missing to read all of it. */
  private record Readability(State state, boolean readable, String missing) {}

  /** The links of a domain by name; the products of a whole domain come after its link. */
  List<ResourceLink> all(String consumer) {
    List<ResourceLink> all = new ArrayList<>();
    for (LinkEntry link : session.catalog().links(consumer)) {
      try {
        List<ResourceLink> products = products(link);
        all.add(link.product().isPresent() ? reachable(link) : wholeDomain(link, products));
        all.addAll(products);
      } catch (BackendException unavailable) {
        all.add(unreachable(link));
      }
    }
    return List.copyOf(all);
  }

  /** The state of one link, even if the catalog of its target is unavailable. */
  ResourceLink of(LinkEntry link) {
    try {
      return reachable(link);
    } catch (BackendException unavailable) {
      return unreachable(link);
    }
  }

  private ResourceLink unreachable(LinkEntry link) {
    return new LinkRecord(
        link.name().toString(),
        Optional.empty(),
        link.target(),
        major(link, link.major()),
        link.following(),
        link.createdBy(),
        State.UNREACHABLE,
        false,
        "catalog '"
            + session.catalog().topology().catalogOf(link.domain())
            + "' is unavailable. Try again, or remove the link with unlinkResource(\""
            + link.name()
            + "\")");
  }

  /** The major version of a link; empty for a whole domain. */
  private static OptionalInt major(LinkEntry link, int number) {
    return link.product().isPresent() ? OptionalInt.of(number) : OptionalInt.empty();
  }

  private ResourceLink reachable(LinkEntry link) {
    if (link.product().isEmpty()) {
      return wholeDomain(link, products(link));
    }
    LinkTarget target = LinkTarget.of(session.catalog(), link);
    return target.isDangling()
        ? dangling(target)
        : ofProduct(link, link.name(), target.product().orElseThrow(), target.major());
  }

  private ResourceLink dangling(LinkTarget target) {
    LinkEntry link = target.link();
    return new LinkRecord(
        link.name().toString(),
        mirrored.name(link.name(), link.domain()),
        link.target(),
        major(link, target.major() > 0 ? target.major() : link.major()),
        link.following(),
        link.createdBy(),
        State.DANGLING,
        false,
        target.reason() + ". " + target.fix());
  }

  /** The products of the link of a whole domain; empty for a link to one product. */
  private List<ResourceLink> products(LinkEntry link) {
    if (link.product().isPresent() || LinkTarget.of(session.catalog(), link).isDangling()) {
      return List.of();
    }
    return session.catalog().products(link.domain()).stream()
        .map(
            product ->
                ofProduct(
                    link,
                    link.name().table(NameGrammar.storage(product.name().product())),
                    product,
                    product.currentMajor()))
        .toList();
  }

  private ResourceLink wholeDomain(LinkEntry link, List<ResourceLink> products) {
    LinkTarget target = LinkTarget.of(session.catalog(), link);
    if (target.isDangling()) {
      return dangling(target);
    }
    boolean readable = products.stream().anyMatch(ResourceLink::readable);
    List<String> missing =
        products.stream()
            .filter(product -> !product.missing().isEmpty())
            .map(ResourceLink::target)
            .toList();
    return new LinkRecord(
        link.name().toString(),
        mirrored.name(link.name(), link.domain()),
        link.target(),
        OptionalInt.empty(),
        true,
        link.createdBy(),
        products.isEmpty() || products.stream().anyMatch(one -> one.state() == State.VALID)
            ? State.VALID
            : State.PENDING,
        readable,
        products.isEmpty()
            ? "the domain has no product yet"
            : missing.isEmpty()
                ? ""
                : "not everything can be read of "
                    + String.join(", ", missing)
                    + "; links() has the details");
  }

  private ResourceLink ofProduct(LinkEntry link, LinkName name, ProductEntry product, int major) {
    VersionEntry version =
        session.catalog().requireFor(Use.DESCRIBE, product.name(), major, action);
    String reason = LinkTarget.reason(Optional.of(version.state()), major);
    Readability readability =
        reason.isEmpty()
            ? readability(product, version)
            : new Readability(State.DANGLING, false, reason);
    return new LinkRecord(
        name.toString(),
        mirrored.name(name, link.domain()),
        product.name().toString(),
        OptionalInt.of(major),
        link.following() || link.product().isEmpty(),
        link.createdBy(),
        readability.state(),
        readability.readable(),
        readability.missing());
  }

  /** Decides without counting a denial: listing links is not an attempt to read. */
  private Readability readability(ProductEntry product, VersionEntry version) {
    try {
      DataPermission permission =
          session.authorizer().uncounted().requireReadOfLinked(product, version, action);
      return session.authorizer().isSuspended(product, version)
          ? new Readability(State.VALID, false, SUSPENDED)
          : new Readability(State.VALID, true, permission.isAll() ? "" : IN_PART);
    } catch (AccessDeniedException denied) {
      return new Readability(
          isShared(product, version) ? State.VALID : State.PENDING,
          false,
          denied.missing() + "; ask " + String.join(", ", denied.whoCanGrant()));
    }
  }

  /** True if the account has a grant that it has not passed on to this role. */
  private boolean isShared(ProductEntry product, VersionEntry version) {
    return session
        .policy()
        .permission(session.principal(), product, version, session.runtime().clock().instant())
        .missing()
        .contains(DenialCode.LOCAL_GRANT);
  }
}
