package io.meshwork.aws;

import static io.meshwork.aws.LakeFormationAccounts.COLUMNS;
import static io.meshwork.aws.LakeFormationAccounts.TABLE;
import static io.meshwork.aws.LakeFormationAccounts.codes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.Mesh;
import io.meshwork.aws.internal.MirrorSettings;
import io.meshwork.aws.rules.LakeAccount;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.operation.Plan;
import io.meshwork.product.Principal;
import io.meshwork.testkit.aws.PermittedActions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.AccessDeniedException;
import software.amazon.awssdk.services.glue.model.Database;
import software.amazon.awssdk.services.glue.model.EntityNotFoundException;
import software.amazon.awssdk.services.glue.model.Table;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.lakeformation.model.DataLakePrincipal;
import software.amazon.awssdk.services.lakeformation.model.Permission;
import software.amazon.awssdk.services.lakeformation.model.PrincipalResourcePermissions;

/** What a catalog shares with an account is linked in the data catalog of that account. */
class GlueLinksTest extends LakeFormationFixture {
  /** The database with links to the tables of commerce, which shares no database. */
  private static final String LINKS = "commerce__tables";

  /** The link to the database of the domain itself. */
  private static final String OWN = "finance";

  private static Table table(GlueClient glue, String database, String name) {
    return glue.getTable(get -> get.databaseName(database).name(name)).table();
  }

  private List<String> columnsThroughLink(String role) {
    try (GlueClient glue = accounts.inFinance(role).glue()) {
      return LakeAccount.columnsOf(table(glue, LINKS, TABLE));
    }
  }

  private boolean hasDatabase(String name) {
    try (GlueClient glue = accounts.inFinance("mesh-mirror").glue()) {
      return glue.getDatabase(get -> get.name(name)).database().name().equals(name);
    } catch (EntityNotFoundException e) {
      return false;
    }
  }

  /** Returns the databases, links, and permissions of finance. */
  private Map<String, String> everything() {
    Map<String, String> all = new TreeMap<>();
    EmulatedClients mirror = accounts.inFinance("mesh-mirror");
    try (GlueClient glue = mirror.glue();
        LakeFormationClient lake = mirror.lakeFormation()) {
      for (Database database : glue.getDatabases(get -> {}).databaseList()) {
        all.put(database.name(), String.valueOf(database.targetDatabase()));
        if (database.targetDatabase() == null) {
          glue.getTables(get -> get.databaseName(database.name()))
              .tableList()
              .forEach(
                  table ->
                      all.put(
                          database.name() + "/" + table.name(),
                          String.valueOf(table.targetTable())));
        }
      }
      for (PrincipalResourcePermissions row :
          lake.listPermissions(list -> {}).principalResourcePermissions()) {
        all.put(row.principal() + " " + row.resource(), row.permissionsAsStrings().toString());
      }
    }
    return all;
  }

  @Test
  void readersFindTheirTablesByLinksInTheirOwnAccount() {
    accounts = LakeFormationAccounts.withoutOrganization(aws);

    Mirrors.Report report = accounts.mirror();

    assertThat(report.remaining()).extracting(Finding::toString).isEmpty();
    assertThat(report.byHand()).isEmpty();
    assertThat(columnsThroughLink("auditor")).containsExactlyElementsOf(COLUMNS);
    assertThat(columnsThroughLink("lister")).containsExactlyInAnyOrder("id", "region");
    assertThat(columnsThroughLink("delegate")).containsExactlyInAnyOrder("id", "amount");
    assertThatThrownBy(() -> columnsThroughLink("nobody"))
        .isInstanceOf(AccessDeniedException.class);
    try (GlueClient glue = accounts.inFinance("auditor").glue()) {
      Database own = glue.getDatabase(get -> get.name(OWN)).database();
      assertThat(own.targetDatabase().catalogId()).isEqualTo(accounts.catalog);
    }
    assertThat(accounts.mesh.mirrors().verify().findings()).isEmpty();
    aws.reset();
    assertThat(accounts.mirror().isEmpty()).isTrue();
    assertThat(aws.calls())
        .noneMatch(call -> call.matches("(glue|ram):(Create|Update|Delete|Accept).*"));
    assertThat(accounts.writes()).isEmpty();
  }

  @Test
  void thePrintedPolicyOfARecipientIsWhatItUsesAndNoMore() {
    accounts = LakeFormationAccounts.makeWithoutOrganization(aws);
    AwsPolicies policies = AwsPolicies.of(accounts.config);
    accounts.createMirrorRole(accounts.finance, policies.recipientMirror());
    accounts.grant("auditor");

    assertThat(accounts.mirror().remaining()).extracting(Finding::toString).isEmpty();
    assertThat(columnsThroughLink("auditor")).hasSize(COLUMNS.size());
    accounts.revokeAll();
    Mirrors.Report removal = accounts.mirror();

    assertThat(removal.remaining()).extracting(Finding::toString).isEmpty();
    assertThat(removal.byHand()).isEmpty();
    TreeSet<String> printed = new TreeSet<>();
    JsonNode policy = DocumentJson.parseObject("policy", policies.recipientMirror());
    policy
        .path("Statement")
        .forEach(each -> each.path("Action").forEach(action -> printed.add(action.asText())));
    assertThat(PermittedActions.of(aws, "arn:aws:iam::" + accounts.finance + ":role/mesh-mirror"))
        .containsExactlyElementsOf(printed);
    assertThat(hasDatabase(OWN)).isTrue();
    assertThat(hasDatabase(LINKS)).isFalse();
    assertThat(aws.calls())
        .containsSubsequence(
            "glue:DeleteTable", "glue:DeleteDatabase", "lakeformation:BatchRevokePermissions");
  }

  @Test
  void anOrganizationNeedsNoPermissionToAccept() {
    AwsConfig config =
        AwsConfig.inRegion("eu-central-1")
            .mesh("111111111111", "sales")
            .lakeFormation("arn:aws:organizations::111111111111:organization/o-abcdefghij");

    assertThat(AwsPolicies.of(config).recipientMirror())
        .contains("glue:CreateTable")
        .doesNotContain("ram:");
  }

  /** What another program, or a person, changes in the account. */
  private Map<String, Runnable> drift(GlueClient glue, LakeFormationClient lake) {
    Map<String, Runnable> drift = new LinkedHashMap<>();
    drift.put("no link", () -> deleteLink(glue));
    drift.put("no database of links", () -> glue.deleteDatabase(delete -> delete.name(LINKS)));
    drift.put("no link to a database", () -> glue.deleteDatabase(delete -> delete.name(OWN)));
    drift.put(
        "no DESCRIBE on the link",
        () ->
            lake.revokePermissions(
                revoke ->
                    revoke
                        .principal(
                            DataLakePrincipal.builder()
                                .dataLakePrincipalIdentifier(
                                    "arn:aws:iam::" + accounts.finance + ":role/auditor")
                                .build())
                        .resource(
                            on ->
                                on.table(
                                    table ->
                                        table
                                            .catalogId(accounts.finance)
                                            .databaseName(LINKS)
                                            .name(TABLE)))
                        .permissions(Permission.DESCRIBE)));
    return drift;
  }

  private static void deleteLink(GlueClient glue) {
    glue.deleteTable(delete -> delete.databaseName(LINKS).name(TABLE));
  }

  /** Makes a link with the name of one of the mesh, to a table of finance itself. */
  private void linkToNotes(GlueClient glue) {
    glue.createDatabase(create -> create.databaseInput(input -> input.name("desk")));
    glue.createTable(
        create -> create.databaseName("desk").tableInput(input -> input.name("notes")));
    glue.createTable(
        create ->
            create
                .databaseName(LINKS)
                .tableInput(
                    input ->
                        input
                            .name(TABLE)
                            .targetTable(
                                target ->
                                    target
                                        .catalogId(accounts.finance)
                                        .databaseName("desk")
                                        .name("notes"))));
  }

  @Test
  void driftOfEachKindOfLinkIsFoundAndRepaired() {
    accounts = LakeFormationAccounts.makeWithoutOrganization(aws);
    accounts.grant("auditor");
    accounts.mirror();
    EmulatedClients mirror = accounts.inFinance("mesh-mirror");
    try (GlueClient glue = mirror.glue();
        LakeFormationClient lake = mirror.lakeFormation()) {
      Map<String, String> before = everything();
      drift(glue, lake)
          .forEach(
              (drift, change) -> {
                change.run();

                assertThat(codes(accounts.mesh.mirrors().verify().findings()))
                    .as("findings of %s", drift)
                    .isNotEmpty()
                    .allMatch(
                        code ->
                            code == FindingCode.MIRROR_CHANGED
                                || code == FindingCode.MIRROR_MISSING);
                assertThat(accounts.repair().remaining())
                    .as("after the repair of %s", drift)
                    .isEmpty();

                assertThat(everything()).as("after the repair of %s", drift).isEqualTo(before);
              });
    }
    assertThat(accounts.mesh.mirrors().verify().findings()).isEmpty();
  }

  @Test
  void whatOthersMadeWithTheNameOfALinkSurvivesARepairAndARemoval() {
    accounts = LakeFormationAccounts.makeWithoutOrganization(aws);
    accounts.grant("auditor");
    accounts.mirror();
    try (GlueClient glue = accounts.inFinance("mesh-mirror").glue()) {
      glue.deleteDatabase(delete -> delete.name(OWN));
      glue.createDatabase(create -> create.databaseInput(input -> input.name(OWN)));
      glue.createTable(
          create -> create.databaseName(OWN).tableInput(input -> input.name("ledger")));
      glue.createTable(
          create -> create.databaseName(LINKS).tableInput(input -> input.name("theirs")));

      deleteLink(glue);
      linkToNotes(glue);

      assertThat(codes(accounts.mesh.mirrors().verify().findings()))
          .containsExactly(
              FindingCode.MIRROR_FOREIGN,
              FindingCode.MIRROR_FOREIGN,
              FindingCode.MIRROR_UNREADABLE);
      assertThat(codes(accounts.repair().remaining()))
          .containsExactly(FindingCode.MIRROR_FOREIGN, FindingCode.MIRROR_FOREIGN);
      assertThat(table(glue, LINKS, TABLE).targetTable().name()).isEqualTo("notes");
      accounts.revokeAll();
      assertThat(codes(accounts.repair().remaining()))
          .containsExactly(
              FindingCode.MIRROR_FOREIGN, FindingCode.MIRROR_FOREIGN, FindingCode.MIRROR_FOREIGN);

      assertThat(table(glue, OWN, "ledger").name()).isEqualTo("ledger");
      assertThat(table(glue, LINKS, "theirs").name()).isEqualTo("theirs");
      glue.deleteTable(delete -> delete.databaseName(LINKS).name("theirs"));
      glue.deleteDatabase(delete -> delete.name(OWN));
      assertThat(codes(accounts.mirror().remaining()))
          .as("the database of a link that others made")
          .containsExactlyInAnyOrder(FindingCode.MIRROR_BLOCKED, FindingCode.MIRROR_FOREIGN);
      assertThat(table(glue, LINKS, TABLE).targetTable().name()).isEqualTo("notes");
      deleteLink(glue);
      assertThat(accounts.mirror().remaining()).isEmpty();
    }
    assertThat(everything()).containsKey(OWN).doesNotContainKey(LINKS);
  }

  @Test
  void nothingIsMadeInADatabaseThatOthersMadeWithTheNameOfLinks() {
    accounts = LakeFormationAccounts.makeWithoutOrganization(aws);
    accounts.grant("auditor");
    accounts.mirror();
    Map<String, String> before = everything();
    try (GlueClient glue = accounts.inFinance("mesh-mirror").glue()) {
      glue.deleteDatabase(delete -> delete.name(LINKS));
      glue.createDatabase(create -> create.databaseInput(input -> input.name(LINKS)));

      assertThat(codes(accounts.repair().remaining())).containsExactly(FindingCode.MIRROR_FOREIGN);
      assertThat(glue.getTables(get -> get.databaseName(LINKS)).tableList()).isEmpty();
      glue.deleteDatabase(delete -> delete.name(LINKS));
    }
    assertThat(accounts.mirror().remaining()).isEmpty();
    assertThat(everything()).isEqualTo(before);

    Runnable restoration = accounts.damageProduct();
    Mirrors.Report damaged = accounts.mirror();

    assertThat(codes(damaged.remaining())).contains(FindingCode.MIRROR_UNCERTAIN);
    assertThat(damaged.total(Mirrors.Report.Work.REMOVED)).isZero();
    assertThat(everything()).as("with documents that cannot be read").isEqualTo(before);
    restoration.run();
    assertThat(accounts.mirror().remaining()).isEmpty();
    assertThat(accounts.mesh.mirrors().verify().findings()).isEmpty();
  }

  @Test
  void anAccountThatLeftAllDomainsLosesItsLinksAndWhatItPassedOn() {
    accounts = LakeFormationAccounts.withoutOrganization(aws);
    accounts.mirror();
    assertThat(everything()).containsKeys(LINKS, LINKS + "/" + TABLE, OWN);
    String successor = GlueAccount.newAccount();
    accounts
        .as("finance", "etl")
        .registerDomain("finance")
        .owner("books@example.org")
        .accounts(successor)
        .administrators(Principal.of(successor, "etl"))
        .commit();
    EmulatedClients administrator = EmulatedClients.administrator(aws, accounts.finance);
    administrator.createRole("mesh-mirror", Policies.trust("888888888888"));
    try (Mesh other = accounts.open()) {
      assertThat(other.mirrors().plan().steps())
          .filteredOn(step -> step.subject().contains(" in " + accounts.finance))
          .extracting(Plan.Step::detail)
          .allMatch(detail -> detail.contains(": aws "))
          .anyMatch(detail -> detail.contains("aws lakeformation revoke-permissions"))
          .anyMatch(detail -> detail.contains("aws glue delete-database"));
    }
    administrator.iam(
        "UpdateAssumeRolePolicy",
        Map.of("RoleName", "mesh-mirror", "PolicyDocument", accounts.trust(accounts.finance)));
    administrator.putRolePolicy(
        "mesh-mirror",
        Policies.policy(
            """
            {"Effect":"Allow","Action":["glue:*","lakeformation:*","ram:*"],"Resource":"*"}\
            """));
    aws.reset();
    try (Mesh other = accounts.open()) {
      Plan<Mirrors.Report> plan = other.mirrors().plan();
      assertThat(plan.steps())
          .filteredOn(step -> step.subject().contains("settings in " + accounts.finance))
          .extracting(Plan.Step::verb)
          .containsExactly("forget");
      assertThat(other.mirrors().commit().byHand()).isEmpty();

      assertThat(everything().keySet())
          .as("links, and grants on them and by them")
          .noneMatch(key -> key.startsWith(LINKS) || key.equals(OWN) || key.contains("delegate"));
      assertThat(aws.calls())
          .containsSubsequence(
              "lakeformation:BatchRevokePermissions", "glue:DeleteTable", "glue:DeleteDatabase");
      assertThat(other.mirrors().commit().isEmpty()).isTrue();
      assertThat(other.mirrors().plan().isEmpty()).as("nothing is left to forget").isTrue();
    }
  }

  @Test
  void aVerificationReadsAsEachReaderThatTheProcessMayActAs() {
    accounts = LakeFormationAccounts.make(aws);
    accounts.grant("auditor");
    accounts.grant("hermit");
    accounts.createRole(accounts.finance, "auditor", Policies.allow("glue:*", "*"));
    EmulatedClients.administrator(aws, accounts.finance)
        .createRole("hermit", Policies.trust("888888888888"));
    accounts.mirror();

    List<Finding> findings = accounts.mesh.mirrors().verify().findings();

    assertThat(codes(findings))
        .containsExactly(FindingCode.MIRROR_UNREADABLE, FindingCode.MIRROR_UNREACHABLE);
    assertThat(findings.get(0).toString())
        .contains(
            "glue commerce__tables/orders_v1 in " + accounts.finance,
            accounts.finance + "/auditor may read it",
            "GetTemporaryGlueTableCredentials",
            "AccessDeniedException");
    assertThat(findings.get(1).severity()).isEqualTo(Finding.Severity.NOTE);
    EmulatedClients.administrator(aws, accounts.finance)
        .iam(
            "PutRolePolicy",
            Map.of(
                "RoleName",
                "auditor",
                "PolicyName",
                "read",
                "PolicyDocument",
                Policies.allow("lakeformation:GetDataAccess", "*")));
    assertThat(accounts.mesh.mirrors().verify().problems()).isEmpty();
    verifyWithClosedFiles();
    verifyWithFaultsOfReaders();
  }

  /** The credentials are those of the role that registered the location, and not of the reader. */
  private void verifyWithClosedFiles() {
    aws.reset();
    accounts.mesh.mirrors().verify();
    assertThat(aws.calls()).filteredOn(call -> call.startsWith("s3:")).containsOnly("s3:GetObject");
    String registration = MirrorSettings.REGISTRATION;
    EmulatedClients administrator = EmulatedClients.administrator(aws, accounts.catalog);
    administrator.createRole(registration, AwsPolicies.of(accounts.config).registrationTrust());
    administrator.putRolePolicy(registration, Policies.allow("s3:ListBucket", "*"));

    List<Finding> findings = accounts.mesh.mirrors().verify().findings();

    assertThat(codes(findings))
        .containsExactly(FindingCode.MIRROR_UNREADABLE, FindingCode.MIRROR_UNREACHABLE);
    assertThat(findings.get(0).what())
        .contains("/auditor may read it", "GetObject of its metadata", "AccessDenied");
    assertThat(findings.get(0).fix())
        .contains("the role " + registration + " of " + accounts.catalog);
    administrator.putRolePolicy(registration, Policies.allow("s3:GetObject", "*"));
    assertThat(accounts.mesh.mirrors().verify().problems()).isEmpty();
  }

  /** Readers that cannot be tried are findings; only an interrupt ends the verification. */
  private void verifyWithFaultsOfReaders() {
    List<WatchedMirrors> watch = new ArrayList<>();
    try (Mesh mesh = WatchedMirrors.open(accounts, watch::add)) {
      WatchedMirrors mirrors = watch.get(0);
      mirrors.before =
          call -> {
            if (call.equals("reader:auditor")) {
              aws.on("sts", "AssumeRole").throttle();
            }
          };
      List<Finding> throttled = mesh.mirrors().verify().findings();
      assertThat(codes(throttled))
          .containsExactly(FindingCode.MIRROR_UNREACHABLE, FindingCode.MIRROR_UNREACHABLE);
      assertThat(throttled.get(0).toString()).contains(accounts.finance + "/auditor", "Throttl");
      aws.reset();
      mirrors.before =
          call -> {
            if (call.equals("reader:auditor")) {
              accounts.clock.advance(Duration.ofMinutes(5));
            }
          };
      assertThat(mesh.mirrors().timeout(Duration.ofMinutes(4)).verify().findings())
          .extracting(Finding::what)
          .containsExactly(
              "The reads of 1 role were not tried, because the time of the verification was over.");
      mirrors.before =
          call -> {
            if (call.equals("reader:auditor")) {
              mirrors.before =
                  later -> {
                    Thread.currentThread().interrupt();
                  };
            }
          };
      assertThatThrownBy(() -> mesh.mirrors().verify())
          .isInstanceOfSatisfying(
              BackendException.class,
              e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.INTERRUPTED));
      assertThat(Thread.interrupted()).as("the thread is interrupted").isTrue();
      assertThat(mirrors.openReaders).hasValue(0);
    }
  }
}
