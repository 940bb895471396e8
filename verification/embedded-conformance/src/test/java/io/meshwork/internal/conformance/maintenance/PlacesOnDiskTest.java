package io.meshwork.internal.conformance.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.testkit.ManualClock;
import io.meshwork.topology.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A mesh in a folder whose domains keep their data in places, of which one is on another disk. */
class PlacesOnDiskTest {
  private static final String ORDERS = "commerce/orders";
  private static final String PAYMENTS = "finance/payments";

  @TempDir private Path scratch;

  @SuppressWarnings("NullAway.Init") // JUnit fills the mesh before each test
  private Path folder;

  @SuppressWarnings("NullAway.Init") // JUnit fills the mesh before each test
  private Path disk;

  @SuppressWarnings("NullAway.Init") // JUnit fills the mesh before each test
  private Mesh mesh;

  @BeforeEach
  void fillAMesh() throws IOException {
    folder = scratch.resolve("mesh");
    disk = Files.createDirectory(scratch.resolve("disk2"));
    mesh = LocalMesh.open(folder);
    Files.createSymbolicLink(folder.resolve("shop"), disk);
    keepDataAt("commerce", "mesh:/shop");
    keepDataAt("finance", "mesh:/bank");
    define(ORDERS);
    define(PAYMENTS);
    publish(mesh, ORDERS, 0, 3);
    publish(mesh, PAYMENTS, 0, 2);
  }

  @AfterEach
  void closeTheMesh() {
    mesh.close();
  }

  private static MeshClient owner(Mesh mesh, String product) {
    return mesh.clientAs(Principal.of(product.substring(0, product.indexOf('/')), "etl"));
  }

  private void keepDataAt(String domain, String place) {
    mesh.clientAs(Principal.of(domain, "etl"))
        .registerDomain(domain)
        .owner(domain + "@example.org")
        .location(place)
        .commit();
  }

  private void define(String product) {
    owner(mesh, product).defineProduct(product).contract(Contract.of(Order.class)).commit();
  }

  private static void publish(Mesh mesh, String product, long from, long to) {
    owner(mesh, product).publish(product).records(Order.range(from, to)).commit();
  }

  private static long rows(Mesh mesh, String product) {
    try (var rows = owner(mesh, product).read(product).as(Order.class).rows()) {
      return rows.stream().count();
    }
  }

  private static boolean hasDataFiles(Path tables) throws IOException {
    if (Files.notExists(tables)) {
      return false;
    }
    try (Stream<Path> files = Files.walk(tables)) {
      return files.anyMatch(file -> file.toString().endsWith(".parquet"));
    }
  }

  @Test
  void theDataIsOnTheDiskOfEachPlace() throws IOException {
    assertThat(hasDataFiles(disk.resolve("data/commerce/orders_v1"))).isTrue();
    assertThat(hasDataFiles(folder.resolve("bank/data/finance/payments_v1"))).isTrue();
    assertThat(hasDataFiles(folder.resolve("data"))).isFalse();
    assertThat(mesh.doctor().findings()).isEmpty();
  }

  @Test
  void aBackupCopiesAllPlacesAndIsIndependent() throws IOException {
    Path target = scratch.resolve("backup");

    LocalMesh.Copy backup = LocalMesh.backUp(folder, target);

    assertThat(backup.damage()).isEmpty();
    assertThat(target.resolve("shop")).isDirectory();
    assertThat(Files.isSymbolicLink(target.resolve("shop"))).isFalse();
    try (Mesh copy = LocalMesh.openExisting(target)) {
      publish(copy, ORDERS, 3, 5);
      assertThat(rows(copy, ORDERS)).isEqualTo(5);
      assertThat(rows(copy, PAYMENTS)).isEqualTo(2);
      assertThat(copy.doctor().findings()).isEmpty();
    }
    assertThat(rows(mesh, ORDERS)).isEqualTo(3);
    assertThat(mesh.doctor().findings()).isEmpty();
  }

  @Test
  void aBackupOfSeveralCatalogsCopiesTheirPlaces() {
    Path several = scratch.resolve("several");
    try (Mesh lines = LocalMesh.builder(several).topology(Topology.federated()).open()) {
      lines
          .clientAs(Principal.of("commerce", "etl"))
          .registerDomain("commerce")
          .owner("shop@example.org")
          .location("mesh:/shop")
          .commit();
      owner(lines, ORDERS).defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
      publish(lines, ORDERS, 0, 3);
    }

    LocalMesh.Copy backup = LocalMesh.backUp(several, scratch.resolve("backup"));

    assertThat(backup.damage()).isEmpty();
    try (Mesh copy = LocalMesh.openExisting(Path.of(backup.root()))) {
      assertThat(rows(copy, ORDERS)).isEqualTo(3);
      assertThat(copy.doctor().findings()).isEmpty();
    }
  }

  @Test
  void aBackupIntoAPlaceIsRejected() {
    assertThatThrownBy(() -> LocalMesh.backUp(folder, disk.resolve("backup")))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("is inside the mesh");
    assertThat(disk.resolve("backup")).doesNotExist();
  }

  @Test
  void aMeshThatMovesKeepsItsPlaces() throws IOException {
    mesh.close();
    Path moved = scratch.resolve("moved");
    Files.move(folder, moved);
    mesh = LocalMesh.openExisting(moved);

    publish(mesh, PAYMENTS, 2, 4);
    publish(mesh, ORDERS, 3, 4);

    assertThat(rows(mesh, PAYMENTS)).isEqualTo(4);
    assertThat(rows(mesh, ORDERS)).isEqualTo(4);
    assertThat(hasDataFiles(moved.resolve("bank/data/finance/payments_v1"))).isTrue();
    assertThat(folder).doesNotExist();
    assertThat(mesh.doctor().findings()).isEmpty();
  }

  @Test
  void aDiskThatIsGoneIsNotAnEmptyPlace() throws IOException {
    Files.move(disk, scratch.resolve("gone"));

    assertThat(mesh.doctor().findings())
        .extracting(Finding::code)
        .containsExactly(FindingCode.PLACE_NOT_LISTED);
    assertThat(mesh.maintain().commit().remaining())
        .extracting(Finding::code)
        .containsExactly(FindingCode.PLACE_NOT_LISTED);
    assertThat(rows(mesh, PAYMENTS)).isEqualTo(2);
    assertThatThrownBy(() -> rows(mesh, ORDERS)).isInstanceOf(BackendException.class);
    assertBackupIsRefused();
    assertThat(scratch.resolve("backup")).doesNotExist();

    Files.move(scratch.resolve("gone"), disk);
    assertThat(rows(mesh, ORDERS)).isEqualTo(3);
    assertThat(mesh.doctor().findings()).isEmpty();
  }

  /** A backup says what a read of a file in the place says. */
  private void assertBackupIsRefused() {
    assertThatThrownBy(() -> LocalMesh.backUp(folder, scratch.resolve("backup")))
        .isInstanceOfSatisfying(
            BackendException.class,
            refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.PLACE_NOT_OWN))
        .hasMessageContainingAll(
            "mesh:/shop", "its marker place.json is missing", "Check which disks are mounted");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anEmptyFolderInsteadOfADiskIsNotBackedUp(boolean hasTables) throws IOException {
    if (!hasTables) {
      keepDataAt("stores", "mesh:/annex");
    }
    Path place = folder.resolve(hasTables ? "shop" : "annex");
    Files.move(place, scratch.resolve("unmounted"));
    Files.createDirectory(place);

    assertThatThrownBy(() -> LocalMesh.backUp(folder, scratch.resolve("backup")))
        .isInstanceOfSatisfying(
            BackendException.class,
            refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.PLACE_NOT_OWN));

    assertThat(scratch.resolve("backup")).doesNotExist();
  }

  @Test
  void aFolderWithOtherFilesInsteadOfADiskIsNotDamage() throws IOException {
    Files.move(disk, scratch.resolve("unmounted"));
    Files.createDirectories(disk.resolve("data/commerce/others_v1"));
    Files.writeString(disk.resolve("data/commerce/others_v1/a.parquet"), "a");

    assertThatThrownBy(() -> rows(mesh, ORDERS))
        .hasMessageContaining("its marker place.json is missing");
    assertBackupIsRefused();
    assertThat(scratch.resolve("backup/mesh.json")).doesNotExist();
  }

  @Test
  void twoMeshesCannotShareAPlace() throws IOException {
    Path staging = scratch.resolve("staging");
    ManualClock clock = ManualClock.at(Instant.now());
    try (Mesh other = LocalMesh.builder(staging).clock(clock).open()) {
      Files.createSymbolicLink(staging.resolve("shop"), disk);

      assertRefused(other, "mesh:/shop", "another mesh keeps data there");

      // A place whose disk is later that of another mesh is not processed.
      MeshClient commerce = other.clientAs(Principal.of("commerce", "etl"));
      commerce
          .registerDomain("commerce")
          .owner("shop@example.org")
          .location("mesh:/annex")
          .commit();
      commerce.defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
      Files.move(staging.resolve("annex"), scratch.resolve("annex"));
      Files.createSymbolicLink(staging.resolve("annex"), disk);
      clock.advance(Duration.ofDays(60));
      assertThat(other.maintain().commit().remaining())
          .extracting(Finding::code)
          .containsExactly(FindingCode.PLACE_NOT_LISTED);
      assertThat(other.doctor().findings())
          .extracting(Finding::code)
          .containsExactly(FindingCode.PLACE_NOT_LISTED);
    }
    assertThat(rows(mesh, ORDERS)).isEqualTo(3);
    assertThat(mesh.doctor().findings()).isEmpty();
  }

  @Test
  void aPlaceWithoutItsMarkerIsNotProcessed() throws IOException {
    Files.delete(disk.resolve("place.json"));

    assertThat(mesh.doctor().findings())
        .extracting(Finding::code)
        .containsExactly(FindingCode.PLACE_NOT_LISTED);
    assertThat(mesh.maintain().commit().remaining())
        .extracting(Finding::code)
        .containsExactly(FindingCode.PLACE_NOT_LISTED);
    keepDataAt("commerce", "mesh:/annex");
    assertRefused(mesh, "mesh:/shop", "contains data, but no place.json");
    assertThat(rows(mesh, ORDERS)).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{\"mesh\":\"0190", "[]", "not JSON"})
  void aPlaceWithADamagedMarkerIsNotProcessed(String marker) throws IOException {
    Files.writeString(disk.resolve("place.json"), marker);

    assertThat(mesh.doctor().findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.code()).isEqualTo(FindingCode.PLACE_NOT_LISTED);
              assertThat(finding.where()).isEqualTo("mesh:/shop");
              assertThat(finding.what()).contains("place.json", "is damaged");
            });
    assertThat(mesh.maintain().commit().remaining())
        .extracting(Finding::code)
        .containsExactly(FindingCode.PLACE_NOT_LISTED);
    assertThat(mesh.repair().commit().findings())
        .extracting(Finding::code)
        .containsExactly(FindingCode.PLACE_NOT_LISTED);
    assertThat(rows(mesh, ORDERS)).isEqualTo(3);
    assertThat(disk.resolve("place.json")).hasContent(marker);
  }

  @ParameterizedTest
  @ValueSource(strings = {"data", "archive"})
  void aPlaceWithAFileInsteadOfAFolderIsNotProcessedAndTheRestIs(String name) throws IOException {
    ManualClock clock = ManualClock.at(Instant.now());
    mesh.close();
    mesh = LocalMesh.builder(folder).clock(clock).open();
    if (Files.exists(disk.resolve(name))) {
      Files.move(disk.resolve(name), scratch.resolve("kept"));
    }
    Files.writeString(disk.resolve(name), "text");
    clock.advance(Duration.ofDays(60));

    assertThat(mesh.doctor().findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.code()).isEqualTo(FindingCode.PLACE_NOT_LISTED);
              assertThat(finding.where()).isEqualTo("mesh:/shop");
              assertThat(finding.what()).contains("mesh:/shop/" + name + " is a file");
            });
    assertThat(mesh.maintain().commit().remaining())
        .extracting(Finding::code)
        .containsExactly(FindingCode.PLACE_NOT_LISTED);
    assertThat(archives(folder.resolve("bank"))).isNotEmpty();
    assertThat(mesh.repair().commit().findings())
        .extracting(Finding::code)
        .containsExactly(FindingCode.PLACE_NOT_LISTED);
    assertThat(rows(mesh, PAYMENTS)).isEqualTo(2);
    assertThat(disk.resolve(name)).hasContent("text");
    if (name.equals("archive")) {
      assertThat(LocalMesh.backUp(folder, scratch.resolve("backup")).damage())
          .extracting(Finding::code)
          .contains(FindingCode.PLACE_NOT_LISTED);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"data/commerce", "data/commerce/orders_v1"})
  void aTableWithAFileInsteadOfItsFolderIsDamagedAndTheRestIsProcessed(String name)
      throws IOException {
    ManualClock clock = ManualClock.at(Instant.now());
    mesh.close();
    mesh = LocalMesh.builder(folder).clock(clock).open();
    Files.move(disk.resolve(name), scratch.resolve("kept"));
    Files.writeString(disk.resolve(name), "text");
    clock.advance(Duration.ofDays(60));

    assertThat(mesh.doctor().findings())
        .extracting(Finding::code)
        .contains(FindingCode.METADATA_MISSING);
    assertThat(mesh.maintain().commit().remaining()).isNotEmpty();
    assertThat(archives(folder.resolve("bank"))).isNotEmpty();
    assertThat(rows(mesh, PAYMENTS)).isEqualTo(2);
    assertThat(disk.resolve(name)).hasContent("text");
  }

  @Test
  void aBackupOfAPlaceThatCannotBeListedIsDamaged() throws IOException {
    Files.delete(disk.resolve("place.json"));

    assertThat(LocalMesh.backUp(folder, scratch.resolve("backup")).damage())
        .extracting(Finding::code, Finding::where)
        .containsExactly(tuple(FindingCode.PLACE_NOT_LISTED, "mesh:/shop"));
  }

  @Test
  void aFolderOfAnotherMeshIsNotAPlace() throws IOException {
    Path other = scratch.resolve("other");
    LocalMesh.open(other).close();
    Files.createSymbolicLink(folder.resolve("annex"), other);

    assertRefused(mesh, "mesh:/annex", "contains data, but no place.json");
    assertThat(other.resolve("place.json")).doesNotExist();
  }

  @Test
  void aFileOfAnotherProgramWithTheNameOfTheMarkerIsKept() throws IOException {
    Path theirs = Files.createDirectories(folder.resolve("annex")).resolve("place.json");
    Files.writeString(theirs, "Berlin, 52.5 N");

    assertRefused(mesh, "mesh:/annex", "place.json was not written by this mesh");
    assertThat(theirs).hasContent("Berlin, 52.5 N");

    Files.writeString(theirs, "{\"mesh\":\"another");
    assertRefused(mesh, "mesh:/annex", "place.json was not written by this mesh");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{\"format\":1,\"mesh\""})
  void theBeginningOfAMarkerThatACrashLeftIsReplaced(String beginning) throws IOException {
    Path theirs = Files.createDirectories(folder.resolve("annex")).resolve("place.json");
    Files.writeString(theirs, beginning);

    keepDataAt("commerce", "mesh:/annex");
    assertThat(theirs).content().contains("mesh:/annex");
  }

  @Test
  void aLinkIntoTheMeshOrAnotherPlaceIsRejected() throws IOException {
    Files.createDirectories(folder.resolve("plain"));
    Files.createDirectories(folder.resolve("data"));
    for (Path target :
        List.of(
            Path.of("."),
            Path.of(".."),
            Path.of("data"),
            Path.of("registry"),
            Path.of("plain"),
            Path.of("bank"),
            Path.of("bank/data/finance"),
            disk,
            disk.resolve("data"))) {
      Files.deleteIfExists(folder.resolve("annex"));
      Files.createSymbolicLink(folder.resolve("annex"), target);

      assertRefused(mesh, "mesh:/annex", "leads to the same files as");
    }
    assertThat(mesh.doctor().findings()).isEmpty();
  }

  @Test
  void aPlaceThatIsNotAFolderIsRejected() throws IOException {
    Files.writeString(folder.resolve("plain"), "text");
    Files.createSymbolicLink(folder.resolve("broken"), scratch.resolve("missing"));

    for (String place : List.of("mesh:/plain", "mesh:/broken")) {
      assertThatThrownBy(() -> keepDataAt("commerce", place))
          .isInstanceOf(BackendException.class)
          .hasMessageContainingAll(place, "not a folder", "was not changed");
    }
    assertThat(mesh.doctor().findings()).isEmpty();
    assertThat(LocalMesh.backUp(folder, scratch.resolve("backup")).damage()).isEmpty();
  }

  @Test
  void archivesOfARenamedFolderAreNotDeleted() throws IOException {
    Path place = scratch.resolve("renamed");
    ManualClock clock = ManualClock.at(Instant.now());
    try (Mesh renamed = LocalMesh.builder(place).clock(clock).open()) {
      MeshClient commerce = renamed.clientAs(Principal.of("commerce", "etl"));
      for (String root : List.of("mesh:/annex", "mesh:/shop")) {
        commerce.registerDomain("commerce").owner("shop@example.org").location(root).commit();
      }
      commerce.defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
      publish(renamed, ORDERS, 0, 3);
      clock.advance(Duration.ofDays(60));
      renamed.maintain().commit();
      Set<String> archives = archives(place.resolve("shop"));
      assertThat(archives).isNotEmpty();
      Files.delete(place.resolve("annex/place.json"));
      Files.delete(place.resolve("annex"));
      Files.move(place.resolve("shop"), place.resolve("annex"));
      Files.createSymbolicLink(place.resolve("shop"), Path.of("annex"));

      clock.advance(Duration.ofDays(60));
      renamed.maintain().commit();

      assertThat(archives(place.resolve("annex"))).containsAll(archives);
      assertThat(renamed.doctor().isHealthy()).isTrue();
      assertThat(rows(renamed, ORDERS)).isEqualTo(3);
    }
  }

  private static Set<String> archives(Path place) throws IOException {
    try (Stream<Path> files = Files.walk(place.resolve("archive"))) {
      return files
          .filter(file -> file.toString().endsWith(".jsonl"))
          .map(file -> place.relativize(file).toString())
          .collect(Collectors.toSet());
    }
  }

  private static void assertRefused(Mesh mesh, String place, String why) {
    assertThatThrownBy(
            () ->
                mesh.clientAs(Principal.of("commerce", "etl"))
                    .registerDomain("commerce")
                    .owner("shop@example.org")
                    .location(place)
                    .commit())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("location", place, why, "Nothing was changed");
  }

  @Test
  void newTablesAreCreatedInTheNewestPlace() throws IOException {
    MeshClient commerce = mesh.clientAs(Principal.of("commerce", "etl"));
    // tag::place[]
    commerce.registerDomain("commerce").location("mesh:/annex").commit();
    commerce.defineProduct("commerce/carts").contract(Contract.of(Order.class)).commit();
    commerce
        .defineProduct("commerce/returns")
        .contract(Contract.of(Order.class))
        .location("mesh:/shop")
        .commit();
    // end::place[]

    publish(mesh, "commerce/carts", 0, 1);
    publish(mesh, "commerce/returns", 0, 1);

    assertThat(hasDataFiles(folder.resolve("annex/data/commerce/carts_v1"))).isTrue();
    assertThat(hasDataFiles(disk.resolve("data/commerce/returns_v1"))).isTrue();
  }

  @Test
  void anotherProcessLearnsOfANewPlace() {
    try (Mesh other = LocalMesh.open(folder)) {
      assertThat(rows(other, ORDERS)).isEqualTo(3);
      keepDataAt("commerce", "mesh:/annex");
      define("commerce/carts");
      publish(mesh, "commerce/carts", 0, 1);

      publish(other, "commerce/carts", 1, 3);

      assertThat(rows(other, "commerce/carts")).isEqualTo(3);
      assertThat(other.doctor().findings()).isEmpty();
    }
  }

  @Test
  void aPlaceOutsideTheFolderIsRejected() {
    for (String place :
        List.of(
            scratch.resolve("elsewhere").toString(),
            folder.resolve("shop").toString(),
            "mesh:",
            "mesh:/registry",
            "mesh:/blobs/x",
            "mesh:/data",
            "mesh:/shop/data/x",
            "mesh:/Shop",
            "s3://bucket")) {
      assertThatThrownBy(() -> keepDataAt("commerce", place))
          .as(place)
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("location");
    }
    assertThat(mesh.doctor().findings()).isEmpty();
  }
}
