package io.meshwork.internal.discovery;

import io.meshwork.card.ProductConsumer;
import io.meshwork.internal.catalog.LinkEntry;
import io.meshwork.internal.index.DomainIndex;
import io.meshwork.internal.index.IndexedProduct;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a caller may know of who uses which product: all about the uses of its domain and of its
 * products; of other uses the domain only, and only of products at most INTERNAL in all major
 * versions that are not retired. Immutable.
 */
final class VisibleUses {
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

  private record UsedVersion(ProductName product, int major) {
    static UsedVersion of(ConsumerUse use) {
      return new UsedVersion(use.product(), use.major());
    }
  }

  private final Map<ProductName, List<KnownUse>> byProduct = new HashMap<>();
  private final Map<String, List<KnownUse>> byDomain = new TreeMap<>();
  private final SortedSet<String> unreachable = new TreeSet<>();
  private final Map<ProductName, IndexedProduct> products = new HashMap<>();
  private final VisibleMesh mesh;

  private VisibleUses(VisibleMesh mesh) {
    this.mesh = mesh;
    unreachable.addAll(mesh.index().unreachable());
    mesh.index().products().forEach(product -> products.put(product.name(), product));
  }

  /** Reads the uses of all domains. */
  static VisibleUses of(ClientSession session, VisibleMesh mesh) {
    VisibleUses visible = new VisibleUses(mesh);
    for (DomainIndex domain : mesh.index().domains()) {
      visible.put(domain, visible.read(session, domain));
    }
    return visible;
  }

  /** Reads the uses of all domains, and their links to what they do not use. */
  static VisibleUses withLinks(ClientSession session, VisibleMesh mesh) {
    return withLinks(session, mesh, mesh.index().domains());
  }

  /** Reads the uses of some domains, and their links to what they do not use. */
  static VisibleUses withLinks(ClientSession session, VisibleMesh mesh, List<DomainIndex> domains) {
    VisibleUses visible = new VisibleUses(mesh);
    for (DomainIndex domain : domains) {
      Set<KnownUse> uses = visible.read(session, domain);
      visible.addLinks(session, domain, uses);
      visible.put(domain, uses);
    }
    return visible;
  }

  private Set<KnownUse> read(ClientSession session, DomainIndex domain) {
    String name = domain.domain().domain().name();
    String owner = domain.domain().domain().owner();
    Set<KnownUse> uses = new LinkedHashSet<>();
    for (ConsumerUse use : ConsumerUse.of(session, domain.domain(), unreachable)) {
      IndexedProduct product = products.get(use.product());
      if (product == null) {
        continue;
      }
      if (isEnd(name, product)) {
        uses.add(new KnownUse(name, use.contact(), use.product(), Optional.of(use)));
      } else if (VisibleMesh.isCommonKnowledge(product, use.major())
          && !name.equals(use.product().domain())) {
        uses.add(new KnownUse(name, owner, use.product(), Optional.empty()));
      }
    }
    return uses;
  }

  /** True if the caller acts for the owner of a product or for the domain that uses it. */
  private boolean isEnd(String domain, IndexedProduct product) {
    return mesh.owns(product) || mesh.ownDomain().equals(Optional.of(domain));
  }

  /** A link is known to its two ends only: it shows an intention, and nothing was read. */
  private void addLinks(ClientSession session, DomainIndex domain, Set<KnownUse> uses) {
    String name = domain.domain().domain().name();
    Set<UsedVersion> used = new HashSet<>();
    uses.forEach(use -> use.details().map(UsedVersion::of).ifPresent(used::add));
    for (LinkEntry link : session.catalog().links(name)) {
      for (IndexedProduct product : linked(link)) {
        ConsumerUse use = ConsumerUse.linked(domain.domain(), product, link);
        if (isEnd(name, product)
            && !product.name().domain().equals(name)
            && used.add(UsedVersion.of(use))) {
          uses.add(new KnownUse(name, use.contact(), use.product(), Optional.of(use)));
        }
      }
    }
  }

  private List<IndexedProduct> linked(LinkEntry link) {
    return link.product()
        .map(product -> Optional.ofNullable(products.get(product)).stream().toList())
        .orElseGet(
            () ->
                products.values().stream()
                    .filter(product -> product.name().domain().equals(link.domain()))
                    .toList());
  }

  private void put(DomainIndex domain, Set<KnownUse> uses) {
    String name = domain.domain().domain().name();
    List<KnownUse> sorted = new ArrayList<>(uses);
    sorted.sort(
        Comparator.comparing((KnownUse use) -> use.product().toString())
            .thenComparing(use -> use.details().flatMap(ConsumerUse::subscriptionName).orElse(""))
            .thenComparing(use -> use.details().map(ConsumerUse::major).orElse(0)));
    byDomain.put(name, sorted);
    sorted.forEach(
        use -> byProduct.computeIfAbsent(use.product(), first -> new ArrayList<>()).add(use));
  }

  /** What the caller may know of the products. */
  VisibleMesh mesh() {
    return mesh;
  }

  /** The catalogs that could not be read, by name. */
  List<String> unreachable() {
    return List.copyOf(unreachable);
  }

  /** The uses of a product, by domain. */
  List<KnownUse> of(ProductName product) {
    return byProduct.getOrDefault(product, List.of());
  }

  /** The uses of the domains that were read, by domain and product. */
  List<KnownUse> all() {
    return byDomain.values().stream().flatMap(List::stream).toList();
  }

  /** The form of a use for the caller. */
  ProductConsumer consumer(ClientSession session, KnownUse use) {
    return DomainUse.of(
        session, use, Objects.requireNonNull(products.get(use.product())), mesh.now());
  }
}
