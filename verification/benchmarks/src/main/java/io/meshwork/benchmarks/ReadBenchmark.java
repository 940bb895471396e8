package io.meshwork.benchmarks;

import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.internal.materializers.RowMaterializer;
import io.meshwork.internal.materializers.RowMaterializers;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.vector.LongVector;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Reads of orders beside AvroParquetReader: into batches and Java records, of all columns and of
 * two, and with a filter that keeps one row of a thousand, or the only one; from a file of
 * parquet-avro (foreign) and from a published one (own), which each contender reads. Ours decode
 * columns, and the next batch, on an executor with a thread for each processor; AvroParquetReader
 * has one thread. Goals that end with {@code -1t} are those of ours on one thread too. Prints lines
 * {@code goal | contender | ratio | met}, and the times, and the ratios of the filter after many
 * reads, among the details.
 */
public final class ReadBenchmark {
  private static final String PEER = "parquet-avro";
  private static final Contract CONTRACT = Contract.of(BenchmarkOrder.class);
  private static final Schema ALL = IcebergSchemas.fromAvro(CONTRACT.schema());
  private static final List<String> TWO_COLUMNS = List.of("customerId", "amount");
  private static final Schema TWO = ALL.select(TWO_COLUMNS);
  private static final int FILTERED = 1_000;

  /** Reads of some milliseconds are not compiled after one round. */
  private static final int WARM_UP = 10;

  /** After so many more, the JVM has compiled most of what opens a read. */
  private static final int MANY_READS = 1_000;

  private static final String ON_ONE_THREAD = "-1t";
  private static final List<BenchmarkComparison> READS =
      List.of(
          reads(4, "batches-foreign", "avro foreign"),
          reads(8, "batches-own", "avro own"),
          reads(5, "2of8-foreign", "avro 2of8-foreign"),
          reads(15, "2of8-own", "avro 2of8-own"),
          reads(3, "records-foreign", "avro foreign"),
          reads(5, "records-own", "avro own"),
          reads(50, "filter", "avro filter"));

  private final int rows;
  private final long rowsRead;
  private final SideBySide times;

  /** The times of reads with the filter after many others. */
  private final SideBySide later;

  private static BenchmarkComparison reads(double least, String ours, String theirs) {
    return new BenchmarkComparison("G6-" + ours, PEER, least, theirs, ours);
  }

  private ReadBenchmark(int rows, long rowsRead, SideBySide times, SideBySide later) {
    this.rows = rows;
    this.rowsRead = rowsRead;
    this.times = times;
    this.later = later;
  }

  /** Arguments: rows (default 1,500,000), measured rounds (default 5), and a seed (default 42). */
  public static void main(String[] arguments) throws Exception {
    ReadBenchmark result = measure(BenchmarkSize.of(arguments, 1_500_000));
    result.goals().forEach(goal -> goal.print(System.out));
    result.details(System.err);
  }

  /**
   * Measures all contenders, each of which returns the same sum, and compares all values that they
   * read before.
   */
  static ReadBenchmark measure(BenchmarkSize size) throws Exception {
    List<BenchmarkOrder> orders = BenchmarkOrders.rows(size.rows(), size.seed());
    long sum = orders.stream().mapToLong(BenchmarkOrder::customerId).sum();
    Instant[] at = orders.stream().map(BenchmarkOrder::createdAt).sorted().toArray(Instant[]::new);
    int end = at.length / 2 + Math.max(1, at.length / FILTERED);
    Instant from = at[at.length / 2];
    Instant to = end < at.length ? at[end] : BenchmarkOrders.LAST;
    List<BenchmarkOrder> matching =
        orders.stream()
            .filter(order -> !order.createdAt().isBefore(from) && order.createdAt().isBefore(to))
            .toList();
    long between = matching.stream().mapToLong(BenchmarkOrder::customerId).sum();
    ExecutorService workers =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    try (BenchmarkFolder folder = BenchmarkFolder.create();
        OrdersMesh mesh = new OrdersMesh(folder.path().resolve("mesh"), workers);
        OrdersMesh calling = new OrdersMesh(folder.path().resolve("calling"), Runnable::run)) {
      Path foreign = folder.fresh("avro.parquet");
      AvroOrders.write(orders, foreign, false);
      mesh.publishFree(orders);
      calling.publishFree(orders);
      Path own = mesh.fileOfFree();
      requireSame(orders, List.of(foreign, own), workers);
      requireSameKept(matching, foreign, from, to, List.of(mesh, calling));
      Map<String, BenchmarkContender> contenders = new LinkedHashMap<>();
      add(contenders, "foreign", foreign, sum, workers);
      add(contenders, "own", own, sum, workers);
      contenders.put(
          "avro filter",
          () -> require(between, AvroOrders.readBetween(foreign, micros(from), micros(to))));
      contenders.put("filter", () -> require(between, filtered(mesh, from, to)));
      contenders.put("filter" + ON_ONE_THREAD, () -> require(between, filtered(calling, from, to)));
      SideBySide times = SideBySide.runShort(contenders, WARM_UP, size.rounds());
      return new ReadBenchmark(
          size.rows(), matching.size(), times, afterManyReads(contenders, size.rounds()));
    } finally {
      workers.shutdown();
    }
  }

  private static void requireSame(
      List<BenchmarkOrder> orders, List<Path> files, ExecutorService workers) throws IOException {
    List<GenericRecord> records = AvroOrders.records(orders);
    org.apache.avro.Schema all = CONTRACT.schema();
    for (Path file : files) {
      new ShapeReads(List.of(file), all).requireSame(records, workers);
      new ShapeReads(List.of(file), AvroFiles.select(all, TWO_COLUMNS))
          .requireSame(records, workers);
      for (Executor executor : Arrays.asList(workers, null)) {
        RowMaterializer<BenchmarkOrder> rows = materializer();
        List<BenchmarkOrder> read = new ArrayList<>();
        FileBatches.forEach(
            file, ALL, executor, batch -> rows.rows(batch).forEachRemaining(read::add));
        requireEqual(orders, read);
      }
    }
  }

  private static void requireSameKept(
      List<BenchmarkOrder> matching,
      Path foreign,
      Instant from,
      Instant to,
      List<OrdersMesh> meshes)
      throws IOException {
    for (OrdersMesh mesh : meshes) {
      List<BenchmarkOrder> read = new ArrayList<>();
      try (Rows<BenchmarkOrder> rows = between(mesh, from, to)) {
        rows.forEach(read::add);
      }
      requireEqual(matching, read);
    }
    RowHash wanted = new RowHash(CONTRACT.schema());
    AvroOrders.records(matching).forEach(wanted::add);
    RowHash theirs = new RowHash(CONTRACT.schema());
    AvroFiles.forEach(AvroOrders.between(foreign, micros(from), micros(to)), theirs::add);
    wanted.require(theirs, "AvroParquetReader with the filter");
  }

  private static void requireEqual(List<BenchmarkOrder> wanted, List<BenchmarkOrder> read) {
    if (!wanted.equals(read)) {
      throw new IllegalStateException(
          "the " + read.size() + " orders that were read differ from the " + wanted.size());
    }
  }

  private static SideBySide afterManyReads(Map<String, BenchmarkContender> contenders, int rounds)
      throws Exception {
    Map<String, BenchmarkContender> filters = new LinkedHashMap<>(contenders);
    filters.keySet().removeIf(name -> !name.contains("filter"));
    for (int i = 0; i < MANY_READS; i++) {
      for (BenchmarkContender filter : filters.values()) {
        filter.run();
      }
    }
    return SideBySide.runShort(filters, WARM_UP, rounds);
  }

  private static void add(
      Map<String, BenchmarkContender> contenders,
      String whose,
      Path file,
      long sum,
      Executor workers) {
    contenders.put("avro " + whose, () -> require(sum, AvroOrders.read(file)));
    contenders.put("avro 2of8-" + whose, () -> require(sum, AvroOrders.readTwoColumns(file)));
    addOurs(contenders, whose, file, sum, workers);
    addOurs(contenders, whose + ON_ONE_THREAD, file, sum, null);
  }

  private static void addOurs(
      Map<String, BenchmarkContender> contenders,
      String whose,
      Path file,
      long sum,
      @Nullable Executor workers) {
    contenders.put("batches-" + whose, () -> require(sum, batches(file, ALL, 1, workers)));
    contenders.put("2of8-" + whose, () -> require(sum, batches(file, TWO, 0, workers)));
    contenders.put("records-" + whose, () -> require(sum, records(file, workers)));
  }

  private static void require(long expected, long actual) {
    if (expected != actual) {
      throw new IllegalStateException("the sum is " + actual + " instead of " + expected);
    }
  }

  private static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  private static long batches(Path file, Schema columns, int customer, @Nullable Executor workers) {
    LongAdder sum = new LongAdder();
    FileBatches.forEach(
        file,
        columns,
        workers,
        batch -> {
          long[] customers = ((LongVector) batch.vector(customer)).values();
          long part = 0;
          for (int row = 0; row < batch.rows(); row++) {
            part += customers[row];
          }
          sum.add(part);
        });
    return sum.sum();
  }

  private static long records(Path file, @Nullable Executor workers) {
    RowMaterializer<BenchmarkOrder> rows = materializer();
    LongAdder sum = new LongAdder();
    FileBatches.forEach(
        file,
        ALL,
        workers,
        batch -> {
          long part = 0;
          for (Iterator<BenchmarkOrder> each = rows.rows(batch); each.hasNext(); ) {
            part += each.next().customerId();
          }
          sum.add(part);
        });
    return sum.sum();
  }

  private static RowMaterializer<BenchmarkOrder> materializer() {
    return RowMaterializers.asRecord(BenchmarkOrder.class, ALL, CONTRACT.schema());
  }

  private static long filtered(OrdersMesh mesh, Instant from, Instant to) {
    long sum = 0;
    try (Rows<BenchmarkOrder> rows = between(mesh, from, to)) {
      for (BenchmarkOrder order : rows) {
        sum += Objects.requireNonNull(order).customerId();
      }
    }
    return sum;
  }

  private static Rows<BenchmarkOrder> between(OrdersMesh mesh, Instant from, Instant to) {
    String filter = "createdAt >= " + constant(from) + " AND createdAt < " + constant(to);
    return mesh.free().as(BenchmarkOrder.class).where(filter).rows();
  }

  private static String constant(Instant instant) {
    return "TIMESTAMP '" + instant.toString().replace('T', ' ') + "'";
  }

  /** Returns the goals of reads, with an executor and then on one thread. */
  List<BenchmarkGoal> goals() {
    return Stream.concat(READS.stream(), onOneThread()).map(each -> each.of(times)).toList();
  }

  private static Stream<BenchmarkComparison> onOneThread() {
    return READS.stream()
        .map(each -> reads(each.least(), each.ours() + ON_ONE_THREAD, each.theirs()));
  }

  /** Prints the number of rows, all times, and the ratios of CPU of ours on one thread. */
  void details(PrintStream out) {
    out.printf(Locale.ROOT, "%,d orders, of which the filter keeps %,d%n", rows, rowsRead);
    onOneThread().forEach(each -> each.printCpu(times, out));
    for (String ours : List.of("filter", "filter" + ON_ONE_THREAD)) {
      double ratio = later.ratio("avro filter", ours);
      out.printf(
          Locale.ROOT, "G6-%s after %d more reads | %s | %.3f%n", ours, MANY_READS, PEER, ratio);
    }
    times.print(out);
    out.printf("After %d more reads:%n", MANY_READS);
    later.print(out);
  }
}
