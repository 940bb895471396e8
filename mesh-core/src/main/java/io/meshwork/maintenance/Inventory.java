package io.meshwork.maintenance;

import io.meshwork.error.BackendException;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.routing.Partitions;
import io.meshwork.internal.session.Session;
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
 */
record Inventory(DataFolder folder, List<String> partitions, Map<String, List<Key>> tables) {
  /**
   * Reads what there is.
   *
   * @param due takes findings of domains and products that are damaged; these are left out
   * @throws BackendException if the registry cannot be read or the store cannot be listed
   */
  static Inventory of(Session session, Due due) {
    // Listed before the rest: whatever is committed later is reachable, and never left over.
    DataFolder listed = DataFolder.list(session);
    List<String> domains = new ArrayList<>();
    List<String> products = new ArrayList<>();
    Map<String, List<Key>> tables = new TreeMap<>();
    CatalogsInReach reached = CatalogsInReach.of(session);
    reached.silent().forEach(due::leave);
    DataFolder folder = reached.known(session, listed);
    List<String> guests = new ArrayList<>();
    for (String catalog : reached.catalogs()) {
      session
          .ledger()
          .list(session.catalog().governance(catalog), Keys.DOMAINS)
          .forEach(domain -> domains.add(domain.key().sort().substring(Keys.DOMAINS.length())));
      session.catalog().guests(catalog).forEach(guest -> guests.add(guest.partition()));
    }
    for (String domain : domains) {
      due.look(
          domain,
          () ->
              session
                  .ledger()
                  .list(domain, Keys.PRODUCTS)
                  .forEach(
                      card ->
                          products.add(
                              domain + "/" + card.key().sort().substring(Keys.PRODUCTS.length()))));
    }
    for (String product : products) {
      due.look(
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
    partitions.add(Keys.reads(Keys.MESH));
    domains.forEach(domain -> partitions.add(Keys.reads(domain)));
    return new Inventory(folder, List.copyOf(partitions), Map.copyOf(tables));
  }

  /** Storage names of all domains. */
  List<String> domains() {
    return partitions.stream()
        .filter(partition -> !partition.contains("/") && !Partitions.isGovernance(partition))
        .toList();
  }

  /** Where domains write as consumers. */
  List<String> consumers() {
    return partitions.stream()
        .filter(
            partition ->
                Partitions.isGuest(partition)
                    || (!partition.contains("/") && !Partitions.isGovernance(partition)))
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
  static String written(Session session, ProductName product) {
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
