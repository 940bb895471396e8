package io.meshwork.aws;

import static io.meshwork.aws.GlueAccount.DATABASE;
import static io.meshwork.aws.GlueAccount.KELVIN;
import static io.meshwork.aws.GlueAccount.READINGS;
import static io.meshwork.aws.GlueAccount.TABLE;
import static io.meshwork.aws.GlueAccount.WITH_NOTE;
import static io.meshwork.aws.GlueAccount.codes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.maintenance.Mirrors.Report.Work;
import io.meshwork.operation.Plan;
import io.meshwork.rollout.MajorRollout;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.glue.model.Column;
import software.amazon.awssdk.services.glue.model.Database;
import software.amazon.awssdk.services.glue.model.Permission;
import software.amazon.awssdk.services.glue.model.PrincipalPermissions;
import software.amazon.awssdk.services.glue.model.Table;

/** AWS Glue shows what the registry has, and others keep what is theirs. */
class GlueMirrorTest extends EmulatorFixture {
  private GlueAccount account;

  @BeforeEach
  void make() {
    account = GlueAccount.make(aws);
  }

  @AfterEach
  void close() {
    if (account != null) {
      account.close();
    }
  }

  @Test
  void aPublishedTableIsShownWithItsContract() {
    Mirrors.Report report = account.mirror();

    assertThat(report.remaining()).isEmpty();
    assertThat(report.total(Work.MADE)).isEqualTo(2);
    Database database = account.database();
    assertThat(database.description()).isEqualTo("What the plant measures");
    assertThat(database.createTableDefaultPermissions()).isEmpty();
    assertThat(database.parameters())
        .containsEntry("meshwork.domain", "plant")
        .containsEntry("meshwork.owner", "plant@example.org")
        .containsKey("meshwork.mesh");
    Table table = account.table();
    assertThat(table.tableType()).isEqualTo("EXTERNAL_TABLE");
    assertThat(table.description()).isEqualTo("Degrees of the sensors");
    assertThat(table.parameters())
        .containsEntry("table_type", "ICEBERG")
        .containsEntry("meshwork.product", READINGS)
        .containsEntry("meshwork.contract", "1.0.0")
        .containsEntry("meshwork.owner", "plant@example.org")
        .containsEntry("meshwork.classification", "INTERNAL")
        .containsEntry("meshwork.mesh", database.parameters().get("meshwork.mesh"))
        .doesNotContainKey("previous_metadata_location");
    assertThat(account.metadata())
        .startsWith(account.config.root() + "/data/plant/readings_v1/metadata/00001-")
        .endsWith(".metadata.json");
    assertThat(table.storageDescriptor().location())
        .isEqualTo(account.config.root() + "/data/plant/readings_v1/");
    assertThat(table.storageDescriptor().columns())
        .extracting(Column::name, Column::type, Column::comment)
        .containsExactly(tuple("id", "bigint", null), tuple("degrees", "double", "In °C, at noon"));
    assertThat(account.mesh.mirrors().verify().findings()).isEmpty();
  }

  @Test
  void aSecondRunWritesNothing() {
    account.mirror();
    aws.reset();

    assertThat(account.mesh.mirrors().plan().isEmpty()).isTrue();
    assertThat(account.mirror().isEmpty()).isTrue();

    assertThat(account.writes()).isEmpty();
    assertThat(aws.calls()).doesNotContain("dynamodb:TransactWriteItems");
  }

  @Test
  void aPublishMovesTheMetadata() {
    account.mirror();
    String before = account.metadata();
    account.publish();
    aws.reset();

    assertThat(account.mesh.mirrors().plan().steps())
        .extracting(Plan.Step::toString)
        .containsExactly(
            "change glue plant/readings_v1 in "
                + account.account
                + ": the mesh changed since the last run");
    assertThat(account.mirror().total(Work.CHANGED)).isEqualTo(1);

    assertThat(account.writes()).containsExactly("glue:UpdateTable");
    assertThat(account.metadata()).contains("/metadata/00002-");
    assertThat(account.table().parameters()).containsEntry("previous_metadata_location", before);
  }

  @Test
  void whatOthersAddedStaysWhenTheMetadataMoves() {
    account.mirror();
    account.setParameter("crawler", "nightly");
    account.publish();

    assertThat(account.mirror().remaining()).isEmpty();

    assertThat(account.table().parameters())
        .containsEntry("crawler", "nightly")
        .containsEntry("meshwork.product", READINGS);
    assertThat(account.metadata()).contains("/metadata/00002-");
  }

  @Test
  void aDescriptionThatOthersChangedIsRestoredByARepairOnly() {
    account.mirror();
    account.change(input -> input.description("Mine"));

    assertThat(codes(account.mirror().remaining())).containsExactly(FindingCode.MIRROR_CHANGED);
    assertThat(account.table().description()).isEqualTo("Mine");
    assertThat(codes(account.mesh.mirrors().verify().findings()))
        .containsExactly(FindingCode.MIRROR_CHANGED);
    assertThat(account.repair().total(Work.RESTORED)).isEqualTo(1);
    assertThat(account.table().description()).isEqualTo("Degrees of the sensors");
    assertThat(account.mirror().isEmpty()).isTrue();
  }

  @Test
  void aDatabaseThatOthersChangedIsRestoredByARepairOnly() {
    account.mirror();
    account.changeDatabase(
        input ->
            input
                .description("Mine")
                .locationUri("s3://theirs/plant")
                .parameters(Map.of("meshwork.owner", "thief@example.org", "crawler", "nightly")));

    assertThat(codes(account.mirror().remaining())).containsExactly(FindingCode.MIRROR_CHANGED);
    assertThat(account.database().description()).isEqualTo("Mine");
    assertThat(codes(account.mesh.mirrors().verify().findings()))
        .containsExactly(FindingCode.MIRROR_CHANGED);
    assertThat(account.repair().total(Work.RESTORED)).isEqualTo(1);

    Database restored = account.database();
    assertThat(restored.description()).isEqualTo("What the plant measures");
    assertThat(restored.locationUri()).isEqualTo("s3://theirs/plant");
    assertThat(restored.parameters())
        .containsEntry("crawler", "nightly")
        .containsEntry("meshwork.domain", "plant")
        .containsEntry("meshwork.owner", "plant@example.org");
    assertThat(account.mirror().isEmpty()).isTrue();
    assertThat(account.mesh.mirrors().verify().findings()).isEmpty();
  }

  @Test
  void aDatabaseThatOthersOpenedForNewTablesIsClosedByARepair() {
    account.mirror();
    account.changeDatabase(
        input ->
            input
                .description(account.database().description())
                .parameters(account.database().parameters())
                .createTableDefaultPermissions(
                    PrincipalPermissions.builder()
                        .principal(all -> all.dataLakePrincipalIdentifier("IAM_ALLOWED_PRINCIPALS"))
                        .permissions(Permission.ALL)
                        .build()));

    assertThat(codes(account.mesh.mirrors().verify().findings()))
        .containsExactly(FindingCode.MIRROR_CHANGED);
    assertThat(account.repair().total(Work.RESTORED)).isEqualTo(1);

    assertThat(account.database().createTableDefaultPermissions()).isEmpty();
    assertThat(account.mesh.mirrors().verify().findings()).isEmpty();
  }

  @Test
  void aDatabaseThatOthersDeletedIsMadeAgainWithItsTables() {
    account.mirror();
    account.createTable("theirs");
    account.glue.deleteDatabase(delete -> delete.catalogId(account.account).name(DATABASE));

    assertThat(codes(account.mesh.mirrors().verify().findings()))
        .containsExactly(FindingCode.MIRROR_MISSING, FindingCode.MIRROR_MISSING);
    assertThat(account.mirror().total(Work.MADE)).isEqualTo(2);

    assertThat(account.hasTable(TABLE)).isTrue();
    assertThat(account.mesh.mirrors().verify().findings()).isEmpty();
  }

  @Test
  void metadataThatOthersWroteIsNeverOverwritten() {
    account.mirror();
    String foreign =
        account.config.root()
            + "/data/plant/readings_v1/metadata/00002-01932f3e-0000-7000-8000-000000000000"
            + ".metadata.json";
    account.setParameter("metadata_location", foreign);
    account.publish();

    for (Mirrors.Report report : List.of(account.mirror(), account.repair())) {
      assertThat(report.remaining())
          .singleElement()
          .satisfies(
              finding -> {
                assertThat(finding.code()).isEqualTo(FindingCode.DRIFT_FOREIGN_WRITE);
                assertThat(finding.severity()).isEqualTo(Finding.Severity.ERROR);
                assertThat(finding.fix()).contains("aws glue delete-table", account.account);
              });
    }
    assertThat(account.metadata()).isEqualTo(foreign);
    assertThat(codes(account.mesh.mirrors().verify().findings()))
        .containsExactly(FindingCode.DRIFT_FOREIGN_WRITE);
  }

  @Test
  void metadataOfTheMeshThatOthersMovedBackToIsRestoredByARepair() {
    account.mirror();
    String first = account.metadata();
    account.publish();
    account.publish();
    account.mirror();
    String last = account.metadata();
    // A mesh that moved from a folder keeps its compressed files until the next commit.
    for (String earlier : List.of(first, first.replace(".metadata.json", ".gz.metadata.json"))) {
      account.setParameter("metadata_location", earlier);

      assertThat(codes(account.mirror().remaining())).containsExactly(FindingCode.MIRROR_CHANGED);
      assertThat(account.repair().total(Work.RESTORED)).isEqualTo(1);
      assertThat(account.metadata()).isEqualTo(last);
    }
  }

  @Test
  void aTableThatOthersDeletedIsMadeAgain() {
    account.mirror();
    account.glue.deleteTable(
        delete -> delete.catalogId(account.account).databaseName(DATABASE).name(TABLE));

    assertThat(codes(account.mesh.mirrors().verify().findings()))
        .containsExactly(FindingCode.MIRROR_MISSING);
    assertThat(account.mirror().total(Work.MADE)).isEqualTo(1);
    assertThat(account.hasTable(TABLE)).isTrue();
  }

  @Test
  void aNameThatOthersTookIsAFindingAndStaysTheirs() {
    account.etl.defineProduct("plant/alarms").contract(WITH_NOTE).commit();
    account.mirror();
    account.glue.deleteTable(
        delete -> delete.catalogId(account.account).databaseName(DATABASE).name("alarms_v1"));
    account.mesh.mirrors().plan();
    account.etl.defineProduct("plant/logs").contract(WITH_NOTE).commit();
    account.createTable("logs_v1");
    account.createTable("strange");

    Mirrors.Report report = account.repair();

    assertThat(report.remaining())
        .extracting(Finding::code, Finding::severity, Finding::where)
        .containsExactlyInAnyOrder(
            tuple(
                FindingCode.MIRROR_FOREIGN,
                Finding.Severity.ERROR,
                "glue plant/logs_v1 in " + account.account),
            tuple(
                FindingCode.MIRROR_FOREIGN,
                Finding.Severity.NOTE,
                "glue plant/strange in " + account.account));
    assertThat(account.table("logs_v1").parameters()).isEmpty();
    assertThat(account.hasTable("strange")).isTrue();
    assertThat(account.hasTable("alarms_v1")).isTrue();
  }

  @Test
  void aDatabaseThatOthersMadeKeepsItsTables() {
    account.createDatabase(DATABASE);
    account.createTable("strange");

    Mirrors.Report report = account.mirror();

    assertThat(codes(report.remaining())).containsExactly(FindingCode.MIRROR_FOREIGN);
    assertThat(report.isEmpty()).isTrue();
    assertThat(account.hasTable("strange")).isTrue();
    assertThat(account.hasTable(TABLE)).isFalse();
  }

  @Test
  void aColumnThatIsAddedIsShown() {
    account.mirror();
    account.etl.amendContract(READINGS, WITH_NOTE).because("x").commit();

    assertThat(account.mirror().remaining()).isEmpty();

    assertThat(account.table().storageDescriptor().columns())
        .extracting(Column::name)
        .containsExactly("id", "degrees", "note");
    assertThat(account.table().parameters()).containsEntry("meshwork.contract", "1.1.0");
  }

  @Test
  void twoLiveMajorVersionsAreShownUntilOneIsRetired() {
    account.mirror();
    MajorRollout rollout =
        account
            .etl
            .startRollout(READINGS)
            .contract(KELVIN)
            .because("Kelvin")
            .withoutHistory()
            .commit()
            .activate()
            .commit();

    account.mirror();
    assertThat(account.table("readings_v2").storageDescriptor().columns())
        .extracting(Column::name)
        .containsExactly("id", "kelvin");
    assertThat(account.hasTable(TABLE)).isTrue();
    rollout.announce().commit();
    rollout.close().commit();
    rollout.retire().commit();

    assertThat(account.mirror().total(Work.REMOVED)).isEqualTo(1);
    assertThat(account.hasTable(TABLE)).isFalse();
    assertThat(account.hasTable("readings_v2")).isTrue();
    assertThat(account.mirror().isEmpty()).isTrue();
  }

  @Test
  void aQuarantineIsNotShown() {
    account.mirror();

    assertThat(
            account
                .glue
                .getTables(get -> get.catalogId(account.account).databaseName(DATABASE))
                .tableList())
        .extracting(Table::name)
        .containsExactly(TABLE);
  }
}
