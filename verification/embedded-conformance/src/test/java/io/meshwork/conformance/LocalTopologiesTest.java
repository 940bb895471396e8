package io.meshwork.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.event.MeshEvent;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.testkit.TestBackend;
import io.meshwork.topology.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Topologies on SQLite, where each catalog has a file, and the features of local folders. */
class LocalTopologiesTest extends TopologyConformance {
  @TempDir private Path folder;

  @Override
  protected TestBackend backend() {
    return new TestBackend.OnDisk();
  }

  private Path lines() {
    Path place = folder.resolve("lines");
    try (Mesh mesh = LocalMesh.builder(place).topology(VirtualWorld.lines()).open()) {
      register(mesh, "commerce");
      register(mesh, "finance");
    }
    return place;
  }

  private static void register(Mesh mesh, String domain) {
    mesh.clientAs(Principal.of(domain, "etl"))
        .registerDomain(domain)
        .owner(domain + "@example.org")
        .commit();
  }

  @Test
  void eachCatalogHasAFileAndTheTopologyIsStored() throws IOException {
    Path place = lines();

    try (Stream<Path> files = Files.list(place.resolve("registry"))) {
      assertThat(files.map(file -> file.getFileName().toString()).filter(f -> f.endsWith(".db")))
          .containsExactlyInAnyOrder("mesh.db", "retail.db", "banking.db");
    }
    try (Mesh mesh = LocalMesh.open(place)) {
      assertThat(mesh.clientAs(Principal.of("finance", "etl")).governance().topology().topology())
          .isEqualTo(VirtualWorld.lines());
    }
  }

  @Test
  void aMeshIsNeverOpenedWithAnotherTopology() {
    Path place = lines();
    Path central = folder.resolve("central");
    LocalMesh.open(central).close();

    assertThatThrownBy(() -> LocalMesh.builder(place).topology(Topology.federated()).open())
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.CONFIG_INVALID))
        .hasMessageContainingAll("banking [finance, risk]", "federated");
    assertThatThrownBy(() -> LocalMesh.builder(place).topology(Topology.central()).open())
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> LocalMesh.builder(central).topology(VirtualWorld.lines()).open())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("central");
    LocalMesh.builder(central).topology(Topology.central()).open().close();
  }

  @Test
  void aLostRegistryIsNeverRecreated() throws IOException {
    Path place = lines();
    Path file = place.resolve("registry").resolve("banking.db");
    Files.delete(file);

    try (Mesh mesh = LocalMesh.open(place)) {
      assertThatThrownBy(() -> register(mesh, "risk"))
          .isInstanceOfSatisfying(
              BackendException.class,
              lost -> assertThat(lost.errorCode()).isEqualTo(ErrorCode.REGISTRY_CORRUPT))
          .hasMessageContainingAll("'banking'", "is missing");
      register(mesh, "commerce");
    }
    assertThat(file).doesNotExist();
  }

  @Test
  void aBackupContainsTheRegistriesOfAllCatalogs() {
    Path place = folder.resolve("shared");
    try (VirtualWorld world = VirtualWorld.in(LocalMesh.builder(place), VirtualWorld.lines())) {
      TopologyProgramSuite.run(world);
    }

    LocalMesh.Copy backup = LocalMesh.backUp(place, folder.resolve("copy"));

    assertThat(backup.damage()).isEmpty();
    try (Mesh copy = LocalMesh.openExisting(Path.of(backup.root()))) {
      assertThat(copy.clientAs(Principal.of("333333333333", "analyst")).requests().sent())
          .hasSize(1);
    }
  }

  @Test
  void aBackupWithoutACatalogFailsAndWritesNothing() throws IOException {
    Path place = lines();
    Files.delete(place.resolve("registry").resolve("banking.db"));
    Path copy = folder.resolve("copy");

    assertThatThrownBy(() -> LocalMesh.backUp(place, copy))
        .isInstanceOfSatisfying(
            BackendException.class,
            lost -> assertThat(lost.errorCode()).isEqualTo(ErrorCode.REGISTRY_CORRUPT))
        .hasMessageContainingAll("Cannot back up", "banking.db", "is missing");
    assertThat(copy).doesNotExist();
  }

  @Test
  void catalogsOfALocalMeshUseTheGivenClock() {
    Instant eight = Instant.parse("2020-01-01T08:00:00Z");
    try (Mesh mesh =
        LocalMesh.builder(folder.resolve("clocked"))
            .topology(VirtualWorld.lines())
            .clock(() -> eight)
            .open()) {
      register(mesh, "commerce");
      assertThat(mesh.clientAs(Principal.of("commerce", "etl")).events("_mesh/@retail").list())
          .extracting(MeshEvent::at)
          .containsExactly(eight, eight, eight);
    }
  }

  @Test
  void restoringOneCatalogKeepsTheOthers() throws IOException {
    Path place = folder.resolve("shared");
    try (VirtualWorld world = VirtualWorld.in(LocalMesh.builder(place), VirtualWorld.lines())) {
      TopologyProgramSuite.run(world);
    }
    LocalMesh.Copy backup = LocalMesh.backUp(place, folder.resolve("copy"));
    Principal commerce = Principal.of("111111111111", "analyst");
    Principal finance = Principal.of("333333333333", "analyst");
    try (Mesh mesh = LocalMesh.open(place)) {
      mesh.clientAs(commerce).subscribe("commerce/sales").name("since").purpose("Own use").commit();
      mesh.clientAs(finance).unlinkResource("finance_db.sales").commit();
    }

    Path file = place.resolve("registry").resolve("banking.db");
    for (String lost : List.of("banking.db", "banking.db-wal", "banking.db-shm")) {
      Files.deleteIfExists(file.resolveSibling(lost));
    }
    Files.copy(Path.of(backup.root()).resolve("registry").resolve("banking.db"), file);

    try (Mesh mesh = LocalMesh.openExisting(place)) {
      assertThat(mesh.doctor().problems()).isEmpty();
      assertThat(mesh.clientAs(finance).links()).as("as of the backup").hasSize(1);
      assertThat(mesh.clientAs(commerce).events("commerce").list())
          .as("unchanged")
          .anyMatch(event -> event.json().contains("since"));
    }
  }
}
