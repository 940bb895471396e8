package io.meshwork.benchmarks;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.internal.parquet.write.ParquetWriter.EncodingProfile;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.vector.VectorBatch;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.Schema;

/**
 * What the rules of one shape cost on rows in memory: our gate on batches, and the same rules
 * record by record. Takes the time of the CPU, as {@link RulesBenchmark} does for orders.
 */
final class ShapeRulesBenchmark {
  private static final String RULE_BY_RULE = "rule-by-rule";
  private static final String GATE = "batches with rules";
  private static final String BATCHES = "batches without rules";
  private static final String PUBLISH = "checked publish";

  /** So many rows are checked at least, so that fewer are checked several times. */
  private static final int LEAST_ROWS = 300_000;

  private final ShapeRecords shape;
  private final SideBySide times;

  private ShapeRulesBenchmark(ShapeRecords shape, SideBySide times) {
    this.shape = shape;
    this.times = times;
  }

  /** Measures all contenders. */
  static ShapeRulesBenchmark measure(ShapeRecords shape, int rounds) throws Exception {
    Schema schema = IcebergSchemas.fromAvro(shape.schema());
    Contract free = Contract.of(shape.schema());
    Contract checked = free.require(shape.rules().rules().toArray(Rule[]::new));
    try (BenchmarkFolder folder = BenchmarkFolder.create();
        ShapeMesh mesh = new ShapeMesh(folder.path().resolve("mesh"), shape, Runnable::run)) {
      mesh.publish(true, EncodingProfile.FAST);
      List<VectorBatch> batches = new ArrayList<>();
      for (Path file : mesh.files(true, EncodingProfile.FAST)) {
        batches.addAll(FileBatches.inMemory(file, schema));
      }
      Map<String, BenchmarkContender> contenders = new LinkedHashMap<>();
      contenders.put(RULE_BY_RULE, repeat(shape, () -> checkRecords(shape)));
      contenders.put(GATE, repeat(shape, () -> RulesBenchmark.check(checked, schema, batches)));
      contenders.put(BATCHES, repeat(shape, () -> RulesBenchmark.check(free, schema, batches)));
      contenders.put(PUBLISH, () -> mesh.publish(true, EncodingProfile.FAST));
      return new ShapeRulesBenchmark(shape, SideBySide.runOnOneThread(contenders, rounds));
    }
  }

  private static BenchmarkContender repeat(ShapeRecords shape, Runnable once) {
    return () -> {
      for (int i = times(shape); i > 0; i--) {
        once.run();
      }
    };
  }

  private static int times(ShapeRecords shape) {
    int rows = shape.records().size();
    return (LEAST_ROWS + rows - 1) / rows;
  }

  private static void checkRecords(ShapeRecords shape) {
    Predicate<GenericRecord> rules = shape.rules().recordByRecord().get();
    for (GenericRecord record : shape.records()) {
      if (!rules.test(record)) {
        throw new IllegalStateException("a row breaks a rule");
      }
    }
  }

  List<BenchmarkGoal> goals() {
    double all = times.medianSeconds(GATE) - times.medianSeconds(BATCHES);
    double rules = all / times(shape);
    if (rules <= 0) {
      throw new IllegalStateException("the rules took " + rules + " s: too few rows to measure");
    }
    String end = "-" + shape.name();
    return List.of(
        BenchmarkGoal.atLeast(
            15, "G4" + end, RULE_BY_RULE, times.medianSeconds(RULE_BY_RULE) / all),
        BenchmarkGoal.atMost(40, "G4-ns-a-row" + end, "none", rules * 1e9 / shape.records().size()),
        BenchmarkGoal.atMost(
            0.25, "G4-share" + end, "publish", rules / times.medianSeconds(PUBLISH)));
  }

  /** Prints the number of rows and rules, and all times. */
  void details(PrintStream out) {
    out.printf(
        Locale.ROOT,
        "%s: %,d records, %d rules, seconds of CPU%n",
        shape.name(),
        shape.records().size(),
        shape.rules().rules().size());
    times.print(out);
  }
}
