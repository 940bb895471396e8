package io.meshwork.discovery;

import io.meshwork.product.ProductName;
import java.util.List;

/**
 * Who must know when a product or some of its columns change. Immutable. {@link Lineage#NOTICE}
 * applies.
 *
 * @param product the product that changes
 * @param columns the columns that change; empty for all
 * @param affected the products and consumers, by number of steps and name
 * @param unreachable the catalogs that could not be read; what they have is missing
 */
public record Impact(
    ProductName product,
    List<String> columns,
    List<AffectedItem> affected,
    List<String> unreachable) {
  /** Copies the lists. */
  public Impact {
    columns = List.copyOf(columns);
    affected = List.copyOf(affected);
    unreachable = List.copyOf(unreachable);
  }

  /** What is affected. */
  public enum Kind {
    /** A product. */
    PRODUCT,
    /** A subscription. */
    SUBSCRIPTION,
    /** The reads of a domain. */
    DOMAIN
  }

  /** How it is known. */
  public enum Evidence {
    /** A publish states it as its input. */
    DECLARED,
    /** It read a column that changes in the last 90 days. */
    READ,
    /**
     * It may be affected: it may read, or its domain reads and publishes without saying from what.
     */
    POSSIBLE
  }

  /**
   * What is affected.
   *
   * @param kind the kind
   * @param name the product, {@code domain/subscription}, or the domain
   * @param steps the number of steps from the product that changes, from 1
   * @param contact whom to tell; the owner of the product or the domain where the caller may not
   *     know the subscription's
   * @param path the products on the way, the one that changes first
   * @param columns the columns that are affected, of the product itself or as it is read; empty for
   *     all, and where the caller may not know them
   * @param evidence how it is known
   */
  public record AffectedItem(
      Kind kind,
      String name,
      int steps,
      String contact,
      List<ProductName> path,
      List<String> columns,
      Evidence evidence) {
    /** Copies the lists. */
    public AffectedItem {
      path = List.copyOf(path);
      columns = List.copyOf(columns);
    }
  }
}
