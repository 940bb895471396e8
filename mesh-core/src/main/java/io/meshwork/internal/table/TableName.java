package io.meshwork.internal.table;

import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * The table of one major version of a product, or its quarantine. Immutable.
 *
 * @param product the product
 * @param major the contract's major version, from 1
 * @param quarantine true for the quarantine
 */
public record TableName(ProductName product, int major, boolean quarantine) {
  /** Prefix of the sort keys of pointers, in the product's partition. */
  public static final String POINTERS = "table/";

  private static final Pattern DOMAIN = Pattern.compile("[a-z][a-z0-9_]*");
  private static final Pattern NAME =
      Pattern.compile("([a-z][a-z0-9_]*?)_v([1-9][0-9]{0,8})(_quarantine)?");

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

  /** The quarantine of the same product and major. */
  public TableName quarantined() {
    return new TableName(product, major, true);
  }

  /** The storage name of the domain, which is the namespace, database, and folder. */
  public String namespace() {
    return NameGrammar.storage(product.domain());
  }

  /** The table's name, such as {@code green_trips_v1} or {@code green_trips_v1_quarantine}. */
  public String table() {
    return NameGrammar.storage(product.product())
        + "_v"
        + major
        + (quarantine ? "_quarantine" : "");
  }

  /** Its identifier in Iceberg. */
  public TableIdentifier identifier() {
    return TableIdentifier.of(namespace(), table());
  }

  /** The partition of the product in the registry, in storage names: {@code domain/product}. */
  public String partition() {
    return namespace() + "/" + NameGrammar.storage(product.product());
  }

  /** The key of its pointer. */
  public Registry.Key key() {
    return new Registry.Key(partition(), POINTERS + table());
  }

  /**
   * The table's folder.
   *
   * @param root the root of all files, without a trailing slash
   */
  public String location(String root) {
    return DataPlaces.dataFolder(root) + "/" + namespace() + "/" + table();
  }

  /**
   * The key of the pointer of the table with this folder.
   *
   * @param namespace the name of the parent folder
   * @param table the name of the table's folder
   * @return empty if these are not names of a table
   */
  public static Optional<Registry.Key> keyOf(String namespace, String table) {
    Matcher name = NAME.matcher(table);
    return name.matches() && DOMAIN.matcher(namespace).matches()
        ? Optional.of(new Registry.Key(namespace + "/" + name.group(1), POINTERS + table))
        : Optional.empty();
  }

  /**
   * The table of this pointer; its product has the storage name.
   *
   * @return empty if it is not the key of a pointer
   */
  public static Optional<TableName> at(Registry.Key pointer) {
    String sort = pointer.sort();
    Matcher name = NAME.matcher(sort.startsWith(POINTERS) ? sort.substring(POINTERS.length()) : "");
    String namespace = pointer.writingDomain();
    if (!name.matches()
        || !pointer.partition().equals(namespace + "/" + name.group(1))
        || !DOMAIN.matcher(namespace).matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new TableName(
            ProductName.of(pointer.partition()),
            Integer.parseInt(name.group(2)),
            name.group(3) != null));
  }

  /** The text of {@link #toString} for a table, by the key of its pointer. */
  public static String format(Registry.Key pointer) {
    return pointer.writingDomain() + "." + pointer.sort().substring(POINTERS.length());
  }

  @Override
  public String toString() {
    return namespace() + "." + table();
  }
}
