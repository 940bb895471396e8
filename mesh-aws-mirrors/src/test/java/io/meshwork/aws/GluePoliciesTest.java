package io.meshwork.aws;

import static io.meshwork.aws.GlueAccount.codes;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.maintenance.Mirrors.Report.Work;
import io.meshwork.operation.Plan;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The role mesh-mirror has exactly the policies that {@link AwsPolicies} prints. */
class GluePoliciesTest extends EmulatorFixture {
  private GlueAccount account;
  private EmulatedClients admin;
  private Mesh mesh;

  @BeforeEach
  void make() {
    account = GlueAccount.make(aws);
    admin = EmulatedClients.administrator(aws, account.account);
    admin.createRole("mesh-mirror", trust(account.account));
    mesh = AwsMesh.builder(account.config, AwsLocal.role(account.account, "scheduler")).open();
  }

  @AfterEach
  void close() {
    if (mesh != null) {
      mesh.close();
    }
    if (account != null) {
      account.close();
    }
  }

  private static String trust(String trusted) {
    return Policies.policy(
        """
        {"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::%s:root"},\
        "Action":["sts:AssumeRole","sts:TagSession"]}\
        """
            .formatted(trusted));
  }

  private void put(String name, String policy) {
    admin.iam(
        "PutRolePolicy",
        Map.of("RoleName", "mesh-mirror", "PolicyName", name, "PolicyDocument", policy));
  }

  @Test
  void thePrintedPoliciesAreEnoughForARun() {
    AwsPolicies policies = AwsPolicies.of(account.config);
    put("registry", policies.registry(AwsRoleKind.mirror()));
    put("glue", policies.mirror());

    Mirrors.Report report = mesh.mirrors().commit();

    assertThat(report.remaining()).isEmpty();
    assertThat(report.byHand()).isEmpty();
    assertThat(report.total(Work.MADE)).isEqualTo(2);
    account.publish();
    assertThat(mesh.mirrors().commit().total(Work.CHANGED)).isEqualTo(1);
    assertThat(mesh.mirrors().verify().findings()).isEmpty();
  }

  @Test
  void aRunForAProductThatLacksAPermissionSaysSoAndIsCompleteOnceItHasIt() {
    AwsPolicies policies = AwsPolicies.of(account.config);
    put("registry", policies.registry(AwsRoleKind.mirror()));
    put("glue", policies.mirror());
    mesh.mirrors().commit();
    Map<String, String> reported =
        Map.of(
            "glue:GetDatabase", "glue:GetDatabase",
            "glue:GetTable", "glue:GetTable",
            "glue:UpdateTable", "aws glue update-table");
    reported.forEach(
        (action, text) -> {
          account.publish();
          put("glue", policies.mirror().replace('"' + action + '"', "\"glue:GetTables\""));

          Mirrors.Report report = mesh.mirrors().of(GlueAccount.READINGS).commit();

          assertThat(
                  Stream.concat(
                      report.remaining().stream().map(Finding::what),
                      report.byHand().stream().map(Plan.Step::detail)))
              .as(action)
              .anySatisfy(line -> assertThat(line).contains(text, "MESH-7011"));
          put("glue", policies.mirror());
          assertThat(mesh.mirrors().of(GlueAccount.READINGS).commit().total(Work.CHANGED))
              .as(action)
              .isEqualTo(1);
        });
  }

  @Test
  void aRoleThatMayNotReadGlueHasStepsByHandWithCommands() {
    put("registry", AwsPolicies.of(account.config).registry(AwsRoleKind.mirror()));

    Plan<Mirrors.Report> plan = mesh.mirrors().plan();

    assertThat(codes(plan.findings())).containsExactly(FindingCode.MIRROR_UNREACHABLE);
    assertThat(plan.findings().get(0).what())
        .contains(account.account + "/mesh-mirror", "glue:GetDatabase", "MESH-7011");
    assertThat(plan.steps()).extracting(Plan.Step::verb).containsExactly("by hand", "by hand");
    assertThat(plan.steps().get(1).detail())
        .contains(
            "aws glue create-table --region eu-central-1 --catalog-id " + account.account,
            "--database-name plant --table-input '{",
            "\"metadata_location\":\"s3://",
            "\"table_type\":\"ICEBERG\"");
    assertThat(mesh.mirrors().commit().byHand()).isEqualTo(plan.steps());
  }

  @Test
  void aRoleThatMayNotWriteGlueHasStepsByHand() {
    put("registry", AwsPolicies.of(account.config).registry(AwsRoleKind.mirror()));
    put(
        "glue",
        Policies.policy(
            "{\"Effect\":\"Allow\",\"Action\":[\"glue:GetDatabase\",\"glue:GetTables\","
                + "\"glue:GetTable\"],\"Resource\":\"*\"}"));

    Mirrors.Report report = mesh.mirrors().commit();

    assertThat(report.byHand()).hasSize(1);
    assertThat(report.byHand().get(0).detail()).contains("aws glue create-database", "MESH-7011");
    assertThat(codes(report.remaining())).containsExactly(FindingCode.MIRROR_BLOCKED);
  }

  @Test
  void aProcessThatMayNotAssumeTheRoleIsUnreachable() {
    admin.iam(
        "UpdateAssumeRolePolicy",
        Map.of("RoleName", "mesh-mirror", "PolicyDocument", trust("999999999999")));

    Mirrors.Report report = mesh.mirrors().commit();

    assertThat(codes(report.remaining())).containsExactly(FindingCode.MIRROR_UNREACHABLE);
    assertThat(report.byHand()).hasSize(2);
  }

  @Test
  void theDutyWritesTheDocumentsOfMirrorsOnly() {
    assertThat(AwsRoleKind.mirror().partitions("mesh")).containsExactly("_mesh/mirrors");
    assertThat(AwsRoleKind.mirror().partitions("retail")).containsExactly("_mesh/mirrors");
    assertThat(AwsPolicies.of(account.config).mirror())
        .contains("glue:UpdateTable", "arn:aws:glue:eu-central-1:" + account.account + ":table/*/*")
        .doesNotContain("glue:*", "lakeformation");
  }
}
