package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.aws.AwsOperations.OnboardAccount;
import io.meshwork.aws.AwsOperations.Verification;
import io.meshwork.contract.Contract;
import io.meshwork.contract.ServiceLevel;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.conformance.fixture.SmallOrder;
import io.meshwork.product.Principal;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Each role is proven by its use: without a right that it needs, there is a finding. Of the
 * products, a consumer may read a part of the first, which the proof does not open, and all of the
 * second, which promises an availability.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RoleProofsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private AwsEmulator aws;
  private OnboardedAccounts accounts;

  private record Item(int id, String name) {}

  @BeforeAll
  void setUp() {
    aws = AwsEmulator.start();
    accounts = OnboardedAccounts.on(aws).with(AwsConfig::lakeFormation);
    accounts.with(ofGovernance(), run -> run.domain("assets", "owner@example.org").commit());
    accounts.deployByHand(ofCommerce());
    accounts.with(ofCommerce(), run -> run.domain("commerce", "owner@example.org").commit());
    as(
        "steward",
        mesh ->
            mesh.client()
                .defineProduct("commerce/orders")
                .contract(
                    Contract.of(SmallOrder.class).serviceLevel(ServiceLevel.NONE.availability(99)))
                .commit());
    as(
        "etl",
        mesh ->
            mesh.client()
                .publish("commerce/orders")
                .records(List.of(new SmallOrder("1", 1)))
                .commit());
    aws.runAs(accounts.governance(), "curator");
    try (Mesh mesh = AwsMesh.connect(accounts.config())) {
      MeshClient curator = mesh.client();
      curator.defineProduct("assets/items").contract(Contract.of(Item.class)).commit();
      curator
          .grant("assets/items")
          .columns("id")
          .to(Principal.of(accounts.commerce(), "analyst"))
          .because("x")
          .commit();
    }
  }

  @AfterAll
  void close() {
    if (aws != null) {
      aws.close();
    }
  }

  @BeforeEach
  void reset() {
    aws.reset();
  }

  private void as(String role, Consumer<Mesh> use) {
    aws.runAs(accounts.commerce(), OnboardedAccounts.ADMINISTRATOR);
    aws.assume(accounts.commerce(), role);
    try (Mesh mesh = AwsMesh.connect(accounts.config())) {
      use.accept(mesh);
    }
  }

  private AccountSetup ofGovernance() {
    return AccountSetup.of(accounts.config(), accounts.governance())
        .role("mesh-admin", AwsRoleKind.governance())
        .role("mesh-operator", AwsRoleKind.operator())
        .role("curator", AwsRoleKind.steward("assets"))
        .role("copier", AwsRoleKind.backup())
        .role("viewer", AwsRoleKind.reader());
  }

  private AccountSetup ofCommerce() {
    return AccountSetup.of(accounts.config(), accounts.commerce())
        .role("etl", AwsRoleKind.producer("commerce"))
        .role("worker", AwsRoleKind.tasks("commerce"))
        .role("orders-worker", AwsRoleKind.tasks("commerce", "orders"))
        .role("steward", AwsRoleKind.steward("commerce"))
        .role("keeper", AwsRoleKind.maintenance("commerce"))
        .role("analyst", AwsRoleKind.consumer("commerce"))
        .role("decider", AwsRoleKind.executor(accounts.commerce()))
        .role("dashboard", AwsRoleKind.engineReader());
  }

  /** The roles of an account trust its own roles. */
  private Verification verify(String account) {
    boolean isOfMesh = account.equals(accounts.governance());
    aws.runAs(account, isOfMesh ? OnboardedAccounts.PLATFORM : OnboardedAccounts.ADMINISTRATOR);
    return accounts.with(isOfMesh ? ofGovernance() : ofCommerce(), OnboardAccount::verify);
  }

  @Test
  void rolesWithAllRightsAreProvenAndLeaveNothingBehind() {
    List<String> before = accounts.stored();

    Verification ofMesh = verify(accounts.governance());
    Verification ofCommerce = verify(accounts.commerce());

    assertThat(ofMesh.findings()).isEmpty();
    assertThat(ofMesh.proven())
        .extracting(Principal::role)
        .containsExactlyInAnyOrder(
            "mesh-deployer",
            "mesh-admin",
            "mesh-operator",
            "curator",
            "copier",
            "viewer",
            "mesh-mirror");
    assertThat(ofCommerce.proven())
        .as(ofCommerce.toString())
        .extracting(Principal::role)
        .containsExactlyInAnyOrder(
            "etl",
            "worker",
            "orders-worker",
            "steward",
            "keeper",
            "analyst",
            "decider",
            "dashboard");
    assertThat(ofCommerce.findings())
        .as("which only roles of the account of the mesh assume")
        .allSatisfy(finding -> assertThat(finding.severity()).isEqualTo(Finding.Severity.NOTE))
        .extracting(Finding::where)
        .containsExactlyInAnyOrder(
            accounts.commerce() + "/mesh-deployer",
            accounts.commerce() + "/mesh-mirror",
            "data with " + accounts.commerce());
    assertThat(accounts.stored()).isEqualTo(before);
  }

  /** The command is that of the finding, sent by an administrator. */
  @Test
  void anUploadThatCannotBeEndedIsAFindingWithTheCommandThatRemovesIt() {
    List<String> before = accounts.stored();
    aws.on("s3", "AbortMultipartUpload").fail500();

    Verification proof = verify(accounts.commerce());

    aws.reset();
    String bucket = accounts.config().bucketIn(accounts.commerce());
    assertThat(proof.proven()).extracting(Principal::role).contains("etl", "keeper");
    List<Finding> left =
        proof.findings().stream()
            .filter(finding -> finding.code() == FindingCode.FILES_NOT_DELETED)
            .toList();
    assertThat(accounts.stored()).hasSize(before.size() + left.size());
    assertThat(left)
        .extracting(Finding::where)
        .contains("s3://" + bucket + "/data/commerce/proof-of-permissions");
    assertThat(left).allSatisfy(finding -> assertThat(finding.what()).contains("500"));
    endUploads(left);
    assertThat(accounts.stored()).isEqualTo(before);
  }

  /** Sends the commands of findings. */
  private void endUploads(List<Finding> left) {
    String bucket = accounts.config().bucketIn(accounts.commerce());
    try (S3Client s3 = EmulatedClients.administrator(aws, accounts.commerce()).s3()) {
      for (Finding finding : left) {
        assertThat(finding.severity()).isEqualTo(Finding.Severity.WARNING);
        Matcher command =
            Pattern.compile(
                    "aws s3api abort-multipart-upload --region "
                        + aws.region()
                        + " --bucket "
                        + bucket
                        + " --key (\\S+) --upload-id (\\S+)$")
                .matcher(finding.fix());
        assertThat(command.find()).as(finding.fix()).isTrue();
        s3.abortMultipartUpload(
            end -> end.bucket(bucket).key(command.group(1)).uploadId(command.group(2)));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "etl, files, WriteData, s3:PutObject",
    "etl, files, ListFiles, s3:ListBucket",
    "etl, registry, WritePartitions, dynamodb:",
    "worker, files, WriteData, s3:PutObject",
    "steward, registry, WritePartitions, dynamodb:",
    "keeper, registry, WritePartitions, dynamodb:",
    "keeper, files, ArchiveLogs, s3:PutObject",
    "analyst, registry, WritePartitions, dynamodb:",
    "analyst, files, ReadOwnData, s3:GetObject",
    "analyst, files, ReadSharedTables, lakeformation:GetDataAccess",
    "decider, registry, WritePartitions, dynamodb:",
    "dashboard, queries, ReadTables, lakeformation:GetDataAccess"
  })
  void aRoleOfADomainWithoutARightThatItNeedsIsNotProven(
      String role, String policy, String statement, String action) throws IOException {
    requireFinding(accounts.commerce(), ofCommerce(), role, policy, statement, action);
  }

  @ParameterizedTest
  @CsvSource({
    "mesh-admin, registry, WritePartitions, dynamodb:",
    "mesh-admin, files, ArchiveMeshLogs, s3:PutObject",
    "mesh-admin, files, ListPlaces, s3:ListBucket",
    "mesh-operator, registry, WritePartitions, dynamodb:",
    "mesh-operator, files, ArchiveMeshLogs, s3:PutObject",
    "copier, registry, ListPartitions, dynamodb:Scan",
    "copier, files, ListAllFiles, s3:ListBucket",
    "viewer, registry, ReadRegistry, dynamodb:GetItem",
    "mesh-mirror, registry, WritePartitions, dynamodb:",
    "mesh-deployer, deploy, ReadOwnStack, cloudformation:DescribeStacks",
    "mesh-deployer, deploy, ReadMesh, dynamodb:GetItem"
  })
  void aRoleOfTheAccountOfTheMeshWithoutARightThatItNeedsIsNotProven(
      String role, String policy, String statement, String action) throws IOException {
    requireFinding(accounts.governance(), ofGovernance(), role, policy, statement, action);
  }

  private void requireFinding(
      String account,
      AccountSetup setup,
      String role,
      String policy,
      String statement,
      String action)
      throws IOException {
    Principal principal = Principal.of(account, role);
    Principal holder =
        policy.equals("registry") && !account.equals(accounts.governance())
            ? Principal.of(
                accounts.governance(), AwsPolicies.of(accounts.config()).registryRole(principal))
            : principal;
    String text =
        setup.policies().get(holder.account() + "/" + holder.role() + "/" + policy + ".json");
    replace(holder, policy, without(text, statement));
    try {
      Verification proof = verify(account);

      assertThat(proof.proven()).doesNotContain(principal);
      assertThat(proof.findings())
          .filteredOn(finding -> finding.where().equals(principal.toString()))
          .singleElement()
          .satisfies(
              finding -> {
                assertThat(finding.code()).isEqualTo(FindingCode.ROLE_NOT_PROVEN);
                assertThat(finding.severity()).isEqualTo(Finding.Severity.ERROR);
                assertThat(finding.what()).contains(principal.toString(), action);
                assertThat(finding.fix()).startsWith("Deploy the templates");
              });
    } finally {
      replace(holder, policy, text);
    }
  }

  /** S3 also denies the end of the upload, so that it stays. */
  @Test
  void aRoleThatMayNotEndUploadsIsNotProven() throws IOException {
    Principal etl = Principal.of(accounts.commerce(), "etl");
    String text = ofCommerce().policies().get(etl.account() + "/etl/files.json");
    String upload = "\"s3:AbortMultipartUpload\"";
    assertThat(text).contains(upload);
    replace(etl, "files", text.replace(upload, "\"s3:ListMultipartUploadParts\""));
    try {
      Verification proof = verify(etl.account());

      assertThat(proof.proven()).doesNotContain(etl);
      assertThat(proof.findings())
          .filteredOn(finding -> finding.where().equals(etl.toString()))
          .singleElement()
          .satisfies(
              finding -> {
                assertThat(finding.code()).isEqualTo(FindingCode.ROLE_NOT_PROVEN);
                assertThat(finding.what()).contains("s3:AbortMultipartUpload");
              });
      List<Finding> left =
          proof.findings().stream()
              .filter(finding -> finding.code() == FindingCode.FILES_NOT_DELETED)
              .toList();
      assertThat(left).hasSize(1);
      endUploads(left);
    } finally {
      replace(etl, "files", text);
    }
  }

  /** IAM accepts no policy without statements. */
  private void replace(Principal role, String policy, String text) {
    EmulatedClients iam = EmulatedClients.administrator(aws, role.account());
    if (text.isEmpty()) {
      iam.iam("DeleteRolePolicy", Map.of("RoleName", role.role(), "PolicyName", policy));
    } else {
      iam.iam(
          "PutRolePolicy",
          Map.of("RoleName", role.role(), "PolicyName", policy, "PolicyDocument", text));
    }
  }

  private static String without(String policy, String statement) throws IOException {
    JsonNode document = JSON.readTree(policy);
    ArrayNode statements = (ArrayNode) document.path("Statement");
    int before = statements.size();
    for (int i = statements.size() - 1; i >= 0; i--) {
      if (statements.get(i).path("Sid").asText().equals(statement)) {
        statements.remove(i);
      }
    }
    assertThat(statements.size()).as(policy).isEqualTo(before - 1);
    return statements.isEmpty() ? "" : document.toString();
  }
}
