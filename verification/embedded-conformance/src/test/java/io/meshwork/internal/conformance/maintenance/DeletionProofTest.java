package io.meshwork.internal.conformance.maintenance;

import static io.meshwork.internal.conformance.fixture.AmendedOrders.LESS;
import static io.meshwork.internal.conformance.fixture.AmendedOrders.MORE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import io.meshwork.contract.ServiceLevel;
import io.meshwork.error.BackendException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.local.LocalMesh;
import io.meshwork.maintenance.Maintain;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.maintenance.MeshDiagnosis;
import io.meshwork.product.Principal;
import io.meshwork.publish.Erase;
import io.meshwork.publish.StagedPublish;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.testkit.ManualClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.SupportsPrefixOperations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Maintenance deletes only what this mesh is known to have written and to need no longer. */
class DeletionProofTest {
  @TempDir private Path folder;
  @TempDir private Path other;
  private final ManualClock clock = ManualClock.at(Instant.parse("2026-01-01T00:00:00Z"));

  private Mesh open() {
    return LocalMesh.builder(folder).clock(clock).open();
  }

  private static MeshClient shop(Mesh mesh) {
    return mesh.clientAs(Principal.of("shop", "etl"));
  }

  private void define() {
    try (Mesh mesh = open()) {
      shop(mesh).registerDomain("shop").owner("s@x").commit();
      shop(mesh).defineProduct("shop/orders").contract(Contract.of(Order.class)).commit();
    }
    publish(1);
  }

  private void publish(long id) {
    try (Mesh mesh = open()) {
      shop(mesh).publish("shop/orders").records(Order.range(id, id + 1)).commit();
    }
  }

  private Set<Path> rows() {
    return rows(folder.resolve("data/shop/orders_v1"));
  }

  private static Set<Path> rows(Path table) {
    try (Stream<Path> files = Files.walk(table)) {
      return files
          .filter(file -> file.toString().endsWith(".parquet"))
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<FindingCode> codes(MeshDiagnosis diagnosis) {
    return diagnosis.findings().stream().map(finding -> finding.code()).toList();
  }

  @Test
  void theRegistrysFilesHaveNoErasedValueWhileTheMeshIsOpen() throws IOException {
    define();
    try (Mesh mesh = open()) {
      shop(mesh).publish("shop/orders").records(Order.range(2, 3)).commit();
      shop(mesh)
          .erase("shop/orders")
          .where("customer = 'customer 2'")
          .because("a request")
          .commit();
      assertThat(registryFiles()).contains("customer 2");

      shop(mesh)
          .erase("shop/orders")
          .where("customer = 'customer 2'")
          .because("a request")
          .withProof()
          .commit();

      assertThat(registryFiles()).doesNotContain("customer 2");
    }
  }

  private String registryFiles() throws IOException {
    StringBuilder content = new StringBuilder();
    try (Stream<Path> files = Files.list(folder.resolve("registry"))) {
      for (Path file : files.toList()) {
        content.append(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    return content.toString();
  }

  @Test
  void rowsOfACommitThatTheRegistryLostStayAlsoAfterLaterPublishes() throws IOException {
    define();
    Path registry = folder.resolve("registry/mesh.db");
    byte[] yesterday = Files.readAllBytes(registry);
    publish(2);
    Set<Path> rows = rows();
    Files.write(registry, yesterday);
    clock.advance(Duration.ofHours(30));
    try (Mesh mesh = open()) {
      assertThat(codes(mesh.doctor())).contains(FindingCode.REGISTRY_BEHIND);
      mesh.maintain().commit();
    }
    assertThat(rows()).containsAll(rows);

    publish(3);
    publish(4);
    clock.advance(Duration.ofDays(30));
    try (Mesh mesh = open()) {
      mesh.maintain().commit();
      assertThat(codes(mesh.doctor())).contains(FindingCode.UNKNOWN_FILES);
    }
    assertThat(rows()).containsAll(rows);
  }

  /** The state after a process ended between its commit and the write of last_updated.json. */
  @Test
  void aSnapshotThatExpiredSinceLastUpdatedWasWrittenIsNotALostCommit() throws IOException {
    define();
    Path lastUpdated = folder.resolve("data/shop/orders_v1/_metadata/last_updated.json");
    byte[] first = Files.readAllBytes(lastUpdated);
    publish(2);
    Files.write(lastUpdated, first);
    Path leftover = leftoverOfTheNewestAttempt();
    clock.advance(Duration.ofDays(120));
    try (Mesh mesh = open()) {
      assertThat(mesh.maintain().commit().total(Work.SNAPSHOTS_EXPIRED)).isPositive();
      mesh.maintain().commit();

      assertThat(codes(mesh.doctor())).doesNotContain(FindingCode.UNKNOWN_FILES);
    }
    assertThat(leftover).doesNotExist();
    assertThat(Files.readString(lastUpdated)).doesNotContain("registry_incomplete_until");
  }

  @Test
  void aCommitWhileMaintenanceReadsLastUpdatedIsNotALostCommit() throws IOException {
    define();
    Path leftover = leftoverOfTheNewestAttempt();
    clock.advance(Duration.ofDays(8));
    AtomicInteger reads = new AtomicInteger();
    try (Mesh mesh =
        LocalMesh.builder(folder)
            .clock(clock)
            .testing()
            .wrapFiles(
                real ->
                    beforeReading(
                        "last_updated.json", real, () -> publish(2 + reads.getAndIncrement())))
            .open()) {
      assertThat(codes(mesh.doctor()))
          .contains(FindingCode.LEFTOVER_FILES)
          .doesNotContain(FindingCode.UNKNOWN_FILES, FindingCode.REGISTRY_BEHIND);
      mesh.maintain().commit();
    }
    assertThat(reads.get()).isPositive();
    assertThat(leftover).doesNotExist();
  }

  private static FileIO beforeReading(String name, FileIO real, Runnable action) {
    return (FileIO)
        Proxy.newProxyInstance(
            FileIO.class.getClassLoader(),
            new Class<?>[] {FileIO.class, SupportsPrefixOperations.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("newInputFile")
                  && arguments[0].toString().endsWith(name)) {
                action.run();
              }
              return method.invoke(real, arguments);
            });
  }

  /** A file that a publish wrote before its process ended. */
  private Path leftoverOfTheNewestAttempt() throws IOException {
    Path newest = rows().stream().max(Comparator.comparing(Path::getFileName)).orElseThrow();
    Path leftover =
        newest.resolveSibling(newest.getFileName().toString().replace("-0.parquet", "-1.parquet"));
    return Files.copy(newest, leftover);
  }

  @Test
  void aFileOfAnUnknownWriterIsKeptWhateverItsTimeAndListedUntilAPersonNamesIt()
      throws IOException {
    define();
    Path data = rows().iterator().next();
    Path copied = data.resolveSibling("part-00000.parquet");
    Files.copy(data, copied);
    Files.setLastModifiedTime(copied, FileTime.from(Instant.parse("2025-01-01T00:00:00Z")));
    clock.advance(Duration.ofDays(30));
    try (Mesh mesh = open()) {
      mesh.maintain().commit();
      assertThat(copied).exists();
      String location =
          mesh.doctor().findings().stream()
              .filter(finding -> finding.code() == FindingCode.UNKNOWN_FILES)
              .findFirst()
              .orElseThrow()
              .samples()
              .get(0);
      String used = location.replace("part-00000.parquet", data.getFileName().toString());
      assertThatThrownBy(() -> mesh.maintain().delete(used).commit())
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("needs it");
      assertThatThrownBy(() -> mesh.maintain().delete("mesh:/registry/mesh.db").commit())
          .isInstanceOf(InvalidRequestException.class);

      mesh.maintain().delete(location).commit();
      assertThat(copied).doesNotExist();
      assertThat(data).exists();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rows.parquet", "shop/rows.parquet", "shop/orders_old/data/rows.parquet"})
  void aFileInNoTablesFolderIsListedAndDeletedOnlyIfNamed(String place) throws IOException {
    define();
    Path copied = folder.resolve("data").resolve(place);
    Files.createDirectories(copied.getParent());
    Files.copy(rows().iterator().next(), copied);
    clock.advance(Duration.ofDays(30));
    try (Mesh mesh = open()) {
      mesh.maintain().commit();
      assertThat(copied).exists();
      assertThat(mesh.doctor().findings())
          .singleElement()
          .satisfies(
              finding -> {
                assertThat(finding.code()).isEqualTo(FindingCode.UNKNOWN_FILES);
                assertThat(finding.samples()).containsExactly("mesh:/data/" + place);
              });

      mesh.maintain().delete("mesh:/data/" + place).commit();
      assertThat(copied).doesNotExist();
      assertThat(mesh.doctor().findings()).isEmpty();
    }
    assertThat(ids()).hasSize(1);
  }

  @Test
  void rowsThatAreLeftOfAPurgedVersionDoNotMeanThatTheNextOneIsLost() throws IOException {
    define();
    Path rows = rows().iterator().next();
    try (Mesh mesh = open()) {
      rollOut(mesh).abort().because("Not now").commit();
      clock.advance(Duration.ofDays(30));
      shop(mesh).rollout("shop/orders").purge().because("Not now").commit();
    }
    Path left = folder.resolve("data/shop/orders_v2/data/part-0.parquet");
    Files.createDirectories(left.getParent());
    Files.copy(rows, left);
    Path first = folder.resolve("data/shop/orders_v3/metadata/00000-x.metadata.json");
    Files.createDirectories(first.getParent());
    Files.writeString(first, "{}");
    try (Mesh mesh = open()) {
      assertThat(codes(mesh.doctor())).doesNotContain(FindingCode.TABLE_MISSING);
    }
  }

  @Test
  void theOnlyCopyOfAMissingFileIsKeptInNoTablesFolder() throws IOException {
    define();
    Path data = rows().iterator().next();
    Path moved = Files.move(data, folder.resolve("data/shop").resolve(data.getFileName()));
    try (Mesh mesh = open()) {
      assertThatThrownBy(
              () -> mesh.maintain().delete("mesh:/data/shop/" + moved.getFileName()).commit())
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("a retained snapshot references a file of its name");
    }
    assertThat(moved).exists();
  }

  @Test
  void aFileInNoTablesFolderIsNotDeletedBehindALinkOutOfTheMesh() throws IOException {
    define();
    Path theirs = Files.writeString(other.resolve("precious.txt"), "theirs");
    Files.createSymbolicLink(folder.resolve("data/shop/linked"), other);
    try (Mesh mesh = open()) {
      assertThatThrownBy(
              () -> mesh.maintain().delete("mesh:/data/shop/linked/precious.txt").commit())
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("it is behind a link to");
    }
    assertThat(theirs).exists();
  }

  @Test
  void nothingIsDeletedBehindALinkToAnotherFolder() throws IOException {
    define();
    Path leftover = leftoverOfTheNewestAttempt();
    Path elsewhere = Files.createDirectories(other.resolve("mesh-of-others"));
    Path theirs = Files.move(leftover, elsewhere.resolve(leftover.getFileName()));
    Files.createSymbolicLink(leftover.resolveSibling("region=x"), elsewhere);
    clock.advance(Duration.ofDays(30));
    try (Mesh mesh = open()) {
      mesh.maintain().commit();
      String listed = "mesh:/data/shop/orders_v1/data/region=x/" + leftover.getFileName();
      assertThatThrownBy(() -> mesh.maintain().delete(listed).commit())
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("it is behind a link to");
    }
    assertThat(theirs).exists();
  }

  @Test
  void aFileOfATableThatTheRegistryLostIsNotDeletedThoughItIsNamed() throws IOException {
    byte[] before;
    try (Mesh mesh = open()) {
      shop(mesh).registerDomain("shop").owner("s@x").commit();
    }
    before = registry();
    define();
    Path data = rows().iterator().next();
    putRegistry(before);
    try (Mesh mesh = open()) {
      assertThatThrownBy(
              () ->
                  mesh.maintain()
                      .delete("mesh:/data/shop/orders_v1/data/" + data.getFileName())
                      .commit())
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("the registry has no pointer to its table");
    }
    assertThat(data).exists();
  }

  @Test
  void theOnlyCopyOfAMissingFileIsKeptAndNamed() throws IOException {
    define();
    Path data = rows().iterator().next();
    Path moved = data.getParent().resolve("moved").resolve(data.getFileName());
    Files.createDirectories(moved.getParent());
    Files.move(data, moved);
    clock.advance(Duration.ofDays(30));
    try (Mesh mesh = open()) {
      mesh.maintain().commit();
      assertThat(moved).exists();
      assertThat(mesh.doctor().problems())
          .anySatisfy(
              finding -> {
                assertThat(finding.code()).isEqualTo(FindingCode.FILE_MISSING);
                assertThat(finding.what()).contains("/moved/");
              });
    }
  }

  private Set<Path> files() {
    try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
      return files.filter(Files::isRegularFile).collect(Collectors.toCollection(TreeSet::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a change, puts the registry of before in place, and checks that maintenance waits. */
  private void assertKeptBehind(Consumer<Mesh> change) throws IOException {
    Path registry = folder.resolve("registry/mesh.db");
    byte[] yesterday = Files.readAllBytes(registry);
    try (Mesh mesh = open()) {
      change.accept(mesh);
    }
    Files.write(registry, yesterday);
    clock.advance(Duration.ofDays(40));
    Set<Path> before = files();
    try (Mesh mesh = open()) {
      assertThat(codes(mesh.doctor())).contains(FindingCode.REGISTRY_BEHIND);
      mesh.maintain().commit();
    }
    assertThat(files()).containsAll(before);
  }

  @Test
  void aLostAmendmentIsAFinding() throws IOException {
    define();
    assertKeptBehind(mesh -> shop(mesh).amendContract("shop/orders").contract(MORE).commit());
  }

  @Test
  void aLostStagedPublishIsAFinding() throws IOException {
    define();
    assertKeptBehind(mesh -> shop(mesh).publish("shop/orders").records(Order.range(2, 3)).stage());
  }

  @Test
  void aLostStagedPublishOfAProductWithoutRowsIsAFinding() throws IOException {
    try (Mesh mesh = open()) {
      shop(mesh).registerDomain("shop").owner("s@x").commit();
      shop(mesh).defineProduct("shop/orders").contract(Contract.of(Order.class)).commit();
    }
    assertKeptBehind(mesh -> shop(mesh).publish("shop/orders").records(Order.range(2, 3)).stage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "{\"format\":1"})
  void metadataOfACommitIsAFindingWhileLastUpdatedIsMissingOrDamaged(String content)
      throws IOException {
    define();
    byte[] yesterday;
    Path lastUpdated = folder.resolve("data/shop/orders_v1/_metadata/last_updated.json");
    try (Mesh mesh = open()) {
      shop(mesh).publish("shop/orders").records(Order.range(2, 3)).commit();
      yesterday = copyOfRegistry();
      shop(mesh).publish("shop/orders").records(Order.range(3, 4)).commit();
    }
    Set<Path> rows = rows();
    putRegistry(yesterday);
    if (content.isEmpty()) {
      Files.delete(lastUpdated);
    } else {
      Files.writeString(lastUpdated, content);
    }
    clock.advance(Duration.ofDays(2));
    try (Mesh mesh = open()) {
      assertThat(codes(mesh.doctor())).contains(FindingCode.REGISTRY_BEHIND);
      mesh.maintain().commit();
    }
    assertThat(rows()).containsAll(rows);
  }

  @Test
  void aLostRolloutIsAFinding() throws IOException {
    define();
    assertKeptBehind(DeletionProofTest::rollOut);
  }

  private static MajorRollout rollOut(Mesh mesh) {
    return shop(mesh)
        .startRollout("shop/orders")
        .contract(LESS)
        .because("Customers are elsewhere")
        .commit();
  }

  @Test
  void aVersionThatALostCommitTookIntoUseAgainIsNotPurged() throws IOException {
    define();
    byte[] yesterday;
    try (Mesh mesh = open()) {
      rollOut(mesh).backFill().commit().activate().commit().announce().commit();
      shop(mesh).rollout("shop/orders").close().commit().retire().commit();
      yesterday = copyOfRegistry();
      shop(mesh).rollout("shop/orders").restore().because("It is needed").commit();
    }
    putRegistry(yesterday);
    Files.delete(folder.resolve("data/shop/orders_v1/_metadata/last_updated.json"));
    clock.advance(Duration.ofDays(40));
    try (Mesh mesh = open()) {
      assertThatThrownBy(() -> shop(mesh).rollout("shop/orders").purge().because("Done").commit())
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("the registry is older than the files");
    }
    assertThat(rows()).isNotEmpty();
  }

  @Test
  void aLostExpirationIsAFinding() throws IOException {
    define();
    for (int id = 2; id < 5; id++) {
      publish(id);
    }
    clock.advance(Duration.ofDays(3));
    assertKeptBehind(
        mesh -> assertThat(mesh.maintain().commit().total(Work.SNAPSHOTS_EXPIRED)).isPositive());
  }

  @Test
  void anErasureNamesTheFileBehindALinkAndKeepsBoth() throws IOException {
    define();
    Path data = rows().iterator().next();
    Path elsewhere = Files.createDirectories(other.resolve("disk")).resolve("moved.parquet");
    Files.move(data, elsewhere);
    Files.createSymbolicLink(data, elsewhere);
    try (Mesh mesh = open()) {
      Erase.Proof proof =
          shop(mesh)
              .erase("shop/orders")
              .where("id = 1")
              .because("They asked.")
              .withProof()
              .commit();

      assertThat(elsewhere).exists();
      assertThat(data).isSymbolicLink();
      assertThat(proof.outOfReach()).anyMatch(file -> file.contains(elsewhere.toString()));
    }
  }

  @Test
  void eachErasureOfAnotherRowNamesTheFileThatWasMovedAndLinked() throws IOException {
    define();
    try (Mesh mesh = open()) {
      shop(mesh).publish("shop/orders").replaceAll().records(Order.range(2, 4)).commit();
    }
    for (Path data : rows()) {
      Path elsewhere = Files.createDirectories(other.resolve("disk")).resolve(data.getFileName());
      Files.move(data, elsewhere);
      Files.createSymbolicLink(data, elsewhere);
    }
    try (Mesh mesh = open()) {
      for (int id = 2; id <= 3; id++) {
        Erase.Proof proof =
            shop(mesh)
                .erase("shop/orders")
                .where("id = " + id)
                .because("They asked.")
                .withProof()
                .commit();

        assertThat(proof.outOfReach())
            .anyMatch(sentence -> sentence.contains("it is a link to " + other.resolve("disk")));
      }
      assertThat(codes(mesh.doctor())).contains(FindingCode.UNKNOWN_FILES);
    }
  }

  @Test
  void anErasureNamesALinkToADiskThatIsNotMounted() throws IOException {
    define();
    Path leftover = leftoverOfTheNewestAttempt();
    Path disk = Files.createDirectories(other.resolve("disk"));
    Path elsewhere = Files.move(leftover, disk.resolve(leftover.getFileName()));
    Files.createSymbolicLink(leftover, elsewhere);
    Files.move(disk, other.resolve("unmounted"));
    try (Mesh mesh = open()) {
      assertThat(codes(mesh.doctor())).containsExactly(FindingCode.UNKNOWN_FILES);
      Erase.Proof proof =
          shop(mesh)
              .erase("shop/orders")
              .where("id = 1")
              .because("They asked.")
              .withProof()
              .commit();

      assertThat(leftover).isSymbolicLink();
      assertThat(proof.outOfReach())
          .anyMatch(sentence -> sentence.contains("link to " + elsewhere));
    }
    LocalMesh.backUp(folder, other.resolve("backup"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anErasureNamesAStagedFileThatWasMovedAndLinked(boolean isDiscarded) throws IOException {
    define();
    try (Mesh mesh = open()) {
      StagedPublish staged = shop(mesh).publish("shop/orders").records(Order.range(2, 3)).stage();
      Path data = stagedFiles().iterator().next();
      Path elsewhere = Files.createDirectories(other.resolve("disk")).resolve("moved.parquet");
      Files.move(data, elsewhere);
      Files.createSymbolicLink(data, elsewhere);
      if (isDiscarded) {
        staged.discard();
      }
      Erase.Proof proof =
          shop(mesh)
              .erase("shop/orders")
              .where("id = 2")
              .because("They asked.")
              .withProof()
              .commit();

      assertThat(elsewhere).exists();
      assertThat(proof.outOfReach()).anyMatch(file -> file.contains(elsewhere.toString()));
      clock.advance(Duration.ofDays(30));
      mesh.maintain().commit();
      assertThat(mesh.maintain().plan().isEmpty()).isTrue();
      assertThat(data).isSymbolicLink();
    }
  }

  @Test
  void aStagedFileOnADiskThatIsNotMountedIsMissing() throws IOException {
    define();
    try (Mesh mesh = open()) {
      shop(mesh).publish("shop/orders").records(Order.range(2, 3)).stage();
      Path data = stagedFiles().iterator().next();
      Files.delete(data);
      Files.createSymbolicLink(data, other.resolve("unmounted/rows.parquet"));

      assertThat(codes(mesh.doctor())).contains(FindingCode.FILE_MISSING);
    }
  }

  private Set<Path> stagedFiles() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("data/shop/orders_v1_quarantine"))) {
      return files
          .filter(file -> file.toString().endsWith(".parquet"))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  @Test
  void anErasureNamesAFileThatWasMovedAndLinkedInAFolderThatWasRenamed() throws IOException {
    define();
    Path data = rows().iterator().next();
    Path elsewhere = Files.createDirectories(other.resolve("disk")).resolve(data.getFileName());
    Files.move(data, elsewhere);
    Files.createSymbolicLink(data, elsewhere);
    Files.move(data.getParent(), data.getParent().resolveSibling("data (1)"));
    try (Mesh mesh = open()) {
      Erase.Proof proof =
          shop(mesh)
              .erase("shop/orders")
              .where("id = 1")
              .because("They asked.")
              .withProof()
              .commit();

      assertThat(elsewhere).exists();
      assertThat(proof.outOfReach())
          .anyMatch(
              file ->
                  file.contains(elsewhere.getFileName().toString()) && file.contains("is missing"));
    }
  }

  @Test
  void aLeftoverBehindALinkIsNamedAsWhatItIs() throws IOException {
    define();
    Path leftover = leftoverOfTheNewestAttempt();
    Path disk = Files.createDirectories(other.resolve("disk"));
    Path elsewhere = Files.move(leftover, disk.resolve(leftover.getFileName()));
    Files.createSymbolicLink(leftover.resolveSibling("linked"), disk);
    try (Mesh mesh = open()) {
      assertThat(mesh.doctor().findings())
          .filteredOn(finding -> finding.code() == FindingCode.UNKNOWN_FILES)
          .singleElement()
          .satisfies(finding -> assertThat(finding.what()).contains("1 of them is behind a link"));
      Erase.Proof proof =
          shop(mesh)
              .erase("shop/orders")
              .where("id = 1")
              .because("They asked.")
              .withProof()
              .commit();

      assertThat(proof.outOfReach())
          .filteredOn(sentence -> sentence.contains(leftover.getFileName().toString()))
          .singleElement()
          .satisfies(
              sentence ->
                  assertThat(sentence)
                      .contains("it is a link to " + elsewhere)
                      .doesNotContain("delete(..)"));
    }
    assertThat(elsewhere).exists();
  }

  @Test
  void aProofNamesWhatAPurgeCouldNotDelete() throws IOException {
    define();
    AtomicBoolean isDenied = new AtomicBoolean(true);
    try (Mesh mesh =
        LocalMesh.builder(folder)
            .clock(clock)
            .testing()
            .wrapFiles(real -> failing("deleteFile", ".parquet", real, isDenied))
            .open()) {
      rollOut(mesh).backFill().commit().abort().because("Not now").commit();
      clock.advance(Duration.ofDays(30));
      shop(mesh).rollout("shop/orders").purge().because("Not now").commit();
    }
    Path unknown = folder.resolve("data/shop/orders_v2/data/rows.parquet");
    Files.copy(rows().iterator().next(), unknown);
    try (Mesh mesh = open()) {
      assertThat(mesh.doctor().findings())
          .filteredOn(finding -> finding.where().contains("orders_v2"))
          .extracting(finding -> finding.code())
          .containsExactlyInAnyOrder(FindingCode.LEFTOVER_FILES, FindingCode.UNKNOWN_FILES);
      Erase.Proof proof =
          shop(mesh)
              .erase("shop/orders")
              .where("id = 1")
              .because("They asked.")
              .withProof()
              .commit();

      assertThat(proof.outOfReach())
          .filteredOn(sentence -> sentence.contains("orders_v2/data/"))
          .hasSize(2)
          .anyMatch(sentence -> sentence.contains("maintenance tries again"))
          .anyMatch(
              sentence -> sentence.contains("rows.parquet") && sentence.contains("delete(..)"));

      mesh.maintain().commit();
    }
    try (Stream<Path> files = Files.list(unknown.getParent())) {
      assertThat(files).containsExactly(unknown);
    }
  }

  private byte[] registry() throws IOException {
    return Files.readAllBytes(folder.resolve("registry/mesh.db"));
  }

  /** The registry of an open mesh, whose latest commits are in another file. */
  private byte[] copyOfRegistry() throws IOException {
    Path copy = other.resolve("mesh.db");
    try (Connection registry =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("registry/mesh.db"));
        Statement statement = registry.createStatement()) {
      statement.execute("VACUUM INTO '" + copy + "'");
    } catch (SQLException e) {
      throw new IOException(e);
    }
    return Files.readAllBytes(copy);
  }

  private void putRegistry(byte[] older) throws IOException {
    Files.write(folder.resolve("registry/mesh.db"), older);
  }

  private List<Object> ids() {
    List<Object> ids = new ArrayList<>();
    try (Mesh mesh = open();
        Rows<Map<String, Object>> rows = shop(mesh).read("shop/orders").asMaps().rows()) {
      rows.forEach(row -> ids.add(row.get("id")));
    }
    return ids;
  }

  @ParameterizedTest
  @ValueSource(strings = {"orders_v1_quarantine", "returns_v1"})
  void theOnlyCopyOfAMissingFileIsKeptInTheFolderOfAnotherTable(String table) throws IOException {
    Path moved;
    try (Mesh mesh = open()) {
      shop(mesh).registerDomain("shop").owner("s@x").commit();
      for (String product : List.of("shop/orders", "shop/returns")) {
        shop(mesh).defineProduct(product).contract(Contract.of(Order.class)).commit();
        shop(mesh).publish(product).records(Order.range(1, 2)).commit();
      }
      Path data = rows().iterator().next();
      moved =
          folder.resolve("data/shop").resolve(table).resolve("data").resolve(data.getFileName());
      Files.createDirectories(moved.getParent());
      Files.move(data, moved);
      clock.advance(Duration.ofDays(30));

      assertThat(codes(mesh.doctor())).doesNotContain(FindingCode.LEFTOVER_FILES);
      mesh.maintain().commit();
    }
    assertThat(moved).exists();
  }

  @Test
  void aTableWhoseRegistryIsOlderIsNotCompacted() throws IOException {
    define();
    for (int id = 2; id < 7; id++) {
      publish(id);
    }
    byte[] yesterday = registry();
    publish(7);
    final byte[] newest = registry();
    List<Object> rows = ids();
    putRegistry(yesterday);
    for (int run = 0; run < 3; run++) {
      clock.advance(Duration.ofDays(3));
      try (Mesh mesh = open()) {
        mesh.maintain().commit();
      }
    }
    putRegistry(newest);
    assertThat(ids()).isEqualTo(rows);
  }

  @Test
  void aStagedPublishStaysWhileTheRegistryIsOlder() throws IOException {
    define();
    try (Mesh mesh = open()) {
      shop(mesh).publish("shop/orders").records(Order.range(2, 3)).stage();
    }
    byte[] yesterday = registry();
    publish(3);
    final byte[] newest = registry();
    putRegistry(yesterday);
    clock.advance(Duration.ofDays(8));
    try (Mesh mesh = open()) {
      mesh.maintain().commit();
    }
    putRegistry(newest);
    try (Mesh mesh = open()) {
      shop(mesh).stagedPublishes("shop/orders").get(0).promote().commit();
    }
    assertThat(ids()).containsExactlyInAnyOrder(1L, 2L, 3L);
  }

  @Test
  void anErasureIsPossibleOnceAPersonDeletedTheQuarantinedRowsThatTheRegistryLost()
      throws IOException {
    try (Mesh mesh = open()) {
      shop(mesh).registerDomain("shop").owner("s@x").commit();
      shop(mesh)
          .defineProduct("shop/orders")
          .contract(
              Contract.of(Order.class)
                  .require(Rule.atMost("id", 28))
                  .onViolation(OnViolation.QUARANTINE))
          .commit();
    }
    publish(1);
    byte[] yesterday = registry();
    try (Mesh mesh = open()) {
      shop(mesh).publish("shop/orders").records(Order.range(10, 30)).commit();
    }
    putRegistry(yesterday);
    publish(2);
    try (Mesh mesh = open()) {
      assertThatThrownBy(() -> eraseFirst(mesh)).hasMessageContaining("delete(..)");
      for (Finding finding : mesh.doctor().findings()) {
        if (finding.code() == FindingCode.UNKNOWN_FILES) {
          mesh.maintain().delete(finding.samples().toArray(String[]::new)).commit();
        }
      }
      eraseFirst(mesh);
    }
    assertThat(ids()).containsExactly(2L);
  }

  private static void eraseFirst(Mesh mesh) {
    shop(mesh).erase("shop/orders").where("id = 1").because("They asked.").withProof().commit();
  }

  @ParameterizedTest
  @CsvSource({
    "orders_v1, orders_v1_old",
    "orders_v1, orders_v1_quarantine/old",
    "orders_v1/data, rows",
    "orders_v1/metadata, orders_v1_old"
  })
  void aFolderOfATableThatWasRenamedAndLinkedIsNeeded(String from, String to) throws IOException {
    define();
    publish(2);
    Path domain = folder.resolve("data/shop");
    Path renamed = domain.resolve(to);
    Files.move(domain.resolve(from), renamed);
    Files.createSymbolicLink(domain.resolve(from), renamed);
    try (Mesh mesh = open()) {
      clock.advance(Duration.ofDays(9));
      mesh.maintain().commit();
      assertThat(ids()).containsExactly(1L, 2L);

      assertThat(mesh.doctor().findings())
          .extracting(Finding::code)
          .doesNotContain(FindingCode.UNKNOWN_FILES);
      for (Path file : rows(renamed)) {
        Maintain named = mesh.maintain().delete("mesh:/" + folder.relativize(file));
        assertThatThrownBy(named::commit).isInstanceOf(InvalidRequestException.class);
      }
    }
    assertThat(ids()).containsExactly(1L, 2L);
  }

  @Test
  void aFileThatWasMovedWithinTheMeshAndLinkedIsListedOnceAsOutsideItsTable() throws IOException {
    define();
    publish(2);
    Path file = rows().iterator().next();
    Path moved = Files.createDirectories(folder.resolve("data/shop/kept")).resolve("kept.parquet");
    Files.move(file, moved);
    Files.createSymbolicLink(file, moved);

    try (Mesh mesh = open()) {
      assertThat(mesh.doctor().findings())
          .extracting(Finding::code)
          .contains(FindingCode.FILE_OUTSIDE_TABLE)
          .doesNotContain(FindingCode.UNKNOWN_FILES);
    }
    assertThat(ids()).containsExactly(1L, 2L);
  }

  @Test
  void rowsOfSeveralLostCommitsOfARecordedProcessStay() throws IOException {
    byte[] yesterday;
    define();
    try (Mesh mesh = open()) {
      shop(mesh).publish("shop/orders").records(Order.range(2, 3)).commit();
      yesterday = copyOfRegistry();
      for (int id = 3; id < 6; id++) {
        shop(mesh).publish("shop/orders").records(Order.range(id, id + 1)).commit();
      }
    }
    Set<Path> rows = rows();
    putRegistry(yesterday);
    clock.advance(Duration.ofDays(2));
    for (int id = 10; id < 14; id++) {
      publish(id);
    }
    clock.advance(Duration.ofDays(2));
    try (Mesh mesh = open()) {
      mesh.maintain().compactAtLeast(100).commit();
    }
    assertThat(rows()).containsAll(rows);
  }

  /** Loses the commit after the second one of a recorded process. */
  private Set<Path> loseACommit() throws IOException {
    define();
    byte[] yesterday;
    try (Mesh mesh = open()) {
      shop(mesh).publish("shop/orders").records(Order.range(2, 3)).commit();
      yesterday = copyOfRegistry();
      clock.advance(Duration.ofMinutes(10));
      shop(mesh).publish("shop/orders").records(Order.range(3, 4)).commit();
    }
    putRegistry(yesterday);
    clock.advance(Duration.ofMinutes(30));
    return rows();
  }

  private void assertStay(Set<Path> rows) {
    clock.advance(Duration.ofDays(30));
    try (Mesh mesh = open()) {
      mesh.maintain().compactAtLeast(100).commit();
      assertThat(codes(mesh.doctor())).contains(FindingCode.UNKNOWN_FILES);
    }
    assertThat(rows()).containsAll(rows);
  }

  private Path lastUpdated() {
    return folder.resolve("data/shop/orders_v1/_metadata/last_updated.json");
  }

  @Test
  void rowsOfALostCommitStayAfterLastUpdatedIsDeletedBeforeTheNextPublish() throws IOException {
    Set<Path> rows = loseACommit();
    Files.delete(lastUpdated());
    publish(4);

    assertStay(rows);
  }

  @Test
  void rowsOfALostCommitStayAfterLastUpdatedIsDeletedBetweenLaterPublishes() throws IOException {
    Set<Path> rows = loseACommit();
    publish(4);
    Files.delete(lastUpdated());
    publish(5);
    publish(6);

    assertStay(rows);
  }

  @Test
  void rowsOfALostCommitStayWhileLastUpdatedIsMissing() throws IOException {
    Set<Path> rows = loseACommit();
    publish(4);
    Files.delete(lastUpdated());

    assertStay(rows);
  }

  @Test
  void rowsOfALostCommitStayThoughLastUpdatedIsReplacedByAnOlderCopyOfIt() throws IOException {
    define();
    byte[] older = Files.readAllBytes(lastUpdated());
    byte[] yesterday;
    try (Mesh mesh = open()) {
      shop(mesh).publish("shop/orders").records(Order.range(2, 3)).commit();
      yesterday = copyOfRegistry();
      shop(mesh).publish("shop/orders").records(Order.range(3, 4)).commit();
    }
    putRegistry(yesterday);
    clock.advance(Duration.ofMinutes(30));
    Set<Path> rows = rows();
    publish(4);
    Files.write(lastUpdated(), older);
    publish(5);

    assertStay(rows);
  }

  @Test
  void lastUpdatedThatACommitCannotReplaceIsDeletedSoThatItsLossIsNoticed() throws IOException {
    define();
    byte[] yesterday;
    AtomicBoolean isFull = new AtomicBoolean();
    try (Mesh mesh =
        LocalMesh.builder(folder)
            .clock(clock)
            .testing()
            .wrapFiles(real -> failing("newOutputFile", "last_updated.json", real, isFull))
            .open()) {
      shop(mesh).publish("shop/orders").records(Order.range(2, 3)).commit();
      yesterday = copyOfRegistry();
      isFull.set(true);
      shop(mesh).publish("shop/orders").records(Order.range(3, 4)).commit();
    }
    assertThat(lastUpdated()).doesNotExist();
    Set<Path> rows = rows();
    putRegistry(yesterday);
    clock.advance(Duration.ofDays(2));
    try (Mesh mesh = open()) {
      assertThat(codes(mesh.doctor())).contains(FindingCode.REGISTRY_BEHIND);
      mesh.maintain().commit();
    }
    publish(4);

    assertStay(rows);
  }

  private static FileIO failing(String call, String name, FileIO real, AtomicBoolean isFailing) {
    return (FileIO)
        Proxy.newProxyInstance(
            FileIO.class.getClassLoader(),
            new Class<?>[] {FileIO.class, SupportsPrefixOperations.class},
            (proxy, method, arguments) -> {
              if (isFailing.get()
                  && method.getName().equals(call)
                  && arguments[0].toString().endsWith(name)) {
                throw new UncheckedIOException(new IOException("denied"));
              }
              return method.invoke(real, arguments);
            });
  }

  @Test
  void aLeftoverThatCannotBeDeletedEndsAnErasureThatCanBeContinued() throws IOException {
    define();
    Path leftover = leftoverOfTheNewestAttempt();
    clock.advance(Duration.ofDays(8));
    AtomicBoolean isOpen = new AtomicBoolean(true);
    try (Mesh mesh =
        LocalMesh.builder(folder)
            .clock(clock)
            .testing()
            .wrapFiles(
                real -> failing("deleteFile", leftover.getFileName().toString(), real, isOpen))
            .open()) {
      Supplier<Erase.WithProof> erasure =
          () ->
              shop(mesh)
                  .erase("shop/orders")
                  .where("id = 1")
                  .because("They asked.")
                  .idempotencyKey("request")
                  .withProof();

      assertThatThrownBy(() -> erasure.get().commit())
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("close programs that have the files open");
      isOpen.set(false);
      erasure.get().commit();
    }
    assertThat(leftover).doesNotExist();
  }

  private static final Instant ERASED = Instant.parse("2025-12-31T17:42:13.654Z");

  /** A row with the time of its event. */
  record Visit(int id, Instant at) {}

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void metadataFilesOfAnErasureThatEndsBeforeTheirDeletionAreDeletedLater(boolean isContinued)
      throws IOException {
    AtomicBoolean isOpen = new AtomicBoolean(true);
    try (Mesh mesh =
        LocalMesh.builder(folder)
            .clock(clock)
            .testing()
            .wrapFiles(real -> failing("deleteFile", ".metadata.json", real, isOpen))
            .open()) {
      MeshClient shop = shop(mesh);
      shop.registerDomain("shop").owner("s@x").commit();
      Contract visits = Contract.of(Visit.class);
      shop.defineProduct("shop/visits")
          .contract(visits.serviceLevel(ServiceLevel.NONE.eventTime("at")))
          .commit();
      shop.publish("shop/visits").records(List.of(new Visit(1, clock.instant()))).commit();
      shop.publish("shop/visits").records(List.of(new Visit(2, ERASED))).replaceAll().commit();
      Supplier<Erase.WithProof> erasure =
          () ->
              shop.erase("shop/visits")
                  .where("id = 2")
                  .because("They asked.")
                  .idempotencyKey("request")
                  .withProof();
      assertThatThrownBy(() -> erasure.get().commit()).isInstanceOf(BackendException.class);
      assertThat(filesWith(ERASED)).isPositive();

      isOpen.set(false);
      if (isContinued) {
        assertThat(erasure.get().commit().outOfReach()).singleElement().asString().contains("Back");
      } else {
        clock.advance(Duration.ofDays(30));
        mesh.maintain().commit();
      }

      assertThat(filesWith(ERASED)).isZero();
      assertThat(mesh.doctor().problems()).isEmpty();
    }
  }

  private void defineVisits(MeshClient shop) {
    shop.registerDomain("shop").owner("s@x").commit();
    shop.defineProduct("shop/visits")
        .contract(Contract.of(Visit.class).serviceLevel(ServiceLevel.NONE.eventTime("at")))
        .commit();
    shop.publish("shop/visits").records(List.of(new Visit(1, ERASED))).commit();
  }

  private static Erase.Proof eraseVisits(MeshClient shop) {
    return shop.erase("shop/visits")
        .where("id = 1")
        .because("They asked.")
        .withProof()
        .ignoreReaders()
        .commit();
  }

  @Test
  void aMetadataFileThatWasNotWrittenToItsEndIsDeletedByAnErasure() throws IOException {
    try (Mesh mesh = LocalMesh.builder(folder).clock(clock).open()) {
      MeshClient shop = shop(mesh);
      defineVisits(shop);
      Path written = metadata(ERASED);
      Path unfinished = written.resolveSibling("." + written.getFileName() + ".tmp");
      Files.copy(written, unfinished);
      clock.advance(Duration.ofDays(9));

      eraseVisits(shop);

      assertThat(unfinished).doesNotExist();
      assertThat(filesWith(ERASED)).isZero();
    }
  }

  @Test
  void anErasureNamesMetadataFilesBehindALinkAndKeepsThem(@TempDir Path disk) throws IOException {
    try (Mesh mesh = LocalMesh.builder(folder).clock(clock).open()) {
      MeshClient shop = shop(mesh);
      defineVisits(shop);
      Path file = metadata(ERASED);
      Path moved = disk.resolve("metadata");
      Files.move(file.getParent(), moved);
      Files.createSymbolicLink(file.getParent(), moved);

      Erase.Proof proof = eraseVisits(shop);

      assertThat(moved.resolve(file.getFileName())).exists();
      assertThat(proof.outOfReach()).anyMatch(kept -> kept.contains(file.getFileName() + ""));
    }
  }

  /** A metadata file with a time. */
  private Path metadata(Instant time) throws IOException {
    for (Path file : files()) {
      if (file.toString().endsWith(".metadata.json")
          && Files.readString(file).contains(time + "")) {
        return file;
      }
    }
    throw new AssertionError("no metadata file has " + time);
  }

  private long filesWith(Instant time) throws IOException {
    long found = 0;
    for (Path file : files()) {
      found += Files.readString(file, StandardCharsets.ISO_8859_1).contains(time + "") ? 1 : 0;
    }
    return found;
  }

  @Test
  void whatADesktopLeavesInAFolderIsNotAFindingAndFillsNoFolder(@TempDir Path folders)
      throws IOException {
    define();
    Path data = rows().iterator().next().getParent();
    Path target = Files.createDirectories(folders.resolve("backup"));
    Path other = Files.createDirectories(folders.resolve("other"));
    for (Path each : List.of(folder, data, data.getParent(), target, other)) {
      for (String name : List.of(".DS_Store", "desktop.ini", "thumbs.db", "._.DS_Store")) {
        Files.writeString(each.resolve(name), "desktop");
      }
    }
    try (Mesh mesh = open()) {
      assertThat(mesh.doctor().problems()).isEmpty();
    }
    assertThat(LocalMesh.backUp(folder, target).damage()).isEmpty();
    LocalMesh.open(other).close();
  }

  @Test
  void aLostAmendmentOfARecordedProcessIsAFinding() throws IOException {
    define();
    byte[] yesterday;
    try (Mesh mesh = open()) {
      shop(mesh).publish("shop/orders").records(Order.range(2, 3)).commit();
      yesterday = copyOfRegistry();
      shop(mesh).amendContract("shop/orders").contract(MORE).commit();
    }
    putRegistry(yesterday);
    clock.advance(Duration.ofDays(2));
    try (Mesh mesh = open()) {
      assertThat(codes(mesh.doctor())).contains(FindingCode.REGISTRY_BEHIND);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"%s.bak", "%s~", ".%s.tmp", "../metadata/%s", "rows"})
  void aProofNamesCopiesOfRowsWhateverTheirNames(String name) throws IOException {
    define();
    Path data = rows().iterator().next();
    Path copied =
        data.resolveSibling(name.replace("%s", data.getFileName().toString())).normalize();
    Files.copy(data, copied);
    try (Mesh mesh = open()) {
      Erase.Proof proof =
          shop(mesh)
              .erase("shop/orders")
              .where("id = 1")
              .because("They asked.")
              .withProof()
              .commit();

      assertThat(copied).exists();
      assertThat(proof.outOfReach())
          .anyMatch(file -> file.contains(copied.getFileName().toString()));
    }
  }

  @Test
  void anErasureByAnOlderRegistryIsRefused() throws IOException {
    define();
    try (Mesh mesh = open()) {
      shop(mesh).publish("shop/orders").records(Order.range(2, 4)).commit();
    }
    byte[] yesterday = registry();
    publish(4);
    final byte[] newest = registry();
    List<Object> rows = ids();
    putRegistry(yesterday);
    try (Mesh mesh = open()) {
      Erase.WithProof erasure =
          shop(mesh).erase("shop/orders").where("id = 2").because("They asked.").withProof();
      assertThatThrownBy(erasure::commit)
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("the registry is older than the files")
          .hasMessageContaining("restore a newer backup");
    }
    putRegistry(newest);
    assertThat(ids()).isEqualTo(rows);
  }
}
