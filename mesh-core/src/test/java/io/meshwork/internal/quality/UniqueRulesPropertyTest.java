package io.meshwork.internal.quality;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.QualityReport;
import io.meshwork.contract.QualityReport.RuleResult;
import io.meshwork.contract.Rule;
import io.meshwork.error.Finding;
import io.meshwork.internal.condition.RuleCondition.Unique;
import io.meshwork.internal.contract.RuleConditions;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.uniqueness.KeyHash;
import io.meshwork.internal.uniqueness.KeyOracle;
import io.meshwork.internal.uniqueness.KeyTable;
import io.meshwork.internal.uniqueness.NewKeys;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.LongStream;
import org.apache.iceberg.Schema;
import org.junit.jupiter.api.Test;

/** Compares uniqueness rules, over several publishes to a table, with hash maps of whole keys. */
class UniqueRulesPropertyTest {
  private static final Contract COLUMNS =
      Contract.of(
              new org.apache.avro.Schema.Parser()
                  .parse(
                      """
                      {"type":"record","name":"row","fields":[
                        {"name":"k","type":["null","string"]},
                        {"name":"n","type":["null","long"]},
                        {"name":"d","type":["null","double"]},
                        {"name":"f","type":["null","float"]},
                        {"name":"m","type":["null",{"type":"bytes","logicalType":"decimal",
                          "precision":20,"scale":2}]},
                        {"name":"p","type":["null",{"type":"bytes","logicalType":"decimal",
                          "precision":9,"scale":2}]},
                        {"name":"b","type":["null","boolean"]},
                        {"name":"u","type":["null",{"type":"fixed","name":"code","size":16}]},
                        {"name":"at","type":["null","long"]},
                        {"name":"w","type":["null","int"]}]}
                      """))
          .maxQuarantineShare(100);

  private static final Schema SCHEMA = IcebergSchemas.fromAvro(COLUMNS.schema());
  private static final long[] KEY_MEMORIES = {1, 20_000, 500_000, QualityGate.KEY_MEMORY};

  /** Memory that keys of no test exceed, in any heap. */
  private static final long MUCH_MEMORY = 64L << 20;

  /** The hash of production, and hashes that some of many keys share. */
  private static final List<KeyHash> MANY_HASHES =
      List.of(
          KeyHash.FULL,
          KeyHash.narrowedBy(hash -> hash & 0xFF0000000000000FL),
          KeyHash.narrowedBy(hash -> hash & 0xFFFF_F000_0000_0000L));

  /** The hash of production, and hashes that many keys share. */
  private static final List<KeyHash> HASHES =
      List.of(
          KeyHash.FULL,
          KeyHash.narrowedBy(hash -> 0),
          KeyHash.narrowedBy(hash -> hash & 0xFF0000000000000FL),
          KeyHash.narrowedBy(hash -> hash >>> 58));

  /** What a publish did, as the gate reports it. */
  private record Outcome(Set<Long> published, PublishVerdict verdict, NewKeys keys) {}

  private long spilled;
  private long failed;
  private long met;

  @Test
  void rulesDecideAsHashMapsOfWholeKeys() {
    for (long seed = 0; seed < 500; seed++) {
      publishes(seed, new Random(seed), 90);
    }
    assertThat(spilled).isGreaterThan(100);
    assertThat(failed).isGreaterThan(100);
    assertThat(met).isGreaterThan(30);
  }

  @Test
  void rulesDecideAsHashMapsOfManyWholeKeys() {
    for (long seed = 1_000; seed < 1_016; seed++) {
      publishes(seed, new Random(seed), 9_000);
    }
  }

  /**
   * Keys that are kept in memory beyond the set, or spilled: texts of UUIDs, and what is similar.
   */
  @Test
  void rulesCountRowsAsHashMapsOfManyUuidTexts() {
    for (long seed = 2_000; seed < 2_012; seed++) {
      Random random = new Random(seed);
      List<Object[]> rows = rows(random, 10_000 + random.nextInt(20_000), 1 << 20);
      List<String> before = new ArrayList<>();
      for (Object[] row : rows) {
        boolean again = !before.isEmpty() && random.nextInt(2_000) == 0;
        String text = again ? before.get(random.nextInt(before.size())) : uuidText(random, before);
        before.add(text);
        row[0] = seed % 3 == 0 && random.nextInt(50) == 0 ? null : text;
        row[1] = seed % 3 == 1 ? 1L : row[1];
      }
      KeyTable table = new KeyTable(SCHEMA, random);
      table.add(seed % 2 == 0 ? List.of() : rows.subList(9_000, 9_010));
      List<Rule> rules =
          List.of(
              Rule.unique("k").scope(Rule.Scope.TABLE).id("rule0"),
              Rule.unique("k", "n").scope(Rule.Scope.BATCH).id("rule1"));
      long memory = new long[] {1, 1_000_000, 3_000_000, MUCH_MEMORY}[random.nextInt(4)];
      KeyHash hash = MANY_HASHES.get(random.nextInt(MANY_HASHES.size()));
      Contract contract = COLUMNS.require(rules.toArray(Rule[]::new));
      Outcome outcome = publish(contract, OnViolation.REJECT, table, memory, hash, rows, random);
      try (NewKeys keys = outcome.keys) {
        String seen = "seed " + seed + " " + memory;
        List<KeyOracle> oracles = oracles(rules, OnViolation.REJECT, table.rows(), rows);
        compare(seen, rules, OnViolation.REJECT, outcome, oracles);
        compareReport(seen, rules, outcome.verdict.report(), oracles, memory);
        compareWithOthers(seen, rules, keys, oracles, rows.subList(50, 70), random);
      }
    }
    assertThat(failed).isGreaterThan(12);
    assertThat(met).isGreaterThan(5);
  }

  /** A UUID as text in lower or upper case, or one that is nearly equal to an earlier text. */
  private static String uuidText(Random random, List<String> before) {
    String text = new UUID(random.nextLong(), random.nextLong()).toString();
    if (before.isEmpty() || random.nextInt(4) > 0) {
      return text;
    }
    String earlier = before.get(random.nextInt(before.size()));
    int at = random.nextInt(Math.max(1, earlier.length()));
    return switch (random.nextInt(6)) {
      case 0 -> earlier.toUpperCase(Locale.ROOT);
      case 1 -> earlier.toLowerCase(Locale.ROOT);
      case 2 -> earlier.substring(0, at);
      case 3 -> earlier + random.nextInt(10);
      case 4 ->
          earlier.substring(0, at) + "g" + earlier.substring(Math.min(at + 1, earlier.length()));
      default -> earlier.replaceFirst("-(.)", "$1-");
    };
  }

  private void publishes(long seed, Random random, int most) {
    KeyTable table = new KeyTable(SCHEMA, random);
    OnViolation policy = random.nextBoolean() ? OnViolation.REJECT : OnViolation.QUARANTINE;
    List<Rule> rules = rules(random, policy);
    Contract contract = COLUMNS.require(rules.toArray(Rule[]::new));
    long memory = KEY_MEMORIES[random.nextInt(KEY_MEMORIES.length)];
    KeyHash hash = HASHES.get(random.nextInt(HASHES.size()));
    int variety = 1 + random.nextInt(most * 4);
    for (int publish = 0; publish < 3; publish++) {
      List<Object[]> rows = rows(random, random.nextInt(most), variety);
      String seen =
          "seed " + seed + ", publish " + publish + ", " + rules + " " + policy + " " + memory;
      Outcome outcome = publish(contract, policy, table, memory, hash, rows, random);
      try (NewKeys keys = outcome.keys) {
        List<KeyOracle> oracles = oracles(rules, policy, table.rows(), rows);
        compare(seen, rules, policy, outcome, oracles);
        compareReport(seen, rules, outcome.verdict.report(), oracles, memory);
        if (!outcome.verdict.refused()) {
          compareWithOthers(seen, rules, keys, oracles, rows(random, 20, variety), random);
          table.add(outcome.published.stream().map(row -> rows.get(row.intValue())).toList());
        }
      }
      spilled += memory < 500_000 && rows.size() > 40 ? 1 : 0;
    }
  }

  private static List<KeyOracle> oracles(
      List<Rule> rules, OnViolation policy, List<Object[]> table, List<Object[]> rows) {
    Set<Long> all = new TreeSet<>(LongStream.range(0, rows.size()).boxed().toList());
    List<KeyOracle> oracles = new ArrayList<>();
    for (Rule rule : rules) {
      KeyOracle oracle = new KeyOracle(SCHEMA, rule, table);
      if (policy == OnViolation.REJECT) {
        oracles.add(oracle.count(rows, all));
      } else if (oracles.isEmpty()) {
        oracles.add(oracle.decide(rows));
      } else {
        oracles.add(oracle.count(rows, oracles.get(0).kept()));
      }
    }
    return oracles;
  }

  private static void compare(
      String seen, List<Rule> rules, OnViolation policy, Outcome outcome, List<KeyOracle> oracles) {
    Set<Long> erroneous = new TreeSet<>();
    for (int i = 0; i < rules.size(); i++) {
      if (rules.get(i).severity() == Rule.Severity.ERROR) {
        erroneous.addAll(oracles.get(i).failing());
      }
    }
    if (policy == OnViolation.REJECT) {
      assertThat(outcome.verdict.refused()).as(seen).isEqualTo(!erroneous.isEmpty());
    } else {
      assertThat(outcome.published).as(seen).isEqualTo(oracles.get(0).kept());
    }
  }

  private void compareReport(
      String seen, List<Rule> rules, QualityReport report, List<KeyOracle> oracles, long memory) {
    for (int i = 0; i < rules.size(); i++) {
      RuleResult result = report.rules().get(i);
      KeyOracle oracle = oracles.get(i);
      String about = seen + ", rule " + result.ruleId();
      assertThat(result.failingRows()).as(about).isEqualTo(oracle.failing().size());
      assertThat(result.evaluatedRows()).as(about).isEqualTo(oracle.evaluated());
      assertThat(result.samples()).as(about).hasSize(Math.min(20, oracle.failing().size()));
      for (String sample : result.samples()) {
        long row = Long.parseLong(sample.replaceAll("^\\{\"row\":(\\d+).*$", "$1")) - 1;
        if (i == 0 || ((Unique) RuleConditions.of(rules.get(0))).keepLatestBy() == null) {
          assertThat(oracle.failing()).as(about).contains(row);
        }
        boolean complete =
            memory == QualityGate.KEY_MEMORY && rules.get(i).scope() == Rule.Scope.BATCH;
        assertThat(sample.contains("values") || !complete).as(about + " " + sample).isTrue();
      }
      if (i == 0 || ((Unique) RuleConditions.of(rules.get(0))).keepLatestBy() == null) {
        assertThat(result.reason()).as(about).isEqualTo(oracle.reason());
      }
      failed += oracle.failing().isEmpty() ? 0 : 1;
    }
  }

  private void compareWithOthers(
      String seen,
      List<Rule> rules,
      NewKeys keys,
      List<KeyOracle> oracles,
      List<Object[]> others,
      Random random) {
    KeyTable now = new KeyTable(SCHEMA, random);
    now.add(others);
    for (Rule.Scope scope : List.of(Rule.Scope.TABLE, Rule.Scope.PARTITION)) {
      TreeSet<Long> shared = new TreeSet<>();
      for (int i = 0; i < rules.size() && shared.isEmpty(); i++) {
        if (rules.get(i).scope() == scope && rules.get(i).severity() == Rule.Severity.ERROR) {
          shared = oracles.get(i).meeting(others);
        }
      }
      Optional<Finding> found = keys.among(scope, now);
      assertThat(found.isPresent()).as(seen + ", " + scope).isEqualTo(!shared.isEmpty());
      if (found.isPresent()) {
        met++;
        assertThat(found.get().count()).as(seen).isEqualTo(shared.size());
        assertThat(found.get().what()).as(seen).contains("in row " + (shared.first() + 1) + ",");
      }
    }
  }

  private static Outcome publish(
      Contract contract,
      OnViolation policy,
      KeyTable table,
      long memory,
      KeyHash hash,
      List<Object[]> rows,
      Random random) {
    try (QualityGate gate =
        QualityGate.open(
            contract, SCHEMA, policy, RuleContext.at(Instant.EPOCH), table, memory, hash)) {
      Set<Long> published = new TreeSet<>();
      List<Long> held = new ArrayList<>();
      for (int from = 0; from < rows.size(); ) {
        int to = Math.min(rows.size(), from + 1 + random.nextInt(2_000));
        QualityGate.Verdict verdict =
            gate.evaluate(batch(rows.subList(from, to), random), new RowMask(0), from);
        for (int row = 0; row < to - from; row++) {
          if (verdict.published().get(row)) {
            published.add((long) from + row);
          } else if (verdict.held().get(row)) {
            held.add((long) from + row);
          }
        }
        from = to;
      }
      gate.endOfInput();
      for (int from = 0; from < held.size(); ) {
        int to = Math.min(held.size(), from + 1 + random.nextInt(500));
        List<Long> numbers = held.subList(from, to);
        List<Object[]> some = numbers.stream().map(row -> rows.get(row.intValue())).toList();
        QualityGate.Verdict verdict =
            gate.judgeHeld(
                batch(some, random), numbers.stream().mapToLong(Long::longValue).toArray());
        for (int row = 0; row < numbers.size(); row++) {
          if (verdict.published().get(row)) {
            published.add(numbers.get(row));
          }
        }
        from = to;
      }
      PublishVerdict verdict = gate.finish(List.of());
      return new Outcome(published, verdict, gate.keys());
    }
  }

  /** One rule that decides, and perhaps others; under QUARANTINE the others only count. */
  private static List<Rule> rules(Random random, OnViolation policy) {
    List<Rule> rules = new ArrayList<>();
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      Rule rule = rule(random).id("rule" + i);
      boolean warns = i > 0 && (policy == OnViolation.QUARANTINE || random.nextBoolean());
      rules.add(warns ? rule.warn() : rule);
    }
    return rules;
  }

  private static Rule rule(Random random) {
    Rule.WithScope rule =
        switch (random.nextInt(10)) {
          case 0 -> Rule.unique("k");
          case 1 -> Rule.unique("n");
          case 2 -> Rule.unique("k", "n");
          case 3 -> Rule.unique("n", "b");
          case 4 -> Rule.unique("d");
          case 5 -> Rule.unique("f", "u");
          case 6 -> Rule.unique("m");
          case 7 -> Rule.unique("p", "m");
          case 8 -> Rule.unique("u");
          default -> Rule.unique("w", "k", "n");
        };
    Rule.Scope[] scopes = Rule.Scope.values();
    rule = rule.scope(scopes[random.nextInt(scopes.length)]);
    if (random.nextInt(3) == 0) {
      rule =
          Rule.uniqueKeepLatestBy("at", rule.columns().toArray(String[]::new)).scope(rule.scope());
    }
    return random.nextInt(4) == 0 ? rule.where("w = 1") : rule;
  }

  private static List<Object[]> rows(Random random, int count, int variety) {
    List<Object[]> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(
          new Object[] {
            random.nextInt(30) == 0 ? null : text(random.nextInt(variety)),
            random.nextInt(30) == 0 ? null : (Object) (random.nextInt(variety) - variety / 2L),
            one(random, null, 0.0, -0.0, Double.NaN, (double) random.nextInt(variety)),
            one(random, null, 0f, -0f, Float.NaN, (float) random.nextInt(variety)),
            random.nextInt(30) == 0 ? null : BigDecimal.valueOf(random.nextInt(variety) - 30L, 2),
            random.nextInt(30) == 0 ? null : BigDecimal.valueOf(random.nextInt(variety) - 30L, 2),
            one(random, null, true, false, true, false),
            random.nextInt(30) == 0 ? null : code(random.nextInt(variety)),
            random.nextInt(9) == 0 ? null : (Object) (random.nextInt(9) - 4L),
            one(random, null, 0, 1, 1, 1)
          });
    }
    return rows;
  }

  /** Texts of many lengths, some with a long common beginning, some much longer than others. */
  private static String text(int number) {
    return switch (number % 4) {
      case 0 -> Integer.toString(number);
      case 1 -> "a common beginning of several words, and then " + number;
      case 2 -> "\u00e9".repeat(number % 19) + number;
      default -> number % 97 == 3 ? "long ".repeat(400) + number : "key-" + number;
    };
  }

  private static byte[] code(int number) {
    byte[] code = new byte[16];
    byte[] text = Integer.toString(number * 31).getBytes(StandardCharsets.UTF_8);
    System.arraycopy(text, 0, code, number % 5, text.length);
    code[15] = (byte) (number % 7 * 40);
    return code;
  }

  private static Object one(Random random, Object... values) {
    return values[random.nextInt(values.length)];
  }

  private static VectorBatch batch(List<Object[]> rows, Random random) {
    VectorBatch batch = RowBatches.batch(SCHEMA, rows);
    return random.nextBoolean() ? batch : QualityVectorsTest.encoded(batch);
  }
}
