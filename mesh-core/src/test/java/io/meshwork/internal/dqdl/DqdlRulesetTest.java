package io.meshwork.internal.dqdl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.contract.Rule.Scope;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.glue.dqdl.parser.DQDLParser;

/** The text of rules in DQDL, and the reasons of those that it cannot express. */
class DqdlRulesetTest {
  record City(String name) {}

  record OrderOfEachType(
      long orderId,
      String status,
      Optional<String> note,
      double fare,
      float share,
      Optional<LocalDate> day,
      Instant at,
      UUID ref,
      boolean paid,
      City city,
      List<Long> lines) {}

  private static String written(Rule rule) {
    DqdlRuleset ruleset = of(rule);
    assertThat(ruleset.omitted()).isEmpty();
    assertThatCode(() -> new DQDLParser().parse(ruleset.text()))
        .as(ruleset.text())
        .doesNotThrowAnyException();
    return ruleset.rules().get(0).text();
  }

  private static String omitted(Rule rule) {
    DqdlRuleset ruleset = of(rule);
    assertThat(ruleset.rules()).isEmpty();
    return ruleset.omitted().get(0).reason();
  }

  private static DqdlRuleset of(Rule rule) {
    return DqdlRuleset.of(
        Contract.of(OrderOfEachType.class).require(rule), name -> name.toLowerCase(Locale.ROOT));
  }

  @Test
  void rulesOnRowsHaveTheNamesOfTheTable() {
    assertThat(written(Rule.notNull("note"))).isEqualTo("IsComplete \"note\"");
    assertThat(written(Rule.notNull("note", "day")))
        .isEqualTo("(IsComplete \"note\") and (IsComplete \"day\")");
    assertThat(written(Rule.notNull("note").toleratePercent(5)))
        .isEqualTo("Completeness \"note\" >= 0.95");
    assertThat(written(Rule.notMissing("note", "", "N/A")))
        .isEqualTo("ColumnValues \"note\" not in [EMPTY, \"N/A\", NULL]");
    assertThat(written(Rule.inSet("status", "A", "\"\\").toleratePercent(0.5)))
        .isEqualTo("ColumnValues \"status\" in [\"A\", \"\\\"\\\\\"] with threshold >= 0.995");
    assertThat(written(Rule.inSet("ref", "00000000-0000-0000-0000-00000000000A")))
        .isEqualTo("ColumnValues \"ref\" in [\"00000000-0000-0000-0000-00000000000a\"]");
    assertThat(written(Rule.atLeast("orderId", 1))).isEqualTo("ColumnValues \"orderid\" >= 1");
    assertThat(written(Rule.between("day", LocalDate.of(2024, 1, 1), null)))
        .isEqualTo("ColumnValues \"day\" >= \"2024-01-01\" where \"`day` is not null\"");
    assertThat(written(Rule.atLeast("fare", new BigDecimal("0.10"))))
        .isEqualTo(
            "(ColumnValues \"fare\" >= 0.1) and"
                + " (CustomSql \"select count(*) from primary where isnan(`fare`)\" = 0)");
    assertThat(written(Rule.matches("status", "[A-Z]\\d")))
        .isEqualTo("ColumnValues \"status\" matches \"(?d)^(?:[A-Z]\\d)(?![^a]|a)\"");
    assertThat(written(Rule.length("note", 1, 3)))
        .isEqualTo(
            "(ColumnLength \"note\" >= 1 where \"`note` is not null\") and"
                + " (ColumnLength \"note\" <= 3 where \"`note` is not null\")");
    assertThat(written(Rule.compare("status != note")))
        .isEqualTo("CustomSql \"select count(*) from primary where not (`status` <> `note`)\" = 0");
  }

  @Test
  void rulesOnTheTableHaveBothEnds() {
    assertThat(written(Rule.rowCount(1, 10).scope(Scope.TABLE)))
        .isEqualTo("(RowCount >= 1) and (RowCount <= 10)");
    assertThat(written(Rule.completeness("note", 90, 99.5)))
        .isEqualTo("(Completeness \"note\" >= 0.9) and (Completeness \"note\" <= 0.995)");
    assertThat(written(Rule.unique("note").scope(Scope.TABLE)))
        .isEqualTo("IsUnique \"note\" where \"`note` is not null\"");
    assertThat(written(Rule.fresh("at", Duration.ofHours(1))))
        .isEqualTo(
            "CustomSql \"select count(*) from primary where `at` >= current_timestamp() - interval"
                + " '3600' second\" > 0");
    assertThat(
            DqdlRuleset.of(Contract.of(OrderOfEachType.class).primaryKey("orderId"), name -> name)
                .text())
        .isEqualTo("Rules = [\n    IsPrimaryKey \"orderId\"\n]");
  }

  @Test
  void whatHasAnotherVerdictIsOmittedWithItsReason() {
    assertThat(omitted(Rule.notNull("note").where("status = 'A'"))).isEqualTo("it has a filter");
    assertThat(omitted(Rule.notNull("note").tolerateRows(3))).contains("numbers of rows");
    assertThat(omitted(Rule.notNull("city.name"))).isEqualTo("DQDL has no nested columns");
    assertThat(omitted(Rule.atLeast("lines[]", 1))).isEqualTo("DQDL has no nested columns");
    assertThat(omitted(Rule.length("lines", 1, 2))).contains("length of strings");
    assertThat(omitted(Rule.inSet("paid", true))).contains("constant");
    assertThat(omitted(Rule.atLeast("at", Instant.EPOCH))).contains("constant");
    assertThat(omitted(Rule.inSet("status", "2024-01-01"))).contains("date");
    assertThat(omitted(Rule.atLeast("share", 0.1))).contains("float");
    assertThat(omitted(Rule.between("fare", 0, 1).toleratePercent(1))).contains("share of rows");
    assertThat(omitted(Rule.unique("note"))).contains("each publish");
    assertThat(omitted(Rule.unique("note").scope(Scope.PARTITION))).contains("partitions");
    assertThat(omitted(Rule.rowCount(1, 10))).contains("each publish");
    assertThat(omitted(Rule.stddev("fare", 0, 1).scope(Scope.TABLE))).contains("one less");
    assertThat(omitted(Rule.min("fare", 0, 1))).contains("smallest");
    assertThat(omitted(Rule.sameRowCount("plant/other"))).contains("another product");
    assertThat(omitted(Rule.steady("rowCount", 3, 10))).contains("earlier");
    assertThat(omitted(Rule.text("Ask the plant"))).contains("people");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "\\s+",
        "(?i)a",
        "[[:alpha:]]+",
        "[a&&b]",
        "\\pL",
        "\\bword",
        "(?P<name>a)",
        "[]a]",
        "x{,2}"
      })
  void expressionsThatMeanSomethingElseInJavaAreOmitted(String regex) {
    assertThat(omitted(Rule.matches("status", regex))).contains("regular expression");
  }
}
