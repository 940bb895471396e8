package io.meshwork.benchmarks;

import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.internal.quality.PublishVerdict;
import io.meshwork.internal.quality.QualityGate;
import io.meshwork.internal.quality.RuleContext;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.iceberg.Schema;

/**
 * What the eleven rules of orders cost on rows in memory: our gate on batches, and the same rules
 * record by record. Takes the time of the CPU, because all of it is one thread's, and a difference
 * of two publishes would vary more than the rules cost.
 */
final class RulesBenchmark {
  private static final String RULE_BY_RULE = "rule-by-rule";
  private static final String RECORDS = "records without rules";
  private static final String GATE = "batches with rules";
  private static final String BATCHES = "batches without rules";
  private static final String PUBLISH = "checked publish";

  private final int rows;
  private final SideBySide times;

  private RulesBenchmark(int rows, SideBySide times) {
    this.rows = rows;
    this.times = times;
  }

  /** Measures all contenders. */
  static RulesBenchmark measure(BenchmarkSize size) throws Exception {
    List<BenchmarkOrder> orders = BenchmarkOrders.rows(size.rows(), size.seed());
    try (BenchmarkFolder folder = BenchmarkFolder.create();
        OrdersMesh mesh = new OrdersMesh(folder.path().resolve("mesh"), Runnable::run)) {
      Path avro = folder.fresh("avro.parquet");
      AvroOrders.write(orders, avro, false);
      ColumnOrders columns = new ColumnOrders(avro);
      List<VectorBatch> batches = columns.asPublished();
      Map<String, BenchmarkContender> contenders = new LinkedHashMap<>();
      contenders.put(RULE_BY_RULE, () -> AvroOrders.check(orders, true));
      contenders.put(RECORDS, () -> AvroOrders.check(orders, false));
      contenders.put(GATE, () -> check(BenchmarkOrders.contract(), columns.schema(), batches));
      contenders.put(
          BATCHES, () -> check(BenchmarkOrders.withoutRules(), columns.schema(), batches));
      contenders.put(PUBLISH, () -> mesh.publishChecked(orders));
      return new RulesBenchmark(size.rows(), SideBySide.runOnOneThread(contenders, size.rounds()));
    }
  }

  List<BenchmarkGoal> goals() {
    double rules = times.medianSeconds(GATE) - times.medianSeconds(BATCHES);
    double theirs = times.medianSeconds(RULE_BY_RULE) - times.medianSeconds(RECORDS);
    if (rules <= 0 || theirs <= 0) {
      throw new IllegalStateException(
          "the rules took " + rules + " s and " + theirs + " s: too few rows to measure");
    }
    return List.of(
        BenchmarkGoal.atLeast(15, "G4", RULE_BY_RULE, theirs / rules),
        BenchmarkGoal.atMost(40, "G4-ns-a-row", "none", rules * 1e9 / rows),
        BenchmarkGoal.atMost(0.25, "G4-share", "publish", rules / times.medianSeconds(PUBLISH)));
  }

  /** Prints the number of rows and all times. */
  void details(PrintStream out) {
    out.printf(Locale.ROOT, "%,d orders, seconds of CPU%n", rows);
    times.print(out);
  }

  /** Checks rows by the rules of a contract, all of which they keep. */
  static void check(Contract contract, Schema schema, List<VectorBatch> batches) {
    try (QualityGate gate =
        QualityGate.open(contract, schema, OnViolation.REJECT, RuleContext.at(Instant.EPOCH))) {
      long row = 0;
      for (VectorBatch batch : batches) {
        gate.evaluate(batch, new RowMask(0), row);
        row += batch.rows();
      }
      gate.endOfInput();
      PublishVerdict verdict = gate.finish(List.of());
      if (verdict.refused()) {
        throw new IllegalStateException("the rows keep all rules");
      }
    }
  }
}
