package io.meshwork.local;

import io.meshwork.MeshBuilder;
import io.meshwork.testkit.MeshConformance;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

class LocalMeshConformanceTest extends MeshConformance {
  @TempDir private Path folder;
  private int meshes;

  @Override
  protected MeshBuilder mesh() {
    meshes++;
    return LocalMesh.in(place());
  }

  @Override
  protected Optional<MeshBuilder> sameMesh() {
    return Optional.of(LocalMesh.in(place()));
  }

  private Path place() {
    return folder.resolve("mesh-" + meshes);
  }
}
