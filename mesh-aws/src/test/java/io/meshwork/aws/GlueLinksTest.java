package io.meshwork.aws;

import static io.meshwork.aws.LakeFormationAccounts.COLUMNS;
import static io.meshwork.aws.LakeFormationAccounts.DATABASE;
import static io.meshwork.aws.LakeFormationAccounts.TABLE;
import static io.meshwork.aws.LakeFormationAccounts.codes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.access.GrantSummary;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.operation.Plan;
import io.meshwork.testkit.AwsEmulator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.AccessDeniedException;
import software.amazon.awssdk.services.glue.model.Database;
import software.amazon.awssdk.services.glue.model.EntityNotFoundException;
import software.amazon.awssdk.services.glue.model.Table;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.lakeformation.model.DataLakePrincipal;
import software.amazon.awssdk.services.lakeformation.model.Permission;
import software.amazon.awssdk.services.lakeformation.model.Resource;

/** What a catalog shares with an account is linked in the data catalog of that account. */
class GlueLinksTest {
  /** The database with links to the tables of commerce, which shares no database. */
  private static final String LINKS = "commerce__tables";

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

  @BeforeEach
  void make() {
    accounts = LakeFormationAccounts.withoutOrganization(aws);
  }

  @AfterEach
  void close() {
    if (accounts != null) {
      accounts.close();
    }
  }

  private EmulatedClients as(String role) {
    return EmulatedClients.administrator(aws, accounts.finance)
        .assuming("arn:aws:iam::" + accounts.finance + ":role/" + role);
  }

  private static Table table(GlueClient glue, String database, String name) {
    return glue.getTable(get -> get.databaseName(database).name(name)).table();
  }

  private List<String> columnsThroughLink(String role) {
    try (GlueClient glue = as(role).glue()) {
      return LakeAccount.columnsOf(table(glue, LINKS, TABLE));
    }
  }

  private boolean hasDatabase(String name) {
    try (GlueClient glue = as("mesh-mirror").glue()) {
      return glue.getDatabase(get -> get.name(name)).database().name().equals(name);
    } catch (EntityNotFoundException e) {
      return false;
    }
  }

  @Test
  void readersFindTheirTablesByLinksInTheirOwnAccount() {
    Mirrors.Report report = accounts.mirror();

    assertThat(report.left()).extracting(Finding::toString).isEmpty();
    assertThat(report.byHand()).isEmpty();
    assertThat(columnsThroughLink("auditor")).containsExactlyElementsOf(COLUMNS);
    assertThat(columnsThroughLink("lister")).containsExactlyInAnyOrder("id", "region");
    assertThat(columnsThroughLink("delegate")).containsExactlyInAnyOrder("id", "amount");
    assertThatThrownBy(() -> columnsThroughLink("nobody"))
        .isInstanceOf(AccessDeniedException.class);
    try (GlueClient glue = as("auditor").glue()) {
      Database own = glue.getDatabase(get -> get.name("finance")).database();
      assertThat(own.targetDatabase().catalogId()).isEqualTo(accounts.catalog);
    }
    assertThat(accounts.mesh.mirrors().verify().findings()).isEmpty();
    aws.reset();
    assertThat(accounts.mirror().isEmpty()).isTrue();
    assertThat(aws.calls())
        .noneMatch(call -> call.matches("(glue|ram):(Create|Update|Delete|Accept).*"));
    assertThat(accounts.writes()).isEmpty();
  }
}
