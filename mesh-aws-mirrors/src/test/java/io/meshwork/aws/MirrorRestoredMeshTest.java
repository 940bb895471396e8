package io.meshwork.aws;

import static io.meshwork.aws.LakeFormationAccounts.DATABASE;
import static io.meshwork.aws.LakeFormationAccounts.ORDERS;
import static io.meshwork.aws.LakeFormationAccounts.TABLE;
import static io.meshwork.aws.LakeFormationAccounts.codes;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.aws.LakeFormationAccounts.Account;
import io.meshwork.error.FindingCode;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.product.Principal;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.lakeformation.model.Permission;

/** The mirrors of a mesh that was restored from a backup continue, and claim nothing of others. */
class MirrorRestoredMeshTest extends EmulatorFixture {
  private static LakeFormationAccounts accounts;

  @TempDir private Path temporary;

  @BeforeAll
  static void start() {
    accounts = LakeFormationAccounts.withGrants(aws);
    accounts.mirror();
    accounts
        .in(Account.CATALOG)
        .grantPermissions(
            grant ->
                grant
                    .principal(
                        principal ->
                            principal.dataLakePrincipalIdentifier(
                                "arn:aws:iam::" + accounts.finance + ":role/stranger"))
                    .resource(
                        on ->
                            on.table(
                                table ->
                                    table
                                        .catalogId(accounts.catalog)
                                        .databaseName(DATABASE)
                                        .name(TABLE)))
                    .permissions(Permission.SELECT));
    assertThat(codes(accounts.mirror().remaining())).containsOnly(FindingCode.MIRROR_FOREIGN);
  }

  @AfterAll
  static void stop() {
    if (accounts != null) { // null if the emulator is missing
      accounts.close();
    }
  }

  @BeforeEach
  void backUp() {
    assertThat(AwsMesh.backUp(accounts.config, backup(), admin(accounts.catalog)).damage())
        .isEmpty();
  }

  private Path backup() {
    return temporary.resolve("backup");
  }

  private static AwsCredentialsProvider admin(String account) {
    return AwsLocal.role(account, "admin");
  }

  private static void deleteTable() {
    try (DynamoDbClient dynamoDb =
        EmulatedClients.administrator(aws, accounts.catalog).dynamoDb()) {
      String table = accounts.config.table();
      dynamoDb.updateTable(update -> update.tableName(table).deletionProtectionEnabled(false));
      dynamoDb.deleteTable(delete -> delete.tableName(table));
    }
  }

  private static Mesh open(AwsConfig config, String account) {
    return AwsLocal.quick(config, account, "operator").clock(accounts.clock).open();
  }

  /** Returns what Lake Formation of both accounts and Glue have of the original mesh. */
  private static Map<String, String> everything() {
    Map<String, String> all = new TreeMap<>();
    for (Account account : Account.values()) {
      accounts
          .objects(account, accounts.keys(account))
          .forEach((key, content) -> all.put(account + " " + key, content));
    }
    all.put("table", location(accounts.catalog));
    return all;
  }

  private static String location(String account) {
    try (GlueClient glue =
        EmulatedClients.administrator(aws, account)
            .assuming("arn:aws:iam::" + account + ":role/mesh-mirror")
            .glue()) {
      return glue.getTable(get -> get.catalogId(account).databaseName(DATABASE).name(TABLE))
          .table()
          .parameters()
          .get("metadata_location");
    }
  }

  @Test
  void aLostTableThatIsRestoredContinuesWhereItWas() {
    Map<String, String> before = everything();
    deleteTable();
    AwsMesh.move(backup(), accounts.config, admin(accounts.catalog)).commit();
    aws.reset();

    try (Mesh mesh = open(accounts.config, accounts.catalog)) {
      Mirrors.Report report = mesh.mirrors().commit();

      assertThat(report.isEmpty()).as(report.toString()).isTrue();
      assertThat(codes(report.remaining())).containsOnly(FindingCode.MIRROR_FOREIGN);
      assertThat(report.byHand()).isEmpty();
      assertThat(accounts.writes()).isEmpty();
      assertThat(
              mesh.clientAs(Principal.of(accounts.commerce, "etl"))
                  .access()
                  .explain(accounts.in("stranger"), ORDERS)
                  .mirrorDifferences())
          .as("what others made is known still")
          .hasSize(1);
    }
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void aMeshThatIsRestoredUnderAnotherNameLeavesTheTablesUntilARepair() {
    Map<String, String> before = everything();
    AwsConfig other = accounts.config.mesh(accounts.catalog, accounts.config.meshName() + "x");
    AwsMesh.move(backup(), other, admin(accounts.catalog)).commit();

    try (Mesh mesh = open(other, accounts.catalog)) {
      Mirrors.Report report = mesh.mirrors().commit();

      assertThat(codes(report.remaining()))
          .containsExactlyInAnyOrder(FindingCode.MIRROR_CHANGED, FindingCode.MIRROR_FOREIGN);
      assertThat(location(accounts.catalog)).isEqualTo(before.get("table"));

      assertThat(codes(mesh.mirrors().repair().commit().remaining()))
          .containsOnly(FindingCode.MIRROR_FOREIGN);
      assertThat(location(accounts.catalog)).contains(other.bucketIn(accounts.catalog));
    }
    accounts.repair();
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void aMeshThatIsRestoredInAnotherAccountTouchesNothingInTheOld() {
    Map<String, String> before = everything();
    String account = GlueAccount.newAccount();
    AwsConfig other =
        AwsConfig.inRegion(aws.region())
            .endpoint(aws.endpoint())
            .mesh(account, "moved" + account.substring(6))
            .lakeFormation();
    AwsMesh.move(backup(), other, admin(account)).commit();

    try (Mesh mesh = open(other, account)) {
      Mirrors.Report report = mesh.mirrors().commit();

      assertThat(report.byHand()).isEmpty();
      assertThat(report.remaining())
          .as("links to the tables of the old account")
          .isNotEmpty()
          .allSatisfy(
              finding -> {
                assertThat(finding.code()).isEqualTo(FindingCode.MIRROR_FOREIGN);
                assertThat(finding.where()).contains(" link/");
              });
      assertThat(location(account)).contains(other.bucketIn(account));
      assertThat(mesh.mirrors().commit().isEmpty()).isTrue();
    }
    assertThat(everything()).isEqualTo(before);
  }
}
