package io.meshwork.aws;

import java.util.Random;

/** The faults of a build: those that {@code -Dmesh.faults.seed=} chooses. */
final class FaultSample {
  static final long SEED = Long.getLong("mesh.faults.seed", new Random().nextInt(1_000_000));

  /** The argument that repeats the choice. */
  static final String ARGUMENT = "-Dmesh.faults.seed=" + SEED;

  private FaultSample() {}
}
