package io.meshwork.aws.glue;

import static io.meshwork.aws.GlueAccount.READINGS;
import static io.meshwork.aws.GlueAccount.codes;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.EmulatorFixture;
import io.meshwork.aws.GlueAccount;
import io.meshwork.aws.MeshNames;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.maintenance.Mirrors.Report.Work;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.glue.model.DataQualityRulesetListDetails;
import software.amazon.awssdk.services.glue.model.GetDataQualityRulesetResponse;

/** Glue Data Quality shows the rules of contracts, and others keep their rulesets. */
class QualityMirrorTest extends EmulatorFixture {
  private GlueAccount account;

  @BeforeEach
  void make() {
    account = GlueAccount.make(aws, AwsConfig::dataQuality);
    amend(rules());
  }

  private static Contract rules() {
    return contract()
        .primaryKey("id")
        .require(
            Rule.between("degrees", -90, 60),
            Rule.notNull("degrees").warn().id("degreesKnown"),
            Rule.unique("degrees"),
            Rule.text("Ask the plant"));
  }

  @AfterEach
  void close() {
    if (account != null) {
      account.close();
    }
  }

  private static Contract contract() {
    return GlueAccount.FIRST;
  }

  private void amend(Contract contract) {
    account.etl.amendContract(READINGS, contract).because("x").commit();
  }

  private String name() {
    return "mesh-" + MeshNames.meshName(account.config) + ".plant.readings_v1";
  }

  private GetDataQualityRulesetResponse ruleset() {
    return account.glue.getDataQualityRuleset(get -> get.name(name()));
  }

  @Test
  void theRulesAreARulesetOfTheTable() {
    assertThat(account.mirror().total(Work.MADE)).isEqualTo(3);

    assertThat(ruleset().targetTable().databaseName()).isEqualTo("plant");
    assertThat(ruleset().targetTable().tableName()).isEqualTo("readings_v1");
    assertThat(ruleset().ruleset())
        .isEqualTo(
            """
            Rules = [
                (ColumnValues "degrees" >= -90) and (ColumnValues "degrees" <= 60),
                IsComplete "degrees",
                IsPrimaryKey "id"
            ]\
            """);
    assertThat(ruleset().description())
        .matches(
            "Contract 1\\.1\\.0 of plant/readings in mesh [0-9a-f-]{36}\\. Only warnings:"
                + " degreesKnown\\. Not in this ruleset: unique\\.degrees \\(it applies to each"
                + " publish; a table of several can pass or fail otherwise\\)\\.");
    aws.reset();
    assertThat(account.mirror().isEmpty()).isTrue();
    assertThat(account.writes()).isEmpty();
    assertThat(account.mesh.mirrors().verify().findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.code()).isEqualTo(FindingCode.RULES_NOT_MIRRORED);
              assertThat(finding.severity()).isEqualTo(Finding.Severity.NOTE);
              assertThat(finding.what()).contains("unique.degrees");
            });
  }

  @Test
  void amendedRulesChangeTheRuleset() {
    account.mirror();
    amend(rules().require(Rule.notNull("id")));

    assertThat(codes(account.mirror().remaining())).containsExactly(FindingCode.RULES_NOT_MIRRORED);

    assertThat(ruleset().ruleset()).contains("IsComplete \"id\"");
    assertThat(ruleset().description()).contains("Contract 1.2.0");
  }

  @Test
  void aTableWithoutRulesHasNoRuleset() {
    account.etl.defineProduct("plant/plain").contract(GlueAccount.FIRST).commit();
    account.mirror();

    assertThat(account.glue.listDataQualityRulesets(list -> list.maxResults(10)).rulesets())
        .extracting(DataQualityRulesetListDetails::name)
        .containsExactly(name());
  }

  @Test
  void whatOthersChangedIsRestoredByARepairOnly() {
    account.mirror();
    account.glue.updateDataQualityRuleset(
        update -> update.name(name()).ruleset("Rules = [ RowCount > 0 ]"));

    assertThat(codes(account.mirror().remaining()))
        .containsExactlyInAnyOrder(FindingCode.RULES_NOT_MIRRORED, FindingCode.MIRROR_CHANGED);
    assertThat(ruleset().ruleset()).contains("RowCount");
    assertThat(account.repair().total(Work.RESTORED)).isEqualTo(1);
    assertThat(ruleset().ruleset()).contains("IsPrimaryKey");
  }

  @Test
  void whatOthersDeletedIsMadeAgain() {
    account.mirror();
    account.glue.deleteDataQualityRuleset(delete -> delete.name(name()));

    assertThat(codes(account.mesh.mirrors().verify().findings()))
        .contains(FindingCode.MIRROR_MISSING);
    assertThat(account.mirror().total(Work.MADE)).isEqualTo(1);
    assertThat(ruleset().ruleset()).contains("IsPrimaryKey");
  }

  @Test
  void rulesetsOfOthersStay() {
    createForeignRuleset();

    assertThat(codes(account.repair().remaining())).contains(FindingCode.MIRROR_FOREIGN);

    assertThat(ruleset().targetTable().tableName()).isEqualTo("strange");
  }

  @Test
  void aRulesetThatReplacedThatOfTheMeshStays() {
    account.mirror();
    account.glue.deleteDataQualityRuleset(delete -> delete.name(name()));
    createForeignRuleset();

    assertThat(codes(account.mesh.mirrors().verify().findings()))
        .contains(FindingCode.MIRROR_FOREIGN)
        .doesNotContain(FindingCode.MIRROR_CHANGED);
    assertThat(account.repair().remaining())
        .filteredOn(finding -> finding.code() == FindingCode.MIRROR_FOREIGN)
        .singleElement()
        .satisfies(finding -> assertThat(finding.what()).contains(name()));

    assertThat(ruleset().targetTable().tableName()).isEqualTo("strange");
    assertThat(ruleset().ruleset()).isEqualTo("Rules = [ RowCount > 0 ]");
  }

  private void createForeignRuleset() {
    account.createDatabase("other");
    account.glue.createTable(
        create -> create.databaseName("other").tableInput(table -> table.name("strange")));
    account.glue.createDataQualityRuleset(
        create ->
            create
                .name(name())
                .ruleset("Rules = [ RowCount > 0 ]")
                .targetTable(table -> table.databaseName("other").tableName("strange")));
  }

  record Kelvin(long id, double kelvin) {}

  @Test
  void aRetiredVersionHasNoRuleset() {
    account.mirror();
    account.retireFor(Contract.of(Kelvin.class).primaryKey("id"));

    assertThat(account.mirror().remaining()).isEmpty();

    assertThat(account.glue.listDataQualityRulesets(list -> list.maxResults(10)).rulesets())
        .extracting(DataQualityRulesetListDetails::name)
        .containsExactly(name().replace("_v1", "_v2"));
  }
}
