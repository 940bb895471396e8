package io.meshwork.internal.session;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.LinkEntry;
import io.meshwork.internal.catalog.LinkName;
import io.meshwork.internal.catalog.LinkTarget;
import io.meshwork.internal.catalog.MajorState;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.text.NearestName;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The product that a name refers to: its own name, or a link in the catalog of the caller's domain.
 * A read through a link is authorized on the product. Immutable.
 *
 * @param product the product
 * @param major the major that the link points to; empty if it follows the current one, or the name
 *     is not a link
 */
public record ResolvedProduct(ProductName product, Optional<Integer> major) {
  /**
   * Resolves the name of a product or link, for consumers.
   *
   * @param template the action without its subject, such as {@code subscribe to}
   * @throws NotFoundException if there is no such link, or it dangles
   * @throws InvalidRequestException if it is neither the name of a product nor of a link, or if it
   *     is a link and the account acts for no domain
   */
  public static ResolvedProduct forConsumer(
      ClientSession session, @Nullable CharSequence name, MeshAction template) {
    if (name == null || !LinkName.isLinkName(name)) {
      return new ResolvedProduct(ProductName.of(name), Optional.empty());
    }
    MeshAction action = template.on(NameGrammar.quoted(name.toString()));
    session.checkOpen(action);
    LinkName link = LinkName.of(name);
    String own = session.authorizer().requireOwnDomain(action).domain();
    return resolve(session, own, link, action)
        .orElseThrow(() -> notFound(session, own, link, action));
  }

  /**
   * Resolves the name of a product, for producers. Links are rejected.
   *
   * @throws InvalidRequestException if it is a link; the message names its target
   */
  public static ProductName forProducer(
      ClientSession session, @Nullable CharSequence name, MeshAction template) {
    rejectLink(session, name, template);
    return ProductName.of(name);
  }

  /**
   * Requires that the name is not a link's.
   *
   * @throws InvalidRequestException otherwise; the message names the link's target
   */
  public static void rejectLink(
      ClientSession session, @Nullable CharSequence name, MeshAction template) {
    if (name == null || !LinkName.isLinkName(name)) {
      return;
    }
    MeshAction action = template.on(NameGrammar.quoted(name.toString()));
    session.checkOpen(action);
    LinkName link = LinkName.of(name);
    String target =
        session
            .catalog()
            .findAccount(session.principal().account())
            .flatMap(own -> linkOf(session, own.domain(), link))
            .flatMap(entry -> productOf(session, entry, link))
            .map(ProductName::toString)
            .orElse("");
    throw Failure.of(action)
        .because(
            "a name with a dot is a link, "
                + (target.isEmpty() ? "" : "this one points to " + target + ", ")
                + "and links can only be read")
        .state("Nothing was done.")
        .fix(
            "Name "
                + (target.isEmpty() ? "the product as domain/product." : target + " itself.")
                + (target.isEmpty()
                    ? NearestName.to(name.toString(), productNames(session))
                        .map(near -> " Did you mean '" + near + "'?")
                        .orElse("")
                    : ""))
        .invalidRequest(ErrorCode.INVALID_ARGUMENT);
  }

  private static Optional<ResolvedProduct> resolve(
      ClientSession session, String own, LinkName name, MeshAction action) {
    Optional<LinkEntry> entry = linkOf(session, own, name);
    if (entry.isEmpty()) {
      return Optional.empty();
    }
    LinkEntry link = entry.get();
    LinkTarget target = LinkTarget.of(session.catalog(), link);
    if (target.isDangling()) {
      throw Failure.of(action)
          .because("the link points to " + link.target() + ", and " + target.reason())
          .state("Nothing was read.")
          .fix(target.fix())
          .notFound(
              isRetired(session.catalog(), target) ? ErrorCode.MAJOR_RETIRED : ErrorCode.NOT_FOUND,
              target.replacement().orElse(null));
    }
    if (link.product().isPresent()) {
      return Optional.of(
          new ResolvedProduct(
              link.product().get(),
              link.following() ? Optional.empty() : Optional.of(link.major())));
    }
    return productOfDomain(session, link, name.table().orElseThrow())
        .map(product -> new ResolvedProduct(product.name(), Optional.empty()));
  }

  private static boolean isRetired(Catalog catalog, LinkTarget target) {
    return target
        .product()
        .flatMap(product -> catalog.majorState(product.name(), target.major()))
        .filter(MajorState::isRetired)
        .isPresent();
  }

  /** The link of this name, or the link of the whole domain with this database. */
  private static Optional<LinkEntry> linkOf(ClientSession session, String own, LinkName name) {
    return session
        .catalog()
        .findLink(own, name)
        .or(() -> session.catalog().findLink(own, name.whole()));
  }

  private static Optional<ProductName> productOf(
      ClientSession session, LinkEntry link, LinkName name) {
    return link.product()
        .or(() -> productOfDomain(session, link, name.table().orElse("")).map(ProductEntry::name));
  }

  /** The product that a table refers to within the link of a whole domain. */
  private static Optional<ProductEntry> productOfDomain(
      ClientSession session, LinkEntry link, String table) {
    return NameGrammar.isLegal(table)
        ? session.catalog().findProduct(new ProductName(link.domain(), table))
        : Optional.empty();
  }

  private static NotFoundException notFound(
      ClientSession session, String own, LinkName name, MeshAction action) {
    Optional<LinkEntry> whole = session.catalog().findLink(own, name.whole());
    List<String> names = linkNames(session, own);
    names.addAll(productNames(session));
    Optional<String> nearest = NearestName.to(name.toString(), names);
    return Failure.of(action)
        .because(
            whole
                .map(
                    link ->
                        name.database()
                            + " points to domain '"
                            + link.domain()
                            + "', which has no product with the storage name '"
                            + name.table().orElse("")
                            + "'")
                .orElse("domain '" + own + "' has no link of this name"))
        .fix(
            nearest.map(near -> "Did you mean '" + near + "'? ").orElse("")
                + "links() lists the links; "
                + whole
                    .map(link -> "products() lists the products.")
                    .orElse(
                        "create one with linkResource(\"domain/product\").database(\""
                            + name.database()
                            + "\").name(\""
                            + name.table().orElse("")
                            + "\").commit()."))
        .notFound(ErrorCode.NOT_FOUND, nearest.orElse(null));
  }

  /** The names of all products; a caller may have written a dot instead of the slash. */
  private static List<String> productNames(ClientSession session) {
    return session.catalog().products().stream().map(entry -> entry.name().toString()).toList();
  }

  /** The names of all links to products in a domain's catalog. */
  private static List<String> linkNames(ClientSession session, String own) {
    List<String> names = new ArrayList<>();
    for (LinkEntry link : session.catalog().links(own)) {
      if (link.product().isPresent()) {
        names.add(link.name().toString());
      } else {
        session
            .catalog()
            .products(link.domain())
            .forEach(
                product ->
                    names.add(
                        link.name()
                            .table(NameGrammar.storage(product.name().product()))
                            .toString()));
      }
    }
    return names;
  }
}
