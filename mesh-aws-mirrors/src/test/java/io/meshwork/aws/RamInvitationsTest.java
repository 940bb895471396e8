package io.meshwork.aws;

import static io.meshwork.aws.LakeFormationAccounts.codes;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.aws.LakeFormationAccounts.Account;
import io.meshwork.aws.rules.LakeAccount;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.operation.Plan;
import io.meshwork.product.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.lakeformation.model.PrincipalResourcePermissions;
import software.amazon.awssdk.services.ram.RamClient;
import software.amazon.awssdk.services.ram.model.ResourceShareInvitation;
import software.amazon.awssdk.services.ram.model.ResourceShareInvitationStatus;

/** Invitations of the mesh are accepted, and no others. */
class RamInvitationsTest extends LakeFormationFixture {
  private static final String PENDING_RESOURCES = "ListPendingInvitationResourcesPaginator";

  @BeforeEach
  void make() {
    accounts = LakeFormationAccounts.makeWithoutOrganization(aws);
  }

  private List<ResourceShareInvitation> invitations() {
    try (RamClient ram = accounts.inFinance("administrator").ram()) {
      return ram.getResourceShareInvitations(get -> {}).resourceShareInvitations();
    }
  }

  @Test
  void readersInAnAccountWithoutADomainAreReportedUntilItAcceptsTheInvitation() {
    try (LakeAccount outside = LakeAccount.open(aws, GlueAccount.newAccount())) {
      accounts
          .shop
          .grant(LakeFormationAccounts.ORDERS)
          .to(Principal.of(outside.id(), "visitor"))
          .because("x")
          .commit();
      assertThat(accounts.mirror().remaining()).isEmpty();

      assertThat(accounts.mesh.mirrors().verify().findings())
          .singleElement()
          .satisfies(
              finding -> {
                assertThat(finding.code()).isEqualTo(FindingCode.MIRROR_UNREADABLE);
                assertThat(finding.where()).isEqualTo("readers in " + outside.id());
                assertThat(finding.fix()).contains("accept-resource-share-invitation");
              });
      aws.on("ram", "GetResourceShareAssociations").fail500();
      assertThat(codes(accounts.mesh.mirrors().verify().findings()))
          .containsExactly(FindingCode.MIRROR_UNREACHABLE);
      aws.reset();
      outside
          .ram()
          .getResourceShareInvitations(get -> {})
          .resourceShareInvitations()
          .forEach(
              invitation ->
                  outside
                      .ram()
                      .acceptResourceShareInvitation(
                          accept ->
                              accept.resourceShareInvitationArn(
                                  invitation.resourceShareInvitationArn())));
      assertThat(accounts.mesh.mirrors().verify().findings()).isEmpty();
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

      List<Finding> left = accounts.mirror().remaining();

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

    assertThat(accounts.mirror().remaining())
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
        assertThat(mesh.mirrors().commit().remaining())
            .as("after the end before %s", call)
            .extracting(Finding::what)
            .anyMatch(what -> what.contains("has neither a share of"))
            .noneMatch(what -> what.contains("ResourceShareInvitationExpiredException"));
        watch.get(0).before = next -> {};
        accounts.clock.advance(Duration.ofMinutes(1));
        assertThat(codes(mesh.mirrors().commit().remaining())).contains(FindingCode.SHARE_REFUSED);
        revokeInCatalog();
        accounts.clock.advance(Duration.ofMinutes(1));
      }
      assertThat(mesh.mirrors().commit().remaining()).extracting(Finding::toString).isEmpty();
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

    assertThat(codes(report.remaining()))
        .contains(FindingCode.SHARE_REFUSED, FindingCode.MIRROR_FAILED);
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
    assertThat(accounts.mirror().remaining()).extracting(Finding::toString).isEmpty();
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
}
