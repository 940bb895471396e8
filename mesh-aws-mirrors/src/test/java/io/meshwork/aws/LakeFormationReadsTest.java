package io.meshwork.aws;

import static io.meshwork.aws.LakeFormationAccounts.COLUMNS;
import static io.meshwork.aws.LakeFormationAccounts.DATABASE;
import static io.meshwork.aws.LakeFormationAccounts.ORDERS;
import static io.meshwork.aws.LakeFormationAccounts.TABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.aws.LakeFormationAccounts.Account;
import io.meshwork.aws.LakeFormationAccounts.Order;
import io.meshwork.aws.internal.mirror.glue.SessionClients;
import io.meshwork.aws.internal.s3.LakeFormationFiles;
import io.meshwork.aws.internal.s3.S3Files;
import io.meshwork.aws.internal.s3.VendedCredentials;
import io.meshwork.aws.internal.s3.VendedCredentials.VendedTable;
import io.meshwork.card.ProductCard;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshException;
import io.meshwork.internal.table.TableName;
import io.meshwork.meter.Meters;
import io.meshwork.product.ProductName;
import io.meshwork.testkit.ManualClock;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.lakeformation.model.Permission;
import software.amazon.awssdk.services.s3.S3Client;

/** Readers of other domains get files from Lake Formation, never with permissions on S3. */
class LakeFormationReadsTest extends EmulatorFixture {
  private static final String CREDENTIALS = "lakeformation:GetTemporaryGlueTableCredentials";

  private static LakeFormationAccounts accounts;

  @BeforeAll
  static void start() {
    accounts = LakeFormationAccounts.withGrants(aws);
    assertThat(accounts.mirror().remaining()).isEmpty();
    accounts.closeBucketToReaders();
  }

  @AfterAll
  static void stop() {
    if (accounts != null) {
      accounts.close();
    }
  }

  @BeforeEach
  void reset() {
    aws.reset();
  }

  private static MeshClient as(String role) {
    return accounts.as("finance", role);
  }

  private static List<Order> read(String role) {
    try (Rows<Order> rows = as(role).read(ORDERS).as(Order.class).rows()) {
      return rows.stream().toList();
    }
  }

  private static long requests() {
    return aws.calls().stream().filter(CREDENTIALS::equals).count();
  }

  private static void grantAll(String role) {
    accounts.shop.grant(ORDERS).to(accounts.in(role)).because("x").commit();
  }

  private static void assertRefused(String role, ErrorCode code, String... words) {
    assertThatThrownBy(() -> read(role))
        .isInstanceOfSatisfying(MeshException.class, e -> assertThat(e.errorCode()).isEqualTo(code))
        .hasMessageContainingAll(words);
  }

  @Test
  void aReaderOfTheWholeTableNeedsNoPermissionOnTheBucket() {
    assertThat(read("auditor")).extracting(Order::id).containsExactly("1");
  }

  @Test
  void theCredentialsOfATableAreKept() {
    grantAll("frequent");
    accounts.mirror();
    aws.reset();

    read("frequent");
    read("frequent");

    assertThat(requests()).isOne();
  }

  @Test
  void credentialsAreRenewedBeforeTheyExpire() {
    ManualClock clock = ManualClock.at(Instant.now());
    try (AwsClients clients = new AwsClients(accounts.config)) {
      VendedCredentials credentials = vended(clients, "auditor", clock);
      AwsSessionCredentials first = credentials.resolveCredentials();

      clock.advance(Duration.ofMinutes(54));
      assertThat(credentials.resolveCredentials()).isSameAs(first);
      clock.advance(Duration.ofMinutes(2));

      assertThat(credentials.resolveCredentials()).isNotEqualTo(first);
      assertThat(requests()).isEqualTo(2);
    }
  }

  private static VendedCredentials vended(AwsClients clients, String role, InstantSource clock) {
    LakeFormationClient client =
        clients.lakeFormation(accounts.finance, AwsLocal.role(accounts.finance, role));
    return new VendedCredentials(
        () -> client,
        accounts.in(role),
        new VendedTable(
            accounts.config.names().glue(accounts.catalog, "table/commerce/orders_v1"),
            "commerce.orders_v1"),
        Optional.empty(),
        clock);
  }

  @Test
  void aSessionIsUsedToItsEndWhileLakeFormationDoesNotAnswer() {
    ManualClock clock = ManualClock.at(Instant.now());
    try (AwsClients clients =
        new AwsClients(accounts.config, new ControlPlane(clock, Meters.none()), AwsLocal.QUICK)) {
      VendedCredentials credentials = vended(clients, "auditor", clock);
      AwsSessionCredentials first = credentials.resolveCredentials();
      aws.reset();
      for (int i = 1; i <= 6; i++) {
        aws.on("lakeformation", "GetTemporaryGlueTableCredentials").nth(i).fail500();
      }

      clock.advance(Duration.ofMinutes(56));
      assertThat(credentials.resolveCredentials()).isSameAs(first);
      assertThat(requests()).isEqualTo(3);
      clock.advance(Duration.ofSeconds(29));
      assertThat(credentials.resolveCredentials()).isSameAs(first);
      assertThat(requests()).as("no request for 30 seconds").isEqualTo(3);
      clock.advance(Duration.ofMinutes(5));

      assertThatThrownBy(credentials::resolveCredentials)
          .isInstanceOfSatisfying(
              BackendException.class, e -> assertThat(e.retryable()).as(e.toString()).isTrue());
      aws.reset();
      clock.advance(Duration.ofMinutes(1));
      assertThat(credentials.resolveCredentials()).isNotEqualTo(first);
    }
  }

  @Test
  void aDenialEndsASessionThatIsToBeRenewed() {
    grantAll("ended");
    accounts.mirror();
    ManualClock clock = ManualClock.at(Instant.now());
    try (AwsClients clients = new AwsClients(accounts.config)) {
      VendedCredentials credentials = vended(clients, "ended", clock);
      credentials.resolveCredentials();
      accounts.shop.access().grants().stream()
          .filter(grant -> grant.to().equals(accounts.in("ended").toString()))
          .forEach(grant -> accounts.shop.revoke(grant.id()).because("End").commit());
      accounts.mirror();
      clock.advance(Duration.ofMinutes(56));

      assertThatThrownBy(credentials::resolveCredentials).isInstanceOf(AccessDeniedException.class);
    }
  }

  @Test
  void tablesOfTheSameNameInTwoCatalogsHaveTheirOwnFiles() {
    List<String> opened = new ArrayList<>();
    try (AwsClients clients = new AwsClients(accounts.config);
        LakeFormationFiles files = files(clients, opened)) {
      TableName table = TableName.of(ProductName.of(ORDERS), 1);

      files.vended("banking", table);
      files.vended("banking", table);
      files.vended("trading", table);
    }

    assertThat(opened).containsExactly("banking", "trading");
  }

  @Test
  void aCopyOfFilesOpensNoOtherTable() throws Exception {
    try (AwsClients clients = new AwsClients(accounts.config);
        LakeFormationFiles files = files(clients, new ArrayList<>());
        LakeFormationFiles copied = (LakeFormationFiles) copy(files)) {
      assertThatThrownBy(() -> copied.vended("mesh", TableName.of(ProductName.of(ORDERS), 1)))
          .isInstanceOf(BackendException.class)
          .hasMessageContainingAll("commerce.orders_v1", "copied from another process");
    }
  }

  private static LakeFormationFiles files(AwsClients clients, List<String> opened) {
    S3Client s3 = clients.s3(AwsLocal.role(accounts.finance, "auditor"));
    S3Connection connection =
        new S3Connection(accounts.config.region(), accounts.config.endpoint(), null);
    return new LakeFormationFiles(
        s3,
        "auditor",
        connection,
        false,
        (catalog, table) -> {
          opened.add(catalog);
          return new S3Files(s3, catalog, connection);
        });
  }

  private static Object copy(Object original) throws Exception {
    return new ObjectInputStream(new ByteArrayInputStream(bytes(original))).readObject();
  }

  private static byte[] bytes(Object original) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new ObjectOutputStream(bytes).writeObject(original);
    return bytes.toByteArray();
  }

  private static S3Files files(AwsClients clients, VendedCredentials credentials) {
    return new S3Files(
        clients.s3(credentials),
        "copied",
        new VendedConnection(
            new S3Connection(accounts.config.region(), accounts.config.endpoint(), null),
            credentials));
  }

  @Test
  void aCopyOfTheFilesInAnotherProcessHasNoSecretAndAsksAsItsRole() throws Exception {
    grantAll("copied");
    accounts.mirror();
    try (AwsClients clients = new AwsClients(accounts.config)) {
      VendedCredentials credentials = vended(clients, "copied", Clock.systemUTC());
      S3Files files = files(clients, credentials);
      String metadata = metadata();
      AwsSessionCredentials session = credentials.resolveCredentials();

      assertThat(new String(bytes(files), StandardCharsets.ISO_8859_1))
          .contains("orders_v1")
          .doesNotContain(session.secretAccessKey(), session.sessionToken());
      aws.runAs(accounts.finance, "copied");
      try (S3Files copied = (S3Files) copy(files)) {
        assertThat(copied.newInputFile(metadata).exists()).isTrue();
      }
      aws.runAs(accounts.finance, "nobody");
      try (S3Files copied = (S3Files) copy(files)) {
        assertThatThrownBy(() -> copied.newInputFile(metadata).exists())
            .hasMessageContainingAll("the role of this process", "no SELECT there");
      }
    }
  }

  @Test
  void theFilesThatATrustedEngineFiltersStayInItsProcess() {
    try (AwsClients clients = new AwsClients(accounts.config)) {
      S3Files files =
          files(
              clients,
              new VendedCredentials(
                  () -> {
                    throw new AssertionError("no request");
                  },
                  accounts.in("auditor"),
                  new VendedTable("arn", "commerce.orders_v1"),
                  Optional.of("meshwork"),
                  Clock.systemUTC()));

      assertThatThrownBy(() -> bytes(files))
          .isInstanceOf(NotSerializableException.class)
          .hasMessageContaining("commerce.orders_v1");
    }
  }

  private static String metadata() {
    try (AwsClients clients = new AwsClients(accounts.config)) {
      return clients
          .open(
              SessionClients.GLUE, accounts.catalog, AwsLocal.role(accounts.catalog, "mesh-mirror"))
          .getTable(get -> get.catalogId(accounts.catalog).databaseName(DATABASE).name(TABLE))
          .table()
          .parameters()
          .get("metadata_location");
    }
  }

  @Test
  void theOwnerReadsWithItsOwnPermissions() {
    try (Rows<Order> rows = accounts.shop.read(ORDERS).as(Order.class).rows()) {
      assertThat(rows.stream()).hasSize(1);
    }

    assertThat(requests()).isZero();
  }

  @Test
  void aGrantThatIsNotMirroredYetNamesTheMirrors() {
    grantAll("late");

    assertRefused("late", ErrorCode.ACCESS_DENIED, "commerce.orders_v1", "mesh.mirrors().commit()");

    accounts.mirror();
    assertThat(read("late")).hasSize(1);
  }

  @Test
  void aReaderOfSomeColumnsIsSentToAnEngine() {
    assertRefused("lister", ErrorCode.FILTERED_READ, "Amazon Athena", "shop@example.org");
    assertRefused("european", ErrorCode.FILTERED_READ, "Amazon Athena");

    assertThat(requests()).isZero();
  }

  private static void revokeInLakeFormation(String role) {
    accounts
        .in(Account.CATALOG)
        .revokePermissions(
            revoke ->
                revoke
                    .catalogId(accounts.catalog)
                    .principal(
                        to ->
                            to.dataLakePrincipalIdentifier(
                                accounts.config.roleArn(accounts.in(role))))
                    .resource(accounts.table())
                    .permissions(Permission.SELECT, Permission.DESCRIBE));
  }

  @Test
  void whatLakeFormationHoldsDecidesIfItIsLess() {
    grantAll("reduced");
    accounts.mirror();
    String role = accounts.config.roleArn(accounts.in("reduced"));
    revokeInLakeFormation("reduced");
    assertRefused("reduced", ErrorCode.ACCESS_DENIED, "has no SELECT there");

    accounts
        .in(Account.CATALOG)
        .grantPermissions(
            grant ->
                grant
                    .catalogId(accounts.catalog)
                    .principal(p -> p.dataLakePrincipalIdentifier(role))
                    .resource(
                        on ->
                            on.tableWithColumns(
                                t ->
                                    t.catalogId(accounts.catalog)
                                        .databaseName(DATABASE)
                                        .name(TABLE)
                                        .columnNames("id")))
                    .permissions(Permission.SELECT));

    assertRefused("reduced", ErrorCode.FILTERED_READ, "Amazon Athena");
  }

  /** A role of finance may use S3 as it likes, and the bucket lets its account in. */
  @Test
  void aReaderWithItsOwnRightsToTheFilesReadsNoneThatLakeFormationRefuses() {
    accounts.openBucket();
    try {
      grantAll("insider");
      grantAll("revoked");
      assertReadsFilesItself("insider");
      assertRefusedWithoutFiles("insider", ErrorCode.ACCESS_DENIED);
      assertReadsFilesItself("lister");
      assertRefusedWithoutFiles("lister", ErrorCode.FILTERED_READ);
      accounts.mirror();
      assertNoFilesWhileLakeFormationFails("insider");
      assertThat(read("insider")).hasSize(1);

      revokeInLakeFormation("revoked");

      assertRefusedWithoutFiles("revoked", ErrorCode.ACCESS_DENIED);
      accounts.createRole(
          accounts.finance,
          "files-only",
          AwsPolicies.of(accounts.config).caller(accounts.in("files-only")),
          Policies.allow("s3:*", "*"));
      grantAll("files-only");
      accounts.repair();
      assertReadsFilesItself("files-only");
      assertRefusedWithoutFiles("files-only", ErrorCode.PERMISSION_MISSING);
    } finally {
      aws.reset();
      accounts.closeBucketToReaders();
    }
  }

  private static void assertReadsFilesItself(String role) {
    try (S3Client s3 = accounts.inFinance(role).s3()) {
      String location = metadata();
      String bucket = accounts.config.bucketIn(accounts.catalog);
      String key = location.substring(location.indexOf(bucket) + bucket.length() + 1);
      assertThat(s3.getObjectAsBytes(get -> get.bucket(bucket).key(key)).asUtf8String())
          .contains("table-uuid");
    }
  }

  private static void assertNoFilesWhileLakeFormationFails(String role) {
    aws.reset();
    aws.on("lakeformation", "GetTemporaryGlueTableCredentials").fail500();
    try (Mesh process = accounts.open()) {
      MeshClient reader = process.clientAs(accounts.in(role));
      assertThatThrownBy(() -> reader.read(ORDERS).as(Order.class).rows())
          .isInstanceOfSatisfying(
              BackendException.class, e -> assertThat(e.retryable()).as(e.toString()).isTrue());
    }
    assertThat(aws.calls()).contains(CREDENTIALS).noneMatch(call -> call.startsWith("s3:"));
    aws.reset();
  }

  private static void assertRefusedWithoutFiles(String role, ErrorCode code) {
    aws.reset();
    assertRefused(role, code, "commerce", "orders");
    assertThat(aws.calls()).noneMatch(call -> call.startsWith("s3:"));
  }

  @Test
  void aRoleWithoutTheActionLearnsItsName() {
    grantAll("unable");
    accounts.mirror();
    EmulatedClients administrator = EmulatedClients.administrator(aws, accounts.finance);
    administrator.createRole("unable", trust());
    AwsPolicies policies = AwsPolicies.of(accounts.config);
    putPolicy(administrator, "registry", policies.caller(accounts.in("unable")));

    assertRefused("unable", ErrorCode.PERMISSION_MISSING, "lakeformation:GetDataAccess");
  }

  @Test
  void thePrintedPolicyOfAConsumerIsEnough() {
    grantAll("printed");
    accounts.mirror();
    EmulatedClients administrator = EmulatedClients.administrator(aws, accounts.finance);
    administrator.createRole("printed", trust());
    AwsPolicies policies = AwsPolicies.of(accounts.config);
    put(administrator, "printed", "registry", policies.caller(accounts.in("printed")));
    put(
        administrator,
        "printed",
        "files",
        policies.files(accounts.finance, AwsRoleKind.consumer("finance")));

    assertThat(read("printed")).hasSize(1);
  }

  private static String trust() {
    return Policies.policy(
        """
        {"Effect":"Allow","Principal":{"AWS":["arn:aws:iam::%s:root","arn:aws:iam::%s:root"]},\
        "Action":["sts:AssumeRole","sts:TagSession"]}\
        """
            .formatted(accounts.finance, accounts.catalog));
  }

  private static void putPolicy(EmulatedClients administrator, String name, String policy) {
    put(administrator, "unable", name, policy);
  }

  private static void put(EmulatedClients administrator, String role, String name, String policy) {
    administrator.iam(
        "PutRolePolicy", Map.of("RoleName", role, "PolicyName", name, "PolicyDocument", policy));
  }

  @Test
  void aSubscriptionPollsWithTheCredentialsOfLakeFormation() {
    grantAll("poller");
    accounts.mirror();
    Subscription<Order> copy =
        as("poller")
            .subscribe(ORDERS)
            .as(Order.class)
            .name("copy")
            .purpose("A copy")
            .fromStart()
            .commit();

    try (Batch<Order> batch = copy.poll()) {
      assertThat(batch.stream()).hasSize(1);
      batch.ack();
    }
  }

  @Test
  void theCardOfAProductNeedsNoRightToItsFiles() {
    ProductCard card = as("stranger").describe(ORDERS);

    assertThat(card.access()).isEqualTo(ProductCard.Access.DESCRIBE_ONLY);
    assertThat(card.columns()).extracting(ProductCard.Column::name).isEqualTo(COLUMNS);
    assertThat(card.current()).isEmpty();
    assertThat(as("auditor").describe(ORDERS).current()).isPresent();
  }

  @Test
  void aServiceThatDoesNotAnswerIsAskedAgain() {
    grantAll("unlucky");
    accounts.mirror();
    for (int i = 1; i <= 3; i++) {
      aws.on("lakeformation", "GetTemporaryGlueTableCredentials").nth(i).fail500();
    }
    assertThatThrownBy(() -> read("unlucky"))
        .isInstanceOfSatisfying(
            BackendException.class, e -> assertThat(e.retryable()).as(e.toString()).isTrue())
        .isNotInstanceOf(AccessDeniedException.class);

    assertThat(read("unlucky")).hasSize(1);
  }
}
