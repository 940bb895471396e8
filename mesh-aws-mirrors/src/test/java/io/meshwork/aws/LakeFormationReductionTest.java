package io.meshwork.aws;

import static io.meshwork.access.TagSelection.where;
import static io.meshwork.aws.LakeFormationAccounts.ORDERS;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.aws.LakeFormationAccounts.Account;
import io.meshwork.aws.LakeFormationAccounts.Order;
import io.meshwork.contract.Contract;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.maintenance.Mirrors;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.lakeformation.model.Permission;

/**
 * What an account passed on is revoked before the account loses the grant option, without which it
 * could not be revoked.
 */
class LakeFormationReductionTest extends LakeFormationFixture {
  private static final String CARTS = "commerce/carts";

  @Test
  void closingAProductLeavesNothingToTheRolesOfAnAccountWithAGrantByName() {
    accounts = LakeFormationAccounts.makeWithoutOrganization(aws);
    accounts.shop.defineProduct(CARTS).contract(Contract.of(Order.class)).openToMesh().commit();
    accounts.shop.grant(CARTS).to(accounts.in("named")).because("x").commit();
    accounts.mirror();
    assertThat(passedOn("carts_v1", ":IAMPrincipals")).isNotEmpty();

    accounts.shop.access().closeToMesh(CARTS).commit();

    assertComplete(accounts.mirror());
    assertThat(passedOn("carts_v1", ":IAMPrincipals")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatAnAccountCouldNotRevokeBeforeItsShareEndedIsRevokedLater(boolean isOrganization) {
    accounts =
        isOrganization
            ? LakeFormationAccounts.make(aws)
            : LakeFormationAccounts.makeWithoutOrganization(aws);
    accounts.createMirrorRole(accounts.finance, Policies.allow("*", "*"));
    accounts.grantFinance(ORDERS);
    accounts.passOn("lister", "id");
    accounts.as("finance", "etl").grant(ORDERS).to(accounts.in("delegate")).because("x").commit();
    accounts.grant("named");
    accounts.mirror();
    trustMirrorOfFinance(Policies.trust(accounts.commerce));
    accounts.shop.access().grants().stream()
        .filter(grant -> grant.to().equals("account " + accounts.finance) || grant.grantOption())
        .forEach(grant -> accounts.shop.revoke(grant.id()).because("x").commit());
    try (Mesh process = accounts.open()) {
      assertThat(process.mirrors().commit().byHand()).isNotEmpty();
    }
    trustMirrorOfFinance(accounts.trust(accounts.finance));
    assertThat(passedOn("orders_v1", "role/lister", "role/delegate")).isNotEmpty();

    assertComplete(accounts.mirror());

    assertThat(passedOn("orders_v1", "role/lister", "role/delegate")).isEmpty();
    assertThat(listed(Account.CATALOG, "orders_v1", "role/mesh-mirror")).isEmpty();
    assertThat(accounts.readable("named")).hasSize(4);
  }

  @Test
  void aTemporaryGrantThatWasNotRevokedIsRevokedByTheNextRun() {
    accounts = LakeFormationAccounts.make(aws);
    accounts.mirror();
    accounts
        .in(Account.CATALOG)
        .grantPermissions(
            grant ->
                grant
                    .principal(
                        to ->
                            to.dataLakePrincipalIdentifier(
                                "arn:aws:iam::" + accounts.finance + ":role/mesh-mirror"))
                    .resource(accounts.table())
                    .permissions(Permission.SELECT)
                    .permissionsWithGrantOption(Permission.SELECT));

    assertComplete(accounts.mirror());

    assertThat(listed(Account.CATALOG, "orders_v1", "role/mesh-mirror")).isEmpty();
  }

  private void trustMirrorOfFinance(String policy) {
    EmulatedClients.administrator(aws, accounts.finance)
        .iam("UpdateAssumeRolePolicy", Map.of("RoleName", "mesh-mirror", "PolicyDocument", policy));
  }

  @Test
  void whatAnAccountPassedOnOfAWholeTableIsReducedWithItsShare() {
    accounts = LakeFormationAccounts.make(aws);
    accounts.grantFinance(ORDERS);
    accounts.as("finance", "etl").grant(ORDERS).to(accounts.in("delegate")).because("x").commit();
    accounts.mirror();
    assertThat(accounts.readable("delegate")).hasSize(4);

    MeshClient books = accounts.as("finance", "etl");
    books.access().grants().stream()
        .map(GrantSummary::id)
        .forEach(id -> books.revoke(id).because("x").commit());
    accounts.revokeAll();
    accounts
        .shop
        .grant(ORDERS)
        .columns("id")
        .toAccounts(accounts.finance)
        .withGrantOption()
        .because("x")
        .commit();
    books.grant(ORDERS).columns("id").to(accounts.in("delegate")).because("x").commit();

    assertComplete(accounts.mirror());
    assertThat(accounts.readable("delegate")).containsExactly("id");
  }

  @Test
  void whatAnAccountPassedOnByATagIsRevokedBeforeTheTagChanges() {
    accounts = LakeFormationAccounts.make(aws);
    accounts.shop.governance().defineTag("kind", "plain", "secret").commit();
    accounts.shop.access().tag(ORDERS).set("kind", "plain").commit();
    accounts
        .shop
        .grantByTags(where("kind", "plain"))
        .toAccounts(accounts.finance)
        .withGrantOption()
        .because("x")
        .commit();
    accounts.as("finance", "etl").grant(ORDERS).to(accounts.in("delegate")).because("x").commit();
    accounts.mirror();
    assertThat(accounts.readable("delegate")).hasSize(4);

    accounts.shop.access().tag(ORDERS).set("kind", "secret").commit();

    assertComplete(accounts.mirror());
    assertThat(accounts.readable("delegate")).isEmpty();
  }

  private void assertComplete(Mirrors.Report report) {
    assertThat(report.byHand()).isEmpty();
    assertThat(report.remaining()).allMatch(LakeFormationReductionTest::isNotGrantable);
    assertThat(accounts.mirror().total(Mirrors.Report.Work.REMOVED)).isZero();
    assertThat(accounts.mesh.mirrors().verify().findings())
        .allMatch(LakeFormationReductionTest::isNotGrantable);
  }

  /** The mesh says so of a grant that its account may not make any longer. */
  private static boolean isNotGrantable(Finding finding) {
    return finding.code() == FindingCode.NOT_GRANTABLE;
  }

  /** Returns what the account of finance gave some of its roles on a table of the catalog. */
  private List<String> passedOn(String table, String... roles) {
    return listed(Account.FINANCE, table, roles).stream()
        .filter(row -> row.contains(accounts.catalog))
        .toList();
  }

  private List<String> listed(Account account, String table, String... principals) {
    return accounts
        .in(account)
        .listPermissionsPaginator(list -> list.catalogId(accounts.id(account)))
        .stream()
        .flatMap(page -> page.principalResourcePermissions().stream())
        .filter(row -> row.resource().toString().contains(table))
        .filter(
            row ->
                Stream.of(principals)
                    .anyMatch(end -> row.principal().dataLakePrincipalIdentifier().endsWith(end)))
        .map(row -> row.principal() + " " + row.resource() + " " + row.permissionsAsStrings())
        .toList();
  }
}
