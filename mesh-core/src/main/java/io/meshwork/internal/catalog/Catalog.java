package io.meshwork.internal.catalog;

import io.meshwork.contract.Contract;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.routing.PartitionCatalogs;
import io.meshwork.internal.routing.RoutedRegistry;
import io.meshwork.internal.runtime.NearestName;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import io.meshwork.topology.Topology;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds domains, products and versions in the registry, in whichever catalog of the mesh they live.
 * Remembers where an account was found, as a hint where to look first; thread-safe.
 */
public final class Catalog {
  private final Ledger ledger;
  private final Topology topology;
  private final DomainRegistrars registrars;
  private final Map<String, String> lastSeen = new ConcurrentHashMap<>();

  /** The catalog of a mesh that has one. */
  public Catalog(Ledger ledger) {
    this(ledger, Topology.central());
  }

  /** The catalogs of a mesh of this shape. */
  public Catalog(Ledger ledger, Topology topology) {
    this.ledger = ledger;
    this.topology = topology;
    this.registrars = new DomainRegistrars(ledger);
  }

  /** The shape of the mesh. */
  public Topology topology() {
    return topology;
  }

  /**
   * The catalogs that there are, by name; of a mesh by line of business also those in which no
   * domain is registered yet.
   */
  public List<String> catalogs() {
    return topology.shape() != Topology.Shape.FEDERATED
        ? topology.catalogs()
        : ledger.list(RegistryKeys.MESH, RoutedRegistry.CATALOGS).stream()
            .map(stored -> stored.key().sort().substring(RoutedRegistry.CATALOGS.length()))
            .toList();
  }

  /** The partition in which a catalog says which domains, accounts and guests it has. */
  public String governance(String catalog) {
    return PartitionCatalogs.governance(topology, catalog);
  }

  /** The same for the catalog in which a partition lies. */
  public String governanceOf(String partition) {
    return PartitionCatalogs.catalog(topology, partition)
        .map(this::governance)
        .orElse(RegistryKeys.MESH);
  }

  /** The domain of this name, or of its twin in storage form. */
  public Optional<DomainEntry> findDomain(String name) {
    return topology
        .findCatalog(name)
        .flatMap(home -> ledger.read(RegistryKeys.domain(governance(home), name)))
        .map(DomainEntry::of);
  }

  /** Which roles administer a domain and decide on requests to it. */
  public DomainRoles roles(DomainEntry entry) {
    return DomainRoles.of(entry, registrars);
  }

  /** Where the domain of this name is kept; empty if none of this name can be in the mesh. */
  public Optional<Key> domainKey(String name) {
    return topology.findCatalog(name).map(home -> RegistryKeys.domain(governance(home), name));
  }

  /** The domain that a misspelt name most likely means; empty if none is near. */
  public Optional<String> nearestDomain(String name) {
    return NearestName.to(
        name, domainsInReach().stream().map(entry -> entry.domain().name()).toList());
  }

  /** Whether two partitions lie in one catalog, so that one transaction may rest on both. */
  public boolean areTogether(String partition, String other) {
    return governanceOf(partition).equals(governanceOf(other));
  }

  /**
   * The domain of this name.
   *
   * @throws NotFoundException if there is none, naming the nearest and how to register one
   */
  public DomainEntry requireDomain(String name, MeshAction action) {
    return findDomain(name)
        .filter(entry -> entry.domain().name().equals(name))
        .orElseThrow(
            () -> {
              Optional<String> nearest = nearestDomain(name);
              return Failure.of(action)
                  .because(
                      "there is no domain '"
                          + name
                          + "'."
                          + nearest.map(near -> " Did you mean '" + near + "'?").orElse(""))
                  .fix("Register it with registerDomain(\"" + name + "\").ownedBy(..).commit().")
                  .notFound(ErrorCode.NOT_FOUND, nearest.orElse(null));
            });
  }

  /**
   * All domains, by name.
   *
   * @throws BackendException if a catalog cannot be asked: none is left out in silence
   */
  public List<DomainEntry> domains() {
    List<DomainEntry> domains = new ArrayList<>();
    catalogs().forEach(catalog -> domains.addAll(domainsOf(catalog)));
    domains.sort(Comparator.comparing(entry -> RegistryKeys.partition(entry.domain().name())));
    return List.copyOf(domains);
  }

  /** The domains whose home is this catalog, by name. */
  public List<DomainEntry> domainsOf(String catalog) {
    return ledger.list(governance(catalog), RegistryKeys.DOMAINS).stream()
        .map(DomainEntry::of)
        .toList();
  }

  /** For hints alone: without those of catalogs that cannot be asked. */
  private List<DomainEntry> domainsInReach() {
    List<DomainEntry> domains = new ArrayList<>();
    List<String> catalogs;
    try {
      catalogs = catalogs();
    } catch (BackendException e) {
      return domains;
    }
    for (String catalog : catalogs) {
      try {
        domains.addAll(domainsOf(catalog));
      } catch (BackendException e) {
        continue;
      }
    }
    return domains;
  }

  /**
   * The domain that an account acts for. An account is looked for where it was found last, then
   * where the domain of its name lives, then in all catalogs.
   *
   * @throws BackendException if it was not found and a catalog could not be asked
   */
  public Optional<AccountEntry> findAccount(String account) {
    Set<String> first = new LinkedHashSet<>();
    Optional.ofNullable(lastSeen.get(account)).ifPresent(first::add);
    topology.findCatalog(account).ifPresent(first::add);
    BackendException failure = null;
    for (String catalog : first) {
      try {
        Optional<AccountEntry> found = accountIn(catalog, account);
        if (found.isPresent()) {
          return found;
        }
      } catch (BackendException e) {
        failure = e;
      }
    }
    if (topology.shape() != Topology.Shape.CENTRAL) {
      for (String catalog : catalogs()) {
        try {
          Optional<AccountEntry> found =
              first.contains(catalog) ? Optional.empty() : accountIn(catalog, account);
          if (found.isPresent()) {
            lastSeen.put(account, catalog);
            return found;
          }
        } catch (BackendException e) {
          failure = e;
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
    return Optional.empty();
  }

  private Optional<AccountEntry> accountIn(String catalog, String account) {
    return ledger.read(RegistryKeys.account(governance(catalog), account)).map(AccountEntry::of);
  }

  /**
   * The partition of what a consuming domain writes about products of another: requests,
   * subscriptions, positions, use, and what it hands on. It lies in the catalog of the products, so
   * that what is decided on them is checked in one transaction.
   */
  public String consumerPartition(String consumer, String owner) {
    Optional<String> home = topology.findCatalog(owner);
    return home.isEmpty() || home.equals(topology.findCatalog(consumer))
        ? RegistryKeys.partition(consumer)
        : PartitionCatalogs.guest(consumer, home.get());
  }

  /** All partitions in which a domain may write as a consumer: its own first, then as a guest. */
  public List<String> consumerPartitions(String consumer) {
    List<String> partitions = new ArrayList<>();
    partitions.add(RegistryKeys.partition(consumer));
    Optional<String> home = topology.findCatalog(consumer);
    for (String catalog :
        topology.shape() == Topology.Shape.CENTRAL ? List.<String>of() : catalogs()) {
      if (!home.equals(Optional.of(catalog))) {
        partitions.add(PartitionCatalogs.guest(consumer, catalog));
      }
    }
    return List.copyOf(partitions);
  }

  /**
   * A domain that may have written something about products of another.
   *
   * @param domain its name
   * @param partition where
   */
  public record Consumer(String domain, String partition) {}

  /**
   * All who may consume products of a domain: those whose home is the same catalog, and its guests.
   * One catalog knows them all.
   */
  public List<Consumer> consumers(String owner) {
    String home = topology.findCatalog(owner).orElse(Topology.CENTRAL);
    List<Consumer> consumers = new ArrayList<>();
    for (DomainEntry entry : domainsOf(home)) {
      String name = entry.domain().name();
      consumers.add(new Consumer(name, RegistryKeys.partition(name)));
    }
    if (topology.shape() != Topology.Shape.CENTRAL) {
      consumers.addAll(guestConsumers(home));
      consumers.sort(Comparator.comparing(consumer -> RegistryKeys.partition(consumer.domain())));
    }
    return List.copyOf(consumers);
  }

  /**
   * Those of {@link #consumers} for whom an account may act: the one that it acts for, or, of an
   * account from elsewhere, all guests, so that its home need not be asked.
   */
  public List<Consumer> consumersActedForBy(String account, String owner) {
    String home = topology.findCatalog(owner).orElse(Topology.CENTRAL);
    return accountIn(home, account)
        .map(entry -> List.of(new Consumer(entry.domain(), RegistryKeys.partition(entry.domain()))))
        .orElseGet(() -> guestConsumers(home));
  }

  /** Domains from elsewhere that wrote in a catalog, by name. */
  public List<Consumer> guestConsumers(String catalog) {
    return topology.shape() == Topology.Shape.CENTRAL
        ? List.of()
        : ledger.list(governance(catalog), RegistryKeys.GUESTS).stream()
            .map(stored -> stored.json().path("domain").asText())
            .map(name -> new Consumer(name, PartitionCatalogs.guest(name, catalog)))
            .toList();
  }

  /**
   * Whether a domain may read products of another as far as the shape of the mesh goes: it sees
   * them, or made a link to this one. It says nothing of rights.
   */
  public boolean isInSight(String consumer, ProductName product) {
    return topology.sees(consumer, product.domain()) || linked(consumer, product);
  }

  /** The same for an account; one that acts for no domain has nothing to link a product into. */
  public boolean isInSightOf(String account, ProductName product) {
    return topology.shape() == Topology.Shape.CENTRAL
        || findAccount(account).filter(entry -> isInSight(entry.domain(), product)).isPresent();
  }

  /** The product of this name, or of its twin in storage form. */
  public Optional<ProductEntry> findProduct(ProductName name) {
    return ledger.read(RegistryKeys.product(name)).map(ProductEntry::of);
  }

  /**
   * The product of this name.
   *
   * @throws NotFoundException if there is none, naming the nearest
   */
  public ProductEntry requireProduct(ProductName name, MeshAction action) {
    return findProduct(name)
        .filter(entry -> entry.name().equals(name))
        .orElseThrow(() -> unknownProduct(name, action));
  }

  /** Contact of those who answer for a product: its own, else its domain's as it is now. */
  public String ownerOf(ProductEntry product, MeshAction action) {
    return product
        .ownOwner()
        .orElseGet(() -> requireDomain(product.name().domain(), action).domain().owner());
  }

  /**
   * All products of the mesh, by domain and name.
   *
   * @throws BackendException if a catalog cannot be asked: none is left out in silence
   */
  public List<ProductEntry> products() {
    List<ProductEntry> products = new ArrayList<>();
    for (DomainEntry domain : domains()) {
      products.addAll(products(domain.domain().name()));
    }
    return products;
  }

  /** All products of a domain, by name. */
  public List<ProductEntry> products(String domain) {
    return ledger.list(RegistryKeys.partition(domain), RegistryKeys.PRODUCTS).stream()
        .map(ProductEntry::of)
        .toList();
  }

  /**
   * A live major of a product and its contract.
   *
   * @throws NotFoundException if the product has no such major, naming those it has
   */
  public VersionEntry requireVersion(ProductName name, int major, MeshAction action) {
    VersionedDocument majorStored =
        ledger
            .read(RegistryKeys.major(name, major))
            .orElseThrow(
                () ->
                    Failure.of(action)
                        .because(
                            name + " has no major version " + major + "; it has " + majors(name))
                        .fix("Name one of these.")
                        .notFound(ErrorCode.NOT_FOUND));
    ContractVersion version =
        ContractVersion.parse(majorStored.json().path("contractVersion").asText());
    VersionedDocument contract =
        ledger
            .read(RegistryKeys.contract(name, version))
            .orElseThrow(
                () ->
                    Failure.of(action)
                        .because(
                            "the registry names contract "
                                + version
                                + " of "
                                + name
                                + " and does not hold it")
                        .fix("Run doctor() on the mesh.")
                        .notFound(ErrorCode.NOT_FOUND));
    return VersionEntry.of(majorStored, contract);
  }

  /** All contract versions that a major had or has, oldest first. */
  public NavigableMap<ContractVersion, Contract> contracts(ProductName name, int major) {
    NavigableMap<ContractVersion, Contract> contracts = new TreeMap<>();
    for (VersionedDocument stored :
        ledger.list(RegistryKeys.partition(name), "contract/" + major + ".")) {
      contracts.put(
          ContractVersion.parse(stored.json().path("version").asText()),
          VersionEntry.contract(stored));
    }
    return contracts;
  }

  /** The majors that a product has or had, ascending. */
  public List<Integer> majors(ProductName name) {
    TreeSet<Integer> majors = new TreeSet<>();
    for (VersionedDocument stored : ledger.list(RegistryKeys.partition(name), "major/")) {
      majors.add(stored.json().path("major").asInt());
    }
    return List.copyOf(majors);
  }

  /** The state of a major; empty if the product has none of this number. */
  public Optional<String> majorState(ProductName name, int major) {
    return ledger
        .read(RegistryKeys.major(name, major))
        .map(stored -> stored.json().path("state").asText());
  }

  /** The links in a consuming domain's catalog, by name. */
  public List<LinkEntry> links(String consumer) {
    return ledger.list(RegistryKeys.partition(consumer), RegistryKeys.LINKS).stream()
        .map(stored -> LinkEntry.of(consumer, stored))
        .toList();
  }

  /** The link of exactly this name in a consuming domain's catalog. */
  public Optional<LinkEntry> findLink(String consumer, LinkName name) {
    return ledger
        .read(RegistryKeys.link(consumer, name))
        .map(stored -> LinkEntry.of(consumer, stored));
  }

  /** True if some link in a domain's catalog stands for the product or for its whole domain. */
  public boolean linked(String consumer, ProductName product) {
    return links(consumer).stream()
        .anyMatch(
            link ->
                link.product()
                    .map(product::equals)
                    .orElseGet(() -> link.domain().equals(product.domain())));
  }

  /** The product that a misspelt name most likely means; empty if none is near. */
  public Optional<String> nearestProduct(ProductName name) {
    List<String> products = new ArrayList<>();
    for (DomainEntry domain : domainsInReach()) {
      products(domain.domain().name()).forEach(entry -> products.add(entry.name().toString()));
    }
    return NearestName.to(name.toString(), products);
  }

  private NotFoundException unknownProduct(ProductName name, MeshAction action) {
    Optional<String> nearest = nearestProduct(name);
    return Failure.of(action)
        .because(
            "there is no product "
                + name
                + "."
                + nearest
                    .map(near -> " Did you mean '" + near + "'?")
                    .orElseGet(() -> whoDefines(name)))
        .notFound(ErrorCode.NOT_FOUND, nearest.orElse(null));
  }

  private String whoDefines(ProductName name) {
    String define = "defineProduct(\"" + name + "\").contract(..).commit().";
    return findDomain(name.domain())
        .map(
            entry ->
                " If you act for domain '"
                    + entry.domain().name()
                    + "', define it with "
                    + define.substring(0, define.length() - 1)
                    + "; otherwise ask "
                    + entry.domain().owner()
                    + ", who answers for it.")
        .orElse(" Define it with " + define);
  }
}
