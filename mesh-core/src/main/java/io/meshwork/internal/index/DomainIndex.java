package io.meshwork.internal.index;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.index.IndexedProduct.KnownMajor;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rights.StoredTags;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ResolvedProduct;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import io.meshwork.topology.Topology;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The products of a domain with their index entry and activity. Immutable.
 *
 * @param domain the domain
 * @param tags the tags of the domain
 * @param products its products, by name
 */
public record DomainIndex(
    DomainEntry domain, Map<String, String> tags, List<IndexedProduct> products) {
  public DomainIndex {
    tags = Map.copyOf(tags);
    products = List.copyOf(products);
  }

  /**
   * The domains of the mesh.
   *
   * @param domains the readable ones, by name
   * @param unreachable the catalogs that could not be read
   */
  public record MeshIndex(List<DomainIndex> domains, List<String> unreachable) {
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
        List<DomainIndex> indexes = new ArrayList<>();
        domainsOf(session, catalog).forEach(domain -> indexes.add(of(session, domain)));
        domains.addAll(indexes);
      } catch (BackendException e) {
        if (!isUnreachable(session, e)) {
          throw e;
        }
        unreachable.add(catalog);
      }
    }
    domains.sort(Comparator.comparing(index -> index.domain().domain().name()));
    return new MeshIndex(domains, unreachable);
  }

  /** The domains of a catalog whose documents can be read; doctor reports the others. */
  private static List<DomainEntry> domainsOf(ClientSession session, String catalog) {
    return session
        .ledger()
        .listLenient(session.catalog().governance(catalog), RegistryKeys.DOMAINS)
        .stream()
        .flatMap(stored -> stored.readAs(DomainEntry::of).stream())
        .toList();
  }

  /**
   * True if a failure concerns one of several catalogs, which may be available to others or later:
   * an answer names it and goes on without it.
   */
  public static boolean isUnreachable(ClientSession session, BackendException failure) {
    return session.catalog().topology().shape() != Topology.Shape.CENTRAL
        && failure.errorCode() != ErrorCode.INTERRUPTED
        && (failure.retryable() || failure.errorCode() == ErrorCode.PERMISSION_MISSING);
  }

  /**
   * Reads a domain: three lists, whatever the number of products. A product whose index entry or
   * activity is missing is read from its own documents. A product whose documents are damaged is
   * left out; doctor reports it.
   *
   * @throws BackendException if the registry cannot be read
   */
  public static DomainIndex of(ClientSession session, DomainEntry domain) {
    String name = domain.domain().name();
    String index = RegistryKeys.index(name);
    KnownIndex knownIndex = new KnownIndex();
    session
        .ledger()
        .listLenient(index, RegistryKeys.INDEX_ENTRIES)
        .forEach(knownIndex::addIndexEntry);
    session.ledger().listLenient(index, RegistryKeys.ACTIVITIES).forEach(knownIndex::addActivity);
    List<IndexedProduct> products = new ArrayList<>();
    for (VersionedDocument stored :
        session.ledger().listLenient(RegistryKeys.partition(name), RegistryKeys.PRODUCTS)) {
      stored
          .readAs(ProductEntry::of)
          .flatMap(entry -> findIndexed(session, domain, entry, knownIndex))
          .ifPresent(products::add);
    }
    return new DomainIndex(domain, tags(session, name), products);
  }

  /**
   * Reads one product in its current major version.
   *
   * @throws BackendException if the registry cannot be read
   */
  public static IndexedProduct of(ClientSession session, ProductName product, MeshAction action) {
    return of(session, new ResolvedProduct(product, Optional.empty()), action);
  }

  /**
   * Reads one product in the major version that its name refers to.
   *
   * @throws BackendException if the registry cannot be read
   */
  public static IndexedProduct of(
      ClientSession session, ResolvedProduct resolved, MeshAction action) {
    ProductName product = resolved.product();
    ProductEntry entry = session.catalog().requireProduct(product, action);
    int major = resolved.major().orElse(entry.currentMajor());
    KnownIndex knownIndex = new KnownIndex();
    session
        .ledger()
        .listLenient(RegistryKeys.index(product.domain()), RegistryKeys.indexEntries(product))
        .forEach(knownIndex::addIndexEntry);
    for (int each : knownIndex.majorsWith(product, major)) {
      session
          .ledger()
          .readLenient(RegistryKeys.activity(product, each))
          .ifPresent(knownIndex::addActivity);
    }
    return indexed(session, entry, major, session.catalog().ownerOf(entry, action), knownIndex);
  }

  /** What the index has of some products. */
  private static final class KnownIndex {
    private final Map<Key, ProductIndexEntry> indexEntries = new HashMap<>();
    private final Map<Key, ProductActivity> activities = new HashMap<>();
    private final Map<ProductName, Map<Integer, KnownMajor>> majors = new HashMap<>();

    void addIndexEntry(VersionedDocument stored) {
      ProductIndexEntry.find(stored)
          .ifPresent(
              indexEntry -> {
                indexEntries.put(stored.key(), indexEntry);
                majors
                    .computeIfAbsent(indexEntry.product(), first -> new HashMap<>())
                    .put(indexEntry.major(), KnownMajor.of(indexEntry));
              });
    }

    void addActivity(VersionedDocument stored) {
      ProductActivity.find(stored).ifPresent(activity -> activities.put(stored.key(), activity));
    }

    /** The major versions of a product whose index entries are known, and this one. */
    Set<Integer> majorsWith(ProductName product, int major) {
      Set<Integer> all = new TreeSet<>(majors.getOrDefault(product, Map.of()).keySet());
      all.add(major);
      return all;
    }

    /** The activities of the other major versions of a product. */
    List<ProductActivity> others(ProductName product, int major) {
      return majorsWith(product, major).stream()
          .filter(sibling -> sibling != major)
          .map(sibling -> activities.get(RegistryKeys.activity(product, sibling)))
          .filter(Objects::nonNull)
          .toList();
    }
  }

  /** Empty if its documents are damaged, or were removed meanwhile. */
  private static Optional<IndexedProduct> findIndexed(
      ClientSession session, DomainEntry domain, ProductEntry entry, KnownIndex knownIndex) {
    String owner = entry.ownOwner().orElse(domain.domain().owner());
    try {
      return Optional.of(indexed(session, entry, entry.currentMajor(), owner, knownIndex));
    } catch (NotFoundException | IllegalArgumentException | DateTimeException damaged) {
      return Optional.empty();
    } catch (BackendException e) {
      if (e.retryable()) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private static IndexedProduct indexed(
      ClientSession session, ProductEntry entry, int major, String owner, KnownIndex knownIndex) {
    ProductName name = entry.name();
    return new IndexedProduct(
        entry,
        owner,
        Optional.ofNullable(knownIndex.indexEntries.get(RegistryKeys.indexEntry(name, major)))
            .orElseGet(() -> IndexSources.indexEntry(session, entry, major)),
        Optional.ofNullable(knownIndex.activities.get(RegistryKeys.activity(name, major)))
            .filter(ProductActivity::isComplete)
            .or(() -> activity(session, name, major))
            .map(activity -> activity.withWaitingIn(knownIndex.others(name, major))),
        knownIndex.majors.getOrDefault(name, Map.of()));
  }

  private static Optional<ProductActivity> activity(
      ClientSession session, ProductName product, int major) {
    try {
      return IndexSources.activity(session, product, major);
    } catch (BackendException
        | NotFoundException
        | IllegalArgumentException
        | DateTimeException e) {
      return Optional.empty();
    }
  }

  public static Map<String, String> tags(ClientSession session, String domain) {
    return StoredTags.of(session.ledger().readLenient(RegistryKeys.tags(domain))).tags();
  }
}
