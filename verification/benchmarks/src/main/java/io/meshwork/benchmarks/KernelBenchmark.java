package io.meshwork.benchmarks;

import static io.meshwork.contract.Rule.between;
import static io.meshwork.contract.Rule.inSet;
import static io.meshwork.contract.Rule.matches;
import static io.meshwork.contract.Rule.unique;

import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import io.meshwork.internal.parquet.encoding.LittleEndianEncoder;
import io.meshwork.internal.parquet.encoding.ValueDecoder;
import io.meshwork.internal.quality.QualityGate;
import io.meshwork.internal.quality.RuleContext;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.DictionaryVector;
import io.meshwork.internal.vector.DoubleVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.iceberg.Schema;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.Type;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The innermost loops of the columnar engine, on values in memory: encoders and decoders of pages,
 * and rules. Nanoseconds a value. JMH generates the code that calls it, see {@link KernelRun}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class KernelBenchmark {
  private static final int VALUES = 16_384;
  private static final int WIDTH = 12;
  private static final int BATCHES = 16;
  private static final int ROWS = BATCHES * VALUES;

  /** The values of a page, plain and encoded. */
  @State(Scope.Thread)
  public static class PageValues {
    private final long[] times = new long[VALUES];
    private final int[] indices = new int[VALUES];
    private final int[] starts = new int[VALUES + 1];
    private byte[] texts = {};
    private final LittleEndianEncoder out = new LittleEndianEncoder();
    private final long[] longs = new long[VALUES];
    private final int[] ints = new int[VALUES];
    private final BytesVector bytes = new BytesVector();
    private byte[] deltas = {};
    private byte[] runs = {};
    private byte[] plainTexts = {};

    /** Creates values from a seed, and encodes them. */
    @Setup
    public void create() {
      Random random = new Random(42);
      StringBuilder text = new StringBuilder();
      long time = 1_767_225_600_000_000L;
      for (int i = 0; i < VALUES; i++) {
        time += random.nextInt(2_000_000) - 200_000;
        times[i] = time;
        indices[i] = random.nextInt(1 << WIDTH);
        text.append("a note of order ").append(random.nextInt(10_000));
        starts[i + 1] = text.length();
      }
      texts = text.toString().getBytes(StandardCharsets.US_ASCII);
      out.putDeltas(times, VALUES, false);
      deltas = padded();
      out.putRuns(indices, VALUES, WIDTH);
      runs = padded();
      out.putByteArrays(texts, starts, VALUES);
      plainTexts = padded();
    }

    private byte[] padded() {
      byte[] page = Arrays.copyOf(out.bytes(), out.size() + ValueDecoder.SLACK);
      out.reset();
      return page;
    }
  }

  /** Batches of orders, and a gate with one rule. */
  @State(Scope.Thread)
  public static class OrderBatches {
    /** The rule of the gate, or none. */
    @Param({"none", "between", "inSet", "matches", "unique"})
    private String rule = "none";

    private final List<VectorBatch> batches = new ArrayList<>();
    private Schema schema = new Schema();
    private Contract contract = BenchmarkOrders.withoutRules();

    /** Creates batches from a seed. */
    @Setup
    public void create() {
      Map<String, Rule> rules = new LinkedHashMap<>();
      rules.put("between", between("amount", 0, 100_000));
      rules.put("inSet", inSet("status", (Object[]) BenchmarkOrders.STATUS));
      rules.put(
          "matches",
          matches("orderId", "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"));
      rules.put("unique", unique("orderId"));
      contract = Contract.of(OrderOfFourColumns.class);
      if (rules.containsKey(rule)) {
        contract = contract.require(rules.get(rule));
      }
      schema = IcebergSchemas.fromAvro(contract.schema());
      Random random = new Random(42);
      for (int batch = 0; batch < BATCHES; batch++) {
        batches.add(batch(random));
      }
    }

    private VectorBatch batch(Random random) {
      BytesVector ids = new BytesVector();
      LongVector customers = new LongVector();
      DictionaryVector.Texts states = new DictionaryVector.Texts();
      DoubleVector amounts = new DoubleVector();
      for (int row = 0; row < VALUES; row++) {
        UUID id = new UUID(random.nextLong(), random.nextLong());
        ids.append(id.toString().getBytes(StandardCharsets.US_ASCII));
        customers.append(random.nextInt(200_000));
        String state = BenchmarkOrders.STATUS[random.nextInt(BenchmarkOrders.STATUS.length)];
        if (!states.appendRecognized(state)) {
          states.entries().append(state.getBytes(StandardCharsets.US_ASCII));
          states.appendEntry(state);
        }
        amounts.append(random.nextInt(10_000_000) / 100.0);
      }
      return new VectorBatch(schema, List.of(ids, customers, states, amounts));
    }
  }

  record OrderOfFourColumns(String orderId, long customerId, String status, double amount) {}

  /** Encodes timestamps as DELTA_BINARY_PACKED. */
  @Benchmark
  @OperationsPerInvocation(VALUES)
  public int encodeDeltas(PageValues page) {
    page.out.reset();
    page.out.putDeltas(page.times, VALUES, false);
    return page.out.size();
  }

  /** Encodes dictionary indices as RLE. */
  @Benchmark
  @OperationsPerInvocation(VALUES)
  public int encodeIndices(PageValues page) {
    page.out.reset();
    page.out.putRuns(page.indices, VALUES, WIDTH);
    return page.out.size();
  }

  /** Encodes texts as PLAIN. */
  @Benchmark
  @OperationsPerInvocation(VALUES)
  public int encodeTexts(PageValues page) {
    page.out.reset();
    page.out.putByteArrays(page.texts, page.starts, VALUES);
    return page.out.size();
  }

  /** Decodes timestamps from DELTA_BINARY_PACKED. */
  @Benchmark
  @OperationsPerInvocation(VALUES)
  public long decodeDeltas(PageValues page) {
    decoder(Encoding.DELTA_BINARY_PACKED, Type.INT64, page.deltas).longs(page.longs, 0, VALUES);
    return page.longs[VALUES - 1];
  }

  /** Decodes dictionary indices from RLE. */
  @Benchmark
  @OperationsPerInvocation(VALUES)
  public int decodeIndices(PageValues page) {
    byte[] runs = page.runs;
    ValueDecoder.ofLevels(Encoding.RLE, (1 << WIDTH) - 1, runs, 0, runs.length - ValueDecoder.SLACK)
        .ints(page.ints, 0, VALUES);
    return page.ints[VALUES - 1];
  }

  /** Decodes texts from PLAIN. */
  @Benchmark
  @OperationsPerInvocation(VALUES)
  public int decodeTexts(PageValues page) {
    page.bytes.reset();
    decoder(Encoding.PLAIN, Type.BYTE_ARRAY, page.plainTexts).bytes(page.bytes, VALUES);
    return page.bytes.size();
  }

  private static ValueDecoder decoder(Encoding encoding, Type type, byte[] page) {
    return ValueDecoder.of(encoding, type, 0, page, 0, page.length - ValueDecoder.SLACK, VALUES);
  }

  /** Evaluates one rule over all batches, or none, and decides on the publish. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public boolean evaluateRule(OrderBatches orders) {
    try (QualityGate gate =
        QualityGate.open(
            orders.contract, orders.schema, OnViolation.REJECT, RuleContext.at(Instant.EPOCH))) {
      long row = 0;
      for (VectorBatch batch : orders.batches) {
        gate.evaluate(batch, new RowMask(0), row);
        row += batch.rows();
      }
      gate.endOfInput();
      return gate.finish(List.of()).refused();
    }
  }
}
