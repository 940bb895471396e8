package io.meshwork.internal.conformance.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.testkit.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two meshes with the same names, whose disks and folders are exchanged while their processes run.
 */
class PlacesOfTwoMeshesTest {
  private static final String ORDERS = "commerce/orders";

  private final ManualClock clock = ManualClock.at(Instant.parse("2026-11-20T08:00:00Z"));

  @TempDir private Path scratch;

  @SuppressWarnings("NullAway.Init") // JUnit opens it before each test
  private Mesh test;

  @SuppressWarnings("NullAway.Init") // JUnit opens it before each test
  private Mesh production;

  @BeforeEach
  void openBoth() throws IOException {
    test = filled("test", 0, 3);
    production = filled("production", 10, 15);
  }

  @AfterEach
  void closeBoth() {
    test.close();
    production.close();
  }

  private Path folder(String mesh) {
    return scratch.resolve(mesh);
  }

  private Path disk(String mesh) {
    return scratch.resolve("disk-" + mesh);
  }

  private Mesh open(String name) {
    return LocalMesh.builder(folder(name)).clock(clock).testing().sleeper(clock::advance).open();
  }

  /** A mesh with a product on a disk, and one below its root. */
  private Mesh filled(String name, long from, long to) throws IOException {
    Mesh mesh = open(name);
    define(mesh, "commerce/returns");
    Files.createSymbolicLink(folder(name).resolve("shop"), Files.createDirectory(disk(name)));
    shop(mesh).registerDomain("commerce").location("mesh:/shop").commit();
    define(mesh, ORDERS);
    shop(mesh).publish(ORDERS).records(Order.range(from, to)).commit();
    shop(mesh).publish("commerce/returns").records(Order.range(from, to)).commit();
    return mesh;
  }

  private static MeshClient shop(Mesh mesh) {
    return mesh.clientAs(Principal.of("commerce", "etl"));
  }

  private static void define(Mesh mesh, String product) {
    shop(mesh).registerDomain("commerce").owner("shop@example.org").commit();
    shop(mesh).defineProduct(product).contract(Contract.of(Order.class)).commit();
  }

  private static List<Order> rows(Mesh mesh, String product) {
    try (var rows = shop(mesh).read(product).as(Order.class).rows()) {
      return rows.stream().sorted((a, b) -> Long.compare(a.id(), b.id())).toList();
    }
  }

  private static void link(Path link, Path target) throws IOException {
    Files.delete(link);
    Files.createSymbolicLink(link, target);
  }

  private static SortedMap<String, Long> files(Path folder) throws IOException {
    SortedMap<String, Long> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(file.toString(), Files.size(file));
      }
    }
    return files;
  }

  private static void assertRefused(ThrowingCallable call, String... words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            BackendException.class,
            refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.PLACE_NOT_OWN))
        .hasMessageContainingAll(words);
  }

  private void publishOrder(Mesh mesh) {
    shop(mesh).publish(ORDERS).records(Order.range(90, 91)).commit();
  }

  private void assertProductionIsWhole() {
    assertThat(rows(production, ORDERS)).isEqualTo(Order.range(10, 15));
    assertThat(production.doctorWithChecksums().problems()).isEmpty();
  }

  @Test
  void anOpenMeshNoticesThatADiskIsThatOfAnotherMesh() throws IOException {
    link(folder("test").resolve("shop"), disk("production"));
    SortedMap<String, Long> before = files(disk("production"));

    assertRefused(() -> publishOrder(test), "mesh:/shop", "place.json names the mesh");
    assertRefused(() -> rows(test, ORDERS), "mesh:/shop", "Nothing there was read");
    assertRefused(
        () -> shop(test).erase(ORDERS).where("id = 1").because("asked").withProof().commit(),
        "mesh:/shop");
    assertRefused(() -> define(test, "commerce/carts"), "mesh:/shop");
    clock.advance(Duration.ofDays(60));
    assertThat(test.maintain().commit().remaining())
        .anyMatch(finding -> finding.code() == FindingCode.PLACE_NOT_LISTED);
    assertRefused(() -> LocalMesh.backUp(folder("test"), scratch.resolve("backup")), "mesh:/shop");

    assertThat(files(disk("production"))).isEqualTo(before);
    assertThat(scratch.resolve("backup")).doesNotExist();
    assertThat(rows(test, "commerce/returns")).isEqualTo(Order.range(0, 3));
    link(folder("test").resolve("shop"), disk("test"));
    publishOrder(test);
    assertThat(rows(test, ORDERS)).hasSize(4);
    assertThat(test.doctor().problems()).isEmpty();
    assertProductionIsWhole();
  }

  @Test
  void anErasureOfAProductElsewhereDoesNotReachThePlaceOfAnotherMesh() throws IOException {
    link(folder("test").resolve("shop"), disk("production"));
    SortedMap<String, Long> before = files(disk("production"));

    assertRefused(
        () ->
            shop(test)
                .erase("commerce/returns")
                .where("id = 1")
                .because("asked")
                .withProof()
                .commit(),
        "mesh:/shop");

    assertThat(files(disk("production"))).isEqualTo(before);
    assertThat(rows(test, "commerce/returns")).isEqualTo(Order.range(0, 3));
  }

  @Test
  void aRowStreamEndsWhenItsDiskIsExchanged() throws IOException {
    for (long id = 3; id < 6; id++) {
      shop(test).publish(ORDERS).records(Order.range(id, id + 1)).commit();
    }
    try (var rows = shop(test).read(ORDERS).as(Order.class).rows()) {
      link(folder("test").resolve("shop"), disk("production"));

      assertThatThrownBy(() -> rows.stream().forEach(row -> {}))
          .hasMessageContainingAll("place.json names the mesh");
    }
  }

  @Test
  void twoPlacesOfOneMeshCannotBeExchanged() throws IOException {
    Path other = Files.createDirectory(disk("annex"));
    Files.createSymbolicLink(folder("test").resolve("annex"), other);
    shop(test).registerDomain("commerce").location("mesh:/annex").commit();
    link(folder("test").resolve("shop"), other);
    link(folder("test").resolve("annex"), disk("test"));
    SortedMap<String, Long> before = files(disk("test"));

    assertRefused(() -> publishOrder(test), "mesh:/shop", "names the place 'mesh:/annex'");
    assertRefused(() -> define(test, "commerce/carts"), "names the place 'mesh:/shop'");

    assertThat(files(disk("test"))).isEqualTo(before);
    assertThat(files(other)).hasSize(1);
  }

  @Test
  void aDiskThatIsNotMountedGetsNoFiles() throws IOException {
    link(folder("test").resolve("shop"), Files.createDirectory(scratch.resolve("mount-point")));

    assertRefused(() -> define(test, "commerce/carts"), "mesh:/shop", "place.json is missing");
    assertRefused(() -> publishOrder(test), "place.json is missing", "disks are mounted");
    assertRefused(() -> rows(test, ORDERS), "place.json is missing", "disks are mounted");

    assertThat(scratch.resolve("mount-point")).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(strings = {"shop/data", "shop/data/commerce", "shop/data/commerce/orders_v1"})
  void aLinkBelowAPlaceIntoThatOfAnotherMeshIsNotFollowed(String part) throws IOException {
    Path own = folder("test").resolve(part);
    Files.move(own, scratch.resolve("aside"));
    Files.createSymbolicLink(own, folder("production").resolve(part).toRealPath());
    SortedMap<String, Long> before = files(disk("production"));

    assertRefused(() -> publishOrder(test), "names the mesh");
    assertRefused(() -> rows(test, ORDERS), "names the mesh");
    assertRefused(
        () -> shop(test).erase(ORDERS).where("id = 1").because("asked").withProof().commit(),
        "names the mesh");
    clock.advance(Duration.ofDays(60));
    test.maintain().commit();

    assertThat(files(disk("production"))).isEqualTo(before);
    assertProductionIsWhole();
  }

  @ParameterizedTest
  @ValueSource(strings = {"data", "data/commerce", "data/commerce/returns_v1"})
  void aLinkBelowTheRootIntoThatOfAnotherMeshIsNotFollowed(String part) throws IOException {
    Path own = folder("test").resolve(part);
    Files.move(own, scratch.resolve("aside"));
    Files.createSymbolicLink(own, folder("production").resolve(part));
    SortedMap<String, Long> before = files(folder("production").resolve("data"));

    assertRefused(
        () -> shop(test).publish("commerce/returns").records(Order.range(9, 10)).commit(),
        "mesh.json names the mesh");
    assertRefused(() -> rows(test, "commerce/returns"), "mesh.json names the mesh");
    clock.advance(Duration.ofDays(60));
    test.maintain().commit();

    assertThat(files(folder("production").resolve("data"))).isEqualTo(before);
    assertThat(rows(production, "commerce/returns")).isEqualTo(Order.range(10, 15));
  }

  @Test
  void anOpenMeshWhoseFolderIsThatOfAnotherMeshWritesNothing() throws IOException {
    Files.move(folder("test"), scratch.resolve("moved"));
    Files.createSymbolicLink(folder("test"), folder("production"));
    SortedMap<String, Long> before = files(folder("production").resolve("data"));

    assertRefused(
        () -> shop(test).publish("commerce/returns").records(Order.range(9, 10)).commit(),
        "mesh.json names the mesh");
    assertRefused(() -> rows(test, "commerce/returns"), "mesh.json names the mesh");

    assertThat(files(folder("production").resolve("data"))).isEqualTo(before);
  }
}
