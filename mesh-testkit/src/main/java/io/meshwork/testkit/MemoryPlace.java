package io.meshwork.testkit;

import io.meshwork.Mesh;
import io.meshwork.MeshBuilder;
import io.meshwork.registry.Registry;
import java.util.Optional;

/** Registry and files in memory that stay when a mesh is closed. */
record MemoryPlace(InMemoryRegistry registry, MemoryFileIO files) implements MeshPlace {
  private static final String ROOT = "memory:/mesh";

  @Override
  public MeshBuilder open() {
    return Mesh.over(new Staying(registry), files, ROOT);
  }

  @Override
  public Optional<MeshPlace> copy() {
    return Optional.of(new MemoryPlace(registry.copy(), files.copy()));
  }

  @Override
  public void close() {
    registry.close();
  }

  /** A registry that is not closed with its mesh. */
  private static final class Staying extends ThroughRegistry {
    Staying(Registry real) {
      super(real);
    }

    @Override
    public void close() {}
  }
}
