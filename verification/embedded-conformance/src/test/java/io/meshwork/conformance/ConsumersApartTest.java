package io.meshwork.conformance;

import io.meshwork.Mesh;
import io.meshwork.testkit.InMemoryMesh;
import io.meshwork.testkit.TestBackend;
import java.nio.file.Path;
import java.util.Optional;

/** The operations of a mesh in memory that keeps consumers apart, as a mesh on AWS does. */
class ConsumersApartTest extends MeshConformance {
  @Override
  protected TestBackend backend() {
    return new ConsumersApart();
  }

  /** The mesh in memory, whose domains never write as consumers to their own partitions. */
  private static final class ConsumersApart implements TestBackend {
    @Override
    public Mesh.Builder newMesh(Path folder) {
      return InMemoryMesh.builder().partitionConsumers();
    }

    @Override
    public Optional<String> placeOfData(Path folder, String name) {
      return Optional.of("memory:/" + name);
    }

    @Override
    public String displayName() {
      return "in memory, consumers apart";
    }
  }
}
