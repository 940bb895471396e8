package io.meshwork.internal.quality;

import static io.meshwork.contract.Rule.between;
import static io.meshwork.contract.Rule.compare;
import static io.meshwork.contract.Rule.inSet;
import static io.meshwork.contract.Rule.notNull;
import static io.meshwork.contract.Rule.rowCount;
import static io.meshwork.contract.Rule.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.QualityReport;
import io.meshwork.contract.QualityReport.Outcome;
import io.meshwork.contract.QualityReport.RuleResult;
import io.meshwork.contract.Rule;
import io.meshwork.internal.parquet.read.BatchReader;
import io.meshwork.internal.parquet.read.ParquetReader;
import io.meshwork.internal.parquet.read.ParquetReader.ColumnMatch;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.iceberg.Files;
import org.junit.jupiter.api.Test;

/**
 * Tests the published facts about New York's green taxi trips of January 2024, counted with DuckDB.
 */
class GreenTripsQualityTest {
  private static final int ROWS = 56_551;

  private static Path file() {
    try {
      return Path.of(
          Objects.requireNonNull(
                  GreenTripsQualityTest.class.getResource("/green_tripdata_2024-01.parquet"))
              .toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Contract contract(Rule... rules) {
    return Contract.fromParquet(file()).require(rules);
  }

  /** Evaluates the file; held rows are collected and passed in again as one batch each. */
  private static PublishVerdict evaluate(Contract contract, OnViolation policy) {
    try (ParquetReader reader = ParquetReader.open(Files.localInput(file().toFile()));
        BatchReader batches = reader.read(reader.schema(), ColumnMatch.BY_NAME)) {
      QualityGate gate =
          QualityGate.open(contract, reader.schema(), policy, RuleContext.at(Instant.EPOCH));
      List<VectorBatch> held = new ArrayList<>();
      List<long[]> numbers = new ArrayList<>();
      long firstRow = 0;
      for (VectorBatch batch = batches.next(); batch != null; batch = batches.next()) {
        QualityGate.Verdict verdict = gate.evaluate(batch, new RowMask(0), firstRow);
        if (!verdict.held().isEmpty()) {
          int[] rows = new int[verdict.held().count()];
          long[] rowNumbers = new long[rows.length];
          int n = 0;
          for (int row = verdict.held().next(0); row >= 0; row = verdict.held().next(row + 1)) {
            rows[n] = row;
            rowNumbers[n++] = firstRow + row;
          }
          held.add(batch.gather(rows));
          numbers.add(rowNumbers);
        }
        firstRow += batch.rows();
      }
      gate.endOfInput();
      for (int i = 0; i < held.size(); i++) {
        gate.judgeHeld(held.get(i), numbers.get(i));
      }
      return gate.finish(List.of());
    }
  }

  @Test
  void measuresMatchDuckDb() {
    List<RuleResult> results =
        evaluate(
                contract(
                    Rule.mean("trip_distance", 31, 32),
                    Rule.stddev("trip_distance", 0, 100),
                    Rule.completeness("passenger_count", 90),
                    Rule.distinctCount("VendorID", 2, 2),
                    Rule.mean("ehail_fee", 0, 1)),
                OnViolation.REJECT)
            .report()
            .rules();

    assertThat(results.get(0).measure().orElseThrow()).isCloseTo(31.4911239, within(1e-7));
    assertThat(results.get(1).measure().orElseThrow()).isCloseTo(1417.4603817, within(1e-7));
    assertThat(results.get(1).outcome()).isEqualTo(Outcome.FAIL);
    assertThat(results.get(2).measure().orElseThrow())
        .isCloseTo(100 * (1 - 3_415.0 / ROWS), within(1e-9));
    assertThat(results.get(3).measure()).hasValue(2);
    assertThat(results.get(4).outcome()).isEqualTo(Outcome.SKIPPED);
  }

  @Test
  void everyRuleCountMatchesDuckDb() {
    Contract contract =
        contract(
            inSet("VendorID", 1, 2, 6),
            inSet("store_and_fwd_flag", "Y", "N"),
            inSet("RatecodeID", 1, 2, 3, 4, 5, 6, 99),
            inSet("payment_type", 0, 1, 2, 3, 4, 5, 6),
            inSet("trip_type", 1, 2),
            between("PULocationID", 1, 265),
            between("DOLocationID", 1, 265),
            notNull("passenger_count").toleratePercent(10).warn(),
            between("trip_distance", 0, 100).toleratePercent(0.1),
            between("fare_amount", 0, 2000).toleratePercent(1),
            compare("lpep_dropoff_datetime >= lpep_pickup_datetime"),
            compare("lpep_dropoff_datetime > lpep_pickup_datetime").id("longer-than-nothing"),
            unique(
                    "VendorID",
                    "lpep_pickup_datetime",
                    "lpep_dropoff_datetime",
                    "PULocationID",
                    "DOLocationID",
                    "total_amount")
                .id("six"),
            unique(
                    "VendorID",
                    "lpep_pickup_datetime",
                    "lpep_dropoff_datetime",
                    "PULocationID",
                    "DOLocationID")
                .id("five"),
            unique("lpep_pickup_datetime", "PULocationID").id("two"),
            notNull("ehail_fee"),
            rowCount(50_000, 60_000));
    PublishVerdict judgement = evaluate(contract, OnViolation.REJECT);
    Map<String, RuleResult> results =
        judgement.report().rules().stream()
            .collect(Collectors.toMap(RuleResult::ruleId, Function.identity()));
    Map<String, Long> failing =
        results.entrySet().stream()
            .filter(e -> e.getValue().failingRows() > 0)
            .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().failingRows()));
    assertThat(failing)
        .containsOnly(
            Map.entry("notNull.passenger_count", 3_415L),
            Map.entry("between.trip_distance", 46L),
            Map.entry("between.fare_amount", 182L),
            Map.entry("longer-than-nothing", 76L),
            Map.entry("five", 181L),
            Map.entry("two", 305L),
            Map.entry("notNull.ehail_fee", (long) ROWS));
    assertThat(judgement.report().failed())
        .extracting(RuleResult::ruleId)
        .containsExactly("longer-than-nothing", "five", "two", "notNull.ehail_fee");
    assertThat(results.get("between.trip_distance").outcome()).isEqualTo(Outcome.PASS);
    assertThat(results.get("rowCount").measure()).hasValue(ROWS);
    assertThat(judgement.refused()).isTrue();
    assertThat(judgement.report().rowsAccepted()).isZero();
    assertThat(judgement.report().rowsRejected()).isEqualTo(ROWS);
  }

  @Test
  void rowsAreQuarantinedWithoutATolerance() {
    QualityReport report =
        evaluate(
                contract(between("trip_distance", 0, 100), between("fare_amount", 0, 2000)),
                OnViolation.QUARANTINE)
            .report();
    assertThat(report.rowsAccepted()).isEqualTo(56_323);
    assertThat(report.rowsQuarantined()).isEqualTo(228);
    assertThat(report.rowsRejected()).isZero();
    assertThat(report.qualityScore()).hasValue(100.0 * 56_323 / ROWS);
    assertThat(report.failedInAccepted()).as("no published row breaks a rule").isEmpty();
    assertThat(report.rules().get(0).samples()).hasSize(20);
  }

  @Test
  void toleratedRowsArePublishedAtTheEnd() {
    PublishVerdict judgement =
        evaluate(
            contract(
                between("trip_distance", 0, 100).toleratePercent(0.1),
                between("fare_amount", 0, 2000).toleratePercent(1)),
            OnViolation.QUARANTINE);
    assertThat(judgement.refused()).isFalse();
    assertThat(judgement.report().rowsAccepted()).isEqualTo(ROWS);
    assertThat(judgement.report().qualityScore()).hasValue(100);
    assertThat(judgement.report().rules().get(0).failingRows()).isEqualTo(46);
  }

  @Test
  void theFirstRowOfAKeyIsKeptAndTheOthersAreQuarantined() {
    PublishVerdict judgement =
        evaluate(contract(unique("lpep_pickup_datetime", "PULocationID")), OnViolation.QUARANTINE);
    assertThat(judgement.refused()).isFalse();
    assertThat(judgement.report().rowsAccepted()).isEqualTo(ROWS - 305);
    assertThat(judgement.report().rowsQuarantined()).isEqualTo(305);
  }
}
