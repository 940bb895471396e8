package io.meshwork.internal.index;

import io.meshwork.error.BackendException;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ProductName;
import io.meshwork.topology.Topology;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The products of a domain with their shape and pulse. Immutable.
 *
 * @param domain the domain
 * @param tags the tags of the domain
 * @param products its products, by name
 */
public record DomainIndex(
    DomainEntry domain, Map<String, String> tags, List<IndexedProduct> products) {
  /** Copies the collections. */
  public DomainIndex {
    tags = Map.copyOf(tags);
    products = List.copyOf(products);
  }

  /**
   * The domains of the mesh.
   *
   * @param domains those that could be read, by name
   * @param unreachable the catalogs that could not be read
   */
  public record MeshIndex(List<DomainIndex> domains, List<String> unreachable) {
    /** Copies the lists. */
    public MeshIndex {
      domains = List.copyOf(domains);
      unreachable = List.copyOf(unreachable);
    }

    /** All products, by domain and name. */
    public List<IndexedProduct> products() {
      return domains.stream().flatMap(domain -> domain.products().stream()).toList();
    }
  }

  /**
   * Reads all domains of the mesh.
   *
   * @throws BackendException if the only catalog cannot be read, or the list of catalogs
   */
  public static MeshIndex ofMesh(ClientSession session) {
    List<DomainIndex> domains = new ArrayList<>();
    List<String> unreachable = new ArrayList<>();
    for (String catalog : session.catalog().catalogs()) {
      try {
        List<DomainIndex> found = new ArrayList<>();
        session.catalog().domainsOf(catalog).forEach(domain -> found.add(of(session, domain)));
        domains.addAll(found);
      } catch (BackendException e) {
        if (session.catalog().topology().shape() == Topology.Shape.CENTRAL) {
          throw e;
        }
        unreachable.add(catalog);
      }
    }
    domains.sort(Comparator.comparing(index -> index.domain().domain().name()));
    return new MeshIndex(domains, unreachable);
  }

  /**
   * Reads a domain.
   *
   * @throws BackendException if the registry cannot be read
   */
  public static DomainIndex of(ClientSession session, DomainEntry domain) {
    String name = domain.domain().name();
    List<IndexedProduct> products = new ArrayList<>();
    for (ProductEntry entry : session.catalog().products(name)) {
      products.add(indexed(session, entry, entry.ownOwner().orElse(domain.domain().owner())));
    }
    return new DomainIndex(domain, tags(session, name), products);
  }

  /** Reads one product. */
  public static IndexedProduct of(ClientSession session, ProductName product, MeshAction action) {
    ProductEntry entry = session.catalog().requireProduct(product, action);
    return indexed(session, entry, session.catalog().ownerOf(entry, action));
  }

  private static IndexedProduct indexed(ClientSession session, ProductEntry entry, String owner) {
    return new IndexedProduct(
        entry,
        owner,
        IndexSources.shape(session, entry, entry.currentMajor()),
        pulse(session, entry.name(), entry.currentMajor()));
  }

  private static Optional<ProductPulse> pulse(
      ClientSession session, ProductName product, int major) {
    try {
      return IndexSources.pulse(session, product, major);
    } catch (BackendException e) {
      return Optional.empty();
    }
  }

  /** The tags of a domain. */
  public static Map<String, String> tags(ClientSession session, String domain) {
    Map<String, String> tags = new TreeMap<>();
    session
        .ledger()
        .read(RegistryKeys.tags(domain))
        .map(VersionedDocument::json)
        .ifPresent(
            json ->
                json.path("tags")
                    .properties()
                    .forEach(tag -> tags.put(tag.getKey(), tag.getValue().asText())));
    return tags;
  }
}
