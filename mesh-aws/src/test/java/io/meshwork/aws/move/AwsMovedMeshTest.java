package io.meshwork.aws.move;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.aws.AwsLocal;
import io.meshwork.aws.AwsPolicies;
import io.meshwork.aws.AwsPolicies.TableReaders;
import io.meshwork.aws.AwsRoleKind;
import io.meshwork.aws.EmulatedClients;
import io.meshwork.aws.IamAccounts;
import io.meshwork.aws.MeshNames;
import io.meshwork.aws.Policies;
import io.meshwork.aws.iam.IamStory.OrderInCents;
import io.meshwork.aws.internal.AwsFailure;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscribe;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.conformance.fixture.SmallOrder;
import io.meshwork.local.LocalMesh;
import io.meshwork.maintenance.Maintain;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.product.Principal;
import io.meshwork.registry.Warehouse;
import io.meshwork.testkit.aws.AwsEmulator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A moved mesh is used by roles that have exactly the policies which {@link AwsPolicies} prints.
 */
class AwsMovedMeshTest {
  private static final String ORDERS = "commerce/orders";
  private static final String REFUNDS = "commerce/refunds";
  private static final String RETURNS = "commerce/returns";
  private static final String COMMERCE = "222222222222";
  private static final String FINANCE = "333333333333";

  /** Logs and snapshots are old then. */
  private static final Duration LATER = Duration.ofDays(40);

  @TempDir private Path temporary;
  private AwsEmulator aws;
  private IamAccounts accounts;
  private Principal steward;
  private Principal analyst;

  @BeforeEach
  void start() {
    aws = AwsEmulator.start();
    accounts = IamAccounts.unmade(aws);
    steward = accounts.newName(IamAccounts.GOVERNANCE, "commerce-steward");
    analyst = accounts.newName(FINANCE, "analyst");
  }

  @AfterEach
  void close() {
    if (aws != null) {
      aws.close();
    }
  }

  @Test
  void consumersContinueAndStewardsRollOutWithThePrintedPolicies() {
    AwsLocal.move(embedded(), accounts.config(), AwsLocal.role(IamAccounts.GOVERNANCE, "admin"))
        .account("commerce", IamAccounts.GOVERNANCE)
        .account("finance", FINANCE)
        .commit();
    accounts.createRole(steward, AwsRoleKind.steward("commerce"));
    accounts.createRole(analyst, AwsRoleKind.consumer("finance"));
    accounts.putBucketPolicy(
        IamAccounts.GOVERNANCE,
        accounts
            .policies()
            .bucket(
                IamAccounts.GOVERNANCE,
                TableReaders.of(ORDERS, 1, analyst),
                TableReaders.of(ORDERS, 2, analyst)));

    publish(steward, new SmallOrder("o-2", 20));
    try (Mesh mesh = accounts.open(analyst)) {
      MeshClient finance = mesh.client();
      assertThat(poll(copy(finance, SmallOrder.class).commit()))
          .as("after the position in the folder")
          .containsExactly(new SmallOrder("o-2", 20));
      assertThat(finance.requests().requestAccess(RETURNS).purpose("Returns a month").commit().id())
          .isNotEmpty();
      finance.subscribe(ORDERS).name("trial").purpose("A trial").as(SmallOrder.class).commit();
      finance.unsubscribe(ORDERS, "trial").commit();
    }
    rollOut();
    try (Mesh mesh = accounts.open(steward)) {
      mesh.client()
          .publish(ORDERS)
          .<SmallOrder>records(List.of(new SmallOrder("o-3", 30)))
          .majorVersion(1)
          .alsoTo(2, OrderInCents::of)
          .commit();
    }
    try (Mesh mesh = accounts.open(analyst)) {
      Subscription<OrderInCents> copy =
          copy(mesh.client(), OrderInCents.class).majorVersion(2).commit();
      assertThat(poll(copy)).contains(new OrderInCents("o-3", 3_000));
    }

    for (String prefix : List.of("subscription/", "position/", "usage/", "request/")) {
      assertThat(documents("finance", prefix)).as(prefix).isZero();
      assertThat(documents("finance/@mesh", prefix)).as(prefix).isPositive();
    }
    Warehouse.Ports ports = ports();
    try (Mesh mesh = Mesh.builder(ports.registry(), ports.files(), ports.root()).open()) {
      assertThat(mesh.doctorWithChecksums().problems()).isEmpty();
    }
  }

  @Test
  void aDomainOfAnotherAccountUsesTheBucketOfTheMeshWithThePrintedPolicies() {
    AwsLocal.move(embedded(), accounts.config(), AwsLocal.role(IamAccounts.GOVERNANCE, "admin"))
        .account("commerce", COMMERCE)
        .account("finance", FINANCE)
        .commit();
    Principal etl = createRole("commerce-etl", AwsRoleKind.producer("commerce"));
    Principal operations = createRole("commerce-operations", AwsRoleKind.maintenance("commerce"));
    accounts.createRole(analyst, AwsRoleKind.consumer("finance"));
    assertThatThrownBy(() -> publish(etl, new SmallOrder("o-2", 20)))
        .as("before the bucket names the domain")
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.PERMISSION_MISSING))
        .hasMessageContaining(MeshNames.bucket(accounts.config()) + "/data/commerce/orders_v1/");
    try (Mesh mesh = accounts.open(operations)) {
      assertThat(mesh.maintain().commit().remaining())
          .extracting(Finding::code)
          .contains(FindingCode.PLACE_NOT_LISTED);
    }

    AwsPolicies policies = accounts.policies().crossAccountDomain("commerce", COMMERCE);
    accounts.putBucketPolicy(
        IamAccounts.GOVERNANCE,
        policies.bucket(IamAccounts.GOVERNANCE, TableReaders.of(ORDERS, 1, analyst)));
    publish(etl, new SmallOrder("o-2", 20));
    publish(etl, new SmallOrder("o-3", 30));

    try (Mesh mesh = accounts.open(operations)) {
      Maintain.Report report = mesh.maintain().compactAtLeast(2).commit();
      assertThat(report.remaining()).isEmpty();
      assertThat(report.total(Work.FILES_COMPACTED)).isEqualTo(3);
    }
    try (Mesh mesh = accounts.openLater(operations, LATER)) {
      Maintain.Report report = mesh.maintain().trustClock().commit();
      assertThat(report.remaining()).isEmpty();
      assertThat(report.total(Work.SNAPSHOTS_EXPIRED)).isPositive();
      assertThat(report.total(Work.FILES_REMOVED)).isPositive();
      assertThat(report.total(Work.ENTRIES_ARCHIVED)).isPositive();
      assertThat(Finding.errors(mesh.doctor().findings())).isEmpty();
    }
    assertThat(keys("archive/commerce/")).isNotEmpty();
    for (Principal reader : List.of(etl, analyst)) {
      assertThat(rows(reader))
          .as(reader.toString())
          .containsExactly(
              new SmallOrder("o-1", 10), new SmallOrder("o-2", 20), new SmallOrder("o-3", 30));
    }
    Warehouse.Ports ports = ports();
    try (Mesh mesh = Mesh.builder(ports.registry(), ports.files(), ports.root()).open()) {
      assertThat(Finding.errors(mesh.doctorWithChecksums().findings())).isEmpty();
    }
  }

  @Test
  void theBucketOfTheMeshPermitsTheAccountOfADomainOnlyTheFilesOfThisDomain() {
    AwsLocal.make(accounts.config(), AwsLocal.role(IamAccounts.GOVERNANCE, "admin"));
    String bucket = MeshNames.bucket(accounts.config());
    accounts.putBucketPolicy(
        IamAccounts.GOVERNANCE,
        accounts
            .policies()
            .crossAccountDomain("commerce", COMMERCE)
            .bucket(IamAccounts.GOVERNANCE));
    EmulatedClients.administrator(aws, COMMERCE)
        .createRole(steward.role(), Policies.trust(COMMERCE));
    Principal everything = Principal.of(COMMERCE, steward.role());
    accounts.put(everything, "files", Policies.allow("s3:*", "*"));
    EmulatedClients.administrator(aws, FINANCE).createRole(analyst.role(), Policies.trust(FINANCE));
    accounts.put(analyst, "files", Policies.allow("s3:*", "*"));

    try (S3Client s3 = accounts.clients(everything).s3()) {
      for (String folder : List.of("data/commerce/", "archive/commerce/")) {
        useFiles(s3, bucket, folder);
      }
      for (String other : List.of("data/commerce2/", "data/finance/", "archive/finance/", "")) {
        assertNoUse(s3, bucket, other);
      }
      FileIO files = AwsLocal.files(s3, everything.toString());
      String root = MeshNames.root(accounts.config());
      InputFile missing = files.newInputFile(root + "/data/commerce/orders_v1/missing");
      assertThat(missing.exists()).isFalse();
      assertThatThrownBy(missing::getLength).isInstanceOf(NotFoundException.class);
      assertThatThrownBy(() -> files.newInputFile(root + "/data/finance/missing").exists())
          .isInstanceOfSatisfying(
              BackendException.class,
              e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.PERMISSION_MISSING));
    }
    try (S3Client s3 = accounts.clients(analyst).s3()) {
      for (String other : List.of("data/commerce/", "archive/commerce/", "data/finance/", "")) {
        assertNoUse(s3, bucket, other);
      }
    }
  }

  private static void useFiles(S3Client s3, String bucket, String folder) {
    String key = folder + "orders_v1/x";
    s3.putObject(
        put -> put.bucket(bucket).key(key).ifNoneMatch("*"), RequestBody.fromString("content"));
    String upload =
        s3.createMultipartUpload(create -> create.bucket(bucket).key(key + "2")).uploadId();
    s3.abortMultipartUpload(abort -> abort.bucket(bucket).key(key + "2").uploadId(upload));
    assertThat(s3.getObjectAsBytes(get -> get.bucket(bucket).key(key)).asUtf8String())
        .isEqualTo("content");
    assertThat(s3.listObjectsV2(list -> list.bucket(bucket).prefix(folder)).contents()).hasSize(1);
    s3.deleteObject(delete -> delete.bucket(bucket).key(key));
    assertThat(s3.listObjectsV2(list -> list.bucket(bucket).prefix(folder)).contents()).isEmpty();
  }

  private static void assertNoUse(S3Client s3, String bucket, String folder) {
    String key = folder + "x";
    assertDenied(
        () ->
            s3.putObject(
                put -> put.bucket(bucket).key(key).ifNoneMatch("*"), RequestBody.fromString("x")));
    assertDenied(() -> s3.getObjectAsBytes(get -> get.bucket(bucket).key(key)));
    assertDenied(() -> s3.deleteObject(delete -> delete.bucket(bucket).key(key)));
    assertDenied(() -> s3.listObjectsV2(list -> list.bucket(bucket).prefix(folder)));
  }

  private static void assertDenied(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            AwsServiceException.class,
            e -> assertThat(AwsFailure.isDenied(e)).as(e.toString()).isTrue());
  }

  /** Creates a role of commerce that uses the files in the bucket of the mesh. */
  private Principal createRole(String name, AwsRoleKind kind) {
    Principal role = accounts.newName(COMMERCE, name);
    accounts.createRole(role, kind);
    accounts.put(role, "files", accounts.policies().files(IamAccounts.GOVERNANCE, kind));
    return role;
  }

  private List<String> keys(String prefix) {
    try (S3Client s3 = EmulatedClients.administrator(aws, IamAccounts.GOVERNANCE).s3()) {
      String bucket = MeshNames.bucket(accounts.config());
      return s3.listObjectsV2(list -> list.bucket(bucket).prefix(prefix)).contents().stream()
          .map(S3Object::key)
          .toList();
    }
  }

  private List<SmallOrder> rows(Principal reader) {
    List<SmallOrder> rows = new ArrayList<>();
    try (Mesh mesh = accounts.open(reader);
        Rows<SmallOrder> all = mesh.client().read(ORDERS).as(SmallOrder.class).rows()) {
      all.forEach(rows::add);
    }
    rows.sort(Comparator.comparing(SmallOrder::id));
    return rows;
  }

  /** A mesh in a folder, whose roles have the names of roles on AWS. */
  private Path embedded() {
    Path folder = temporary.resolve("embedded");
    try (Mesh mesh = LocalMesh.open(folder)) {
      MeshClient commerce = mesh.clientAs(Principal.of("commerce", steward.role()));
      MeshClient finance = mesh.clientAs(Principal.of("finance", analyst.role()));
      commerce.registerDomain("commerce").owner("commerce@example.org").commit();
      finance.registerDomain("finance").owner("finance@example.org").commit();
      commerce.defineProduct(ORDERS).contract(Contract.of(SmallOrder.class)).commit();
      commerce.defineProduct(REFUNDS).contract(Contract.of(SmallOrder.class)).commit();
      commerce.defineProduct(RETURNS).contract(Contract.of(SmallOrder.class)).commit();
      commerce.publish(ORDERS).records(List.of(new SmallOrder("o-1", 10))).commit();
      commerce
          .grant(ORDERS)
          .to(Principal.of("finance", analyst.role()))
          .because("Month end")
          .commit();
      finance.requests().requestAccess(REFUNDS).purpose("Refunds a week").commit();
      Subscription<SmallOrder> copy =
          finance
              .subscribe(ORDERS)
              .name("copy")
              .purpose("A copy")
              .as(SmallOrder.class)
              .fromStart()
              .commit();
      assertThat(poll(copy)).containsExactly(new SmallOrder("o-1", 10));
    }
    return folder;
  }

  private void publish(Principal role, SmallOrder order) {
    try (Mesh mesh = accounts.open(role)) {
      mesh.client().publish(ORDERS).records(List.of(order)).commit();
    }
  }

  private void rollOut() {
    try (Mesh mesh = accounts.open(steward)) {
      mesh.client()
          .startRollout(ORDERS)
          .contract(Contract.of(OrderInCents.class))
          .because("Amounts in cents")
          .commit()
          .backFill(SmallOrder.class, OrderInCents::of)
          .commit()
          .activate()
          .commit();
    }
  }

  private int documents(String partition, String prefix) {
    return ports().registry().list(partition, prefix, null).documents().size();
  }

  private Warehouse.Ports ports() {
    return AwsLocal.moveTarget(accounts.config(), AwsLocal.role(IamAccounts.GOVERNANCE, "admin"))
        .open();
  }

  private static <T> Subscribe<T> copy(MeshClient client, Class<T> type) {
    return client.subscribe(ORDERS).name("copy").purpose("A copy").as(type);
  }

  private static <T> List<T> poll(Subscription<T> subscription) {
    List<T> rows = new ArrayList<>();
    try (Batch<T> batch = subscription.poll()) {
      batch.forEach(rows::add);
      batch.ack();
    }
    return rows;
  }
}
