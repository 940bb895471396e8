package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.local.LocalMesh;
import io.meshwork.local.MoveMesh;
import io.meshwork.operation.Plan;
import io.meshwork.product.Principal;
import io.meshwork.registry.Warehouse;
import io.meshwork.testkit.AwsEmulator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** An embedded mesh moves to AWS, and a mesh on AWS to a folder and back. */
class AwsMoveTest {
  private static final String ORDERS = "commerce/orders";
  private static final String COMMERCE = "111111111111";
  private static final String FINANCE = "222222222222";

  record Order(String id, String country, double total) {}

  private static final Contract CONTRACT =
      Contract.of(Order.class)
          .require(Rule.unique("id"), Rule.atLeast("total", 0))
          .onViolation(OnViolation.QUARANTINE);

  @TempDir private Path temporary;

  private static List<Order> orders(int from, int to) {
    List<Order> orders = new ArrayList<>();
    for (int n = from; n < to; n++) {
      orders.add(new Order("o-" + n, n % 2 == 0 ? "DE" : "FR", n));
    }
    return orders;
  }

  /** A mesh with snapshots, a quarantine, erased rows, a subscription, grants, and a request. */
  private Path embedded() {
    Path folder = temporary.resolve("embedded");
    try (Mesh mesh = LocalMesh.open(folder)) {
      MeshClient etl = mesh.actingAs(Principal.of("commerce", "etl"));
      MeshClient analyst = mesh.actingAs(Principal.of("finance", "analyst"));
      etl.registerDomain("commerce").ownedBy("commerce@example.org").commit();
      analyst.registerDomain("finance").ownedBy("finance@example.org").commit();
      etl.defineProduct(ORDERS).contract(CONTRACT).commit();
      etl.publish(ORDERS).records(orders(0, 20)).idempotencyKey("run-1").commit();
      List<Order> mixed = new ArrayList<>(orders(20, 40));
      mixed.add(new Order("bad", "DE", -1));
      etl.publish(ORDERS).records(mixed).idempotencyKey("run-2").commit();
      etl.publish(ORDERS).erasingWhere("id = 'o-3'", "Customer left").commit();
      etl.grant(ORDERS)
          .to(Principal.of("finance", "analyst"))
          .rows("country = 'DE'")
          .because("Month end")
          .commit();
      try (Batch<Order> batch =
          analyst
              .subscribe(ORDERS)
              .as(Order.class)
              .named("copy")
              .purpose("A copy")
              .fromStart()
              .commit()
              .poll()) {
        batch.forEach(row -> {});
        batch.ack();
      }
    }
    return folder;
  }

  /** Creates bucket and table; moto applies the bucket's denial without its condition. */
  private static AwsConfig emptyStores() {
    AwsConfig config = AwsLocal.newMesh();
    try (AwsMoveTarget target = new AwsMoveTarget(config, AwsLocal.role("admin"))) {
      target.makeStores();
    }
    AwsLocal.allowEverything(config);
    return config;
  }

  private static MoveMesh move(Path folder, AwsConfig config) {
    return AwsMesh.move(folder, config, AwsLocal.role("admin"))
        .account("commerce", COMMERCE)
        .account("finance", FINANCE);
  }

  /** Opens a mesh on AWS for principals that the emulator need not confirm. */
  private static Mesh believing(AwsConfig config) {
    Warehouse.Ports ports = new AwsMoveTarget(config, AwsLocal.role("admin")).open();
    return Mesh.over(ports.registry(), ports.files(), ports.root()).open();
  }

  private static Map<String, Object> state(Mesh mesh, String commerce, String finance) {
    MeshClient etl = mesh.actingAs(Principal.of(commerce, "etl"));
    MeshClient analyst = mesh.actingAs(Principal.of(finance, "analyst"));
    Map<String, Object> state = new TreeMap<>();
    state.put("rows of etl", rows(etl));
    state.put("rows of analyst", rows(analyst));
    state.put(
        "receipts",
        etl.history(ORDERS).receipts().stream()
            .map(receipt -> receipt.snapshotId() + " " + receipt.rowsAccepted())
            .toList());
    try (Rows<GenericRecord> quarantined = etl.quarantine(ORDERS).read()) {
      state.put("quarantine", quarantined.stream().map(Object::toString).sorted().toList());
    }
    return state;
  }

  private static List<Order> rows(MeshClient client) {
    List<Order> rows = new ArrayList<>();
    try (Rows<Order> read = client.read(ORDERS).as(Order.class).read()) {
      read.forEach(rows::add);
    }
    rows.sort(Comparator.comparing(Order::id));
    return rows;
  }

  @Test
  void aMovedMeshHasTheSameRowsSnapshotsAndRights() {
    Path folder = embedded();
    Map<String, Object> before;
    try (Mesh mesh = LocalMesh.openExisting(folder)) {
      before = state(mesh, "commerce", "finance");
    }
    AwsConfig config = emptyStores();

    MoveMesh.Result moved = move(folder, config).commit();

    assertThat(moved.damage()).isEmpty();
    assertThat(moved.files()).isPositive();
    assertThat(moved.root()).isEqualTo(config.root());
    try (Mesh mesh = believing(config)) {
      assertThat(state(mesh, COMMERCE, FINANCE)).isEqualTo(before);
      assertThat(mesh.doctorWithChecksums().findings()).isEmpty();
      MeshClient etl = mesh.actingAs(Principal.of(COMMERCE, "etl"));
      assertThat(
              etl.publish(ORDERS)
                  .records(orders(0, 20))
                  .idempotencyKey("run-1")
                  .commit()
                  .replayed())
          .isTrue();
      etl.publish(ORDERS).records(orders(40, 45)).commit();
      Subscription<Order> copy =
          mesh.actingAs(Principal.of(FINANCE, "analyst"))
              .subscribe(ORDERS)
              .as(Order.class)
              .named("copy")
              .purpose("A copy")
              .commit();
      List<Order> polled = new ArrayList<>();
      try (Batch<Order> batch = copy.poll()) {
        batch.forEach(polled::add);
        batch.ack();
      }
      assertThat(polled).extracting(Order::id).doesNotContain("o-0", "o-41");
      mesh.maintain().commit();
      assertThat(mesh.doctorWithChecksums().problems()).isEmpty();
    }
  }

  @Test
  void theFolderOfAMovedMeshIsOnlyRead() {
    Path folder = embedded();
    try (Mesh open = LocalMesh.openExisting(folder)) {
      AwsConfig config = emptyStores();
      move(folder, config).commit();

      assertThat(rows(open.actingAs(Principal.of("commerce", "etl")))).hasSize(39);
      assertThatThrownBy(
              () ->
                  open.actingAs(Principal.of("commerce", "etl"))
                      .publish(ORDERS)
                      .records(orders(50, 51))
                      .commit())
          .isInstanceOfSatisfying(
              BackendException.class,
              e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.MESH_MOVED))
          .hasMessageContaining(config.root());
      MoveMesh again = move(folder, config);
      assertThat(again.commit().files()).as("a repeated move").isZero();
      assertThatThrownBy(() -> move(folder, config).abandon())
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("completed");
      assertThatThrownBy(() -> move(folder, emptyStores()).commit())
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining(config.root());
    }
  }

  @Test
  void accountsWithoutDigitsAreListedAndNothingIsChanged() {
    Path folder = embedded();
    AwsConfig config = emptyStores();
    MoveMesh move = AwsMesh.move(folder, config, AwsLocal.role("admin"));

    Plan<MoveMesh.Result> plan = move.plan();

    assertThat(plan.findings())
        .extracting(Finding::code, Finding::where)
        .containsExactly(
            tuple(FindingCode.ACCOUNT_UNMAPPED, "commerce"),
            tuple(FindingCode.ACCOUNT_UNMAPPED, "finance"));
    assertThatThrownBy(plan::commit)
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("commerce", "finance");
    try (Mesh mesh = LocalMesh.openExisting(folder)) {
      mesh.actingAs(Principal.of("commerce", "etl"))
          .publish(ORDERS)
          .records(orders(50, 51))
          .commit();
    }
  }

  @Test
  void anotherMeshInTheNewPlaceIsNotTouched() {
    Path folder = embedded();
    AwsConfig config = AwsLocal.newMesh();
    AwsLocal.make(config);
    AwsLocal.allowEverything(config);

    assertThatThrownBy(() -> move(folder, config).commit())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("another mesh");
    try (Mesh mesh = AwsMesh.in(config, AwsLocal.role("etl")).open()) {
      assertThat(mesh.acting().products()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "s3, PutObject, 2",
    "s3, PutObject, 9",
    "dynamodb, TransactWriteItems, 1",
    "dynamodb, TransactWriteItems, 7",
    "dynamodb, TransactWriteItems, 25",
    "dynamodb, Query, 30"
  })
  void anInterruptedMoveContinues(String service, String operation, int call) {
    Path folder = embedded();
    AwsConfig config = emptyStores();
    AwsEmulator aws = AwsLocal.emulator();
    aws.on(service, operation).nth(call).expireToken();
    try {
      assertThatThrownBy(() -> move(folder, config).commit()).isNotNull();
    } finally {
      aws.reset();
    }

    assertThat(move(folder, config).commit().damage()).isEmpty();

    try (Mesh mesh = believing(config)) {
      assertThat(rows(mesh.actingAs(Principal.of(COMMERCE, "etl")))).hasSize(39);
      assertThat(mesh.doctorWithChecksums().findings()).isEmpty();
    }
  }

  @Test
  void aBackupIsAMeshThatIsRestoredAfterItsTableAndBucketWereLost() {
    Path folder = embedded();
    AwsConfig config = emptyStores();
    move(folder, config).commit();
    Path backup = temporary.resolve("backup");

    LocalMesh.Backup copied = AwsMesh.backUp(config, backup, AwsLocal.role("admin"));

    assertThat(copied.damage()).isEmpty();
    Map<String, Object> before;
    try (Mesh mesh = believing(config)) {
      before = state(mesh, COMMERCE, FINANCE);
    }
    try (Mesh mesh = LocalMesh.openExisting(backup)) {
      assertThat(state(mesh, COMMERCE, FINANCE)).isEqualTo(before);
      assertThat(mesh.doctorWithChecksums().findings()).isEmpty();
    }
    AwsConfig restored = emptyStores();
    assertThat(AwsMesh.move(backup, restored, AwsLocal.role("admin")).commit().damage()).isEmpty();
    try (Mesh mesh = believing(restored)) {
      assertThat(state(mesh, COMMERCE, FINANCE)).isEqualTo(before);
    }
  }

  @Test
  void aLostTableIsRestoredFromABackupBesideItsFiles() {
    Path folder = embedded();
    AwsConfig config = emptyStores();
    move(folder, config).commit();
    Path backup = temporary.resolve("backup");
    AwsMesh.backUp(config, backup, AwsLocal.role("admin"));
    Map<String, Object> before;
    try (Mesh mesh = believing(config)) {
      before = state(mesh, COMMERCE, FINANCE);
    }
    AwsLocal.deleteTable(config);

    assertThat(AwsMesh.move(backup, config, AwsLocal.role("admin")).commit().damage()).isEmpty();

    try (Mesh mesh = believing(config)) {
      assertThat(state(mesh, COMMERCE, FINANCE)).isEqualTo(before);
      assertThat(mesh.doctorWithChecksums().findings()).isEmpty();
    }
  }

  @Test
  void filesThatWereDeletedByMistakeAreRestoredFromTheirVersions() {
    AwsConfig config = emptyStores();
    move(embedded(), config).commit();
    assertThat(AwsLocal.deleteObjects(config, "data/commerce/orders_v1/")).isGreaterThan(4);
    try (Mesh mesh = believing(config)) {
      assertThat(mesh.doctor().problems()).isNotEmpty();
    }

    assertThat(AwsMesh.restoreFiles(config, AwsLocal.role("admin"))).isGreaterThan(4);

    try (Mesh mesh = believing(config)) {
      assertThat(rows(mesh.actingAs(Principal.of(COMMERCE, "etl")))).hasSize(39);
      assertThat(mesh.doctorWithChecksums().problems()).isEmpty();
    }
    assertThat(AwsMesh.restoreFiles(config, AwsLocal.role("admin"))).isZero();
  }

  @Test
  void aTableThatWasSetBackHasTheFilesOfThatTimeAgain() {
    AwsConfig config = emptyStores();
    move(embedded(), config).commit();
    List<Map<String, AttributeValue>> items = AwsLocal.items(config);
    try (Mesh mesh = believing(config)) {
      MeshClient etl = mesh.actingAs(Principal.of(COMMERCE, "etl"));
      for (int day = 0; day < 24; day++) {
        etl.publish(ORDERS).records(orders(100 + day, 101 + day)).commit();
      }
    }
    AwsLocal.deleteTable(config);
    AwsLocal.restoreTable(config, items);
    try (Mesh mesh = believing(config)) {
      assertThat(mesh.doctor().problems())
          .extracting(Finding::code)
          .contains(FindingCode.METADATA_MISSING);
    }

    assertThat(AwsMesh.restoreFiles(config, AwsLocal.role("admin"))).isPositive();

    try (Mesh mesh = believing(config)) {
      assertThat(rows(mesh.actingAs(Principal.of(COMMERCE, "etl")))).hasSize(39);
      assertThat(mesh.doctor().problems())
          .extracting(Finding::code)
          .as("metadata of later commits remains")
          .containsOnly(FindingCode.REGISTRY_BEHIND);
    }
  }
}
