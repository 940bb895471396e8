package io.meshwork.aws;

import static io.meshwork.aws.OpenDataAccounts.PRICES;
import static io.meshwork.aws.OpenDataAccounts.codes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.aws.OpenDataAccounts.Price;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.FindingCode;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Readers of open data try to read what the statement of a bucket does not open. */
class MirrorBreachTest extends EmulatorFixture {
  private static OpenDataAccounts accounts;
  private static EmulatedClients reader;

  @BeforeAll
  static void start() {
    accounts = OpenDataAccounts.make(aws);
    reader =
        accounts.createRole(
            accounts.finance,
            "mesh-reader",
            AwsPolicies.of(accounts.config).openReader(accounts.finance));
    accounts.mirror();
  }

  @AfterAll
  static void stop() {
    if (accounts != null) { // null if the emulator is missing
      accounts.close();
    }
  }

  private static boolean canGet(EmulatedClients clients, String key) {
    return canGet(clients, accounts.bucket, key);
  }

  private static boolean canGet(EmulatedClients clients, String bucket, String key) {
    try (S3Client s3 = clients.s3()) {
      s3.getObjectAsBytes(get -> get.bucket(bucket).key(key));
      return true;
    } catch (S3Exception e) {
      assertThat(e.statusCode()).isEqualTo(403);
      return false;
    }
  }

  /** A prefix that does not end at a folder would open the tables with longer names. */
  @Test
  void aFolderWhoseNameBeginsAsThatOfAnOpenTableStaysClosed() {
    try (S3Client s3 = accounts.administrator(accounts.commerce).s3()) {
      for (String folder : new String[] {"prices_v10", "prices_v1x", "prices_v"}) {
        String key = "data/commerce/" + folder + "/secret";
        s3.putObject(
            put -> put.bucket(accounts.bucket).key(key).ifNoneMatch("*"),
            RequestBody.fromString("x"));
        assertThat(canGet(reader, key)).as(key).isFalse();
      }
    }
    assertThat(accounts.reads(reader, "prices_v1")).isTrue();
  }

  @Test
  void namesOfFilesCannotBeListedAndFilesCannotBeChanged() {
    String file = accounts.files("prices_v1").get(0);
    try (S3Client s3 = reader.s3()) {
      assertThatThrownBy(() -> s3.listObjectsV2(list -> list.bucket(accounts.bucket)))
          .hasMessageContaining("is not authorized to perform");
      assertThatThrownBy(() -> s3.deleteObject(delete -> delete.bucket(accounts.bucket).key(file)))
          .hasMessageContaining("is not authorized to perform");
      assertThatThrownBy(
              () ->
                  s3.putObject(
                      put -> put.bucket(accounts.bucket).key(file + "x").ifNoneMatch("*"),
                      RequestBody.fromString("x")))
          .hasMessageContaining("is not authorized to perform");
    }
    assertThat(accounts.reads(reader, "prices_v1")).isTrue();
  }

  @Test
  void aClosedProductIsClosedToTheMeshAtOnceAndItsFilesWithTheNextRun() {
    String product = "commerce/fees";
    accounts.shop.defineProduct(product).contract(Contract.of(Price.class)).openToMesh().commit();
    accounts.publish(product);
    accounts.mirror();
    assertThat(accounts.reads(reader, "fees_v1")).isTrue();
    try (Mesh mesh =
        AwsMesh.builder(accounts.closed, AwsLocal.role(accounts.finance, "mesh-reader")).open()) {
      try (Rows<Price> rows = mesh.client().read(product).as(Price.class).rows()) {
        assertThat(rows.stream()).hasSize(1);
      }
      accounts.shop.access().closeToMesh(product).commit();

      assertThatThrownBy(() -> mesh.client().read(product).as(Price.class).rows())
          .isInstanceOf(AccessDeniedException.class);
    }
    assertThat(accounts.reads(reader, "fees_v1")).as("the statement is still there").isTrue();

    accounts.mirror();

    assertThat(accounts.reads(reader, "fees_v1")).isFalse();
    assertThat(accounts.reads(reader, "prices_v1")).isTrue();
  }

  @Test
  void quarantinedRowsOfAnOpenProductStayClosed() {
    assertThat(accounts.policy()).doesNotContain("quarantine");
    String open = "/data/commerce/prices_v1/*\"";
    assertThat(accounts.policy()).contains(open);
    try (S3Client s3 = accounts.administrator(accounts.commerce).s3()) {
      assertThat(
              s3.listObjectsV2(list -> list.bucket(accounts.bucket)).contents().stream()
                  .map(object -> object.key())
                  .filter(key -> !key.startsWith("data/commerce/prices_v1/"))
                  .filter(key -> canGet(reader, key)))
          .isEmpty();
    }
  }

  /**
   * The bucket of the mesh permits the whole account of a domain to use the files of the domain.
   */
  @Test
  void aStandingReaderInTheAccountOfADomainDoesNotReadItsClosedFilesInTheBucketOfTheMesh() {
    String bucket = accounts.config.bucketIn(accounts.governance);
    String key = "data/finance/ledger_v1/file";
    try (S3Client s3 = accounts.administrator(accounts.governance).s3()) {
      s3.putObject(
          put -> put.bucket(bucket).key(key).ifNoneMatch("*"), RequestBody.fromString("x"));
    }
    putPolicyOfTheMesh(accounts.closed);
    assertThat(canGet(reader, bucket, key)).as("without open data in the configuration").isTrue();

    putPolicyOfTheMesh(accounts.config);

    EmulatedClients producer =
        accounts.createRole(accounts.finance, "producer", Policies.allow("s3:GetObject", "*"));

    assertThat(canGet(producer, bucket, key)).isTrue();
    assertThat(canGet(reader, bucket, key)).isFalse();
    assertThat(canGet(readerWithPath(), bucket, key)).isFalse();
  }

  private static EmulatedClients readerWithPath() {
    EmulatedClients administrator = accounts.administrator(accounts.finance);
    administrator.iam(
        "CreateRole",
        Map.of(
            "RoleName",
            "mesh-reader-of-teams",
            "Path",
            "/teams/",
            "AssumeRolePolicyDocument",
            Policies.trust(accounts.finance)));
    administrator.putRolePolicy(
        "mesh-reader-of-teams", AwsPolicies.of(accounts.config).openReader(accounts.finance));
    return administrator.assuming(
        "arn:aws:iam::" + accounts.finance + ":role/teams/mesh-reader-of-teams");
  }

  private static void putPolicyOfTheMesh(AwsConfig config) {
    String policy =
        AwsPolicies.of(config)
            .crossAccountDomain("finance", accounts.finance)
            .bucket(accounts.governance);
    try (S3Client s3 = accounts.administrator(accounts.governance).s3()) {
      s3.putBucketPolicy(put -> put.bucket(config.bucketIn(accounts.governance)).policy(policy));
    }
  }

  @Test
  void aStatementThatOthersWidenedIsFoundAndGivesNoMoreAfterARepair() {
    accounts.putPolicy(accounts.policy().replace("prices_v1/*", "*"));
    assertThat(accounts.reads(reader, "orders_v1")).isTrue();
    assertThat(codes(accounts.verify())).containsExactly(FindingCode.MIRROR_CHANGED);

    accounts.repair();

    assertThat(accounts.reads(reader, "orders_v1")).isFalse();
    assertThat(accounts.reads(reader, PRICES.replace("commerce/", "") + "_v1")).isTrue();
  }
}
