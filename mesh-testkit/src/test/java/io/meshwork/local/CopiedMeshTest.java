package io.meshwork.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshException;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A mesh that was copied or moved. */
class CopiedMeshTest {
  private static final String PRODUCT = "lab/readings";

  @TempDir private Path folder;
  private Path original;
  private Path elsewhere;

  @BeforeEach
  void createTheOriginal() throws IOException {
    Path real = folder.toRealPath();
    original = real.resolve("original");
    elsewhere = real.resolve("elsewhere");
    try (Mesh mesh = LocalMesh.open(original)) {
      MeshClient lab = lab(mesh);
      lab.registerDomain("lab").owner("lab@example.org").commit();
      lab.defineProduct(PRODUCT).contract(Contract.of(SensorReading.class)).commit();
    }
    publish(original, 3);
  }

  @Test
  void aCopyIsASeparateMesh() throws Exception {
    FolderContent.copy(original, elsewhere);
    SortedMap<String, String> originalBefore = FolderContent.of(original);

    publish(elsewhere, 25);

    assertThat(FolderContent.of(original)).isEqualTo(originalBefore);
    assertWholeWith(elsewhere, 28);
    assertThat(locations(elsewhere))
        .hasSize(28)
        .allMatch(file -> file.startsWith(elsewhere + "/data/"))
        .allMatch(file -> Files.exists(Path.of(file)));
    assertWholeWith(original, 3);
  }

  @Test
  void damageOfACopyIsFoundInTheCopyOnly() throws Exception {
    FolderContent.copy(original, elsewhere);
    Files.delete(Path.of(locations(elsewhere).get(0)));

    try (Mesh mesh = LocalMesh.openExisting(elsewhere)) {
      assertThat(mesh.doctor().problems())
          .extracting(Finding::code)
          .contains(FindingCode.FILE_MISSING);
    }
    assertWholeWith(original, 3);
  }

  @Test
  void aMovedMeshIsUsable() throws Exception {
    Files.move(original, elsewhere);

    publish(elsewhere, 1);

    assertWholeWith(elsewhere, 4);
    assertThat(Files.exists(original)).isFalse();
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void everySpellingOfTheFolderOpensTheSameMesh() throws Exception {
    Path link = folder.toRealPath().resolve("link");
    Files.createSymbolicLink(link, original.getParent());

    publish(link.resolve("original"), 1);
    publish(original.resolve("..").resolve("original"), 1);

    assertWholeWith(original, 5);
  }

  private static void assertWholeWith(Path place, int publishes) {
    try (Mesh mesh = LocalMesh.openExisting(place)) {
      assertThat(mesh.doctor().findings()).isEmpty();
      assertThat(lab(mesh).publishHistory(PRODUCT).receipts()).hasSize(publishes);
    }
  }

  private static List<String> locations(Path place) throws MeshException {
    try (Mesh mesh = LocalMesh.openExisting(place)) {
      return lab(mesh).read(PRODUCT).files();
    }
  }

  private static void publish(Path place, int times) {
    try (Mesh mesh = LocalMesh.openExisting(place)) {
      IntStream.range(0, times)
          .forEach(
              i -> lab(mesh).publish(PRODUCT).records(List.of(new SensorReading(i, 20))).commit());
    }
  }

  private static MeshClient lab(Mesh mesh) {
    return mesh.clientAs(Principal.of("lab", "etl"));
  }
}
