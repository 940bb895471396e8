package io.meshwork.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.contract.Rule.Dimension;
import io.meshwork.contract.Rule.Kind;
import io.meshwork.contract.Rule.Scope;
import io.meshwork.internal.contract.RuleConditions;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rules of every kind, written and read back. */
class RuleTextPropertyTest {
  private static final List<String> COLUMNS =
      List.of("a", "b_2", "customer.city", "lines[].quantity", "parts{}.price", "_x", "deep[][].y");
  private static final List<String> TEXTS =
      List.of("", "'", "''", "a, b", "x)", "(y", "N/A", " where 'z'", "\u00e9\ud83d\ude00", "; ;");

  @Test
  void aRuleOfAnyKindReadsBackFromItsText() {
    Set<Kind> seen = EnumSet.noneOf(Kind.class);
    for (long seed = 0; seed < 5_000; seed++) {
      Random random = new Random(seed);
      Rule rule = detailed(rule(random), random);
      seen.add(rule.kind());
      Rule plain = Rule.parse(rule.toString());
      Rule read = rule.severity() == Rule.Severity.WARN ? plain.warn() : plain.error();
      assertThat(read.toString()).as("seed %s", seed).isEqualTo(rule.toString());
      assertThat(RuleConditions.of(read))
          .as("seed %s %s", seed, rule)
          .isEqualTo(RuleConditions.of(rule));
      assertThat(read).as("seed %s %s", seed, rule).isEqualTo(rule);
      assertThat(List.of(read.where(), read.scope()))
          .as("seed %s %s", seed, rule)
          .isEqualTo(List.of(rule.where(), rule.scope()));
    }
    assertThat(seen).isEqualTo(EnumSet.allOf(Kind.class));
  }

  private static Rule rule(Random random) {
    String a = COLUMNS.get(random.nextInt(COLUMNS.size()));
    String b = COLUMNS.get(random.nextInt(COLUMNS.size())) + "z";
    BigDecimal low = number(random);
    BigDecimal high = low.add(BigDecimal.valueOf(random.nextInt(1_000), random.nextInt(4)));
    BigDecimal openLow = random.nextInt(4) == 0 ? null : low;
    BigDecimal openHigh = openLow != null && random.nextInt(4) == 0 ? null : high;
    return switch (Kind.values()[random.nextInt(Kind.values().length)]) {
      case NOT_NULL -> Rule.notNull(a, b);
      case NOT_MISSING ->
          random.nextBoolean() ? Rule.notMissing(a) : Rule.notMissing(a, text(random), 3, true);
      case BETWEEN -> range(random, a, openLow, openHigh);
      case IN_SET -> Rule.inSet(a, text(random), low, null, Double.NaN, LocalDate.EPOCH);
      case NOT_IN_SET -> Rule.notInSet(a, null, text(random), Instant.EPOCH, false);
      case MATCHES -> Rule.matches(a, "[A-Z']{" + random.nextInt(9) + "}\\)|,");
      case LENGTH ->
          Rule.length(a, 2, random.nextBoolean() ? Integer.MAX_VALUE : 2 + random.nextInt(9));
      case COMPARE ->
          Rule.compare(a + List.of("=", "!=", "<", "<=", ">", ">=").get(random.nextInt(6)) + b);
      case REFERENCES ->
          random.nextBoolean()
              ? Rule.references(a, "sales/orders", b)
              : Rule.references(List.of(a, b), "sales/order_lines", List.of("c", "d"));
      case CUSTOM -> Rule.custom("no-weekend." + random.nextInt(9), 1 + random.nextInt(99));
      case UNIQUE -> random.nextBoolean() ? Rule.unique(a) : Rule.uniqueKeepLatestBy("t.u", a, b);
      case ROW_COUNT ->
          Rule.rowCount(1, random.nextBoolean() ? Long.MAX_VALUE : 1 + random.nextInt(99));
      case COMPLETENESS -> Rule.completeness(a, random.nextInt(1_001) / 10.0);
      case DISTINCT_COUNT -> Rule.distinctCount(a, random.nextInt(9), null);
      case MEAN -> Rule.mean(a, openLow, openHigh);
      case STDDEV -> Rule.stddev(a, null, random.nextInt(9));
      case SUM -> Rule.sum(a, openLow, openHigh);
      case MIN -> Rule.min(a, openLow, openHigh);
      case MAX -> Rule.max(a, null, LocalDateTime.of(2024, 1, 1 + random.nextInt(20), 0, 0));
      case FRESH -> {
        Duration within = Duration.ofSeconds(1 + random.nextInt(1_000_000));
        yield random.nextBoolean()
            ? Rule.fresh(a, within)
            : Rule.fresh(a, within, ZoneId.of("America/New_York"));
      }
      case STEADY ->
          Rule.steady(
              random.nextBoolean() ? "rowCount" : "mean(" + a + ")",
              1 + random.nextInt(50) / 10.0,
              5 + random.nextInt(20));
      case SAME_ROW_COUNT -> Rule.sameRowCount("sales/orders", openLow, openHigh);
      case SAME_SUM -> Rule.sameSum(a, "sales/orders", b, openLow, openHigh);
      case TEXT -> Rule.text("Words, 'quoted' " + text(random));
    };
  }

  private static Rule range(Random random, String column, Object low, Object high) {
    LocalTime time = LocalTime.of(1, random.nextInt(60));
    Instant instant = Instant.ofEpochSecond(random.nextInt(), 1_000);
    LocalDate date = LocalDate.ofEpochDay(random.nextInt(40_000));
    return switch (random.nextInt(8)) {
      case 0 -> Rule.between(column, low, high);
      case 1 -> Rule.betweenExclusive(column, low, high);
      case 2 -> Rule.between(column, time, LocalTime.MAX);
      case 3 -> Rule.betweenExclusive(column, time, LocalTime.MAX);
      case 4 -> Rule.atLeast(column, instant);
      case 5 -> Rule.greaterThan(column, instant);
      case 6 -> Rule.atMost(column, date);
      default -> Rule.lessThan(column, date);
    };
  }

  private static Rule detailed(Rule plain, Random random) {
    Rule rule = plain;
    if (rule.kind() == Kind.NOT_MISSING && random.nextBoolean()) {
      rule = Rule.parse(rule + " trimmed");
    }
    if (rule instanceof Rule.OnRows onRows) {
      rule =
          switch (random.nextInt(3)) {
            case 0 -> onRows.toleratePercent(random.nextInt(1_001) / 10.0);
            case 1 -> onRows.tolerateRows(random.nextInt(99));
            default -> rule;
          };
    }
    if (random.nextBoolean()) {
      rule = rule.where("status = '" + text(random).replace("'", "''") + "'");
    }
    if (rule instanceof Rule.WithScope scoped && random.nextInt(3) == 0) {
      List<Scope> scopes = List.copyOf(rule.kind().scopes());
      rule = scoped.scope(scopes.get(random.nextInt(scopes.size())));
    }
    return random.nextBoolean() ? rule : rule.warn();
  }

  @Test
  void aContractKeepsAllPartsOfARule() {
    Rule rule =
        Rule.steady("rowCount")
            .error()
            .dimension(Dimension.COVERAGE)
            .description("as many as ever")
            .id("as-ever");
    Contract contract =
        Contract.fromAvroText(
                "{\"type\":\"record\",\"name\":\"r\",\"fields\":[{\"name\":\"a\",\"type\":\"int\"}]}")
            .require(rule, Rule.text("nobody knows").warn());
    assertThat(Contract.fromJson(contract.toJson()).rules())
        .isEqualTo(contract.rules())
        .first()
        .isEqualTo(rule);
  }

  private static String text(Random random) {
    return TEXTS.get(random.nextInt(TEXTS.size()));
  }

  private static BigDecimal number(Random random) {
    return BigDecimal.valueOf(random.nextInt(2_000_000) - 1_000_000, random.nextInt(7));
  }
}
