package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.PrincipalCredentials.Ports;
import io.meshwork.aws.move.InterruptedMoveTarget;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshException;
import io.meshwork.internal.conformance.TestSample;
import io.meshwork.local.LocalMesh;
import io.meshwork.local.LocalMesh.MoveMesh;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Document;
import io.meshwork.testkit.aws.AwsEmulator;
import io.meshwork.topology.Topology;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An embedded mesh of several catalogs moves to the tables of several accounts, and from there to a
 * folder and back.
 */
class AwsCatalogsMoveTest extends CatalogsMoveFixture {
  /** The parts of a move after which it is interrupted, of {@link #OF_PARTS}. */
  private static final List<Integer> PARTS = TestSample.oneOf(List.of(1, 2));

  private static final int OF_PARTS = 3;

  /** More failures of a request than a copy repeats. */
  private static final int ATTEMPTS = 12;

  private static Map<String, Object> stateOf(Path folder) {
    try (Mesh mesh = LocalMesh.openExisting(folder)) {
      return state(mesh, "commerce", "finance");
    }
  }

  private static List<String> keys(Registry registry, String partition, String prefix) {
    return registry.list(partition, prefix, null).documents().stream()
        .map(Document::key)
        .map(Registry.Key::sort)
        .toList();
  }

  @Test
  void eachCatalogMovesToTheTableOfItsAccount() {
    Path folder = federated();
    Map<String, Object> before = stateOf(folder);
    AwsConfig config = stores();

    LocalMesh.Copy moved = move(folder, config).commit();

    assertThat(moved.damage()).isEmpty();
    assertThat(moved.files()).isPositive();
    Ports ports = ports(config);
    assertThat(TablePlace.find(ports.registry(), "commerce"))
        .hasValue(new TablePlace(COMMERCE, config.region(), config.table()));
    assertThat(ports.registry().partitions()).allMatch(each -> each.startsWith("_mesh"));
    assertThat(ports.catalogs().apply("commerce").partitions())
        .contains("_mesh", "commerce", ORDERS, "finance/@commerce", "commerce/@commerce")
        .doesNotContain("finance", RISKS);
    assertThat(ports.catalogs().apply("finance").partitions())
        .contains("_mesh", "finance", RISKS, "finance/@finance")
        .doesNotContain("commerce", ORDERS);
    try (Mesh mesh = believing(config)) {
      assertThat(state(mesh, COMMERCE, FINANCE)).isEqualTo(before);
      assertThat(mesh.doctorWithChecksums().problems()).isEmpty();
      MeshClient etl = mesh.clientAs(Principal.of(COMMERCE, "etl"));
      MeshClient analyst = mesh.clientAs(Principal.of(FINANCE, "analyst"));
      assertThat(
              etl.publish(ORDERS)
                  .records(orders(0, 20))
                  .idempotencyKey("run-1")
                  .commit()
                  .replayed())
          .isTrue();
      etl.publish(ORDERS).records(orders(40, 45)).commit();
      analyst.publish(RISKS).records(orders(5, 7)).commit();
      assertThat(poll(copy(analyst, ORDERS))).as("from the position in the folder").isEqualTo(5);
      assertThat(poll(copy(analyst, RISKS))).isEqualTo(2);
      assertThat(poll(copy(etl, ORDERS))).isEqualTo(5);
      String request = etl.requests().received().get(0).id();
      etl.requests().approve(request).because("Refunds").commit();
      analyst.linkResource(REFUNDS).database("sales").name("refunds").commit();
      assertThat(refusal(analyst)).startsWith("rows");
      mesh.maintain().commit();
      assertThat(mesh.doctorWithChecksums().problems()).isEmpty();
    }
  }

  @Test
  void whatADomainRecordsAsAConsumerIsApartInEachCatalog() {
    AwsConfig config = stores();
    move(federated(), config).commit();

    Ports ports = ports(config);
    Registry finance = ports.catalogs().apply("finance");
    Registry commerce = ports.catalogs().apply("commerce");
    for (String prefix : List.of("subscription/", "position/")) {
      assertThat(keys(finance, "finance", prefix)).as(prefix).isEmpty();
      assertThat(keys(finance, "finance/@finance", prefix)).as(prefix).isNotEmpty();
      assertThat(keys(commerce, "commerce", prefix)).as(prefix).isEmpty();
      assertThat(keys(commerce, "commerce/@commerce", prefix)).as(prefix).isNotEmpty();
      assertThat(keys(commerce, "finance/@commerce", prefix)).as(prefix).isNotEmpty();
    }
    assertThat(keys(commerce, "commerce/@commerce", "cursor/"))
        .as("positions of the notifier, and when it began")
        .contains("cursor/list", "cursor/list/commerce", "cursor/list/" + ORDERS)
        .doesNotContain("cursor/list/finance");
    assertThat(keys(finance, "finance/@finance", "cursor/"))
        .as("also those for the logs that the domain writes in other catalogs")
        .contains("cursor/list", "cursor/list/finance", "cursor/list/finance/@commerce");
    for (Registry registry : List.of(finance, commerce)) {
      assertThat(registry.read(new Registry.Key("_mesh", "format")).orElseThrow().json())
          .doesNotContain("consumers-apart");
    }
    assertThat(ports.registry().read(new Registry.Key("_mesh", "format")).orElseThrow().json())
        .contains("consumers-apart", "several-majors", "several-catalogs");
  }

  @Test
  void linesOfBusinessMoveToTheirAccounts() {
    Path folder =
        embedded(
            Topology.byLineOfBusiness(
                Map.of("retail", Set.of("commerce"), "banking", Set.of("finance"))));
    Map<String, Object> before = stateOf(folder);
    AwsConfig config = stores();
    MoveMesh move =
        AwsMesh.move(folder, config, AwsLocal.role("admin"))
            .account("commerce", COMMERCE)
            .account("finance", FINANCE)
            .catalog("retail", FINANCE)
            .catalog("banking", COMMERCE);

    assertThat(move.commit().damage()).isEmpty();

    assertThat(ports(config).catalogs().apply("banking").partitions()).contains(RISKS);
    try (Mesh mesh = believing(config)) {
      assertThat(state(mesh, COMMERCE, FINANCE)).isEqualTo(before);
    }
  }

  @Test
  void noCatalogOfTheFolderCanBeWrittenAfterwards() {
    Path folder = federated();
    try (Mesh open = LocalMesh.openExisting(folder)) {
      MeshClient etl = open.clientAs(Principal.of("commerce", "etl"));
      MeshClient analyst = open.clientAs(Principal.of("finance", "analyst"));
      AwsConfig config = stores();
      move(folder, config).commit();

      assertThat(rows(etl, ORDERS)).hasSize(40);
      assertMoved(() -> etl.publish(ORDERS).records(orders(50, 51)).commit(), config);
      assertMoved(() -> analyst.publish(RISKS).records(orders(50, 51)).commit(), config);
      assertMoved(
          () ->
              open.clientAs(Principal.of("risk", "admin"))
                  .registerDomain("risk")
                  .owner("risk@example.org")
                  .commit(),
          config);
      assertThat(move(folder, config).commit().files()).as("a repeated move").isZero();
      assertThatThrownBy(() -> move(folder, config).abandon())
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("completed");
    }
  }

  private static void assertMoved(Runnable writing, AwsConfig config) {
    assertThatThrownBy(writing::run)
        .isInstanceOfSatisfying(
            BackendException.class, e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.MESH_MOVED))
        .hasMessageContaining(config.root());
  }

  @Test
  void catalogsWithoutAnAccountAreListedAndNothingIsChanged() {
    Path folder = federated();
    AwsConfig config = stores();
    MoveMesh move =
        AwsMesh.move(folder, config, AwsLocal.role("admin"))
            .account("commerce", COMMERCE)
            .account("finance", FINANCE)
            .catalog("commerce", COMMERCE);

    assertThat(move.plan().findings())
        .extracting(Finding::code, Finding::where)
        .containsExactly(tuple(FindingCode.CATALOG_UNMAPPED, "finance"));
    assertThatThrownBy(move::commit)
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("CATALOG_UNMAPPED finance");
    assertThatThrownBy(() -> move.catalog("finance", COMMERCE))
        .hasMessageContaining("another catalog");
    assertThatThrownBy(() -> move.catalog("finance", AwsLocal.ACCOUNT))
        .hasMessageContaining("cannot have the registry of a catalog");
    assertWritable(folder);
  }

  @Test
  void anAccountWithoutATableAndATableOfAnotherCatalogAreRefused() {
    Path folder = federated();
    AwsConfig config = stores();
    assertThatThrownBy(() -> move(folder, config).catalog("finance", "444444444444").commit())
        .isInstanceOf(BackendException.class)
        .hasMessageContainingAll("'finance'", "444444444444", "has no such table", "makeTable");
    assertWritable(folder);

    try (AwsEmulator aws = AwsEmulator.start()) {
      AwsConfig other = stores(aws);
      assertThatThrownBy(() -> interrupted(folder, other, "").commit())
          .hasMessageContaining("a test interrupted the move");
      move(folder, other).abandon();
      assertThatThrownBy(
              () ->
                  AwsMesh.move(folder, other, AwsLocal.role("admin"))
                      .account("commerce", COMMERCE)
                      .account("finance", FINANCE)
                      .catalog("commerce", FINANCE)
                      .catalog("finance", COMMERCE)
                      .commit())
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContainingAll("'commerce'", "its catalog 'finance'");
    }
  }

  private static void assertWritable(Path folder) {
    try (Mesh mesh = LocalMesh.openExisting(folder)) {
      mesh.clientAs(Principal.of("commerce", "etl"))
          .publish(ORDERS)
          .records(orders(50, 51))
          .commit();
      mesh.clientAs(Principal.of("finance", "analyst"))
          .publish(RISKS)
          .records(orders(50, 51))
          .commit();
    }
  }

  /** The write operations of a move: a build draws one. */
  static List<Arguments> writes() {
    return TestSample.oneOf(
        List.of(Arguments.of("s3", "PutObject"), Arguments.of("dynamodb", "TransactWriteItems")));
  }

  @ParameterizedTest
  @MethodSource("writes")
  void aMoveThatIsInterruptedContinues(String service, String operation) {
    try (AwsEmulator aws = AwsEmulator.start()) {
      AwsConfig first = stores(aws);
      aws.reset();
      move(federated(), first).commit();
      long calls = aws.calls().stream().filter((service + ":" + operation)::equals).count();
      int interruptions = 0;
      for (int part : PARTS) {
        int call = (int) (calls * part / OF_PARTS);
        Path folder = federated();
        AwsConfig config = stores(aws);
        aws.reset();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
          aws.on(service, operation).nth(call + attempt).fail500();
        }
        try {
          move(folder, config).commit();
        } catch (MeshException e) {
          interruptions++;
        }
        aws.reset();

        assertThat(move(folder, config).commit().damage())
            .as("call %s of %s", call, calls)
            .isEmpty();

        try (Mesh mesh = believing(config)) {
          assertThat(state(mesh, COMMERCE, FINANCE)).isEqualTo(stateOf(folder));
          assertThat(mesh.doctorWithChecksums().problems()).as("call %s", call).isEmpty();
        }
      }
      assertThat(interruptions).isPositive();
    }
  }

  private static MoveMesh interrupted(Path folder, AwsConfig config, String at) {
    return named(
        LocalMesh.move(
            folder,
            new InterruptedMoveTarget(new AwsMoveTarget(config, AwsLocal.role("admin")), at)));
  }

  @ParameterizedTest
  @MethodSource("registries")
  void aMoveThatIsInterruptedAtTheRootOfARegistryContinuesOrIsAbandoned(String at) {
    Path folder = federated();
    AwsConfig config = stores();
    for (int n = 0; n < 2; n++) {
      assertThatThrownBy(() -> interrupted(folder, config, at).commit())
          .hasMessageContaining("a test interrupted the move");
      assertThatThrownBy(() -> AwsMesh.builder(config, AwsLocal.role("etl")).open())
          .as("opened before the move was complete")
          .isInstanceOf(InvalidRequestException.class);
    }
    assertThatThrownBy(() -> move(folder, config).account("commerce", "999999999999").commit())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("other accounts");

    assertThat(move(folder, config).commit().damage()).isEmpty();

    try (Mesh mesh = believing(config)) {
      assertThat(state(mesh, COMMERCE, FINANCE)).isEqualTo(stateOf(folder));
    }

    Path second = federated();
    AwsConfig abandoned = stores();
    assertThatThrownBy(() -> interrupted(second, abandoned, at).commit())
        .hasMessageContaining("a test interrupted the move");
    move(second, abandoned).abandon();
    assertThatThrownBy(() -> move(second, abandoned).commit())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("abandoned");
    assertWritable(second);
    assertThat(move(second, stores()).commit().damage()).isEmpty();
  }

  @Test
  void theRegistryRoleOfTheMoveNeedsThePrintedPolicy() {
    Path folder = federated();
    AwsConfig config = stores();
    AwsEmulator aws = AwsLocal.emulator();
    Principal admin = Principal.of(AwsLocal.ACCOUNT, "admin");
    AwsPolicies policies = AwsPolicies.of(config);
    for (String account : List.of(COMMERCE, FINANCE)) {
      EmulatedClients.administrator(aws, account)
          .createRole(policies.registryRole(admin), policies.registryTrust(admin));
    }
    permit(config, COMMERCE, policies.catalog("commerce", COMMERCE).registry(AwsRoleKind.move()));
    permit(
        config, FINANCE, policies.catalog("finance", FINANCE).registry(AwsRoleKind.governance()));

    assertThatThrownBy(() -> move(folder, config).commit())
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.PERMISSION_MISSING));
    permit(config, FINANCE, policies.catalog("finance", FINANCE).registry(AwsRoleKind.move()));

    assertThat(move(folder, config).commit().damage()).isEmpty();

    Path backup = temporary.resolve("backup");
    for (String account : List.of(COMMERCE, FINANCE)) {
      String catalog = account.equals(COMMERCE) ? "commerce" : "finance";
      permit(config, account, policies.catalog(catalog, account).registry(AwsRoleKind.backup()));
    }
    assertThat(AwsMesh.backUp(config, backup, AwsLocal.role("admin")).damage()).isEmpty();
  }
}
