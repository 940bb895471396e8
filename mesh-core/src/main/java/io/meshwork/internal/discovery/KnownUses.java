package io.meshwork.internal.discovery;

import io.meshwork.internal.index.DomainIndex;
import io.meshwork.internal.index.IndexedProduct;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a caller may know of who uses which product: all about the uses of its domain and of its
 * products; of other uses the domain only, and only of products at most INTERNAL. Immutable.
 */
final class KnownUses {
  /**
   * A use.
   *
   * @param domain the consuming domain
   * @param contact whom to ask
   * @param product the product
   * @param details all about it; empty if the caller may only know that the domain uses the product
   */
  record KnownUse(
      String domain, String contact, ProductName product, Optional<ConsumerUse> details) {}

  private final Map<ProductName, List<KnownUse>> byProduct = new HashMap<>();
  private final Map<String, List<KnownUse>> byDomain = new HashMap<>();
  private final SortedSet<String> unreachable = new TreeSet<>();

  private KnownUses(VisibleMesh mesh) {
    unreachable.addAll(mesh.index().unreachable());
  }

  /** Reads the uses of all domains. */
  static KnownUses of(ClientSession session, VisibleMesh mesh) {
    KnownUses known = new KnownUses(mesh);
    mesh.index().domains().forEach(domain -> known.add(session, mesh, domain));
    return known;
  }

  /** Reads the uses of one domain. */
  static KnownUses of(ClientSession session, VisibleMesh mesh, DomainIndex domain) {
    KnownUses known = new KnownUses(mesh);
    known.add(session, mesh, domain);
    return known;
  }

  private void add(ClientSession session, VisibleMesh mesh, DomainIndex domain) {
    String name = domain.domain().domain().name();
    String owner = domain.domain().domain().owner();
    Map<ProductName, IndexedProduct> products = new HashMap<>();
    mesh.index().products().forEach(product -> products.put(product.name(), product));
    Set<KnownUse> uses = new LinkedHashSet<>();
    for (ConsumerUse use : ConsumerUse.of(session, domain.domain(), unreachable)) {
      IndexedProduct product = products.get(use.product());
      if (product == null) {
        continue;
      }
      if (mesh.owns(product) || mesh.ownDomain().equals(Optional.of(name))) {
        uses.add(new KnownUse(name, use.contact(), use.product(), Optional.of(use)));
      } else if (VisibleMesh.isCommonKnowledge(product) && !name.equals(use.product().domain())) {
        uses.add(new KnownUse(name, owner, use.product(), Optional.empty()));
      }
    }
    List<KnownUse> sorted = new ArrayList<>(uses);
    sorted.sort(
        Comparator.comparing((KnownUse use) -> use.product().toString())
            .thenComparing(use -> use.details().flatMap(ConsumerUse::subscriptionName).orElse(""))
            .thenComparing(use -> use.details().map(ConsumerUse::major).orElse(0)));
    byDomain.put(name, sorted);
    sorted.forEach(
        use -> byProduct.computeIfAbsent(use.product(), first -> new ArrayList<>()).add(use));
  }

  /** The catalogs that could not be read, by name. */
  List<String> unreachable() {
    return List.copyOf(unreachable);
  }

  /** The uses of a product, by domain. */
  List<KnownUse> of(ProductName product) {
    return byProduct.getOrDefault(product, List.of());
  }

  /** The uses of a domain, by product. */
  List<KnownUse> by(String domain) {
    return byDomain.getOrDefault(domain, List.of());
  }
}
