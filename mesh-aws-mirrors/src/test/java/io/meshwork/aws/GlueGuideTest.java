package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.error.Finding;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.operation.Plan;
import io.meshwork.product.Principal;
import io.meshwork.testkit.aws.AwsEmulator;
import org.junit.jupiter.api.Test;

/** The programs of the guide on mirrors, with the credentials that the SDK finds. */
class GlueGuideTest {
  private AwsConfig config = AwsConfig.inRegion("eu-central-1").mesh("111111111111", "sales");

  private AwsConfig sales() {
    return config;
  }

  @Test
  void aProgramRunsTheMirrors() {
    AwsLocal.emulator();
    try (AwsEmulator aws = AwsEmulator.start();
        GlueAccount account = GlueAccount.make(aws)) {
      config = account.config;
      aws.runAs(account.account, "scheduler");
      run();
      assertThat(account.hasTable(GlueAccount.TABLE)).isTrue();
    }
  }

  private void run() {
    // tag::run[]
    try (Mesh mesh = AwsMesh.connect(sales())) {
      Plan<Mirrors.Report> plan = mesh.mirrors().plan();
      plan.steps().forEach(step -> System.out.println(step));
      Mirrors.Report report = mesh.mirrors().commit();
      report.byHand().forEach(step -> System.out.println(step));
      for (Finding finding : report.remaining()) {
        System.out.println(finding + " " + finding.fix());
      }
    }
    // end::run[]
  }

  @Test
  void policiesArePrinted() {
    Principal scheduler = Principal.of("111111111111", "scheduler");
    // tag::policies[]
    AwsPolicies policies = AwsPolicies.of(sales());
    System.out.println(policies.registry(AwsRoleKind.mirror()));
    System.out.println(policies.mirror());
    System.out.println(policies.caller(scheduler, Principal.of("111111111111", "mesh-mirror")));
    // end::policies[]
    assertThat(policies.mirror()).contains("glue:CreateTable");
  }

  @Test
  void contractsAreShownWhereTheConfigurationSaysSo() {
    // tag::contracts[]
    AwsConfig sales =
        AwsConfig.inRegion("eu-central-1")
            .mesh("111111111111", "sales")
            .schemaRegistry()
            .dataQuality();
    System.out.println(AwsPolicies.of(sales).mirror());
    // end::contracts[]
    assertThat(AwsPolicies.of(sales).mirror())
        .contains(
            "arn:aws:glue:eu-central-1:111111111111:schema/mesh-sales.*",
            "arn:aws:glue:eu-central-1:111111111111:dataQualityRuleset/mesh-sales.*");
  }

  @Test
  void aTrustedEngineTrustsItself() {
    AwsConfig sales = sales();
    // tag::engine[]
    AwsConfig reader = sales.lakeFormation().trustedEngine("meshwork");
    System.out.println(AwsPolicies.of(reader).engineTrust(Principal.of("333333333333", "analyst")));
    // end::engine[]
    assertThat(AwsPolicies.of(reader).engineTrust(Principal.of("333333333333", "analyst")))
        .contains("aws:RequestTag/LakeFormationAuthorizedCaller", "role/analyst", "meshwork");
  }
}
