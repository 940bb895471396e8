package io.meshwork.internal.rights;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.access.Grantee;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.Documents;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads rights from the registry, or as a change would leave them. Of a registry it holds nothing
 * and is thread-safe.
 */
public final class RightsDocuments {
  private final DocumentSource source;
  private final Catalog catalog;

  /** Of a registry. */
  public RightsDocuments(Ledger ledger, Catalog catalog) {
    this(
        new DocumentSource() {
          @Override
          public Optional<Stored> read(Key key) {
            return ledger.read(key);
          }

          @Override
          public List<Stored> list(String partition, String sortPrefix) {
            return ledger.list(partition, sortPrefix);
          }
        },
        catalog);
  }

  private RightsDocuments(DocumentSource source, Catalog catalog) {
    this.source = source;
    this.catalog = catalog;
  }

  /**
   * The documents as they would be with these written. It reads nothing twice, so that what is
   * compared is of one moment.
   *
   * @param written empty for a document that is removed
   */
  public RightsDocuments with(Map<Key, Optional<ObjectNode>> written) {
    return new RightsDocuments(new WrittenDocuments(source, written), catalog);
  }

  /** One document; as {@link Ledger#read}. */
  public Optional<Stored> read(Key key) {
    return source.read(key);
  }

  /** All of a partition whose sort keys start so, in their order; as {@link Ledger#list}. */
  public List<Stored> list(String partition, String sortPrefix) {
    return source.list(partition, sortPrefix);
  }

  /**
   * What tells of each change of a domain's rights; empty if nobody ever tagged or granted.
   *
   * @param domain the domain, or where it writes about products of another, {@link
   *     Catalog#consumerPartition}
   */
  public Optional<Stored> policy(String domain) {
    return read(Keys.policy(domain));
  }

  /**
   * The rights in one product, with what these domains handed on.
   *
   * @param version the version that is read
   * @param consumers where the domains write about the product
   */
  public RightsWorld ofProduct(
      DomainEntry domain,
      ProductEntry product,
      VersionEntry version,
      Collection<String> consumers) {
    TableRights table = table(product, version);
    List<StoredGrant> grants = new ArrayList<>(grants(domain));
    grants.addAll(grants(product.name()));
    grants.addAll(handedOn(domain, consumers));
    return world(domain, List.of(table), grants);
  }

  /** The rights in one product, with what every account that it is shared with handed on. */
  public RightsWorld ofProduct(DomainEntry domain, ProductEntry product, VersionEntry version) {
    RightsWorld world = ofProduct(domain, product, version, List.of());
    return world(domain, world.tables(), withHandedOn(domain, world.grants()));
  }

  /** The rights in all products of a domain in their current majors, with what was handed on. */
  public RightsWorld ofDomain(DomainEntry domain, String doing) {
    List<TableRights> tables = new ArrayList<>();
    List<StoredGrant> grants = new ArrayList<>(grants(domain));
    for (ProductEntry product : catalog.products(domain.domain().name())) {
      tables.add(
          table(product, catalog.requireVersion(product.name(), product.currentMajor(), doing)));
      grants.addAll(grants(product.name()));
    }
    return world(domain, tables, withHandedOn(domain, grants));
  }

  /** What a domain defines and grants, without any of its products. */
  public RightsWorld ofNoProduct(DomainEntry domain) {
    return world(domain, List.of(), grants(domain));
  }

  /**
   * What a consuming domain handed on to its own.
   *
   * @param consumer where it writes about products of others, {@link Catalog#consumerPartition}
   */
  public List<StoredGrant> handedOn(String consumer) {
    return grants(consumer, Keys.REGRANTS);
  }

  private List<StoredGrant> handedOn(DomainEntry domain, Collection<String> consumers) {
    List<StoredGrant> grants = new ArrayList<>();
    for (String consumer : consumers) {
      for (StoredGrant grant : handedOn(consumer)) {
        if (grant.on().domain().equals(domain.domain().name())) {
          grants.add(grant);
        }
      }
    }
    return grants;
  }

  /** Only those with whom something is shared can have handed it on. */
  private List<StoredGrant> withHandedOn(DomainEntry domain, List<StoredGrant> grants) {
    String owner = domain.domain().name();
    Set<String> consumers = new LinkedHashSet<>();
    for (StoredGrant grant : grants) {
      if (grant.to().kind() == Grantee.Kind.ORGANIZATION) {
        catalog.consumers(owner).forEach(each -> consumers.add(each.partition()));
      } else {
        grant
            .to()
            .account()
            .ifPresent(
                account ->
                    catalog
                        .consumersActedForBy(account, owner)
                        .forEach(each -> consumers.add(each.partition())));
      }
    }
    List<StoredGrant> all = new ArrayList<>(grants);
    all.addAll(handedOn(domain, consumers));
    return all;
  }

  /** The grants on whatever carries tags of a domain. */
  public List<StoredGrant> grants(DomainEntry domain) {
    return grants(Keys.partition(domain.domain().name()), Keys.GRANTS);
  }

  /** The grants on a product. */
  public List<StoredGrant> grants(ProductName product) {
    return grants(Keys.partition(product), Keys.GRANTS);
  }

  /** What was authorized on a product, and on all of its domain. */
  public Map<Stored, StoredAuthorization> authorizations(ProductName product) {
    Map<Stored, StoredAuthorization> all = new LinkedHashMap<>(authorizations(product.domain()));
    addAuthorizations(Keys.partition(product), all);
    return all;
  }

  /** What was authorized on a domain, apart from what was on one of its products. */
  public Map<Stored, StoredAuthorization> authorizations(String domain) {
    Map<Stored, StoredAuthorization> all = new LinkedHashMap<>();
    addAuthorizations(Keys.partition(domain), all);
    return all;
  }

  private void addAuthorizations(String partition, Map<Stored, StoredAuthorization> all) {
    for (Stored stored : list(partition, Keys.AUTHORIZATIONS)) {
      all.put(stored, StoredAuthorization.of(stored));
    }
  }

  private List<StoredGrant> grants(String partition, String prefix) {
    return list(partition, prefix).stream().map(StoredGrant::of).toList();
  }

  private TableRights table(ProductEntry product, VersionEntry version) {
    ObjectNode tags =
        read(Keys.tags(product.name())).map(Stored::json).orElseGet(Documents::create);
    return TableRights.of(product.name(), version.contract(), tags);
  }

  private RightsWorld world(
      DomainEntry domain, List<TableRights> tables, List<StoredGrant> grants) {
    String name = domain.domain().name();
    Map<String, List<String>> vocabulary = new TreeMap<>();
    for (Stored tag : list(Keys.partition(name), Keys.TAG_KEYS)) {
      vocabulary.put(tag.json().path("key").asText(), StoredGrant.texts(tag.json().path("values")));
    }
    return new RightsWorld(
        name,
        domain.domain().accounts().get(0),
        vocabulary,
        read(Keys.tags(name))
            .map(stored -> TableRights.tags(stored.json().path("tags")))
            .orElse(Map.of()),
        tables,
        grants);
  }
}
