package io.meshwork.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which rules a schema takes, whatever the rows will be. */
class RuleTypeCheckTest {
  private static final Contract COLUMNS =
      Contract.fromAvroText(
          """
          {"type":"record","name":"row","fields":[
            {"name":"id","type":"long"},
            {"name":"other","type":"long"},
            {"name":"amount","type":{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}},
            {"name":"share","type":"double"},
            {"name":"name","type":["null","string"]},
            {"name":"raw","type":"bytes"},
            {"name":"flag","type":"boolean"},
            {"name":"day","type":{"type":"int","logicalType":"date"}},
            {"name":"at","type":{"type":"long","logicalType":"timestamp-micros"}},
            {"name":"wall","type":{"type":"long","logicalType":"local-timestamp-micros"}},
            {"name":"buyer","type":["null",{"type":"record","name":"person","fields":[
              {"name":"city","type":["null","string"]},{"name":"age","type":"int"}]}]},
            {"name":"lines","type":{"type":"array","items":{"type":"record","name":"line","fields":[
              {"name":"quantity","type":"int"},{"name":"most","type":"int"}]}}},
            {"name":"tags","type":{"type":"array","items":"string"}},
            {"name":"parts","type":{"type":"map","values":"int"}}]}
          """);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "notNull(buyer, buyer.city, lines[].quantity, parts{}, tags)",
        "notMissing(name, '', 'N/A') trimmed",
        "notMissing(id, 0)",
        "notMissing(raw)",
        "notInSet(buyer.age, null, 0)",
        "inSet(tags[], 'a')",
        "between(parts{}, 0, 5)",
        "length(tags, 1, )",
        "length(parts, , 9)",
        "length(raw, 1, 9)",
        "compare(id <= other)",
        "compare(lines[].quantity <= lines[].most)",
        "references(id, buyer.city; sales/people; id, city)",
        "custom('x', 1) where 'buyer.age > 3'",
        "unique(id, buyer.city) keepLatestBy at scope table",
        "completeness(buyer, 1, )",
        "completeness(tags, 1, )",
        "distinctCount(raw, 1, )",
        "mean(share, 0.5, )",
        "sum(amount, , 1)",
        "stddev(buyer.age, , 1)",
        "min(day, 2024-01-01, )",
        "max(at, , 2024-01-01T00:00:00+01:00)",
        "max(wall, , 2024-01-01T00:00:00)",
        "fresh(at, PT1H)",
        "fresh(wall, P1D) zone 'America/New_York'",
        "steady(mean(share), 4, 10)",
        "sameSum(amount, sales/others, total, 1, 1)",
        "text('anything')"
      })
  void aRuleThatFitsIsAcceptedAndKeptInJson(String text) {
    Contract contract = COLUMNS.require(Rule.parse(text));

    assertThat(Contract.fromJson(contract.toJson())).isEqualTo(contract);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "fresh(wall, PT1H) | contains local timestamps, but the rule has no time zone",
        "fresh(at, PT1H) zone 'Europe/Berlin' | contains instants, which have no time zone",
        "fresh(day, PT1H) | requires a timestamp",
        "between(at, 2024-01-01T00:00:00, ) | has an offset",
        "between(wall, 2024-01-01T00:00:00Z, ) | has no offset",
        "max(at, 2024-01-01T00:00:00, ) | has an offset",
        "between(name, 1, 2) | requires a number, date, time, or timestamp",
        "min(name, 1, 2) | requires a number, date, time, or timestamp",
        "mean(name, 1, 2) | requires a number",
        "mean(day, 1, 2) | requires a number",
        "sum(tags, 1, 2) | nested type list",
        "sum(lines[].quantity, 1, 2) | has several values in a row",
        "unique(tags[]) | has several values in a row",
        "unique(buyer) | nested type struct",
        "unique(id) keepLatestBy name | to keep the latest",
        "unique(id) keepLatestBy lines[].most | to keep the latest",
        "references(lines[].quantity; a/b; c) | has several values in a row",
        "compare(id <= buyer.age) | different types",
        "compare(buyer.age <= lines[].quantity) | are not in the same list or map",
        "matches(id, '1') | requires a string",
        "matches(tags, '1') | nested type list",
        "length(id, 1, 2) | requires a string, bytes, a list, or a map",
        "notInSet(raw, 1) | requires a type that has literals",
        "notMissing(id, '') | its literal number 1 is a string, which does not fit column id of type"
            + " long",
        "inSet(day, true) | its literal number 1 is a boolean, which does not fit",
        "notMissing(id) trimmed | requires a string to trim",
        "inSet(id, 1.5) | number with a fraction",
        "steady(max(day), 4, 10) | requires a number",
        "notNull(buyer.town) | column buyer.town does not exist",
        "notNull(lines.quantity) | column lines.quantity does not exist",
        "notNull(idd) | the nearest are id",
        "notNull(name) where 'nobody = 1' | its filter is not valid for these columns,"
            + " UNKNOWN_COLUMN",
        "notNull(name) where 'id = ''x''' | its filter is not valid for these columns,"
            + " FILTER_TYPE_MISMATCH",
        "notNull(name) where 'id =' | SYNTAX: at character 5, the filter ends where a constant is"
            + " expected"
      })
  void aRuleThatDoesNotFitIsRejectedWithTheReason(String text, String reason) {
    Rule rule = Rule.parse(text);

    assertThatThrownBy(() -> COLUMNS.require(rule))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e -> {
              assertThat(e.errorCode()).isEqualTo(ErrorCode.CONTRACT_INVALID);
              assertThat(e.findings()).hasSize(1);
              assertThat(e.findings().get(0).what()).contains(reason);
              assertThat(e.findings().get(0).fix()).isNotBlank();
            });
  }

  enum State {
    NEW,
    PAID
  }

  record Step(Optional<State> state) {}

  record Journey(State state, List<Step> steps, Map<String, State> places) {}

  @ParameterizedTest
  @ValueSource(
      strings = {
        "inSet(state, 'NEW', 'PIAD')",
        "notInSet(steps[].state, 'PIAD')",
        "inSet(places{}, 'PIAD')",
        "notNull(steps) where 'state = ''PIAD'''"
      })
  void literalsThatNoSymbolOfAnEnumEqualsAreRejectedInNewRulesOnly(String text) {
    Contract journeys = Contract.of(Journey.class);
    Rule rule = Rule.parse(text);

    assertThatThrownBy(() -> journeys.require(rule))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e -> {
              assertThat(e.errorCode()).isEqualTo(ErrorCode.CONTRACT_INVALID);
              assertThat(e.findings().get(0).fix()).contains("Did you mean 'PAID'?");
            });
    String corrected = journeys.require(Rule.parse(text.replace("PIAD", "PAID"))).toJson();
    Contract stored = Contract.fromStoredJson(corrected.replace("PAID'", "PIAD'"));
    assertThat(stored).isNotEqualTo(Contract.fromStoredJson(corrected));
    assertThat(stored.require(Rule.inSet("state", "NEW").id("other")).rules()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({"notNul(id), notNull", "inset(id; 1), inSet", "atleast(id; 1), atLeast"})
  void anUnknownKindOfRuleIsRejectedWithTheNearestOne(String text, String kind) {
    assertThatThrownBy(() -> Rule.parse(text))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("Did you mean '" + kind + "'?", "The kinds are ");
  }

  @Test
  void anInvalidFilterIsReportedWithItsPositionAndTheRule() {
    Rule rule = Rule.notNull("name").where("id == 1");

    assertThatThrownBy(() -> COLUMNS.require(rule))
        .hasMessageContaining("SYNTAX: at character 5, a constant is expected.")
        .hasMessageContaining("as in amount >= 10 AND country IN ('SE', 'NO').")
        .hasMessageContaining("Follow the example.");
  }

  @Test
  void theSecondKindOfToleranceIsRejected() {
    Rule.OnRows share = Rule.notNull("name").toleratePercent(5);
    Rule.OnRows rows = Rule.notNull("name").tolerateRows(3);

    assertThatThrownBy(() -> share.tolerateRows(3))
        .hasMessageContaining("it already tolerates 5 percent of the rows");
    assertThatThrownBy(() -> rows.toleratePercent(5))
        .hasMessageContaining("it already tolerates 3 rows");
    assertThat(share.toleratePercent(0).tolerateRows(3)).isEqualTo(rows);
    assertThat(rows.tolerateRows(0).toleratePercent(5)).isEqualTo(share);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "notInSet(a) | lists no value",
        "notMissing(a, null) | null is one of its values",
        "notNull(a) trimmed | only notMissing can be trimmed",
        "notNull(a) zone 'UTC' | only fresh has a time zone",
        "fresh(a, PT1H) zone 'Mars' | is not a time zone",
        "fresh(a, PT0S) | not positive",
        "fresh(a, 1h) | is not a duration",
        "notNull(a) keepLatestBy b | only unique supports",
        "notNull(a) scope table | does not support this scope",
        "unique(a) scope world | is not a scope",
        "references(a; sales/x; b) scope batch | does not support this scope",
        "references(a, b; sales/x; c) | has 2 columns and 1 other columns",
        "references(a; sales; c) | is not a product name",
        "references(a, sales/x, c) | three parts",
        "completeness(a, 101, ) | is out of range",
        "stddev(a, -1, ) | is out of range",
        "mean(a, , ) | both ends are open",
        "mean(a, 2, 1) | low end is above",
        "mean(a, x, 1) | is not a literal",
        "steady(mean, 4, 10) | is not a metric",
        "steady(rowCount(a), 4, 10) | is not a metric",
        "steady(unique(a), 4, 10) | is not a metric",
        "steady(rowCount, 0, 10) | not a number above 0",
        "steady(rowCount, 4, 4) | window is 4",
        "custom(x, 1) | not in quotes",
        "custom('two words', 1) | not a name and version",
        "custom('x', 0) | not a name and version",
        "text(x) | not in quotes",
        "notNull(a) where '' | its filter is empty",
        "notNull(a) where a = 1 | follows its arguments",
        "notNull(a) failing <= 1 rows failing <= 2 rows | twice",
        "rowCount(1, ) failing <= 1 rows | does not check single rows"
      })
  void anInvalidRuleIsRejectedWhenItIsRead(String text, String reason) {
    assertThatThrownBy(() -> Rule.parse(text))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e -> {
              assertThat(e.errorCode()).isEqualTo(ErrorCode.RULE_INVALID);
              assertThat(e).hasMessageContaining(reason);
            });
  }
}
