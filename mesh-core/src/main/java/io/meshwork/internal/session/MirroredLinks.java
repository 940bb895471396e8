package io.meshwork.internal.session;

import io.meshwork.internal.catalog.LinkEntry;
import io.meshwork.internal.catalog.LinkName;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.MirroredObject;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.rights.RightsMirror;
import io.meshwork.internal.rights.RightsMirror.ObjectRange;
import io.meshwork.product.ProductName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The links that the last run of the mirrors left in the data catalog of the account of a session's
 * principal, AWS Glue. Used by one thread.
 */
public final class MirroredLinks {
  private final ClientSession session;

  /** The keys of links, by the catalog whose tables they lead to. */
  private final Map<String, Set<String>> keys = new HashMap<>();

  /** Creates it; the registry is read when the first link is asked for. */
  public MirroredLinks(ClientSession session) {
    this.session = session;
  }

  /**
   * Returns the name of a link in Glue; empty if it is not there.
   *
   * @param domain the domain to whose products it leads
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  public Optional<String> name(LinkName link, String domain) {
    String catalog = session.catalog().topology().catalogOf(domain);
    return session
        .rightsMirror()
        .filter(
            mirror ->
                keys.computeIfAbsent(catalog, absent -> read(mirror, catalog))
                    .contains(mirror.linkKey(link.database(), link.table())))
        .map(mirror -> link.toString());
  }

  private Set<String> read(RightsMirror mirror, String catalog) {
    Optional<ObjectRange> links = mirror.links(session.principal().account());
    if (links.isEmpty()) {
      return Set.of();
    }
    String prefix =
        MirroredObject.prefix(links.get().mirror(), mirror.account(catalog)) + links.get().prefix();
    return session
        .ledger()
        .listLenient(RegistryKeys.mirrors(session.catalog().governance(catalog)), prefix)
        .stream()
        .flatMap(stored -> stored.readAs(MirroredObject::of).stream())
        .filter(object -> object.content().isPresent())
        .map(MirroredObject::key)
        .collect(Collectors.toSet());
  }

  /** Returns the names in Glue, in order, of the links of the principal's domain to a product. */
  public static List<String> to(ClientSession session, ProductName product) {
    if (session.rightsMirror().isEmpty()) {
      return List.of();
    }
    MirroredLinks mirrored = new MirroredLinks(session);
    return session.catalog().findAccount(session.principal().account()).stream()
        .flatMap(account -> session.catalog().links(account.domain()).stream())
        .flatMap(link -> nameOf(link, product).stream())
        .flatMap(name -> mirrored.name(name, product.domain()).stream())
        .sorted()
        .distinct()
        .toList();
  }

  private static Optional<LinkName> nameOf(LinkEntry link, ProductName product) {
    if (link.product().isPresent()) {
      return link.product().filter(product::equals).map(same -> link.name());
    }
    return link.domain().equals(product.domain())
        ? Optional.of(link.name().table(NameGrammar.storage(product.product())))
        : Optional.empty();
  }
}
