package io.meshwork.internal.maintenance;

import io.meshwork.error.BackendException;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.routing.PartitionCatalogs;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What there is to look after: partitions of the registry and pointers of tables, with the files in
 * the folders of tables as they were before the rest was read. Immutable.
 *
 * @param folder all files, listed once
 * @param partitions of governance, domains, guests, products and what was read, in this order
 * @param tables all tables, by partition
 * @param foreign what tables name in the folders of others
 */
record MeshInventory(
    DataFolder folder,
    List<String> partitions,
    Map<String, List<Key>> tables,
    ForeignReferences foreign) {
  /**
   * Reads what there is.
   *
   * @param due takes findings of domains and products that are damaged; these are left out
   * @throws BackendException if the registry cannot be read or the store cannot be listed
   */
  static MeshInventory of(ClientSession session, MaintenanceQueue due) {
    // Listed before the rest: whatever is committed later is reachable, and never left over.
    DataFolder listed = DataFolder.list(session);
    List<String> domains = new ArrayList<>();
    List<String> products = new ArrayList<>();
    Map<String, List<Key>> tables = new TreeMap<>();
    ReachableCatalogs reached = ReachableCatalogs.of(session);
    reached.silent().forEach(due::skip);
    DataFolder folder = reached.known(session, listed);
    List<String> guests = new ArrayList<>();
    for (String catalog : reached.catalogs()) {
      session
          .ledger()
          .list(session.catalog().governance(catalog), RegistryKeys.DOMAINS)
          .forEach(
              domain -> domains.add(domain.key().sort().substring(RegistryKeys.DOMAINS.length())));
      session.catalog().guestConsumers(catalog).forEach(guest -> guests.add(guest.partition()));
    }
    for (String domain : domains) {
      due.inspect(
          domain,
          () ->
              session
                  .ledger()
                  .list(domain, RegistryKeys.PRODUCTS)
                  .forEach(
                      card ->
                          products.add(
                              domain
                                  + "/"
                                  + card.key().sort().substring(RegistryKeys.PRODUCTS.length()))));
    }
    for (String product : products) {
      due.inspect(
          product,
          () ->
              tables.put(
                  product,
                  session.ledger().list(product, TableName.POINTERS).stream()
                      .map(pointer -> pointer.key())
                      .toList()));
    }
    List<String> partitions = new ArrayList<>();
    partitions.addAll(reached.governances(session));
    partitions.addAll(domains);
    partitions.addAll(guests);
    partitions.addAll(products);
    partitions.add(RegistryKeys.reads(RegistryKeys.MESH));
    domains.forEach(domain -> partitions.add(RegistryKeys.reads(domain)));
    List<Key> pointers = tables.values().stream().flatMap(List::stream).toList();
    return new MeshInventory(
        folder,
        List.copyOf(partitions),
        Map.copyOf(tables),
        new ForeignReferences(session, pointers));
  }

  /** Storage names of all domains. */
  List<String> domains() {
    return partitions.stream()
        .filter(partition -> !partition.contains("/") && !PartitionCatalogs.isGovernance(partition))
        .toList();
  }

  /** Where domains write as consumers. */
  List<String> consumers() {
    return partitions.stream()
        .filter(
            partition ->
                PartitionCatalogs.isGuest(partition)
                    || (!partition.contains("/") && !PartitionCatalogs.isGovernance(partition)))
        .toList();
  }

  /** All tables that have a pointer, in the order of products. */
  List<TableName> allTables() {
    return partitions.stream()
        .flatMap(partition -> tables.getOrDefault(partition, List.of()).stream())
        .flatMap(pointer -> TableName.at(pointer).stream())
        .toList();
  }

  /** The product's name as its owner wrote it, for logs; its storage name if it cannot be read. */
  static String written(ClientSession session, ProductName product) {
    try {
      return session
          .catalog()
          .findProduct(product)
          .map(ProductEntry::name)
          .orElse(product)
          .toString();
    } catch (BackendException e) {
      return product.toString();
    }
  }
}
