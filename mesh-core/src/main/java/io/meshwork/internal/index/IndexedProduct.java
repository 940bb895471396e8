package io.meshwork.internal.index;

import io.meshwork.internal.catalog.MajorState;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.product.ProductName;
import java.util.Map;
import java.util.Optional;

/**
 * A product in its current major version. Immutable.
 *
 * @param entry its entry
 * @param owner the contact of its owner
 * @param shape what it is
 * @param pulse what happens to it; empty if that cannot be read
 * @param others the states of other major versions whose shapes are known
 */
public record IndexedProduct(
    ProductEntry entry,
    String owner,
    ProductShape shape,
    Optional<ProductPulse> pulse,
    Map<Integer, MajorState> others) {
  /** Copies the map. */
  public IndexedProduct {
    others = Map.copyOf(others);
  }

  /** The state of a major version; empty if it is not known. */
  public Optional<MajorState> state(int major) {
    return major == shape.major()
        ? Optional.of(shape.state())
        : Optional.ofNullable(others.get(major));
  }

  /** The name of the product. */
  public ProductName name() {
    return entry.name();
  }

  /** True if consumers cannot read it, because it was retired. */
  public boolean isRetired() {
    return shape.state().isRetired();
  }
}
