package io.meshwork.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules as values and as text. */
class RuleTest {
  @Test
  void everyRuleReadsBackFromItsText() {
    List<Rule> rules =
        List.of(
            Rule.notNull("a", "b"),
            Rule.unique("a", "b"),
            Rule.between("a", 0, 10.50),
            Rule.betweenExclusive("a", -1, 2).toleratePercent(0.1),
            Rule.atLeast("a", LocalDate.of(2024, 1, 1)),
            Rule.atMost("a", LocalTime.of(10, 0)),
            Rule.between("a", LocalDateTime.of(2024, 1, 1, 0, 0), null),
            Rule.between("a", null, Instant.parse("2024-01-01T00:00:00Z")),
            Rule.inSet("a", "O'Hara", "", "a, b)", null),
            Rule.inSet("a", 1, 2.5, Double.NaN, Double.NEGATIVE_INFINITY, true),
            Rule.inSet("a", UUID.fromString("123e4567-e89b-12d3-a456-426614174000")),
            Rule.matches("a", "[A-Z]{3}('|,)\\)").tolerateRows(3),
            Rule.length("a", 1, 3),
            Rule.length("a", 1, Integer.MAX_VALUE),
            Rule.compare("a!=b"),
            Rule.rowCount(1, Long.MAX_VALUE),
            Rule.rowCount(0, 7));
    for (Rule rule : rules) {
      assertThat(Rule.parse(rule.toString())).as(rule.toString()).isEqualTo(rule);
    }
    assertThat(rules.get(2).toString()).isEqualTo("between(a, 0, 10.5)");
    assertThat(rules.get(3).toString())
        .isEqualTo("between(a, -1, 2) exclusive failing <= 0.1 percent");
    assertThat(rules.get(6).toString()).isEqualTo("between(a, 2024-01-01T00:00:00, )");
    assertThat(rules.get(15).toString()).isEqualTo("rowCount(1, )");
    assertThat(rules.get(1).id()).isEqualTo("unique.a.b");
    assertThat(rules.get(1).id("my-key").id()).isEqualTo("my-key");
  }

  @Test
  void rulesWithEqualLiteralsAreEqual() {
    assertThat(Rule.between("a", 1, 2L)).isEqualTo(Rule.between("a", 1.0, 2.00));
    assertThat(Rule.atLeast("a", OffsetDateTime.parse("2024-01-01T01:00:00+01:00")))
        .isEqualTo(Rule.atLeast("a", Instant.parse("2024-01-01T00:00:00Z")));
    assertThat(Rule.notNull("a").warn()).isNotEqualTo(Rule.notNull("a"));
  }

  @Test
  void aToleratedShareMeansAtMost() {
    Rule rule = Rule.notNull("a").toleratePercent(0.1);
    assertThat(rule.tolerates(1, 1_000)).isTrue();
    assertThat(rule.tolerates(2, 1_999)).isFalse();
    assertThat(rule.tolerates(0, 0)).isTrue();
    assertThat(Rule.notNull("a").tolerates(1, 1_000_000)).isFalse();
  }

  @Test
  void invalidArgumentsAreRejectedWhenTheRuleIsCreated() {
    List<ThrowingCallable> wrong =
        List.of(
            () -> Rule.notNull("a").toleratePercent(101),
            () -> Rule.notNull("a").toleratePercent(Double.NaN),
            () -> Rule.notNull("a").toleratePercent(-1),
            () -> Rule.notNull("a").tolerateRows(-1),
            () -> Rule.parse("unique(a) failing <= 1 percent"),
            () -> Rule.parse("rowCount(1, 2) failing <= 1 rows"),
            () -> Rule.parse("notNull(a) exclusive"),
            () -> Rule.notNull(),
            () -> Rule.notNull("a", "a"),
            () -> Rule.notNull((String) null),
            () -> Rule.between("a", null, null),
            () -> Rule.between("a", 2, 1),
            () -> Rule.between("a", Double.NaN, 1),
            () -> Rule.between("a", "x", "y"),
            () -> Rule.between("a", 1, LocalDate.EPOCH),
            () -> Rule.inSet("a"),
            () -> Rule.inSet("a", new byte[1]),
            () -> Rule.length("a", 3, 2),
            () -> Rule.rowCount(-1, 2),
            () -> Rule.compare("a ~ b"),
            () -> Rule.compare("a = a"),
            () -> Rule.notNull("a").id("two words"));
    for (int i = 0; i < wrong.size(); i++) {
      assertThatThrownBy(wrong.get(i))
          .as("case %s", i)
          .isInstanceOfSatisfying(
              InvalidRequestException.class,
              e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.RULE_INVALID));
    }
  }

  @Test
  void anInvalidExpressionIsReportedWithRuleAndIndex() {
    assertThatThrownBy(() -> Rule.matches("code", "ab[c"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("matches.code")
        .hasMessageContaining("index 2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"(a)\\1", "(?=a)b", "(((a{100}){100}){100})", "a{1001}", "((a{50}b{50}){101})"})
  void expressionsThatAreNotLinearOrTooLargeAreRejected(String regex) {
    assertThatThrownBy(() -> Rule.matches("code", regex))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("matches.code");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "notNull",
        "notNull(a",
        "notNull(a) or so",
        "notNull(a) failing <= 1",
        "sorted(a)",
        "between(a, 1)",
        "between(a, 1, x)",
        "inSet(a, 'x)",
        "inSet(a, 'x' 'y')",
        "inSet(a, 'x'y'z')",
        "length(a, one, 2)",
        "rowCount(1.5, 2)",
        "notNull(a) failing <= 1.5 rows",
        "between(a, 2024-13-01, )",
        "matches(a, b)"
      })
  void textThatIsNotARuleIsRejected(String text) {
    assertThatThrownBy(() -> Rule.parse(text))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.RULE_INVALID));
  }

  @Test
  void aLongTextThatIsNotARuleIsRejectedLikeAShortOne() {
    String much = "x''".repeat(40_000);
    for (String text : List.of("notNull(a) where '" + much + "'", "notNull(a) where '" + much)) {
      assertThatThrownBy(() -> Rule.parse(text))
          .isInstanceOfSatisfying(
              InvalidRequestException.class,
              e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.RULE_INVALID));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "between(a, 0, )                        | a >= 0",
        "between(a.b, , 5) exclusive            | a.b < 5",
        "between(a, 2024-01-01T00:00:00, )      | a >= 2024-01-01T00:00:00",
        "between(a, 0, 5)                       | between(a, 0, 5)",
        "atLeast(a, 0)                          | atLeast(a, 0)",
        "length(a, 1, )                         | length(a) >= 1",
        "rowCount(1, ) scope table              | rowCount >= 1 scope table",
        "completeness(a, 90, )                  | completeness(a) >= 90",
        "mean(a, , 3.5)                         | mean(a) <= 3.5",
        "sameRowCount(shop/orders, 0.99, )      | sameRowCount(shop/orders) >= 0.99",
        "sameSum(a, shop/orders, b, , 1)        | sameSum(a, shop/orders, b) <= 1",
        "between(a, 0, ) failing <= 1 percent   | a >= 0 failing <= 1 percent",
        "notMissing(a, '(1, )')                 | notMissing(a, '(1, )')",
      })
  void anOpenEndIsASignInWords(String text, String words) {
    Rule rule = Rule.parse(text);
    assertThat(rule.inWords()).isEqualTo(words);
    assertThat(rule.toString()).isEqualTo(text);
  }
}
