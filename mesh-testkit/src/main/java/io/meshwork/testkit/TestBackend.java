package io.meshwork.testkit;

import io.meshwork.Mesh;
import io.meshwork.local.LocalMesh;
import java.nio.file.Path;

/**
 * A backend for tests of {@link MeshTest}. Implement it for your own backend or settings. The class
 * needs a constructor without parameters; one object is created for each test class.
 */
public interface TestBackend {
  /**
   * Returns a builder for a new, empty mesh; called once for each test. {@code MeshTest} sets
   * clock, sleeper and observer.
   *
   * @param folder an empty folder for this test, which is deleted afterwards
   */
  Mesh.Builder newMesh(Path folder);

  /** Returns its name in reports. Default: the name of the class. */
  default String displayName() {
    return getClass().getSimpleName();
  }

  /** A mesh in memory, the fastest backend. */
  final class InMemory implements TestBackend {
    /** Called by {@code MeshTest}. */
    public InMemory() {}

    @Override
    public Mesh.Builder newMesh(Path folder) {
      return InMemoryMesh.with();
    }

    @Override
    public String displayName() {
      return "in memory";
    }
  }

  /** The embedded mesh of {@code LocalMesh}: SQLite and files in a folder. */
  final class OnDisk implements TestBackend {
    /** Called by {@code MeshTest}. */
    public OnDisk() {}

    @Override
    public Mesh.Builder newMesh(Path folder) {
      return LocalMesh.in(folder);
    }

    @Override
    public String displayName() {
      return "on disk";
    }
  }
}
