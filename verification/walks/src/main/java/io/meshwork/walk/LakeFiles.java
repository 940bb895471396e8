package io.meshwork.walk;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Contents of Parquet files of another program, the same for all walks. Immutable. */
final class LakeFiles {
  private static final int COUNT = 12;
  private static final long FIRST = 5_000_000;

  private final List<byte[]> contents;

  private LakeFiles(List<byte[]> contents) {
    this.contents = List.copyOf(contents);
  }

  static LakeFiles create() throws IOException {
    Path folder = FileTree.temporary("walk-lake");
    List<byte[]> contents = new ArrayList<>();
    try (Mesh mesh =
        LocalMesh.builder(folder.resolve("scratch"))
            .clock(() -> Instant.parse("2025-01-01T00:00:00Z"))
            .testing()
            .idSeed(7)
            .open()) {
      MeshClient lake = mesh.clientAs(Principal.of("lake", "etl"));
      lake.registerDomain("lake").owner("lake@example.org").commit();
      lake.defineProduct("lake/files").contract(Contract.of(Item.class)).commit();
      for (int index = 0; index < COUNT; index++) {
        lake.publish("lake/files").replaceAll().records(Item.all(ids(index))).commit();
        contents.add(Files.readAllBytes(Path.of(lake.read("lake/files").files().get(0))));
      }
    } finally {
      FileTree.delete(folder);
    }
    return new LakeFiles(contents);
  }

  static List<Long> ids(int index) {
    return List.of(FIRST + index * 2, FIRST + index * 2 + 1);
  }

  int count() {
    return contents.size();
  }

  byte[] content(int index) {
    return contents.get(index);
  }
}
