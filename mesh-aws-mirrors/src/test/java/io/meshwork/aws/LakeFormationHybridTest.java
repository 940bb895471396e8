package io.meshwork.aws;

import static io.meshwork.aws.LakeFormationAccounts.COLUMNS;
import static io.meshwork.aws.LakeFormationAccounts.DATABASE;
import static io.meshwork.aws.LakeFormationAccounts.ORDERS;
import static io.meshwork.aws.LakeFormationAccounts.TABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.aws.LakeFormationAccounts.Account;
import io.meshwork.aws.rules.LakeAccount;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshException;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.product.Principal;
import io.meshwork.testkit.aws.AwsEmulator.FaultRule;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.AccessDeniedException;
import software.amazon.awssdk.services.lakeformation.model.Permission;
import software.amazon.awssdk.services.lakeformation.model.Resource;

/** Principals that IAM alone lets read are moved to the mesh one by one. */
class LakeFormationHybridTest extends LakeFormationFixture {
  private AwsConfig closing;

  /** The database and its table are open to IAM, as those of an older lake are. */
  @BeforeEach
  void makeTablesThatIamOpened() {
    accounts =
        LakeFormationAccounts.make(
            aws,
            config -> {
              closing = config;
              return config.hybridAccess();
            });
    accounts.grant("auditor");
    accounts.createMirrorRole(
        accounts.catalog,
        AwsPolicies.of(accounts.config).registry(AwsRoleKind.mirror()),
        AwsPolicies.of(accounts.config).mirror(),
        Policies.allow(
            "lakeformation:GrantPermissions", "*")); // For this test, as an administrator.
    accounts.createMirrorRole(accounts.finance, AwsPolicies.of(accounts.config).recipientMirror());
    accounts.mirror();
    try (LakeAccount owner = LakeAccount.open(aws, accounts.catalog)) {
      openToIam(owner.databaseResource(DATABASE));
      openToIam(owner.tableResource(DATABASE, TABLE));
    }
    aws.reset();
  }

  private void openToIam(Resource resource) {
    accounts
        .in(Account.CATALOG)
        .grantPermissions(
            grant ->
                grant
                    .principal(accounts.allowedByIam())
                    .resource(resource)
                    .permissions(Permission.ALL));
  }

  private List<String> columnsOf(String account, String role, String database, String table) {
    try (GlueClient glue =
        EmulatedClients.administrator(aws, account)
            .assuming("arn:aws:iam::" + account + ":role/" + role)
            .glue()) {
      return LakeAccount.columnsOf(
          glue.getTable(get -> get.databaseName(database).name(table)).table());
    }
  }

  private List<String> byIam() {
    return columnsOf(accounts.catalog, "legacy", DATABASE, TABLE);
  }

  private List<String> asAuditor() {
    return columnsOf(accounts.finance, "auditor", DATABASE + "__tables", TABLE);
  }

  private boolean isHybrid() {
    return accounts.in(Account.CATALOG).listResources(list -> {}).resourceInfoList().stream()
        .allMatch(location -> Boolean.TRUE.equals(location.hybridAccessEnabled()));
  }

  @Test
  void readersByIamReadOnUntilTheConfigurationEndsIt() {
    Mirrors.Report report = accounts.mirror();

    assertThat(report.isEmpty()).isTrue();
    assertThat(report.remaining())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.severity()).isEqualTo(Finding.Severity.NOTE);
              assertThat(finding.toString()).contains("commerce/-, commerce/orders_v1");
            });
    assertThat(isHybrid()).isTrue();
    assertThat(byIam()).containsExactlyElementsOf(COLUMNS);
    assertThat(asAuditor()).as("who was granted it").containsExactlyElementsOf(COLUMNS);
    try (Mesh closed = accounts.open(closing)) {
      assertThat(closed.mirrors().plan().steps().toString())
          .contains("change lakeformation-settings location/", "make lakeformation closed/");
      assertThat(closed.mirrors().commit().remaining()).extracting(Finding::toString).isEmpty();

      assertThat(isHybrid()).isFalse();
      assertThatThrownBy(this::byIam).isInstanceOf(AccessDeniedException.class);
      assertThat(asAuditor()).containsExactlyElementsOf(COLUMNS);
      assertThat(closed.mirrors().verify().findings()).extracting(Finding::toString).isEmpty();
    }
  }

  @Test
  void aPrincipalThatWasGrantedSomethingIsMovedAndStaysMoved() {
    Principal legacy = Principal.of(accounts.catalog, "legacy");
    accounts
        .shop
        .grant(LakeFormationAccounts.ORDERS)
        .columns("id")
        .to(legacy)
        .because("x")
        .commit();
    accounts.mirror();
    assertThat(byIam()).containsExactly("id");
    assertThat(accounts.shop.access().explain(legacy, LakeFormationAccounts.ORDERS))
        .satisfies(explained -> assertThat(explained.mirrorDifferences()).isEmpty());

    accounts.revokeAll();
    accounts.mirror();

    assertThatThrownBy(this::byIam)
        .as("a revocation does not let IAM decide again")
        .isInstanceOf(AccessDeniedException.class);
  }

  @Test
  void aRunForAProductMovesItsReadersToo() {
    accounts.grant("second");
    accounts.shop.grant(ORDERS).to(Principal.of(accounts.catalog, "legacy")).because("x").commit();

    Mirrors.Report report = accounts.mesh.mirrors().of(ORDERS).commit();

    assertThat(report.byHand()).isEmpty();
    assertThat(Finding.errors(report.remaining())).isEmpty();
    assertThat(accounts.mesh.mirrors().plan().steps()).isEmpty();
    accounts.revokeAll();
    accounts.mesh.mirrors().of(ORDERS).commit();
    assertThatThrownBy(this::byIam)
        .as("a revocation does not let IAM decide again")
        .isInstanceOf(AccessDeniedException.class);
  }

  /** A mesh that took the tables over never recorded that they are closed to IAM. */
  @Test
  void anExplanationKnowsWhoStaysMovedAfterARevocation() {
    Principal legacy = Principal.of(accounts.catalog, "legacy");
    accounts.shop.grant(ORDERS).columns("id").to(legacy).because("x").commit();
    accounts.mirror();
    LostMirrorRecords.lose(accounts.config, accounts.catalog);
    accounts.mesh.mirrors().adopt().commit();
    assertThat(accounts.shop.access().explain(legacy, ORDERS).mirrorDifferences()).isEmpty();
    assertThat(
            accounts
                .shop
                .access()
                .explain(Principal.of(accounts.catalog, "other"), ORDERS)
                .mirrorDifferences())
        .as("who was never opted in reads by IAM")
        .singleElement()
        .satisfies(difference -> assertThat(difference).contains("lets", "amount, email"));

    accounts.revokeAll();
    accounts.mirror();

    assertThatThrownBy(this::byIam).isInstanceOf(AccessDeniedException.class);
    assertThat(accounts.shop.access().explain(legacy, ORDERS).mirrorDifferences()).isEmpty();
    assertThat(accounts.differences("auditor")).isEmpty();
    assertThat(accounts.mirror().isEmpty()).isTrue();
    try (Mesh closed = accounts.open(closing)) {
      assertThat(closed.mirrors().commit().byHand()).isEmpty();
      assertThat(closed.mirrors().plan().steps()).isEmpty();
    }
  }

  @Test
  void aRoleIsMovedAlsoIfAllPrincipalsOfItsAccountMayReadTheProduct() {
    Principal legacy = Principal.of(accounts.catalog, "legacy");
    accounts
        .as("finance", "etl")
        .registerDomain("audit")
        .accounts(accounts.catalog)
        .owner("audit@example.org")
        .commit();
    accounts.shop.grant(ORDERS).to(legacy).because("x").commit();
    accounts.shop.grant(ORDERS).toAccounts(accounts.catalog).because("x").commit();

    accounts.mirror();

    assertThat(
            accounts
                .in(Account.CATALOG)
                .listLakeFormationOptIns(list -> {})
                .lakeFormationOptInsInfoList())
        .extracting(optIn -> optIn.principal().dataLakePrincipalIdentifier())
        .contains("arn:aws:iam::" + accounts.catalog + ":role/legacy")
        .noneMatch(principal -> principal.startsWith(accounts.catalog));
  }

  @Test
  void theNextRunCompletesOptInsThatFailed() {
    List<Consumer<FaultRule>> faults = List.of(FaultRule::fail500, FaultRule::killCaller);
    for (String operation : List.of("CreateLakeFormationOptIn", "ListLakeFormationOptIns")) {
      for (Consumer<FaultRule> fault : faults) {
        String role = "reader" + operation.charAt(0) + faults.indexOf(fault);
        accounts.grant(role);
        fault.accept(aws.on("lakeformation", operation));
        try (Mesh failing = accounts.open(MirrorAccounts.IMPATIENT)) {
          failing.mirrors().timeout(Duration.ofSeconds(20)).commit();
        } catch (MeshException e) {
          // Only the next run has to succeed, which is that of another process.
        }
        aws.reset();

        accounts.mirror();

        assertThat(columnsOf(accounts.finance, role, DATABASE + "__tables", TABLE))
            .as(role)
            .containsExactlyElementsOf(COLUMNS);
        assertThat(accounts.mirror().isEmpty()).as(role).isTrue();
      }
    }
  }
}
