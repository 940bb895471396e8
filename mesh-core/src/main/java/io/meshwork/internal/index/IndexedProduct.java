package io.meshwork.internal.index;

import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.product.ProductName;
import java.util.Optional;

/**
 * A product in its current major version. Immutable.
 *
 * @param entry its entry
 * @param owner the contact of its owner
 * @param shape what it is
 * @param pulse what happens to it; empty if that cannot be read
 */
public record IndexedProduct(
    ProductEntry entry, String owner, ProductShape shape, Optional<ProductPulse> pulse) {
  /** The name of the product. */
  public ProductName name() {
    return entry.name();
  }

  /** True if consumers cannot read it, because it was retired. */
  public boolean isRetired() {
    return shape.state().isRetired();
  }
}
