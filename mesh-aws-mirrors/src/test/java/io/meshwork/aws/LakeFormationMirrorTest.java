package io.meshwork.aws;

import static io.meshwork.aws.LakeFormationAccounts.COLUMNS;
import static io.meshwork.aws.LakeFormationAccounts.ORDERS;
import static io.meshwork.aws.LakeFormationAccounts.codes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.access.GrantOperation;
import io.meshwork.access.TagSelection;
import io.meshwork.aws.LakeFormationAccounts.Account;
import io.meshwork.aws.rules.LakeAccount;
import io.meshwork.contract.Contract;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.maintenance.Mirrors.Report.Work;
import io.meshwork.operation.Plan;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Lake Formation decides as the mesh does, also after failures. */
class LakeFormationMirrorTest extends LakeFormationFixture {
  @Test
  void grantsOfEachFormAreMirroredOverTwoAccountsWithThePrintedPolicies() {
    accounts = LakeFormationAccounts.withGrants(aws);
    AwsPolicies policies = AwsPolicies.of(accounts.config);
    accounts.createMirrorRole(
        accounts.catalog, policies.registry(AwsRoleKind.mirror()), policies.mirror());
    accounts.createMirrorRole(accounts.commerce, policies.recipientMirror());
    accounts.createMirrorRole(accounts.finance, policies.recipientMirror());
    assertThat(accounts.differences("lister"))
        .singleElement()
        .asString()
        .contains(
            "Lake Formation of account " + accounts.catalog,
            "/lister read nothing of orders_v1, as of the last run of the mirrors;"
                + " the mesh lets it read id, region. ");
    assertThat(accounts.differences("nobody")).isEmpty();

    Mirrors.Report report = accounts.mirror();

    assertThat(report.remaining()).isEmpty();
    assertThat(report.byHand()).isEmpty();
    assertThat(aws.calls())
        .as("grants of two accounts, and those on links: 20 in a request")
        .filteredOn("lakeformation:BatchGrantPermissions"::equals)
        .hasSizeLessThanOrEqualTo(6);
    accounts.assertGrantsAreMirrored();
    for (String role : List.of("lister", "european", "auditor", "tagged", "delegate", "nobody")) {
      assertThat(accounts.differences(role)).as(role).isEmpty();
    }
    assertThat(accounts.review().mirrorDifferences()).isEmpty();
    assertThat(accounts.mesh.mirrors().verify().findings()).isEmpty();
    assertASecondRunWritesNothing();
    revoke("european");
    revoke("lister");
    accounts.shop.access().tag(ORDERS).remove("kind").commit();
    Mirrors.Report next = accounts.mirror();
    assertThat(next.remaining()).isEmpty();
    assertThat(next.byHand()).isEmpty();
    assertThat(next.total(Work.REMOVED))
        .as("two grants, a filter, a tag, and DESCRIBE of three roles on two links")
        .isEqualTo(10);
  }

  private void assertASecondRunWritesNothing() {
    aws.reset();
    assertThat(accounts.mesh.mirrors().plan().isEmpty()).isTrue();
    assertThat(accounts.mirror().isEmpty()).isTrue();
    assertThat(accounts.writes()).isEmpty();
    assertThat(aws.calls()).doesNotContain("dynamodb:TransactWriteItems");
  }

  @Test
  void grantsGoThatEndedWereRevokedOrCannotBePassedOn() {
    accounts = LakeFormationAccounts.withGrants(aws);
    accounts.mirror();
    accounts.clock.advance(Duration.ofDays(1));
    assertThat(codes(accounts.mesh.mirrors().verify().findings()))
        .as("the ended grant, and DESCRIBE on two links")
        .containsExactlyInAnyOrder(
            FindingCode.MIRROR_OVERDUE,
            FindingCode.MIRROR_SUPERFLUOUS,
            FindingCode.MIRROR_SUPERFLUOUS);

    assertThat(accounts.mirror().total(Work.REMOVED))
        .as("the ended grant, and DESCRIBE on two links")
        .isEqualTo(3);
    assertThat(accounts.readable("auditor")).isEmpty();
    assertThat(accounts.readable("lister")).containsExactly("id", "region");

    revoke("european");
    assertThat(accounts.mirror().total(Work.REMOVED))
        .as("the revoked grant, its filter, and DESCRIBE on two links")
        .isEqualTo(4);
    assertThat(accounts.readable("european")).isEmpty();
    assertThat(accounts.in(Account.CATALOG).listDataCellsFilter(list -> {}).dataCellsFilters())
        .isEmpty();

    accounts.shop.access().grants().stream()
        .filter(GrantSummary::grantOption)
        .map(GrantSummary::id)
        .forEach(id -> accounts.shop.revoke(id).because("End").commit());
    accounts.mirror();
    assertThat(accounts.readable("delegate")).as("its account has nothing to pass on").isEmpty();
    assertThat(accounts.readable("lister")).containsExactly("id", "region");
    assertThat(codes(accounts.mesh.mirrors().verify().findings()))
        .as("what was passed on, is revoked before the grant option")
        .containsExactly(FindingCode.NOT_GRANTABLE);
  }

  @Test
  void grantsGoWhileReadsAreSuspendedAndReturnAfterIt() {
    accounts = LakeFormationAccounts.withGrants(aws);
    accounts
        .shop
        .grantDomain("commerce")
        .to(accounts.in("all"))
        .includeSensitive()
        .because("x")
        .commit();
    accounts.mirror();
    accounts.assertGrantsAreMirrored();
    assertThat(accounts.readable("all")).containsExactlyInAnyOrderElementsOf(COLUMNS);
    accounts.shop.governance().suspendReads(ORDERS).because("Amounts lack taxes").commit();
    assertThat(accounts.differences("lister"))
        .singleElement()
        .asString()
        .contains("lets", "read id, region of orders_v1", "the mesh lets it read nothing");

    accounts.mirror();

    for (String role : List.of("all", "lister", "european", "auditor", "tagged", "delegate")) {
      assertThat(accounts.readable(role)).as(role).isEmpty();
      assertThat(accounts.differences(role)).as(role).isEmpty();
    }
    assertThat(accounts.mirror().isEmpty()).as("a second run").isTrue();

    accounts.shop.governance().resumeReads(ORDERS).commit();
    Mirrors.Report after = accounts.mirror();

    assertThat(after.remaining()).isEmpty();
    assertThat(after.byHand()).isEmpty();
    accounts.assertGrantsAreMirrored();
    assertThat(accounts.readable("all")).containsExactlyInAnyOrderElementsOf(COLUMNS);
    assertThat(accounts.mesh.mirrors().verify().findings()).isEmpty();
  }

  @Test
  void grantsReturnWhenASuspensionEndsByItself() {
    accounts = LakeFormationAccounts.withGrants(aws);
    accounts.shop.governance().suspendReads(ORDERS).because("Amounts lack taxes").commit();
    accounts.mirror();
    assertThat(accounts.readable("lister")).isEmpty();

    accounts.clock.advance(Duration.ofHours(73));
    accounts.mirror();

    assertThat(accounts.readable("lister")).containsExactly("id", "region");
  }

  @Test
  void theFirstRunInAccountsThatUseLakeFormationLeavesNoStepsByHand() {
    accounts = LakeFormationAccounts.make(aws);
    accounts.grant("auditor");
    for (String id : List.of(accounts.catalog, accounts.finance)) {
      try (LakeAccount account = LakeAccount.governed(aws, id)) {
        account.createDatabase("commerce");
      }
    }

    Mirrors.Report report = accounts.mirror();

    assertThat(report.byHand()).isEmpty();
    assertThat(codes(report.remaining())).containsOnly(FindingCode.MIRROR_FOREIGN);
  }

  /** The values of a tag in replies are limited. */
  @Test
  void aTagWithMoreValuesThanAReplyHasIsMirroredOnce() {
    accounts = LakeFormationAccounts.make(aws);
    accounts
        .shop
        .governance()
        .defineTag(
            "kind", IntStream.range(0, 60).mapToObj(each -> "v" + each).toArray(String[]::new))
        .commit();
    accounts.shop.access().tag(ORDERS).set("kind", "v59").commit();
    accounts.shop.access().tagColumns(ORDERS, "amount").set("kind", "v9").commit();
    assertThat(accounts.mirror().remaining()).isEmpty();

    assertThat(accounts.mirror().isEmpty()).isTrue();
    assertThat(accounts.mesh.mirrors().verify().findings()).isEmpty();
  }

  /** A person, with a column whose name AWS Glue has in lower case. */
  record Person(String id, String Email) {}

  @Test
  void anExplanationFindsTheTagsOfColumnsWhoseNamesHaveCapitals() {
    accounts = LakeFormationAccounts.make(aws);
    String people = "commerce/people";
    accounts.shop.governance().defineTag("kind", "plain", "secret").commit();
    accounts.shop.defineProduct(people).contract(Contract.of(Person.class)).commit();
    accounts.shop.publish(people).records(List.of(new Person("1", "a@b.c"))).commit();
    accounts.shop.access().tag(people).set("kind", "plain").commit();
    accounts.shop.access().tagColumns(people, "Email").set("kind", "secret").commit();
    accounts
        .shop
        .grantByTags(TagSelection.where("kind", "plain"))
        .to(accounts.in("tagged"))
        .because("x")
        .commit();

    assertThat(accounts.mirror().remaining()).isEmpty();

    assertThat(accounts.shop.access().explain(accounts.in("tagged"), people).mirrorDifferences())
        .isEmpty();
  }

  @Test
  void anOpenProductIsReadByEachRoleOfTheMesh() {
    accounts = LakeFormationAccounts.make(aws);
    accounts
        .shop
        .defineProduct("commerce/prices")
        .contract(Contract.of(LakeFormationAccounts.Order.class))
        .openToMesh()
        .commit();
    accounts
        .shop
        .publish("commerce/prices")
        .records(List.of(new LakeFormationAccounts.Order("1", "EU", 12, "a@b.c")))
        .commit();

    assertThat(accounts.mirror().remaining()).isEmpty();

    assertThat(principalsOf(Account.CATALOG, "prices_v1"))
        .contains(accounts.config.mirrors().organization().orElseThrow());
    assertThat(principalsOf(Account.FINANCE, "prices_v1"))
        .contains(accounts.finance + ":IAMPrincipals");
  }

  private List<String> principalsOf(Account account, String table) {
    return accounts
        .in(account)
        .listPermissions(list -> list.catalogId(accounts.id(account)))
        .principalResourcePermissions()
        .stream()
        .filter(row -> row.resource().toString().contains(table))
        .map(row -> row.principal().dataLakePrincipalIdentifier())
        .toList();
  }

  @Test
  void anEntryOfABatchThatFailsIsSentAgainInTheSameRun() {
    accounts = LakeFormationAccounts.withGrants(aws);
    aws.on("lakeformation", "BatchGrantPermissions").nth(1).failEntry();
    assertThat(accounts.mirror().remaining()).isEmpty();
    accounts.assertGrantsAreMirrored();
    revoke("auditor");
    revoke("lister");
    aws.on("lakeformation", "BatchRevokePermissions").nth(1).failEntry();

    assertThat(accounts.mirror().remaining()).isEmpty();

    assertThat(accounts.mirror().isEmpty()).isTrue();
  }

  @Test
  void aConflictWithAnotherWriterIsSentAgainInTheSameRun() {
    accounts = LakeFormationAccounts.withGrants(aws);
    List<String> changes =
        List.of(
            "PutDataLakeSettings", "CreateLFTag", "AddLFTagsToResource", "CreateDataCellsFilter");
    changes.forEach(change -> aws.on("lakeformation", change).nth(1).conflict());

    assertThat(accounts.mirror().remaining()).isEmpty();

    accounts.assertGrantsAreMirrored();
    for (String change : changes) {
      assertThat(aws.calls())
          .filteredOn(("lakeformation:" + change)::equals)
          .as(change)
          .hasSizeGreaterThan(1);
    }
    assertThat(accounts.mirror().isEmpty()).isTrue();
  }

  @Test
  void moreGrantsThanFitIntoARequestAreSentInBatchesOfTwenty() {
    accounts = LakeFormationAccounts.make(aws);
    accounts.mirror();
    for (int i = 0; i < 25; i++) {
      grant("reader" + i, "");
    }
    aws.reset();

    assertThat(accounts.mirror().remaining()).isEmpty();

    assertThat(accounts.readable("reader0")).hasSize(COLUMNS.size());
    assertThat(accounts.readable("reader24")).hasSize(COLUMNS.size());
    assertThat(aws.calls())
        .as("25 grants in the catalog, and those on links in the account of the readers")
        .filteredOn("lakeformation:BatchGrantPermissions"::equals)
        .hasSizeBetween(4, 8);
    assertThat(accounts.mirror().isEmpty()).isTrue();
  }

  private void grant(String role, String rows) {
    GrantOperation.ByName grant = accounts.shop.grant(ORDERS).to(accounts.in(role)).because("x");
    (rows.isEmpty() ? grant : grant.rows(rows)).commit();
  }

  private void revoke(String role) {
    accounts.shop.access().grants().stream()
        .filter(grant -> grant.to().contains(role))
        .map(GrantSummary::id)
        .forEach(id -> accounts.shop.revoke(id).because("End").commit());
  }

  @Test
  void aGrantThatBecomesNarrowerOrWiderIsReplacedInOneRun() {
    accounts = LakeFormationAccounts.make(aws);
    grant("analyst", "");
    accounts.mirror();
    revoke("analyst");
    accounts.shop.grant(ORDERS).columns("id").to(accounts.in("analyst")).because("x").commit();

    assertThat(accounts.mirror().remaining()).extracting(Finding::toString).isEmpty();

    assertThat(accounts.readable("analyst")).containsExactly("id");
    revoke("analyst");
    grant("analyst", "");
    assertThat(accounts.mirror().remaining()).extracting(Finding::toString).isEmpty();
    assertThat(accounts.readable("analyst")).hasSize(COLUMNS.size());
    assertThat(accounts.mirror().isEmpty()).isTrue();
  }

  @Test
  void aGrantThatCanNoLongerBePassedOnIsAFindingAndLeavesNothingByHand() {
    accounts = LakeFormationAccounts.withGrants(aws);
    accounts.mirror();
    revokeFromFinance();
    accounts.shop.grant(ORDERS).toAccounts(accounts.finance).because("x").commit();

    Mirrors.Report report = accounts.mirror();

    assertThat(report.byHand()).extracting(Plan.Step::toString).isEmpty();
    assertThat(codes(report.remaining())).containsExactly(FindingCode.NOT_GRANTABLE);
    aws.reset();
    assertThat(codes(accounts.mirror().remaining())).containsExactly(FindingCode.NOT_GRANTABLE);
    assertThat(accounts.writes()).isEmpty();
  }

  @Test
  void aGrantWithGrantOptionThatBecomesNarrowerIsReplacedWithWhatDependsOnIt() {
    accounts = LakeFormationAccounts.withGrants(aws);
    accounts.mirror();
    revokeFromFinance();
    accounts
        .shop
        .grant(ORDERS)
        .columns("id")
        .toAccounts(accounts.finance)
        .withGrantOption()
        .because("x")
        .commit();

    Mirrors.Report report = accounts.mirror();

    assertThat(report.byHand()).extracting(Plan.Step::toString).isEmpty();
    assertThat(report.remaining()).extracting(Finding::toString).isEmpty();
    assertThat(accounts.mirror().isEmpty()).isTrue();
  }

  @Test
  void columnsThatAnAccountLostAreRevokedInLakeFormation() {
    accounts = LakeFormationAccounts.make(aws);
    accounts
        .shop
        .grant(ORDERS)
        .columns("id", "region")
        .toAccounts(accounts.finance)
        .withGrantOption()
        .because("x")
        .commit();
    accounts.mirror();
    assertThat(columnsOfFinance()).isNotEmpty();
    revokeFromFinance();

    Mirrors.Report report = accounts.mirror();

    assertThat(report.remaining()).extracting(Finding::toString).isEmpty();
    assertThat(columnsOfFinance()).isEmpty();
  }

  private List<String> columnsOfFinance() {
    return accounts
        .in(LakeFormationAccounts.Account.CATALOG)
        .listPermissionsPaginator(request -> request.catalogId(accounts.catalog))
        .stream()
        .flatMap(page -> page.principalResourcePermissions().stream())
        .filter(row -> row.principal().dataLakePrincipalIdentifier().equals(accounts.finance))
        .flatMap(row -> Stream.ofNullable(row.resource().tableWithColumns()))
        .flatMap(columns -> columns.columnNames().stream())
        .toList();
  }

  private void revokeFromFinance() {
    accounts.shop.access().grants().stream()
        .filter(grant -> !grant.to().contains("role/") && grant.to().contains(accounts.finance))
        .map(GrantSummary::id)
        .forEach(id -> accounts.shop.revoke(id).because("End").commit());
  }

  @Test
  void aDeniedRoleLeavesCommandsForAPerson() {
    accounts = LakeFormationAccounts.withGrants(aws);
    EmulatedClients administrator = EmulatedClients.administrator(aws, accounts.finance);
    administrator.createRole("mesh-mirror", Policies.trust("888888888888"));

    Mirrors.Report report = accounts.mirror();

    assertThat(report.byHand())
        .extracting(Plan.Step::toString)
        .isNotEmpty()
        .allMatch(step -> step.contains("aws lakeformation ") || step.contains("aws glue create-"))
        .anyMatch(
            step ->
                step.contains("grant-permissions")
                    && step.contains("role/delegate")
                    && step.contains("\"TableWithColumns\""));
    assertThat(report.total(Work.MADE)).as("in the account of the catalog").isPositive();
    assertThat(codes(report.remaining())).containsOnly(FindingCode.MIRROR_UNREACHABLE);
  }

  @Test
  void aGrantToTheAccountOfTheCatalogIsLeftOutWithAReason() {
    accounts = LakeFormationAccounts.make(aws);
    accounts
        .as("finance", "etl")
        .registerDomain("audit")
        .accounts(accounts.catalog)
        .owner("audit@example.org")
        .commit();
    accounts
        .shop
        .grant(ORDERS)
        .toAccounts(accounts.catalog)
        .withGrantOption()
        .because("x")
        .commit();

    Mirrors.Report report = accounts.mirror();

    assertThat(report.remaining())
        .extracting(Finding::code, Finding::where)
        .containsExactly(tuple(FindingCode.OWN_ACCOUNT, "commerce"));
  }
}
