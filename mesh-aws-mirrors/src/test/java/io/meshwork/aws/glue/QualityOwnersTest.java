package io.meshwork.aws.glue;

import static io.meshwork.aws.GlueAccount.READINGS;
import static io.meshwork.aws.GlueAccount.codes;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.EmulatorFixture;
import io.meshwork.aws.GlueAccount;
import io.meshwork.aws.MeshNames;
import io.meshwork.contract.Rule;
import io.meshwork.error.FindingCode;
import io.meshwork.maintenance.Mirrors.Report.Work;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.glue.model.GetDataQualityRulesetResponse;

/** A ruleset with the name of one of the mesh is that of the mesh only if the mesh made it. */
class QualityOwnersTest extends EmulatorFixture {
  private static final String THEIRS = "Rules = [ RowCount > 0 ]";

  private static GlueAccount account;

  @BeforeAll
  static void start() {
    account = GlueAccount.make(aws, AwsConfig::dataQuality);
    account
        .etl
        .amendContract(READINGS, GlueAccount.FIRST.require(Rule.between("degrees", -90, 60)))
        .because("x")
        .commit();
  }

  @AfterAll
  static void stop() {
    if (account != null) { // null if the emulator is missing
      account.close();
    }
  }

  @BeforeEach
  void mirror() {
    account.mirror();
    account.glue.deleteDataQualityRuleset(delete -> delete.name(name()));
    account.mirror();
  }

  private static String name() {
    return "mesh-" + MeshNames.meshName(account.config) + ".plant.readings_v1";
  }

  private static GetDataQualityRulesetResponse ruleset() {
    return account.glue.getDataQualityRuleset(get -> get.name(name()));
  }

  private static void recreate(String description) {
    account.glue.deleteDataQualityRuleset(delete -> delete.name(name()));
    account.glue.createDataQualityRuleset(
        create ->
            create
                .name(name())
                .description(description)
                .ruleset(THEIRS)
                .targetTable(table -> table.databaseName("plant").tableName("readings_v1")));
  }

  @Test
  void aRulesetThatAnotherProgramMadeAgainOnTheTableIsNeverChanged() {
    recreate("Checks of the plant");

    assertThat(codes(account.mesh.mirrors().verify().findings()))
        .containsExactly(FindingCode.MIRROR_FOREIGN);
    assertThat(account.repair().remaining())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.code()).isEqualTo(FindingCode.MIRROR_FOREIGN);
              assertThat(finding.what()).contains(name(), "does not name this mesh");
            });

    assertThat(ruleset().ruleset()).isEqualTo(THEIRS);
    assertThat(ruleset().description()).isEqualTo("Checks of the plant");
  }

  @Test
  void aRulesetThatNamesAnotherMeshIsNeverChanged() {
    recreate(
        ruleset()
            .description()
            .replaceAll("[0-9a-f-]{36}", "01a205b7-59ad-7c98-806d-733b9e07e621"));

    assertThat(codes(account.repair().remaining())).containsExactly(FindingCode.MIRROR_FOREIGN);

    assertThat(ruleset().ruleset()).isEqualTo(THEIRS);
  }

  @Test
  void rulesThatAnotherProgramChangedAreRestored() {
    String description = ruleset().description();
    account.glue.updateDataQualityRuleset(update -> update.name(name()).ruleset(THEIRS));
    assertThat(codes(account.mirror().remaining())).containsExactly(FindingCode.MIRROR_CHANGED);

    assertThat(account.repair().total(Work.RESTORED)).isEqualTo(1);

    assertThat(ruleset().ruleset()).contains("degrees");
    assertThat(ruleset().description()).isEqualTo(description);
  }
}
