package io.meshwork.internal.catalog;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.product.ProductName;
import java.util.Optional;

/**
 * What a link points to now. Immutable.
 *
 * @param link the link
 * @param product the product that it points to; empty for a whole domain, or if no product has the
 *     name that the link has stored
 * @param major the major that it points to; 0 for a whole domain, or if the product does not exist
 * @param reason why the link dangles; empty if it does not
 * @param replacement the most likely new target, as {@code domain/product} or {@code domain}; empty
 *     if the link does not dangle or no name is similar
 * @param certain true if the replacement is the same product or domain under a new name or in
 *     another major; false if only its name is similar
 */
public record LinkTarget(
    LinkEntry link,
    Optional<ProductEntry> product,
    int major,
    String reason,
    Optional<String> replacement,
    boolean certain) {
  /** Finds the target of a link in the catalog. */
  public static LinkTarget of(Catalog catalog, LinkEntry link) {
    Optional<DomainEntry> domain = catalog.findDomain(link.domain());
    if (domain.isEmpty()) {
      return dangling(
          link, "domain '" + link.domain() + "' no longer exists", nearest(catalog, link), false);
    }
    String named = domain.get().domain().name();
    return link.product().isPresent()
        ? ofProduct(catalog, link, link.product().get())
        : named.equals(link.domain())
            ? new LinkTarget(link, Optional.empty(), 0, "", Optional.empty(), true)
            : dangling(link, "the domain is now named '" + named + "'", Optional.of(named), true);
  }

  private static LinkTarget ofProduct(Catalog catalog, LinkEntry link, ProductName name) {
    Optional<ProductEntry> product = catalog.findProduct(name);
    if (product.isEmpty()) {
      return dangling(link, "product " + name + " no longer exists", nearest(catalog, link), false);
    }
    ProductName renamed = product.get().name();
    if (!renamed.equals(name)) {
      return dangling(
          link, "the product is now named " + renamed, Optional.of(renamed.toString()), true);
    }
    int current = product.get().currentMajor();
    int major = link.majorOf(current);
    String reason = reason(catalog.majorState(name, major), major);
    if (reason.isEmpty()) {
      return new LinkTarget(link, product, major, "", Optional.empty(), true);
    }
    Optional<VersionEntry> ended = ended(catalog, name, major);
    if (ended.isPresent()) {
      return new LinkTarget(
          link,
          product,
          major,
          "the product ended"
              + ended.get().entry().succession().because().map(why -> " (" + why + ")").orElse(""),
          ended.get().successorElsewhere().map(next -> next.product().toString()),
          false);
    }
    boolean isOther =
        major != current && reason(catalog.majorState(name, current), current).isEmpty();
    return new LinkTarget(
        link,
        product,
        major,
        reason + (isOther ? "; the current one is " + current : ", and there is no newer one"),
        isOther ? Optional.of(name.toString()) : Optional.empty(),
        isOther);
  }

  private static Optional<VersionEntry> ended(Catalog catalog, ProductName name, int major) {
    return catalog
        .majorState(name, major)
        .map(
            any ->
                catalog.requireFor(Use.DESCRIBE, name, major, MeshAction.of(Verb.DESCRIBE, name)))
        .filter(VersionEntry::endsProduct);
  }

  /**
   * Why no link can point to a major in this state; empty if one can.
   *
   * @param state empty if the product has no such major
   */
  public static String reason(Optional<MajorState> state, int major) {
    if (state.isEmpty()) {
      return "its major version " + major + " no longer exists";
    } else if (state.get().allows(Use.LINK)) {
      return "";
    }
    return switch (state.get()) {
      case PREPARED -> "major " + major + " is being prepared";
      case WITHDRAWN -> "major " + major + " was withdrawn";
      default -> "major " + major + " is retired";
    };
  }

  private static LinkTarget dangling(
      LinkEntry link, String reason, Optional<String> replacement, boolean certain) {
    return new LinkTarget(link, Optional.empty(), 0, reason, replacement, certain);
  }

  private static Optional<String> nearest(Catalog catalog, LinkEntry link) {
    return link.product().isPresent()
        ? catalog.nearestProduct(link.product().get())
        : catalog.nearestDomain(link.domain());
  }

  /** True if nothing can be read through the link, whatever the rights. */
  public boolean isDangling() {
    return !reason.isEmpty();
  }

  /** How to fix a dangling link, as a sentence. */
  public String fix() {
    String calls =
        ".database(\""
            + link.name().database()
            + "\")"
            + link.name().table().map(table -> ".name(\"" + table + "\")").orElse("")
            + ".commit()";
    return replacement
            .map(
                target ->
                    (certain ? "Move it with" : "To link '" + target + "', use")
                        + " linkResource(\""
                        + target
                        + "\")"
                        + calls
                        + ", or remove it with")
            .orElse("Remove it with")
        + " unlinkResource(\""
        + link.name()
        + "\").commit().";
  }
}
