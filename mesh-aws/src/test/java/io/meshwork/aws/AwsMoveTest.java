package io.meshwork.aws;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;
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
import io.meshwork.error.MeshException;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.conformance.SuiteSample;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.local.LocalMesh;
import io.meshwork.local.LocalMesh.MoveMesh;
import io.meshwork.operation.Plan;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Warehouse;
import io.meshwork.testkit.ManualClock;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.s3.S3Client;

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

  /** The parts of a move after which it is interrupted, of {@link #OF_PARTS}. */
  private static final List<Integer> PARTS = SuiteSample.casesOf(List.of(1, 2, 3));

  private static final int OF_PARTS = 3;

  @TempDir private Path temporary;
  private int meshes;

  private static List<Order> orders(int from, int to) {
    List<Order> orders = new ArrayList<>();
    for (int n = from; n < to; n++) {
      orders.add(new Order("o-" + n, n % 2 == 0 ? "DE" : "FR", n));
    }
    return orders;
  }

  /** A mesh with snapshots, a quarantine, erased rows, a subscription, grants, and a request. */
  private Path embedded() {
    Path folder = temporary.resolve("embedded" + meshes++);
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
    return emptyStores(AwsLocal.emulator());
  }

  private static AwsConfig emptyStores(AwsEmulator aws) {
    AwsConfig config = AwsLocal.newMesh(aws);
    makeStores(config);
    return config;
  }

  static void makeStores(AwsConfig config) {
    try (AwsMoveTarget target = new AwsMoveTarget(config, AwsLocal.role("admin"))) {
      target.makeStores();
    }
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
  void anAccountCannotGetTheNameOfAnother() {
    Path folder = embedded();
    try (Mesh mesh = LocalMesh.openExisting(folder)) {
      mesh.actingAs(Principal.of("commerce", "etl"))
          .grant(ORDERS)
          .to(Principal.of(FINANCE, "auditor"))
          .because("Audit")
          .commit();
    }
    AwsConfig config = emptyStores();

    assertThat(move(folder, config).plan().findings())
        .extracting(Finding::code, Finding::where)
        .containsExactly(tuple(FindingCode.ACCOUNT_NAME_TAKEN, "finance"));
    assertThatThrownBy(() -> move(folder, config).commit())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("ACCOUNT_NAME_TAKEN finance");
    assertThat(move(folder, config).account(FINANCE, "444444444444").plan().findings())
        .as("two accounts that move on, one to the old name of the other")
        .extracting(Finding::code)
        .containsExactly(FindingCode.ACCOUNT_NAME_TAKEN);
  }

  @Test
  void thePlaceOfAnotherMeshIsNotTouched() {
    Path folder = embedded();
    try (Mesh mesh = LocalMesh.openExisting(folder)) {
      mesh.actingAs(Principal.of("commerce", "etl"))
          .registerDomain("commerce")
          .keepingDataAt("mesh:/annex")
          .commit();
    }
    AwsConfig config = emptyStores();
    try (S3Client s3 = S3Local.client()) {
      String bucket = S3Local.newBucket(s3);
      String marker =
          DocumentJson.write(DocumentJson.create().put("mesh", "other").put("root", bucket));
      s3.putObject(
          put -> put.bucket(bucket.substring("s3://".length())).key("place.json"),
          RequestBody.fromString(marker));

      assertThatThrownBy(() -> move(folder, config).place("mesh:/annex", bucket).commit())
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("another mesh");

      String data = S3Local.newBucket(s3);
      s3.putObject(
          put -> put.bucket(data.substring("s3://".length())).key("data/x"),
          RequestBody.fromString("x"));
      assertThatThrownBy(() -> move(folder, config).place("mesh:/annex", data).commit())
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("contains data");
    }
    try (Mesh mesh = LocalMesh.openExisting(folder)) {
      mesh.actingAs(Principal.of("commerce", "etl"))
          .publish(ORDERS)
          .records(orders(50, 51))
          .commit();
    }
  }

  @Test
  void placesHaveBucketsOfTheirOwnNames() {
    AwsConfig config = AwsLocal.newMesh();
    MoveMesh move = AwsMesh.move(temporary, config).place("mesh:/annex", "s3://annex-data");

    assertThatThrownBy(() -> move.place("mesh:/other", "s3://annex-data"))
        .hasMessageContaining("another place");
    assertThatThrownBy(() -> move.place("mesh:/other", config.root()))
        .hasMessageContaining("its own files");
    assertThatThrownBy(() -> move.place("mesh:/other", "s3://bucket/prefix"))
        .hasMessageContaining("s3://");
  }

  @Test
  void anotherMeshInTheNewPlaceIsNotTouched() {
    Path folder = embedded();
    AwsConfig config = AwsLocal.newMesh();
    AwsLocal.make(config);

    assertThatThrownBy(() -> move(folder, config).commit())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("another mesh");
    try (Mesh mesh = AwsMesh.in(config, AwsLocal.role("etl")).open()) {
      assertThat(mesh.acting().products()).isEmpty();
    }
  }

  /** The write operations of a move and the parts of them after which it is interrupted. */
  @ParameterizedTest
  @CsvSource({"s3, PutObject", "dynamodb, TransactWriteItems"})
  void aMoveThatIsInterruptedContinues(String service, String operation) {
    try (AwsEmulator aws = AwsEmulator.start()) {
      aws.reset();
      move(embedded(), emptyStores(aws)).commit();
      long calls = aws.calls().stream().filter((service + ":" + operation)::equals).count();
      for (int part : PARTS) {
        int call = (int) (calls * part / OF_PARTS);
        Path folder = embedded();
        AwsConfig config = emptyStores(aws);
        aws.reset();
        for (int attempt = 0; attempt < 3; attempt++) {
          aws.on(service, operation).nth(call + attempt).fail500();
        }
        aws.on(service, operation).nth(call + 3).expireToken();
        boolean interrupted = false;
        try {
          move(folder, config).commit();
        } catch (MeshException e) {
          interrupted = true;
        }
        aws.reset();

        MoveMesh.Result continued = move(folder, config).commit();

        assertThat(continued.damage()).as("call %s of %s", call, calls).isEmpty();
        if (!interrupted) {
          assertThat(continued.files()).isZero();
        }
        try (Mesh mesh = believing(config)) {
          assertThat(rows(mesh.actingAs(Principal.of(COMMERCE, "etl")))).hasSize(39);
          assertThat(mesh.doctorWithChecksums().findings()).as("call %s", call).isEmpty();
        }
      }
    }
  }

  @Test
  void aMoveContinuesWhenRepliesAreLost() {
    try (AwsEmulator aws = AwsEmulator.start()) {
      AwsConfig config = emptyStores(aws);
      aws.reset();
      for (int call = 3; call < 30; call += 4) {
        aws.on("dynamodb", "TransactWriteItems").nth(call).loseReply();
        aws.on("s3", "PutObject").nth(call).loseReply();
      }

      assertThat(move(embedded(), config).commit().damage()).isEmpty();
    }
  }

  @Test
  void anAbandonedMoveAllowsWritingAgain() {
    try (AwsEmulator aws = AwsEmulator.start()) {
      Path folder = embedded();
      AwsConfig config = emptyStores(aws);
      MoveMesh interrupted =
          LocalMesh.move(
                  folder,
                  new InterruptedMoveTarget(new AwsMoveTarget(config, AwsLocal.role("admin"))))
              .account("commerce", COMMERCE)
              .account("finance", FINANCE);
      assertThatThrownBy(interrupted::commit)
          .isInstanceOf(MeshException.class)
          .hasMessageContaining("a test interrupted the move");
      try (Mesh mesh = LocalMesh.openExisting(folder)) {
        MeshClient etl = mesh.actingAs(Principal.of("commerce", "etl"));
        assertThatThrownBy(() -> etl.publish(ORDERS).records(orders(50, 51)).commit())
            .hasMessageContaining(config.root());

        move(folder, config).abandon();

        etl.publish(ORDERS).records(orders(50, 51)).commit();
      }
      assertThatThrownBy(() -> AwsMesh.in(config, AwsLocal.role("etl")).open())
          .isInstanceOf(InvalidRequestException.class);
      assertThatThrownBy(() -> move(folder, config).commit())
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("abandoned");
      AwsConfig other = emptyStores(aws);
      assertThat(move(folder, other).commit().damage()).isEmpty();
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

  @Test
  void placesOfDataMoveToTheirBuckets() {
    Path folder = embedded();
    try (Mesh mesh = LocalMesh.openExisting(folder)) {
      MeshClient etl = mesh.actingAs(Principal.of("commerce", "etl"));
      etl.registerDomain("commerce").keepingDataAt("mesh:/annex").commit();
      etl.defineProduct("commerce/carts").contract(CONTRACT).commit();
      etl.publish("commerce/carts").records(orders(0, 5)).commit();
    }
    AwsConfig config = emptyStores();
    assertThat(move(folder, config).plan().findings())
        .extracting(Finding::code, Finding::where)
        .containsExactly(tuple(FindingCode.PLACE_UNMAPPED, "mesh:/annex"));
    String bucket;
    try (S3Client s3 = S3Local.client()) {
      bucket = S3Local.newBucket(s3);
    }

    assertThat(move(folder, config).place("mesh:/annex", bucket).commit().damage()).isEmpty();

    try (S3Client s3 = S3Local.client()) {
      String name = bucket.substring("s3://".length());
      s3.putBucketPolicy(
          put ->
              put.bucket(name)
                  .policy(
                      """
                      {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*",
                       "Action": "s3:GetObject", "Resource": "arn:aws:s3:::%s/*"}]}"""
                          .formatted(name)));
      assertThat(AwsMesh.restoreFiles(config, AwsLocal.role("admin")))
          .as("the files of places of others are not read")
          .isZero();
      s3.deleteBucketPolicy(delete -> delete.bucket(name));
    }

    try (Mesh mesh = believing(config)) {
      MeshClient etl = mesh.actingAs(Principal.of(COMMERCE, "etl"));
      assertThat(etl.read("commerce/carts").files())
          .isNotEmpty()
          .allMatch(file -> file.toString().startsWith(bucket + "/data/commerce/carts_v1/"));
      etl.publish("commerce/carts").records(orders(5, 9)).commit();
      assertThat(
              new AwsMoveTarget(config, AwsLocal.role("admin"))
                  .open()
                  .registry()
                  .read(RegistryKeys.domain("commerce"))
                  .orElseThrow()
                  .json())
          .contains("\"account\":\"" + COMMERCE + "\"", "\"region\":");
      assertThat(mesh.doctorWithChecksums().problems()).isEmpty();
    }
    Path backup = temporary.resolve("backup");
    assertThat(AwsMesh.backUp(config, backup, AwsLocal.role("admin")).damage()).isEmpty();
    try (Mesh mesh = LocalMesh.openExisting(backup);
        Rows<Order> carts =
            mesh.actingAs(Principal.of(COMMERCE, "etl"))
                .read("commerce/carts")
                .as(Order.class)
                .read()) {
      assertThat(carts).hasSize(9);
      assertThat(mesh.doctorWithChecksums().problems()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-11-20", "2026-11-21"})
  void aMeshOfAnEarlierBuildMovesWithItsRights(String day) throws IOException {
    Path folder = temporary.resolve(day);
    unpack(Path.of("../mesh-testkit/src/test/resources/meshes/" + day + ".zip"), folder);
    ManualClock clock = ManualClock.at(Instant.parse("2026-11-21T13:00:00Z"));
    AwsConfig config = emptyStores();
    MoveMesh move = AwsMesh.move(folder, config, AwsLocal.role("admin")).clock(clock);
    Map<String, String> accounts = new TreeMap<>();
    for (Finding finding : move.plan().findings()) {
      assertThat(finding.code()).as(finding.toString()).isEqualTo(FindingCode.ACCOUNT_UNMAPPED);
      accounts.put(finding.where(), String.valueOf(111_111_111_111L * (accounts.size() + 1)));
    }
    accounts.forEach(move::account);
    Map<String, String> before;
    try (Mesh mesh = LocalMesh.in(folder).clock(clock).open()) {
      before = rights(mesh, accounts.keySet().stream().collect(toMap(key -> key, key -> key)));
    }

    assertThat(move.commit().damage()).isEmpty();

    Warehouse.Ports ports = new AwsMoveTarget(config, AwsLocal.role("admin")).open();
    try (Mesh mesh = Mesh.over(ports.registry(), ports.files(), ports.root()).clock(clock).open()) {
      Map<String, String> names = new TreeMap<>();
      accounts.forEach((from, to) -> names.put(to, from));
      assertThat(rights(mesh, names)).isEqualTo(before);
    }
    Registry moved = new AwsMoveTarget(config, AwsLocal.role("admin")).open().registry();
    assertThat(moved.list("commerce/@mesh", "cursor/", null).documents())
        .extracting(document -> document.key().sort())
        .as("positions of the notifier, and when it began")
        .contains("cursor/list", "cursor/list/commerce", "cursor/list/commerce/orders")
        .doesNotContain("cursor/list/finance");
    boolean hasAuthorization = !moved.list(ORDERS, "authorization/", null).documents().isEmpty();
    assertThat(moved.list("commerce", "executor/", null).documents().isEmpty())
        .as("executors are recorded")
        .isEqualTo(!hasAuthorization);
  }

  /** Returns what each of some principals reads of each product, under the accounts' old names. */
  private static Map<String, String> rights(Mesh mesh, Map<String, String> oldNames) {
    Map<String, String> rights = new TreeMap<>();
    for (String account : oldNames.keySet()) {
      for (String role : List.of("etl", "desk", "analyst", "intern", "steward")) {
        MeshClient client = mesh.actingAs(Principal.of(account, role));
        for (String product : List.of("commerce/orders", "commerce/customers")) {
          String key = oldNames.get(account) + "/" + role + " " + product;
          rights.put(key, read(client, product));
        }
      }
    }
    assertThat(rights.values()).anyMatch(each -> each.startsWith("rows"));
    return rights;
  }

  private static String read(MeshClient client, String product) {
    try {
      List<String> columns = client.explainAccess(client.principal(), product).columns();
      try (Rows<Map<String, Object>> rows = client.read(product).asMaps().read()) {
        return "rows "
            + columns
            + rows.stream().map(AwsMoveTest::text).sorted().collect(joining("\n"));
      }
    } catch (MeshException e) {
      return e.errorCode().name();
    }
  }

  private static String text(Map<String, Object> row) {
    return new TreeMap<>(row).toString();
  }

  private static void unpack(Path archive, Path folder) throws IOException {
    try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(archive))) {
      for (ZipEntry each = zip.getNextEntry(); each != null; each = zip.getNextEntry()) {
        Path file = folder.resolve(each.getName());
        Files.createDirectories(file.getParent());
        Files.copy(zip, file);
      }
    }
  }
}
