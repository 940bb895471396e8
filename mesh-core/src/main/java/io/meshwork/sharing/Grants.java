package io.meshwork.sharing;

import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.session.Session;
import io.meshwork.topology.Topology;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Finds grants. */
final class Grants {
  private Grants() {}

  /**
   * The grants that a domain wrote, each with its document, in whatever catalog.
   *
   * @throws io.meshwork.error.BackendException if a catalog cannot be asked
   */
  static Map<Stored, StoredGrant> writtenBy(
      Session session, RightsDocuments documents, String domain) {
    Map<Stored, StoredGrant> all = new LinkedHashMap<>();
    for (String place : session.catalog().consumerPartitions(domain)) {
      all.putAll(writtenIn(session, documents, domain, place));
    }
    return all;
  }

  /** The grants on what is a domain's, without what recipients handed on. */
  static Map<Stored, StoredGrant> on(Session session, RightsDocuments documents, String domain) {
    Map<Stored, StoredGrant> all = in(documents, Keys.partition(domain));
    for (ProductEntry product : session.catalog().products(domain)) {
      add(documents, Keys.partition(product.name()), Keys.GRANTS, all);
    }
    return all;
  }

  /** The grants in the partition of what they are on. */
  static Map<Stored, StoredGrant> in(RightsDocuments documents, String partition) {
    Map<Stored, StoredGrant> all = new LinkedHashMap<>();
    add(documents, partition, Keys.GRANTS, all);
    return all;
  }

  /**
   * The grants that a domain wrote at home, or as a guest of one catalog.
   *
   * @param place its own partition, or that of a guest
   */
  static Map<Stored, StoredGrant> writtenIn(
      Session session, RightsDocuments documents, String domain, String place) {
    Map<Stored, StoredGrant> all =
        place.equals(Keys.partition(domain))
            ? on(session, documents, domain)
            : new LinkedHashMap<>();
    add(documents, place, Keys.REGRANTS, all);
    return all;
  }

  /** Where grants of these ids were written; its home alone is asked if all are there. */
  static List<String> placesOf(
      Session session, RightsDocuments documents, String domain, Set<String> ids) {
    String home = Keys.partition(domain);
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
      Session session,
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
      RightsDocuments documents, String partition, String prefix, Map<Stored, StoredGrant> all) {
    for (Stored stored : documents.list(partition, prefix)) {
      all.put(stored, StoredGrant.of(stored));
    }
  }
}
