package io.meshwork.internal.index;

import io.meshwork.internal.catalog.MajorState;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.product.Classification;
import io.meshwork.product.ProductName;
import java.util.Map;
import java.util.Optional;

/**
 * A product in one major version, the current one unless a link refers to another. Immutable.
 *
 * @param entry its entry
 * @param owner the contact of its owner
 * @param indexEntry what it is
 * @param activity what happens to it; empty if that cannot be read
 * @param majors the major versions whose index entries are known, by number, the current one too
 *     unless its index entry is missing in the index
 */
public record IndexedProduct(
    ProductEntry entry,
    String owner,
    ProductIndexEntry indexEntry,
    Optional<ProductActivity> activity,
    Map<Integer, KnownMajor> majors) {
  public IndexedProduct {
    majors = Map.copyOf(majors);
  }

  /**
   * A major version.
   *
   * @param state its state
   * @param highest the highest classification of the product and of its columns in it
   */
  public record KnownMajor(MajorState state, Classification highest) {
    static KnownMajor of(ProductIndexEntry indexEntry) {
      return new KnownMajor(indexEntry.state(), indexEntry.highest());
    }
  }

  /** The state of a major version; empty if it is not known. */
  public Optional<MajorState> state(int major) {
    return find(major).map(KnownMajor::state);
  }

  /** The highest classification in a major version; empty if it is not known. */
  public Optional<Classification> highest(int major) {
    return find(major).map(KnownMajor::highest);
  }

  /** The highest classification in the current major version and all that are not retired. */
  public Classification highest() {
    return majors.values().stream()
        .filter(major -> !major.state().isRetired())
        .map(KnownMajor::highest)
        .reduce(indexEntry.highest(), (one, other) -> one.compareTo(other) < 0 ? other : one);
  }

  private Optional<KnownMajor> find(int major) {
    return major == indexEntry.major()
        ? Optional.of(KnownMajor.of(indexEntry))
        : Optional.ofNullable(majors.get(major));
  }

  public ProductName name() {
    return entry.name();
  }

  /** True if consumers cannot read it, because it was retired. */
  public boolean isRetired() {
    return indexEntry.state().isRetired();
  }
}
