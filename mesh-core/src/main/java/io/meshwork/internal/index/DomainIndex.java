package io.meshwork.internal.index;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.BackendException;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import io.meshwork.topology.Topology;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
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
   * Reads a domain: three lists, whatever the number of products. A product whose shape or pulse is
   * missing, because an earlier version of Meshwork wrote it, is read from its own documents.
   *
   * @throws BackendException if the registry cannot be read
   */
  public static DomainIndex of(ClientSession session, DomainEntry domain) {
    String name = domain.domain().name();
    String partition = RegistryKeys.index(name);
    Map<Key, VersionedDocument> known = new HashMap<>();
    for (String prefix : List.of(RegistryKeys.SHAPES, RegistryKeys.PULSES)) {
      for (VersionedDocument stored : session.ledger().listLenient(partition, prefix)) {
        known.put(stored.key(), stored);
      }
    }
    List<IndexedProduct> products = new ArrayList<>();
    for (ProductEntry entry : session.catalog().products(name)) {
      products.add(
          indexed(session, entry, entry.ownOwner().orElse(domain.domain().owner()), known));
    }
    return new DomainIndex(domain, tags(session, name), products);
  }

  /**
   * Reads one product.
   *
   * @throws BackendException if the registry cannot be read
   */
  public static IndexedProduct of(ClientSession session, ProductName product, MeshAction action) {
    ProductEntry entry = session.catalog().requireProduct(product, action);
    Map<Key, VersionedDocument> known = new HashMap<>();
    for (Key key :
        List.of(
            RegistryKeys.shape(product, entry.currentMajor()),
            RegistryKeys.pulse(product, entry.currentMajor()))) {
      session.ledger().readLenient(key).ifPresent(stored -> known.put(key, stored));
    }
    return indexed(session, entry, session.catalog().ownerOf(entry, action), known);
  }

  private static IndexedProduct indexed(
      ClientSession session, ProductEntry entry, String owner, Map<Key, VersionedDocument> known) {
    ProductName name = entry.name();
    int major = entry.currentMajor();
    return new IndexedProduct(
        entry,
        owner,
        readable(known, RegistryKeys.shape(name, major))
            .map(ProductShape::of)
            .orElseGet(() -> IndexSources.shape(session, entry, major)),
        readable(known, RegistryKeys.pulse(name, major))
            .map(ProductPulse::of)
            .filter(ProductPulse::isComplete)
            .or(() -> pulse(session, name, major)));
  }

  private static Optional<ObjectNode> readable(Map<Key, VersionedDocument> known, Key key) {
    return Optional.ofNullable(known.get(key))
        .filter(stored -> !stored.isUnreadable())
        .map(VersionedDocument::json);
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
