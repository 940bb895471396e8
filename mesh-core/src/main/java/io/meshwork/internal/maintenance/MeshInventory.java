package io.meshwork.internal.maintenance;

import io.meshwork.error.BackendException;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.leftovers.DataFolder;
import io.meshwork.internal.mirror.MirrorHolds;
import io.meshwork.internal.routing.PartitionCatalogs;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ClientSession.MaintainedDomains;
import io.meshwork.internal.session.ForeignReferences;
import io.meshwork.internal.session.ReachableCatalogs;
import io.meshwork.internal.table.MeshTables;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The contents of the domains that the process maintains: partitions of the registry, pointers of
 * tables, and the files in the folders of tables, which were listed first. Immutable.
 *
 * @param maintained the domains that the process maintains
 * @param folder all files
 * @param partitions the partitions of governance, domains, consumers, executors, products, and read
 *     counts, in this order
 * @param consumers the partitions in which all domains of the mesh store records as consumers
 * @param tables the pointers of all tables, by partition
 * @param foreign the files that tables reference in the folders of others
 * @param holds the files that mirrors name
 */
public record MeshInventory(
    MaintainedDomains maintained,
    DataFolder folder,
    List<String> partitions,
    List<String> consumers,
    Map<String, List<Key>> tables,
    ForeignReferences foreign,
    MirrorHolds holds) {
  /**
   * Reads the inventory.
   *
   * @param queue receives findings for damaged domains and products, which are left out
   * @throws BackendException if the registry cannot be read or the store cannot be listed
   */
  public static MeshInventory of(ClientSession session, MaintenanceQueue queue) {
    // Files are listed first, so that a file that is committed later never looks unreferenced.
    MaintainedDomains maintained = session.maintainedDomains();
    return of(session, queue, maintained, DataFolder.list(session, maintained));
  }

  /**
   * Reads the inventory as if there were no files, for tasks that need none.
   *
   * @param queue as for {@link #of}
   * @throws BackendException if the registry cannot be read
   */
  static MeshInventory withoutFiles(ClientSession session, MaintenanceQueue queue) {
    return of(session, queue, session.maintainedDomains(), DataFolder.empty());
  }

  private static MeshInventory of(
      ClientSession session,
      MaintenanceQueue queue,
      MaintainedDomains maintained,
      DataFolder listed) {
    List<String> domains = new ArrayList<>();
    List<String> products = new ArrayList<>();
    Map<String, List<Key>> tables = new TreeMap<>();
    ReachableCatalogs reachable = ReachableCatalogs.of(session);
    reachable.unavailable().forEach(queue::skip);
    DataFolder folder = listed.ofAvailable(session, reachable);
    PlaceExamination.unlisted(folder).forEach(queue::skip);
    List<String> guests = new ArrayList<>();
    for (String catalog : reachable.catalogs()) {
      session
          .ledger()
          .list(session.catalog().governance(catalog), RegistryKeys.DOMAINS)
          .forEach(
              domain -> domains.add(domain.key().sort().substring(RegistryKeys.DOMAINS.length())));
      session.catalog().guestConsumers(catalog).forEach(guest -> guests.add(guest.partition()));
    }
    Set<String> consumers = new LinkedHashSet<>();
    domains.forEach(domain -> consumers.add(session.catalog().homeConsumerPartition(domain)));
    consumers.addAll(guests);
    for (String domain : domains.stream().filter(maintained::includes).toList()) {
      queue.inspect(
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
    List<String> executors = new ArrayList<>();
    for (String domain : domains) {
      queue.inspect(
          domain,
          () ->
              session
                  .rights()
                  .executors(domain)
                  .forEach(executor -> executors.add(executor.partition())));
    }
    for (String product : products) {
      queue.inspect(
          product,
          () ->
              tables.put(
                  product,
                  session.ledger().list(product, TableName.POINTERS).stream()
                      .filter(pointer -> !MeshTables.isBelow(folder.unlisted(), pointer))
                      .map(pointer -> pointer.key())
                      .toList()));
    }
    Set<String> partitions = new LinkedHashSet<>();
    partitions.addAll(reachable.governances(session));
    partitions.addAll(domains);
    partitions.addAll(consumers);
    partitions.addAll(executors);
    partitions.addAll(products);
    partitions.add(RegistryKeys.reads(RegistryKeys.MESH));
    domains.forEach(domain -> partitions.add(RegistryKeys.reads(domain)));
    List<Key> pointers = tables.values().stream().flatMap(List::stream).toList();
    return new MeshInventory(
        maintained,
        folder,
        partitions.stream().filter(maintained::includes).toList(),
        List.copyOf(consumers),
        Map.copyOf(tables),
        new ForeignReferences(session, () -> pointers),
        MirrorHolds.of(session, reachable.mirrors(session)));
  }

  /** Returns the storage names of the maintained domains. */
  List<String> domains() {
    return partitions.stream()
        .filter(partition -> !partition.contains("/") && !PartitionCatalogs.isGovernance(partition))
        .toList();
  }

  /** Returns the partitions in which the maintained domains store records as consumers. */
  List<String> consumerPartitions() {
    return consumers.stream().filter(partitions::contains).toList();
  }

  /** Returns all tables that have a pointer, ordered by product. */
  List<TableName> allTables() {
    return partitions.stream()
        .flatMap(partition -> tables.getOrDefault(partition, List.of()).stream())
        .flatMap(pointer -> TableName.at(pointer).stream())
        .toList();
  }

  /** Returns the product's name as its owner wrote it; its storage name if it cannot be read. */
  public static String displayName(ClientSession session, ProductName product) {
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
