package io.meshwork.internal.grants;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.topology.Topology;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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

  /** Returns the partition of the domain, and those where it passes on grants as a consumer. */
  private static Set<String> partitions(ClientSession session, String domain) {
    Set<String> partitions = new LinkedHashSet<>();
    partitions.add(RegistryKeys.partition(domain));
    partitions.addAll(session.catalog().consumerPartitions(domain));
    return partitions;
  }

  /** Returns the grants on a domain and its products, without those of recipients. */
  static Map<VersionedDocument, StoredGrant> on(
      ClientSession session, RightsDocuments documents, String domain) {
    Map<VersionedDocument, StoredGrant> all = in(documents, RegistryKeys.partition(domain));
    for (ProductEntry product : session.catalog().products(domain)) {
      add(documents, RegistryKeys.partition(product.name()), RegistryKeys.GRANTS, all);
    }
    return all;
  }

  /** Returns the grants in the partition of a product or domain. */
  static Map<VersionedDocument, StoredGrant> in(RightsDocuments documents, String partition) {
    Map<VersionedDocument, StoredGrant> all = new LinkedHashMap<>();
    add(documents, partition, RegistryKeys.GRANTS, all);
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
    List<VersionedDocument> found = documents.list(partition, prefix);
    List<StoredGrant> grants =
        documents.withCurrentNames(
            found.stream().map(StoredGrant::of).toList(), MeshAction.of(Verb.FIND, "grants"));
    for (int i = 0; i < found.size(); i++) {
      all.put(found.get(i), grants.get(i));
    }
  }
}
