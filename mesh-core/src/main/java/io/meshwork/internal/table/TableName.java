package io.meshwork.internal.table;

import io.meshwork.product.Names;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * The table of one major version of a product, or the one where its bad rows lie. Immutable.
 *
 * @param product whose table it is
 * @param major the contract's major version, from 1
 * @param quarantine true for the table of bad rows
 */
public record TableName(ProductName product, int major, boolean quarantine) {
  /** Checks the major version. */
  public TableName {
    if (major < 1) {
      throw new IllegalArgumentException("A major version is at least 1, not " + major);
    }
  }

  /** The table of a product's rows. */
  public static TableName of(ProductName product, int major) {
    return new TableName(product, major, false);
  }

  /** The table of the bad rows of the same product and major. */
  public TableName quarantined() {
    return new TableName(product, major, true);
  }

  /** The storage name of the domain: namespace, database and folder. */
  public String namespace() {
    return Names.storage(product.domain());
  }

  /** The table's name, such as {@code green_trips_v1} or {@code green_trips_v1_quarantine}. */
  public String table() {
    return Names.storage(product.product()) + "_v" + major + (quarantine ? "_quarantine" : "");
  }

  /** As Iceberg names it. */
  public TableIdentifier identifier() {
    return TableIdentifier.of(namespace(), table());
  }

  /** The partition of the product in the registry, in storage names: {@code domain/product}. */
  public String partition() {
    return namespace() + "/" + Names.storage(product.product());
  }

  /** Where the pointer lives. */
  public Registry.Key key() {
    return new Registry.Key(partition(), "table/" + table());
  }

  /**
   * The table's folder.
   *
   * @param root the root of all files, without a slash at its end
   */
  public String location(String root) {
    return root + "/data/" + namespace() + "/" + table();
  }

  @Override
  public String toString() {
    return namespace() + "." + table();
  }
}
