package io.meshwork.aws;

import static io.meshwork.aws.LakeFormationAccounts.ORDERS;
import static io.meshwork.aws.LakeFormationAccounts.codes;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.aws.LakeFormationAccounts.Account;
import io.meshwork.aws.rules.LakeAccount;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.maintenance.Mirrors.Report.Work;
import io.meshwork.operation.Plan;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.lakeformation.model.Permission;
import software.amazon.awssdk.services.lakeformation.model.PrincipalResourcePermissions;

/** LF-Tags, grants, and locations that exist before the mesh are compared, planned, and adopted. */
class LakeFormationTakeOverTest extends LakeFormationFixture {
  private LakeFormationClient lake;

  /** An older lake has all objects, and the mesh has no record of them. */
  @BeforeEach
  void makeObjectsOfOthers() {
    accounts = LakeFormationAccounts.make(aws);
    accounts.grant("auditor");
    accounts.mirror();
    LostMirrorRecords.lose(accounts.config, accounts.catalog);
    lake = accounts.in(Account.CATALOG);
    aws.reset();
  }

  private String auditor() {
    return "arn:aws:iam::" + accounts.finance + ":role/auditor";
  }

  private void grant(Permission... permissions) {
    lake.grantPermissions(
        grant ->
            grant
                .principal(LakeAccount.principal(auditor()))
                .resource(accounts.table())
                .permissions(permissions));
  }

  private void revoke(Permission... permissions) {
    lake.revokePermissions(
        revoke ->
            revoke
                .principal(LakeAccount.principal(auditor()))
                .resource(accounts.table())
                .permissions(permissions));
  }

  private List<String> permissions() {
    return lake.listPermissions(list -> {}).principalResourcePermissions().stream()
        .filter(row -> row.principal().dataLakePrincipalIdentifier().equals(auditor()))
        .map(PrincipalResourcePermissions::permissionsAsStrings)
        .flatMap(List::stream)
        .sorted()
        .toList();
  }

  private static String text(Finding finding) {
    return finding + " " + finding.fix();
  }

  @Test
  void equalObjectsAreAdoptedAndTheirEndSaysThatOthersMadeThem() {
    Mirrors.Report report = accounts.mirror();

    assertThat(report.remaining()).extracting(Finding::toString).isEmpty();
    assertThat(report.total(Work.MADE) + report.total(Work.CHANGED)).isZero();
    assertThat(report.total(Work.ADOPTED)).isPositive();
    assertThat(accounts.writes()).isEmpty();
    accounts.revokeAll();

    assertThat(accounts.mesh.mirrors().plan().steps())
        .extracting(Plan.Step::toString)
        .filteredOn(
            step -> step.startsWith("remove lakeformation grant/commerce/orders_v1/auditor"))
        .isNotEmpty()
        .allSatisfy(step -> assertThat(step).contains("had made it before the mesh adopted it"));
    accounts.mirror();
    assertThat(permissions()).isEmpty();
  }

  @Test
  void aGrantWithLessIsCompletedAndOneWithMoreOnlyByARepair() {
    revoke(Permission.SELECT);

    assertThat(accounts.mirror().remaining())
        .singleElement()
        .satisfies(
            finding ->
                assertThat(text(finding))
                    .contains("Permissions [\"SELECT\"] is missing", "adopt()"));
    assertThat(permissions()).containsExactly("DESCRIBE");
    assertThat(accounts.mesh.mirrors().adopt().commit().remaining()).isEmpty();
    assertThat(permissions()).containsExactly("DESCRIBE", "SELECT");

    LostMirrorRecords.lose(accounts.config, accounts.catalog);
    grant(Permission.INSERT);
    for (Mirrors.Report report :
        List.of(accounts.repair(), accounts.mesh.mirrors().adopt().commit())) {
      assertThat(report.remaining())
          .singleElement()
          .satisfies(finding -> assertThat(text(finding)).contains("INSERT", "adopt().repair()"));
    }
    assertThat(permissions()).containsExactly("DESCRIBE", "INSERT", "SELECT");
    assertThat(accounts.mesh.mirrors().adopt().repair().commit().remaining()).isEmpty();

    assertThat(permissions()).containsExactly("DESCRIBE", "SELECT");
    assertThat(accounts.mesh.mirrors().verify().findings()).isEmpty();
  }

  @Test
  void valuesThatOthersGaveALabelStay() {
    accounts.mirror();
    lake.createLFTag(create -> create.tagKey("kind").tagValues("theirs", "plain"));
    accounts.shop.governance().defineTag("kind", "plain", "secret").commit();
    accounts.shop.access().tag(ORDERS).set("kind", "plain").commit();

    Mirrors.Report report = accounts.mirror();

    assertThat(report.remaining()).extracting(Finding::toString).isEmpty();
    assertThat(report.total(Work.ADOPTED)).as("the value that exists").isEqualTo(1);
    assertThat(lake.getLFTag(get -> get.tagKey("kind")).tagValues())
        .containsExactlyInAnyOrder("theirs", "plain", "secret");
  }

  @Test
  void theModeOfALocationIsNeverSwitchedWithoutARepair() {
    String arn = lake.listResources(list -> {}).resourceInfoList().get(0).resourceArn();
    lake.updateResource(
        update ->
            update
                .resourceArn(arn)
                .roleArn("arn:aws:iam::" + accounts.catalog + ":role/mesh-registration")
                .hybridAccessEnabled(true));

    for (Mirrors.Report report :
        List.of(accounts.repair(), accounts.mesh.mirrors().adopt().commit())) {
      assertThat(codes(report.remaining())).containsExactly(FindingCode.MIRROR_FOREIGN);
      assertThat(text(report.remaining().get(0)))
          .contains("HybridAccessEnabled is true instead of false", "adopt().repair()");
    }
    assertThat(
            lake.describeResource(get -> get.resourceArn(arn)).resourceInfo().hybridAccessEnabled())
        .isTrue();
    assertThat(accounts.mesh.mirrors().adopt().repair().commit().remaining()).isEmpty();

    assertThat(
            lake.describeResource(get -> get.resourceArn(arn)).resourceInfo().hybridAccessEnabled())
        .isFalse();
  }
}
