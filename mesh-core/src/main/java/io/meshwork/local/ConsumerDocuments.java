package io.meshwork.local;

import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.UnloggedDocuments;
import io.meshwork.internal.routing.PartitionCatalogs;
import io.meshwork.registry.Registry.Key;
import io.meshwork.topology.Topology;
import java.util.List;

/** What a domain records as a consumer: a backend that authenticates principals keeps it apart. */
final class ConsumerDocuments {
  private static final List<String> PREFIXES =
      List.of(
          RegistryKeys.SUBSCRIPTIONS,
          RegistryKeys.ENDED_SUBSCRIPTIONS,
          UnloggedDocuments.POSITIONS,
          UnloggedDocuments.USAGE,
          UnloggedDocuments.HOLDS,
          RegistryKeys.REQUESTS,
          RegistryKeys.ANSWERS,
          RegistryKeys.LINKS,
          RegistryKeys.REGRANTS);

  private ConsumerDocuments() {}

  /** Returns true for the partition of a domain itself. */
  static boolean isDomain(String partition) {
    return !partition.contains("/") && !partition.equals(RegistryKeys.MESH);
  }

  /** Returns the partition of a central mesh that a domain writes as a consumer. */
  static String partition(String domain) {
    return PartitionCatalogs.guest(domain, Topology.CENTRAL);
  }

  /** Returns the key of a document where consumers are apart. */
  static Key key(Key key) {
    return isDomain(key.partition()) && PREFIXES.stream().anyMatch(key.sort()::startsWith)
        ? new Key(partition(key.partition()), key.sort())
        : key;
  }
}
