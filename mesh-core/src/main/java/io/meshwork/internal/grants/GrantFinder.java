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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Finds grants. */
final class GrantFinder {
  private GrantFinder() {}

  /**
   * The grants that a domain wrote, each with its document, in whatever catalog.
   *
   * @throws io.meshwork.error.BackendException if a catalog cannot be asked
   */
  static Map<VersionedDocument, StoredGrant> writtenBy(
      ClientSession session, RightsDocuments documents, String domain) {
    Map<VersionedDocument, StoredGrant> all = new LinkedHashMap<>();
    for (String place : session.catalog().consumerPartitions(domain)) {
      all.putAll(writtenIn(session, documents, domain, place));
    }
    return all;
  }

  /** The grants on what is a domain's, without what recipients handed on. */
  static Map<VersionedDocument, StoredGrant> on(
      ClientSession session, RightsDocuments documents, String domain) {
    Map<VersionedDocument, StoredGrant> all = in(documents, RegistryKeys.partition(domain));
    for (ProductEntry product : session.catalog().products(domain)) {
      add(documents, RegistryKeys.partition(product.name()), RegistryKeys.GRANTS, all);
    }
    return all;
  }

  /** The grants in the partition of what they are on. */
  static Map<VersionedDocument, StoredGrant> in(RightsDocuments documents, String partition) {
    Map<VersionedDocument, StoredGrant> all = new LinkedHashMap<>();
    add(documents, partition, RegistryKeys.GRANTS, all);
    return all;
  }

  /**
   * The grants that a domain wrote at home, or as a guest of one catalog.
   *
   * @param place its own partition, or that of a guest
   */
  static Map<VersionedDocument, StoredGrant> writtenIn(
      ClientSession session, RightsDocuments documents, String domain, String place) {
    Map<VersionedDocument, StoredGrant> all =
        place.equals(RegistryKeys.partition(domain))
            ? on(session, documents, domain)
            : new LinkedHashMap<>();
    add(documents, place, RegistryKeys.REGRANTS, all);
    return all;
  }

  /** Where grants of these ids were written; its home alone is asked if all are there. */
  static List<String> placesOf(
      ClientSession session, RightsDocuments documents, String domain, Set<String> ids) {
    String home = RegistryKeys.partition(domain);
    if (session.catalog().topology().shape() == Topology.Shape.CENTRAL) {
      return List.of(home);
    }
    Set<String> missing = new TreeSet<>(ids);
    List<String> places = new ArrayList<>();
    look(session, documents, domain, home, missing, places);
    if (!missing.isEmpty()) {
      for (String place : session.catalog().consumerPartitions(domain)) {
        if (!place.equals(home)) {
          look(session, documents, domain, place, missing, places);
        }
      }
    }
    return places;
  }

  private static void look(
      ClientSession session,
      RightsDocuments documents,
      String domain,
      String place,
      Set<String> missing,
      List<String> places) {
    int before = missing.size();
    writtenIn(session, documents, domain, place)
        .values()
        .forEach(grant -> missing.remove(grant.id()));
    if (missing.size() < before) {
      places.add(place);
    }
  }

  private static void add(
      RightsDocuments documents,
      String partition,
      String prefix,
      Map<VersionedDocument, StoredGrant> all) {
    List<VersionedDocument> found = documents.list(partition, prefix);
    List<StoredGrant> grants =
        documents.now(
            found.stream().map(StoredGrant::of).toList(), MeshAction.of(Verb.FIND, "grants"));
    for (int i = 0; i < found.size(); i++) {
      all.put(found.get(i), grants.get(i));
    }
  }
}
