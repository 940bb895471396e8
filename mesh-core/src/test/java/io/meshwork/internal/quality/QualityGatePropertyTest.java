package io.meshwork.internal.quality;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.QualityReport;
import io.meshwork.contract.Rule;
import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.VectorBatch;
import io.meshwork.internal.schema.IcebergSchemas;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.apache.iceberg.Schema;
import org.junit.jupiter.api.Test;

/** The gate, batch by batch, against an oracle that sees all rows at once. */
class QualityGatePropertyTest {
  private static final Contract COLUMNS =
      Contract.of(
          new org.apache.avro.Schema.Parser()
              .parse(
                  """
                  {"type":"record","name":"row","fields":[
                    {"name":"k","type":"long"},
                    {"name":"n","type":["null","int"]},
                    {"name":"d","type":["null","double"]},
                    {"name":"s","type":["null","string"]},
                    {"name":"e","type":{"type":"enum","name":"flag","symbols":["Y","N"]}}]}
                  """));
  private static final Schema SCHEMA = IcebergSchemas.fromAvro(COLUMNS.schema());

  /** What the gate said at the end. */
  private record Result(
      Set<Long> published, Set<Long> quarantined, Judgement judgement, boolean reasonsComplete) {}

  @Test
  void theGateDecidesAsAnOracleThatSeesAllRowsAtOnce() {
    int refused = 0;
    int heldAndPublished = 0;
    for (long seed = 0; seed < 1_500; seed++) {
      Random random = new Random(seed);
      Contract contract = contract(random);
      List<Object[]> rows = rows(random);
      Set<Long> unconverted = some(random, rows.size(), 0.02);
      OnViolation policy = random.nextBoolean() ? OnViolation.REJECT : OnViolation.QUARANTINE;
      Result result = run(contract, policy, rows, unconverted, random);
      RowOracle oracle = new RowOracle(contract, policy, rows, unconverted);
      String seen = "seed " + seed + " " + contract.rules() + " " + policy;
      QualityReport report = result.judgement.report();

      assertThat(result.judgement.refused()).as(seen).isEqualTo(oracle.refused());
      assertThat(report.rowsAccepted() + report.rowsQuarantined() + report.rowsRejected())
          .as(seen)
          .isEqualTo(report.rowsOffered())
          .isEqualTo(rows.size());
      assertThat(report.rules().stream().map(QualityReport.RuleResult::failingRows))
          .as(seen)
          .containsExactlyElementsOf(oracle.failing());
      assertThat(report.rules().stream().map(QualityReport.RuleResult::outcome))
          .as(seen)
          .containsExactlyElementsOf(oracle.outcomes());
      assertThat(report.rowScore().orElse(-1)).as(seen).isEqualTo(oracle.rowScore());
      if (policy == OnViolation.QUARANTINE) {
        assertThat(result.published).as(seen).isEqualTo(oracle.kept());
        assertThat(result.reasonsComplete).as(seen).isTrue();
        heldAndPublished += oracle.toleratedAndKept();
      }
      if (result.judgement.refused()) {
        refused++;
        assertThat(report.rowsAccepted()).as(seen).isZero();
      } else {
        assertThat(report.rowsAccepted()).as(seen).isEqualTo(result.published.size());
        assertThat(oracle.brokenBy(result.published)).as(seen).isEmpty();
      }
    }
    assertThat(refused).isBetween(200, 1_400);
    assertThat(heldAndPublished).isPositive();
  }

  private static Result run(
      Contract contract,
      OnViolation policy,
      List<Object[]> rows,
      Set<Long> unconverted,
      Random random) {
    QualityGate gate =
        QualityGate.open(contract, SCHEMA, policy, RuleSurroundings.at(Instant.EPOCH));
    Set<Long> published = new TreeSet<>();
    Set<Long> quarantined = new TreeSet<>();
    List<Long> held = new ArrayList<>();
    boolean complete = true;
    for (int from = 0; from < rows.size(); ) {
      int to = Math.min(rows.size(), from + 1 + random.nextInt(20));
      VectorBatch batch = Rows.batch(SCHEMA, rows.subList(from, to));
      RowMask failures = new RowMask(0);
      for (int row = from; row < to; row++) {
        if (unconverted.contains((long) row)) {
          failures.set(row - from);
        }
      }
      QualityGate.Verdict verdict = gate.judge(batch, failures, from);
      for (int row = 0; row < to - from; row++) {
        long number = from + row;
        int places =
            (verdict.published().get(row) ? 1 : 0)
                + (verdict.quarantined().get(row) ? 1 : 0)
                + (verdict.held().get(row) ? 1 : 0);
        complete &= places == 1;
        if (verdict.published().get(row)) {
          published.add(number);
        } else if (verdict.held().get(row)) {
          held.add(number);
        } else {
          quarantined.add(number);
          complete &= failures.get(row) || !gate.reasons(row).isEmpty();
        }
      }
      from = to;
    }
    gate.endOfInput();
    for (int from = 0; from < held.size(); ) {
      int to = Math.min(held.size(), from + 1 + random.nextInt(20));
      List<Long> numbers = held.subList(from, to);
      VectorBatch batch =
          Rows.batch(SCHEMA, numbers.stream().map(n -> rows.get(n.intValue())).toList());
      QualityGate.Verdict verdict =
          gate.judgeHeld(batch, numbers.stream().mapToLong(Long::longValue).toArray());
      for (int row = 0; row < numbers.size(); row++) {
        if (verdict.published().get(row)) {
          published.add(numbers.get(row));
        } else {
          quarantined.add(numbers.get(row));
          complete &= verdict.quarantined().get(row) && !gate.reasons(row).isEmpty();
        }
      }
      from = to;
    }
    return new Result(published, quarantined, gate.finish(List.of()), complete);
  }

  private static Contract contract(Random random) {
    List<Rule> rules = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    int count = random.nextInt(5);
    for (int i = 0; i < count; i++) {
      Rule rule = rule(random);
      if (rule.kind().judgesRows() && random.nextBoolean()) {
        rule =
            random.nextBoolean()
                ? rule.toleratingPercent(random.nextInt(40))
                : rule.toleratingRows(random.nextInt(12));
      }
      rule = random.nextInt(4) == 0 ? rule.warn() : rule;
      if (ids.add(rule.id())) {
        rules.add(rule);
      }
    }
    return COLUMNS
        .require(rules.toArray(Rule[]::new))
        .maxQuarantineShare(random.nextBoolean() ? 100 : random.nextInt(60));
  }

  private static Rule rule(Random random) {
    return switch (random.nextInt(9)) {
      case 0 -> Rule.notNull("n", "s");
      case 1 -> Rule.unique("k");
      case 2 -> Rule.unique("n", "s");
      case 3 -> Rule.between("d", -0.0, 3);
      case 4 -> Rule.inSet("n", 0, 1, 2, 3);
      case 5 -> Rule.matches("s", "[ab]*");
      case 6 -> Rule.length("s", 0, 2);
      case 7 -> Rule.unique("d");
      default -> Rule.rowCount(random.nextInt(5), 10 + random.nextInt(100));
    };
  }

  private static List<Object[]> rows(Random random) {
    Object[] texts = {null, "", "a", "ab", "abc", "\u00e9\uD83D\uDE00", "b"};
    Object[] doubles = {null, 0.0, -0.0, 1.5, 3.0, 3.5, Double.NaN, -1.0, 2.0};
    List<Object[]> rows = new ArrayList<>();
    int count = random.nextInt(120);
    int keys = 1 + random.nextInt(400);
    double dirt = random.nextInt(3) * 0.02;
    for (int i = 0; i < count; i++) {
      rows.add(
          new Object[] {
            random.nextDouble() < dirt ? null : (Object) (long) random.nextInt(keys),
            random.nextInt(8) == 0 ? null : (Object) random.nextInt(5),
            doubles[random.nextInt(doubles.length)],
            texts[random.nextInt(texts.length)],
            random.nextDouble() < dirt ? "X" : random.nextBoolean() ? "Y" : "N"
          });
    }
    return rows;
  }

  private static Set<Long> some(Random random, int rows, double share) {
    Set<Long> some = new HashSet<>();
    for (long row = 0; row < rows; row++) {
      if (random.nextDouble() < share) {
        some.add(row);
      }
    }
    return some;
  }
}
