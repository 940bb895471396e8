package io.meshwork.internal.session;

import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.LinkEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.product.ProductName;
import java.util.Optional;

/**
 * What a link stands for at this moment. Immutable.
 *
 * @param link the link
 * @param product the product that it stands for, if that is there under the name that the link
 *     knows; empty for a whole domain
 * @param major the major that it stands for; 0 for a whole domain, or if the product is gone
 * @param broken why nothing can be read by it, whatever the rights; empty if something can
 * @param instead what it most likely should stand for, as {@code domain/product} or {@code domain};
 *     empty if it is not broken or nothing is near
 * @param certain true if that is the same thing under another name or in another major, and not
 *     only a similar name
 */
public record LinkTarget(
    LinkEntry link,
    Optional<ProductEntry> product,
    int major,
    String broken,
    Optional<String> instead,
    boolean certain) {
  /** Looks at what is there. */
  public static LinkTarget of(Catalog catalog, LinkEntry link) {
    Optional<DomainEntry> domain = catalog.findDomain(link.domain());
    if (domain.isEmpty()) {
      return gone(
          link,
          "there is no domain '" + link.domain() + "' any more",
          nearest(catalog, link),
          false);
    }
    String named = domain.get().domain().name();
    return link.product().isPresent()
        ? ofProduct(catalog, link, link.product().get())
        : named.equals(link.domain())
            ? new LinkTarget(link, Optional.empty(), 0, "", Optional.empty(), true)
            : gone(link, "the domain is called '" + named + "' now", Optional.of(named), true);
  }

  private static LinkTarget ofProduct(Catalog catalog, LinkEntry link, ProductName name) {
    Optional<ProductEntry> product = catalog.findProduct(name);
    if (product.isEmpty()) {
      return gone(link, "there is no product " + name + " any more", nearest(catalog, link), false);
    }
    ProductName now = product.get().name();
    if (!now.equals(name)) {
      return gone(link, "the product is called " + now + " now", Optional.of(now.toString()), true);
    }
    int current = product.get().currentMajor();
    int major = link.following() ? current : link.major();
    Optional<String> state = catalog.majorState(name, major);
    String broken =
        state.isEmpty()
            ? "it has no major version " + major + " any more"
            : state.get().equals(VersionEntry.RETIRED) ? "major " + major + " is retired" : "";
    if (broken.isEmpty()) {
      return new LinkTarget(link, product, major, "", Optional.empty(), true);
    }
    boolean other = major != current && !isRetired(catalog, name, current);
    return new LinkTarget(
        link,
        product,
        major,
        broken + (other ? "; the current one is " + current : ", and there is no newer one"),
        other ? Optional.of(name.toString()) : Optional.empty(),
        other);
  }

  private static boolean isRetired(Catalog catalog, ProductName name, int major) {
    return catalog
        .majorState(name, major)
        .filter(state -> !state.equals(VersionEntry.RETIRED))
        .isEmpty();
  }

  private static LinkTarget gone(
      LinkEntry link, String why, Optional<String> instead, boolean certain) {
    return new LinkTarget(link, Optional.empty(), 0, why, instead, certain);
  }

  private static Optional<String> nearest(Catalog catalog, LinkEntry link) {
    return link.product().isPresent()
        ? catalog.nearestProduct(link.product().get())
        : catalog.nearestDomain(link.domain());
  }

  /** True if nothing can be read by the link, whatever the rights. */
  public boolean isDangling() {
    return !broken.isEmpty();
  }

  /** What to do about a link that is broken, as a sentence. */
  public String fix() {
    String making =
        ".into(\""
            + link.name().database()
            + "\")"
            + link.name().table().map(table -> ".as(\"" + table + "\")").orElse("")
            + ".commit()";
    return instead
            .map(
                other ->
                    (certain ? "Move it with" : "If '" + other + "' is meant, move it with")
                        + " linkResource(\""
                        + other
                        + "\")"
                        + making
                        + ", or take it away with")
            .orElse("Take it away with")
        + " links().unlink(\""
        + link.name()
        + "\").commit().";
  }
}
