package io.meshwork.internal.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.QualityReport;
import io.meshwork.contract.QualityReport.Outcome;
import io.meshwork.contract.QualityReport.RuleResult;
import io.meshwork.contract.Rule;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.condition.RowCondition.Between;
import io.meshwork.internal.condition.RowCondition.InSet;
import io.meshwork.internal.contract.RuleConditions;
import io.meshwork.internal.quality.RuleContext.RuleCode;
import io.meshwork.internal.rows.TypeViolations.Violation;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import io.meshwork.product.Classification;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.iceberg.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests rows that violate the schema, boundary values, and samples. */
class QualityGateTest {
  private static final Contract CONTRACT =
      Contract.of(
          new org.apache.avro.Schema.Parser()
              .parse(
                  """
                  {"type":"record","name":"row","fields":[
                    {"name":"k","type":"long"},
                    {"name":"s","type":["null","string"]},
                    {"name":"e","type":["null",{"type":"enum","name":"flag","symbols":["Y","N"]}]},
                    {"name":"w","type":["null",{"type":"bytes","logicalType":"decimal","precision":30,"scale":2}]},
                    {"name":"t","type":["null",{"type":"long","logicalType":"time-micros"}]},
                    {"name":"z","type":["null",{"type":"long","logicalType":"timestamp-micros"}]},
                    {"name":"f","type":["null","float"]}]}
                  """));
  private static final Schema SCHEMA = IcebergSchemas.fromAvro(CONTRACT.schema());

  private static Object[] row(Object... values) {
    return Arrays.copyOf(values, SCHEMA.columns().size());
  }

  private static PublishVerdict evaluate(Contract contract, OnViolation policy, Object[]... rows) {
    QualityGate gate = QualityGate.open(contract, SCHEMA, policy, RuleContext.at(Instant.EPOCH));
    gate.evaluate(RowBatches.batch(SCHEMA, List.of(rows)), new RowMask(0), 0);
    gate.endOfInput();
    return gate.finish(List.of());
  }

  @Test
  void firstFailingRowIsReportedAtAnyPosition() {
    Contract contract = CONTRACT.require(Rule.atLeast("k", 0).id("k-not-negative"));
    QualityGate gate =
        QualityGate.open(contract, SCHEMA, OnViolation.REJECT, RuleContext.at(Instant.EPOCH));
    gate.evaluate(RowBatches.batch(SCHEMA, List.of(row(1L), row(2L))), new RowMask(0), 0);
    gate.evaluate(
        RowBatches.batch(SCHEMA, List.of(row(3L), row(-4L), row(-5L))), new RowMask(0), 2);
    gate.endOfInput();

    PublishVerdict judgement = gate.finish(List.of());

    assertThat(judgement.findings().get(0).what())
        .isEqualTo("Rule k-not-negative, atLeast(k, 0), failed in 2 of 5 rows, first in row 4.");
    assertThat(judgement.refused()).isTrue();
    assertThat(judgement.rejection()).as("the finding says it all").isEmpty();
  }

  @Test
  void firstRowOfAKeyIsReportedDespiteRowsWithoutKeysInBetween() {
    Contract contract = CONTRACT.require(Rule.unique("k"), Rule.atMost("k", 100));
    Object[][] rows = {row(1L), row((Object) null), row(101L), row(2L), row(3L), row(2L), row(1L)};

    for (OnViolation policy : OnViolation.values()) {
      assertThat(evaluate(contract.maxQuarantineShare(0), policy, rows).report().rules())
          .as("%s", policy)
          .extracting(result -> result.reason())
          .contains("first in row 6, which has the key of row 4");
    }
  }

  private static long failing(Rule rule, Object[]... rows) {
    return evaluate(CONTRACT.require(rule), OnViolation.REJECT, rows)
        .report()
        .rules()
        .get(0)
        .failingRows();
  }

  @Test
  void rowsThatViolateTheSchemaAreQuarantinedWithReasonsRegardlessOfRules() {
    VectorBatch batch =
        RowBatches.batch(
            SCHEMA,
            List.of(
                row(1L, "\u00e9\uD83D\uDE00", "Y"),
                row((Object) null),
                row(3L, "a", "X"),
                row(6L)));
    RowMask unconverted = new RowMask(0);
    unconverted.set(3);
    QualityGate gate =
        QualityGate.open(
            CONTRACT.maxQuarantineShare(100),
            SCHEMA,
            OnViolation.QUARANTINE,
            RuleContext.at(Instant.EPOCH));
    QualityGate.Verdict verdict = gate.evaluate(batch, unconverted, 100);
    assertThat(verdict.published().count()).isEqualTo(1);
    assertThat(verdict.quarantined().count()).isEqualTo(3);
    assertThat(gate.violations(1))
        .extracting(Violation::shortForm)
        .containsExactly("k: REQUIRED_NULL");
    assertThat(gate.violations(2)).extracting(Violation::ruleId).containsExactly("type:e");
    assertThat(gate.violations(3)).isEmpty();
    assertThat(gate.reasons(1)).isEmpty();
    gate.addMisfit(103, List.of(new Violation("k", FindingCode.TYPE_MISMATCH, "it is a text")));
    Finding before = Finding.error(FindingCode.TIMESTAMP_RANGE, "k", "Row 103.", "Fix it.");
    PublishVerdict judgement = gate.finish(List.of(before));
    assertThat(judgement.refused()).isFalse();
    assertThat(judgement.report().rowsQuarantined()).isEqualTo(3);
    assertThat(judgement.report().rowsRejected()).isZero();
    assertThat(judgement.report().rules())
        .extracting(RuleResult::ruleId, RuleResult::failingRows)
        .containsExactly(tuple("type:e", 1L), tuple("type:k", 2L));
    assertThat(judgement.report().violations()).hasSize(3).contains(before);
    assertThat(judgement.report().violations().get(1).samples().get(0)).contains("\"row\":102");
    assertThat(judgement.report().qualityScore()).hasValue(25);
  }

  @Test
  void oneInvalidRowRejectsAllUnderReject() {
    PublishVerdict judgement = evaluate(CONTRACT, OnViolation.REJECT, row(1L), row((Object) null));
    assertThat(judgement.refused()).isTrue();
    assertThat(judgement.rejection()).isEqualTo("1 of 2 rows breaks the schema");
    assertThat(judgement.findings()).hasSize(1);
  }

  @Test
  void allRulesAreEvaluatedBeforeAPublishIsRejected() {
    PublishVerdict judgement =
        evaluate(
            CONTRACT.require(
                Rule.atLeast("k", 2),
                Rule.custom("even", 1),
                Rule.rowCount(3, 9),
                Rule.unique("k"),
                Rule.text("be good"),
                Rule.mean("k", 1, 9).where("k > 100")),
            OnViolation.REJECT,
            row(1L),
            row(1L));

    assertThat(judgement.refused()).isTrue();
    assertThat(judgement.report().rules())
        .extracting(RuleResult::outcome)
        .containsExactly(
            Outcome.FAIL,
            Outcome.NOT_EVALUATED,
            Outcome.FAIL,
            Outcome.FAIL,
            Outcome.SKIPPED,
            Outcome.SKIPPED);
    assertThat(judgement.report().qualityScore()).as("refused").hasValue(0);
    assertThat(judgement.report().failedInAccepted()).as("no consumer reads them").isEmpty();
    assertThat(judgement.findings())
        .extracting(Finding::what)
        .contains(
            "Rule custom.even, custom('even', 1), could not be evaluated: the code"
                + " 'even' version 1 is not registered; register it with customRule(..).");
  }

  @Test
  void ruleThatCannotBeEvaluatedRejectsAPublishUnlessItOnlyWarns() {
    Contract contract = CONTRACT.maxQuarantineShare(100);
    Object[][] rows = {row(1L), row(2L)};

    assertThat(evaluate(contract.require(Rule.custom("x", 1)), OnViolation.QUARANTINE, rows))
        .returns(true, PublishVerdict::refused)
        .returns(0L, j -> j.report().rowsAccepted());
    assertThat(evaluate(contract.require(Rule.custom("x", 1).warn()), OnViolation.QUARANTINE, rows))
        .returns(false, PublishVerdict::refused)
        .returns(Outcome.NOT_EVALUATED, j -> j.report().rules().get(0).outcome())
        .returns(2L, j -> j.report().rowsAccepted());
  }

  static Stream<Throwable> failures() {
    return Stream.of(
        new IllegalStateException("canary 2"),
        new IOException("canary 2"),
        new AssertionError("canary 2"),
        new NoClassDefFoundError("canary 2"),
        new StackOverflowError());
  }

  /** Code in other languages throws checked exceptions, too. */
  @SuppressWarnings("unchecked")
  private static <E extends Throwable> boolean fail(Throwable failure) throws E {
    throw (E) failure;
  }

  @ParameterizedTest
  @MethodSource("failures")
  void codeThatThrowsIsNotCalledAgainAndItsRuleIsNotEvaluated(Throwable failure) {
    AtomicInteger asked = new AtomicInteger();
    RuleContext surroundings =
        new RuleContext(
            Instant.EPOCH,
            Map.of(
                new RuleContext.CodeName("x", 1),
                new RuleCode.OnRecords(
                    row -> {
                      asked.incrementAndGet();
                      return QualityGateTest.<RuntimeException>fail(failure);
                    })),
            OtherProducts.UNREADABLE);
    Contract contract = CONTRACT.require(Rule.custom("x", 1).where("k > 1"));
    QualityGate gate = QualityGate.open(contract, SCHEMA, OnViolation.REJECT, surroundings);
    gate.evaluate(RowBatches.batch(SCHEMA, List.of(row(1L), row(2L), row(3L))), new RowMask(0), 0);
    gate.endOfInput();

    RuleResult result = gate.finish(List.of()).report().rules().get(0);

    assertThat(result.outcome()).isEqualTo(Outcome.NOT_EVALUATED);
    assertThat(result.reason()).isEqualTo("its code threw " + failure.getClass().getName());
    assertThat(asked).as("rows that the filter lets through").hasValue(1);
  }

  @Test
  void tooManyQuarantinedRowsOrNoRowLeftRejectAPublish() {
    Contract strict = CONTRACT.require(Rule.notNull("s")).maxQuarantineShare(50);
    assertThat(evaluate(strict, OnViolation.QUARANTINE, row(1L), row(2L, "a")).refused()).isFalse();
    assertThat(evaluate(strict, OnViolation.QUARANTINE, row(1L), row(2L)).rejection())
        .contains("2 of 2 rows would be quarantined")
        .contains("no row is left");
    assertThat(
            evaluate(strict.maxQuarantineShare(49.9), OnViolation.QUARANTINE, row(1L), row(2L, "a"))
                .refused())
        .isTrue();
    assertThat(evaluate(strict, OnViolation.QUARANTINE).refused()).isFalse();
  }

  @Test
  void datasetRuleEvaluatesTheRemainingRows() {
    Contract contract =
        CONTRACT.require(Rule.notNull("s"), Rule.rowCount(2, 9)).maxQuarantineShare(100);
    PublishVerdict judgement =
        evaluate(contract, OnViolation.QUARANTINE, row(1L), row(2L, "a"), row((Object) null));
    assertThat(judgement.refused()).isTrue();
    assertThat(judgement.findings())
        .extracting(Finding::what)
        .anyMatch(
            what ->
                what.startsWith("Rule rowCount, rowCount(2, 9), failed: the publish has 1 rows"));
    assertThat(judgement.report().rules().get(1).measure()).hasValue(1);
  }

  @Test
  void samplesAreAtMostTwentyAndMaskedAboveInternal() {
    Contract contract =
        CONTRACT.require(Rule.length("s", 9, 9)).classification(Classification.RESTRICTED, "s");
    List<Object[]> rows = new ArrayList<>();
    for (long i = 0; i < 30; i++) {
      rows.add(row(i, "secret", "Y"));
    }
    PublishVerdict judgement =
        evaluate(contract, OnViolation.REJECT, rows.toArray(Object[][]::new));
    List<String> samples = judgement.report().rules().get(0).samples();
    assertThat(samples).hasSize(20);
    assertThat(samples.get(0))
        .isEqualTo(
            "{\"row\":1,\"values\":{\"k\":0,\"s\":\"***\",\"e\":\"Y\",\"w\":null,\"t\":null,"
                + "\"z\":null,\"f\":null}}");
    assertThat(judgement.rejection()).doesNotContain("secret");
    QualityReport read = QualityReport.fromJson(judgement.report().toJson());
    assertThat(judgement.report().toJson()).doesNotContain("secret").doesNotContain("values");
    assertThat(read.toJson()).isEqualTo(judgement.report().toJson());
    assertThat(read.rules().get(0).failingRows()).isEqualTo(30);
  }

  @Test
  void warningNeverRejectsAPublish() {
    Contract contract = CONTRACT.require(Rule.notNull("s").warn(), Rule.unique("k").warn());
    PublishVerdict judgement = evaluate(contract, OnViolation.QUARANTINE, row(1L), row(1L));
    assertThat(judgement.refused()).isFalse();
    assertThat(judgement.report().rowsAccepted()).isEqualTo(2);
    assertThat(judgement.report().qualityScore()).hasValue(100);
    assertThat(judgement.report().failedInAccepted())
        .extracting(RuleResult::ruleId)
        .containsExactly("notNull.s", "unique.k");
    assertThat(judgement.findings())
        .extracting(Finding::severity)
        .containsOnly(Finding.Severity.WARNING);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "between(w, -0.01, 9999999999999999999999999999.99)", "between(w, , -0.005)",
        "between(w, -100000000000, ) exclusive", "inSet(w, 0.1, -0.01)"
      })
  void longDecimalsAreComparedByValue(String text) {
    BigDecimal[] values = {
      new BigDecimal("-0.01"),
      new BigDecimal("0.10"),
      new BigDecimal("9999999999999999999999999999.99"),
      new BigDecimal("-99999999999999999999.01")
    };
    Rule rule = Rule.parse(text);
    Object[][] rows = new Object[values.length][];
    long expected = 0;
    for (int i = 0; i < values.length; i++) {
      rows[i] = row((long) i, null, null, values[i]);
      BigDecimal value = values[i];
      boolean holds =
          RuleConditions.of(rule) instanceof InSet set
              ? set.values().stream().anyMatch(m -> value.compareTo((BigDecimal) m) == 0)
              : isWithin(value, (Between) RuleConditions.of(rule));
      expected += holds ? 0 : 1;
    }
    assertThat(failing(rule, rows)).isEqualTo(expected).isPositive();
  }

  private static boolean isWithin(BigDecimal value, Between range) {
    return (range.low() == null || value.compareTo((BigDecimal) range.low()) >= 0)
        && (range.high() == null || value.compareTo((BigDecimal) range.high()) <= 0);
  }

  @Test
  void timesFinerThanTheColumnAreComparedExactly() {
    Object[] zero = row(1L, null, null, null, null, 0L);
    assertThat(failing(Rule.parse("between(z, 1970-01-01T00:00:00.000000001Z, )"), zero)).isOne();
    assertThat(failing(Rule.parse("between(z, , 1970-01-01T00:00:00.000000001Z)"), zero)).isZero();
    assertThat(failing(Rule.parse("between(z, 1970-01-01T01:00:00+01:00, ) exclusive"), zero))
        .isOne();
    assertThat(failing(Rule.parse("inSet(z, 1970-01-01T00:00:00.000000001Z)"), zero)).isOne();
    assertThat(failing(Rule.parse("inSet(z, 1970-01-01T00:00:00Z)"), zero)).isZero();
  }

  @Test
  void aFloatIsComparedWithTheNearestFloat() {
    Object[] tenth = row(1L, null, null, null, null, null, 0.1f);
    assertThat(failing(Rule.between("f", 0, 0.1), tenth)).isZero();
    assertThat(failing(Rule.inSet("f", 0.1), tenth)).isZero();
    assertThat(failing(Rule.inSet("f", 0.2), tenth)).isOne();
  }

  @Test
  void heldRowsMustBePassedInAgain() {
    Contract contract = CONTRACT.require(Rule.notNull("s").tolerateRows(5));
    QualityGate gate =
        QualityGate.open(contract, SCHEMA, OnViolation.QUARANTINE, RuleContext.at(Instant.EPOCH));
    VectorBatch batch = RowBatches.batch(SCHEMA, List.<Object[]>of(row(1L)));
    assertThat(gate.evaluate(batch, new RowMask(0), 0).held().count()).isEqualTo(1);
    assertThatThrownBy(() -> gate.finish(List.of())).hasMessageContaining("1 held rows");
    gate.endOfInput();
    assertThat(gate.judgeHeld(batch, new long[] {0}).published().count()).isEqualTo(1);
    assertThatThrownBy(() -> gate.judgeHeld(batch, new long[] {0}))
        .isInstanceOf(IllegalStateException.class);
    assertThat(gate.finish(List.of()).report().rowsAccepted()).isEqualTo(1);
  }
}
