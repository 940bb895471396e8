package io.meshwork.sharing;

import io.meshwork.error.AccessDeniedException;
import io.meshwork.internal.catalog.LinkEntry;
import io.meshwork.internal.catalog.LinkName;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.rights.Sight;
import io.meshwork.internal.session.LinkTarget;
import io.meshwork.internal.session.Session;
import io.meshwork.product.Names;
import io.meshwork.sharing.ResourceLink.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What links are to the session's principal at this moment. */
final class LinkLook {
  private static final String IN_PART = "some of its columns, rows or cells are not granted";

  private final Session session;
  private final String doing;

  LinkLook(Session session, String doing) {
    this.session = session;
    this.doing = doing;
  }

  /** What may be read, and what is missing to read all of it. */
  private record Reading(State state, boolean readable, String missing) {}

  /** The links of a domain by name; the products of a whole domain come after its link. */
  List<ResourceLink> all(String consumer) {
    List<ResourceLink> all = new ArrayList<>();
    for (LinkEntry link : session.catalog().links(consumer)) {
      List<ResourceLink> products = products(link);
      all.add(link.product().isPresent() ? of(link) : whole(link, products));
      all.addAll(products);
    }
    return List.copyOf(all);
  }

  ResourceLink of(LinkEntry link) {
    if (link.product().isEmpty()) {
      return whole(link, products(link));
    }
    LinkTarget target = LinkTarget.of(session.catalog(), link);
    return target.isDangling()
        ? dangling(target)
        : ofProduct(link, link.name(), target.product().orElseThrow(), target.major());
  }

  private ResourceLink dangling(LinkTarget target) {
    LinkEntry link = target.link();
    return new ResourceLink(
        link.name().toString(),
        link.target(),
        link.product().map(product -> target.major() > 0 ? target.major() : link.major()),
        link.following(),
        link.createdBy(),
        State.DANGLING,
        false,
        target.broken() + ". " + target.mend());
  }

  /** The products of a whole domain's link as they are now; none of another link. */
  private List<ResourceLink> products(LinkEntry link) {
    if (link.product().isPresent() || LinkTarget.of(session.catalog(), link).isDangling()) {
      return List.of();
    }
    return session.catalog().products(link.domain()).stream()
        .map(
            product ->
                ofProduct(
                    link,
                    link.name().table(Names.storage(product.name().product())),
                    product,
                    product.currentMajor()))
        .toList();
  }

  private ResourceLink whole(LinkEntry link, List<ResourceLink> products) {
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
    return new ResourceLink(
        link.name().toString(),
        link.target(),
        Optional.empty(),
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
                : "not all is granted of " + String.join(", ", missing) + "; links() says more");
  }

  private ResourceLink ofProduct(LinkEntry link, LinkName name, ProductEntry product, int major) {
    Reading reading =
        reading(product, session.catalog().requireVersion(product.name(), major, doing));
    return new ResourceLink(
        name.toString(),
        product.name().toString(),
        Optional.of(major),
        link.following() || link.product().isEmpty(),
        link.createdBy(),
        reading.state(),
        reading.readable(),
        reading.missing());
  }

  /** Asks, and denies nobody: who looks at links has not tried to read. */
  private Reading reading(ProductEntry product, VersionEntry version) {
    try {
      Sight sight = session.admission().uncounted().readsOnceLinked(product, version, doing);
      return new Reading(State.VALID, true, sight.isAll() ? "" : IN_PART);
    } catch (AccessDeniedException denied) {
      return new Reading(
          isShared(product, version) ? State.VALID : State.PENDING,
          false,
          denied.missing() + "; ask " + String.join(", ", denied.whoCanGrant()));
    }
  }

  /** True if the account has it, though it did not hand it on to this role. */
  private boolean isShared(ProductEntry product, VersionEntry version) {
    return session
        .catalog()
        .findDomain(product.name().domain())
        .flatMap(
            domain ->
                session
                    .rights()
                    .decide(
                        session.principal(),
                        domain,
                        product,
                        version,
                        session.runtime().clock().instant()))
        .filter(decided -> decided.decision().missing().contains("LOCAL_GRANT"))
        .isPresent();
  }
}
