package io.meshwork.aws;

import static io.meshwork.aws.LakeFormationAccounts.codes;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.aws.LakeFormationAccounts.Account;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.testkit.aws.AwsEmulator;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.lakeformation.model.PrincipalResourcePermissions;
import software.amazon.awssdk.services.ram.RamClient;
import software.amazon.awssdk.services.ram.model.ResourceShareInvitation;
import software.amazon.awssdk.services.ram.model.ResourceShareInvitationStatus;

/** Invitations of the mesh are accepted, and no others. A fault at a call is made up for. */
class RamInvitationsTest {
  private static AwsEmulator aws;
  private LakeFormationAccounts accounts;

  @BeforeAll
  static void start() {
    AwsLocal.emulator();
    aws = AwsEmulator.start();
  }

  @AfterAll
  static void stop() {
    if (aws != null) { // null if the emulator is missing
      aws.close();
    }
  }

  @BeforeEach
  void make() {
    accounts = LakeFormationAccounts.makeWithoutOrganization(aws);
  }

  @AfterEach
  void close() {
    if (accounts != null) {
      accounts.close();
    }
  }

  private List<ResourceShareInvitation> invitations() {
    try (RamClient ram = accounts.inFinance("administrator").ram()) {
      return ram.getResourceShareInvitations(get -> {}).resourceShareInvitations();
    }
  }

  /** Fails an operation as often as the SDK tries. */
  private static void fail(int kind, String service, String operation) {
    for (int attempt = 1; attempt <= 3; attempt++) {
      AwsEmulator.FaultRule at = aws.on(service, operation).nth(attempt);
      switch (kind % 4) {
        case 0 -> at.throttle();
        case 1 -> at.fail500();
        case 2 -> at.loseReply();
        default -> at.expireToken();
      }
    }
  }

  @Test
  void aStrangersInvitationIsReportedAndStays() {
    try (LakeAccount stranger = LakeAccount.governed(aws, GlueAccount.newAccount())) {
      stranger.createDatabase("bait");
      stranger.createTable("bait", "rows", "id");
      stranger.grant(
          accounts.finance,
          stranger.tableResource("bait", "rows"),
          software.amazon.awssdk.services.lakeformation.model.Permission.SELECT);

      List<Finding> left = accounts.mirror().left();

      assertThat(left)
          .singleElement()
          .satisfies(
              finding -> {
                assertThat(finding.code()).isEqualTo(FindingCode.MIRROR_FOREIGN);
                assertThat(finding.what()).contains(stranger.id());
                assertThat(finding.where()).contains(accounts.finance);
              });
      assertThat(invitations())
          .allMatch(
              invitation ->
                  invitation.senderAccountId().equals(stranger.id())
                      == (invitation.status() == ResourceShareInvitationStatus.PENDING));
    }
  }

  @Test
  void anExpiredInvitationIsReportedAndFollowedByANewOneAfterANewGrant() {
    aws.on("ram", "AcceptResourceShareInvitation").throttle();
    accounts.mirror();
    aws.reset();
    aws.expireInvitations(accounts.finance);
    accounts.clock.advance(Duration.ofMinutes(1));

    Mirrors.Report report = accounts.mirror();

    assertThat(codes(report.left())).contains(FindingCode.SHARE_REFUSED, FindingCode.MIRROR_FAILED);
    assertThat(codes(accounts.mesh.mirrors().verify().findings()))
        .contains(FindingCode.SHARE_REFUSED);
    assertThat(invitations())
        .extracting(ResourceShareInvitation::status)
        .containsOnly(ResourceShareInvitationStatus.EXPIRED);
    assertThat(aws.calls())
        .as("what expired is not accepted")
        .doesNotContain("ram:RejectResourceShareInvitation");
    revokeInCatalog();
    accounts.clock.advance(Duration.ofMinutes(1));
    assertThat(accounts.mirror().left()).extracting(Finding::toString).isEmpty();
    assertThat(accounts.mesh.mirrors().verify().findings()).isEmpty();
  }

  /** Revokes what finance has, as the administrator of the catalog does by hand. */
  private void revokeInCatalog() {
    LakeFormationClient lake = accounts.in(Account.CATALOG);
    for (PrincipalResourcePermissions row :
        lake.listPermissions(list -> {}).principalResourcePermissions()) {
      if (row.principal().dataLakePrincipalIdentifier().contains(accounts.finance)) {
        lake.revokePermissions(
            revoke ->
                revoke
                    .principal(row.principal())
                    .resource(row.resource())
                    .permissions(row.permissions())
                    .permissionsWithGrantOption(row.permissionsWithGrantOption()));
      }
    }
  }

  /** Calls of the account that has the links, by what is done before: a grant and a revocation. */
  private static final List<List<String>> CALLS =
      List.of(
          List.of("ram:AcceptResourceShareInvitation", "glue:DeleteTable"),
          List.of("glue:CreateDatabase", "glue:DeleteDatabase"),
          List.of("glue:CreateTable", "glue:GetTable"),
          List.of("ram:GetResourceShareInvitations", "glue:GetTables"),
          List.of("ram:ListPendingInvitationResources", "ram:ListResources"));

  @Test
  void aRunAfterAFaultAtACallCompletes() {
    failAt(CALLS.subList(0, 3), 0);
  }

  @Tag("nightly")
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void aRunAfterAnyFaultAtAnyCallCompletes(int kind) {
    failAt(CALLS, kind);
  }

  /** Grants and revokes in turn, with another fault at each call. */
  private void failAt(List<List<String>> calls, int first) {
    accounts.mirror();
    int kind = first;
    for (List<String> pair : calls) {
      accounts.grant("auditor");
      failAt(pair.get(0), kind++);
      assertThat(hasLinks()).as("links after %s", pair.get(0)).isTrue();
      accounts.revokeAll();
      failAt(pair.get(1), kind++);
      assertThat(hasLinks()).as("links after %s", pair.get(1)).isFalse();
    }
    assertThat(accounts.mirror().isEmpty()).isTrue();
    assertThat(accounts.mesh.mirrors().verify().findings()).isEmpty();
  }

  private void failAt(String call, int kind) {
    aws.reset();
    String[] name = call.split(":", -1);
    fail(kind, name[0], name[1]);
    assertThat(accounts.mirror().left()).as("left by %s", call).isNotEmpty();
    assertThat(aws.calls()).as(call).contains(call);
    aws.reset();
    accounts.clock.advance(Duration.ofMinutes(1));
    assertThat(accounts.mirror().left()).as("left after %s", call).isEmpty();
  }

  private boolean hasLinks() {
    try (GlueClient glue = accounts.inFinance("mesh-mirror").glue()) {
      return glue.getDatabases(get -> {}).databaseList().stream()
          .anyMatch(database -> database.name().equals("commerce__tables"));
    }
  }
}
