package io.meshwork.product;

/**
 * One major version of a product. Immutable.
 *
 * @param product the product; not null
 * @param major the number of the major version, from 1
 */
public record MajorVersion(ProductName product, int major) {
  /** Returns it as sentences name it, such as {@code major version 1 of sales/orders}. */
  @Override
  public String toString() {
    return "major version " + major + " of " + product;
  }
}
