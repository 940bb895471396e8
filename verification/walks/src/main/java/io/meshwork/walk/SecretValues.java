package io.meshwork.walk;

import java.util.Set;

/**
 * The values of secrets in one of two worlds.
 *
 * @param other the secrets that are other ones in this world
 */
record SecretValues(Set<Secret> other, long seed) {
  private static final int THIRD = 3;

  /** Returns true if the secret is another one here. */
  boolean isOther(Secret secret) {
    return other.contains(secret);
  }

  /** Returns a text that ends with the secret. */
  String text(Secret secret, String start) {
    return start + (isOther(secret) ? "two" : "one");
  }

  int count(Secret secret) {
    return isOther(secret) ? 2 + (int) Math.floorMod(seed, (long) THIRD) : 1;
  }

  /** Returns true if no rollout of the mesh is known to strangers. */
  boolean isWithoutRollouts() {
    return Math.floorMod(seed, (long) THIRD) == 0;
  }
}
