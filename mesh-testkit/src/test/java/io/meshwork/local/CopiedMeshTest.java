package io.meshwork.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshException;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A mesh that lies elsewhere than where it was made. */
class CopiedMeshTest {
  record Reading(String sensor, long value) {}

  private static final String PRODUCT = "lab/readings";

  @TempDir private Path folder;
  private Path original;
  private Path elsewhere;

  @BeforeEach
  void makeTheOriginal() throws IOException {
    Path real = folder.toRealPath();
    original = real.resolve("original");
    elsewhere = real.resolve("elsewhere");
    try (Mesh mesh = LocalMesh.open(original)) {
      MeshClient lab = lab(mesh);
      lab.registerDomain("lab").ownedBy("lab@example.org").commit();
      lab.defineProduct(PRODUCT).contract(Contract.of(Reading.class)).commit();
    }
    publish(original, 3);
  }

  @Test
  void aCopyIsRefusedNamingBothPlacesAndTheOriginalStaysAsItWas() throws Exception {
    FolderContent.copy(original, elsewhere);
    SortedMap<String, String> originalBefore = FolderContent.of(original);
    SortedMap<String, String> copyBefore = FolderContent.of(elsewhere);

    assertRefused(LocalMesh::open);
    assertRefused(LocalMesh::openExisting);

    assertThat(FolderContent.of(original)).isEqualTo(originalBefore);
    assertThat(FolderContent.of(elsewhere)).isEqualTo(copyBefore);
    assertWholeWith(original, 3);
  }

  @Test
  void aMeshThatWasMovedIsRefusedUntilItIsMovedBack() throws Exception {
    Files.move(original, elsewhere);

    assertRefused(LocalMesh::open);

    Files.move(elsewhere, original);
    publish(original, 1);
    assertWholeWith(original, 4);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aMovedMeshWithALinkInItsOldPlaceIsOpenedUnderItsOldName() throws Exception {
    Files.move(original, elsewhere);
    Files.createSymbolicLink(original, elsewhere);

    publish(elsewhere, 1);
    publish(original, 1);

    assertWholeWith(elsewhere, 5);
    assertThat(locations(elsewhere)).allMatch(file -> file.startsWith(original + "/data/"));
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void anotherSpellingOfTheFolderOpensTheSameMeshAndWritesTheFirstSpelling() throws Exception {
    Path link = folder.toRealPath().resolve("link");
    Files.createSymbolicLink(link, original.getParent());

    publish(link.resolve("original"), 1);
    publish(original.resolve("..").resolve("original"), 1);

    assertWholeWith(original, 5);
    assertThat(locations(link.resolve("original")))
        .hasSize(5)
        .allMatch(file -> file.startsWith(original + "/data/"));
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aMeshThatIsMadeThroughALinkIsKnownByItsRealPlace() throws Exception {
    Path link = folder.toRealPath().resolve("link");
    Files.createSymbolicLink(link, original.getParent());

    try (Mesh mesh = LocalMesh.open(link.resolve("second"))) {
      MeshClient lab = lab(mesh);
      lab.registerDomain("lab").ownedBy("lab@example.org").commit();
      lab.defineProduct(PRODUCT).contract(Contract.of(Reading.class)).commit();
    }
    Files.delete(link);
    Path second = original.resolveSibling("second");
    publish(second, 1);

    assertThat(locations(second)).allMatch(file -> file.startsWith(second + "/data/"));
  }

  private void assertRefused(Function<Path, Mesh> door) {
    assertThatThrownBy(() -> door.apply(elsewhere).close())
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.CONFIG_INVALID))
        .hasMessageContainingAll(
            original.toString(), elsewhere.toString(), "Nothing was changed", "back");
  }

  private static void assertWholeWith(Path place, int publishes) {
    try (Mesh mesh = LocalMesh.openExisting(place)) {
      assertThat(mesh.doctor().findings()).isEmpty();
      assertThat(lab(mesh).receipts(PRODUCT)).hasSize(publishes);
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
          .forEach(i -> lab(mesh).publish(PRODUCT).records(List.of(new Reading("a", i))).commit());
    }
  }

  private static MeshClient lab(Mesh mesh) {
    return mesh.actingAs(Principal.of("lab", "etl"));
  }
}
