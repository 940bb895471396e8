package io.meshwork.aws;

import io.meshwork.internal.runtime.Sha256;
import io.meshwork.product.Principal;

/**
 * The names of the roles with which callers reach a registry, in the account of its table. They
 * follow from the caller alone.
 */
final class RegistryRoles {
  private static final int MAX_NAME = 64;
  private static final int DIGEST_DIGITS = 16;

  private RegistryRoles() {}

  /**
   * Returns the role of a caller: {@code mesh-<mesh>-<account>-<role>}. A name that is too long for
   * IAM ends with a digest of the whole.
   */
  static String nameFor(String mesh, Principal caller) {
    String name = prefix(mesh) + caller.account() + "-" + caller.role();
    if (name.length() <= MAX_NAME) {
      return name;
    }
    String digest = digest(name);
    return name.substring(0, MAX_NAME - 1 - digest.length()) + "-" + digest;
  }

  /** Returns the role of callers without a role. */
  static String nameForReaders(String mesh) {
    return prefix(mesh) + "reader";
  }

  private static String prefix(String mesh) {
    return "mesh-" + mesh + "-";
  }

  private static String digest(String name) {
    return Sha256.hex(name).substring(0, DIGEST_DIGITS);
  }
}
