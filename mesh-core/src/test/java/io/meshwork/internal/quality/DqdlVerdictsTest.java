package io.meshwork.internal.quality;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.QualityReport.Outcome;
import io.meshwork.contract.Rule;
import io.meshwork.contract.Rule.Scope;
import io.meshwork.internal.dqdl.DqdlRuleset;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.vector.RowMask;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

/** A rule in DQDL gives the verdict that the mesh gives, for the same rows. */
class DqdlVerdictsTest {
  private static final String SCHEMA =
      """
      {"type":"record","name":"row","fields":[
       {"name":"n","type":"long"},{"name":"m","type":["null","long"]},
       {"name":"d","type":["null","double"]},{"name":"f","type":"double"},
       {"name":"s","type":["null","string"]},{"name":"t","type":"string"}]}""";
  private static final String[] TEXTS = {
    "", "A", "B", "AB", "A1", "12", "a\"b", "a\\b", "x\ny", "é"
  };
  private static final Double[] DOUBLES = {
    0.0, -0.0, 1.0, 2.5, -3.0, Double.NaN, Double.POSITIVE_INFINITY
  };

  @Test
  void theGoldenCasesHaveTheSameOutcome() throws Exception {
    List<String> omitted = new ArrayList<>();
    int compared = 0;
    for (JsonNode vector : QualityVectorsTest.cases()) {
      Rule rule = onTable(Rule.parse(vector.get("rule").asText()));
      Contract contract = QualityVectorsTest.contract(vector.get("columns")).require(rule);
      DqdlRuleset ruleset = DqdlRuleset.of(contract, UnaryOperator.identity());
      if (ruleset.rules().isEmpty()) {
        omitted.add(vector.get("id").asText());
        continue;
      }
      String expected = vector.get("expectOutcome").asText();
      if (!expected.equals("skipped")) { // AWS does not document what such a measure is.
        compared++;
        assertThat(new DqdlEvaluator(rows(contract, vector)).passes(ruleset.text()))
            .as(vector.get("id") + " " + ruleset.text())
            .isEqualTo(expected.equals("pass"));
      }
    }
    // Tolerances with nulls, a sample deviation, a minimum with both ends, and a filter.
    assertThat(omitted).containsExactly("q-10", "q-11", "q-34", "q-35", "q-36", "q-38");
    assertThat(compared).isGreaterThan(30);
  }

  private static List<Map<String, Object>> rows(Contract contract, JsonNode vector) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (JsonNode row : vector.get("rows")) {
      Map<String, Object> values = new HashMap<>();
      for (Types.NestedField column : IcebergSchemas.fromAvro(contract.schema()).columns()) {
        values.put(
            column.name(),
            QualityVectorsTest.value(row.get(column.name()), column.type().toString()));
      }
      rows.add(values);
    }
    return rows;
  }

  /** The rows of a case are the whole table. */
  private static Rule onTable(Rule rule) {
    return rule instanceof Rule.WithScope scoped ? scoped.scope(Scope.TABLE) : rule;
  }

  @Test
  void randomRulesHaveTheSameVerdictForRandomRows() {
    TreeSet<Rule.Kind> passed = new TreeSet<>();
    TreeSet<Rule.Kind> failed = new TreeSet<>();
    for (int seed = 0; seed < 1_000; seed++) {
      Random random = new Random(seed);
      Rule rule = onTable(rule(random));
      Contract contract =
          Contract.of(new org.apache.avro.Schema.Parser().parse(SCHEMA)).require(rule);
      DqdlRuleset ruleset = DqdlRuleset.of(contract, UnaryOperator.identity());
      if (ruleset.rules().isEmpty()) {
        continue;
      }
      List<Object[]> rows = rows(random);
      Outcome outcome = outcome(contract, rows);
      if (outcome == Outcome.SKIPPED) {
        continue;
      }
      List<Map<String, Object>> named = new ArrayList<>();
      List<String> names =
          IcebergSchemas.fromAvro(contract.schema()).columns().stream()
              .map(Types.NestedField::name)
              .toList();
      for (Object[] row : rows) {
        Map<String, Object> values = new HashMap<>();
        for (int i = 0; i < row.length; i++) {
          values.put(names.get(i), row[i]);
        }
        named.add(values);
      }
      assertThat(new DqdlEvaluator(named).passes(ruleset.text()))
          .as("seed %s: %s on %s", seed, ruleset.text(), named)
          .isEqualTo(outcome == Outcome.PASS);
      (outcome == Outcome.PASS ? passed : failed).add(rule.kind());
    }
    assertThat(passed).hasSizeGreaterThanOrEqualTo(13);
    assertThat(failed).hasSizeGreaterThanOrEqualTo(13);
  }

  private static Outcome outcome(Contract contract, List<Object[]> rows) {
    Schema schema = IcebergSchemas.fromAvro(contract.schema());
    try (QualityGate gate =
        QualityGate.open(contract, schema, OnViolation.REJECT, RuleContext.at(Instant.EPOCH))) {
      gate.evaluate(RowBatches.batch(schema, rows), new RowMask(0), 0);
      gate.endOfInput();
      return gate.finish(List.of()).ofFirst().report().rules().get(0).outcome();
    }
  }

  private static List<Object[]> rows(Random random) {
    List<Object[]> rows = new ArrayList<>();
    int count = random.nextInt(5);
    for (int i = 0; i < count; i++) {
      rows.add(
          new Object[] {
            (long) random.nextInt(4),
            random.nextInt(3) == 0 ? null : (Object) (long) random.nextInt(4),
            random.nextInt(3) == 0 ? null : pick(random, DOUBLES),
            pick(random, DOUBLES),
            random.nextInt(3) == 0 ? null : pick(random, TEXTS),
            pick(random, TEXTS)
          });
    }
    return rows;
  }

  @SafeVarargs
  private static <T> T pick(Random random, T... values) {
    return values[random.nextInt(values.length)];
  }

  private static Rule rule(Random random) {
    String number = pick(random, "n", "m", "d", "f");
    String text = pick(random, "s", "t");
    String column = pick(random, number, text);
    int low = random.nextInt(4) - 1;
    int high = low + random.nextInt(4);
    Rule rule =
        switch (random.nextInt(16)) {
          case 0 -> Rule.notNull(column);
          case 1 -> Rule.notNull(number, text);
          case 2 -> Rule.notMissing(text, (Object) pick(random, TEXTS));
          case 3 -> Rule.between(number, low, high);
          case 4 -> Rule.betweenExclusive(number, low, high + 1);
          case 5 -> Rule.atLeast(number, low);
          case 6 -> Rule.atMost(number, high);
          case 7 -> Rule.inSet(text, pick(random, TEXTS), pick(random, TEXTS));
          case 8 -> Rule.notInSet(number, low, random.nextBoolean() ? null : (Object) high);
          case 9 ->
              Rule.matches(text, pick(random, "[A-Z]*", "\\d+", "a\"b|A.", "A|B|", "x.y", "A$"));
          case 10 -> Rule.length(text, 1, 1 + random.nextInt(2));
          case 11 -> Rule.compare(pick(random, "n <= m", "m = n", "n != m", "s > t"));
          case 12 -> random.nextBoolean() ? Rule.unique(column) : Rule.unique("n", "s");
          case 13 -> Rule.rowCount(1, 3);
          case 14 -> Rule.distinctCount(column, 1L, 2L);
          default -> measured(random, number, low, high);
        };
    boolean tolerant = random.nextInt(3) == 0;
    return tolerant && rule instanceof Rule.OnRows onRows
        ? onRows.toleratePercent(pick(random, 25, 50))
        : rule;
  }

  private static Rule measured(Random random, String number, int low, int high) {
    return switch (random.nextInt(5)) {
      case 0 -> Rule.completeness(number, 50);
      case 1 -> Rule.mean(number, low, high);
      case 2 -> Rule.sum(number, low, high);
      case 3 -> Rule.min(number, BigDecimal.valueOf(low), null);
      default -> Rule.max(number, null, BigDecimal.valueOf(high));
    };
  }
}
