package io.meshwork.internal.quality;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.QualityReport;
import io.meshwork.contract.Rule;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.quality.RuleContext.RuleCode;
import io.meshwork.internal.rows.RecordShredder;
import io.meshwork.internal.rows.RecordShredders;
import io.meshwork.internal.rows.TypeViolations;
import io.meshwork.internal.rows.TypeViolations.Violation;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.uniqueness.ExistingKeys;
import io.meshwork.internal.uniqueness.SampleKeys;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.iceberg.Schema;
import org.junit.jupiter.api.Test;

/** Compares the gate, batch by batch, with a reference that sees all rows at once. */
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
                    {"name":"e","type":{"type":"enum","name":"flag","symbols":["Y","N"]}},
                    {"name":"f","type":["null","float"]},
                    {"name":"m","type":["null",{"type":"bytes","logicalType":"decimal",
                      "precision":20,"scale":2}]},
                    {"name":"p","type":["null",{"type":"bytes","logicalType":"decimal",
                      "precision":9,"scale":1}]},
                    {"name":"b","type":["null","boolean"]},
                    {"name":"t","type":["null",{"type":"long","logicalType":"timestamp-micros"}]},
                    {"name":"r","type":["null",{"type":"record","name":"inner","fields":[
                      {"name":"c","type":["null","string"]},{"name":"z","type":["null","int"]}]}]},
                    {"name":"a","type":["null",{"type":"array","items":["null","string"]}]},
                    {"name":"x","type":["null",{"type":"array","items":{"type":"record",
                      "name":"line","fields":[{"name":"q","type":["null","int"]},
                        {"name":"w","type":["null","int"]},
                        {"name":"y","type":["null",{"type":"array","items":"double"}]}]}}]},
                    {"name":"g","type":["null",{"type":"map","values":["null","int"]}]}]}
                  """));

  /** Memory for one key, for some, and for all. */
  private static final long[] KEY_MEMORIES = {1, 25_200, QualityGate.KEY_MEMORY};

  private static final Schema SCHEMA = IcebergSchemas.fromAvro(COLUMNS.schema());

  private static final RuleContext SURROUNDINGS =
      new RuleContext(
          Instant.EPOCH,
          Map.of(
              new RuleContext.CodeName("even", 2),
              new RuleCode.OnRecords(row -> NaiveRules.custom((Integer) row.get("n")))),
          OtherProducts.UNREADABLE);

  /** The outcome of the gate. */
  private record Result(
      Set<Long> published,
      Set<Long> quarantined,
      PublishVerdict judgement,
      boolean reasonsComplete) {}

  @Test
  void gateDecidesAsAnOracleWithAllRows() {
    int refused = 0;
    int heldAndPublished = 0;
    int partly = 0;
    for (long seed = 0; seed < 1_500; seed++) {
      Random random = new Random(seed);
      Contract contract = contract(random);
      List<Map<String, Object>> rows = rows(random);
      Set<Long> unconverted = some(random, rows.size(), 0.02);
      OnViolation policy = random.nextBoolean() ? OnViolation.REJECT : OnViolation.QUARANTINE;
      long keyMemory = KEY_MEMORIES[random.nextInt(KEY_MEMORIES.length)];
      Result result =
          run(contract, policy, ExistingKeys.NONE, keyMemory, rows, unconverted, random);
      RowOracle oracle = new RowOracle(contract, policy, rows, unconverted);
      String seen = "seed " + seed + " " + contract.rules() + " " + policy + " memory " + keyMemory;
      QualityReport report = result.judgement.report();

      assertThat(result.judgement.refused()).as(seen).isEqualTo(oracle.refused());
      assertThat(report.rowsAccepted() + report.rowsQuarantined())
          .as(seen)
          .isEqualTo(result.judgement.refused() ? 0 : report.rowsOffered());
      assertThat(report.rowsRejected()).as(seen).isEqualTo(oracle.refused() ? rows.size() : 0);
      assertThat(report.rowsOffered()).as(seen).isEqualTo(rows.size());
      assertThat(report.rules().stream().map(QualityReport.RuleResult::failingRows))
          .as(seen)
          .containsExactlyElementsOf(oracle.failing());
      assertThat(report.rules().stream().map(QualityReport.RuleResult::outcome))
          .as(seen)
          .containsExactlyElementsOf(oracle.outcomes());
      assertThat(report.qualityScore()).as(seen).isEqualTo(oracle.qualityScore());
      partly += report.qualityScore().orElse(0) % 100 > 0 ? 1 : 0;
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
    assertThat(partly).as("scores between none and all").isGreaterThan(200);
  }

  @Test
  void existingRowsCountAsEarlierRows() {
    int quarantinedRows = 0;
    for (long seed = 0; seed < 600; seed++) {
      Random random = new Random(seed);
      List<Map<String, Object>> rows = rows(random);
      List<Map<String, Object>> table = new ArrayList<>();
      Set<Long> keys = new HashSet<>();
      for (int i = random.nextInt(40); i > 0; i--) {
        long key = random.nextInt(200);
        if (keys.add(key)) {
          Map<String, Object> row = new LinkedHashMap<>();
          COLUMNS.schema().getFields().forEach(field -> row.put(field.name(), null));
          row.put("k", key);
          row.put("s", "a");
          row.put("e", "Y");
          table.add(row);
        }
      }
      List<Map<String, Object>> all = new ArrayList<>(table);
      all.addAll(rows);
      Rule tolerant = Rule.notNull("s").tolerateRows(random.nextInt(40));
      Contract others = COLUMNS.require(Rule.unique("n", "s"), tolerant).maxQuarantineShare(100);
      OnViolation policy = random.nextBoolean() ? OnViolation.REJECT : OnViolation.QUARANTINE;
      Rule ofTable = Rule.unique("k").scope(Rule.Scope.TABLE);
      long keyMemory = KEY_MEMORIES[random.nextInt(KEY_MEMORIES.length)];
      String seen = "seed " + seed + " " + policy + " memory " + keyMemory;

      Result expected =
          run(
              others.require(Rule.unique("k")),
              policy,
              ExistingKeys.NONE,
              QualityGate.KEY_MEMORY,
              all,
              Set.of(),
              random);
      Result result =
          run(
              COLUMNS.require(Rule.unique("n", "s"), tolerant, ofTable).maxQuarantineShare(100),
              policy,
              table(table),
              keyMemory,
              rows,
              Set.of(),
              random);

      if (policy == OnViolation.QUARANTINE) {
        Set<Long> published = new TreeSet<>();
        expected.published.stream()
            .filter(row -> row >= table.size())
            .forEach(row -> published.add(row - table.size()));
        assertThat(result.published).as(seen).isEqualTo(published);
        assertThat(result.reasonsComplete).as(seen).isTrue();
        quarantinedRows += result.quarantined.size();
      }
      assertThat(result.judgement.report().rules().get(2).failingRows())
          .as(seen)
          .isEqualTo(expected.judgement.report().rules().get(2).failingRows());
    }
    assertThat(quarantinedRows).isPositive();
  }

  /** A table whose key filter is evaluated row by row. */
  private static ExistingKeys table(List<Map<String, Object>> rows) {
    return SampleKeys.ofRows(rows, "k", row -> batch(List.of(row), new Random(0)));
  }

  private static Result run(
      Contract contract,
      OnViolation policy,
      ExistingKeys table,
      long keyMemory,
      List<Map<String, Object>> rows,
      Set<Long> unconverted,
      Random random) {
    try (QualityGate gate =
        QualityGate.open(contract, SCHEMA, policy, SURROUNDINGS, table, keyMemory)) {
      return run(gate, rows, unconverted, random);
    }
  }

  private static Result run(
      QualityGate gate, List<Map<String, Object>> rows, Set<Long> unconverted, Random random) {
    Set<Long> published = new TreeSet<>();
    Set<Long> quarantined = new TreeSet<>();
    List<Long> held = new ArrayList<>();
    boolean complete = true;
    for (int from = 0; from < rows.size(); ) {
      int to = Math.min(rows.size(), from + 1 + random.nextInt(20));
      VectorBatch batch = batch(rows.subList(from, to), random);
      RowMask failures = new RowMask(0);
      for (int row = from; row < to; row++) {
        if (unconverted.contains((long) row)) {
          failures.set(row - from);
          gate.addMisfit(
              row, List.of(new Violation("a", FindingCode.TYPE_MISMATCH, "it is a text")));
        }
      }
      QualityGate.Verdict verdict = gate.evaluate(batch, failures, from);
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
          complete &=
              failures.get(row) || gate.violations(row).isEmpty() == !gate.reasons(row).isEmpty();
        }
      }
      from = to;
    }
    gate.endOfInput();
    for (int from = 0; from < held.size(); ) {
      int to = Math.min(held.size(), from + 1 + random.nextInt(20));
      List<Long> numbers = held.subList(from, to);
      VectorBatch batch = batch(numbers.stream().map(n -> rows.get(n.intValue())).toList(), random);
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
      if (rule instanceof Rule.OnRows onRows && random.nextBoolean()) {
        rule =
            random.nextBoolean()
                ? onRows.toleratePercent(random.nextInt(40))
                : onRows.tolerateRows(random.nextInt(12));
      }
      rule = rule.kind() != Rule.Kind.TEXT && random.nextInt(4) == 0 ? rule.warn() : rule;
      if (ids.add(rule.id())) {
        rules.add(rule);
      }
    }
    return COLUMNS
        .require(rules.toArray(Rule[]::new))
        .maxQuarantineShare(random.nextBoolean() ? 100 : random.nextInt(60));
  }

  private static Rule rule(Random random) {
    Rule rule = plain(random);
    List<String> filters = List.copyOf(new TreeMap<>(NaiveRules.FILTERS).keySet());
    return rule.kind() != Rule.Kind.TEXT && random.nextInt(3) == 0
        ? rule.where(filters.get(random.nextInt(filters.size())))
        : rule;
  }

  private static Rule plain(Random random) {
    return switch (random.nextInt(34)) {
      case 0 -> Rule.notNull("n", "s");
      case 1 -> Rule.unique("k");
      case 2 -> Rule.unique("n", "s");
      case 3 -> Rule.between("d", -0.0, 3);
      case 4 -> Rule.inSet("n", 0, 1, 2, 3, null);
      case 5 -> Rule.matches("s", "[ab]*");
      case 6 -> Rule.length("s", 0, 2);
      case 7 -> Rule.unique("d");
      case 8 -> Rule.rowCount(random.nextInt(5), 10 + random.nextInt(100));
      case 9 -> Rule.notMissing("s");
      case 10 -> Rule.notMissingTrimmed("s", "ab", " b");
      case 11 -> Rule.notMissing("n", 3, 4);
      case 12 -> Rule.notInSet("n", 0, null);
      case 13 -> Rule.notInSet("d", Double.NaN, 0, 3.5);
      case 14 -> Rule.inSet("f", 0.1, -1, Double.NaN);
      case 15 -> Rule.betweenExclusive("f", 0.1, null);
      case 16 -> Rule.betweenExclusive("d", 0, 3);
      case 17 -> Rule.between("m", new BigDecimal("-0.05"), new BigDecimal("1.500"));
      case 18 -> Rule.betweenExclusive("p", 0, 1);
      case 19 -> Rule.inSet("p", new BigDecimal("1.00"), 0);
      case 20 -> Rule.betweenExclusive("t", Instant.EPOCH, Instant.ofEpochSecond(2));
      case 21 -> Rule.custom("even", 2);
      case 22 -> Rule.notNull("r.c", "x[].q");
      case 23 -> Rule.between("x[].q", 1, 3);
      case 24 -> Rule.compare("x[].q <= x[].w");
      case 25 -> Rule.compare(random.nextBoolean() ? "n != r.z" : "n > r.z");
      case 26 -> random.nextBoolean() ? Rule.length("a", 1, 2) : Rule.length("g", 1, 1);
      case 27 -> random.nextBoolean() ? Rule.inSet("a[]", "a", "b") : Rule.notMissing("a[]", "b");
      case 28 -> random.nextBoolean() ? Rule.notInSet("g{}", 1, null) : Rule.notNull("g{}", "a");
      case 29 -> Rule.text("rows are what they are");
      case 30 -> Rule.completeness("n", random.nextInt(100));
      case 31 -> random.nextBoolean() ? Rule.min("d", -1, null) : Rule.max("d", null, 3);
      case 32 -> random.nextBoolean() ? Rule.custom("odd", 1) : Rule.custom("even", 1);
      default -> random.nextBoolean() ? Rule.between("x[].y[]", 0, 2) : Rule.unique("r.c", "b");
    };
  }

  private static List<Map<String, Object>> rows(Random random) {
    Object[] texts = {null, "", "a", "ab", "abc", "\u00e9\uD83D\uDE00", "b", " ab\u2003", "\t"};
    Object[] doubles = {null, 0.0, -0.0, 1.5, 3.0, 3.5, Double.NaN, -1.0, 2.0};
    Object[] floats = {null, 0.1f, -0.0f, Float.NaN, 7f, Float.NEGATIVE_INFINITY};
    Object[] decimals = {
      null, new BigDecimal("0"), new BigDecimal("1.5"), new BigDecimal("-0.1"), new BigDecimal("1")
    };
    List<Map<String, Object>> rows = new ArrayList<>();
    int count = random.nextInt(120);
    int keys = 1 + random.nextInt(400);
    double dirt = random.nextInt(3) * 0.02;
    for (int i = 0; i < count; i++) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("k", random.nextDouble() < dirt ? null : (Object) (long) random.nextInt(keys));
      row.put("n", small(random));
      row.put("d", one(random, doubles));
      row.put("s", one(random, texts));
      row.put("e", random.nextDouble() < dirt ? "X" : random.nextBoolean() ? "Y" : "N");
      row.put("f", one(random, floats));
      row.put("m", one(random, decimals));
      row.put("p", one(random, decimals));
      row.put("b", one(random, null, true, false));
      row.put("t", one(random, null, Instant.EPOCH, Instant.ofEpochSecond(1, 1_000)));
      row.put("r", random.nextInt(5) == 0 ? null : inner(random, texts));
      row.put("a", random.nextInt(5) == 0 ? null : several(random, () -> one(random, texts)));
      row.put("x", random.nextInt(5) == 0 ? null : several(random, () -> line(random)));
      row.put("g", random.nextInt(5) == 0 ? null : entries(random));
      rows.add(row);
    }
    return rows;
  }

  private static Object one(Random random, Object... values) {
    return values[random.nextInt(values.length)];
  }

  private static Object small(Random random) {
    return random.nextInt(8) == 0 ? null : (Object) random.nextInt(5);
  }

  private static Map<String, Object> inner(Random random, Object... texts) {
    Map<String, Object> inner = new LinkedHashMap<>();
    inner.put("c", one(random, texts));
    inner.put("z", small(random));
    return inner;
  }

  private static Map<String, Object> line(Random random) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("q", small(random));
    line.put("w", small(random));
    line.put(
        "y", random.nextInt(3) == 0 ? null : several(random, () -> one(random, 1.0, 2.0, 2.5)));
    return line;
  }

  private static List<Object> several(Random random, Supplier<Object> element) {
    List<Object> several = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      several.add(element.get());
    }
    return several;
  }

  private static Map<String, Object> entries(Random random) {
    Map<String, Object> entries = new LinkedHashMap<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      entries.put("key" + i, small(random));
    }
    return entries;
  }

  /** Returns rows as a publish shreds them; often with dictionaries, as in files. */
  private static VectorBatch batch(List<Map<String, Object>> rows, Random random) {
    VectorBatch batch = VectorBatch.empty(SCHEMA);
    RecordShredder shredder = RecordShredders.forRecords(COLUMNS.schema(), SCHEMA);
    TypeViolations violations = new TypeViolations();
    rows.forEach(row -> shredder.shred(row, batch, violations));
    return random.nextBoolean() ? batch : QualityVectorsTest.encoded(batch);
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
