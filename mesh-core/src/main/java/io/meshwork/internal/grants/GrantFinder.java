package io.meshwork.internal.grants;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ProductName;
import io.meshwork.topology.Topology;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Finds grants. */
final class GrantFinder {
  private GrantFinder() {}

  /**
   * Returns the grants that a domain wrote in all catalogs, by document.
   *
   * @throws io.meshwork.error.BackendException if a catalog cannot be read
   */
  static Map<VersionedDocument, StoredGrant> writtenBy(
      ClientSession session, RightsDocuments documents, String domain) {
    Map<VersionedDocument, StoredGrant> all = new LinkedHashMap<>();
    for (String partition : partitions(session, domain)) {
      all.putAll(writtenIn(session, documents, domain, partition));
    }
    return all;
  }

  /**
   * Returns the grants of an owner with these IDs: by tags, on a product, or on products whose
   * grants this process read; empty if all grants must be read, because one is elsewhere, or
   * executors may have written it. What recipients passed on, they wrote elsewhere.
   */
  static Optional<Map<VersionedDocument, StoredGrant>> ofOwnerByIds(
      RightsDocuments documents, String domain, Optional<ProductName> product, Set<String> ids) {
    if (!ids.stream().allMatch(StoredIds::isId) || !documents.executors(domain).isEmpty()) {
      return Optional.empty();
    }
    List<VersionedDocument> grantDocuments = new ArrayList<>();
    for (String id : ids) {
      documents
          .read(RegistryKeys.grant(domain, id))
          .or(() -> product.flatMap(name -> documents.read(RegistryKeys.grant(name, id))))
          .or(() -> documents.knownGrant(domain, id))
          .ifPresent(grantDocuments::add);
    }
    if (grantDocuments.size() < ids.size()) {
      return Optional.empty();
    }
    Map<VersionedDocument, StoredGrant> grants = new LinkedHashMap<>();
    putWithColumnNames(documents, grantDocuments, grants);
    return Optional.of(grants);
  }

  /** Returns the domain's partition, and partitions where it passes on grants as a consumer. */
  private static Set<String> partitions(ClientSession session, String domain) {
    Set<String> partitions = new LinkedHashSet<>();
    partitions.add(RegistryKeys.partition(domain));
    partitions.addAll(session.catalog().consumerPartitions(domain));
    return partitions;
  }

  /** Returns the grants on a domain and its products, without recipients' grants. */
  static Map<VersionedDocument, StoredGrant> on(
      ClientSession session, RightsDocuments documents, String domain) {
    Map<VersionedDocument, StoredGrant> all = new LinkedHashMap<>();
    on(documents, new ProductOrDomain(domain, Optional.empty()), all);
    for (ProductEntry product : session.catalog().products(domain)) {
      on(documents, ProductOrDomain.of(product.name()), all);
    }
    return all;
  }

  private static void on(
      RightsDocuments documents,
      ProductOrDomain resource,
      Map<VersionedDocument, StoredGrant> all) {
    add(documents, resource.partition(), RegistryKeys.GRANTS, all);
    all.putAll(executed(documents, resource));
  }

  /** Returns the grants of executors on a product, or by tags of a domain. */
  private static Map<VersionedDocument, StoredGrant> executed(
      RightsDocuments documents, ProductOrDomain resource) {
    Map<VersionedDocument, StoredGrant> executed =
        resource.product().isPresent()
            ? documents.executedGrants(resource.product().get())
            : documents.executedGrants(resource.domain());
    Map<VersionedDocument, StoredGrant> grants = new LinkedHashMap<>();
    putWithColumnNames(documents, List.copyOf(executed.keySet()), grants);
    return grants;
  }

  /**
   * Returns the grants on a product, or by tags of a domain, that executors of an account can name:
   * grants in its partition, and the owner's, which they may not revoke.
   *
   * @param partition the partition of the account
   */
  static Map<VersionedDocument, StoredGrant> executedIn(
      RightsDocuments documents, ProductOrDomain resource, String partition) {
    Map<VersionedDocument, StoredGrant> all = new LinkedHashMap<>();
    add(documents, resource.partition(), RegistryKeys.GRANTS, all);
    executed(documents, resource)
        .forEach(
            (stored, grant) -> {
              if (stored.key().partition().equals(partition)) {
                all.put(stored, grant);
              }
            });
    return all;
  }

  /**
   * Returns the grants that a domain wrote in its own partition, or as a consumer in another one.
   *
   * @param partition the partition of the domain, or one where it is a consumer
   */
  static Map<VersionedDocument, StoredGrant> writtenIn(
      ClientSession session, RightsDocuments documents, String domain, String partition) {
    Map<VersionedDocument, StoredGrant> all =
        partition.equals(RegistryKeys.partition(domain))
            ? on(session, documents, domain)
            : new LinkedHashMap<>();
    add(documents, partition, RegistryKeys.REGRANTS, all);
    return all;
  }

  /** Returns the partitions with these grants. Reads all but the own only if some are missing. */
  static List<String> partitionsOf(
      ClientSession session, RightsDocuments documents, String domain, Set<String> ids) {
    Set<String> all = partitions(session, domain);
    if (session.catalog().topology().shape() == Topology.Shape.CENTRAL && all.size() == 1) {
      return List.copyOf(all);
    }
    Set<String> missing = new TreeSet<>(ids);
    List<String> partitions = new ArrayList<>();
    for (String partition : all) {
      if (!missing.isEmpty()) {
        search(session, documents, domain, partition, missing, partitions);
      }
    }
    return partitions;
  }

  private static void search(
      ClientSession session,
      RightsDocuments documents,
      String domain,
      String partition,
      Set<String> missing,
      List<String> partitions) {
    int before = missing.size();
    writtenIn(session, documents, domain, partition)
        .values()
        .forEach(grant -> missing.remove(grant.id()));
    if (missing.size() < before) {
      partitions.add(partition);
    }
  }

  private static void add(
      RightsDocuments documents,
      String partition,
      String prefix,
      Map<VersionedDocument, StoredGrant> all) {
    putWithColumnNames(documents, documents.list(partition, prefix), all);
  }

  private static void putWithColumnNames(
      RightsDocuments documents,
      List<VersionedDocument> grantDocuments,
      Map<VersionedDocument, StoredGrant> all) {
    List<StoredGrant> grants =
        documents.withCurrentNames(
            grantDocuments.stream().map(StoredGrant::of).toList(),
            MeshAction.of(Verb.FIND, "grants"));
    for (int i = 0; i < grantDocuments.size(); i++) {
      all.put(grantDocuments.get(i), grants.get(i));
    }
  }
}
