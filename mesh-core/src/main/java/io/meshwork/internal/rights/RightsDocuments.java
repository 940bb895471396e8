package io.meshwork.internal.rights;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.contract.Contract;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.lakeformation.Resource.PolicyType;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.routing.PartitionCatalogs;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.iceberg.Schema;

/**
 * Reads tags, grants and authorizations from the registry, or as a change would leave them.
 * Thread-safe.
 */
public final class RightsDocuments {
  /** The field of a policy that is true if the domain, or executor, ever authorized executors. */
  public static final String EXECUTORS = "executors";

  private static final String REVISION = "revision";
  private static final String GRANTS = RegistryKeys.GRANTS;
  private static final String REGRANTS = RegistryKeys.REGRANTS;

  private final DocumentSource source;
  private final Catalog catalog;
  private final ExecutorDocuments executors;

  /** Reads from a registry. */
  public RightsDocuments(Ledger ledger, Catalog catalog) {
    this(source(ledger, new GrantLists(ledger)), catalog);
  }

  private RightsDocuments(DocumentSource source, Catalog catalog) {
    this.source = source;
    this.catalog = catalog;
    this.executors = new ExecutorDocuments(this, catalog);
  }

  private static DocumentSource source(Ledger ledger, GrantLists lists) {
    return new DocumentSource() {
      @Override
      public Optional<VersionedDocument> read(Key key) {
        return PartitionCatalogs.isExecutor(key.partition())
            ? ledger.readLenient(key)
            : ledger.read(key);
      }

      @Override
      public List<VersionedDocument> list(String partition, String sortPrefix) {
        return PartitionCatalogs.isExecutor(partition)
            ? ledger.listLenient(partition, sortPrefix)
            : ledger.list(partition, sortPrefix);
      }

      @Override
      public Optional<Key> knownGrant(Key policy, String sort) {
        return lists.find(policy, sort);
      }

      @Override
      public GrantList grants(GrantLists.ListKey list, Optional<VersionedDocument> policy) {
        return lists.at(list, policy);
      }
    };
  }

  /**
   * Returns the documents with pending writes. Reads each document once, so that all comparisons
   * see the same state.
   *
   * @param written empty for a document that is removed
   */
  public RightsDocuments with(Map<Key, Optional<ObjectNode>> written) {
    return new RightsDocuments(new PendingDocuments(source, written), catalog);
  }

  /** Returns one document; see {@link Ledger#read}. */
  public Optional<VersionedDocument> read(Key key) {
    return source.read(key);
  }

  /** Returns the documents whose sort keys start with a prefix; see {@link Ledger#list}. */
  public List<VersionedDocument> list(String partition, String sortPrefix) {
    return source.list(partition, sortPrefix);
  }

  /**
   * Returns the content of the next revision of a policy document.
   *
   * @param policy the document that was read; empty if it does not exist
   */
  public static ObjectNode nextRevision(Optional<VersionedDocument> policy) {
    ObjectNode next =
        policy.map(stored -> stored.json().deepCopy()).orElseGet(DocumentJson::create);
    return next.put(REVISION, next.path(REVISION).asLong() + 1);
  }

  /**
   * Returns the document that changes with each change of a domain's tags and grants; empty if
   * there is none.
   *
   * @param domain the domain, {@link Catalog#consumerPartition} for its grants on products of
   *     others, or the partition of executors
   */
  public Optional<VersionedDocument> policy(String domain) {
    return read(RegistryKeys.policy(domain));
  }

  /**
   * Returns the accounts whose executors may have written something for a domain. Reads only the
   * policy of a domain without executors.
   */
  public List<Catalog.Executor> executors(String domain) {
    return executors.accounts(domain, policy(domain));
  }

  /**
   * Returns the documents that change with each change of the tags and grants on a product: its
   * domain's, and one of each account that an authorization on it names; empty if one does not
   * exist. Each is read before what changes with it, also the authorizations that executors gave.
   */
  public Map<Key, Optional<VersionedDocument>> policies(ProductName product) {
    String domain = product.domain();
    Map<Key, Optional<VersionedDocument>> policies = new LinkedHashMap<>();
    Optional<VersionedDocument> own = policy(domain);
    policies.put(RegistryKeys.policy(domain), own);
    if (ExecutorDocuments.mayExist(own)) {
      Map<VersionedDocument, StoredAuthorization> onDomain =
          ownerAuthorizationsIn(RegistryKeys.partition(domain));
      Map<VersionedDocument, StoredAuthorization> onProduct =
          ownerAuthorizationsIn(RegistryKeys.partition(product));
      addPolicies(domain, onDomain, policies);
      addPolicies(domain, onProduct, policies);
      addPolicies(domain, withDelegated(product, onDomain, onProduct), policies);
    }
    return policies;
  }

  private void addPolicies(
      String domain,
      Map<VersionedDocument, StoredAuthorization> authorizations,
      Map<Key, Optional<VersionedDocument>> policies) {
    for (String account : ExecutorDocuments.named(authorizations.values())) {
      policies.computeIfAbsent(
          RegistryKeys.policy(RegistryKeys.executorPartition(domain, account)), this::read);
    }
  }

  /**
   * Returns a product, opened or closed as pending writes leave it.
   *
   * @throws io.meshwork.error.NotFoundException if the product does not exist
   */
  public ProductEntry requireProduct(ProductName name, MeshAction action) {
    ProductEntry entry = catalog.requireProduct(name, action);
    return read(RegistryKeys.product(entry.name())).map(ProductEntry::of).orElse(entry);
  }

  /** Returns true if a product exists and is open to the mesh. */
  public boolean isOpenToMesh(ProductName name) {
    return read(RegistryKeys.product(name))
        .map(ProductEntry::of)
        .filter(ProductEntry::openToMesh)
        .isPresent();
  }

  /**
   * Returns the tags and grants on one product that apply to an account or that it passed on. Omits
   * grants to other accounts.
   *
   * @param consumers the partitions of the recipients
   */
  public PolicySnapshot ofProduct(
      DomainEntry domain,
      ProductEntry product,
      VersionEntry version,
      Collection<String> consumers,
      String account) {
    return snapshot(
        domain,
        List.of(table(product, version)),
        grants(
            domain,
            List.of(product),
            consumers,
            grant -> grant.to().account().isEmpty() || grant.to().account().get().equals(account),
            grants -> grants.ofAccount(account)));
  }

  /**
   * Returns the tags and grants on several major versions of a product together that concern some
   * grantees or that their accounts passed on.
   */
  public PolicySnapshot ofProduct(
      DomainEntry domain,
      ProductEntry product,
      List<VersionEntry> versions,
      Set<Grantee> grantees) {
    return ofProduct(domain, product, versions, grantees, grants -> grants.whatConcerns(grantees));
  }

  private PolicySnapshot ofProduct(
      DomainEntry domain,
      ProductEntry product,
      List<VersionEntry> versions,
      Set<Grantee> grantees,
      Function<GrantsByGrantee, Set<Integer>> selected) {
    return snapshot(
        domain,
        List.of(table(product, versions)),
        grants(domain, List.of(product), grantees, selected));
  }

  /** Returns selected grants, also ones that the accounts of some grantees passed on. */
  private List<StoredGrant> grants(
      DomainEntry domain,
      List<ProductEntry> products,
      Set<Grantee> grantees,
      Function<GrantsByGrantee, Set<Integer>> selected) {
    Set<String> accounts = new LinkedHashSet<>();
    grantees.forEach(grantee -> grantee.account().ifPresent(accounts::add));
    return grants(domain, products, passingOn(accounts, domain), grant -> true, selected);
  }

  /** Returns the partitions where accounts may have passed on grants of a domain. */
  public List<String> passingOn(Set<String> accounts, DomainEntry domain) {
    return catalog.consumersActedForBy(accounts, domain.domain().name()).stream()
        .map(Catalog.Consumer::partition)
        .toList();
  }

  private List<StoredGrant> grants(
      DomainEntry domain,
      List<ProductEntry> products,
      Collection<String> consumers,
      Predicate<StoredGrant> executed,
      Function<GrantsByGrantee, Set<Integer>> selected) {
    String owner = domain.domain().name();
    List<StoredGrant> grants =
        new ArrayList<>(cached(owner, RegistryKeys.partition(owner), GRANTS).select(selected));
    grants.addAll(executors.grants(owner, Optional.empty(), executed).values());
    for (ProductEntry product : products) {
      grants.addAll(cached(owner, RegistryKeys.partition(product.name()), GRANTS).select(selected));
      grants.addAll(executors.grants(owner, Optional.of(product.name()), executed).values());
    }
    for (String consumer : consumers) {
      cached(consumer, RegistryKeys.partition(consumer), REGRANTS).select(selected).stream()
          .filter(grant -> grant.on().domain().equals(owner))
          .forEach(grants::add);
    }
    return grants;
  }

  /** Returns a grant of an owner with this ID, if this process read it before. */
  public Optional<VersionedDocument> knownGrant(String owner, String id) {
    return source.knownGrant(RegistryKeys.policy(owner), GRANTS + id).flatMap(this::read);
  }

  /** Returns grants from the cache of a partition, which depends on the policy of a domain. */
  private GrantList cached(String policy, String partition, String prefix) {
    Key key = RegistryKeys.policy(policy);
    return source.grants(new GrantLists.ListKey(key, partition, prefix), read(key));
  }

  /** Returns the tags and grants on one product, without the grants of recipients. */
  public PolicySnapshot withoutRecipients(
      DomainEntry domain, ProductEntry product, VersionEntry version) {
    return snapshot(domain, List.of(table(product, version)), ownerGrants(domain, product));
  }

  /** Returns the tags and grants on one product with another contract and its columns. */
  public PolicySnapshot ofProduct(
      DomainEntry domain, ProductEntry product, Contract contract, ProductColumns columns) {
    TableRights table = table(product, List.of(contract), columns);
    return snapshot(domain, List.of(table), withRegrants(domain, ownerGrants(domain, product)));
  }

  /** Returns the same with only the grants that concern some grantees. */
  public PolicySnapshot ofProduct(
      DomainEntry domain,
      ProductEntry product,
      Contract contract,
      ProductColumns columns,
      Set<Grantee> grantees) {
    return snapshot(
        domain,
        List.of(table(product, List.of(contract), columns)),
        grants(domain, List.of(product), grantees, grants -> grants.whatConcerns(grantees)));
  }

  /** Returns the grants of a domain that would apply to a new product. */
  public PolicySnapshot ofNewProduct(
      DomainEntry domain, ProductName product, Contract contract, Schema schema) {
    ProductColumns columns = new ProductColumns(1, schema);
    TableRights table = new TableRights(product, List.of(contract), Map.of(), Map.of(), columns);
    PolicySnapshot withoutGrants = snapshot(domain, List.of(table), List.of());
    Map<GrantTarget, Boolean> onColumns = new HashMap<>(); // many grants have the same tags
    List<StoredGrant> applicable =
        grants(domain, List.of(), List.of(), grant -> true, GrantsByGrantee::everywhere).stream()
            .filter(
                grant ->
                    onColumns.computeIfAbsent(
                        grant.on(), on -> withoutGrants.isOnColumns(grant, table)))
            .toList();
    // With each grant by tags, one lets its grantee describe the domain, which reads no column.
    return applicable.stream().allMatch(RightsDocuments::isOnDatabase)
        ? withoutGrants
        : snapshot(domain, List.of(table), withRegrants(domain, applicable));
  }

  private static boolean isOnDatabase(StoredGrant grant) {
    return grant.on() instanceof GrantTarget.ByTags by && by.type() == PolicyType.DATABASE;
  }

  private List<StoredGrant> ownerGrants(DomainEntry domain, ProductEntry product) {
    return grants(domain, List.of(product), List.of(), grant -> true, GrantsByGrantee::everywhere);
  }

  /** Returns the tags and grants on one product, with the grants of all its recipients. */
  public PolicySnapshot ofProduct(DomainEntry domain, ProductEntry product, VersionEntry version) {
    return ofProduct(domain, product, List.of(version));
  }

  /**
   * Returns the tags and grants on several major versions of a product together, with the grants of
   * all its recipients. What can be named in a grant is in such a snapshot; who can read is decided
   * for each version alone.
   */
  public PolicySnapshot ofProduct(
      DomainEntry domain, ProductEntry product, List<VersionEntry> versions) {
    TableRights table = table(product, versions);
    return snapshot(domain, List.of(table), withRegrants(domain, ownerGrants(domain, product)));
  }

  /**
   * Returns the tags and grants on each live major version of a product alone, with the grants
   * whose effect depends on grants to some grantees.
   */
  public List<PolicySnapshot> versionsOfProduct(
      DomainEntry domain, ProductEntry product, Set<Grantee> grantees, MeshAction action) {
    if (grantees.stream().anyMatch(grantee -> grantee.account().isEmpty())) {
      return versionsOfProduct(domain, product, action);
    }
    return catalog.liveMajors(product, action).stream()
        .map(
            version ->
                ofProduct(
                    domain,
                    product,
                    List.of(version),
                    grantees,
                    grants -> grants.dependingOn(grantees)))
        .toList();
  }

  /** Returns {@link #ofProduct} for each live major version of a product alone. */
  public List<PolicySnapshot> versionsOfProduct(
      DomainEntry domain, ProductEntry product, MeshAction action) {
    return catalog.liveMajors(product, action).stream()
        .map(version -> ofProduct(domain, product, version))
        .toList();
  }

  /**
   * Returns the tags on all products of a domain, and the grants that concern some grantees or that
   * their accounts passed on. The live major versions of a product are together.
   */
  public PolicySnapshot ofDomain(DomainEntry domain, Set<Grantee> grantees, MeshAction action) {
    List<TableRights> tables = new ArrayList<>();
    List<ProductEntry> products = catalog.products(domain.domain().name());
    liveMajors(products, action)
        .forEach((product, versions) -> tables.add(table(product, versions)));
    return snapshot(
        domain,
        tables,
        grants(domain, products, grantees, grants -> grants.whatConcerns(grantees)));
  }

  /**
   * Returns {@link #versionsOfDomain(DomainEntry, MeshAction)} with only the grants whose effect
   * depends on grants to some grantees.
   */
  public List<PolicySnapshot> versionsOfDomain(
      DomainEntry domain, Set<Grantee> grantees, MeshAction action) {
    if (grantees.stream().anyMatch(grantee -> grantee.account().isEmpty())) {
      return versionsOfDomain(domain, action);
    }
    return versionsOfDomain(
        domain,
        products -> grants(domain, products, grantees, grants -> grants.dependingOn(grantees)),
        action);
  }

  /**
   * Returns the tags and grants on all products of a domain, with the grants of recipients: first
   * in one live major version of each product, then in a second one of products that have it, and
   * so on.
   */
  public List<PolicySnapshot> versionsOfDomain(DomainEntry domain, MeshAction action) {
    return versionsOfDomain(domain, products -> grants(domain, products), action);
  }

  private List<PolicySnapshot> versionsOfDomain(
      DomainEntry domain,
      Function<List<ProductEntry>, List<StoredGrant>> grantsOn,
      MeshAction action) {
    List<List<TableRights>> layers = new ArrayList<>(List.of(new ArrayList<>()));
    List<ProductEntry> products = catalog.products(domain.domain().name());
    liveMajors(products, action)
        .forEach(
            (product, versions) -> {
              for (int i = 0; i < versions.size(); i++) {
                if (i == layers.size()) {
                  layers.add(new ArrayList<>());
                }
                layers.get(i).add(table(product, List.of(versions.get(i))));
              }
            });
    List<StoredGrant> grants = grantsOn.apply(products);
    return layers.stream().map(tables -> snapshot(domain, tables, grants)).toList();
  }

  /** Returns products with their live major versions, without retired products. */
  private Map<ProductEntry, List<VersionEntry>> liveMajors(
      List<ProductEntry> products, MeshAction action) {
    Map<ProductEntry, List<VersionEntry>> live = new LinkedHashMap<>();
    for (ProductEntry product : products) {
      List<VersionEntry> versions = catalog.liveMajors(product, action);
      if (!versions.isEmpty()) {
        live.put(product, versions);
      }
    }
    return live;
  }

  private List<StoredGrant> grants(DomainEntry domain, List<ProductEntry> products) {
    List<StoredGrant> grants = new ArrayList<>(grants(domain));
    products.forEach(product -> grants.addAll(grants(product.name())));
    return withRegrants(domain, grants);
  }

  /** Returns the tag definitions and tags of a domain, without its products and grants. */
  public PolicySnapshot withoutProducts(DomainEntry domain) {
    return snapshot(domain, List.of(), List.of());
  }

  /** Returns the tags of a product and its domain, without grants. */
  public PolicySnapshot withoutGrants(
      DomainEntry domain, ProductEntry product, List<VersionEntry> versions) {
    return snapshot(domain, List.of(table(product, versions)), List.of());
  }

  /**
   * Returns the grants of a consuming domain to its own principals.
   *
   * @param consumer the partition of its grants, {@link Catalog#consumerPartition}
   */
  public List<StoredGrant> regrants(String consumer) {
    return grants(consumer, REGRANTS);
  }

  private List<StoredGrant> regrants(DomainEntry domain, Collection<String> consumers) {
    List<StoredGrant> grants = new ArrayList<>();
    for (String consumer : consumers) {
      for (StoredGrant grant : regrants(consumer)) {
        if (grant.on().domain().equals(domain.domain().name())) {
          grants.add(grant);
        }
      }
    }
    return grants;
  }

  /** Adds grants of recipients. Only accounts with a grant can have created one. */
  private List<StoredGrant> withRegrants(DomainEntry domain, List<StoredGrant> grants) {
    Set<String> accounts = new LinkedHashSet<>();
    Set<String> consumers = new LinkedHashSet<>();
    boolean isToMesh = false;
    for (StoredGrant grant : grants) {
      Optional<String> account = grant.to().account();
      account.ifPresent(accounts::add);
      isToMesh |= account.isEmpty();
    }
    if (isToMesh) {
      catalog.consumers(domain.domain().name()).forEach(each -> consumers.add(each.partition()));
    }
    consumers.addAll(passingOn(accounts, domain));
    List<StoredGrant> all = new ArrayList<>(grants);
    all.addAll(regrants(domain, consumers));
    return all;
  }

  /** Returns the grants by tags of a domain, with executors'. */
  public List<StoredGrant> grants(DomainEntry domain) {
    List<StoredGrant> all = writtenGrants(domain);
    all.addAll(executedGrants(domain.domain().name()).values());
    return all;
  }

  private List<StoredGrant> writtenGrants(DomainEntry domain) {
    String partition = RegistryKeys.partition(domain.domain().name());
    return new ArrayList<>(grants(partition, GRANTS));
  }

  /** Returns the grants by tags of a domain, and on a product, that concern a grantee. */
  public List<StoredGrant> concerning(
      Grantee grantee, DomainEntry domain, Optional<ProductEntry> product) {
    return grants(
        domain,
        product.stream().toList(),
        List.of(),
        grant -> true,
        grants -> grants.whatConcerns(Set.of(grantee)));
  }

  /** Returns the grants on a product, with executors'. */
  public List<StoredGrant> grants(ProductName product) {
    List<StoredGrant> all = writtenGrants(product);
    all.addAll(executedGrants(product).values());
    return all;
  }

  private List<StoredGrant> writtenGrants(ProductName product) {
    return new ArrayList<>(grants(RegistryKeys.partition(product), GRANTS));
  }

  /** Returns the grants of executors by tags of a domain that an authorization covers. */
  public Map<VersionedDocument, StoredGrant> executedGrants(String domain) {
    return executors.grants(domain, Optional.empty(), grant -> true);
  }

  /** Returns the grants of executors on a product that an authorization covers. */
  public Map<VersionedDocument, StoredGrant> executedGrants(ProductName product) {
    return executors.grants(product.domain(), Optional.of(product), grant -> true);
  }

  /**
   * Returns what executors wrote for a domain that gives no access: documents that cannot be read,
   * and grants, authorizations and decisions without an authorization that covers them.
   *
   * @param isApproval returns whether a document approves a request
   */
  public List<VersionedDocument> uncovered(String domain, Predicate<VersionedDocument> isApproval) {
    return executors.uncovered(domain, isApproval);
  }

  /**
   * Whether an authorization allows a grant. Immutable.
   *
   * @param fault why it does not, with a code; empty if it does
   * @param used the documents that this depends on
   */
  public record Allowance(Optional<String> fault, Set<VersionedDocument> used) {
    public Allowance {
      used = Collections.unmodifiableSet(new LinkedHashSet<>(used));
    }
  }

  /**
   * Returns whether an authorization that names the executor allows a grant.
   *
   * @param all the authorizations on the product or domain, by document
   * @param stored the document of the authorization, one of these
   * @param grant the grant with its executor and request, and with current column names
   * @param schema the schema of the product; empty if the grant is not on a single one
   * @param at the time at which the authorization must be active
   */
  public Allowance allowance(
      Map<VersionedDocument, StoredAuthorization> all,
      VersionedDocument stored,
      StoredGrant grant,
      Optional<Schema> schema,
      Instant at) {
    return executors.check(all).of(stored, grant, schema, Optional.of(at));
  }

  /** Returns the authorizations on a product and on its domain, with executors'. */
  public Map<VersionedDocument, StoredAuthorization> authorizations(ProductName product) {
    Map<VersionedDocument, StoredAuthorization> all = storedAuthorizations(product);
    boolean isNamed =
        all.values().stream().anyMatch(each -> each.scope().on() instanceof GrantTarget.OfProduct);
    return isNamed
        ? GrantCoverage.named(all, columns(product, MeshAction.of(Verb.FIND, "authorizations")))
        : all;
  }

  /** Returns them with the column names in their documents, first the ones on the domain. */
  Map<VersionedDocument, StoredAuthorization> storedAuthorizations(ProductName product) {
    return withDelegated(
        product,
        ownerAuthorizationsIn(RegistryKeys.partition(product.domain())),
        ownerAuthorizationsIn(RegistryKeys.partition(product)));
  }

  private Map<VersionedDocument, StoredAuthorization> withDelegated(
      ProductName product,
      Map<VersionedDocument, StoredAuthorization> onDomain,
      Map<VersionedDocument, StoredAuthorization> onProduct) {
    Map<VersionedDocument, StoredAuthorization> byOwner = new LinkedHashMap<>(onDomain);
    byOwner.putAll(onProduct);
    Map<VersionedDocument, StoredAuthorization> all = new LinkedHashMap<>(onDomain);
    Map<VersionedDocument, StoredAuthorization> own = new LinkedHashMap<>(onProduct);
    executors
        .authorizations(product.domain(), byOwner)
        .forEach(
            (stored, authorization) -> {
              GrantTarget on = authorization.scope().on();
              if (ExecutorDocuments.isOn(on, product.domain(), Optional.of(product))) {
                own.put(stored, authorization);
              } else if (ExecutorDocuments.isOn(on, product.domain(), Optional.empty())) {
                all.put(stored, authorization);
              }
            });
    all.putAll(own);
    return all;
  }

  /** Returns the authorizations on a domain, with executors', but not on single products. */
  public Map<VersionedDocument, StoredAuthorization> authorizations(String domain) {
    Map<VersionedDocument, StoredAuthorization> all =
        ownerAuthorizationsIn(RegistryKeys.partition(domain));
    executors
        .authorizations(domain, all)
        .forEach(
            (stored, authorization) -> {
              if (ExecutorDocuments.isOn(authorization.scope().on(), domain, Optional.empty())) {
                all.put(stored, authorization);
              }
            });
    return all;
  }

  /** Returns the authorizations that the owner gave, in the partition of a product or domain. */
  private Map<VersionedDocument, StoredAuthorization> ownerAuthorizationsIn(String partition) {
    Map<VersionedDocument, StoredAuthorization> byOwner = new LinkedHashMap<>();
    for (VersionedDocument stored : list(partition, RegistryKeys.AUTHORIZATIONS)) {
      byOwner.put(stored, StoredAuthorization.of(stored));
    }
    return byOwner;
  }

  private List<StoredGrant> grants(String partition, String prefix) {
    return list(partition, prefix).stream().map(StoredGrant::of).toList();
  }

  private TableRights table(ProductEntry product, VersionEntry version) {
    return table(product, List.of(version));
  }

  /**
   * Returns major versions of a product together, with its tags.
   *
   * @param versions at least one
   */
  public TableRights table(ProductEntry product, List<VersionEntry> versions) {
    return table(
        product,
        versions.stream().map(VersionEntry::contract).toList(),
        columns(product.name(), versions));
  }

  /**
   * Returns major versions of a product together, without its tags.
   *
   * @param versions at least one
   */
  public TableRights withoutTags(ProductEntry product, List<VersionEntry> versions) {
    return new TableRights(
        product.name(),
        versions.stream().map(VersionEntry::contract).toList(),
        Map.of(),
        Map.of(),
        columns(product.name(), versions));
  }

  private TableRights table(
      ProductEntry product, List<Contract> contracts, ProductColumns columns) {
    StoredTags tags = StoredTags.of(read(RegistryKeys.tags(product.name())));
    return TableRights.of(product.name(), contracts, tags, columns);
  }

  private ProductColumns columns(ProductName product, List<VersionEntry> versions) {
    return ProductColumns.together(
        versions.stream().map(version -> columns(product, version)).toList());
  }

  /** Returns the columns of a version of a product by field id. */
  public ProductColumns columns(ProductName product, VersionEntry version) {
    return new ProductColumns(version.major(), version.schemaWithIds());
  }

  /**
   * Returns the columns of the live major versions of a product together, or of its current one if
   * none is live; empty if there is no such product.
   */
  public Optional<ProductColumns> columns(ProductName product, MeshAction action) {
    return catalog
        .findProduct(product)
        .map(entry -> columns(entry.name(), catalog.liveMajorsOrCurrent(entry, action)));
  }

  /** Returns grants with current column names. Reads the columns of each product once. */
  public List<StoredGrant> withCurrentNames(Collection<StoredGrant> grants, MeshAction action) {
    Map<ProductName, Optional<ProductColumns>> columnsByProduct = new HashMap<>();
    return grants.stream()
        .map(
            grant ->
                grant.on() instanceof GrantTarget.OfProduct productTarget && grant.isPartial()
                    ? columnsByProduct
                        .computeIfAbsent(
                            productTarget.product(), product -> columns(product, action))
                        .map(grant::withCurrentNames)
                        .orElse(grant)
                    : grant)
        .toList();
  }

  private PolicySnapshot snapshot(
      DomainEntry domain, List<TableRights> tables, List<StoredGrant> grants) {
    String name = domain.domain().name();
    Map<String, List<String>> vocabulary = new TreeMap<>();
    for (VersionedDocument tag : list(RegistryKeys.partition(name), RegistryKeys.TAG_KEYS)) {
      StoredTags.Definition defined = StoredTags.Definition.of(tag);
      vocabulary.put(defined.key(), defined.values());
    }
    return new PolicySnapshot(
        name,
        domain.domain().accounts().get(0),
        vocabulary,
        StoredTags.of(read(RegistryKeys.tags(name))).tags(),
        tables,
        grants.stream().map(grant -> withCurrentNames(grant, tables)).toList());
  }

  private static StoredGrant withCurrentNames(StoredGrant grant, List<TableRights> tables) {
    return grant.on() instanceof GrantTarget.OfProduct productTarget
        ? tables.stream()
            .filter(table -> table.product().equals(productTarget.product()))
            .findFirst()
            .map(table -> grant.withCurrentNames(table.fields()))
            .orElse(grant)
        : grant;
  }
}
