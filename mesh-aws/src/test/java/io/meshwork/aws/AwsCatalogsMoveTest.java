package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.PrincipalCredentials.Ports;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscribe;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshException;
import io.meshwork.internal.conformance.SuiteSample;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.local.LocalMesh;
import io.meshwork.local.LocalMesh.MoveMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Document;
import io.meshwork.testkit.aws.AwsEmulator;
import io.meshwork.topology.Topology;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * An embedded mesh of several catalogs moves to the tables of several accounts, and from there to a
 * folder and back.
 */
class AwsCatalogsMoveTest {
  private static final String ORDERS = "commerce/orders";
  private static final String REFUNDS = "commerce/refunds";
  private static final String RISKS = "finance/risks";
  private static final String LIMITS = "finance/limits";
  private static final String COMMERCE = "222222222222";
  private static final String FINANCE = "333333333333";

  /** The parts of a move after which it is interrupted, of {@link #OF_PARTS}. */
  private static final List<Integer> PARTS = SuiteSample.casesOf(List.of(1, 2));

  private static final int OF_PARTS = 3;

  /** More failures of a request than a copy repeats. */
  private static final int ATTEMPTS = 12;

  record Order(String id, double total) {}

  @TempDir private Path temporary;
  private int meshes;

  private static List<Order> orders(int from, int to) {
    List<Order> orders = new ArrayList<>();
    for (int n = from; n < to; n++) {
      orders.add(new Order("o-" + n, n));
    }
    return orders;
  }

  /** A mesh with products, grants, requests, and subscriptions in and across two catalogs. */
  private Path embedded(Topology topology) {
    Path folder = temporary.resolve("embedded" + meshes++);
    try (Mesh mesh =
        LocalMesh.in(folder).topology(topology).notifier("list", notice -> {}).open()) {
      MeshClient etl = mesh.actingAs(Principal.of("commerce", "etl"));
      MeshClient analyst = mesh.actingAs(Principal.of("finance", "analyst"));
      etl.registerDomain("commerce").ownedBy("commerce@example.org").commit();
      analyst.registerDomain("finance").ownedBy("finance@example.org").commit();
      etl.defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
      etl.defineProduct(REFUNDS).contract(Contract.of(Order.class)).commit();
      analyst.defineProduct(RISKS).contract(Contract.of(Order.class)).commit();
      etl.publish(ORDERS).records(orders(0, 20)).idempotencyKey("run-1").commit();
      etl.publish(ORDERS).records(orders(20, 40)).commit();
      analyst.publish(RISKS).records(orders(0, 5)).commit();
      etl.grant(ORDERS)
          .to(Principal.of("finance", "analyst"))
          .rows("total >= 10")
          .because("Month end")
          .commit();
      analyst.linkResource(ORDERS).into("sales").as("orders").commit();
      assertThat(poll(copy(analyst, ORDERS))).isEqualTo(30);
      assertThat(poll(copy(analyst, RISKS))).isEqualTo(5);
      assertThat(poll(copy(etl, ORDERS))).isEqualTo(40);
      analyst.requestAccess(REFUNDS).purpose("Refunds a week").commit();
      mesh.deliverNotices();
    }
    return folder;
  }

  private Path federated() {
    return embedded(Topology.federated());
  }

  private static Subscribe<Order> copy(MeshClient client, String product) {
    return client.subscribe(product).as(Order.class).named("copy").purpose("A copy").fromStart();
  }

  /** Polls until a batch is empty, and returns the number of rows. */
  private static int poll(Subscribe<Order> subscribe) {
    Subscription<Order> subscription = subscribe.commit();
    int rows = 0;
    int before;
    do {
      before = rows;
      try (Batch<Order> batch = subscription.poll()) {
        for (Order order : batch) {
          rows += order.total() < 0 ? 0 : 1;
        }
        batch.ack();
      }
    } while (rows > before);
    return rows;
  }

  private static AwsConfig stores(AwsEmulator aws) {
    AwsConfig config = AwsLocal.newMesh(aws);
    AwsMoveTest.makeStores(config);
    makeTables(config);
    return config;
  }

  private static AwsConfig stores() {
    return stores(AwsLocal.emulator());
  }

  private static void makeTables(AwsConfig config) {
    for (String account : List.of(COMMERCE, FINANCE)) {
      AwsMesh.setUp(
          config, AwsLocal.role(account, "admin"), MeshRuntime.systemClock(), AwsSetup::makeTable);
    }
  }

  private static MoveMesh move(Path folder, AwsConfig config) {
    return named(AwsMesh.move(folder, config, AwsLocal.role("admin")));
  }

  private static MoveMesh named(MoveMesh move) {
    return move.account("commerce", COMMERCE)
        .account("finance", FINANCE)
        .catalog("commerce", COMMERCE)
        .catalog("finance", FINANCE);
  }

  /** Opens a mesh on AWS for principals that the emulator need not confirm. */
  private static Mesh believing(AwsConfig config) {
    Ports ports = ports(config);
    return Mesh.over(ports.registry(), ports.files(), config.root())
        .catalogs(ports.catalogs())
        .open();
  }

  private static Ports ports(AwsConfig config) {
    return AwsRoleCredentials.of(config, AwsLocal.role("admin")).own().ports();
  }

  private static Map<String, Object> state(Mesh mesh, String commerce, String finance) {
    MeshClient etl = mesh.actingAs(Principal.of(commerce, "etl"));
    MeshClient analyst = mesh.actingAs(Principal.of(finance, "analyst"));
    Map<String, Object> state = new TreeMap<>();
    state.put("orders of etl", rows(etl, ORDERS));
    state.put("orders of analyst", rows(analyst, ORDERS));
    state.put("risks", rows(analyst, RISKS));
    state.put(
        "receipts",
        etl.history(ORDERS).receipts().stream().map(PublishReceipt::snapshotId).toList());
    state.put(
        "requests",
        etl.requests().received().stream().map(each -> each.id() + " " + each.purpose()).toList());
    state.put("topology", etl.governance().topology().topology());
    state.put("refunds", refusal(analyst));
    return state;
  }

  private static String refusal(MeshClient analyst) {
    try (Rows<Order> rows = analyst.read(REFUNDS).as(Order.class).read()) {
      return "rows " + rows;
    } catch (MeshException e) {
      return e.errorCode().name();
    }
  }

  private static List<Order> rows(MeshClient client, String product) {
    List<Order> rows = new ArrayList<>();
    try (Rows<Order> read = client.read(product).as(Order.class).read()) {
      read.forEach(rows::add);
    }
    rows.sort(Comparator.comparing(Order::id));
    return rows;
  }

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

    MoveMesh.Result moved = move(folder, config).commit();

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
      MeshClient etl = mesh.actingAs(Principal.of(COMMERCE, "etl"));
      MeshClient analyst = mesh.actingAs(Principal.of(FINANCE, "analyst"));
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
      analyst.linkResource(REFUNDS).into("sales").as("refunds").commit();
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
      MeshClient etl = open.actingAs(Principal.of("commerce", "etl"));
      MeshClient analyst = open.actingAs(Principal.of("finance", "analyst"));
      AwsConfig config = stores();
      move(folder, config).commit();

      assertThat(rows(etl, ORDERS)).hasSize(40);
      assertMoved(() -> etl.publish(ORDERS).records(orders(50, 51)).commit(), config);
      assertMoved(() -> analyst.publish(RISKS).records(orders(50, 51)).commit(), config);
      assertMoved(
          () ->
              open.actingAs(Principal.of("risk", "admin"))
                  .registerDomain("risk")
                  .ownedBy("risk@example.org")
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
      mesh.actingAs(Principal.of("commerce", "etl"))
          .publish(ORDERS)
          .records(orders(50, 51))
          .commit();
      mesh.actingAs(Principal.of("finance", "analyst"))
          .publish(RISKS)
          .records(orders(50, 51))
          .commit();
    }
  }

  /** The write operations of a move: a build draws one. */
  static List<Arguments> writes() {
    return SuiteSample.casesOf(
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

  /** The registry of a catalog, and the directory as an empty name: a build draws one. */
  static List<String> registries() {
    return SuiteSample.casesOf(List.of("finance", ""));
  }

  @ParameterizedTest
  @MethodSource("registries")
  void aMoveThatIsInterruptedAtTheRootOfARegistryContinuesOrIsAbandoned(String at) {
    Path folder = federated();
    AwsConfig config = stores();
    for (int n = 0; n < 2; n++) {
      assertThatThrownBy(() -> interrupted(folder, config, at).commit())
          .hasMessageContaining("a test interrupted the move");
      assertThatThrownBy(() -> AwsMesh.in(config, AwsLocal.role("etl")).open())
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
  void aBackupHasAllCatalogsAndIsRestoredToTheirAccounts() {
    AwsConfig config = stores();
    move(federated(), config).commit();
    Path backup = temporary.resolve("backup");

    LocalMesh.Backup copied = AwsMesh.backUp(config, backup, AwsLocal.role("admin"));

    assertThat(copied.damage()).isEmpty();
    Map<String, Object> before;
    try (Mesh mesh = believing(config)) {
      before = state(mesh, COMMERCE, FINANCE);
    }
    assertThat(backup.resolve("registry/commerce.db")).isRegularFile();
    assertThat(backup.resolve("registry/finance.db")).isRegularFile();
    try (Mesh mesh = LocalMesh.openExisting(backup)) {
      assertThat(state(mesh, COMMERCE, FINANCE)).isEqualTo(before);
      assertThat(mesh.doctorWithChecksums().problems()).isEmpty();
    }
    AwsConfig restored = stores();
    MoveMesh restoration = AwsMesh.move(backup, restored, AwsLocal.role("admin"));
    assertThat(restoration.plan().findings()).as("needs no account").isEmpty();
    assertThat(restoration.commit().damage()).isEmpty();
    assertThat(TablePlace.find(ports(restored).registry(), "finance"))
        .hasValue(new TablePlace(FINANCE, restored.region(), restored.table()));
    try (Mesh mesh = believing(restored)) {
      assertThat(state(mesh, COMMERCE, FINANCE)).isEqualTo(before);
      assertThat(mesh.doctorWithChecksums().problems()).isEmpty();
    }
  }

  @Test
  void aLostAccountIsRestoredToAnother() {
    AwsConfig config = stores();
    move(federated(), config).commit();
    Path backup = temporary.resolve("backup");
    AwsMesh.backUp(config, backup, AwsLocal.role("admin"));
    String other = "444444444444";
    AwsConfig restored = stores();
    AwsMesh.setUp(
        restored, AwsLocal.role(other, "admin"), MeshRuntime.systemClock(), AwsSetup::makeTable);
    MoveMesh restoration =
        AwsMesh.move(backup, restored, AwsLocal.role("admin")).account(FINANCE, other);

    assertThat(restoration.commit().damage()).isEmpty();

    assertThat(TablePlace.require(ports(restored).registry(), "finance").account())
        .isEqualTo(other);
    try (Mesh mesh = believing(restored)) {
      assertThat(rows(mesh.actingAs(Principal.of(other, "analyst")), ORDERS)).hasSize(30);
    }
    Path again = temporary.resolve("again");
    AwsMesh.backUp(restored, again, AwsLocal.role("admin"));
    assertThat(
            AwsMesh.move(again, stores(), AwsLocal.role("admin"))
                .catalog("finance", COMMERCE)
                .plan()
                .findings())
        .extracting(Finding::code)
        .containsExactly(FindingCode.CATALOG_ACCOUNT_TAKEN);
  }

  @Test
  void deletedFilesOfAllCatalogsAreRestored() {
    AwsConfig config = stores();
    move(federated(), config).commit();
    assertThat(AwsLocal.deleteObjects(config, "data/")).isGreaterThan(8);
    try (Mesh mesh = believing(config)) {
      assertThat(mesh.doctor().problems()).isNotEmpty();
    }

    assertThat(AwsMesh.restoreFiles(config, AwsLocal.role("admin"))).isGreaterThan(8);

    try (Mesh mesh = believing(config)) {
      assertThat(rows(mesh.actingAs(Principal.of(COMMERCE, "etl")), ORDERS)).hasSize(40);
      assertThat(rows(mesh.actingAs(Principal.of(FINANCE, "analyst")), RISKS)).hasSize(5);
      assertThat(mesh.doctorWithChecksums().problems()).isEmpty();
    }
  }

  /** The process restores the bucket of its account by the registries of all accounts. */
  @Test
  void deletedFilesInTheBucketOfAnotherAccountAreRestoredThereWithTheDutyOfABackup() {
    Path folder = federatedWithPlace();
    AwsConfig config = stores();
    Principal admin = Principal.of(FINANCE, "admin");
    String root =
        AwsMesh.setUp(
            config,
            AwsLocal.role(FINANCE, "admin"),
            MeshRuntime.systemClock(),
            AwsSetup::makeBucket);
    EmulatedClients administrator = EmulatedClients.administrator(AwsLocal.emulator(), FINANCE);
    String bucket = config.bucketIn(FINANCE);
    try (S3Client s3 = administrator.s3()) {
      s3.putBucketPolicy(put -> put.bucket(bucket).policy(permittingTheMove(bucket)));
      assertThat(move(folder, config).place("mesh:/annex", root).commit().damage()).isEmpty();
      List<S3Object> files =
          s3.listObjectsV2(list -> list.bucket(bucket).prefix("data/")).contents();
      assertThat(files).isNotEmpty();
      files.forEach(file -> s3.deleteObject(delete -> delete.bucket(bucket).key(file.key())));
    }
    AwsPolicies policies = AwsPolicies.of(config);
    for (String account : List.of(AwsLocal.ACCOUNT, COMMERCE)) {
      EmulatedClients.administrator(AwsLocal.emulator(), account)
          .createRole(policies.registryRole(admin), policies.registryTrust(admin));
    }
    permit(config, admin, AwsLocal.ACCOUNT, policies.registry(AwsDuty.backup()));
    AwsPolicies ofCommerce = policies.catalog("commerce", COMMERCE);
    permit(config, admin, COMMERCE, ofCommerce.registry(AwsDuty.reader()));
    assertThatThrownBy(() -> AwsMesh.restoreFiles(config, AwsLocal.role(FINANCE, "admin")))
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.PERMISSION_MISSING))
        .hasMessageContainingAll("dynamodb:Scan", COMMERCE);
    permit(config, admin, COMMERCE, ofCommerce.registry(AwsDuty.backup()));

    assertThat(AwsMesh.restoreFiles(config, AwsLocal.role("admin"))).isZero();
    assertThat(AwsMesh.restoreFiles(config, AwsLocal.role(FINANCE, "admin"))).isGreaterThan(3);
    assertThat(AwsMesh.restoreFiles(config, AwsLocal.role(FINANCE, "admin"))).isZero();
    try (Mesh mesh = believing(config)) {
      assertThat(rows(mesh.actingAs(Principal.of(FINANCE, "analyst")), LIMITS)).hasSize(5);
      assertThat(mesh.doctorWithChecksums().problems()).isEmpty();
    }
  }

  /** Returns a policy of a bucket that lets the account of the mesh do everything. */
  private static String permittingTheMove(String bucket) {
    return Policies.policy(
        """
        {"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::%s:root"},"Action":"s3:*",\
        "Resource":["arn:aws:s3:::%s","arn:aws:s3:::%s/*"]}"""
            .formatted(AwsLocal.ACCOUNT, bucket, bucket));
  }

  /** A mesh in which the domain finance keeps a table in a place. */
  private Path federatedWithPlace() {
    Path folder = federated();
    try (Mesh mesh = LocalMesh.openExisting(folder)) {
      MeshClient analyst = mesh.actingAs(Principal.of("finance", "analyst"));
      analyst.registerDomain("finance").keepingDataAt("mesh:/annex").commit();
      analyst.defineProduct(LIMITS).contract(Contract.of(Order.class)).commit();
      analyst.publish(LIMITS).records(orders(0, 5)).commit();
    }
    return folder;
  }

  @Test
  void thePlaceOfADomainMovesToItsBucketAndIsInTheBackup() {
    Path folder = federatedWithPlace();
    AwsConfig config = stores();
    assertThat(move(folder, config).plan().findings())
        .extracting(Finding::code, Finding::where)
        .containsExactly(tuple(FindingCode.PLACE_UNMAPPED, "mesh:/annex"));
    String bucket;
    try (S3Client s3 = S3Local.client()) {
      bucket = S3Local.newBucket(s3);
    }

    assertThat(move(folder, config).place("mesh:/annex", bucket).commit().damage()).isEmpty();

    try (Mesh mesh = believing(config)) {
      assertThat(mesh.actingAs(Principal.of(FINANCE, "analyst")).read(LIMITS).files())
          .isNotEmpty()
          .allMatch(file -> file.toString().startsWith(bucket + "/data/finance/limits_v1/"));
    }
    Path backup = temporary.resolve("backup");
    assertThat(AwsMesh.backUp(config, backup, AwsLocal.role("admin")).damage()).isEmpty();
    try (Mesh mesh = LocalMesh.openExisting(backup)) {
      assertThat(rows(mesh.actingAs(Principal.of(FINANCE, "analyst")), LIMITS)).hasSize(5);
    }
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
    permit(config, COMMERCE, policies.catalog("commerce", COMMERCE).registry(AwsDuty.move()));
    permit(config, FINANCE, policies.catalog("finance", FINANCE).registry(AwsDuty.governance()));

    assertThatThrownBy(() -> move(folder, config).commit())
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.PERMISSION_MISSING));
    permit(config, FINANCE, policies.catalog("finance", FINANCE).registry(AwsDuty.move()));

    assertThat(move(folder, config).commit().damage()).isEmpty();

    Path backup = temporary.resolve("backup");
    for (String account : List.of(COMMERCE, FINANCE)) {
      String catalog = account.equals(COMMERCE) ? "commerce" : "finance";
      permit(config, account, policies.catalog(catalog, account).registry(AwsDuty.backup()));
    }
    assertThat(AwsMesh.backUp(config, backup, AwsLocal.role("admin")).damage()).isEmpty();
  }

  private static void permit(AwsConfig config, String account, String policy) {
    permit(config, Principal.of(AwsLocal.ACCOUNT, "admin"), account, policy);
  }

  private static void permit(AwsConfig config, Principal caller, String account, String policy) {
    EmulatedClients.administrator(AwsLocal.emulator(), account)
        .iam(
            "PutRolePolicy",
            Map.of(
                "RoleName",
                AwsPolicies.of(config).registryRole(caller),
                "PolicyName",
                "registry",
                "PolicyDocument",
                policy));
  }
}
