package io.meshwork.local;

import io.meshwork.internal.catalog.RegistryKeys;
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
 * The positions of notifiers, which an embedded mesh keeps in the partition of governance, and a
 * backend that authenticates principals in a partition of each domain.
 */
final class NotifierPositions {
  private NotifierPositions() {}

  /**
   * Returns the documents that the domains do not have yet, by the partition to which they are
   * copied.
   *
   * @param registry the registry of a central mesh
   * @param domains the partitions of the domains
   */
  static Map<String, List<Document>> missing(Registry registry, Collection<String> domains) {
    Map<String, List<Document>> missing = new TreeMap<>();
    for (Document document : DocumentCopy.read(registry, RegistryKeys.MESH)) {
      String sort = document.key().sort();
      if (!sort.startsWith(UnloggedDocuments.CURSORS)) {
        continue;
      }
      for (String domain : domains) {
        Key key = new Key(ConsumerDocuments.partition(domain), sort);
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
