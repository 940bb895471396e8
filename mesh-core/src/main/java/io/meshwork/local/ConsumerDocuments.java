package io.meshwork.local;

import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.UnloggedDocuments;
import io.meshwork.internal.routing.PartitionCatalogs;
import io.meshwork.registry.Registry.Key;
import java.util.List;

/** What a domain records as a consumer. A backend that authenticates principals separates it. */
final class ConsumerDocuments {
  private static final List<String> PREFIXES =
      List.of(
          RegistryKeys.SUBSCRIPTIONS,
          RegistryKeys.ENDED_SUBSCRIPTIONS,
          UnloggedDocuments.POSITIONS,
          UnloggedDocuments.USAGE,
          UnloggedDocuments.HOLDS,
          RegistryKeys.REQUESTS,
          RegistryKeys.SUGGESTIONS,
          RegistryKeys.ANSWERS,
          RegistryKeys.LINKS,
          RegistryKeys.REGRANTS);

  private ConsumerDocuments() {}

  /** Returns true for the partition of a domain itself. */
  static boolean isDomain(String partition) {
    return !partition.contains("/") && !partition.equals(RegistryKeys.MESH);
  }

  /**
   * Returns the key of a document where consumers have separate partitions.
   *
   * @param catalog the catalog whose registry has the document
   */
  static Key key(Key key, String catalog) {
    return isDomain(key.partition()) && PREFIXES.stream().anyMatch(key.sort()::startsWith)
        ? new Key(PartitionCatalogs.consumer(key.partition(), catalog), key.sort())
        : key;
  }
}
