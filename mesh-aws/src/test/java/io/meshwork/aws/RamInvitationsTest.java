package io.meshwork.aws;

import static io.meshwork.aws.LakeFormationAccounts.codes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.aws.LakeFormationAccounts.Account;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.operation.Plan;
import io.meshwork.testkit.aws.AwsEmulator.FaultRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
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
class RamInvitationsTest extends LakeFormationFixture {
  private static final String PENDING_RESOURCES = "ListPendingInvitationResourcesPaginator";

  /** Short, because some requests hang until they end. */
  private static final AwsTimeouts IMPATIENT =
      new AwsTimeouts(
          Duration.ofSeconds(3),
          Duration.ofMillis(700),
          Duration.ofSeconds(2),
          DynamoTimeouts.STANDARD,
          AwsLocal.QUICK.pause());

  @BeforeEach
  void make() {
    accounts = LakeFormationAccounts.makeWithoutOrganization(aws);
  }

  private List<ResourceShareInvitation> invitations() {
    try (RamClient ram = accounts.inFinance("administrator").ram()) {
      return ram.getResourceShareInvitations(get -> {}).resourceShareInvitations();
    }
  }

  /** Runs the mirrors while a call fails. */
  private enum Fault {
    THROTTLE(FaultRule::throttle),
    FAIL_500(FaultRule::fail500),
    LOSE_REPLY(FaultRule::loseReply),
    EXPIRE_TOKEN(FaultRule::expireToken),
    HANG(FaultRule::hang),
    KILLED_BEFORE(at -> {}),
    KILLED_AFTER(at -> {});

    private final Consumer<FaultRule> setter;

    Fault(Consumer<FaultRule> setter) {
      this.setter = setter;
    }

    void run(LakeFormationAccounts accounts, String call) {
      if (this == KILLED_BEFORE || this == KILLED_AFTER) {
        crash(accounts, call);
        return;
      }
      String[] name = call.split(":", -1);
      for (int attempt = 1; attempt <= 3; attempt++) { // as often as the SDK tries
        setter.accept(aws.on(name[0], name[1]).nth(attempt));
      }
      if (this == HANG) {
        try (Mesh impatient = accounts.open(IMPATIENT)) {
          assertThat(impatient.mirrors().commit().left()).as("left by %s", call).isNotEmpty();
        }
      } else {
        assertThat(accounts.mirror().left()).as("left by %s", call).isNotEmpty();
      }
    }

    private void crash(LakeFormationAccounts accounts, String call) {
      Consumer<String> killing =
          next -> {
            if (next.equals(call) || next.equals(call + "Paginator")) {
              throw new WatchedMirrors.ProcessCrash();
            }
          };
      try (Mesh mesh =
          WatchedMirrors.open(
              accounts,
              watched -> {
                if (this == KILLED_BEFORE) {
                  watched.before = killing;
                } else {
                  watched.after = killing;
                }
              })) {
        assertThatThrownBy(() -> mesh.mirrors().commit())
            .as(call)
            .isInstanceOf(WatchedMirrors.ProcessCrash.class);
      }
    }
  }

  private static Fault fault(int number) {
    return Fault.values()[number % Fault.values().length];
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
    shareBaitInCatalog();

    assertThat(accounts.mirror().left())
        .extracting(Finding::what)
        .as("also what others share in the account of the catalog")
        .anyMatch(what -> what.contains("The account " + accounts.catalog + " invites"))
        .hasSize(2);
    assertThat(invitations())
        .filteredOn(invitation -> invitation.senderAccountId().equals(accounts.catalog))
        .extracting(ResourceShareInvitation::status)
        .containsOnlyOnce(ResourceShareInvitationStatus.PENDING);
  }

  /** Shares a table that the mesh does not know, as an administrator of the catalog's account. */
  private void shareBaitInCatalog() {
    try (LakeAccount catalog = LakeAccount.open(aws, accounts.catalog)) {
      catalog.createDatabase("bait");
      catalog.createTable("bait", "rows", "id");
      accounts
          .in(Account.CATALOG)
          .grantPermissions(
              catalog
                  .request(
                      "arn:aws:iam::" + accounts.finance + ":role/stranger",
                      catalog.tableResource("bait", "rows"),
                      software.amazon.awssdk.services.lakeformation.model.Permission.SELECT)
                  .build());
    }
  }

  @Test
  void theCommandOfADeniedAcceptanceAcceptsSharesOfTheMeshOnly() {
    accounts.createMirrorRole(
        accounts.finance,
        AwsPolicies.of(accounts.config)
            .recipientMirror()
            .replace("ram:AcceptResourceShareInvitation", "ram:RejectResourceShareInvitation"));
    accounts.mirror();
    shareBaitInCatalog();

    assertThat(accounts.mirror().byHand())
        .extracting(Plan.Step::detail)
        .filteredOn(command -> command.contains("aws ram "))
        .isNotEmpty()
        .allSatisfy(
            command ->
                assertThat(command)
                    .contains(
                        "aws ram accept-resource-share-invitation",
                        "aws ram list-pending-invitation-resources",
                        ":" + accounts.catalog + ":table/finance/*\"",
                        "[\"glue:Catalog\",\"glue:Database\",\"glue:Table\"]")
                    .doesNotContain("bait"));
  }

  @Test
  void anInvitationThatEndsDuringARunIsReportedByTheNextOne() {
    List<WatchedMirrors> watch = new ArrayList<>();
    try (Mesh mesh = WatchedMirrors.open(accounts, watch::add)) {
      for (String call : List.of("AcceptResourceShareInvitation", PENDING_RESOURCES)) {
        watch.get(0).before =
            next -> {
              if (next.equals("ram:" + call)) {
                aws.expireInvitations(accounts.finance);
              }
            };
        assertThat(mesh.mirrors().commit().left())
            .as("after the end before %s", call)
            .extracting(Finding::what)
            .anyMatch(what -> what.contains("has neither a share of"))
            .noneMatch(what -> what.contains("ResourceShareInvitationExpiredException"));
        watch.get(0).before = next -> {};
        accounts.clock.advance(Duration.ofMinutes(1));
        assertThat(codes(mesh.mirrors().commit().left())).contains(FindingCode.SHARE_REFUSED);
        revokeInCatalog();
        accounts.clock.advance(Duration.ofMinutes(1));
      }
      assertThat(mesh.mirrors().commit().left()).extracting(Finding::toString).isEmpty();
      assertThat(mesh.mirrors().verify().findings()).isEmpty();
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
    System.out.println("RamInvitationsTest, " + FaultSample.ARGUMENT);
    failAt(FaultSample.of(CALLS), Math.floorMod(FaultSample.SEED, Fault.values().length));
  }

  @Tag("nightly")
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
  void aRunAfterAnyFaultAtAnyCallCompletes(int kind) {
    failAt(CALLS, kind);
  }

  /** Grants and revokes in turn, with another fault at each call. */
  private void failAt(List<List<String>> calls, int first) {
    accounts.mirror();
    int kind = first;
    for (List<String> pair : calls) {
      accounts.grant("auditor");
      failAt(pair.get(0), fault(kind++));
      assertThat(hasLinks()).as("links after %s", pair.get(0)).isTrue();
      accounts.revokeAll();
      failAt(pair.get(1), fault(kind++));
      assertThat(hasLinks()).as("links after %s", pair.get(1)).isFalse();
    }
    assertThat(accounts.mirror().isEmpty()).isTrue();
    assertThat(accounts.mesh.mirrors().verify().findings()).isEmpty();
  }

  private void failAt(String call, Fault fault) {
    aws.reset();
    fault.run(accounts, call);
    assertThat(aws.calls().contains(call) || fault == Fault.KILLED_BEFORE).as(call).isTrue();
    aws.reset();
    accounts.clock.advance(Duration.ofMinutes(1));
    assertThat(accounts.mirror().left()).as("left after %s at %s", fault, call).isEmpty();
  }

  private boolean hasLinks() {
    try (GlueClient glue = accounts.inFinance("mesh-mirror").glue()) {
      return glue.getDatabases(get -> {}).databaseList().stream()
          .anyMatch(database -> database.name().equals("commerce__tables"));
    }
  }
}
