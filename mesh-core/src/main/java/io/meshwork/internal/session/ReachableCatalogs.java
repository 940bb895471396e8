package io.meshwork.internal.session;

import io.meshwork.error.BackendException;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.topology.Topology;
import java.util.ArrayList;
import java.util.List;

/**
 * The catalogs of a mesh whose registries are available, and a finding for each other catalog,
 * which maintenance skips. A central mesh has one catalog, which is not checked.
 *
 * @param catalogs the available catalogs
 * @param unavailable findings for the other catalogs
 */
public record ReachableCatalogs(List<String> catalogs, List<Finding> unavailable) {
  /**
   * Checks each catalog.
   *
   * @throws BackendException if the registry that lists the catalogs is not available
   */
  public static ReachableCatalogs of(ClientSession session) {
    Catalog catalog = session.catalog();
    if (catalog.topology().shape() == Topology.Shape.CENTRAL) {
      return new ReachableCatalogs(catalog.catalogs(), List.of());
    }
    List<String> available = new ArrayList<>();
    List<Finding> unavailable = new ArrayList<>();
    for (String name : catalog.catalogs()) {
      try {
        catalog.domainsOf(name);
        available.add(name);
      } catch (BackendException e) {
        unavailable.add(
            Finding.error(
                FindingCode.CATALOG_UNAVAILABLE,
                catalog.governance(name),
                "Its registry is not available ("
                    + e.code()
                    + "), so it was skipped; the other catalogs were processed.",
                "Restore its registry, and run this again."));
      }
    }
    return new ReachableCatalogs(List.copyOf(available), List.copyOf(unavailable));
  }

  /** Returns true if the catalog of a domain is available. */
  public boolean include(ClientSession session, String domain) {
    return session.catalog().topology().findCatalog(domain).map(catalogs::contains).orElse(true);
  }

  /**
   * Returns the partitions with what mirrors show; none if the backend authenticates no principal,
   * because it has no mirrors then.
   */
  public List<String> mirrors(ClientSession session) {
    return session.process().isEmpty()
        ? List.of()
        : catalogs.stream()
            .map(name -> RegistryKeys.mirrors(session.catalog().governance(name)))
            .toList();
  }

  /** Returns the partitions that list domains and guests; the mesh's own first. */
  public List<String> governances(ClientSession session) {
    List<String> governances = new ArrayList<>();
    if (session.catalog().topology().shape() != Topology.Shape.CENTRAL) {
      governances.add(RegistryKeys.MESH);
    }
    catalogs.forEach(name -> governances.add(session.catalog().governance(name)));
    return List.copyOf(governances);
  }
}
