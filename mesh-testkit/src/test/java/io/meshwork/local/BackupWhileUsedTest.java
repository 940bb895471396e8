package io.meshwork.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.product.Principal;
import io.meshwork.topology.Topology;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A backup of a mesh in which products and domains are created while it is copied. */
class BackupWhileUsedTest {
  private static final String READINGS = "commerce/readings";
  private static final String LATER = "commerce/later";
  private static final String RISKS = "risk/risks";

  @TempDir private Path temporary;

  private static MeshClient owner(Mesh mesh, String product) {
    return mesh.clientAs(Principal.of(product.substring(0, product.indexOf('/')), "etl"));
  }

  private static void register(Mesh mesh, String product) {
    String domain = product.substring(0, product.indexOf('/'));
    owner(mesh, product).registerDomain(domain).owner(domain + "@example.org").commit();
    define(mesh, product);
  }

  private static void define(Mesh mesh, String product) {
    owner(mesh, product).defineProduct(product).contract(Contract.of(SensorReading.class)).commit();
    publish(mesh, product);
  }

  private static void publish(Mesh mesh, String product) {
    owner(mesh, product).publish(product).records(List.of(new SensorReading(1, 20))).commit();
  }

  private static long rows(Mesh mesh, String product) {
    try (Rows<SensorReading> rows =
        owner(mesh, product).read(product).as(SensorReading.class).rows()) {
      return rows.stream().count();
    }
  }

  private Path mesh(Topology topology) {
    Path folder = temporary.resolve("folder");
    try (Mesh mesh = LocalMesh.builder(folder).topology(topology).open()) {
      register(mesh, READINGS);
      register(mesh, "finance/readings");
    }
    return folder;
  }

  private static Set<String> tables(Path folder) throws Exception {
    Set<String> tables = new HashSet<>();
    try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
      files
          .filter(Files::isRegularFile)
          .map(file -> folder.resolve("data").relativize(file))
          .forEach(file -> tables.add(file.getName(0) + "/" + file.getName(1)));
    }
    return tables;
  }

  static Stream<Topology> topologies() {
    return Stream.of(
        Topology.central(),
        Topology.federated(),
        Topology.byLineOfBusiness(
            Map.of("retail", Set.of("commerce"), "banking", Set.of("finance", "risk"))));
  }

  /** Between the directory and the catalogs; of a central mesh, between registry and files. */
  @ParameterizedTest
  @MethodSource("topologies")
  void productsAndDomainsOfALaterTimeAreCompleteOrLeftOut(Topology topology) throws Exception {
    Path folder = mesh(topology);
    Path target = temporary.resolve("backup");
    LocalMesh.Copy backup;
    try (Mesh mesh = LocalMesh.openExisting(folder)) {
      backup =
          MeshBackup.run(
              folder,
              target,
              new DiskWithSteps(
                  file -> {
                    if (file.equals(target.resolve("registry/mesh.db"))) {
                      define(mesh, LATER);
                      register(mesh, RISKS);
                      publish(mesh, READINGS);
                    }
                  }));
      assertThat(mesh.doctorWithChecksums().findings()).isEmpty();
    }

    assertThat(backup.damage()).isEmpty();
    try (Mesh copy = LocalMesh.openExisting(target)) {
      assertThat(copy.doctorWithChecksums().problems()).isEmpty();
      assertThat(rows(copy, READINGS)).isPositive();
      assertThat(rows(copy, "finance/readings")).isEqualTo(1);
      publish(copy, READINGS);
      // What is not in the copy can be created again.
      if (!tables(target).contains("risk/risks_v1")) {
        register(copy, RISKS);
      }
      assertThat(rows(copy, RISKS)).isEqualTo(1);
      assertThat(copy.doctorWithChecksums().problems()).isEmpty();
    }
  }

  /** After a catalog was copied, before its files are copied. */
  @ParameterizedTest
  @ValueSource(strings = {"mesh", "commerce", "finance"})
  void tablesThatNoCopiedRegistryNamesAreLeftOut(String registry) throws Exception {
    Path folder = mesh(registry.equals("mesh") ? Topology.central() : Topology.federated());
    Path target = temporary.resolve("backup");

    LocalMesh.Copy backup =
        MeshBackup.run(
            folder,
            target,
            new DiskWithSteps(
                file -> {
                  if (file.equals(target.resolve("registry/" + registry + ".db"))) {
                    try (Mesh mesh = LocalMesh.openExisting(folder)) {
                      define(mesh, LATER);
                    }
                  }
                }));

    assertThat(backup.damage()).isEmpty();
    assertThat(tables(target))
        .contains("commerce/readings_v1", "finance/readings_v1")
        .doesNotContain("commerce/later_v1");
    try (Mesh copy = LocalMesh.openExisting(target)) {
      define(copy, LATER);
      assertThat(rows(copy, LATER)).isEqualTo(1);
      assertThat(copy.doctorWithChecksums().findings()).isEmpty();
    }
  }

  /** Damage of the mesh is still in the copy, which names it. */
  @Test
  void theFilesOfATableThatTheRegistryLostBeforeTheBackupAreCopied() throws Exception {
    Path folder = mesh(Topology.central());
    Path lost = folder.resolve("data/commerce/lost_v1/p.parquet");
    Files.createDirectories(lost.getParent());
    Files.writeString(lost, "rows");

    LocalMesh.Copy backup = LocalMesh.backUp(folder, temporary.resolve("backup"));

    assertThat(backup.damage()).isNotEmpty();
    assertThat(tables(Path.of(backup.root()))).contains("commerce/lost_v1");
  }
}
