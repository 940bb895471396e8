package io.meshwork.conformance;

import io.meshwork.Mesh;
import io.meshwork.testkit.InMemoryMesh;
import io.meshwork.testkit.TestBackend;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The operations of a mesh in memory whose executor never has a thread free. What was given to it
 * runs as late as possible: rows are written after the next ones were read, and read when they are
 * needed.
 */
class BusyExecutorTest extends MeshConformance {
  @Override
  protected TestBackend backend() {
    return new BusyExecutor();
  }

  private static final class BusyExecutor implements TestBackend {
    @Override
    public Mesh.Builder newMesh(Path folder) {
      return InMemoryMesh.builder().executor(task -> {});
    }

    @Override
    public Optional<String> placeOfData(Path folder, String name) {
      return Optional.of("memory:/" + name);
    }

    @Override
    public String displayName() {
      return "in memory, executor busy";
    }
  }
}
