package io.meshwork.aws;

import static io.meshwork.access.TagSelection.where;
import static io.meshwork.aws.LakeFormationAccounts.ORDERS;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.MeshClient;
import io.meshwork.access.GrantSummary;
import io.meshwork.aws.LakeFormationAccounts.Account;
import io.meshwork.aws.LakeFormationAccounts.Order;
import io.meshwork.contract.Contract;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.maintenance.Mirrors;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What an account passed on is revoked before the account loses the grant option, without which it
 * could not be revoked.
 */
class LakeFormationReductionTest extends LakeFormationFixture {
  private static final String CARTS = "commerce/carts";

  @Test
  void closingAProductLeavesNothingToTheRolesOfAnAccountWithAGrantByName() {
    accounts = LakeFormationAccounts.makeWithoutOrganization(aws);
    accounts
        .shop
        .defineProduct(CARTS)
        .contract(Contract.of(Order.class))
        .openToMesh()
        .commit();
    accounts.shop.grant(CARTS).to(accounts.in("named")).because("x").commit();
    accounts.mirror();
    assertThat(passedOn("carts_v1")).isNotEmpty();

    accounts.shop.access().closeToMesh(CARTS).commit();

    assertComplete(accounts.mirror());
    assertThat(passedOn("carts_v1")).isEmpty();
  }

  @Test
  void whatAnAccountPassedOnOfAWholeTableIsReducedWithItsShare() {
    accounts = LakeFormationAccounts.make(aws);
    accounts.shop.grant(ORDERS).toAccounts(accounts.finance).withGrantOption().because("x").commit();
    accounts.as("finance", "etl").grant(ORDERS).to(accounts.in("delegate")).because("x").commit();
    accounts.mirror();
    assertThat(accounts.readable("delegate")).hasSize(4);

    MeshClient books = accounts.as("finance", "etl");
    books.access().grants().stream()
        .map(GrantSummary::id)
        .forEach(id -> books.access().revoke(id).because("x").commit());
    accounts.revokeAll();
    accounts
        .shop
        .grant(ORDERS)
        .columns("id")
        .toAccounts(accounts.finance)
        .withGrantOption()
        .because("x")
        .commit();
    books
        .grant(ORDERS)
        .columns("id")
        .to(accounts.in("delegate"))
        .because("x")
        .commit();

    assertComplete(accounts.mirror());
    assertThat(accounts.readable("delegate")).containsExactly("id");
  }

  @Test
  void whatAnAccountPassedOnByATagIsRevokedBeforeTheTagChanges() {
    accounts = LakeFormationAccounts.make(aws);
    accounts.shop.governance().defineTag("kind", "plain", "secret").commit();
    accounts.shop.access().tag(ORDERS).with("kind", "plain").commit();
    accounts
        .shop
        .grantByTags(where("kind").is("plain"))
        .toAccounts(accounts.finance)
        .withGrantOption()
        .because("x")
        .commit();
    accounts.as("finance", "etl").grant(ORDERS).to(accounts.in("delegate")).because("x").commit();
    accounts.mirror();
    assertThat(accounts.readable("delegate")).hasSize(4);

    accounts.shop.access().tag(ORDERS).with("kind", "secret").commit();

    assertComplete(accounts.mirror());
    assertThat(accounts.readable("delegate")).isEmpty();
  }

  private void assertComplete(Mirrors.Report report) {
    assertThat(report.byHand()).isEmpty();
    assertThat(report.left()).allMatch(LakeFormationReductionTest::isNotGrantable);
    assertThat(accounts.mirror().total(Mirrors.Report.Work.REMOVED)).isZero();
    assertThat(accounts.mesh.mirrors().verify().findings())
        .allMatch(LakeFormationReductionTest::isNotGrantable);
  }

  /** The mesh says so of a grant that its account may not make any longer. */
  private static boolean isNotGrantable(Finding finding) {
    return finding.code() == FindingCode.NOT_GRANTABLE;
  }

  /** Returns what the account of finance gave its roles on a table of the catalog. */
  private List<String> passedOn(String table) {
    return accounts
        .in(Account.FINANCE)
        .listPermissionsPaginator(list -> list.catalogId(accounts.finance))
        .stream()
        .flatMap(page -> page.principalResourcePermissions().stream())
        .filter(row -> row.toString().contains(table))
        .filter(row -> row.toString().contains(accounts.catalog))
        .filter(row -> row.principal().dataLakePrincipalIdentifier().endsWith(":IAMPrincipals"))
        .map(row -> row.resource() + " " + row.permissionsAsStrings())
        .toList();
  }
}
