package io.meshwork.walk;

/**
 * The walks that a build runs: a part of them by its seed, or all where no sample is drawn, as at
 * night.
 *
 * @param first the seed of the first walk; the others have the seeds after it
 * @param parts the number of parts of which the build runs one
 */
record WalkSample(long first, int walks, int parts) {
  /** Draws one of so many parts of the walks with the seeds from 1. */
  static WalkSample of(int walks, int parts) {
    if (!Boolean.getBoolean("mesh.tests.sampled")) {
      return new WalkSample(1, walks, 1);
    }
    int part = Math.floorMod(Integer.getInteger("mesh.tests.seed", 0), parts);
    int each = walks / parts;
    return new WalkSample(1 + (long) part * each, each, parts);
  }
}
