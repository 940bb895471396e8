package io.meshwork.aws;

import static io.meshwork.aws.LakeFormationAccounts.codes;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.aws.LakeFormationAccounts.Account;
import io.meshwork.error.FindingCode;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.operation.Plan;
import io.meshwork.testkit.aws.AwsEmulator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.lakeformation.model.DataLakePrincipal;
import software.amazon.awssdk.services.lakeformation.model.DataLakeSettings;

/** The role of the mirror lost its place as an administrator in the account of a recipient. */
class LakeFormationAdministratorTest {
  private AwsEmulator aws;
  private LakeFormationAccounts accounts;

  @BeforeEach
  void mirror() {
    aws = AwsEmulator.start();
    accounts = LakeFormationAccounts.withGrants(aws);
    AwsPolicies policies = AwsPolicies.of(accounts.config);
    accounts.createMirrorRole(
        accounts.catalog, policies.registry(AwsRoleKind.mirror()), policies.mirror());
    accounts.createMirrorRole(accounts.finance, policies.recipientMirror());
    assertThat(accounts.mirror().remaining()).isEmpty();
  }

  @AfterEach
  void close() {
    if (accounts != null) {
      accounts.close();
    }
    if (aws != null) {
      aws.close();
    }
  }

  private String mirrorRole() {
    return "arn:aws:iam::" + accounts.finance + ":role/mesh-mirror";
  }

  /** Replaces the administrators, as an administrator of the account. */
  private void setAdministrators(String... roles) {
    try (LakeFormationClient lake =
        EmulatedClients.administrator(aws, accounts.finance).lakeFormation()) {
      DataLakeSettings.Builder settings =
          lake.getDataLakeSettings(get -> {}).dataLakeSettings().toBuilder();
      List<DataLakePrincipal> administrators = new ArrayList<>();
      for (String role : roles) {
        administrators.add(DataLakePrincipal.builder().dataLakePrincipalIdentifier(role).build());
      }
      lake.putDataLakeSettings(
          put -> put.dataLakeSettings(settings.dataLakeAdmins(administrators).build()));
    }
  }

  private List<String> administrators() {
    return accounts
        .in(Account.FINANCE)
        .getDataLakeSettings(get -> {})
        .dataLakeSettings()
        .dataLakeAdmins()
        .stream()
        .map(DataLakePrincipal::dataLakePrincipalIdentifier)
        .toList();
  }

  private void denySettings(String effect) {
    EmulatedClients.administrator(aws, accounts.finance)
        .iam(
            "PutRolePolicy",
            Map.of(
                "RoleName",
                "mesh-mirror",
                "PolicyName",
                "guard",
                "PolicyDocument",
                Policies.policy(
                    "{\"Effect\":\""
                        + effect
                        + "\",\"Action\":\"lakeformation:PutDataLakeSettings\","
                        + "\"Resource\":\"*\"}")));
  }

  @Test
  void itMakesItselfAnAdministratorAgainIfItMay() {
    setAdministrators(platform());
    assertThat(codes(accounts.mesh.mirrors().verify().findings()))
        .contains(FindingCode.MIRROR_MISSING);

    Mirrors.Report report = accounts.mirror();

    assertThat(report.byHand()).isEmpty();
    assertThat(report.remaining()).isEmpty();
    assertThat(administrators()).containsExactly(platform(), mirrorRole());
    assertThat(accounts.mesh.mirrors().verify().findings()).isEmpty();
  }

  @Test
  void aStepByHandNamesTheCommandIfItMayNotAndTheNextRunCompletes() {
    denySettings("Deny");
    setAdministrators(platform());
    accounts.passOn("second", "id");
    revoke("lister");

    Mirrors.Report report = accounts.mirror();

    assertThat(report.byHand())
        .extracting(Plan.Step::subject)
        .as("what was granted before is not made again")
        .hasSize(2)
        .noneMatch(subject -> subject.contains("IAMPrincipals"));
    assertThat(commands(report))
        .anyMatch(
            step ->
                step.contains(" lakeformation put-data-lake-settings ")
                    && step.contains(".DataLakeAdmins |=")
                    && step.contains(mirrorRole()))
        .anyMatch(step -> step.contains(" grant-permissions ") && step.contains("role/second"));
    setAdministrators(platform(), mirrorRole());
    assertThat(permissions("lister")).as("the role made the links, so it may revoke").isZero();
    assertThat(accounts.readable("second")).isEmpty();

    Mirrors.Report next = accounts.mirror();

    assertThat(next.byHand()).isEmpty();
    assertThat(next.remaining()).isEmpty();
    assertCompleted();
  }

  @Test
  void whatWasRevokedMeanwhileIsRevokedInTheRunThatMakesItAnAdministratorAgain() {
    setAdministrators(platform());
    accounts.passOn("second", "id");
    revoke("lister");

    Mirrors.Report report = accounts.mirror();

    assertThat(report.byHand()).isEmpty();
    assertThat(report.remaining()).isEmpty();
    assertCompleted();
  }

  @Test
  void whatItCannotRemoveBecauseItMayNotBeAssumedIsAStepByHand() {
    EmulatedClients.administrator(aws, accounts.finance)
        .iam(
            "UpdateAssumeRolePolicy",
            Map.of("RoleName", "mesh-mirror", "PolicyDocument", Policies.trust(accounts.commerce)));
    accounts.revokeAll();

    try (Mesh later = accounts.open()) { // This process still has sessions of the role.
      Mirrors.Report report = later.mirrors().commit();

      assertThat(codes(report.remaining())).doesNotContain(FindingCode.MIRROR_FAILED);
      assertThat(commands(report))
          .anyMatch(step -> step.contains(" revoke-permissions ") && step.contains("role/lister"));
    }
  }

  private void assertCompleted() {
    assertThat(permissions("lister")).isZero();
    assertThat(accounts.readable("second")).containsExactly("id");
    assertThat(accounts.mesh.mirrors().verify().findings()).isEmpty();
    assertThat(accounts.mirror().isEmpty()).isTrue();
  }

  /** Counts what a role may do in its account, as an administrator sees it. */
  private long permissions(String role) {
    return accounts
        .in(Account.FINANCE)
        .listPermissions(list -> list.catalogId(accounts.finance))
        .principalResourcePermissions()
        .stream()
        .filter(row -> row.principal().dataLakePrincipalIdentifier().endsWith("/" + role))
        .count();
  }

  private static List<String> commands(Mirrors.Report report) {
    return report.byHand().stream().map(Plan.Step::detail).toList();
  }

  private String platform() {
    return "arn:aws:iam::" + accounts.finance + ":role/platform";
  }

  private void revoke(String role) {
    accounts.shop.access().grants().stream()
        .filter(grant -> grant.to().contains(role))
        .forEach(grant -> accounts.shop.revoke(grant.id()).because("End").commit());
  }
}
