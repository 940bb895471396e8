package io.meshwork.testkit;

import io.meshwork.Mesh;
import io.meshwork.local.LocalMesh;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Opens the meshes of tests: the meshes of {@link MeshTest}, and of the suites in mesh-conformance.
 * Implement it for a backend of your own, or for a mesh with settings of your own. {@code MeshTest}
 * creates one object for each test class, by a constructor without parameters.
 */
public interface TestBackend {
  /**
   * Returns a new, empty mesh that is not open yet. The test sets the clock, the sleeper, and the
   * observer.
   *
   * @param folder an empty folder for this mesh, deleted after the test
   */
  Mesh.Builder newMesh(Path folder);

  /**
   * Returns, once more, the mesh that {@link #newMesh} returned for this folder and that was closed
   * since. Default: empty, for a mesh that does not outlive its closing; tests that open a mesh
   * again are then aborted.
   *
   * @param folder the folder that {@code newMesh} received
   */
  default Optional<Mesh.Builder> existingMesh(Path folder) {
    return Optional.empty();
  }

  /**
   * Returns the root of a place, besides the root of the mesh of this folder, at which a domain can
   * store its data: one name beside that root, such as another bucket, or below it if it is only a
   * scheme, such as {@code mesh:}. Default: empty, for a store with one root; tests of places are
   * then aborted.
   *
   * @param folder the folder that {@code newMesh} received
   * @param name a lower-case word; another name is another place
   */
  default Optional<String> placeOfData(Path folder, String name) {
    return Optional.empty();
  }

  /** Returns the name in test reports. Default: the name of the class. */
  default String displayName() {
    return getClass().getSimpleName();
  }

  /** The mesh in memory, which is the fastest. */
  final class InMemory implements TestBackend {
    /** Called by {@link MeshTest}. */
    public InMemory() {}

    @Override
    public Mesh.Builder newMesh(Path folder) {
      return InMemoryMesh.builder();
    }

    @Override
    public Optional<String> placeOfData(Path folder, String name) {
      return Optional.of("memory:/" + name);
    }

    @Override
    public String displayName() {
      return "in memory";
    }
  }

  /** The embedded mesh of {@link LocalMesh}: SQLite and files in a folder. */
  final class OnDisk implements TestBackend {
    /** Called by {@link MeshTest}. */
    public OnDisk() {}

    @Override
    public Mesh.Builder newMesh(Path folder) {
      return LocalMesh.builder(folder);
    }

    @Override
    public Optional<Mesh.Builder> existingMesh(Path folder) {
      return Optional.of(LocalMesh.builder(folder));
    }

    @Override
    public Optional<String> placeOfData(Path folder, String name) {
      return Optional.of("mesh:/" + name);
    }

    @Override
    public String displayName() {
      return "on disk";
    }
  }
}
