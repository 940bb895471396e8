package io.meshwork.odcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.contract.Rule.Scope;
import io.meshwork.odcs.OdcsReport.Element;
import io.meshwork.odcs.OdcsReport.Outcome;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import software.amazon.glue.dqdl.parser.DQDLParser;

/** Rulesets that are written, read, and written again. */
class DqdlRoundTripTest {
  private static final int CASES = 500;

  record Row(
      long id,
      Optional<Integer> count,
      double level,
      Optional<Double> share,
      Optional<LocalDate> day,
      String unit,
      Optional<String> note,
      Instant at,
      Instant until) {}

  private static final Contract COLUMNS = Contract.of(Row.class);

  @Test
  void aRulesetThatIsWrittenIsReadAndWrittenAsItWas() {
    for (long seed = 0; seed < CASES; seed++) {
      Random random = new Random(seed);
      Contract contract = random.nextInt(4) == 0 ? COLUMNS.primaryKey("id") : COLUMNS;
      List<Rule> rules = new ArrayList<>();
      for (int i = random.nextInt(6); i >= 0; i--) {
        rules.add(rule(random).id("r" + i));
      }
      DqdlDocument written = DqdlDocument.of(contract.require(rules.toArray(Rule[]::new)));

      DqdlDocument read = DqdlDocument.parse(written.asDqdl(), contract, Map.of());

      assertThat(read.report().elements())
          .as("seed %d%n%s%n%s", seed, written.asDqdl(), read.report())
          .extracting(Element::outcome)
          .doesNotContain(Outcome.NOT_EXECUTED, Outcome.REFUSED);
      assertThat(
              DqdlDocument.of(read.contract())
                  .asDqdl()
                  .lines()
                  .map(DqdlRoundTripTest::bare)
                  .distinct()
                  .sorted()
                  .toList())
          .as("seed %d", seed)
          .isEqualTo(
              written.asDqdl().lines().map(DqdlRoundTripTest::bare).distinct().sorted().toList());
    }
  }

  @Test
  void whatIsReadIsTheSameAfterItIsWritten() {
    for (long seed = 0; seed < CASES; seed++) {
      Random random = new Random(seed);
      List<String> rules = new ArrayList<>();
      for (int i = random.nextInt(5); i >= 0; i--) {
        rules.add(dqdl(random));
      }
      String text = "Rules = [\n" + String.join(",\n", rules) + "\n]";
      assertThatCode(() -> new DQDLParser().parse(text)).as(text).doesNotThrowAnyException();
      DqdlDocument read = DqdlDocument.parse(text, COLUMNS, Map.of());
      DqdlDocument written = DqdlDocument.of(read.contract());
      assertThat(written.report().elements(Outcome.NOT_EXECUTED))
          .as("seed %d%n%s", seed, text)
          .isEmpty();

      DqdlDocument again = DqdlDocument.parse(written.asDqdl(), COLUMNS, Map.of());

      assertThat(texts(again))
          .as("seed %d%n%s%n%s", seed, text, written.asDqdl())
          .isEqualTo(texts(read));
    }
  }

  private static String bare(String line) {
    return line.strip().replaceAll(",$", "");
  }

  private static List<String> texts(DqdlDocument document) {
    return document.rules().stream().map(Rule::toString).sorted().collect(Collectors.toList());
  }

  private static Rule rule(Random random) {
    BigDecimal low = BigDecimal.valueOf(random.nextInt(2_000) - 1_000, random.nextInt(3));
    BigDecimal high = low.add(BigDecimal.valueOf(1 + random.nextInt(100)));
    String number = any(random, "id", "count", "level", "share");
    String text = any(random, "unit", "note");
    return switch (random.nextInt(20)) {
      case 0 -> Rule.notNull("note", "day");
      case 1 -> Rule.notNull("note").toleratePercent(random.nextInt(100));
      case 2 -> Rule.notMissing("note", "", "N/A");
      case 3 -> Rule.notMissing(number);
      case 4 -> Rule.inSet(text, "a", "", "\"\\", "ü").toleratePercent(random.nextInt(3));
      case 5 -> Rule.notInSet(text, "x", null);
      case 6 -> Rule.between(number, low, high);
      case 7 -> Rule.betweenExclusive(number, low, high);
      case 8 -> Rule.atLeast(number, low);
      case 9 -> Rule.atMost(number, high);
      case 10 -> Rule.between("day", LocalDate.of(2024, 1, 1), LocalDate.of(2025, 1, 1));
      case 11 -> Rule.matches(text, any(random, "[A-Z]{2}", "a\"b", "x*", "a|b", "\\d+\\.\\d"));
      case 12 -> Rule.length(text, random.nextInt(3), 3 + random.nextInt(5));
      case 13 -> Rule.compare(any(random, "at != until", "at <= until", "unit = note"));
      case 14 -> Rule.unique(number, text).scope(Scope.TABLE);
      case 15 -> Rule.rowCount(random.nextInt(5), 10 + random.nextInt(5)).scope(Scope.TABLE);
      case 16 -> Rule.completeness(text, random.nextInt(50), 60 + random.nextInt(40));
      case 17 -> Rule.distinctCount(text, 2, 9).scope(Scope.TABLE);
      case 18 ->
          random.nextBoolean()
              ? Rule.mean(number, low, high)
              : Rule.sum(number, low, high).scope(Scope.TABLE);
      default ->
          random.nextBoolean()
              ? random.nextBoolean() ? Rule.min(number, low, null) : Rule.max(number, null, high)
              : Rule.fresh("at", Duration.ofSeconds(1 + random.nextInt(100_000)));
    };
  }

  private static String dqdl(Random random) {
    int low = random.nextInt(100) - 50;
    String number = any(random, "id", "count");
    String text = any(random, "unit", "note");
    String operator = any(random, ">", ">=", "<", "<=", "=", "!=");
    String range = any(random, "> " + low, ">= " + low, "between " + low + " and " + (low + 9));
    return switch (random.nextInt(9)) {
      case 0 -> "IsComplete \"" + any(random, number, text) + "\"";
      case 1 -> "Completeness \"" + text + "\" > 0." + random.nextInt(9);
      case 2 -> "IsUnique \"" + text + "\"";
      case 3 -> "IsPrimaryKey \"id\" \"" + text + "\"";
      case 4 -> "ColumnValues \"" + number + "\" " + operator + " " + low;
      case 5 -> "ColumnValues \"" + number + "\" " + range;
      case 6 -> "ColumnValues \"" + text + "\" " + any(random, "in", "not in") + " [\"a\", NULL]";
      case 7 -> "ColumnLength \"" + text + "\" " + any(random, "between 1 and 9", ">= 3", "= 4");
      default -> any(random, "RowCount > 3", "Sum \"id\" " + range, "Mean \"count\" <= " + low);
    };
  }

  private static String any(Random random, String... texts) {
    return texts[random.nextInt(texts.length)];
  }
}
