package io.meshwork.contract;

import static io.meshwork.contract.Rule.between;
import static io.meshwork.contract.Rule.compare;
import static io.meshwork.contract.Rule.inSet;
import static io.meshwork.contract.Rule.length;
import static io.meshwork.contract.Rule.notNull;
import static io.meshwork.contract.Rule.rowCount;
import static io.meshwork.contract.Rule.unique;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.meshwork.error.FindingCode;
import io.meshwork.product.Classification;
import io.meshwork.product.ContractVersion.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.time.Period;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContractDifferenceTest {
  record PlainOrder(long id, Optional<String> status, int low, int high) {}

  record WiderOrder(long id, Optional<String> status, long low, int high, Optional<String> note) {}

  private static final Contract PLAIN = Contract.of(PlainOrder.class);

  @Test
  void equalContractsDoNotDiffer() {
    ContractDifference difference = PLAIN.differenceTo(Contract.of(PlainOrder.class));

    assertThat(difference.verdict()).isEqualTo(Verdict.NONE);
    assertThat(difference.reasonCode()).isEqualTo(FindingCode.IDENTICAL);
    assertThat(difference.isEmpty()).isTrue();
    assertThat(difference).hasToString("none: the contracts are equal. (IDENTICAL)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "between(low, 0, 10) | between(low, 0, 9) | RULE_TIGHTENED minor",
        "between(low, 0, 10) | between(low, 0, 11) | RULE_WEAKENED major",
        "between(low, 0, 10) | between(low, 1, 11) | RULE_WEAKENED major",
        "between(low, 0, 10) | between(low, 0, ) | RULE_WEAKENED major",
        "between(low, 0, ) | between(low, 0, 10) | RULE_TIGHTENED minor",
        "between(low, 0, 10) | between(low, 0, 10) exclusive | RULE_TIGHTENED minor",
        "between(low, 0, 10) exclusive | between(low, 0, 10) | RULE_WEAKENED major",
        "between(low, 0, 10) | between(low, 0, 10) failing <= 1 percent | RULE_WEAKENED major",
        "between(low, 0, 10) failing <= 2 percent | between(low, 0, 10) failing <= 1 percent"
            + " | RULE_TIGHTENED minor",
        "between(low, 0, 10) failing <= 2 percent | between(low, 0, 10) failing <= 2 rows"
            + " | RULE_WEAKENED major",
        "between(low, 0, 10) failing <= 2 rows | between(low, 0, 10) | RULE_TIGHTENED minor",
        "inSet(low, 1, 2, 3) | inSet(low, 1, 2) | RULE_TIGHTENED minor",
        "inSet(low, 1, 2) | inSet(low, 1, 2, 3) | RULE_WEAKENED major",
        "inSet(low, 1, 2) | inSet(low, 2, 1) | RULE_REWORDED patch",
        "length(status, 1, 5) | length(status, 2, 5) | RULE_TIGHTENED minor",
        "length(status, 1, 5) | length(status, 1, ) | RULE_WEAKENED major",
        "rowCount(1, ) | rowCount(1, 10) | RULE_TIGHTENED minor",
        "rowCount(1, ) | rowCount(0, ) | RULE_WEAKENED major",
        "matches(status, 'a+') | matches(status, 'a') | RULE_WEAKENED major",
        "compare(low <= high) | compare(low < high) | RULE_TIGHTENED minor",
        "compare(low < high) | compare(low <= high) | RULE_WEAKENED major",
        "compare(low < high) | compare(high > low) | RULE_REWORDED patch",
        "compare(low < high) | compare(low > high) | RULE_WEAKENED major",
        "notNull(status) | notNull(status, low) | RULE_TIGHTENED minor",
        "notNull(status, low) | notNull(low) | RULE_WEAKENED major",
        "unique(id, low) | unique(id) | RULE_TIGHTENED minor",
        "unique(id) | unique(id, low) | RULE_WEAKENED major",
        "unique(id) | unique(id) scope table | RULE_TIGHTENED minor",
        "unique(id) scope table | unique(id) | RULE_WEAKENED major",
        "unique(id) where 'low > 1' | unique(id) | RULE_TIGHTENED minor",
        "notMissing(status) | notMissing(status, '', 'N/A') | RULE_TIGHTENED minor",
        "notMissing(status, '', 'N/A') | notMissing(status) | RULE_WEAKENED major",
        "notMissing(status) | notMissing(status) trimmed | RULE_TIGHTENED minor",
        "notMissing(status) trimmed | notMissing(status) | RULE_WEAKENED major",
        "notNull(status) | notMissing(status) | RULE_TIGHTENED minor",
        "notMissing(status) | notNull(status) | RULE_WEAKENED major",
        "notInSet(low, 1) | notInSet(low, 1, 2) | RULE_TIGHTENED minor",
        "notInSet(low, null, 1) | notInSet(low, 1) | RULE_WEAKENED major",
        "inSet(low, 1, 2) | inSet(low, 1, null) | RULE_TIGHTENED minor",
        "notNull(status) where 'low > 1' | notNull(status) | RULE_TIGHTENED minor",
        "notNull(status) | notNull(status) where 'low > 1' | RULE_WEAKENED major",
        "notNull(status) where 'low > 1' | notNull(status) where 'low > 2' | RULE_WEAKENED major",
        "notNull(status) where 'low > 1' failing <= 1 percent | notNull(status) failing <= 1"
            + " percent | RULE_WEAKENED major",
        "completeness(status, 90, ) | completeness(status, 95, ) | RULE_TIGHTENED minor",
        "completeness(status, 90, ) | completeness(status, 80, ) | RULE_WEAKENED major",
        "completeness(status, 90, ) | completeness(status, 90, ) where 'low > 1'"
            + " | RULE_WEAKENED major",
        "mean(low, 1, 5) | mean(low, 2, 5) | RULE_TIGHTENED minor",
        "mean(low, 1, 5) | mean(low, 1, ) | RULE_WEAKENED major",
        "sum(low, 1, 5) scope table | sum(low, 1, 5) | RULE_WEAKENED major",
        "max(low, , 5) | max(low, , 4.5) | RULE_TIGHTENED minor",
        "sameRowCount(a/b, 0.9, 1.1) | sameRowCount(a/b, 1, 1) | RULE_TIGHTENED minor",
        "sameRowCount(a/b, 1, 1) | sameRowCount(a/c, 1, 1) | RULE_WEAKENED major",
        "sameSum(low, a/b, x, 1, 1) | sameSum(low, a/b, y, 1, 1) | RULE_WEAKENED major",
        "references(id; a/b; c) | references(id; a/b; d) | RULE_WEAKENED major",
        "references(id; a/b; c) failing <= 1 rows | references(id; a/b; c) | RULE_TIGHTENED minor",
        "custom('x', 1) | custom('x', 2) | RULE_WEAKENED major",
        "text('x') | text('y') | WARNING_RULE_CHANGED patch",
        "steady(rowCount, 4, 10) | steady(rowCount, 5, 10) | WARNING_RULE_CHANGED patch"
      })
  void aRuleOfTheSameIdIsTighterOrWeaker(String before, String after, String expected) {
    Contract old = PLAIN.require(Rule.parse(before).id("the-rule"));
    Contract now = PLAIN.require(Rule.parse(after).id("the-rule"));

    ContractDifference difference = old.differenceTo(now);

    assertThat(difference.changes())
        .singleElement()
        .satisfies(
            change -> {
              assertThat(change.code() + " " + change.verdict()).isEqualTo(expected);
              assertThat(change.path()).isEqualTo("the-rule");
            });
  }

  @Test
  void aNewRuleIsAMinorAndARemovedRuleIsAMajor() {
    Contract promising = PLAIN.require(notNull("status"));

    assertThat(codes(PLAIN, promising)).containsExactly(FindingCode.RULE_ADDED);
    assertThat(PLAIN.differenceTo(promising).verdict()).isEqualTo(Verdict.MINOR);
    assertThat(codes(promising, PLAIN)).containsExactly(FindingCode.RULE_REMOVED);
    assertThat(promising.differenceTo(PLAIN).verdict()).isEqualTo(Verdict.MAJOR);
  }

  @Test
  void warningsArePatchesUntilTheyAreEnforced() {
    Contract warning = PLAIN.require(notNull("status").warn());
    Contract enforcing = PLAIN.require(notNull("status"));

    assertThat(PLAIN.differenceTo(warning).verdict()).isEqualTo(Verdict.PATCH);
    assertThat(warning.differenceTo(PLAIN).verdict()).isEqualTo(Verdict.PATCH);
    assertThat(warning.differenceTo(enforcing).verdict()).isEqualTo(Verdict.MINOR);
    assertThat(enforcing.differenceTo(warning).verdict()).isEqualTo(Verdict.MAJOR);
  }

  @Test
  void aPromiseUnderAnotherIdIsStillKept() {
    Contract old = PLAIN.require(between("low", 0, 10));
    Contract now = PLAIN.require(between("low", 2, 8).id("low-range"));

    assertThat(codes(old, now)).containsExactly(FindingCode.RULE_ADDED, FindingCode.RULE_REWORDED);
    assertThat(codes(old, PLAIN.require(between("low", 0, 10).id("low-range"))))
        .containsExactly(FindingCode.RULE_REWORDED, FindingCode.RULE_REWORDED);
  }

  @Test
  void aRuleThatAnotherRuleImpliesIsNotNew() {
    Contract old = PLAIN.require(unique("id"));

    assertThat(codes(old, old.require(unique("id", "low"))))
        .containsExactly(FindingCode.RULE_REWORDED);
  }

  @Test
  void onlyTheOrderOfRulesIsAPatch() {
    Contract old = PLAIN.require(notNull("status"), rowCount(1, 2));
    Contract now = PLAIN.require(rowCount(1, 2), notNull("status"));

    assertThat(old.differenceTo(now).verdict()).isEqualTo(Verdict.PATCH);
    assertThat(codes(old, now)).containsExactly(FindingCode.OTHER_PART_CHANGED);
  }

  @Test
  void weakerTermsAreAmendmentsAndStrongerOnesMinors() {
    Contract daily = PLAIN.freshWithin(Duration.ofDays(1));

    assertThat(codes(PLAIN, daily)).containsExactly(FindingCode.FRESHNESS_TIGHTENED);
    assertThat(codes(daily, PLAIN)).containsExactly(FindingCode.FRESHNESS_WEAKENED);
    assertThat(daily.differenceTo(PLAIN).verdict()).isEqualTo(Verdict.AMENDMENT);
    assertThat(codes(daily, PLAIN.freshWithin(Duration.ofHours(2))))
        .containsExactly(FindingCode.FRESHNESS_TIGHTENED);
    assertThat(codes(PLAIN, PLAIN.noticePeriod(Period.ofDays(29))))
        .containsExactly(FindingCode.NOTICE_SHORTENED);
    assertThat(codes(PLAIN, PLAIN.noticePeriod(Period.ofMonths(1))))
        .as("a month may have 28 days")
        .containsExactly(FindingCode.NOTICE_SHORTENED);
    assertThat(codes(PLAIN, PLAIN.noticePeriod(Period.ofMonths(2))))
        .containsExactly(FindingCode.NOTICE_LENGTHENED);
    assertThat(codes(PLAIN, PLAIN.classification(Classification.RESTRICTED)))
        .containsExactly(FindingCode.CLASSIFICATION_RAISED);
    assertThat(codes(PLAIN, PLAIN.classification(Classification.PUBLIC)))
        .containsExactly(FindingCode.CLASSIFICATION_LOWERED);
    assertThat(codes(PLAIN, PLAIN.classification(Classification.RESTRICTED, "status")))
        .containsExactly(FindingCode.CLASSIFICATION_RAISED);
  }

  @Test
  void whoApprovesRequestsIsAMinorEitherWay() {
    Contract two = PLAIN.requireFourEyes();

    assertThat(codes(PLAIN, two)).containsExactly(FindingCode.FOUR_EYES_ADDED);
    assertThat(codes(two, PLAIN)).containsExactly(FindingCode.FOUR_EYES_REMOVED);
    assertThat(two.differenceTo(PLAIN).verdict()).isEqualTo(Verdict.MINOR);
    assertThat(PLAIN.differenceTo(two).verdict()).isEqualTo(Verdict.MINOR);
    assertThat(PLAIN.differenceTo(two)).asString().contains("requires two approvals");
    assertThat(two.waiveFourEyes()).isEqualTo(PLAIN);
  }

  @Test
  void wordsAndPoliciesArePatches() {
    Contract other =
        PLAIN
            .description("Orders")
            .describeColumn("status", "where it is")
            .onViolation(OnViolation.QUARANTINE)
            .maxQuarantineShare(5);

    ContractDifference difference = PLAIN.differenceTo(other);

    assertThat(difference.verdict()).isEqualTo(Verdict.PATCH);
    assertThat(difference.changes())
        .extracting(ContractDifference.Change::path)
        .containsExactly("onViolation", "maxQuarantineShare", "description", "columnDescriptions");
  }

  @Test
  void theWorstChangeDecidesAndTheTextListsAll() {
    Contract old = PLAIN.require(inSet("status", "OPEN", "PAID"), length("status", 1, 9));
    Contract now =
        Contract.of(WiderOrder.class)
            .require(inSet("status", "OPEN"), length("status", 1, 10), compare("id != low"));

    ContractDifference difference = old.differenceTo(now);

    assertThat(difference.verdict()).isEqualTo(Verdict.MAJOR);
    assertThat(difference.changes())
        .extracting(change -> change.verdict() + " " + change.code())
        .containsSubsequence(
            "major NAME_CHANGED",
            "major CONSUMER_BREAK",
            "major RULE_WEAKENED",
            "minor FIELD_ADDED_COMPAT",
            "minor RULE_TIGHTENED",
            "minor RULE_ADDED");
    assertThat(difference.toString())
        .startsWith("major (NAME_CHANGED): old readers can read new rows: no;")
        .contains("\n- major: low became long", "Before: \"int\"; after: \"long\".")
        .contains("Instead: Add a second column of the new type")
        .contains(
            "\n- major: Rule length.status no longer excludes all values that it excluded:"
                + " from length(status, 1, 9) to length(status, 1, 10).");
  }

  @Test
  void eachSentenceOfATermOrARuleSaysWhatItWasAndIs() {
    Contract old =
        PLAIN
            .require(between("low", 0, 10), notNull("status"))
            .description("Orders")
            .describeColumn("low", "The lowest")
            .maxQuarantineShare(10)
            .freshWithin(Duration.ofHours(24))
            .contacts(
                new Contract.Contact("email", "old@example.org", Contract.ContactScope.ISSUES))
            .noticePeriod(Period.ofDays(30));
    Contract now =
        PLAIN
            .require(between("low", 0, 9), unique("id"))
            .description("x".repeat(100))
            .describeColumn("high", "The highest")
            .maxQuarantineShare(50)
            .contacts(
                new Contract.Contact("email", "new@example.org", Contract.ContactScope.ISSUES))
            .noticePeriod(Period.ofDays(90));

    assertThat(old.differenceTo(now).changes())
        .extracting(ContractDifference.Change::what)
        .containsExactlyInAnyOrder(
            "Rule between.low is tighter: from between(low, 0, 10) to between(low, 0, 9).",
            "Rule notNull.status, notNull(status), is removed, so values can appear that the"
                + " contract excluded.",
            "Rule unique.id, unique(id), is new.",
            "The term freshWithin promises less fresh data: from PT24H to nothing.",
            "The term noticePeriod is longer: from P30D to P90D.",
            "The term maxQuarantineShare changes: from 10.0 to 50.0.",
            "The term contacts changes: email new@example.org for ISSUES is new;"
                + " email old@example.org for ISSUES is removed.",
            "The term description is worded differently: from \"Orders\" to \""
                + "x".repeat(78)
                + "….",
            "The term columnDescriptions is worded differently: high is new, \"The highest\";"
                + " low is removed, it was \"The lowest\".");
    assertThat(old.differenceTo(now).toString()).doesNotContain("Before:");
  }

  record Sale(String id, int pieces) {}

  record SaleOfAQuantity(String id, int quantity) {}

  @Test
  void aRenamedColumnKeepsItsDescription() {
    Contract old = Contract.of(Sale.class).describeColumn("pieces", "How many");
    Contract same = Contract.of(SaleOfAQuantity.class).describeColumn("quantity", "How many");
    Contract other = same.describeColumn("quantity", "How many were sold");
    Map<String, String> renamings = Map.of("pieces", "quantity");

    assertThat(ContractDifference.ofNewMajor(old, same, renamings).changes())
        .extracting(ContractDifference.Change::code)
        .doesNotContain(FindingCode.DESCRIPTION_CHANGED);
    assertThat(ContractDifference.ofNewMajor(old, other, renamings).changes())
        .extracting(ContractDifference.Change::what)
        .contains(
            "The term columnDescriptions is worded differently: quantity from \"How many\" to"
                + " \"How many were sold\".");
  }

  @Test
  void eachPartOfTheSettingsOfOtherToolsIsNamedUpToFive() throws IOException {
    JsonMapper json = new JsonMapper();

    assertThat(
            ChangedValue.between(
                json.readTree("{\"a\": 1, \"b\": {\"c\": [2]}, \"same\": 0}"),
                json.readTree("{\"b\": {\"c\": [3]}, \"d\": \"x\", \"same\": 0}")))
        .isEqualTo("a is removed, it was 1; b from {\"c\":[2]} to {\"c\":[3]}; d is new, \"x\"");
    assertThat(
            ChangedValue.between(
                Map.of(), Map.of("1", 1, "2", 2, "3", 3, "4", 4, "5", 5, "6", 6, "7", 7)))
        .endsWith("5 is new, \"5\"; and 2 more");
  }

  @Test
  void anotherNameOfTheRecordIsSaidWithoutASchema() {
    ContractDifference difference =
        PLAIN.recordName("Order").differenceTo(PLAIN.recordName("shop.Purchase"));

    assertThat(difference.verdict()).isEqualTo(Verdict.MAJOR);
    assertThat(difference.toString())
        .contains("Before: Order; after: shop.Purchase.")
        .doesNotContain("{", "\"");
    assertThat(PLAIN.recordName("a.Other").recordName(PLAIN.schema().getFullName()))
        .isEqualTo(PLAIN);
  }

  @Test
  void theOppositeDirectionIsAnotherDifference() {
    Contract more = PLAIN.require(notNull("status")).description("x");

    assertThat(PLAIN.differenceTo(more).verdict()).isEqualTo(Verdict.MINOR);
    assertThat(more.differenceTo(PLAIN).verdict()).isEqualTo(Verdict.MAJOR);
  }

  private static List<FindingCode> codes(Contract before, Contract after) {
    return before.differenceTo(after).changes().stream()
        .map(ContractDifference.Change::code)
        .toList();
  }
}
