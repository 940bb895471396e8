package io.meshwork.aws.internal.onboarding;

import io.meshwork.product.Principal;

/** The first documents of the registry of a mesh. */
public interface MeshDocuments {
  /** Returns true if the mesh exists; false also if its table does not. */
  boolean exist();

  /** Makes the mesh in the table and the bucket of its account, as this process. */
  void make();

  /**
   * Reads them as a role, with the registry role that is between it and the registry.
   *
   * @throws io.meshwork.error.MeshException if it cannot, or they do not exist
   */
  void requireReadBy(Principal role);

  /** Returns the command that makes them. */
  String command();

  /** Returns the name of the mesh. */
  String mesh();
}
