package io.meshwork.odcs;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.QualityReport;
import io.meshwork.contract.QualityReport.RuleResult;
import io.meshwork.contract.Rule;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verdicts that the reference of DQDL gives for rows are those of the rules that are read. */
class DqdlVerdictsTest {
  record Row(long id, Optional<Long> amount, Optional<String> name, String unit) {}

  private static final List<Row> ROWS =
      List.of(
          new Row(1, Optional.of(10L), Optional.of("ab"), "kWh"),
          new Row(2, Optional.of(20L), Optional.of(""), "kWh"),
          new Row(3, Optional.empty(), Optional.empty(), "MWh"),
          new Row(4, Optional.of(30L), Optional.of("abcd"), "Wh"));

  /** Each rule of DQDL, and whether it passes for the rows by AWS's reference. */
  private static final Map<String, Boolean> VERDICTS = new LinkedHashMap<>();

  static {
    passes("IsComplete \"id\"");
    fails("IsComplete \"amount\"");
    passes("Completeness \"amount\" >= 0.75");
    fails("Completeness \"amount\" > 0.75");
    passes("Completeness \"amount\" between 0.7 and 0.8");
    passes("IsUnique \"id\"");
    fails("IsUnique \"unit\"");
    passes("IsPrimaryKey \"id\" \"unit\"");
    fails("IsPrimaryKey \"amount\" \"unit\"");
    passes("ColumnValues \"id\" >= 1");
    fails("ColumnValues \"id\" > 1");
    passes("ColumnValues \"id\" between 0 and 5");
    fails("ColumnValues \"id\" between 1 and 5");
    fails("ColumnValues \"id\" between 0 and 4");
    fails("ColumnValues \"amount\" >= 10"); // The null fails.
    passes("ColumnValues \"amount\" >= 10 where \"amount is not null\"");
    passes("(ColumnValues \"amount\" >= 10) or (ColumnValues \"amount\" = NULL)");
    fails("ColumnValues \"amount\" in [10, 20, 30]");
    passes("ColumnValues \"amount\" in [10, 20, 30, NULL]");
    passes("ColumnValues \"amount\" != 11");
    passes("ColumnValues \"amount\" not in [11, 12]");
    fails("ColumnValues \"amount\" not in [11, NULL]");
    fails("ColumnValues \"amount\" != NULL");
    fails("ColumnValues \"name\" in [\"ab\", \"abcd\", NULL]");
    passes("ColumnValues \"name\" in [\"ab\", \"abcd\", EMPTY, NULL]");
    passes("ColumnValues \"unit\" matches \"Wh\""); // It searches.
    fails("ColumnValues \"unit\" matches \"^Wh\"");
    passes("ColumnValues \"unit\" matches \"^[kM]?Wh$\"");
    passes("ColumnValues \"id\" > 1 with threshold >= 0.75");
    fails("ColumnValues \"id\" > 1 with threshold > 0.75");
    passes("ColumnLength \"name\" < 5"); // A null has no length.
    fails("ColumnLength \"name\" > 1");
    passes("ColumnLength \"unit\" between 1 and 4");
    fails("ColumnLength \"unit\" between 2 and 4");
    passes("RowCount = 4");
    fails("RowCount > 4");
    passes("RowCount between 3 and 5");
    fails("RowCount between 4 and 6");
    passes("DistinctValuesCount \"unit\" = 3");
    passes("Sum \"id\" = 10");
    fails("Sum \"id\" < 10");
    passes("Mean \"amount\" = 20");
    fails("Mean \"amount\" > 20");
    fails("Mean \"amount\" between 20 and 21");
    passes("ColumnValues \"id\" < 3 where \"unit = 'kWh'\"");
    fails("ColumnValues \"id\" < 3 where \"unit = 'kWh' or unit = 'MWh'\"");
    passes("(RowCount > 3) and (IsComplete \"id\")");
    fails("(RowCount > 3) and (IsComplete \"name\")");
  }

  private static void passes(String rule) {
    VERDICTS.put(rule, true);
  }

  private static void fails(String rule) {
    VERDICTS.put(rule, false);
  }

  @Test
  void aRuleThatIsReadHasTheVerdictOfDqdl(@TempDir Path folder) {
    Map<String, List<String>> meant = new LinkedHashMap<>();
    List<Rule> all = new ArrayList<>();
    for (String rule : VERDICTS.keySet()) {
      DqdlDocument document =
          DqdlDocument.parse("Rules = [" + rule + "]", Contract.of(Row.class), Map.of());
      List<String> ids = new ArrayList<>();
      for (Rule each : document.rules()) {
        Rule named = each.id("r" + all.size()).warn();
        ids.add(named.id());
        all.add(named);
      }
      assertThat(ids).as(document.report().toString()).isNotEmpty();
      meant.put(rule, ids);
    }
    Map<String, Boolean> passed = published(folder, all);

    Map<String, Boolean> verdicts = new LinkedHashMap<>();
    meant.forEach((rule, ids) -> verdicts.put(rule, ids.stream().allMatch(passed::get)));
    assertThat(verdicts).isEqualTo(VERDICTS);
  }

  private static Map<String, Boolean> published(Path folder, List<Rule> rules) {
    try (Mesh mesh = LocalMesh.open(folder)) {
      MeshClient plant = mesh.clientAs(Principal.of("plant", "etl"));
      plant.registerDomain("plant").owner("plant@example.org").commit();
      plant
          .defineProduct("plant/readings")
          .contract(Contract.of(Row.class).require(rules.toArray(Rule[]::new)))
          .commit();
      QualityReport report =
          plant.publish("plant/readings").records(ROWS).idempotencyKey("1").commit().quality();
      return report.rules().stream()
          .collect(
              Collectors.toMap(
                  RuleResult::ruleId, result -> result.outcome() == QualityReport.Outcome.PASS));
    }
  }
}
