package io.meshwork.odcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshException;
import io.meshwork.odcs.OdcsReport.Element;
import io.meshwork.odcs.OdcsReport.Outcome;
import io.meshwork.product.ProductName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DqdlDocumentTest {
  private static final Map<String, ProductName> SOURCES =
      Map.of("ref", ProductName.of("plant/other"));

  record Reading(
      long id,
      Optional<Long> amount,
      Optional<String> status,
      String unit,
      Optional<Double> level,
      LocalDate day,
      Instant at,
      UUID key,
      boolean valid) {}

  private static DqdlDocument read(String rules) {
    return DqdlDocument.parse("Rules = [ " + rules + " ]", Contract.of(Reading.class), SOURCES);
  }

  private static MeshException refusal(String text) {
    return catchThrowableOfType(
        MeshException.class, () -> DqdlDocument.parse(text, Contract.of(Reading.class), SOURCES));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "IsComplete \"status\" ~ notNull(status)",
        "IsComplete status ~ notNull(status)",
        "IsComplete \"STATUS\" ~ notNull(status)",
        "(IsComplete \"id\") and (IsComplete \"unit\") ~ notNull(id, unit)",
        "Completeness \"status\" >= 0.95 ~ completeness(status, 95, ) scope table",
        "Completeness \"status\" > 0.95 ~ completeness(status, 95.00000000000001, ) scope table",
        "IsUnique \"id\" ~ unique(id) scope table",
        "IsPrimaryKey \"id\" \"amount\" ~ unique(id, amount) scope table & notNull(amount)",
        "ColumnValues \"unit\" in [\"a\", \"b\\\"\\\\\"] ~ inSet(unit, 'a', 'b\"\\')",
        "ColumnValues \"status\" in [\"a\"] ~ inSet(status, 'a') & notNull(status)",
        "ColumnValues \"status\" in [\"a\", NULL, EMPTY] ~ inSet(status, 'a', '')",
        "ColumnValues \"status\" not in [\"a\"] ~ notInSet(status, 'a')",
        "ColumnValues \"status\" not in [\"a\", NULL] ~ notInSet(status, 'a', null)",
        "ColumnValues \"status\" != NULL ~ notNull(status)",
        "ColumnValues \"unit\" = \"a\" ~ inSet(unit, 'a')",
        "ColumnValues \"id\" between 1 and 5 ~ between(id, 1, 5) exclusive",
        "ColumnValues \"amount\" > 3 ~ atLeast(amount, 3) exclusive & notNull(amount)",
        "(ColumnValues \"amount\" > 3) or (ColumnValues \"amount\" = NULL)"
            + " ~ atLeast(amount, 3) exclusive",
        "ColumnValues \"amount\" >= 3 where \"amount is not null\" ~ atLeast(amount, 3)",
        "(ColumnValues \"id\" >= 1) and (ColumnValues \"id\" <= 5) ~ between(id, 1, 5)",
        "(ColumnValues \"id\" >= 1 with threshold >= 0.9) and"
            + " (ColumnValues \"id\" <= 5 with threshold >= 0.9)"
            + " ~ atLeast(id, 1) failing <= 10 percent & atMost(id, 5) failing <= 10 percent",
        "ColumnValues \"id\" <= 5 with threshold >= 0.9 ~ atMost(id, 5) failing <= 10 percent",
        "ColumnValues \"day\" >= \"2024-01-31\" ~ atLeast(day, 2024-01-31)",
        "ColumnValues \"unit\" matches \"^[A-Z]{2}$\" ~ matches(unit, '[A-Z]{2}')",
        "ColumnValues \"unit\" matches \"[A-Z]\\d\""
            + " ~ matches(unit, '(?:.|\\n)*(?:[A-Z]\\d)(?:.|\\n)*')",
        "ColumnLength \"unit\" between 1 and 5 ~ length(unit, 2, 4)",
        "ColumnLength \"status\" <= 5 ~ length(status, 0, 5)",
        "ColumnLength \"status\" > 4 ~ length(status, 5, ) & notNull(status)",
        "RowCount > 0 ~ rowCount(1, ) scope table",
        "RowCount between 1 and 10 ~ rowCount(2, 9) scope table",
        "RowCount = 7 ~ rowCount(7, 7) scope table",
        "DistinctValuesCount \"unit\" > 3 ~ distinctCount(unit, 4, ) scope table",
        "Mean \"id\" between 1 and 3 ~ mean(id, 1.0000000000000002, 2.9999999999999996) scope table",
        "Sum \"id\" > 3 ~ sum(id, 4, ) scope table",
        "StandardDeviation \"level\" <= 2 ~ stddev(level, , 2) scope table",
        "DataFreshness \"at\" <= 24 hours ~ fresh(at, PT24H)",
        "ReferentialIntegrity \"id,unit\" \"ref.{a,b}\" = 1.0"
            + " ~ references(id, unit; plant/other; a, b)",
        "ReferentialIntegrity \"id\" \"ref.a\" >= 0.9"
            + " ~ references(id; plant/other; a) failing <= 10 percent",
        "RowCountMatch \"ref\" = 1.0 ~ sameRowCount(plant/other, 1, 1)",
        "AggregateMatch \"sum(id)\" \"sum(ref.b)\" >= 0.95 ~ sameSum(id, plant/other, b, 0.95, )",
        "DetectAnomalies \"RowCount\" ~ steady(rowCount, 4, 10)",
        "IsComplete \"status\" where \"`unit` = 'a' and id > 3 or valid is null\""
            + " ~ notNull(status) where 'unit = ''a'' AND id > 3 OR valid IS NULL'",
        "ColumnExists \"id\" ~ ",
        "ColumnCount = 9 ~ ",
        "ColumnDataType \"unit\" = \"String\" ~ ",
      })
  void aRuleIsReadWithTheVerdictThatItHas(String dqdl, String rules) {
    DqdlDocument document = read(dqdl);

    String read = document.rules().stream().map(Rule::toString).collect(Collectors.joining(" & "));
    assertThat(document.report().elements())
        .extracting(Element::outcome)
        .containsOnly(Outcome.MAPPED);
    assertThat(read).isEqualTo(rules == null ? "" : rules);
    assertThat(document.contract().rules()).isEqualTo(document.rules());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "Uniqueness \"id\" > 0.9 ~ NOT_EXECUTED ~ no rule is like",
        "UniqueValueRatio \"id\" > 0.9 ~ NOT_EXECUTED ~ no rule is like",
        "Entropy \"id\" > 1 ~ NOT_EXECUTED ~ no rule is like",
        "ColumnCorrelation \"id\" \"amount\" > 0.5 ~ NOT_EXECUTED ~ no rule is like",
        "DatasetMatch \"ref\" \"id\" >= 0.9 ~ NOT_EXECUTED ~ no rule is like",
        "SchemaMatch \"ref\" = 1.0 ~ NOT_EXECUTED ~ no rule is like",
        "ColumnNamesMatchPattern \"[a-z]*\" ~ NOT_EXECUTED ~ no rule is like",
        "FileFreshness \"s3://b/p\" > (now() - 24 hours) ~ NOT_EXECUTED ~ no rule is like",
        "FileSize \"s3://b/p\" > 2 MB ~ NOT_EXECUTED ~ no rule is like",
        "CustomSql \"select count(*) from primary\" > 3 ~ NOT_EXECUTED ~ SQL of another engine",
        "RowCount > avg(last(10)) ~ NOT_EXECUTED ~ calculated",
        "RowCount > 2 * 3 ~ NOT_EXECUTED ~ calculated",
        "RowCount != 3 ~ NOT_EXECUTED ~ no rule has the condition",
        "ColumnValues \"day\" > (now() - 3 days) ~ NOT_EXECUTED ~ calculated",
        "ColumnValues \"id\" not between 1 and 3 ~ NOT_EXECUTED ~ no rule has the condition",
        "ColumnValues \"status\" = NULL ~ NOT_EXECUTED ~ all values are null",
        "ColumnValues \"status\" in [WHITESPACES_ONLY] ~ NOT_EXECUTED ~ one of its constants",
        "ColumnValues \"unit\" = \"2024-01-01\" ~ NOT_EXECUTED ~ one of its constants",
        "ColumnValues \"unit\" matches \"(?i)a\" ~ NOT_EXECUTED ~ means something else",
        "ColumnValues \"amount\" > 3 with threshold >= 0.9 ~ NOT_EXECUTED ~ counts nulls",
        "ColumnValues \"id\" > 3 with threshold < 0.9 ~ NOT_EXECUTED ~ demands rows that fail",
        "ColumnValues \"id\" > 3 with threshold > 0.9 with threshold > 0.8"
            + " ~ NOT_EXECUTED ~ the option 'threshold'",
        "ColumnValues \"id\" > 3 with sampling = 0.9 ~ NOT_EXECUTED ~ the option",
        "(RowCount > 0) or (IsComplete \"id\") ~ NOT_EXECUTED ~ joins rules",
        "IsComplete \"id\" where \"upper(unit) = 'A'\" ~ NOT_EXECUTED ~ its filter is SQL",
        "IsComplete \"id\" where \"id in (1, 2)\" ~ NOT_EXECUTED ~ its filter is SQL",
        "DataFreshness \"at\" > 24 hours ~ NOT_EXECUTED ~ longest age",
        "ReferentialIntegrity \"id\" \"ref.a\" = 0.9 ~ NOT_EXECUTED ~ demands rows that fail",
        "ReferentialIntegrity \"id\" \"ref.a\" between 0.5 and 0.9 ~ NOT_EXECUTED ~ share of rows",
        "Mean \"unit\" > 3 ~ NOT_EXECUTED ~ unit",
        "IsComplete \"none\" ~ REFUSED ~ no column",
        "ColumnExists \"none\" ~ REFUSED ~ no column",
        "ColumnCount > 20 ~ REFUSED ~ 9 columns",
        "ColumnDataType \"id\" = \"Date\" ~ REFUSED ~ another type",
        "RowCountMatch \"elsewhere\" = 1.0 ~ REFUSED ~ 'elsewhere'",
      })
  void whatDoesNotMapIsReportedWithItsReason(String dqdl, Outcome outcome, String reason) {
    DqdlDocument document = read("IsComplete \"id\",\n" + dqdl);

    assertThat(document.rules()).hasSize(1);
    assertThat(document.report().elements()).hasSize(2);
    Element element = document.report().elements().get(1);
    assertThat(element.path()).isEqualTo("Rules[1]");
    assertThat(element.line()).isEqualTo(2);
    assertThat(element.outcome()).isEqualTo(outcome);
    assertThat(element.note()).contains(reason);
  }

  @Test
  void aPartThatForbidsNaNIsDroppedOnlyBesideARangeOnItsColumn() {
    String noNaN = "(CustomSql \"select count(*) from primary where isnan(`level`)\" = 0)";
    DqdlDocument range =
        read("(ColumnValues \"level\" >= 3 where \"level is not null\") and " + noNaN);
    assertThat(range.rules()).extracting(Rule::toString).containsExactly("atLeast(level, 3)");
    assertThat(range.report().elements().get(0).outcome()).isEqualTo(Outcome.MAPPED);
    assertThat(range.report().toString()).doesNotContain("a NaN fails");

    for (String other :
        List.of(
            "(IsComplete \"id\")",
            "(ColumnValues \"id\" >= 3)",
            "(ColumnValues \"level\" >= 3 where \"id > 5\")",
            noNaN)) {
      DqdlDocument document = read(other + " and " + noNaN);
      assertThat(document.rules()).as(other).isEmpty();
      assertThat(document.report().elements().get(0).outcome())
          .as(other)
          .isEqualTo(Outcome.NOT_EXECUTED);
      assertThat(document.report().toString()).contains("it forbids NaN in 'level'");
    }
  }

  @Test
  void whatDiffersFromDqdlIsNoted() {
    assertThat(read("DataFreshness \"at\" <= 1 days").report().toString())
        .contains("the rule that the latest is");
    assertThat(read("ColumnValues \"level\" > 3").report().toString()).contains("a NaN fails");
    assertThat(read("IsUnique \"status\"").report().toString()).contains("with a null are skipped");
    assertThat(read("StandardDeviation \"id\" < 3").report().toString()).contains("one less");
  }

  @Test
  void sectionsVariablesLabelsCommentsAndAnalyzersAreUnderstood() {
    DqdlDocument document =
        DqdlDocument.parse(
            """
            # The rules of the plant
            Metadata = { "Version": "1.0" }
            DataSources = { "Primary": "a", "AdditionalDataSources": [ "ref" ] }
            DefaultLabels = [ "team" = "plant" ]
            units = [ "kWh", "MWh" ]
            other = "GWh"
            Rules = [
              IsComplete "id" labels = [ "level" = "high" ], # first
              ColumnValues "unit" in $units,
              ColumnValues "unit" in [ $other, "Wh" ],
              IsComplete "id"
            ]
            Analyzers = [ RowCount, Completeness "id" ]
            """,
            Contract.of(Reading.class),
            Map.of());

    assertThat(document.rules())
        .extracting(Rule::toString)
        .containsExactly("notNull(id)", "inSet(unit, 'kWh', 'MWh')", "inSet(unit, 'GWh', 'Wh')");
    assertThat(document.rules()).extracting(Rule::id).doesNotHaveDuplicates();
    assertThat(document.report().elements(Outcome.NOT_EXECUTED))
        .extracting(Element::toString)
        .containsExactly(
            "NOT_EXECUTED Analyzers[0] (line 13): an analyzer has no verdict",
            "NOT_EXECUTED Analyzers[1] (line 13): an analyzer has no verdict");
  }

  @Test
  void rulesOfTheContractStayAndItsPrimaryKeyIsNotReadAgain() {
    Contract contract = Contract.of(Reading.class).primaryKey("id").require(Rule.notNull("status"));

    DqdlDocument document =
        DqdlDocument.parse(
            "Rules = [IsPrimaryKey \"id\", IsComplete \"status\", RowCount > 0]",
            contract,
            Map.of());

    assertThat(document.rules())
        .extracting(Rule::toString)
        .containsExactly("rowCount(1, ) scope table");
    assertThat(document.contract().rules()).hasSize(2);
    assertThat(document.report().elements(Outcome.MAPPED)).hasSize(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "`` ~ line 1, column 1, at the top: it has no section Rules",
        "Rules = [  ~ line 1, column 10, at Rules[0]: the end of the ruleset is not a rule",
        "Rules [] ~ line 1, column 7, at the top: '[' is not '='",
        "Rules = [ RowCount > 0, ] ~ line 1, column 25, at Rules[0]: a rule is missing",
        "Rules = [ RowCount > ] ~ line 1, column 22, at Rules[0]: ']' is not a value",
        "Rules = [ RowCount > 0 RowCount > 1 ] ~ 'RowCount' is not ','",
        "Rules = [ ColumnValues \"id\" between 1 ] ~ ']' is not 'and'",
        "Rules = [ ColumnValues \"id\" not > 1 ] ~ is not a condition",
        "Rules = [ IsComplete \"id ] ~ line 1, column 22, at the top: a quotation mark",
        "Rules = [ (RowCount > 0 ] ~ ']' is not ')'",
        "Rules = [ ColumnValues \"unit\" in $none ] ~ the variable 'none' is not declared",
        "Rules = [ ColumnValues \"unit\" = abc ] ~ 'abc' is not a value",
        "Rules = [ RowCount > 0 ]; ~ the character ';' is not part of DQDL",
        "Rules = [ RowCount > 0 where x ] ~ 'x' is not a filter",
        "Rules = [ RowCount > avg(last(10) ] ~ a parenthesis is not closed",
        "Metadata = { \"a\": \"b\" ~ a { is not closed",
      })
  void aFaultNamesLineAndColumn(String text, String message) {
    MeshException refusal = refusal(text);

    assertThat(refusal.code()).isEqualTo(ErrorCode.CONTRACT_INVALID.code());
    assertThat(refusal).hasMessageContaining(message).hasMessageContaining("line 1, column");
  }

  @Test
  void theLineOfAFaultIsCounted() {
    assertThat(refusal("# a\n\nRules = [\n  RowCount > 0,\n  RowCount >> 3\n]"))
        .hasMessageContaining("line 5, column 13, at Rules[1]: '>' is not a value");
  }

  @Test
  void hostileRulesetsAreRejectedByALimit() {
    String rules =
        IntStream.range(0, 2_001).mapToObj(i -> "RowCount > 0").collect(Collectors.joining(","));
    for (String text :
        List.of(
            "Rules = [" + rules + "]",
            "Rules = [" + "(".repeat(100_000) + "RowCount > 0" + ")".repeat(100_000) + "]",
            "Rules = [ RowCount > " + "9".repeat(100_000) + "]",
            "Rules = [ ColumnValues \"id\" in [" + "1,".repeat(200_000) + "1] ]",
            "#" + "x".repeat(2_000_000))) {
      MeshException refusal = refusal(text);
      assertThat(refusal).as(text.substring(0, 30)).isNotNull();
      assertThat(refusal.code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED.code());
      assertThat(refusal).hasMessageContaining("line 1, column");
    }
    for (String text :
        List.of(
            "(".repeat(100_000), "[".repeat(100_000), "\"".repeat(99_999), "\\".repeat(9_999))) {
      assertThat(refusal(text)).as(text.substring(0, 30)).isNotNull();
    }
    assertThat(
            read("IsComplete \"id\" where \"" + "id > 1 and ".repeat(20_000) + "id > 2\"").rules())
        .isEmpty();
    assertThat(read("ColumnValues \"unit\" matches \"" + "(a*)*".repeat(500) + "$\"").report())
        .isNotNull();
  }

  @Test
  void manyRulesAreReadTogether() {
    String rules =
        IntStream.range(0, 2_000)
            .mapToObj(i -> "ColumnValues \"id\" != " + i)
            .collect(Collectors.joining(","));

    assertThat(read(rules).rules()).hasSize(2_000);
  }

  @Test
  void aFileIsReadAndAFaultNamesIt(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("plant.dqdl");
    Files.writeString(file, "Rules = [ IsComplete \"id\" ]");

    DqdlDocument document = DqdlDocument.read(file, Contract.of(Reading.class), Map.of());

    assertThat(document.rules()).hasSize(1);
    assertThat(document.asDqdl()).isEqualTo("Rules = [ IsComplete \"id\" ]");
    Files.write(file, "Rules = [ é".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(
            catchThrowableOfType(
                MeshException.class,
                () -> DqdlDocument.read(file, Contract.of(Reading.class), Map.of())))
        .hasMessageContaining("plant.dqdl")
        .hasMessageContaining("not UTF-8");
  }
}
