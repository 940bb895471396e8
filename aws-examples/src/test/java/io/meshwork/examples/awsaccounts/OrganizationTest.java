package io.meshwork.examples.awsaccounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.aws.AccountSetup;
import io.meshwork.aws.AccountSetup.Template;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsRoleKind;
import io.meshwork.aws.OrganizationSetup;
import io.meshwork.contract.Contract;
import io.meshwork.examples.awsaccounts.AwsAccountsStory.Order;
import io.meshwork.examples.awsmesh.LakeReader;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.product.Principal;
import io.meshwork.testkit.aws.AwsEmulator;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.glue.model.GlueException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** An organization keeps the settings of a mesh over three accounts, and lets its people read. */
class OrganizationTest {
  private static final String GROUP = "906712345a-12345678-1234-1234-1234-123456789abc";
  private static final String ORDERS = "commerce/orders";
  private static final String STACK = "mesh-market-organization";

  /** The emulator keeps its accounts, so each test has others. */
  private static final AtomicInteger NEXT = new AtomicInteger();

  private final int number = NEXT.getAndIncrement();
  private final String management = account(0);
  private final String governance = account(1);
  private final String commerce = account(2);
  private final String finance = account(3);
  private final Principal admin = Principal.of(governance, "mesh-admin");
  private final Principal operator = Principal.of(governance, "mesh-operator");
  private final Principal steward = Principal.of(commerce, "steward");
  private final Principal people =
      Principal.of(
          finance,
          "AWSReservedSSO_mesh-reader-restricted_%016x".formatted(Long.parseLong(finance)));

  @TempDir private Path folder;
  private AwsEmulator aws;
  private AwsConfig config;
  private TemplateAccounts accounts;
  private String organization;

  private String account(int domain) {
    return "77%d0%d0717171".formatted(domain, number);
  }

  @BeforeEach
  void start() {
    aws = AwsEmulator.start();
    // As a command has it.
    config =
        AwsConfig.of(
            "aws:%s/%s/market?endpoint=%s&lakeFormation&roles=arn:aws:iam::%s:role/%s"
                .formatted(
                    aws.region(), governance, aws.endpoint(), finance, rolePath() + people.role()));
    organization = aws.organization(management, governance, commerce, finance);
    write();
  }

  private String rolePath() {
    return "aws-reserved/sso.amazonaws.com/" + aws.region() + "/";
  }

  private void write() {
    accounts = new TemplateAccounts(aws, governance, "market", config, folder);
    accounts.write(
        List.of(
            AccountSetup.of(config, governance).role(admin.role(), AwsRoleKind.governance()),
            AccountSetup.of(config, commerce).role(steward.role(), AwsRoleKind.steward("commerce")),
            AccountSetup.of(config, finance)));
  }

  @AfterEach
  void close() {
    aws.close();
  }

  private void makeMesh() {
    accounts.deploy();
    accounts.makeMesh();
    accounts.registerDomains(admin, Map.of("commerce", steward, "finance", people));
    accounts.as(
        steward,
        client -> {
          client.defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
          client.publish(ORDERS).records(List.of(new Order(1, "SE"))).commit();
          return client.grant(ORDERS).to(people).because("Reports").commit();
        });
  }

  private OrganizationSetup organization() {
    return OrganizationSetup.of(config, management, "r-abcd")
        .identityCenter("arn:aws:sso:::instance/ssoins-1234567890abcdef")
        .readers(GROUP, finance);
  }

  private void deploy(OrganizationSetup setup) {
    Template template = setup.template();
    deploy(template.body());
    assertThat(template.stack()).isEqualTo(STACK);
    aws.moveAccount(governance, "Data Platform");
    aws.moveAccount(commerce, "Domains");
    aws.moveAccount(finance, "Domains");
  }

  private void deploy(String template) {
    aws.runAs(management, "administrator");
    aws.deploy(STACK, template);
  }

  @Test
  void mirrorsWorkAndPeopleReadUnderTheServiceControlPolicy() {
    makeMesh();
    deploy(organization());

    Mirrors.Report report = accounts.mirror(operator);
    assertThat(report.byHand()).isEmpty();
    assertThat(accounts.mirror(operator).remaining()).isEmpty();
    aws.runAs(finance, rolePath() + people.role());
    LakeReader lake = new LakeReader(aws);
    assertThat(lake.rows(lake.resolve("commerce__tables", "orders_v1"))).isEqualTo(1);
  }

  /** Returns the role of a permission set in the account of the people. */
  private String reader(String permissionSet) {
    return rolePath() + "AWSReservedSSO_%s_%016x".formatted(permissionSet, Long.parseLong(finance));
  }

  private void withS3(String role, Consumer<S3Client> use) {
    aws.runAs(finance, role);
    try (S3Client s3 =
        S3Client.builder()
            .endpointOverride(aws.endpoint())
            .forcePathStyle(true)
            .region(Region.of(aws.region()))
            .build()) {
      use.accept(s3);
    }
  }

  /** Returns the key of a file of rows. */
  private String file(String bucket, String prefix) {
    return accounts.withS3(
        Principal.of(commerce, "administrator"),
        s3 ->
            s3.listObjectsV2(list -> list.bucket(bucket).prefix(prefix)).contents().stream()
                .map(S3Object::key)
                .filter(key -> key.endsWith(".parquet"))
                .findFirst()
                .orElseThrow());
  }

  private void requireDenied(String role, Consumer<S3Client> request, String action) {
    assertThatThrownBy(() -> withS3(role, request))
        .as("%s by %s", action, role)
        .isInstanceOf(S3Exception.class)
        .hasMessageContaining(action);
  }

  /** Both read open files of other accounts; one of them reads what Lake Formation permits too. */
  @Test
  void peopleDoWhatTheirPermissionSetSaysAndNothingElse() {
    config = config.openData(organization, "commerce");
    write();
    makeMesh();
    accounts.as(
        steward,
        client -> {
          client
              .defineProduct("commerce/prices")
              .contract(Contract.of(Order.class))
              .openToMesh()
              .commit();
          return client.publish("commerce/prices").records(List.of(new Order(1, "SE"))).commit();
        });
    deploy(organization().openReaders(GROUP, finance));
    accounts.mirror(operator);
    assertThat(accounts.mirror(operator).remaining()).isEmpty();
    String bucket = accounts.bucket(commerce);
    String own = accounts.bucket(finance);
    String file = file(bucket, "data/commerce/prices");
    String closed = file(bucket, "data/commerce/orders");
    String ownFile = "data/own.parquet";
    accounts.withS3(
        Principal.of(finance, "administrator"),
        s3 ->
            s3.putObject(
                put -> put.bucket(own).key(ownFile).ifNoneMatch("*"),
                RequestBody.fromString("own")));

    for (String permissionSet : List.of("mesh-reader", "mesh-reader-restricted")) {
      String role = reader(permissionSet);
      withS3(role, s3 -> s3.getObjectAsBytes(get -> get.bucket(bucket).key(file)));
      requireDenied(
          role, s3 -> s3.getObjectAsBytes(get -> get.bucket(bucket).key(closed)), "s3:GetObject");
      requireDenied(
          role, s3 -> s3.getObjectAsBytes(get -> get.bucket(own).key(ownFile)), "s3:GetObject");
      requireDenied(role, s3 -> s3.listObjectsV2(list -> list.bucket(bucket)), "s3:ListBucket");
      requireDenied(
          role,
          s3 -> s3.deleteObject(delete -> delete.bucket(bucket).key(file)),
          "s3:DeleteObject");
    }
    LakeReader lake = new LakeReader(aws);
    aws.runAs(finance, reader("mesh-reader-restricted"));
    assertThat(lake.rows(lake.resolve("commerce__tables", "orders_v1"))).isEqualTo(1);
    aws.runAs(finance, reader("mesh-reader"));
    assertThatThrownBy(() -> lake.resolve("commerce__tables", "orders_v1"))
        .isInstanceOf(GlueException.class)
        .hasMessageContaining("glue:Get");
  }

  /** The text that teams use protects the administrators, and stops the mirror of a consumer. */
  @Test
  void aPolicyThatKeepsAdministratorsWithoutAnExceptionStopsTheMirrors() {
    makeMesh();
    deploy(
        """
        {"Resources": {"Keep": {"Type": "AWS::Organizations::Policy", "Properties": {
          "Name": "keep", "Type": "SERVICE_CONTROL_POLICY", "TargetIds": ["r-abcd"],
          "Content": {"Version": "2012-10-17", "Statement": [{
            "Sid": "DenyLakeFormationAdminRemoval", "Effect": "Deny",
            "Action": "lakeformation:PutDataLakeSettings", "Resource": "*",
            "Condition": {"ArnNotLike": {
              "aws:PrincipalArn": "arn:aws:iam::*:role/LakeFormationAdmin"}}}]}}}}}
        """);

    Mirrors.Report report = accounts.mirror(operator);
    assertThat(report.toString()).contains("put-data-lake-settings");
    assertThat(accounts.mirror(operator).remaining()).isNotEmpty();

    deploy(organization());
    accounts.mirror(operator);
    assertThat(accounts.mirror(operator).remaining()).isEmpty();
  }

  @Test
  void administratorsChangeNoSettingsOfTheMeshUnlessThePolicyNamesThem() {
    accounts.deploy();
    deploy(organization());
    String bucket = accounts.bucket(commerce);
    Principal administrator = Principal.of(commerce, "platform-admin");
    assertThatThrownBy(() -> deletePolicy(administrator, bucket))
        .isInstanceOf(S3Exception.class)
        .hasMessageContaining("service control policy");
    String role =
        """
        {"Resources": {"Role": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "mesh-other",
          "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
            "Principal": {"AWS": ["arn:aws:iam::%s:root"]},
            "Action": ["sts:AssumeRole"]}]}}}}}
        """
            .formatted(commerce);
    aws.runAs(commerce, administrator.role());
    assertThatThrownBy(() -> aws.deploy("other", role))
        .hasMessageContaining("iam:CreateRole")
        .hasMessageContaining("service control policy");

    deploy(organization().administrators("arn:aws:iam::*:role/platform-*"));
    aws.runAs(commerce, "administrator");
    assertThatThrownBy(() -> aws.deploy("forged", role.replace("mesh-other", "platform-forged")))
        .as("who could make the role of an administrator would be one")
        .hasMessageContaining("service control policy");
    deletePolicy(administrator, bucket);
    aws.runAs(commerce, administrator.role());
    aws.deploy("another", role);
  }

  private void deletePolicy(Principal role, String bucket) {
    accounts.withS3(role, s3 -> s3.deleteBucketPolicy(delete -> delete.bucket(bucket)));
  }

  @Test
  void onlyTheManagementAccountMakesAnOrganization() {
    String body = organization().template().body();
    aws.runAs(commerce, "administrator");
    assertThatThrownBy(() -> aws.deploy(STACK, body)).hasMessageContaining("management account");
  }
}
