package io.meshwork.internal.maintenance;

import io.meshwork.error.BackendException;
import io.meshwork.error.Finding;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.topology.Topology;
import java.util.ArrayList;
import java.util.List;

/**
 * The catalogs of a mesh that answer, and a finding for each that does not: these are left alone,
 * and the rest is looked after. The catalog of a central mesh is the mesh, so it is not asked here.
 *
 * @param catalogs those that answer
 * @param silent findings of those that do not
 */
record ReachableCatalogs(List<String> catalogs, List<Finding> silent) {
  /**
   * Asks each catalog.
   *
   * @throws BackendException if the registry that says which there are cannot be asked
   */
  static ReachableCatalogs of(ClientSession session) {
    Catalog catalog = session.catalog();
    if (catalog.topology().shape() == Topology.Shape.CENTRAL) {
      return new ReachableCatalogs(catalog.catalogs(), List.of());
    }
    List<String> answering = new ArrayList<>();
    List<Finding> silent = new ArrayList<>();
    for (String name : catalog.catalogs()) {
      try {
        catalog.domainsOf(name);
        answering.add(name);
      } catch (BackendException e) {
        silent.add(
            Finding.error(
                "CATALOG_GONE",
                catalog.governance(name),
                "It cannot be asked ("
                    + e.code()
                    + "), so nothing of it was looked at; the other catalogs were.",
                "Bring its registry back, and run this again."));
      }
    }
    return new ReachableCatalogs(List.copyOf(answering), List.copyOf(silent));
  }

  /** The tables of domains whose catalogs answer; nothing is known of the others. */
  DataFolder known(ClientSession session, DataFolder folder) {
    return silent.isEmpty()
        ? folder
        : folder.ofDomains(
            domain ->
                session
                    .catalog()
                    .topology()
                    .findCatalog(domain)
                    .map(catalogs::contains)
                    .orElse(true));
  }

  /** Where they say which domains and guests they have; of several, the mesh's own first. */
  List<String> governances(ClientSession session) {
    List<String> governances = new ArrayList<>();
    if (session.catalog().topology().shape() != Topology.Shape.CENTRAL) {
      governances.add(RegistryKeys.MESH);
    }
    catalogs.forEach(name -> governances.add(session.catalog().governance(name)));
    return List.copyOf(governances);
  }
}
