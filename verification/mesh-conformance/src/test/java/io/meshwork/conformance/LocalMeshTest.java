package io.meshwork.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.MeshBuilder;
import io.meshwork.local.LocalMesh;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** SQLite and files of a local disk. */
class LocalMeshTest extends MeshConformance {
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

  @Override
  void compactSales() {
    EngineCompaction.of(place(), "commerce/spark", TableIdentifier.of("commerce", "sales_v1"));
  }

  private Path place() {
    return folder.resolve("mesh-" + meshes);
  }

  @AfterEach
  void noUnfinishedFileIsLeftOnTheDisk() throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      List<Path> unfinished = paths.filter(path -> path.toString().endsWith(".tmp")).toList();
      assertThat(unfinished).isEmpty();
    }
  }
}
