package io.meshwork.internal.conformance.growth;

import io.meshwork.Mesh;

/** Opens meshes, and measures the requests of their registries, all together. */
public interface RegistryMeter {
  /** Opens a new mesh, to be closed. Until {@link #move}, its registry may be a faster one. */
  Mesh open();

  /** Moves the documents of the mesh that was opened last to the registry that is measured. */
  void move();

  /** Returns the requests that were sent. */
  int requests();

  /** Returns the bytes of the largest item that was written. */
  int largestItem();

  /** Returns the items of the largest transaction. */
  int largestTransaction();
}
