package io.meshwork.aws;

import static io.meshwork.access.TagSelection.where;
import static io.meshwork.aws.LakeFormationAccounts.ORDERS;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.contract.Contract;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.conformance.fixture.SmallOrder;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.maintenance.Mirrors.Report.Work;
import io.meshwork.product.Classification;
import io.meshwork.rollout.MajorRollout;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A run for one product also gives Lake Formation its rights, as a run of all would. */
class LakeFormationProductTest extends LakeFormationFixture {
  private void define(int from, int to) {
    for (int i = from; i < to; i++) {
      accounts
          .shop
          .defineProduct("commerce/other" + i)
          .contract(Contract.of(LakeFormationAccounts.Order.class))
          .commit();
      accounts.shop.grant("commerce/other" + i).to(accounts.in("other" + i)).because("x").commit();
    }
  }

  private Mirrors.Report mirrorOrders() {
    aws.reset();
    return accounts.mesh.mirrors().of(ORDERS).commit();
  }

  /** The run left nothing for a run of all mirrors. */
  private void assertComplete(Mirrors.Report report) {
    assertThat(report.remaining()).isEmpty();
    assertThat(report.byHand()).isEmpty();
    assertThat(accounts.mesh.mirrors().plan().steps()).isEmpty();
  }

  /** No principal has a grant. One that still sees a database of links reads no rows by it. */
  private void assertRevoked(Mirrors.Report report) {
    assertThat(report.remaining()).isEmpty();
    assertThat(report.byHand()).isEmpty();
    assertThat(report.total(Work.REMOVED)).isPositive();
    assertThat(accounts.mesh.mirrors().plan().steps())
        .allMatch(step -> step.verb().equals("remove"))
        .allMatch(step -> step.subject().matches(".*/(commerce__tables/-/.*|desk.*)"));
  }

  private void revoke(String role) {
    accounts.shop.access().grants().stream()
        .filter(grant -> grant.on().equals(ORDERS) && grant.to().matches(role))
        .map(GrantSummary::id)
        .forEach(id -> accounts.shop.revoke(id).because("x").commit());
  }

  @Test
  void theRequestsForAGrantDoNotGrowWithTheOtherProducts() {
    accounts = LakeFormationAccounts.make(aws);
    define(0, 3);
    accounts.grant("first");
    accounts.mirror();
    accounts.grant("second");
    assertComplete(mirrorOrders());
    accounts.grant("third");
    Mirrors.Report amongThree = mirrorOrders();
    List<String> few = aws.calls();
    assertComplete(amongThree);
    define(3, 15);
    accounts.mirror();
    revoke(".*/third");
    assertRevoked(mirrorOrders());
    accounts.mirror();
    accounts.grant("third");

    Mirrors.Report amongMany = mirrorOrders();
    List<String> many = aws.calls();

    System.out.println("mirror of one grant: " + many.size() + " requests " + many);
    assertThat(many).hasSameSizeAs(few).hasSizeLessThan(100);
    assertThat(amongMany.done()).isEqualTo(amongThree.done());
    assertThat(amongMany.total(Work.MADE)).isPositive();
    assertComplete(amongMany);
  }

  @Test
  void eachFormOfGrantIsMadeAndRevokedAsByARunOfAll() {
    for (boolean organization : List.of(true, false)) {
      accounts =
          organization
              ? LakeFormationAccounts.make(aws)
              : LakeFormationAccounts.makeWithoutOrganization(aws);
      define(0, 2);
      accounts.mirror();
      accounts.shop.grant(ORDERS).columns("id").to(accounts.in("lister")).because("x").commit();
      assertComplete(mirrorOrders());
      accounts
          .shop
          .grant(ORDERS)
          .exceptColumns("email")
          .rows("region = 'EU'")
          .to(accounts.in("european"))
          .because("x")
          .commit();
      assertComplete(mirrorOrders());
      accounts.grantFinance(ORDERS);
      assertComplete(mirrorOrders());
      accounts.passOn("delegate", "id");
      assertComplete(mirrorOrders());
      accounts.as("finance", "etl").linkResource(ORDERS).database("desk").name("o").commit();
      assertComplete(mirrorOrders());

      revoke(".*");
      assertRevoked(mirrorOrders());
      close();
    }
  }

  @Test
  void whatDependsOnOtherProductsWaitsForARunOfAll() {
    accounts = LakeFormationAccounts.make(aws);
    accounts.shop.governance().defineTag("kind", "plain", "secret").commit();
    accounts.shop.grantByTags(where("kind", "plain")).to(accounts.in("a")).because("x").commit();
    accounts.mirror();
    accounts.shop.access().tag(ORDERS).set("kind", "plain").commit();

    Mirrors.Report report = mirrorOrders();

    assertThat(aws.calls()).doesNotContain("lakeformation:AddLFTagsToResource");
    assertThat(report.remaining())
        .isNotEmpty()
        .allMatch(finding -> finding.code() == FindingCode.MIRROR_BLOCKED)
        .allMatch(finding -> finding.severity() == Finding.Severity.NOTE);
    accounts.mirror();
    assertComplete(mirrorOrders());
  }

  @Test
  void whileATagWaitsARevocationWaitsForWhatItsAccountPassedOn() {
    accounts = LakeFormationAccounts.makeWithoutOrganization(aws);
    accounts.shop.governance().defineTag("kind", "plain", "secret").commit();
    accounts.grantFinance(ORDERS);
    accounts.passOn("delegate", "id");
    accounts.mirror();
    assertThat(accounts.readable("delegate")).containsExactly("id");
    accounts.shop.access().tag(ORDERS).set("kind", "plain").commit();
    revoke(".*");

    assertThat(mirrorOrders().remaining()).isNotEmpty();
    Mirrors.Report all = accounts.mirror();

    assertThat(all.remaining()).isEmpty();
    assertThat(all.byHand()).isEmpty();
    assertThat(accounts.mesh.mirrors().plan().steps()).isEmpty();
    assertThat(accounts.readable("delegate")).isEmpty();
  }

  @Test
  void aGrantReachesTheLinkThatAnAccountHasToTheWholeDomain() {
    accounts = LakeFormationAccounts.make(aws);
    accounts
        .shop
        .grantDomain("commerce")
        .to(accounts.in("first"))
        .includeSensitive()
        .because("x")
        .commit();
    accounts.mirror();
    accounts.grant("second");

    Mirrors.Report report = mirrorOrders();

    assertThat(report.total(Work.MADE)).isPositive();
    assertComplete(report);
  }

  @Test
  void aReaderOfOneProductSeesLinksByTheGroupThatReadsAnotherAlone() {
    accounts = LakeFormationAccounts.make(aws);
    define(0, 1);
    accounts.grantFinance("commerce/other0");
    accounts
        .as("finance", "etl")
        .grant("commerce/other0")
        .toAllRoles(accounts.finance)
        .because("x")
        .commit();
    accounts.mirror();
    accounts.grant("second");

    Mirrors.Report report = mirrorOrders();

    assertThat(report.total(Work.MADE)).isPositive();
    assertComplete(report);
  }

  @Test
  void anAmendmentAndTheEndOfAMajorVersionAreMirroredAlone() {
    accounts = LakeFormationAccounts.make(aws);
    define(0, 2);
    accounts.grant("auditor");
    accounts.mirror();
    accounts
        .shop
        .amendContract(
            ORDERS,
            Contract.of(LakeFormationAccounts.Order.class)
                .classification(Classification.CONFIDENTIAL, "email")
                .description("Each order, once"))
        .because("x")
        .commit();
    Mirrors.Report amended = mirrorOrders();
    assertThat(amended.total(Work.CHANGED)).isPositive();
    assertComplete(amended);

    MajorRollout rollout =
        accounts
            .shop
            .startRollout(ORDERS)
            .contract(Contract.of(SmallOrder.class))
            .because("x")
            .withoutHistory()
            .commit()
            .activate()
            .commit();
    assertThat(mirrorOrders().remaining()).as("a new table").isNotEmpty();
    accounts.mirror();
    rollout.announce().commit();
    rollout.close().commit();
    rollout.retire().commit();
    Mirrors.Report retired = mirrorOrders();

    assertThat(retired.total(Work.REMOVED)).isPositive();
    assertComplete(retired);
  }
}
