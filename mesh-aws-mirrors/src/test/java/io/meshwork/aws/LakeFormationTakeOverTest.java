package io.meshwork.aws;

import static io.meshwork.aws.LakeFormationAccounts.ORDERS;
import static io.meshwork.aws.LakeFormationAccounts.codes;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.aws.LakeFormationAccounts.Account;
import io.meshwork.aws.rules.LakeAccount;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshException;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.maintenance.Mirrors.Report.Work;
import io.meshwork.operation.Plan;
import io.meshwork.testkit.aws.AwsEmulator.FaultRule;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
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

  /** LF-Tags and grants as others left them: with fewer values, and fewer permissions. */
  private void makeLessThanTheMesh(String label) {
    accounts.shop.governance().defineTag(label, "plain", "secret").commit();
    accounts.shop.access().tag(ORDERS).set(label, "plain").commit();
    accounts.mirror();
    LostMirrorRecords.lose(accounts.config, accounts.catalog);
    lake.updateLFTag(
        update -> update.tagKey(label).tagValuesToAdd("theirs").tagValuesToDelete("secret"));
    revoke(Permission.SELECT);
    aws.reset();
  }

  private void requireAdopted(String label, String when) {
    assertThat(accounts.mesh.mirrors().adopt().commit().remaining())
        .as(when)
        .extracting(Finding::toString)
        .isEmpty();
    assertThat(permissions()).as(when).containsExactly("DESCRIBE", "SELECT");
    assertThat(lake.getLFTag(get -> get.tagKey(label)).tagValues())
        .as(when)
        .containsExactlyInAnyOrder("theirs", "plain", "secret");
    assertThat(accounts.mesh.mirrors().verify().findings())
        .as(when)
        .extracting(Finding::toString)
        .isEmpty();
    assertThat(accounts.mirror().isEmpty()).as(when).isTrue();
  }

  /** Returns what an adoption that fails says: its findings, or the text of its exception. */
  private String failure() {
    try {
      return accounts.mesh.mirrors().adopt().commit().remaining().stream()
          .map(LakeFormationTakeOverTest::text)
          .collect(Collectors.joining("\n"));
    } catch (MeshException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private void failEach(int first, int step) {
    makeLessThanTheMesh("size");
    accounts.mesh.mirrors().adopt().commit();
    List<String> operations =
        aws.calls().stream()
            .filter(call -> call.startsWith("lakeformation:"))
            .map(call -> call.substring(call.indexOf(':') + 1))
            .distinct()
            .sorted()
            .toList();
    requireAdopted("size", "without a fault");
    assertThat(operations).contains("UpdateLFTag", "BatchGrantPermissions", "ListPermissions");
    int faults = operations.size() * 3;
    for (int i = first; i < faults; i += step) {
      String operation = operations.get(i / 3);
      String label = "size" + i;
      String when = operation + ", " + List.of("500", "lost", "throttled").get(i % 3);
      makeLessThanTheMesh(label);
      FaultRule fault = aws.on("lakeformation", operation);
      switch (i % 3) {
        case 0 -> {
          fault.fail500();
          assertThat(failure()).as(when).contains("Cannot ", "Lake Formation", "again");
        }
        case 1 -> {
          fault.nth(1).loseReply();
          failure();
        }
        default -> {
          fault.nth(1).throttle();
          failure();
        }
      }
      aws.reset();
      requireAdopted(label, when);
    }
  }

  /** A build fails some requests, by its seed; at night, each one. */
  @Test
  void anAdoptionThatFailsSaysWhyAndTheNextOneCompletesIt() {
    failEach(Math.floorMod(FaultSample.SEED, 7), 7);
  }

  @Test
  @Tag("nightly")
  void anAdoptionThatFailsAnywhereIsCompletedByTheNext() {
    failEach(0, 1);
  }
}
