package io.meshwork.sharing;

import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.session.Session;
import java.util.LinkedHashMap;
import java.util.Map;

/** Finds grants. */
final class Grants {
  private Grants() {}

  /** The grants that a domain wrote, each with its document. */
  static Map<Stored, StoredGrant> writtenBy(
      Session session, RightsDocuments documents, String domain) {
    Map<Stored, StoredGrant> all = on(session, documents, domain);
    add(documents, Keys.partition(domain), Keys.REGRANTS, all);
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

  private static void add(
      RightsDocuments documents, String partition, String prefix, Map<Stored, StoredGrant> all) {
    for (Stored stored : documents.list(partition, prefix)) {
      all.put(stored, StoredGrant.of(stored));
    }
  }
}
