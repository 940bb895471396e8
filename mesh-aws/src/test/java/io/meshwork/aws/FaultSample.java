package io.meshwork.aws;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The calls at which a build lets a service fail: one of {@code -Dmesh.faults.oneOf=}, chosen by
 * {@code -Dmesh.faults.seed=}. The nightly tests fail at all calls.
 */
final class FaultSample {
  static final long SEED = Long.getLong("mesh.faults.seed", new Random().nextInt(1_000_000));

  /** The argument that repeats the choice. */
  static final String ARGUMENT = "-Dmesh.faults.seed=" + SEED;

  private static final int ONE_OF = Integer.getInteger("mesh.faults.oneOf", 1);

  private FaultSample() {}

  /** Returns some of these, at least one; prints the seed. */
  static <T> List<T> of(List<T> all) {
    if (ONE_OF == 1) {
      return all;
    }
    System.out.println("One of " + ONE_OF + " faults, " + ARGUMENT);
    List<T> chosen = new ArrayList<>();
    for (int i = Math.floorMod(SEED, Math.min(ONE_OF, all.size())); i < all.size(); i += ONE_OF) {
      chosen.add(all.get(i));
    }
    return chosen;
  }
}
