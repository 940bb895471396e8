package io.meshwork.aws;

import static io.meshwork.aws.LakeFormationAccounts.COLUMNS;
import static io.meshwork.aws.LakeFormationAccounts.DATABASE;
import static io.meshwork.aws.LakeFormationAccounts.ORDERS;
import static io.meshwork.aws.LakeFormationAccounts.TABLE;
import static io.meshwork.aws.LakeFormationAccounts.codes;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.access.AccessClient;
import io.meshwork.access.GrantByName;
import io.meshwork.access.GrantSummary;
import io.meshwork.aws.LakeFormationAccounts.Account;
import io.meshwork.contract.Contract;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.governance.AccessReview;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.maintenance.Mirrors.Report.Work;
import io.meshwork.operation.Plan;
import io.meshwork.testkit.aws.AwsEmulator;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.lakeformation.model.DataCellsFilter;
import software.amazon.awssdk.services.lakeformation.model.DataLakePrincipal;
import software.amazon.awssdk.services.lakeformation.model.DataLakeSettings;
import software.amazon.awssdk.services.lakeformation.model.LFTagPair;
import software.amazon.awssdk.services.lakeformation.model.Permission;
import software.amazon.awssdk.services.lakeformation.model.PrincipalPermissions;
import software.amazon.awssdk.services.lakeformation.model.Resource;

/** Lake Formation decides as the mesh does, and others keep what is theirs. */
class LakeFormationMirrorTest {
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

  @AfterEach
  void close() {
    if (accounts != null) {
      accounts.close();
    }
  }

  private LakeFormationClient catalog() {
    return accounts.in(Account.CATALOG);
  }

  private Resource table() {
    return Resource.builder()
        .table(table -> table.catalogId(accounts.catalog).databaseName(DATABASE).name(TABLE))
        .build();
  }

  /** What both accounts have of the mesh. */
  private Map<String, String> everything() {
    Map<String, String> all = new TreeMap<>();
    for (Account account : Account.values()) {
      accounts
          .objects(account, accounts.keys(account))
          .forEach((key, content) -> all.put(account + " " + key, content));
    }
    return all;
  }

  private List<String> differences(String role) {
    return accounts.shop.explainAccess(accounts.in(role), ORDERS).mirrorDifferences();
  }

  private AccessReview review() {
    return accounts.shop.governance().accessReview("commerce");
  }

  private void assertGrantsAreMirrored() {
    assertThat(accounts.readable("lister")).containsExactly("id", "region");
    assertThat(accounts.readable("european")).containsExactly("amount", "id", "region");
    assertThat(accounts.readable("auditor")).containsExactlyInAnyOrderElementsOf(COLUMNS);
    assertThat(accounts.readable("tagged")).containsExactly("email", "id", "region");
    assertThat(accounts.readable("delegate")).containsExactly("amount", "id");
    assertThat(accounts.readable("nobody")).isEmpty();
  }

  @Test
  void grantsOfEachFormAreMirroredOverTwoAccountsWithThePrintedPolicies() {
    accounts = LakeFormationAccounts.withGrants(aws);
    AwsPolicies policies = AwsPolicies.of(accounts.config);
    accounts.createMirrorRole(
        accounts.catalog, policies.registry(AwsDuty.mirror()), policies.mirror());
    accounts.createMirrorRole(accounts.commerce, policies.recipientMirror());
    accounts.createMirrorRole(accounts.finance, policies.recipientMirror());
    assertThat(differences("lister"))
        .singleElement()
        .asString()
        .contains(
            "Lake Formation of account " + accounts.catalog,
            "/lister read nothing of orders_v1, and the mesh id, region");
    assertThat(differences("nobody")).isEmpty();

    Mirrors.Report report = accounts.mirror();

    assertThat(report.left()).isEmpty();
    assertThat(report.byHand()).isEmpty();
    assertThat(aws.calls())
        .as("grants of two accounts, and those on links: 20 in a request")
        .filteredOn("lakeformation:BatchGrantPermissions"::equals)
        .hasSizeLessThanOrEqualTo(6);
    assertGrantsAreMirrored();
    for (String role : List.of("lister", "european", "auditor", "tagged", "delegate", "nobody")) {
      assertThat(differences(role)).as(role).isEmpty();
    }
    assertThat(review().mirrorDifferences()).isEmpty();
    assertThat(accounts.mesh.mirrors().verify().findings()).isEmpty();
    assertASecondRunWritesNothing();
    revoke("european");
    revoke("lister");
    accounts.shop.access().tag(ORDERS).without("kind").commit();
    Mirrors.Report next = accounts.mirror();
    assertThat(next.left()).isEmpty();
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
    assertThat(catalog().listDataCellsFilter(list -> {}).dataCellsFilters()).isEmpty();

    accounts.shop.access().grants().stream()
        .filter(GrantSummary::grantOption)
        .map(GrantSummary::id)
        .forEach(id -> accounts.shop.access().revoke(id).because("End").commit());
    accounts.mirror();
    assertThat(accounts.readable("delegate")).as("its account has nothing to pass on").isEmpty();
    assertThat(accounts.readable("lister")).containsExactly("id", "region");
    assertThat(codes(accounts.mesh.mirrors().verify().findings()))
        .as("what was passed on, has no effect, and cannot be revoked without the grant option")
        .containsExactly(FindingCode.NOT_GRANTABLE, FindingCode.MIRROR_SUPERFLUOUS);
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

    assertThat(accounts.mirror().left()).isEmpty();

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

  /** What another program, or a person, changes in Lake Formation. */
  private Map<String, Runnable> drift() {
    LakeFormationClient lake = catalog();
    Map<String, Runnable> drift = new LinkedHashMap<>();
    drift.put(
        "no administrator",
        () ->
            putSettings(
                settings ->
                    settings.dataLakeAdmins(
                        DataLakePrincipal.builder()
                            .dataLakePrincipalIdentifier(
                                "arn:aws:iam::" + accounts.catalog + ":role/platform")
                            .build())));
    drift.put("open defaults", this::openDefaults);
    drift.put(
        "no location",
        () ->
            lake.deregisterResource(
                remove ->
                    remove.resourceArn(
                        "arn:aws:s3:::"
                            + accounts.config.bucketIn(accounts.catalog)
                            + "/data/commerce")));
    drift.put(
        "open to IAM",
        () ->
            lake.grantPermissions(
                grant ->
                    grant.principal(allowedByIam()).resource(table()).permissions(Permission.ALL)));
    drift.put(
        "no tag",
        () ->
            lake.removeLFTagsFromResource(
                remove -> remove.resource(table()).lfTags(lfTag("kind", "plain"))));
    drift.put(
        "another tag",
        () ->
            lake.addLFTagsToResource(add -> add.resource(table()).lfTags(lfTag("kind", "secret"))));
    drift.put(
        "no filter",
        () -> {
          DataCellsFilter filter = filter();
          lake.deleteDataCellsFilter(
              delete ->
                  delete
                      .tableCatalogId(filter.tableCatalogId())
                      .databaseName(DATABASE)
                      .tableName(TABLE)
                      .name(filter.name()));
        });
    drift.put(
        "another filter",
        () -> {
          DataCellsFilter filter = filter();
          lake.updateDataCellsFilter(
              update ->
                  update.tableData(
                      filter.toBuilder()
                          .rowFilter(rows -> rows.filterExpression("region <> 'EU'"))
                          .build()));
        });
    drift.put(
        "fewer permissions",
        () ->
            lake.revokePermissions(
                revoke ->
                    revoke
                        .principal(role("auditor"))
                        .resource(table())
                        .permissions(Permission.SELECT)));
    drift.put(
        "more permissions",
        () ->
            lake.grantPermissions(
                grant ->
                    grant
                        .principal(role("auditor"))
                        .resource(table())
                        .permissions(Permission.INSERT)));
    drift.put(
        "more columns",
        () ->
            lake.grantPermissions(
                grant ->
                    grant
                        .principal(role("lister"))
                        .resource(
                            on ->
                                on.tableWithColumns(
                                    table ->
                                        table
                                            .catalogId(accounts.catalog)
                                            .databaseName(DATABASE)
                                            .name(TABLE)
                                            .columnNames("email")))
                        .permissions(Permission.SELECT)));
    return drift;
  }

  private void openDefaults() {
    putSettings(
        settings ->
            settings.createTableDefaultPermissions(
                PrincipalPermissions.builder()
                    .principal(allowedByIam())
                    .permissions(Permission.ALL)
                    .build()));
  }

  private void putSettings(Consumer<DataLakeSettings.Builder> change) {
    DataLakeSettings.Builder settings =
        catalog().getDataLakeSettings(get -> {}).dataLakeSettings().toBuilder();
    change.accept(settings);
    catalog().putDataLakeSettings(put -> put.dataLakeSettings(settings.build()));
  }

  private DataLakePrincipal allowedByIam() {
    return DataLakePrincipal.builder()
        .dataLakePrincipalIdentifier("IAM_ALLOWED_PRINCIPALS")
        .build();
  }

  private DataLakePrincipal role(String name) {
    return DataLakePrincipal.builder()
        .dataLakePrincipalIdentifier("arn:aws:iam::" + accounts.finance + ":role/" + name)
        .build();
  }

  private static LFTagPair lfTag(String key, String value) {
    return LFTagPair.builder().tagKey(key).tagValues(value).build();
  }

  private DataCellsFilter filter() {
    return catalog().listDataCellsFilter(list -> {}).dataCellsFilters().get(0);
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
                "no filter",
                "fewer permissions",
                "more columns"),
            List.of("another tag", "another filter", "more permissions")));
  }

  @Tag("nightly")
  @Test
  void driftOfOneKindIsFoundAndRepaired() {
    accounts = LakeFormationAccounts.withGrants(aws);
    List<String> kinds = List.copyOf(drift().keySet());
    accounts.close();
    assertDriftIsRepaired(kinds.stream().map(List::of).toList());
  }

  /**
   * Injects kinds of drift that are independent of each other, and repairs them.
   *
   * @param rounds the kinds of each round; all kinds once
   */
  private void assertDriftIsRepaired(List<List<String>> rounds) {
    accounts = LakeFormationAccounts.withGrants(aws);
    accounts.mirror();
    Map<String, String> before = everything();
    Map<String, Runnable> drift = drift();
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
      assertThat(accounts.repair().left()).as("after the repair of %s", kinds).isEmpty();

      assertThat(everything()).as("objects after the repair of %s", kinds).isEqualTo(before);
      assertThat(accounts.mesh.mirrors().verify().findings()).as("%s", kinds).isEmpty();
    }
    assertThat(drift).isEmpty();
    assertGrantsAreMirrored();
  }

  @Test
  void whatOthersGrantedTaggedAndFilteredSurvives() {
    accounts = LakeFormationAccounts.withGrants(aws);
    accounts.mirror();
    LakeFormationClient lake = catalog();
    lake.createLFTag(create -> create.tagKey("cost-center").tagValues("12"));
    lake.updateLFTag(update -> update.tagKey("kind").tagValuesToAdd("theirs"));
    lake.addLFTagsToResource(add -> add.resource(table()).lfTags(lfTag("cost-center", "12")));
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
            grant.principal(role("stranger")).resource(table()).permissions(Permission.SELECT));
    Map<String, String> before = everything();

    for (Mirrors.Report report : List.of(accounts.mirror(), accounts.repair())) {
      assertThat(codes(report.left())).containsOnly(FindingCode.MIRROR_FOREIGN).hasSize(3);
      assertThat(report.isEmpty()).isTrue();
    }

    assertThat(everything()).isEqualTo(before);
    assertThat(lake.getLFTag(get -> get.tagKey("kind")).tagValues()).contains("theirs");
    assertThat(accounts.readable("stranger")).containsExactlyInAnyOrderElementsOf(COLUMNS);
    assertThat(differences("stranger"))
        .singleElement()
        .asString()
        .contains("/stranger read amount, email, id, region of orders_v1, and the mesh nothing");
    assertThat(review().mirrorDifferences()).isEqualTo(differences("stranger"));
    assertThat(review().toString()).contains(differences("stranger"));

    lake.revokePermissions(
        revoke ->
            revoke.principal(role("stranger")).resource(table()).permissions(Permission.SELECT));
    accounts.mirror();

    assertThat(differences("stranger")).isEmpty();
    assertThat(review().mirrorDifferences()).isEmpty();
  }

  @Test
  void otherAdministratorsAndParametersSurvive() {
    accounts = LakeFormationAccounts.make(aws);
    putSettings(
        settings ->
            settings
                .dataLakeAdmins(
                    DataLakePrincipal.builder()
                        .dataLakePrincipalIdentifier(
                            "arn:aws:iam::" + accounts.catalog + ":role/platform")
                        .build())
                .allowFullTableExternalDataAccess(true));

    assertThat(accounts.mirror().left()).isEmpty();

    DataLakeSettings settings = catalog().getDataLakeSettings(get -> {}).dataLakeSettings();
    assertThat(settings.dataLakeAdmins())
        .extracting(DataLakePrincipal::dataLakePrincipalIdentifier)
        .containsExactly(
            "arn:aws:iam::" + accounts.catalog + ":role/platform",
            "arn:aws:iam::" + accounts.catalog + ":role/mesh-mirror");
    assertThat(settings.allowFullTableExternalDataAccess()).isTrue();
    assertThat(settings.createTableDefaultPermissions()).isEmpty();
    assertThat(settings.parameters()).containsEntry("CROSS_ACCOUNT_VERSION", "4");
  }

  @Test
  void aRunAfterAFaultAtEachKindOfCallCompletes() {
    failAtEachKindOfCall(0);
  }

  @Tag("nightly")
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aRunAfterOtherFaultsAtEachKindOfCallCompletes(int faults) {
    failAtEachKindOfCall(faults);
  }

  /** Makes work for a kind of call, fails it as often as the SDK tries, and runs again. */
  private void failAtEachKindOfCall(int faults) {
    accounts = LakeFormationAccounts.withGrants(aws);
    AccessClient access = accounts.shop.access();
    Map<String, Runnable> work = new LinkedHashMap<>();
    work.put("RegisterResource", () -> {});
    work.put("PutDataLakeSettings", this::openDefaults);
    work.put("BatchGrantPermissions", () -> grant("first", ""));
    work.put("CreateDataCellsFilter", () -> grant("second", "amount > 1"));
    work.put("CreateLFTag", () -> accounts.shop.governance().defineTag("unit", "euro").commit());
    work.put(
        "UpdateLFTag", () -> accounts.shop.governance().defineTag("unit", "euro", "cent").commit());
    work.put("AddLFTagsToResource", () -> access.tag(ORDERS).with("unit", "cent").commit());
    work.put("RemoveLFTagsFromResource", () -> access.tag(ORDERS).without("unit").commit());
    work.put("BatchRevokePermissions", () -> revoke("first"));
    work.put("DeleteDataCellsFilter", () -> revoke("second"));
    work.put("ListPermissions", () -> grant("third", ""));
    int count = faults;
    for (Map.Entry<String, Runnable> each : work.entrySet()) {
      each.getValue().run();
      for (int attempt = 1; attempt <= 3; attempt++) {
        fail(count % 3, aws.on("lakeformation", each.getKey()).nth(attempt));
      }
      assertThat(accounts.mirror().left()).as("left by %s", each.getKey()).isNotEmpty();
      aws.reset();
      accounts.clock.advance(Duration.ofMinutes(1));
      assertThat(accounts.mirror().left()).as("left after %s", each.getKey()).isEmpty();
      count++;
    }

    assertGrantsAreMirrored();
    assertThat(accounts.readable("third")).hasSize(COLUMNS.size());
    assertThat(accounts.mirror().isEmpty()).isTrue();
  }

  private static void fail(int kind, AwsEmulator.FaultRule at) {
    switch (kind) {
      case 0 -> at.throttle();
      case 1 -> at.fail500();
      default -> at.loseReply();
    }
  }

  private void grant(String role, String rows) {
    GrantByName grant = accounts.shop.grant(ORDERS).to(accounts.in(role)).because("x");
    (rows.isEmpty() ? grant : grant.rows(rows)).commit();
  }

  private void revoke(String role) {
    accounts.shop.access().grants().stream()
        .filter(grant -> grant.to().contains(role))
        .map(GrantSummary::id)
        .forEach(id -> accounts.shop.access().revoke(id).because("End").commit());
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
    assertThat(codes(report.left())).containsOnly(FindingCode.MIRROR_UNREACHABLE);
  }

  @Test
  void aGrantToTheAccountOfTheCatalogIsLeftOutWithAReason() {
    accounts = LakeFormationAccounts.make(aws);
    accounts
        .as("finance", "etl")
        .registerDomain("audit")
        .accounts(accounts.catalog)
        .ownedBy("audit@example.org")
        .commit();
    accounts
        .shop
        .grant(ORDERS)
        .toAccounts(accounts.catalog)
        .withGrantOption()
        .because("x")
        .commit();

    Mirrors.Report report = accounts.mirror();

    assertThat(report.left())
        .extracting(Finding::code, Finding::where)
        .containsExactly(tuple(FindingCode.OWN_ACCOUNT, "commerce"));
  }
}
