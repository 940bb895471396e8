package io.meshwork.walk;

/** The laws that hold for a product with several major versions. */
enum Law {
  /** Versions of one product have the same rows, except for known differences. */
  L1,
  /** An erased row is readable nowhere. */
  L2,
  /** What one version protects, all protect. */
  L3,
  /** A suspension holds for each version that has the rows. */
  L4,
  /** A subscription that moves has the rows of the version that it reads. */
  L5,
  /** Filter and counts are stored for each version. */
  L6,
  /** A preview and the act judge alike. */
  L7,
  /** A failure says what is true. */
  L8
}
