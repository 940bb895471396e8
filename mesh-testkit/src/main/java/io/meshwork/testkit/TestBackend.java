package io.meshwork.testkit;

import io.meshwork.Mesh;
import io.meshwork.local.LocalMesh;
import java.nio.file.Path;

/**
 * What tests of {@link MeshTest} run on. Implement it for a backend of your own, or for a mesh with
 * settings of your own; the class needs a constructor without parameters. One object is made a test
 * class.
 */
public interface TestBackend {
  /**
   * A new, empty mesh that is not open yet; asked for once a test. Clock, waiting and witness are
   * set by the test.
   *
   * @param folder an empty folder of this test alone, which is deleted after it
   */
  Mesh.Builder newMesh(Path folder);

  /** Its name in reports. Default: the name of the class. */
  default String displayName() {
    return getClass().getSimpleName();
  }

  /** Everything in memory: the fastest. */
  final class InMemory implements TestBackend {
    /** Called by the test. */
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

  /** The embedded mesh: SQLite and files in a folder, as {@code LocalMesh} opens it. */
  final class OnDisk implements TestBackend {
    /** Called by the test. */
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
