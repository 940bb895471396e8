package io.meshwork.aws;

import static io.meshwork.aws.LakeFormationAccounts.DATABASE;
import static io.meshwork.aws.LakeFormationAccounts.ORDERS;
import static io.meshwork.aws.LakeFormationAccounts.TABLE;
import static io.meshwork.aws.LakeFormationAccounts.codes;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.aws.LakeFormationAccounts.Order;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.maintenance.Mirrors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.Database;
import software.amazon.awssdk.services.glue.model.DatabaseInput;
import software.amazon.awssdk.services.glue.model.Table;
import software.amazon.awssdk.services.glue.model.TableInput;

/**
 * Another program changes an object of Glue after the mirrors read it, and before they write it.
 */
class GlueRaceTest extends LakeFormationFixture {
  private final List<WatchedMirrors> watch = new ArrayList<>();
  private Mesh mesh;
  private GlueClient theirs;
  private int changes;

  @BeforeEach
  void make() {
    accounts = LakeFormationAccounts.make(aws);
    mesh = WatchedMirrors.open(accounts, watch::add);
    theirs =
        EmulatedClients.administrator(aws, accounts.catalog)
            .assuming("arn:aws:iam::" + accounts.catalog + ":role/mesh-mirror")
            .glue();
    assertThat(mesh.mirrors().commit().remaining()).isEmpty();
    accounts.shop.publish(ORDERS).records(List.of(new Order("2", "US", 7, "c@d.e"))).commit();
  }

  @AfterEach
  void closeClients() {
    theirs.close();
    mesh.close();
  }

  /** Lets another program act just before calls of the mirrors, at most so many times. */
  private void before(String call, int times, Runnable change) {
    changes = 0;
    watch.get(0).before =
        next -> {
          if (next.equals(call) && changes < times) {
            changes++;
            change.run();
          }
        };
  }

  private Table table() {
    return theirs.getTable(get -> get.databaseName(DATABASE).name(TABLE)).table();
  }

  private void setParameter(String name, String value) {
    Table table = table();
    Map<String, String> parameters = new TreeMap<>(table.parameters());
    parameters.put(name, value);
    TableInput input =
        TableInput.builder()
            .name(table.name())
            .tableType(table.tableType())
            .parameters(parameters)
            .storageDescriptor(table.storageDescriptor())
            .build();
    theirs.updateTable(update -> update.databaseName(DATABASE).tableInput(input));
  }

  private String metadata() {
    return table().parameters().getOrDefault("metadata_location", "");
  }

  @Test
  void whatOthersAddToATableMeanwhileStays() {
    before("glue:UpdateTable", 1, () -> setParameter("crawler", "nightly"));

    Mirrors.Report report = mesh.mirrors().commit();

    assertThat(changes).isOne();
    assertThat(report.remaining()).isEmpty();
    assertThat(table().parameters()).containsEntry("crawler", "nightly");
    assertThat(metadata()).contains("/metadata/00002-");
    assertThat(mesh.mirrors().verify().findings()).isEmpty();
  }

  @Test
  void aTableThatOthersKeepChangingIsReportedAndNothingOfTheirsIsLost() {
    before(
        "glue:UpdateTable",
        Integer.MAX_VALUE,
        () -> setParameter("count", String.valueOf(changes)));

    Mirrors.Report report = mesh.mirrors().commit();

    assertThat(report.remaining())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.code()).isEqualTo(FindingCode.MIRROR_FAILED);
              assertThat(finding.toString())
                  .contains("another program changed it at the same time", "Run the mirrors again");
            });
    assertThat(changes).as("read again each time").isEqualTo(5);
    assertThat(table().parameters()).containsEntry("count", "5");
    assertThat(metadata()).contains("/metadata/00001-");
    before("glue:UpdateTable", 0, () -> {});
    assertThat(mesh.mirrors().commit().remaining()).isEmpty();
    assertThat(table().parameters()).containsEntry("count", "5");
    assertThat(metadata()).contains("/metadata/00002-");
  }

  @Test
  void aCommitOfOthersMeanwhileIsReportedAndNeverOverwritten() {
    String commit = metadata().replaceFirst("/metadata/.*", "/metadata/00002-theirs.metadata.json");
    before("glue:UpdateTable", 1, () -> setParameter("metadata_location", commit));

    Mirrors.Report report = mesh.mirrors().commit();

    assertThat(report.remaining())
        .extracting(Finding::code)
        .containsExactly(FindingCode.DRIFT_FOREIGN_WRITE);
    assertThat(metadata()).isEqualTo(commit);
    assertThat(mesh.mirrors().repair().commit().remaining())
        .extracting(Finding::code)
        .containsExactly(FindingCode.DRIFT_FOREIGN_WRITE);
    assertThat(metadata()).isEqualTo(commit);
  }

  @Test
  void aTableThatOthersDeleteMeanwhileIsMadeAgain() {
    before(
        "glue:UpdateTable",
        1,
        () -> theirs.deleteTable(delete -> delete.databaseName(DATABASE).name(TABLE)));

    assertThat(mesh.mirrors().commit().remaining()).isEmpty();

    assertThat(metadata()).contains("/metadata/00002-");
    assertThat(codes(mesh.mirrors().verify().findings()))
        .as("the tags and the end of IAM's control went with the table")
        .containsOnly(FindingCode.MIRROR_MISSING);
    assertThat(mesh.mirrors().commit().remaining()).isEmpty();
    assertThat(mesh.mirrors().verify().findings()).isEmpty();
  }

  @Test
  void aTableThatOthersMakeMeanwhileIsTheirs() {
    theirs.deleteTable(delete -> delete.databaseName(DATABASE).name(TABLE));
    before(
        "glue:CreateTable",
        1,
        () ->
            theirs.createTable(
                create -> create.databaseName(DATABASE).tableInput(input -> input.name(TABLE))));

    Mirrors.Report report = mesh.mirrors().commit();

    assertThat(changes).isOne();
    assertThat(codes(report.remaining())).contains(FindingCode.MIRROR_FOREIGN);
    assertThat(table().parameters()).isEmpty();
  }

  @Test
  void whatOthersChangeOfADatabaseMeanwhileStays() {
    accounts
        .shop
        .registerDomain("commerce")
        .description("All sales")
        .owner("shop@example.org")
        .accounts(accounts.commerce)
        .commit();
    before("glue:GetTables", 1, () -> setDatabaseParameter("crawler", "nightly"));

    assertThat(mesh.mirrors().commit().remaining()).isEmpty();

    assertThat(changes).isOne();
    assertThat(database().description()).isEqualTo("All sales");
    assertThat(database().parameters()).containsEntry("crawler", "nightly");
  }

  private Database database() {
    return theirs.getDatabase(get -> get.name(DATABASE)).database();
  }

  private void setDatabaseParameter(String name, String value) {
    Map<String, String> parameters = new TreeMap<>(database().parameters());
    parameters.put(name, value);
    DatabaseInput input =
        DatabaseInput.builder()
            .name(DATABASE)
            .description(database().description())
            .parameters(parameters)
            .createTableDefaultPermissions(List.of())
            .build();
    theirs.updateDatabase(update -> update.name(DATABASE).databaseInput(input));
  }
}
