package io.meshwork.examples.awsaccounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.aws.AccountSetup;
import io.meshwork.aws.AccountSetup.Template;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsRoleKind;
import io.meshwork.aws.OrganizationSetup;
import io.meshwork.contract.Contract;
import io.meshwork.examples.awsmesh.LakeReader;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.product.Principal;
import io.meshwork.testkit.aws.AwsEmulator;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.model.S3Exception;

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

  /** A row of the product. */
  record Order(long id, String country) {}

  private String account(int domain) {
    return "77%d0%d0717171".formatted(domain, number);
  }

  @BeforeEach
  void start() {
    aws = AwsEmulator.start();
    config =
        AwsConfig.inRegion(aws.region())
            .endpoint(aws.endpoint())
            .mesh(governance, "market")
            .role(
                people,
                "arn:aws:iam::"
                    + finance
                    + ":role/aws-reserved/sso.amazonaws.com/"
                    + aws.region()
                    + "/"
                    + people.role())
            .lakeFormation();
    aws.organization(management, governance, commerce, finance);
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
    String role = "aws-reserved/sso.amazonaws.com/" + aws.region() + "/" + people.role();
    aws.runAs(finance, role);
    LakeReader lake = new LakeReader(aws);
    assertThat(lake.rows(lake.resolve("commerce__tables", "orders_v1"))).isEqualTo(1);
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
