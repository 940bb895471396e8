package io.meshwork.testkit;

import io.meshwork.Mesh;
import java.nio.file.Path;

/** A mesh of a {@link TestBackend}, in its own folder. */
final class BackendPlace implements MeshPlace {
  private final TestBackend backend;
  private final Path folder;
  private boolean created;

  BackendPlace(TestBackend backend, Path above) {
    this.backend = backend;
    this.folder = FolderPlace.below(above).folder();
  }

  @Override
  public Mesh.Builder open() {
    if (!created) {
      created = true;
      return backend.newMesh(folder);
    }
    return backend
        .existingMesh(folder)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "The mesh "
                        + backend.displayName()
                        + " cannot be opened again: existingMesh(..) returned nothing."));
  }

  @Override
  public void close() {
    FolderPlace.delete(folder);
  }
}
