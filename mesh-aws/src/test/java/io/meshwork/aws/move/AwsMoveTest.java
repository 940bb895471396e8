package io.meshwork.aws.move;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsLocal;
import io.meshwork.aws.MeshNames;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscription;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshException;
import io.meshwork.internal.conformance.TestSample;
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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An embedded mesh moves to AWS, and a mesh on AWS to a folder and back. */
class AwsMoveTest extends AwsMoveFixture {
  /** The parts of a move after which it is interrupted, of {@link #OF_PARTS}. */
  private static final List<Integer> PARTS = TestSample.oneOf(List.of(1, 2, 3));

  private static final int OF_PARTS = 3;

  @Test
  void aMovedMeshHasTheSameRowsSnapshotsAndRights() {
    Path folder = embedded();
    Map<String, Object> before;
    try (Mesh mesh = LocalMesh.openExisting(folder)) {
      before = state(mesh, "commerce", "finance");
    }
    AwsConfig config = emptyStores();

    LocalMesh.Copy moved = move(folder, config).commit();

    assertThat(moved.damage()).isEmpty();
    assertThat(moved.files()).isPositive();
    assertThat(moved.root()).isEqualTo(MeshNames.root(config));
    try (Mesh mesh = believing(config)) {
      assertThat(state(mesh, COMMERCE, FINANCE)).isEqualTo(before);
      assertThat(mesh.doctorWithChecksums().findings()).isEmpty();
      MeshClient etl = mesh.clientAs(Principal.of(COMMERCE, "etl"));
      assertThat(
              etl.publish(ORDERS)
                  .records(orders(0, 20))
                  .idempotencyKey("run-1")
                  .commit()
                  .replayed())
          .isTrue();
      etl.publish(ORDERS).records(orders(40, 45)).commit();
      Subscription<CountryOrder> copy =
          mesh.clientAs(Principal.of(FINANCE, "analyst"))
              .subscribe(ORDERS)
              .as(CountryOrder.class)
              .name("copy")
              .purpose("A copy")
              .commit();
      List<CountryOrder> polled = new ArrayList<>();
      try (Batch<CountryOrder> batch = copy.poll()) {
        batch.forEach(polled::add);
        batch.ack();
      }
      assertThat(polled).extracting(CountryOrder::id).doesNotContain("o-0", "o-41");
      mesh.maintain().commit();
      assertThat(mesh.doctorWithChecksums().problems()).isEmpty();
    }
  }

  @Test
  void aCompressedMetadataFileMovesAndTheNextOneIsPlain() throws IOException {
    Path folder = embedded();
    try (Mesh mesh = LocalMesh.openExisting(folder)) {
      MeshClient etl = mesh.clientAs(Principal.of("commerce", "etl"));
      for (int i = 0; i < 70; i++) {
        etl.publish(ORDERS).records(orders(100 + i, 101 + i)).commit();
      }
    }
    assertThat(filesBelow(folder)).anyMatch(name -> name.endsWith(".gz.metadata.json"));
    AwsConfig config = emptyStores();

    LocalMesh.Copy moved = move(folder, config).commit();

    assertThat(moved.damage()).isEmpty();
    try (Mesh mesh = believing(config)) {
      assertThat(mesh.doctorWithChecksums().findings()).isEmpty();
      MeshClient etl = mesh.clientAs(Principal.of(COMMERCE, "etl"));
      etl.publish(ORDERS).records(orders(200, 201)).commit();
      assertThat(mesh.doctorWithChecksums().findings()).isEmpty();
      assertThat(rows(etl)).contains(orders(169, 170).get(0), orders(200, 201).get(0));
    }
  }

  private static List<String> filesBelow(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.map(Path::toString).toList();
    }
  }

  @Test
  void theFolderOfAMovedMeshIsOnlyRead() {
    Path folder = embedded();
    try (Mesh open = LocalMesh.openExisting(folder)) {
      AwsConfig config = emptyStores();
      move(folder, config).commit();

      assertThat(rows(open.clientAs(Principal.of("commerce", "etl")))).hasSize(39);
      assertThatThrownBy(
              () ->
                  open.clientAs(Principal.of("commerce", "etl"))
                      .publish(ORDERS)
                      .records(orders(50, 51))
                      .commit())
          .isInstanceOfSatisfying(
              BackendException.class,
              e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.MESH_MOVED))
          .hasMessageContaining(MeshNames.root(config));
      MoveMesh again = move(folder, config);
      assertThat(again.commit().files()).as("a repeated move").isZero();
      assertThatThrownBy(() -> move(folder, config).abandon())
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("completed");
      assertThatThrownBy(() -> move(folder, emptyStores()).commit())
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining(MeshNames.root(config));
    }
  }

  @Test
  void accountsWithoutDigitsAreListedAndNothingIsChanged() {
    Path folder = embedded();
    AwsConfig config = emptyStores();
    MoveMesh move = AwsLocal.move(folder, config, AwsLocal.role("admin"));

    Plan<LocalMesh.Copy> plan = move.plan();

    assertThat(plan.findings())
        .extracting(Finding::code, Finding::where)
        .containsExactly(
            tuple(FindingCode.ACCOUNT_UNMAPPED, "commerce"),
            tuple(FindingCode.ACCOUNT_UNMAPPED, "finance"));
    assertThatThrownBy(plan::commit)
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("commerce", "finance");
    try (Mesh mesh = LocalMesh.openExisting(folder)) {
      mesh.clientAs(Principal.of("commerce", "etl"))
          .publish(ORDERS)
          .records(orders(50, 51))
          .commit();
    }
  }

  @Test
  void anAccountCannotGetTheNameOfAnother() {
    Path folder = embedded();
    try (Mesh mesh = LocalMesh.openExisting(folder)) {
      mesh.clientAs(Principal.of("commerce", "etl"))
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

        LocalMesh.Copy continued = move(folder, config).commit();

        assertThat(continued.damage()).as("call %s of %s", call, calls).isEmpty();
        if (!interrupted) {
          assertThat(continued.files()).isZero();
        }
        try (Mesh mesh = believing(config)) {
          assertThat(rows(mesh.clientAs(Principal.of(COMMERCE, "etl")))).hasSize(39);
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
                  new InterruptedMoveTarget(AwsLocal.moveTarget(config, AwsLocal.role("admin"))))
              .account("commerce", COMMERCE)
              .account("finance", FINANCE);
      assertThatThrownBy(interrupted::commit)
          .isInstanceOf(MeshException.class)
          .hasMessageContaining("a test interrupted the move");
      try (Mesh mesh = LocalMesh.openExisting(folder)) {
        MeshClient etl = mesh.clientAs(Principal.of("commerce", "etl"));
        assertThatThrownBy(() -> etl.publish(ORDERS).records(orders(50, 51)).commit())
            .hasMessageContaining(MeshNames.root(config));

        move(folder, config).abandon();

        etl.publish(ORDERS).records(orders(50, 51)).commit();
      }
      assertThatThrownBy(() -> AwsLocal.in(config, AwsLocal.role("etl")).open())
          .isInstanceOf(InvalidRequestException.class);
      assertThatThrownBy(() -> move(folder, config).commit())
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("abandoned");
      AwsConfig other = emptyStores(aws);
      assertThat(move(folder, other).commit().damage()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = "2026-11-29")
  void aMeshOfAnEarlierBuildMovesWithItsRights(String day) throws IOException {
    Path folder = temporary.resolve(day);
    unpack(Path.of("../mesh-testkit/src/test/resources/meshes/" + day + ".zip"), folder);
    ManualClock clock = ManualClock.at(Instant.now());
    AwsConfig config = emptyStores();
    MoveMesh move = AwsLocal.move(folder, config, AwsLocal.role("admin")).clock(clock);
    Map<String, String> accounts = new TreeMap<>();
    for (Finding finding : move.plan().findings()) {
      assertThat(finding.code()).as(finding.toString()).isEqualTo(FindingCode.ACCOUNT_UNMAPPED);
      accounts.put(finding.where(), String.valueOf(111_111_111_111L * (accounts.size() + 1)));
    }
    accounts.forEach(move::account);
    Map<String, String> before;
    try (Mesh mesh = LocalMesh.builder(folder).clock(clock).open()) {
      before = rights(mesh, accounts.keySet().stream().collect(toMap(key -> key, key -> key)));
    }

    assertThat(move.commit().damage()).isEmpty();

    Warehouse.Ports ports = AwsLocal.moveTarget(config, AwsLocal.role("admin")).open();
    try (Mesh mesh =
        Mesh.builder(ports.registry(), ports.files(), ports.root()).clock(clock).open()) {
      Map<String, String> names = new TreeMap<>();
      accounts.forEach((from, to) -> names.put(to, from));
      assertThat(rights(mesh, names)).isEqualTo(before);
    }
    Registry moved = AwsLocal.moveTarget(config, AwsLocal.role("admin")).open().registry();
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
        MeshClient client = mesh.clientAs(Principal.of(account, role));
        for (String product : List.of("commerce/orders", "commerce/customers")) {
          String key = oldNames.get(account) + "/" + role + " " + product;
          rights.put(key, read(client, product));
        }
      }
    }
    assertThat(rights.values()).anyMatch(each -> each.startsWith("rows"));
    return rights;
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
