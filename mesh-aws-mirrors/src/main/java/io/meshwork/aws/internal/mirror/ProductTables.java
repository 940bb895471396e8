package io.meshwork.aws.internal.mirror;

import io.meshwork.internal.mirror.Mirror.ProductObjects;
import io.meshwork.internal.mirror.MirroredCatalog;
import io.meshwork.internal.table.TableName;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * All tables that a product has or had, and the keys of what Lake Formation has of them. Immutable.
 *
 * @param database the database of the product's domain
 * @param tables the names of the tables
 */
record ProductTables(String database, Set<String> tables) {
  ProductTables {
    tables = Set.copyOf(tables);
  }

  /**
   * Returns the tables of the only product of a catalog; empty if the catalog has all products.
   *
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  static Optional<ProductTables> of(MirroredCatalog catalog) {
    if (catalog.product().isEmpty()) {
      return Optional.empty();
    }
    List<TableName> names = catalog.tablesOfProduct();
    Set<String> tables = new TreeSet<>();
    names.forEach(name -> tables.add(name.table()));
    return Optional.of(new ProductTables(names.isEmpty() ? "" : names.get(0).namespace(), tables));
  }

  /** Returns the objects of Lake Formation in the account of the catalog. */
  ProductObjects inLakeFormation() {
    Set<String> keys = new TreeSet<>();
    Set<String> prefixes = new TreeSet<>();
    for (String table : tables) {
      keys.add(LakeFormationKeys.closed(database, Optional.of(table)));
      prefixes.addAll(LakeFormationKeys.ofTable(database, table));
    }
    return new ProductObjects(keys, prefixes);
  }

  /** Returns the objects in the account of a recipient: what it passes on, and links. */
  ProductObjects inRecipient() {
    String links = DatabaseShare.linksOf(database);
    Set<String> keys = new TreeSet<>();
    Set<String> prefixes = new TreeSet<>();
    for (String table : tables) {
      keys.add(LakeFormationKeys.link(links, table));
      prefixes.addAll(LakeFormationKeys.grantedOn(database, table));
      prefixes.addAll(LakeFormationKeys.grantedOn(links, table));
    }
    return new ProductObjects(keys, prefixes);
  }

  /** Returns true for the opt-in of a principal on the database, where IAM opens that, too. */
  boolean isOptInOnDatabase(String key) {
    return key.startsWith(LakeFormationKeys.optInsOnDatabase(database));
  }
}
