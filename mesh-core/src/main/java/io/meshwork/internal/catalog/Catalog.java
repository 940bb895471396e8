package io.meshwork.internal.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.contract.Contract;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.MeshFormat;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.routing.PartitionCatalogs;
import io.meshwork.internal.routing.RoutedRegistry;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.text.NearestName;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import io.meshwork.topology.Topology;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.apache.iceberg.Schema;

/**
 * Finds domains, products, versions, and links in all catalogs of the mesh. Caches the catalog in
 * which an account was found, as a hint. Thread-safe.
 */
public final class Catalog {
  /** Reading as many one by one takes longer than listing all of a large mesh. */
  private static final int MANY_ACCOUNTS = 64;

  private final Ledger ledger;
  private final Topology topology;
  private final boolean partitionsConsumers;
  private final MajorVersions versions;
  private final SuspendedReads suspended;
  private final VisibleRollouts rollouts;
  private final Map<String, String> catalogOfAccount;
  private final boolean ofMesh;

  /** The catalog of a central mesh. */
  public Catalog(Ledger ledger) {
    this(ledger, Topology.central(), false);
  }

  /**
   * The catalogs of a mesh with this topology.
   *
   * @param partitionsConsumers true if the mesh has the feature {@link
   *     MeshFormat#SEPARATE_CONSUMERS}
   */
  public Catalog(Ledger ledger, Topology topology, boolean partitionsConsumers) {
    this.ledger = ledger;
    this.topology = topology;
    this.partitionsConsumers = partitionsConsumers;
    this.rollouts = VisibleRollouts.all(ledger);
    this.versions = MajorVersions.of(ledger, rollouts);
    this.suspended = new SuspendedReads(ledger);
    this.catalogOfAccount = new ConcurrentHashMap<>();
    this.ofMesh = false;
  }

  private Catalog(Catalog shared, VisibleRollouts rollouts, boolean ofMesh) {
    this.ledger = shared.ledger;
    this.topology = shared.topology;
    this.partitionsConsumers = shared.partitionsConsumers;
    this.rollouts = rollouts;
    this.versions = shared.versions.seenWith(rollouts);
    this.suspended = shared.suspended;
    this.catalogOfAccount = shared.catalogOfAccount;
    this.ofMesh = ofMesh;
  }

  /** The same catalog for work of the mesh, such as maintenance, which sees all major versions. */
  public Catalog ofMesh() {
    return new Catalog(this, VisibleRollouts.all(ledger), true);
  }

  /**
   * The same catalog for a principal: major versions that it does not see are not named, and their
   * use fails as if they did not exist. Both can be described.
   */
  public Catalog seenBy(Principal principal) {
    return ofMesh
        ? this
        : new Catalog(
            this,
            new VisibleRollouts(
                ledger, product -> actsFor(principal, product) || isSteward(principal)),
            false);
  }

  private boolean actsFor(Principal principal, ProductName product) {
    return findAccount(principal.account())
        .filter(account -> account.domain().equals(product.domain()))
        .isPresent();
  }

  /** True if a principal is a steward of the mesh. */
  public boolean isSteward(Principal principal) {
    return ledger.read(RegistryKeys.steward(principal)).isPresent();
  }

  /** The topology of the mesh. */
  public Topology topology() {
    return topology;
  }

  /**
   * The names of all catalogs. By line of business, this includes catalogs without a registered
   * domain.
   */
  public List<String> catalogs() {
    return topology.shape() != Topology.Shape.FEDERATED
        ? topology.catalogs()
        : ledger.list(RegistryKeys.MESH, RoutedRegistry.CATALOGS).stream()
            .map(stored -> stored.key().sort().substring(RoutedRegistry.CATALOGS.length()))
            .toList();
  }

  /** The governance partition of a catalog: its domains, accounts, and guests. */
  public String governance(String catalog) {
    return PartitionCatalogs.governance(topology, catalog);
  }

  /** The catalog of a partition; empty if the topology has none, or the partition is mesh-wide. */
  public Optional<String> catalogOf(String partition) {
    return PartitionCatalogs.catalog(topology, partition);
  }

  /** The governance partition of the catalog that contains a partition. */
  public String governanceOf(String partition) {
    return PartitionCatalogs.catalog(topology, partition)
        .map(this::governance)
        .orElse(RegistryKeys.MESH);
  }

  /** The domain with this name, or with another name of the same storage form. */
  public Optional<DomainEntry> findDomain(String name) {
    return topology
        .findCatalog(name)
        .flatMap(home -> ledger.read(RegistryKeys.domain(governance(home), name)))
        .map(DomainEntry::of);
  }

  /** The roles that administer a domain and decide on requests to it. */
  public DomainRoles roles(DomainEntry entry) {
    return DomainRoles.of(entry);
  }

  /** The key of a domain; empty if the topology has no catalog for this name. */
  public Optional<Key> domainKey(String name) {
    return topology.findCatalog(name).map(home -> RegistryKeys.domain(governance(home), name));
  }

  /** The domain whose name is most similar to a misspelled one; empty if none is similar. */
  public Optional<String> nearestDomain(String name) {
    return NearestName.to(
        name, availableDomains().stream().map(entry -> entry.domain().name()).toList());
  }

  /** True if one catalog contains both partitions, so that one transaction can check both. */
  public boolean areInOneCatalog(String partition, String other) {
    return governanceOf(partition).equals(governanceOf(other));
  }

  /**
   * The domain with this name.
   *
   * @throws NotFoundException if there is none; the message names the nearest
   */
  public DomainEntry requireDomain(String name, MeshAction action) {
    return findDomain(name)
        .filter(entry -> entry.domain().name().equals(name))
        .orElseThrow(
            () -> {
              Optional<String> nearest = nearestDomain(name);
              return Failure.of(action)
                  .because("there is no domain '" + name + "'")
                  .fix(
                      nearest.map(near -> "Did you mean '" + near + "'? ").orElse("")
                          + "Register it with registerDomain(\""
                          + name
                          + "\").owner(..).commit().")
                  .notFound(ErrorCode.NOT_FOUND, nearest.orElse(null));
            });
  }

  /**
   * All domains, by name.
   *
   * @throws BackendException if any catalog is unavailable
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

  public List<DomainEntry> availableDomains() {
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
   * The domain that an account acts for. Searches the catalog where the account was found last,
   * then the home of the domain with the account's name, then all catalogs.
   *
   * @throws BackendException if it was not found and a catalog is unavailable
   */
  public Optional<AccountEntry> findAccount(String account) {
    Set<String> first = new LinkedHashSet<>();
    Optional.ofNullable(catalogOfAccount.get(account)).ifPresent(first::add);
    topology.findCatalog(account).ifPresent(first::add);
    BackendException failure = null;
    for (String catalog : first) {
      try {
        Optional<AccountEntry> entry = accountIn(catalog, account);
        if (entry.isPresent()) {
          return entry;
        }
      } catch (BackendException e) {
        failure = e;
      }
    }
    if (topology.shape() != Topology.Shape.CENTRAL) {
      for (String catalog : catalogs()) {
        try {
          Optional<AccountEntry> entry =
              first.contains(catalog) ? Optional.empty() : accountIn(catalog, account);
          if (entry.isPresent()) {
            catalogOfAccount.put(account, catalog);
            return entry;
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

  /**
   * The domain that an account acts for, as {@link #findAccount}; empty if its catalog is
   * unavailable. The only catalog of a central mesh must be available.
   */
  public Optional<AccountEntry> findAvailableAccount(String account) {
    try {
      return findAccount(account);
    } catch (BackendException e) {
      if (topology.shape() == Topology.Shape.CENTRAL) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private Optional<AccountEntry> accountIn(String catalog, String account) {
    return ledger.read(RegistryKeys.account(governance(catalog), account)).map(AccountEntry::of);
  }

  /**
   * The partition where a consuming domain writes about the products of another: requests,
   * subscriptions, positions, use, and grants that it passes on. It is in the catalog of the
   * products, so that one transaction can check both.
   */
  public String consumerPartition(String consumer, String owner) {
    Optional<String> home = topology.findCatalog(owner);
    return home.isEmpty() || home.equals(topology.findCatalog(consumer))
        ? homeConsumerPartition(consumer)
        : PartitionCatalogs.consumer(consumer, home.get());
  }

  /**
   * The {@link #consumerPartition} of a domain in its home catalog, which also has its links: the
   * domain's own partition, or a second one if the mesh separates the partitions of consumers.
   */
  public String homeConsumerPartition(String consumer) {
    return topology
        .findCatalog(consumer)
        .filter(home -> partitionsConsumers)
        .map(home -> PartitionCatalogs.consumer(consumer, home))
        .orElseGet(() -> RegistryKeys.partition(consumer));
  }

  /** All partitions where a domain may write as a consumer: first in its home, then as a guest. */
  public List<String> consumerPartitions(String consumer) {
    List<String> partitions = new ArrayList<>();
    partitions.add(homeConsumerPartition(consumer));
    Optional<String> home = topology.findCatalog(consumer);
    for (String catalog :
        topology.shape() == Topology.Shape.CENTRAL ? List.<String>of() : catalogs()) {
      if (!home.equals(Optional.of(catalog))) {
        partitions.add(PartitionCatalogs.consumer(consumer, catalog));
      }
    }
    return List.copyOf(partitions);
  }

  /**
   * The stored entry of an account: the domain that it acts for.
   *
   * @param domain the domain's name
   * @param stored its document, for checks
   */
  public record AccountEntry(String domain, VersionedDocument stored) {
    private record AccountDocument(String domain) {}

    static AccountEntry of(VersionedDocument stored) {
      return DocumentCodec.of(AccountEntry.class).read(stored);
    }

    /** Returns the document of an account. */
    public static ObjectNode document(String domain) {
      return DocumentCodec.document(new AccountDocument(domain));
    }
  }

  /**
   * A domain that may have written about the products of another.
   *
   * @param domain its name
   * @param partition the partition that it writes to
   */
  public record Consumer(String domain, String partition) {}

  /**
   * The domains that may consume products of a domain: domains with the same home catalog, and its
   * guests.
   */
  public List<Consumer> consumers(String owner) {
    String home = topology.findCatalog(owner).orElse(Topology.CENTRAL);
    List<Consumer> consumers = new ArrayList<>();
    for (DomainEntry entry : domainsOf(home)) {
      String name = entry.domain().name();
      consumers.add(new Consumer(name, homeConsumerPartition(name)));
    }
    if (topology.shape() != Topology.Shape.CENTRAL) {
      consumers.addAll(guestConsumers(home));
      consumers.sort(Comparator.comparing(consumer -> RegistryKeys.partition(consumer.domain())));
    }
    return List.copyOf(consumers);
  }

  /**
   * The {@link #consumers} that some accounts may act for: their domains; for an account of another
   * catalog all guests, which avoids a read of that catalog.
   */
  public Set<Consumer> consumersActedForBy(Set<String> accounts, String owner) {
    String home = topology.findCatalog(owner).orElse(Topology.CENTRAL);
    List<AccountEntry> entries = accountsIn(home, accounts);
    Set<Consumer> consumers = new LinkedHashSet<>();
    for (AccountEntry entry : entries) {
      consumers.add(new Consumer(entry.domain(), homeConsumerPartition(entry.domain())));
    }
    if (entries.size() < accounts.size()) {
      consumers.addAll(guestConsumers(home));
    }
    return consumers;
  }

  /** The entries of all these accounts that a catalog has: many of them are listed at once. */
  private List<AccountEntry> accountsIn(String catalog, Set<String> accounts) {
    if (accounts.size() < MANY_ACCOUNTS) {
      return accounts.stream().flatMap(account -> accountIn(catalog, account).stream()).toList();
    }
    List<AccountEntry> entries = new ArrayList<>();
    for (VersionedDocument stored :
        ledger.listLenient(governance(catalog), RegistryKeys.ACCOUNTS)) {
      String account = stored.key().sort().substring(RegistryKeys.ACCOUNTS.length());
      if (accounts.contains(account)) {
        // One that cannot be read fails, as it says why.
        entries.add(
            AccountEntry.of(
                stored.isUnreadable() ? ledger.read(stored.key()).orElse(stored) : stored));
      }
    }
    return entries;
  }

  /**
   * An account whose principals an owner, or an executor that may delegate, authorized to grant.
   *
   * @param partition the partition that they write to
   * @param delegating true if the owner once let them authorize others
   */
  public record Executor(String account, String partition, boolean delegating) {}

  /**
   * The executors of a domain, also with ended authorizations.
   *
   * @param list returns the documents of a partition by the prefix of their sort keys
   */
  public static List<Executor> executors(
      String domain, BiFunction<String, String, List<VersionedDocument>> list) {
    Map<String, Executor> executors = new LinkedHashMap<>();
    for (VersionedDocument stored :
        list.apply(RegistryKeys.partition(domain), RegistryKeys.EXECUTORS)) {
      Executor executor = executor(domain, stored);
      executors.put(executor.account(), executor);
    }
    for (Executor delegating : List.copyOf(executors.values())) {
      if (delegating.delegating()) {
        for (VersionedDocument stored :
            list.apply(delegating.partition(), RegistryKeys.EXECUTORS)) {
          Executor delegate = executor(domain, stored);
          executors.putIfAbsent(delegate.account(), delegate);
        }
      }
    }
    return List.copyOf(executors.values());
  }

  private static Executor executor(String domain, VersionedDocument stored) {
    String account = stored.key().sort().substring(RegistryKeys.EXECUTORS.length());
    return new Executor(
        account,
        RegistryKeys.executorPartition(domain, account),
        ExecutorDocument.of(stored).delegating());
  }

  /** The domains of other catalogs that wrote to a catalog, by name. */
  public List<Consumer> guestConsumers(String catalog) {
    return topology.shape() == Topology.Shape.CENTRAL
        ? List.of()
        : ledger.list(governance(catalog), RegistryKeys.GUESTS).stream()
            .map(stored -> GuestDomains.GuestDocument.of(stored).domain())
            .map(name -> new Consumer(name, PartitionCatalogs.consumer(name, catalog)))
            .toList();
  }

  /**
   * True if a domain sees a product: the topology makes it visible, or the domain has a link to it.
   * Does not check rights.
   */
  public boolean isVisible(String consumer, ProductName product) {
    return topology.sees(consumer, product.domain()) || hasLinkTo(consumer, product);
  }

  /** True if the domain of an account sees a product. */
  public boolean isVisibleTo(String account, ProductName product) {
    return topology.shape() == Topology.Shape.CENTRAL
        || findAccount(account).filter(entry -> isVisible(entry.domain(), product)).isPresent();
  }

  /** The product with this name, or with another name of the same storage form. */
  public Optional<ProductEntry> findProduct(ProductName name) {
    return ledger.read(RegistryKeys.product(name)).map(ProductEntry::of);
  }

  /**
   * The product with this name.
   *
   * @throws NotFoundException if there is none; the message names the nearest
   */
  public ProductEntry requireProduct(ProductName name, MeshAction action) {
    return findProduct(name)
        .filter(entry -> entry.name().equals(name))
        .orElseThrow(() -> productNotFound(name, action));
  }

  /** The owner contact of a product: its own, or its domain's. */
  public String ownerOf(ProductEntry product, MeshAction action) {
    return product
        .ownOwner()
        .orElseGet(() -> requireDomain(product.name().domain(), action).domain().owner());
  }

  /**
   * All products of the mesh, by domain and name.
   *
   * @throws BackendException if any catalog is unavailable
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
   * A major of a product with its current contract, if its state allows a use.
   *
   * @throws NotFoundException if the product has no such major, or the major was retired; the
   *     message names another
   * @throws io.meshwork.error.ConflictException if its state does not allow the use for another
   *     reason, or its owner suspended reads
   */
  public VersionEntry requireFor(
      MajorState.Use use, ProductName name, int major, MeshAction action) {
    VersionEntry version = versions.requireFor(use, name, major, action);
    if (SuspendedReads.concern(use)) {
      requireNotSuspended(use, requireProduct(name, action), major, action);
    }
    return version;
  }

  /**
   * A major of a product, as {@link #requireFor(MajorState.Use, ProductName, int, MeshAction)} for
   * a product that was read.
   */
  public VersionEntry requireFor(
      MajorState.Use use, ProductEntry product, int major, MeshAction action) {
    VersionEntry version = versions.requireFor(use, product.name(), major, action);
    requireNotSuspended(use, product, major, action);
    return version;
  }

  private void requireNotSuspended(
      MajorState.Use use, ProductEntry product, int major, MeshAction action) {
    suspended.check(use, product, major, governance(product), action);
  }

  private String governance(ProductEntry product) {
    return governanceOf(RegistryKeys.partition(product.name()));
  }

  /**
   * Requires that the state of a major allows a use, as {@link #requireFor} does.
   *
   * @param version the major, read before for another use
   */
  public void requireUse(
      MajorState.Use use, ProductName name, VersionEntry version, MeshAction action) {
    versions.requireUse(use, name, version, action);
    if (SuspendedReads.concern(use)) {
      requireNotSuspended(use, requireProduct(name, action), version.major(), action);
    }
  }

  /** Requires that a major may be used, without reading the product once more. */
  public void requireUse(
      MajorState.Use use, ProductEntry product, VersionEntry version, MeshAction action) {
    versions.requireUse(use, product.name(), version, action);
    requireNotSuspended(use, product, version.major(), action);
  }

  /** The decision that suspends reads of a major now; empty if they are possible. */
  public Optional<ReadSuspensions.Decision> suspension(ProductEntry product, int major) {
    return suspended
        .find(product, major, governance(product))
        .map(SuspendedReads.InEffect::decision);
  }

  /** True if the owner suspended reads of a major, and the suspension has not ended. */
  public boolean isSuspended(ProductEntry product, int major) {
    return suspension(product, major).isPresent();
  }

  /**
   * The majors of a product on which rights are decided, live or prepared: the current one first,
   * then ascending. Empty if none is left.
   */
  public List<VersionEntry> liveMajors(ProductEntry product, MeshAction action) {
    return versions.allowing(MajorState.Use.DECIDE, product, action);
  }

  /**
   * The live majors before the current one, newest first. A rule of another product that names
   * columns is evaluated on the first of these that has them all, if the current major does not.
   */
  public List<VersionEntry> olderLiveMajors(ProductEntry product, MeshAction action) {
    return liveMajors(product, action).stream()
        .filter(version -> version.state().isLive() && version.major() < product.currentMajor())
        .sorted(Comparator.comparing(VersionEntry::major).reversed())
        .toList();
  }

  /**
   * The major on which a rule of another product is evaluated by a principal that may read all live
   * ones: the current one, unless only an older one has all columns that the rule names.
   */
  public int majorForRule(ProductEntry product, List<String> columns, MeshAction action) {
    VersionEntry current =
        requireFor(MajorState.Use.DESCRIBE, product.name(), product.currentMajor(), action);
    return Stream.concat(Stream.of(current), olderLiveMajors(product, action).stream())
        .filter(version -> hasAll(version, columns))
        .findFirst()
        .orElse(current)
        .major();
  }

  private static boolean hasAll(VersionEntry version, List<String> columns) {
    return IcebergSchemas.hasAll(IcebergSchemas.fromAvro(version.contract().schema()), columns);
  }

  /** The majors of {@link #liveMajors}; the current one if none is left. */
  public List<VersionEntry> liveMajorsOrCurrent(ProductEntry product, MeshAction action) {
    List<VersionEntry> live = liveMajors(product, action);
    return live.isEmpty()
        ? List.of(
            requireFor(MajorState.Use.DESCRIBE, product.name(), product.currentMajor(), action))
        : live;
  }

  /**
   * The majors of {@link #liveMajors} that the principal sees, at least one: what it can name in a
   * change of rights.
   *
   * @throws NotFoundException if none is left
   */
  public List<VersionEntry> requireLiveMajors(ProductEntry product, MeshAction action) {
    List<VersionEntry> live =
        liveMajorsOrCurrent(product, action).stream()
            .filter(
                version -> version.state().isLive() || isVisible(product.name(), version.major()))
            .toList();
    requireUse(MajorState.Use.DECIDE, product.name(), live.get(0), action);
    return live;
  }

  /** All contract versions that a major had or has, oldest first. */
  public NavigableMap<ContractVersion, Contract> contracts(ProductName name, int major) {
    return versions.contracts(name, major);
  }

  /**
   * A recorded contract version. Immutable.
   *
   * @param stored its document
   */
  public record RecordedContract(
      ContractVersion version, Contract contract, VersionedDocument stored) {
    static RecordedContract of(VersionedDocument stored) {
      return new RecordedContract(
          ContractVersion.parse(stored.json().path("version").asText()),
          VersionEntry.contract(stored),
          stored);
    }

    /** Returns its columns with their field IDs. */
    public Schema schemaWithIds() {
      return VersionEntry.schemaWithIds(stored, contract);
    }
  }

  /** All contract versions of the majors that the principal sees, oldest first. */
  public List<RecordedContract> contracts(ProductName name) {
    return versions.recorded(name);
  }

  /** The majors that a product has or had, ascending. */
  public List<Integer> majors(ProductName name) {
    return versions.numbers(name);
  }

  /** The majors that a product has or had and the principal sees, ascending. */
  public List<Integer> visibleMajors(ProductName name) {
    return versions.visible(name);
  }

  /** True if the principal sees a major of a product, if there is one. */
  public boolean isVisible(ProductName name, int major) {
    return rollouts.includes(name, major);
  }

  /** True if the principal sees a rollout of a product. */
  public boolean isVisible(ProductName name, VersionedDocument rollout) {
    return rollouts.includes(name, rollout);
  }

  /** True if the principal is the owner or a steward, and so sees planned rollouts. */
  public boolean seesAllRollouts(ProductName name) {
    return rollouts.seesAll().test(name);
  }

  /**
   * The other majors of a product that share rows with one, ascending: all whose data exists,
   * whatever their states are. A row that is in one of them may be in each, now or once it opens.
   * What holds for rows, such as their erasure, their protection, and their suspension, asks here.
   */
  public List<VersionEntry> majorsSharingRows(ProductName name, int major, MeshAction action) {
    return versions.sharingRows(name, major, action);
  }

  /** The state of a major; empty if the product has no such major. */
  public Optional<MajorState> majorState(ProductName name, int major) {
    return versions.state(name, major);
  }

  /** The links in a consuming domain's catalog, by name. */
  public List<LinkEntry> links(String consumer) {
    return ledger.list(homeConsumerPartition(consumer), RegistryKeys.LINKS).stream()
        .map(stored -> LinkEntry.of(consumer, stored))
        .toList();
  }

  /** The link with exactly this name in a consuming domain's catalog. */
  public Optional<LinkEntry> findLink(String consumer, LinkName name) {
    return ledger
        .read(RegistryKeys.link(homeConsumerPartition(consumer), name))
        .map(stored -> LinkEntry.of(consumer, stored));
  }

  /** True if a link in a domain's catalog points to the product or to its whole domain. */
  public boolean hasLinkTo(String consumer, ProductName product) {
    return links(consumer).stream()
        .anyMatch(
            link ->
                link.product()
                    .map(product::equals)
                    .orElseGet(() -> link.domain().equals(product.domain())));
  }

  /** The product whose name is most similar to a misspelled one; empty if none is similar. */
  public Optional<String> nearestProduct(ProductName name) {
    List<String> products = new ArrayList<>();
    for (DomainEntry domain : availableDomains()) {
      products(domain.domain().name()).forEach(entry -> products.add(entry.name().toString()));
    }
    return NearestName.to(name.toString(), products);
  }

  private NotFoundException productNotFound(ProductName name, MeshAction action) {
    Optional<String> nearest = nearestProduct(name);
    return Failure.of(action)
        .because("there is no product " + name)
        .fix(nearest.map(near -> "Did you mean '" + near + "'?").orElseGet(() -> howToDefine(name)))
        .notFound(ErrorCode.NOT_FOUND, nearest.orElse(null));
  }

  private String howToDefine(ProductName name) {
    String call = "defineProduct(\"" + name + "\").contract(..).commit()";
    return findDomain(name.domain())
        .map(
            entry ->
                "If you act for domain '"
                    + entry.domain().name()
                    + "', define it with "
                    + call
                    + "; otherwise ask "
                    + entry.domain().owner()
                    + ", who owns it.")
        .orElse("Define it with " + call + ".");
  }
}
