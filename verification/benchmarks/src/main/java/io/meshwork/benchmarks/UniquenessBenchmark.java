package io.meshwork.benchmarks;

import static io.meshwork.contract.Rule.unique;

import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import io.meshwork.internal.quality.PublishVerdict;
import io.meshwork.internal.quality.QualityGate;
import io.meshwork.internal.quality.RuleContext;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.uniqueness.ExistingKeys;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.IntVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.iceberg.Schema;

/**
 * What one uniqueness rule costs in nanoseconds of CPU a row: the time of a gate with the rule,
 * less that of a gate without rules, over the same batches in memory. Contenders take turns in
 * every round.
 */
public final class UniquenessBenchmark {
  private static final Contract ROWS =
      Contract.of(
          new org.apache.avro.Schema.Parser()
              .parse(
                  """
                  {"type":"record","name":"row","fields":[
                    {"name":"id","type":"string"},
                    {"name":"number","type":"long"},
                    {"name":"line","type":"int"},
                    {"name":"text","type":"string"}]}
                  """));
  private static final Schema SCHEMA = IcebergSchemas.fromAvro(ROWS.schema());
  private static final int TEXT_LENGTH = 120;
  private static final long LITTLE_MEMORY = 16L << 20;
  private static final String WITHOUT = "no rule";

  private UniquenessBenchmark() {}

  /** Arguments: rows (default 1,500,000), measured rounds (default 5), and a seed (default 42). */
  public static void main(String[] arguments) throws Exception {
    BenchmarkSize size = BenchmarkSize.of(arguments, 1_500_000);
    int rows = size.rows();
    int rounds = size.rounds();
    List<VectorBatch> batches = batches(rows, new Random(size.seed()));
    long much = QualityGate.KEY_MEMORY;
    Map<String, BenchmarkContender> contenders = new LinkedHashMap<>();
    contenders.put(WITHOUT, () -> evaluate(batches, ROWS, OnViolation.REJECT, much));
    add(contenders, "UUIDs", unique("id"), batches, OnViolation.REJECT, much);
    add(contenders, "longs", unique("number"), batches, OnViolation.REJECT, much);
    add(contenders, "long and int", unique("number", "line"), batches, OnViolation.REJECT, much);
    add(contenders, "120 bytes", unique("text"), batches, OnViolation.REJECT, much);
    add(contenders, "UUIDs, decided", unique("id"), batches, OnViolation.QUARANTINE, much);
    add(contenders, "UUIDs, 16 MiB", unique("id"), batches, OnViolation.REJECT, LITTLE_MEMORY);
    System.out.printf(
        Locale.ROOT,
        "%,d rows, %d rounds after one to warm up; %,d MiB%n",
        rows,
        rounds,
        much >> 20);
    SideBySide result = SideBySide.runOnOneThread(contenders, rounds);
    for (String name : contenders.keySet()) {
      double more = name.equals(WITHOUT) ? 0 : result.medianSeconds(WITHOUT);
      System.out.printf(
          Locale.ROOT,
          "%-16s %8.1f ns of CPU a row%n",
          name,
          (result.medianSeconds(name) - more) * 1e9 / rows);
    }
  }

  private static void add(
      Map<String, BenchmarkContender> contenders,
      String name,
      Rule rule,
      List<VectorBatch> batches,
      OnViolation policy,
      long memory) {
    Contract contract = ROWS.require(rule);
    contenders.put(name, () -> evaluate(batches, contract, policy, memory));
  }

  private static void evaluate(
      List<VectorBatch> batches, Contract contract, OnViolation policy, long memory) {
    try (QualityGate gate =
        QualityGate.open(
            contract, SCHEMA, policy, RuleContext.at(Instant.EPOCH), ExistingKeys.NONE, memory)) {
      List<VectorBatch> held = new ArrayList<>();
      List<long[]> numbers = new ArrayList<>();
      long row = 0;
      for (VectorBatch batch : batches) {
        long first = row;
        int[] rows = gate.evaluate(batch, new RowMask(0), first).held().numbers();
        if (rows.length > 0) {
          held.add(rows.length == batch.rows() ? batch : batch.gather(rows));
          numbers.add(Arrays.stream(rows).mapToLong(each -> first + each).toArray());
        }
        row += batch.rows();
      }
      gate.endOfInput();
      for (int i = 0; i < held.size(); i++) {
        gate.judgeHeld(held.get(i), numbers.get(i));
      }
      PublishVerdict verdict = gate.finish(List.of());
      if (verdict.refused()) {
        throw new IllegalStateException("the keys of the benchmark are unique");
      }
    }
  }

  private static List<VectorBatch> batches(int rows, Random random) {
    List<VectorBatch> batches = new ArrayList<>();
    byte[] text = "x".repeat(TEXT_LENGTH).getBytes(StandardCharsets.UTF_8);
    for (int from = 0; from < rows; from += VectorBatch.ROWS) {
      VectorBatch batch = VectorBatch.empty(SCHEMA);
      for (int row = from; row < Math.min(rows, from + VectorBatch.ROWS); row++) {
        String id = new UUID(random.nextLong(), random.nextLong()).toString();
        byte[] bytes = id.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, text, row % (TEXT_LENGTH - bytes.length), bytes.length);
        ((BytesVector) batch.vector(0)).append(bytes);
        ((LongVector) batch.vector(1)).append(row * 7L);
        ((IntVector) batch.vector(2)).append(row % 3);
        ((BytesVector) batch.vector(3)).append(text);
      }
      batches.add(batch);
    }
    return batches;
  }
}
