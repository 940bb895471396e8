package io.meshwork.aws;

import static io.meshwork.aws.LakeFormationAccounts.COLUMNS;
import static io.meshwork.aws.LakeFormationAccounts.DATABASE;
import static io.meshwork.aws.LakeFormationAccounts.TABLE;
import static io.meshwork.aws.LakeFormationAccounts.codes;
import static io.meshwork.aws.LakeFormationDrift.lfTag;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.aws.LakeFormationAccounts.Account;
import io.meshwork.aws.rules.LakeAccount;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.error.FindingCode;
import io.meshwork.maintenance.Mirrors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.lakeformation.model.DataLakePrincipal;
import software.amazon.awssdk.services.lakeformation.model.DataLakeSettings;
import software.amazon.awssdk.services.lakeformation.model.Permission;
import software.amazon.awssdk.services.lakeformation.model.PrincipalResourcePermissions;
import software.amazon.awssdk.services.lakeformation.model.Resource;

/** What others change of the mesh in Lake Formation is repaired, and what they add survives. */
class LakeFormationDriftTest extends LakeFormationFixture {
  record Fee(long id, double rate) {}

  private DataLakePrincipal role(String name) {
    return DataLakePrincipal.builder()
        .dataLakePrincipalIdentifier("arn:aws:iam::" + accounts.finance + ":role/" + name)
        .build();
  }

  @Test
  void driftOfEachKindIsFoundAndRepaired() {
    assertDriftIsRepaired(
        List.of(
            List.of("no administrator"),
            List.of(
                "open defaults",
                "no location",
                "open to IAM",
                "no tag",
                "no value of a tag",
                "no tag of the database",
                "no tag of a column",
                "no filter",
                "no tag policy",
                "fewer permissions",
                "more columns",
                "an earlier version of grants across accounts",
                "fewer columns passed on"),
            List.of(
                "another role of the location",
                "another tag",
                "another tag of a column",
                "another filter",
                "no grant option",
                "more permissions"),
            List.of("other settings of the recipient", "more columns passed on"),
            List.of("no definition of a tag", "a location that IAM opens", "more grant options")));
  }

  @Tag("nightly")
  @Test
  void driftOfOneKindIsFoundAndRepaired() {
    accounts = LakeFormationAccounts.withGrants(aws);
    List<String> kinds = List.copyOf(new LakeFormationDrift(accounts).kinds().keySet());
    accounts.close();
    assertDriftIsRepaired(kinds.stream().map(List::of).toList());
  }

  /** The organization and each account of a domain have a grant of an open product. */
  @Test
  void withdrawnGrantsOfAnOpenProductAreFoundAndRepaired() {
    accounts = LakeFormationAccounts.make(aws);
    accounts
        .shop
        .defineProduct("commerce/fees")
        .contract(Contract.of(Fee.class))
        .openToMesh()
        .commit();
    accounts.mirror();
    for (Account account : Account.values()) {
      List<String> before = grantsOfFees(account);
      PrincipalResourcePermissions open =
          fees(account).stream().filter(each -> isOpenIn(account, each)).findFirst().orElseThrow();
      accounts
          .in(account)
          .revokePermissions(
              revoke ->
                  revoke
                      .principal(open.principal())
                      .resource(open.resource())
                      .permissions(Permission.DESCRIBE)
                      .permissionsWithGrantOption(
                          open.permissionsWithGrantOption().stream()
                              .filter(each -> each == Permission.DESCRIBE)
                              .toList()));
      assertThat(grantsOfFees(account)).as("after the drift in %s", account).isNotEqualTo(before);

      assertThat(codes(accounts.mesh.mirrors().verify().findings()))
          .as("%s", account)
          .isNotEmpty()
          .isSubsetOf(FindingCode.MIRROR_CHANGED, FindingCode.MIRROR_MISSING);
      assertThat(accounts.repair().remaining()).as("%s", account).isEmpty();

      assertThat(grantsOfFees(account)).as("%s", account).isEqualTo(before);
      assertThat(accounts.mesh.mirrors().verify().findings()).as("%s", account).isEmpty();
    }
  }

  private List<PrincipalResourcePermissions> fees(Account account) {
    return accounts
        .in(account)
        .listPermissions(
            list ->
                list.catalogId(accounts.catalog)
                    .resource(
                        on ->
                            on.table(
                                table ->
                                    table
                                        .catalogId(accounts.catalog)
                                        .databaseName("commerce")
                                        .name("fees_v1"))))
        .principalResourcePermissions();
  }

  private List<String> grantsOfFees(Account account) {
    return fees(account).stream().map(Object::toString).sorted().toList();
  }

  /** Recipients also list the grant of the organization, but only the catalog can revoke it. */
  private static boolean isOpenIn(Account account, PrincipalResourcePermissions grant) {
    String principal = grant.principal().dataLakePrincipalIdentifier();
    return grant.permissions().contains(Permission.DESCRIBE)
        && (account == Account.CATALOG
            ? principal.contains(":organization/")
            : principal.endsWith(":IAMPrincipals"));
  }

  /**
   * Injects kinds of drift that are independent of each other, and repairs them.
   *
   * @param rounds the kinds of each round; all kinds once
   */
  private void assertDriftIsRepaired(List<List<String>> rounds) {
    accounts = LakeFormationAccounts.withGrants(aws);
    accounts.mirror();
    Map<String, String> before = accounts.everything();
    Map<String, Runnable> drift = new LakeFormationDrift(accounts).kinds();
    for (List<String> kinds : rounds) {
      kinds.forEach(kind -> requireNonNull(drift.remove(kind), kind).run());

      assertThat(codes(accounts.mesh.mirrors().verify().findings()))
          .as("findings of %s", kinds)
          .hasSizeGreaterThanOrEqualTo(kinds.size())
          .allMatch(
              code ->
                  code == FindingCode.MIRROR_CHANGED
                      || code == FindingCode.MIRROR_MISSING
                      || code == FindingCode.MIRROR_UNREADABLE);
      assertThat(accounts.repair().remaining()).as("after the repair of %s", kinds).isEmpty();

      assertThat(accounts.everything())
          .as("objects after the repair of %s", kinds)
          .isEqualTo(before);
      assertThat(accounts.mesh.mirrors().verify().findings()).as("%s", kinds).isEmpty();
    }
    assertThat(drift).isEmpty();
    accounts.assertGrantsAreMirrored();
  }

  @Test
  void whatOthersGrantedTaggedAndFilteredSurvives() {
    accounts = LakeFormationAccounts.withGrants(aws);
    accounts.mirror();
    LakeFormationClient lake = accounts.in(Account.CATALOG);
    lake.createLFTag(create -> create.tagKey("cost-center").tagValues("12"));
    lake.updateLFTag(update -> update.tagKey("kind").tagValuesToAdd("theirs"));
    lake.addLFTagsToResource(
        add -> add.resource(accounts.table()).lfTags(lfTag("cost-center", "12")));
    lake.createDataCellsFilter(
        create ->
            create.tableData(
                data ->
                    data.tableCatalogId(accounts.catalog)
                        .databaseName(DATABASE)
                        .tableName(TABLE)
                        .name("theirs")
                        .columnNames("id")
                        .rowFilter(rows -> rows.filterExpression("id = '1'"))));
    lake.grantPermissions(
        grant ->
            grant
                .principal(role("stranger"))
                .resource(accounts.table())
                .permissions(Permission.SELECT));
    Map<String, String> before = accounts.everything();

    for (Mirrors.Report report : List.of(accounts.mirror(), accounts.repair())) {
      assertThat(codes(report.remaining())).containsOnly(FindingCode.MIRROR_FOREIGN).hasSize(3);
      assertThat(report.isEmpty()).isTrue();
    }
    assertThat(accounts.mesh.mirrors().verify().problems())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.code()).isEqualTo(FindingCode.MIRROR_FOREIGN);
              assertThat(finding.where()).contains("stranger", "orders_v1");
              assertThat(finding.fix())
                  .contains(
                      "grant it in the mesh",
                      "aws lakeformation revoke-permissions",
                      role("stranger").dataLakePrincipalIdentifier(),
                      "--permissions SELECT");
            });

    assertThat(accounts.everything()).isEqualTo(before);
    assertThat(lake.getLFTag(get -> get.tagKey("kind")).tagValues()).contains("theirs");
    assertThat(accounts.readable("stranger")).containsExactlyInAnyOrderElementsOf(COLUMNS);
    assertThat(accounts.differences("stranger"))
        .singleElement()
        .asString()
        .contains(
            "/stranger read amount, email, id, region of orders_v1, as of the last run of the"
                + " mirrors; the mesh lets it read nothing. ");
    assertThat(accounts.review().mirrorDifferences()).isEqualTo(accounts.differences("stranger"));
    assertThat(accounts.review().toString()).contains(accounts.differences("stranger"));

    lake.revokePermissions(
        revoke ->
            revoke
                .principal(role("stranger"))
                .resource(accounts.table())
                .permissions(Permission.SELECT));
    accounts.mirror();

    assertThat(accounts.differences("stranger")).isEmpty();
    assertThat(accounts.review().mirrorDifferences()).isEmpty();
  }

  @Test
  void aTableThatOthersMadeMeanwhileUnderANameOfTheMeshKeepsItsRights() {
    accounts = LakeFormationAccounts.make(aws);
    accounts.mirror();
    try (LakeAccount account = LakeAccount.open(aws, accounts.catalog)) {
      makeTheirs(account, "fees_v1");
      List<String> before = rights(account, "fees_v1");
      defineFees();

      for (Mirrors.Report report : List.of(accounts.mirror(), accounts.repair())) {
        assertThat(codes(report.remaining())).containsOnly(FindingCode.MIRROR_FOREIGN);
      }

      assertThat(rights(account, "fees_v1")).isEqualTo(before);
      assertThat(hasLink("fees_v1")).isFalse();
      account.glue().deleteTable(delete -> delete.databaseName(DATABASE).name("fees_v1"));
      assertThat(accounts.mirror().remaining()).isEmpty();
      assertThat(rights(account, "fees_v1")).anyMatch(right -> right.contains("/auditor"));
      assertThat(hasLink("fees_v1")).isTrue();
      assertThat(accounts.mesh.mirrors().verify().findings()).isEmpty();
    }
  }

  /** Makes a table in the database of the mesh, as an administrator of Lake Formation may do. */
  private void makeTheirs(LakeAccount account, String table) {
    List<DataLakePrincipal> administrators =
        new ArrayList<>(
            accounts
                .in(Account.CATALOG)
                .getDataLakeSettings(get -> {})
                .dataLakeSettings()
                .dataLakeAdmins());
    administrators.add(LakeAccount.principal(account.administrator()));
    accounts.putSettings(settings -> settings.dataLakeAdmins(administrators));
    Resource database = account.databaseResource(DATABASE);
    account.grant(account.administrator(), database, Permission.CREATE_TABLE);
    account.createTable(DATABASE, table, "id");
    account
        .lake()
        .revokePermissions(
            revoke ->
                revoke
                    .principal(LakeAccount.principal(account.administrator()))
                    .resource(database)
                    .permissions(Permission.CREATE_TABLE));
    account.grant(
        account.role("stranger"), account.tableResource(DATABASE, table), Permission.SELECT);
  }

  /** Defines a product with tags and readers. */
  private void defineFees() {
    String fees = "commerce/fees";
    accounts
        .shop
        .defineProduct(fees)
        .contract(Contract.of(LakeFormationAccounts.Order.class).require(Rule.atLeast("amount", 0)))
        .openToMesh()
        .commit();
    accounts.shop.governance().defineTag("kind", "plain").commit();
    accounts.shop.access().tag(fees).set("kind", "plain").commit();
    accounts.shop.grant(fees).to(accounts.in("auditor")).because("x").commit();
    accounts.shop.grant(fees).rows("amount > 1").to(accounts.in("trader")).because("x").commit();
  }

  private static List<String> rights(LakeAccount account, String table) {
    Resource resource = account.tableResource(DATABASE, table);
    List<String> rights = new ArrayList<>();
    account
        .lake()
        .listPermissions(list -> list.resource(resource))
        .principalResourcePermissions()
        .forEach(
            row -> rights.add(row.principal().dataLakePrincipalIdentifier() + row.permissions()));
    account
        .lake()
        .getResourceLFTags(get -> get.resource(resource).showAssignedLFTags(true))
        .lfTagsOnTable()
        .forEach(tag -> rights.add(tag.toString()));
    account.lake().listDataCellsFilter(list -> {}).dataCellsFilters().stream()
        .filter(filter -> filter.tableName().equals(table))
        .forEach(filter -> rights.add(filter.name()));
    return rights;
  }

  private boolean hasLink(String table) {
    try (GlueClient glue = accounts.inFinance("mesh-mirror").glue()) {
      return glue.getDatabases(get -> {}).databaseList().stream()
          .flatMap(
              database ->
                  glue.getTables(get -> get.databaseName(database.name())).tableList().stream())
          .anyMatch(link -> link.name().equals(table));
    }
  }

  @Test
  void otherAdministratorsAndParametersSurvive() {
    accounts = LakeFormationAccounts.make(aws);
    accounts.putSettings(
        settings ->
            settings
                .dataLakeAdmins(
                    DataLakePrincipal.builder()
                        .dataLakePrincipalIdentifier(
                            "arn:aws:iam::" + accounts.catalog + ":role/platform")
                        .build())
                .allowFullTableExternalDataAccess(true));

    assertThat(accounts.mirror().remaining()).isEmpty();

    DataLakeSettings settings =
        accounts.in(Account.CATALOG).getDataLakeSettings(get -> {}).dataLakeSettings();
    assertThat(settings.dataLakeAdmins())
        .extracting(DataLakePrincipal::dataLakePrincipalIdentifier)
        .containsExactly(
            "arn:aws:iam::" + accounts.catalog + ":role/platform",
            "arn:aws:iam::" + accounts.catalog + ":role/mesh-mirror");
    assertThat(settings.allowFullTableExternalDataAccess()).isTrue();
    assertThat(settings.createTableDefaultPermissions()).isEmpty();
    assertThat(settings.parameters()).containsEntry("CROSS_ACCOUNT_VERSION", "4");
  }
}
