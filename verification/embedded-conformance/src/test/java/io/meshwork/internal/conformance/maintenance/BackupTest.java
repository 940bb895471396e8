package io.meshwork.internal.conformance.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.conformance.fixture.ConcurrentCalls;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups of a mesh during concurrent work. */
class BackupTest {
  private static final String ORDERS = "commerce/orders";

  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init") // JUnit fills the mesh before each test
  private Mesh mesh;

  @BeforeEach
  void fillAMesh() {
    mesh = LocalMesh.open(folder.resolve("mesh"));
    MeshClient shop = shop(mesh);
    shop.registerDomain("commerce").owner("shop@example.org").commit();
    shop.defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
    publish(0);
  }

  @AfterEach
  void closeTheMesh() {
    mesh.close();
  }

  private static MeshClient shop(Mesh mesh) {
    return mesh.clientAs(Principal.of("commerce", "etl"));
  }

  private void publish(long id) {
    shop(mesh).publish(ORDERS).records(Order.range(id, id + 1)).idempotencyKey("" + id).commit();
  }

  private static List<Order> orders(Mesh mesh) {
    List<Order> all = new ArrayList<>();
    try (var rows = shop(mesh).read(ORDERS).as(Order.class).rows()) {
      rows.forEach(all::add);
    }
    return all;
  }

  @Test
  void aBackupDuringPublishesIsConsistent() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    List<Path> copies = new ArrayList<>();
    ConcurrentCalls.run(
        List.of(
            () -> {
              for (long id = 1; !done.get() || id < 30; id++) {
                publish(id);
                if (id % 10 == 0) {
                  mesh.maintain().commit();
                }
              }
              return true;
            },
            () -> {
              try {
                for (int i = 0; i < 4; i++) {
                  Path copy = folder.resolve("copy-" + i);
                  LocalMesh.Copy backup = LocalMesh.backUp(folder.resolve("mesh"), copy);
                  assertThat(Path.of(backup.root())).isEqualTo(copy);
                  assertThat(backup.damage()).isEmpty();
                  copies.add(copy);
                }
              } finally {
                done.set(true);
              }
              return true;
            }));

    int rows = 0;
    for (Path copy : copies) {
      try (Mesh copied = LocalMesh.openExisting(copy)) {
        assertThat(copied.doctor().problems()).as("%s", copy).isEmpty();
        List<Order> orders = orders(copied);
        assertThat(orders).isEqualTo(Order.range(0, orders.size()));
        assertThat(shop(copied).publishHistory(ORDERS).receipts()).hasSameSizeAs(orders);
        assertThat(orders.size())
            .as("each backup is newer than the previous one")
            .isGreaterThanOrEqualTo(rows);
        rows = orders.size();
        assertThat(
                shop(copied)
                    .publish(ORDERS)
                    .records(Order.range(0, 1))
                    .idempotencyKey("0")
                    .commit()
                    .replayed())
            .isTrue();
        shop(copied).publish(ORDERS).records(Order.range(rows, rows + 1)).commit();
        assertThat(orders(copied)).hasSize(rows + 1);
      }
    }
    assertThat(mesh.doctor().problems()).isEmpty();
  }

  @Test
  void aTargetThatIsNotEmptyOrInsideTheMeshIsRejected() throws IOException {
    Path taken = Files.createDirectories(folder.resolve("taken"));
    Path kept = Files.writeString(taken.resolve("mine.txt"), "mine");
    Path file = Files.writeString(folder.resolve("file"), "mine");
    for (Path target : List.of(taken, file, folder.resolve("mesh"), folder.resolve("mesh/copy"))) {
      assertThatThrownBy(() -> LocalMesh.backUp(folder.resolve("mesh"), target))
          .as("%s", target)
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContainingAll("back up", "Nothing was written");
    }
    assertThatThrownBy(() -> LocalMesh.backUp(folder.resolve("none"), folder.resolve("new")))
        .isInstanceOf(InvalidRequestException.class);
    assertThat(kept).hasContent("mine");
    assertThat(folder.resolve("new")).doesNotExist();
    assertThat(folder.resolve("mesh/copy")).doesNotExist();
    assertThat(mesh.doctor().isHealthy()).isTrue();
  }

  @Test
  void aBackupReportsAMissingDataFileAndIsKept() throws IOException {
    Files.delete(onlyFile("data/commerce/orders_v1/data", ".parquet"));
    LocalMesh.Copy backup = LocalMesh.backUp(folder.resolve("mesh"), folder.resolve("copy"));
    assertThat(backup.damage())
        .singleElement()
        .satisfies(problem -> assertThat(problem.code()).isEqualTo(FindingCode.FILE_MISSING));
    assertThat(folder.resolve("copy/mesh.json")).exists();
  }

  @Test
  void aBackupReportsATruncatedDataFile() throws IOException {
    Path data = onlyFile("data/commerce/orders_v1/data", ".parquet");
    Files.write(data, Arrays.copyOf(Files.readAllBytes(data), 100));
    assertThat(LocalMesh.backUp(folder.resolve("mesh"), folder.resolve("copy")).damage())
        .singleElement()
        .satisfies(problem -> assertThat(problem.code()).isEqualTo(FindingCode.FILE_CHANGED));
  }

  @Test
  void lostTableMetadataIsReportedAsDamage() throws IOException {
    try (Stream<Path> all = Files.list(folder.resolve("mesh/data/commerce/orders_v1/metadata"))) {
      for (Path file : all.filter(file -> file.toString().endsWith(".json")).toList()) {
        Files.delete(file);
      }
    }
    assertThatThrownBy(() -> LocalMesh.backUp(folder.resolve("mesh"), folder.resolve("copy")))
        .isInstanceOfSatisfying(
            BackendException.class,
            failure -> {
              assertThat(failure.errorCode()).isEqualTo(ErrorCode.DATA_DAMAGED);
              assertThat(failure.retryable()).isFalse();
            })
        .hasMessageContainingAll("commerce/orders", "orders_v1", "is missing", "Restore")
        .hasMessageNotContaining("so fast");
    assertThat(folder.resolve("copy/mesh.json")).doesNotExist();
  }

  private Path onlyFile(String below, String suffix) throws IOException {
    try (Stream<Path> all = Files.walk(folder.resolve("mesh").resolve(below))) {
      List<Path> files = all.filter(file -> file.toString().endsWith(suffix)).toList();
      assertThat(files).hasSize(1);
      return files.get(0);
    }
  }
}
