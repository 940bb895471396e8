package io.meshwork.aws;

import static io.meshwork.aws.GlueAccount.DATABASE;
import static io.meshwork.aws.GlueAccount.TABLE;
import static io.meshwork.aws.GlueAccount.codes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.contract.Contract;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshException;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.maintenance.Mirrors.Report.Work;
import io.meshwork.operation.Plan;
import io.meshwork.testkit.aws.AwsEmulator.FaultRule;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.glue.model.DataLakePrincipal;
import software.amazon.awssdk.services.glue.model.Permission;
import software.amazon.awssdk.services.glue.model.PrincipalPermissions;

/** Databases and tables that exist in Glue before the mesh are compared, planned, and adopted. */
class GlueTakeOverTest extends EmulatorFixture {
  private GlueAccount account;

  /** Another program registered the database and the table, and the mesh has no record of them. */
  @BeforeEach
  void makeTablesOfOthers() {
    account = GlueAccount.make(aws);
    account.mirror();
    LostMirrorRecords.lose(account.config, account.account);
    account.changeDatabase(input -> input.parameters(Map.of("theirs", "yes")));
    Map<String, String> parameters = new TreeMap<>(account.table().parameters());
    parameters.keySet().removeIf(name -> name.startsWith("meshwork."));
    parameters.put("theirs", "yes");
    account.change(input -> input.parameters(parameters).description(null));
    aws.reset();
  }

  @AfterEach
  void close() {
    account.close();
  }

  private List<String> plan(Mirrors mirrors) {
    return mirrors.plan().steps().stream().map(Plan.Step::toString).toList();
  }

  @Test
  void aRunLeavesThemAndSaysWhatTheyLack() {
    Mirrors.Report report = account.repair();

    assertThat(report.isEmpty()).isTrue();
    assertThat(report.remaining())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.code()).isEqualTo(FindingCode.MIRROR_FOREIGN);
              assertThat(finding.toString())
                  .contains("It differs: Description is missing; Parameters.meshwork.domain is");
              assertThat(finding.fix()).contains("mirrors().adopt()").doesNotContain("repair()");
            });
    assertThat(account.writes()).isEmpty();
  }

  @Test
  void whatOnlyLacksPropertiesIsPlannedAndAdopted() {
    String metadata = account.metadata();
    account.publish();

    assertThat(plan(account.mesh.mirrors().adopt()))
        .hasSize(2)
        .allSatisfy(
            step ->
                assertThat(step).startsWith("adopt glue plant").contains("what it lacks is added"));
    Mirrors.Report report = account.mesh.mirrors().adopt().commit();

    assertThat(report.remaining()).isEmpty();
    assertThat(report.total(Work.ADOPTED)).isEqualTo(2);
    assertThat(account.database().parameters())
        .containsEntry("theirs", "yes")
        .containsEntry("meshwork.domain", DATABASE);
    assertThat(account.table().parameters())
        .containsEntry("theirs", "yes")
        .containsEntry("previous_metadata_location", metadata);
    assertThat(account.metadata()).isNotEqualTo(metadata);
    assertThat(account.mirror().isEmpty()).isTrue();
    assertThat(account.mesh.mirrors().verify().findings()).isEmpty();
    account.retireFor(Contract.of(Kelvin.class));
    assertThat(plan(account.mesh.mirrors()))
        .anySatisfy(
            step ->
                assertThat(step)
                    .startsWith("remove glue plant/readings_v1")
                    .contains("had made it before the mesh adopted it"));
  }

  @Test
  void whatTheMeshMadeAgainIsItsOwn() {
    account.mesh.mirrors().adopt().commit();
    account.dropTable(TABLE);
    account.repair();

    account.retireFor(Contract.of(Kelvin.class));

    assertThat(plan(account.mesh.mirrors()))
        .filteredOn(step -> step.startsWith("remove glue plant/readings_v1"))
        .singleElement()
        .satisfies(step -> assertThat(step).doesNotContain("had made it"));
  }

  record Kelvin(long id, double kelvin) {}

  @Test
  void whatDiffersIsListedAndOverwrittenByARepairOnly() {
    account.change(
        input ->
            input
                .parameters(account.table().parameters())
                .storageDescriptor(
                    account.table().storageDescriptor().toBuilder()
                        .location("s3://theirs/readings")
                        .build()));
    account.changeDatabase(
        input ->
            input
                .description("Theirs")
                .createTableDefaultPermissions(
                    PrincipalPermissions.builder()
                        .principal(
                            DataLakePrincipal.builder()
                                .dataLakePrincipalIdentifier("IAM_ALLOWED_PRINCIPALS")
                                .build())
                        .permissions(Permission.ALL)
                        .build()));
    aws.reset();

    Mirrors.Report adopted = account.mesh.mirrors().adopt().commit();

    assertThat(adopted.isEmpty()).isTrue();
    assertThat(adopted.remaining())
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding + " " + finding.fix())
                    .contains("Description is Theirs instead of What the plant measures")
                    .contains("CreateTableDefaultPermissions")
                    .contains("mirrors().adopt().repair()"));
    assertThat(account.writes()).isEmpty();
    Plan<Mirrors.Report> plan = account.mesh.mirrors().adopt().repair().plan();
    assertThat(plan.steps())
        .extracting(Plan.Step::toString)
        .anySatisfy(
            step ->
                assertThat(step)
                    .contains("StorageDescriptor.Location is s3://theirs/readings instead of"));
    assertThat(plan.steps())
        .extracting(Plan.Step::undo)
        .anyMatch(undo -> undo.startsWith("cannot be undone"));
    Mirrors.Report repaired = plan.commit();

    assertThat(repaired.total(Work.ADOPTED)).isEqualTo(2);
    assertThat(repaired.remaining()).isEmpty();
    assertThat(account.mesh.mirrors().verify().findings()).isEmpty();
  }

  @Test
  void tablesOfOthersWithOtherDataAreNeverTakenOver() {
    account.mesh.mirrors().adopt().commit();
    LostMirrorRecords.lose(account.config, account.account);
    String foreign = account.config.root() + "/data/plant/readings_v1/metadata/theirs.json";
    account.setParameter("metadata_location", foreign);
    account.setParameter("meshwork.mesh", "");

    assertThat(codes(account.mesh.mirrors().adopt().repair().commit().remaining()))
        .containsExactly(FindingCode.DRIFT_FOREIGN_WRITE);
    assertThat(account.metadata()).isEqualTo(foreign);
    account.change(input -> input.parameters(Map.of()));

    assertThat(account.mesh.mirrors().adopt().repair().commit().remaining())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.code()).isEqualTo(FindingCode.MIRROR_FOREIGN);
              assertThat(finding.toString()).contains("without metadata of Iceberg");
            });
    assertThat(account.table().parameters()).isEmpty();
  }

  @Test
  void aLinkWithTheNameOfADatabaseIsNeverTakenOver() {
    account.glue.deleteDatabase(delete -> delete.catalogId(account.account).name(DATABASE));
    account.createDatabase("elsewhere");
    account.glue.createDatabase(
        create ->
            create
                .catalogId(account.account)
                .databaseInput(
                    input ->
                        input
                            .name(DATABASE)
                            .targetDatabase(
                                target ->
                                    target.catalogId(account.account).databaseName("elsewhere"))));

    assertThat(account.mesh.mirrors().adopt().repair().commit().remaining())
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding.toString()).contains("Another program made a resource link"));
    assertThat(account.database().targetDatabase().databaseName()).isEqualTo("elsewhere");
  }

  @Test
  void aRunThatIsKilledOrFailsWhileItAdoptsIsCompletedByTheNext() {
    for (String operation : List.of("UpdateDatabase", "UpdateTable")) {
      for (Fault fault : Fault.values()) {
        LostMirrorRecords.lose(account.config, account.account);
        account.setParameter("meshwork.owner", "");
        account.changeDatabase(input -> input.parameters(Map.of("theirs", "yes")));
        Map<String, String> parameters = new TreeMap<>(account.table().parameters());
        parameters.keySet().removeIf(name -> name.startsWith("meshwork."));
        account.change(input -> input.parameters(parameters));
        fault.set(aws.on("glue", operation));
        try {
          account.mesh.mirrors().adopt().commit();
        } catch (MeshException e) {
          // The process that ends here is another one than the next.
        }
        aws.reset();

        account.mesh.mirrors().adopt().commit();

        String name = fault + " at " + operation;
        assertThat(account.database().parameters())
            .as(name)
            .containsEntry("meshwork.domain", DATABASE)
            .containsEntry("theirs", "yes");
        assertThat(account.table().parameters()).as(name).containsKey("meshwork.owner");
        assertThat(account.mesh.mirrors().verify().findings())
            .as(name)
            .extracting(Finding::toString)
            .isEmpty();
        assertThat(account.mirror().isEmpty()).as(name).isTrue();
      }
    }
  }

  private enum Fault {
    THROTTLE,
    FAIL_500,
    LOSE_REPLY;

    void set(FaultRule rule) {
      switch (this) {
        case THROTTLE -> rule.throttle();
        case FAIL_500 -> rule.fail500();
        case LOSE_REPLY -> rule.loseReply();
      }
    }
  }

  @Test
  void aReviewedPlanIsNotCommittedIfOthersChangedTheTable() {
    Mirrors adoption = account.mesh.mirrors().adopt();
    Plan<Mirrors.Report> plan = adoption.plan();
    account.setParameter("table_type", "THEIRS");

    assertThatThrownBy(plan::commit).isInstanceOf(MeshException.class);

    assertThat(account.table().parameters()).containsEntry("table_type", "THEIRS");
    assertThat(account.hasTable(TABLE)).isTrue();
  }
}
