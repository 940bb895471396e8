package io.meshwork.local;

import io.meshwork.internal.ledger.UnloggedDocuments;
import io.meshwork.internal.routing.PartitionCatalogs;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The positions of notifiers, which an embedded mesh stores in the partition of governance, and a
 * backend that authenticates principals in a partition of each domain.
 */
final class NotifierPositions {
  private final List<Document> cursors;

  /**
   * Creates the positions of a mesh.
   *
   * @param governance the documents of governance in all registries of the original
   */
  NotifierPositions(List<Document> governance) {
    cursors =
        governance.stream()
            .filter(document -> document.key().sort().startsWith(UnloggedDocuments.CURSORS))
            .toList();
  }

  /**
   * Returns the documents that the domains do not have yet, by the partition to which they are
   * copied.
   *
   * @param registry the registry of the home of the domains
   * @param catalog its catalog
   * @param domains the partitions of the domains
   */
  Map<String, List<Document>> missing(
      Registry registry, String catalog, Collection<String> domains) {
    Map<String, List<Document>> missing = new TreeMap<>();
    for (Document document : cursors) {
      String sort = document.key().sort();
      for (String domain : domains) {
        Key key = new Key(PartitionCatalogs.consumer(domain, catalog), sort);
        if (isOf(domain, sort) && registry.read(key).isEmpty()) {
          missing
              .computeIfAbsent(key.partition(), absent -> new ArrayList<>())
              .add(new Document(key, document.json(), document.version()));
        }
      }
    }
    return missing;
  }

  /** Returns true for a position in a log of a domain, and for the beginning of a notifier. */
  private static boolean isOf(String domain, String sort) {
    int slash = sort.indexOf('/', UnloggedDocuments.CURSORS.length());
    return slash < 0 || PartitionCatalogs.domain(sort.substring(slash + 1)).equals(domain);
  }
}
