package io.meshwork.internal.session;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.catalog.LinkEntry;
import io.meshwork.internal.catalog.LinkName;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.runtime.NearestName;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a caller means by a name: a product, or a link of its own domain's catalog that stands for
 * one. A link is a name to consume by; whether it may be read is decided on what it stands for.
 * Immutable.
 *
 * @param product what is meant
 * @param major the major that the link stands for; empty if it is the current one, or no link was
 *     said
 */
public record ResolvedProduct(ProductName product, Optional<Integer> major) {
  /**
   * What one who consumes means.
   *
   * @param template what is done with it, such as {@code subscribe to}
   * @throws NotFoundException if there is no such link, or nothing is behind it any more
   * @throws InvalidRequestException if it is neither a product's name nor a link's, or if it is a
   *     link and the account acts for no domain
   */
  public static ResolvedProduct consumed(
      ClientSession session, @Nullable CharSequence name, MeshAction template) {
    if (name == null || !LinkName.isMeantBy(name)) {
      return new ResolvedProduct(ProductName.of(name), Optional.empty());
    }
    MeshAction action = template.on(NameGrammar.quoted(name.toString()));
    session.checkOpen(action);
    LinkName link = LinkName.of(name);
    String own = session.authorizer().ownDomain(action).domain();
    return behind(session, own, link, action)
        .orElseThrow(() -> unknown(session, own, link, action));
  }

  /**
   * What one who produces means: a product, never a link.
   *
   * @throws InvalidRequestException if it is a link, naming what that stands for
   */
  public static ProductName produced(
      ClientSession session, @Nullable CharSequence name, MeshAction template) {
    refuseLink(session, name, template);
    return ProductName.of(name);
  }

  /**
   * Goes on only if the name cannot mean a link.
   *
   * @throws InvalidRequestException otherwise, naming what the link stands for
   */
  public static void refuseLink(
      ClientSession session, @Nullable CharSequence name, MeshAction template) {
    if (name == null || !LinkName.isMeantBy(name)) {
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
            .flatMap(found -> productOf(session, found, link))
            .map(ProductName::toString)
            .orElse("");
    throw Failure.of(action)
        .because(
            "a name with a dot is that of a link, "
                + (target.isEmpty() ? "" : "this one stands for " + target + ", ")
                + "and a link is a name to read by and nothing more")
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

  private static Optional<ResolvedProduct> behind(
      ClientSession session, String own, LinkName name, MeshAction action) {
    Optional<LinkEntry> found = linkOf(session, own, name);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    LinkEntry link = found.get();
    LinkTarget target = LinkTarget.of(session.catalog(), link);
    if (target.isDangling()) {
      throw Failure.of(action)
          .because("the link stands for " + link.target() + ", and " + target.broken())
          .state("Nothing was read.")
          .fix(target.fix())
          .notFound(ErrorCode.NOT_FOUND, target.instead().orElse(null));
    }
    if (link.product().isPresent()) {
      return Optional.of(
          new ResolvedProduct(
              link.product().get(),
              link.following() ? Optional.empty() : Optional.of(link.major())));
    }
    return ofWhole(session, link, name.table().orElseThrow())
        .map(product -> new ResolvedProduct(product.name(), Optional.empty()));
  }

  /** The link of this name, or the one that its database is. */
  private static Optional<LinkEntry> linkOf(ClientSession session, String own, LinkName name) {
    return session
        .catalog()
        .findLink(own, name)
        .or(() -> session.catalog().findLink(own, name.whole()));
  }

  private static Optional<ProductName> productOf(
      ClientSession session, LinkEntry link, LinkName name) {
    return link.product()
        .or(() -> ofWhole(session, link, name.table().orElse("")).map(ProductEntry::name));
  }

  /** The product that a table of a whole domain's link stands for. */
  private static Optional<ProductEntry> ofWhole(
      ClientSession session, LinkEntry link, String table) {
    return NameGrammar.isLegal(table)
        ? session.catalog().findProduct(new ProductName(link.domain(), table))
        : Optional.empty();
  }

  private static NotFoundException unknown(
      ClientSession session, String own, LinkName name, MeshAction action) {
    Optional<LinkEntry> whole = session.catalog().findLink(own, name.whole());
    List<String> names = all(session, own);
    names.addAll(productNames(session));
    Optional<String> nearest = NearestName.to(name.toString(), names);
    return Failure.of(action)
        .because(
            whole
                    .map(
                        link ->
                            name.database()
                                + " stands for domain '"
                                + link.domain()
                                + "', which has no product of the storage name '"
                                + name.table().orElse("")
                                + "'.")
                    .orElse("domain '" + own + "' has no link of this name.")
                + nearest.map(near -> " Did you mean '" + near + "'?").orElse("")
                + " links().list() lists what there is; "
                + whole
                    .map(link -> "products() lists the products.")
                    .orElse(
                        "make one with linkResource(\"domain/product\").into(\""
                            + name.database()
                            + "\").as(\""
                            + name.table().orElse("")
                            + "\").commit()."))
        .notFound(ErrorCode.NOT_FOUND, nearest.orElse(null));
  }

  /** Who writes a dot for a slash means a product. */
  private static List<String> productNames(ClientSession session) {
    return session.catalog().products().stream().map(entry -> entry.name().toString()).toList();
  }

  /** The names that products are read by in a domain's catalog. */
  private static List<String> all(ClientSession session, String own) {
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
