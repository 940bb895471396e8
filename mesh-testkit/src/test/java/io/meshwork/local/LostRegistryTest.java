package io.meshwork.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.contract.Contract;
import io.meshwork.error.AlreadyExistsException;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.SortedMap;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mesh folder whose registry is missing or belongs to another mesh. */
class LostRegistryTest {
  @TempDir private Path folder;
  private Path place;
  private Path registry;

  @BeforeEach
  void createAMesh() {
    place = folder.resolve("mesh");
    registry = make(place);
  }

  @Test
  void aMissingRegistryIsDamage() throws Exception {
    Files.delete(registry);

    assertLost();
  }

  @Test
  void aMissingRegistryFolderIsDamage() throws Exception {
    Files.delete(registry);
    Files.delete(registry.getParent());

    assertLost();
  }

  @Test
  void anEmptyRegistryFileIsDamage() throws Exception {
    Files.write(registry, new byte[0]);

    assertLost();
  }

  /** As after the -wal file of a killed process was deleted. */
  @Test
  void aRegistryWithOnlyAHeaderIsDamage() throws Exception {
    Files.delete(registry);
    sql("PRAGMA journal_mode = WAL");

    assertLost();
  }

  @Test
  void aRegistryWithoutADocumentIsDamage() throws Exception {
    sql("DELETE FROM document");

    assertLost();
  }

  @Test
  void theRegistryOfAnotherMeshIsRejected() throws Exception {
    Path before = folder.resolve("before");
    Files.move(place, before);
    make(place);
    Files.copy(before.resolve("registry/mesh.db"), registry, StandardCopyOption.REPLACE_EXISTING);

    assertLost();
  }

  /** No writer creates tables without their product, so a retry would not succeed. */
  @Test
  void aProductWithoutItsDocumentIsNotDefinedAgain() throws Exception {
    try (Mesh mesh = LocalMesh.openExisting(place)) {
      define(mesh);
    }
    sql("DELETE FROM document WHERE partition = 'lab' AND sort LIKE '%readings'");
    SortedMap<String, String> before = FolderContent.of(place.resolve("data"));

    try (Mesh mesh = LocalMesh.openExisting(place)) {
      assertThatThrownBy(() -> define(mesh))
          .isInstanceOf(AlreadyExistsException.class)
          .hasMessageContainingAll("lab/readings", "lab.readings_v1", "Nothing was changed");
    }

    assertThat(FolderContent.of(place.resolve("data"))).isEqualTo(before);
  }

  private static void define(Mesh mesh) {
    mesh.clientAs(Principal.of("lab", "etl"))
        .defineProduct("lab/readings")
        .contract(Contract.of(SensorReading.class))
        .commit();
  }

  private void assertLost() throws IOException {
    SortedMap<String, String> before = FolderContent.of(place);
    assertLost(LocalMesh::open);
    assertLost(LocalMesh::openExisting);
    assertThat(FolderContent.of(place)).isEqualTo(before);
  }

  private void assertLost(Function<Path, Mesh> door) {
    assertThatThrownBy(() -> door.apply(place).close())
        .isInstanceOfSatisfying(
            BackendException.class,
            lost -> {
              assertThat(lost.errorCode()).isEqualTo(ErrorCode.REGISTRY_CORRUPT);
              assertThat(lost.retryable()).isFalse();
            })
        .hasMessageContainingAll(registry.toString(), "backup", "was");
  }

  private static Path make(Path place) {
    try (Mesh mesh = LocalMesh.open(place)) {
      mesh.clientAs(Principal.of("lab", "etl"))
          .registerDomain("lab")
          .owner("lab@example.org")
          .commit();
    }
    return place.resolve("registry").resolve("mesh.db");
  }

  private void sql(String command) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + registry);
        Statement statement = connection.createStatement()) {
      statement.execute(command);
    }
  }
}
