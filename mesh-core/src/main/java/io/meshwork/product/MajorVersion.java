package io.meshwork.product;

/**
 * One major version of a product. Immutable.
 *
 * @param product the product; not null
 * @param major the number of the major version, from 1
 */
public record MajorVersion(ProductName product, int major) {
  /** What can be done with a major version. */
  public enum State {
    /** A rollout prepares it: only its owner can read it. */
    PREPARED,
    /** It is read and published. */
    ACTIVE,
    /** It is read and published; a newer major version replaces it, or the product ends. */
    DEPRECATED,
    /** It is read and published, and accepts no new subscriptions. */
    CLOSING,
    /** As {@link #CLOSING}, while a retirement or a withdrawal counts its consumers. */
    RETIRING,
    /** Only its owner can read it. The data is retained. */
    RETIRED,
    /** It was retired or withdrawn, and its data was deleted. */
    PURGED,
    /** It was withdrawn by an aborted rollout. Only its owner can read it. */
    WITHDRAWN;

    /** Returns true if it was taken out of use: consumers can no longer read it. */
    public boolean isRetired() {
      return this == RETIRED || this == PURGED || this == WITHDRAWN;
    }
  }

  /** Returns it as sentences name it, such as {@code major version 1 of sales/orders}. */
  @Override
  public String toString() {
    return "major version " + major + " of " + product;
  }
}
