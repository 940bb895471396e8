package io.meshwork.internal.quality;

import static io.meshwork.contract.Rule.between;
import static io.meshwork.contract.Rule.betweenExclusive;
import static io.meshwork.contract.Rule.compare;
import static io.meshwork.contract.Rule.inSet;
import static io.meshwork.contract.Rule.length;
import static io.meshwork.contract.Rule.matches;
import static io.meshwork.contract.Rule.notNull;
import static io.meshwork.contract.Rule.rowCount;
import static io.meshwork.contract.Rule.unique;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.QualityReport;
import io.meshwork.contract.Rule;
import io.meshwork.internal.quality.StatisticsGate.StatisticsVerdict;
import io.meshwork.internal.quality.StatisticsGate.StatisticsVerdict.Gap;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.vector.RowMask;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.iceberg.util.BinaryUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests what file statistics prove, disprove, and leave open. */
class StatisticsGateTest {
  private static final Contract COLUMNS =
      Contract.of(
          new org.apache.avro.Schema.Parser()
              .parse(
                  """
                  {"type":"record","name":"row","fields":[
                    {"name":"k","type":"long"},
                    {"name":"n","type":["null","int"]},
                    {"name":"d","type":["null","double"]},
                    {"name":"f","type":["null","float"]},
                    {"name":"s","type":["null","string"]},
                    {"name":"b","type":["null","boolean"]},
                    {"name":"day","type":["null",{"type":"int","logicalType":"date"}]},
                    {"name":"w","type":["null",{"type":"bytes","logicalType":"decimal","precision":30,"scale":2}]},
                    {"name":"f2","type":["null","float"]},
                    {"name":"e","type":["null",{"type":"enum","name":"flag","symbols":["Y","N"]}]}]}
                  """));
  private static final Schema SCHEMA = IcebergSchemas.fromAvro(COLUMNS.schema());

  private static Object[] row(Object... values) {
    return Arrays.copyOf(values, SCHEMA.columns().size());
  }

  private static StatisticsVerdict evaluate(Rule rule, List<List<Object[]>> files) {
    return StatisticsGate.evaluate(
        COLUMNS.require(rule),
        SCHEMA,
        files.stream().map(rows -> MeasuredFiles.of(SCHEMA, rows)).toList());
  }

  private static List<Object[]> file(Object[]... rows) {
    return List.of(rows);
  }

  private static QualityReport.Outcome outcome(Rule rule, Object[]... rows) {
    return evaluate(rule, List.of(List.of(rows))).report().rules().get(0).outcome();
  }

  @Test
  void conditionThatStatisticsCannotProveIsAGap() {
    for (Rule rule :
        List.of(
            matches("s", ".*"),
            length("s", 0, 9),
            inSet("s", "a", "b"),
            unique("k"),
            compare("f <= f2"))) {
      StatisticsVerdict verdict =
          evaluate(
              rule,
              List.of(
                  file(row(1L, 1, 1.0, 1f, "a", null, null, null, 2f), row(2L, 2, 2.0, 2f, "b"))));
      assertThat(verdict.gaps()).as(rule.toString()).extracting(Gap::id).containsExactly(rule.id());
      assertThat(verdict.report().rules().get(0).outcome())
          .as(rule.toString())
          .isEqualTo(QualityReport.Outcome.NOT_EVALUATED);
      assertThat(verdict.filesConcerned()).isEqualTo(1);
      assertThat(verdict.report().rowsAccepted()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "notMissing(s)",
        "notInSet(n, 7)",
        "notInSet(n, null)",
        "custom('x', 1)",
        "references(k; a/b; c)",
        "unique(k) scope table",
        "completeness(s, 50, )",
        "distinctCount(s, , 9)",
        "mean(d, , 9)",
        "stddev(d, , 9)",
        "sum(d, , 9)",
        "min(d, 0, )",
        "max(d, , 9)",
        "sameRowCount(a/b, , 9)",
        "sameSum(d, a/b, c, , 9)",
        "rowCount(1, 9) where 'n = 1'",
        "rowCount(1, 9) scope table",
        "between(d, 3, 4) where 'n = 7'",
        "between(d, 1.5, 4) failing <= 1 percent where 'n = 2'"
      })
  void ruleKindThatNeedsRowsIsAGap(String text) {
    Rule rule = Rule.parse(text);
    StatisticsVerdict verdict =
        evaluate(rule, List.of(file(row(1L, 1, 1.0, 1f, "a"), row(2L, 2, 2.0, 2f, "b"))));

    assertThat(verdict.gaps()).extracting(Gap::id).containsExactly(rule.id());
    assertThat(verdict.report().rules().get(0).outcome())
        .isEqualTo(QualityReport.Outcome.NOT_EVALUATED);
    assertThat(evaluate(rule.warn(), List.of(file(row(1L, 1, 1.0, 1f, "a")))).refused()).isFalse();
  }

  @Test
  void textRulesAlwaysPassAndAFilterKeepsAProofForAllRows() {
    StatisticsVerdict words = evaluate(Rule.text("be good"), List.of(file(row(1L))));
    assertThat(words.refused()).isFalse();
    assertThat(words.report().rules().get(0).outcome()).isEqualTo(QualityReport.Outcome.SKIPPED);
    assertThat(words.report().rulesEvaluated()).isZero();
    assertThat(outcome(between("d", 0, 3).where("n = 1"), row(1L, 1, 1.0)))
        .isEqualTo(QualityReport.Outcome.PASS);
    assertThat(outcome(Rule.notMissing("s"), row(1L))).isEqualTo(QualityReport.Outcome.FAIL);
  }

  @Test
  void valueRuleHoldsWithoutValues() {
    for (Rule rule :
        List.of(matches("s", "x"), length("s", 5, 9), inSet("s", "a"), between("d", 0, 1))) {
      assertThat(outcome(rule, row(1L), row(2L)))
          .as(rule.toString())
          .isEqualTo(QualityReport.Outcome.PASS);
    }
  }

  @Test
  void membershipIsProvenByOneValueOrByIntegersThatAreAllMembers() {
    Object[] one = row(1L, 3, 0.5, 0.25f, "b", true, 19782);
    Object[] other = row(2L, 5, -0.0, 0.25f, "b", false, 19783);
    for (Rule rule :
        List.of(
            inSet("n", 3, 4, 5),
            inSet("s", "a", "b"),
            inSet("f", 0.25, 1),
            inSet("b", true, false),
            inSet("day", LocalDate.of(2024, 2, 29), LocalDate.of(2024, 3, 1)))) {
      assertThat(outcome(rule, one, other))
          .as(rule.toString())
          .isEqualTo(QualityReport.Outcome.PASS);
    }
    assertThat(outcome(inSet("n", 3, 5), one, other))
        .as("4 may be there")
        .isEqualTo(QualityReport.Outcome.NOT_EVALUATED);
    assertThat(outcome(inSet("d", 0), row(1L, null, -0.0)))
        .as("both zeros are one")
        .isEqualTo(QualityReport.Outcome.PASS);
    assertThat(outcome(inSet("s", "a"), one, other)).isEqualTo(QualityReport.Outcome.FAIL);
    assertThat(outcome(inSet("s", "x".repeat(40)), row(1L, null, null, null, "x".repeat(41))))
        .as("bounds are cut off")
        .isEqualTo(QualityReport.Outcome.NOT_EVALUATED);
  }

  @Test
  void enumIsProvenOnlyByOneSymbol() {
    StatisticsVerdict one = evaluate(rowCount(1, 9), List.of(file(enumRow("Y"), enumRow(null))));
    StatisticsVerdict both = evaluate(rowCount(1, 9), List.of(file(enumRow("Y"), enumRow("N"))));

    assertThat(one.refused()).isFalse();
    assertThat(both.gaps()).extracting(Gap::id).containsExactly("ENUM_MEMBER:e");
  }

  private static Object[] enumRow(String symbol) {
    return row(1L, null, null, null, null, null, null, null, null, symbol);
  }

  @Test
  void nestedColumnsAreNotProven() {
    Contract nested =
        Contract.of(
            new org.apache.avro.Schema.Parser()
                .parse(
                    """
                    {"type":"record","name":"row","fields":[
                      {"name":"tags","type":["null",{"type":"array","items":"string"}]}]}
                    """));
    Schema schema = IcebergSchemas.fromAvro(nested.schema());
    DataFile file = MeasuredFiles.of(new Metrics(1L, null, Map.of(), Map.of(), Map.of()));

    assertThat(StatisticsGate.evaluate(nested, schema, List.of(file)).gaps())
        .extracting(Gap::id)
        .containsExactly("NESTED_VALUES_UNVERIFIED:tags");
    assertThat(CompactionCheck.keepsRows(List.of(file), List.of(file), schema)).isFalse();
  }

  @Test
  void filesOfIcebergWhichCutsBoundsOfFixedColumnsMayReplaceOurs() {
    Schema schema = new Schema(NestedField.required(1, "hash", Types.FixedType.ofLength(20)));
    byte[] low = new byte[20];
    byte[] high = new byte[20];
    low[19] = 3;
    high[0] = 7;
    DataFile ours = hashes(ByteBuffer.wrap(low), ByteBuffer.wrap(high));
    ByteBuffer cut = BinaryUtil.truncateBinaryMin(ByteBuffer.wrap(low), 16);
    ByteBuffer raised = BinaryUtil.truncateBinaryMax(ByteBuffer.wrap(high), 16);

    assertThat(CompactionCheck.keepsRows(List.of(hashes(cut, raised)), List.of(ours), schema))
        .isTrue();
    ByteBuffer wider = ByteBuffer.allocate(20).put(0, (byte) 8);
    assertThat(
            CompactionCheck.keepsRows(List.of(hashes(cut, wider.rewind())), List.of(ours), schema))
        .isFalse();
  }

  private static DataFile hashes(ByteBuffer low, ByteBuffer high) {
    return MeasuredFiles.of(
        new Metrics(
            2L, null, Map.of(1, 2L), Map.of(1, 0L), Map.of(), Map.of(1, low), Map.of(1, high)));
  }

  @Test
  void tolerancesUseTheMaximumNumberOfFailingRows() {
    List<List<Object[]>> files =
        List.of(file(row(1L, 1), row(2L, 2), row(3L, null)), file(row(4L, 99)));

    assertThat(evaluate(between("n", 0, 9).tolerateRows(1), files).refused()).isFalse();
    assertThat(evaluate(between("n", 0, 9), files).gaps())
        .containsExactly(new Gap("between.n", "file statistics disprove it", 1));
    assertThat(evaluate(notNull("n").toleratePercent(25), files).refused()).isFalse();
    assertThat(evaluate(notNull("n").toleratePercent(24), files).refused()).isTrue();
    assertThat(evaluate(matches("s", "a").toleratePercent(0), files).refused()).isFalse();
  }

  @Test
  void rowsAreCountedOverAllFilesOfACommit() {
    List<List<Object[]>> files = List.of(file(row(1L)), file(row(2L), row(3L)));

    assertThat(evaluate(rowCount(3, 3), files).refused()).isFalse();
    assertThat(evaluate(rowCount(4, 9), files).gaps())
        .containsExactly(new Gap("rowCount", "the commit has 3 rows", 0));
    assertThat(evaluate(unique("k"), List.of(file(row(1L)))).refused()).isFalse();
  }

  @Test
  void missingOrDamagedStatisticsProveNothing() {
    Map<Integer, Long> five = Map.of(1, 5L, 3, 5L);
    Map<Integer, Long> zero = Map.of(1, 0L, 3, 0L);
    Map<Integer, ByteBuffer> bound = Map.of(3, bytes(1.0));
    Rule rule = between("d", 0, 2);
    Contract contract = COLUMNS.require(rule);
    List<DataFile> silent =
        List.of(
            MeasuredFiles.of(new Metrics(5L, null, five, zero, null, bound, bound)),
            MeasuredFiles.of(new Metrics(5L, null, five, zero, zero, bound, null)),
            MeasuredFiles.of(new Metrics(5L, null, five, zero, zero, null, bound)),
            MeasuredFiles.of(
                new Metrics(5L, null, five, zero, zero, Map.of(3, ByteBuffer.allocate(3)), bound)),
            MeasuredFiles.of(
                new Metrics(5L, null, five, zero, zero, Map.of(3, bytes(Double.NaN)), bound)));
    for (DataFile file : silent) {
      StatisticsVerdict verdict = StatisticsGate.evaluate(contract, SCHEMA, List.of(file));
      assertThat(verdict.report().rules().get(0).outcome())
          .isEqualTo(QualityReport.Outcome.NOT_EVALUATED);
      assertThat(verdict.gaps()).extracting(Gap::id).contains("between.d");
    }
    assertThat(
            StatisticsGate.evaluate(
                    COLUMNS,
                    SCHEMA,
                    List.of(MeasuredFiles.of(new Metrics(5L, null, Map.of(1, 4L), zero, zero))))
                .gaps())
        .as("a column with fewer values than rows")
        .extracting(Gap::id)
        .contains("REQUIRED_NULL:k");
  }

  private static ByteBuffer bytes(double value) {
    return ByteBuffer.allocate(8).order(java.nio.ByteOrder.LITTLE_ENDIAN).putDouble(0, value);
  }

  @Test
  void conditionsProvenByStatisticsHoldForTheRows() {
    int passed = 0;
    int brokenRows = 0;
    for (long seed = 0; seed < 3_000; seed++) {
      Random random = new Random(seed);
      boolean provable = random.nextBoolean();
      Contract contract = COLUMNS.require(rules(random, provable));
      List<Object[]> all = new ArrayList<>();
      List<DataFile> files = new ArrayList<>();
      for (int file = random.nextInt(3); file >= 0; file--) {
        List<Object[]> rows = rows(random);
        all.addAll(rows);
        files.add(MeasuredFiles.of(SCHEMA, rows));
      }
      QualityGate gate =
          QualityGate.open(contract, SCHEMA, OnViolation.REJECT, RuleContext.at(Instant.EPOCH));
      gate.evaluate(RowBatches.batch(SCHEMA, all), new RowMask(0), 0);
      gate.endOfInput();
      boolean refusedByRows = gate.finish(List.of()).refused();
      StatisticsVerdict verdict = StatisticsGate.evaluate(contract, SCHEMA, files);
      String seen = "seed " + seed + " " + contract.rules() + " " + verdict.gaps();

      if (!verdict.refused()) {
        assertThat(refusedByRows).as(seen).isFalse();
        passed++;
      } else if (provable && refusedByRows) {
        brokenRows++;
      } else if (provable) {
        assertThat(verdict.gaps()).as(seen).isEmpty();
      }
    }
    assertThat(passed).isGreaterThan(500);
    assertThat(brokenRows).isGreaterThan(300);
  }

  private static Rule[] rules(Random random, boolean provable) {
    List<Rule> rules = new ArrayList<>();
    rules.add(between("n", random.nextInt(4) - 2, 3 + random.nextInt(6)));
    rules.add(rowCount(0, 4 + random.nextInt(20)));
    if (random.nextInt(3) == 0) {
      rules.add(notNull("n"));
    }
    if (random.nextInt(3) == 0) {
      rules.add(between("d", -1, 1 + random.nextInt(3)));
    }
    if (random.nextInt(3) == 0) {
      rules.add(betweenExclusive("f", -1, 1 + random.nextInt(3)));
    }
    if (random.nextInt(3) == 0) {
      rules.add(between("w", -5, random.nextInt(9)));
    }
    if (!provable) {
      rules.add(inSet("s", "a", "b", "ab"));
      rules.add(inSet("n", 0, 1, 2, 3).id("n-in-set").tolerateRows(random.nextInt(3)));
    }
    return rules.toArray(Rule[]::new);
  }

  private static List<Object[]> rows(Random random) {
    List<Object[]> rows = new ArrayList<>();
    boolean nulls = random.nextInt(3) == 0;
    String text = List.of("a", "ab", "c", "a".repeat(30)).get(random.nextInt(4));
    for (int i = random.nextInt(6); i >= 0; i--) {
      Double real =
          random.nextInt(40) == 0
              ? (random.nextBoolean() ? Double.NaN : Double.POSITIVE_INFINITY)
              : random.nextInt(3) - random.nextDouble();
      rows.add(
          row(
              random.nextLong(),
              nulls && random.nextBoolean() ? null : random.nextInt(5),
              random.nextInt(9) == 0 ? null : real,
              random.nextInt(9) == 0 ? null : (float) (random.nextInt(30) - 5) / 10,
              random.nextInt(9) == 0 ? null : text,
              null,
              null,
              random.nextInt(4) == 0 ? null : new java.math.BigDecimal(random.nextInt(9) - 4)));
    }
    return rows;
  }
}
