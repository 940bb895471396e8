package io.meshwork.benchmarks;

import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.internal.parquet.read.BatchReader;
import io.meshwork.internal.parquet.read.FileRowGroups;
import io.meshwork.internal.parquet.read.ParquetReader;
import io.meshwork.internal.parquet.read.ParquetReader.ColumnMatch;
import io.meshwork.internal.parquet.read.RowGroupReader;
import io.meshwork.internal.rows.RowMaterializer;
import io.meshwork.internal.rows.RowMaterializers;
import io.meshwork.internal.scan.AheadBatches;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.VectorBatch;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
import java.util.function.Consumer;
import org.apache.iceberg.Files;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Reads of orders beside AvroParquetReader: into batches and Java records, of all columns and of
 * two, and with a filter that keeps one row of a thousand, or the only one; from a file of
 * parquet-avro (foreign) and from a published one (own), which each contender reads. Ours decode
 * columns, and the next batch, on an executor with a thread for each processor; AvroParquetReader
 * has one thread. Prints lines {@code goal | contender | ratio | met}, and the ratios and times of
 * ours on one thread, and of the filter after many reads, among the details.
 */
public final class ReadBenchmark {
  private static final String PEER = "parquet-avro";
  private static final Contract CONTRACT = Contract.of(BenchmarkOrder.class);
  private static final Schema ALL = IcebergSchemas.fromAvro(CONTRACT.schema());
  private static final Schema TWO = ALL.select("customerId", "amount");
  private static final int FILTERED = 1_000;

  /** Reads of some milliseconds are not compiled after one round. */
  private static final int WARM_UP = 10;

  /** After so many more, the JVM has compiled most of what opens a read. */
  private static final int MANY_READS = 1_000;

  private static final String ON_ONE_THREAD = " on one thread";
  private static final List<Reads> READS =
      List.of(
          new Reads(4, "batches-foreign", "avro foreign"),
          new Reads(8, "batches-own", "avro own"),
          new Reads(5, "2of8-foreign", "avro 2of8-foreign"),
          new Reads(15, "2of8-own", "avro 2of8-own"),
          new Reads(3, "records-foreign", "avro foreign"),
          new Reads(5, "records-own", "avro own"),
          new Reads(50, "filter", "avro filter"));

  /** A read of ours, that of the peer, and the least ratio of their times. */
  private record Reads(double least, String ours, String theirs) {}

  private final int rows;
  private final long kept;
  private final SideBySide times;

  /** The times of reads with the filter after many others. */
  private final SideBySide later;

  private ReadBenchmark(int rows, long kept, SideBySide times, SideBySide later) {
    this.rows = rows;
    this.kept = kept;
    this.times = times;
    this.later = later;
  }

  /** Arguments: rows (default 1,500,000), measured rounds (default 5), and a seed (default 42). */
  public static void main(String[] arguments) throws Exception {
    ReadBenchmark result = measure(BenchmarkSize.of(arguments, 1_500_000));
    result.goals().forEach(goal -> goal.print(System.out));
    result.details(System.err);
  }

  /** Measures all contenders, each of which returns the same sum. */
  static ReadBenchmark measure(BenchmarkSize size) throws Exception {
    List<BenchmarkOrder> orders = BenchmarkOrders.rows(size.rows(), size.seed());
    long sum = orders.stream().mapToLong(BenchmarkOrder::customerId).sum();
    Instant[] at = orders.stream().map(BenchmarkOrder::createdAt).sorted().toArray(Instant[]::new);
    int end = at.length / 2 + Math.max(1, at.length / FILTERED);
    Instant from = at[at.length / 2];
    Instant to = end < at.length ? at[end] : BenchmarkOrders.LAST;
    List<BenchmarkOrder> kept =
        orders.stream()
            .filter(order -> !order.createdAt().isBefore(from) && order.createdAt().isBefore(to))
            .toList();
    long between = kept.stream().mapToLong(BenchmarkOrder::customerId).sum();
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
          size.rows(), kept.size(), times, afterManyReads(contenders, size.rounds()));
    } finally {
      workers.shutdown();
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

  /** Passes each batch on, and reads the next one ahead as a read through a mesh does. */
  private static void forEach(
      Path path, Schema columns, @Nullable Executor workers, Consumer<VectorBatch> each) {
    if (workers == null) {
      try (ParquetReader file = ParquetReader.open(Files.localInput(path.toFile()));
          BatchReader batches = file.read(columns, ColumnMatch.BY_NAME)) {
        for (VectorBatch batch = batches.next(); batch != null; batch = batches.next()) {
          each.accept(batch);
        }
      }
      return;
    }
    try (ParquetReader file = ParquetReader.open(Files.localInput(path.toFile()));
        AheadBatches batches =
            new AheadBatches(
                workers,
                new FileGroups(file.readRowGroups(columns, ColumnMatch.BY_NAME, null, workers)))) {
      for (VectorBatch batch = batches.next(); batch != null; batch = batches.next()) {
        each.accept(batch);
      }
    }
  }

  /** The row groups of one file. */
  private record FileGroups(FileRowGroups groups) implements AheadBatches.Groups {
    @Override
    public AheadBatches.@Nullable Group next(boolean ahead) {
      RowGroupReader next = groups.next(ahead);
      return next == null ? null : new FileGroup(groups, next);
    }

    @Override
    public void stop() {
      groups.stop();
    }

    @Override
    public void close() {
      groups.close();
    }
  }

  private record FileGroup(FileRowGroups groups, RowGroupReader reader)
      implements AheadBatches.Group {
    @Override
    public List<ColumnPart> parts() {
      return reader.parts().stream().map(ColumnPart::new).toList();
    }

    @Override
    public long wantedRows() {
      return reader.rows();
    }

    @Override
    public long bytes() {
      return reader.bytes();
    }

    @Override
    public VectorBatch join(List<VectorBatch> parts) {
      return reader.join(parts);
    }

    @Override
    public void end() {
      groups.giveBack(reader);
    }
  }

  private record ColumnPart(BatchReader reader) implements AheadBatches.RowGroupPart {
    @Override
    public @Nullable VectorBatch next(int valid) {
      return reader.next(valid);
    }

    @Override
    public boolean isAtEnd() {
      return reader.endsGroup();
    }
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
    forEach(
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
    RowMaterializer<BenchmarkOrder> rows =
        RowMaterializers.asRecord(BenchmarkOrder.class, ALL, CONTRACT.schema());
    LongAdder sum = new LongAdder();
    forEach(
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

  private static long filtered(OrdersMesh mesh, Instant from, Instant to) {
    long sum = 0;
    String of = "createdAt >= " + constant(from) + " AND createdAt < " + constant(to);
    try (Rows<BenchmarkOrder> rows = mesh.free().as(BenchmarkOrder.class).where(of).read()) {
      for (BenchmarkOrder order : rows) {
        sum += Objects.requireNonNull(order).customerId();
      }
    }
    return sum;
  }

  private static String constant(Instant instant) {
    return "TIMESTAMP '" + instant.toString().replace('T', ' ') + "'";
  }

  /** Returns the goals of reads. */
  List<BenchmarkGoal> goals() {
    return READS.stream()
        .map(
            each ->
                BenchmarkGoal.atLeast(
                    each.least, "G6-" + each.ours, PEER, times.ratio(each.theirs, each.ours)))
        .toList();
  }

  /** Prints the number of rows, the ratios of ours on one thread, and all times. */
  void details(PrintStream out) {
    out.printf(Locale.ROOT, "%,d orders, of which the filter keeps %,d%n", rows, kept);
    for (Reads each : READS) {
      double ratio = times.ratio(each.theirs, each.ours + ON_ONE_THREAD);
      out.printf(Locale.ROOT, "G6-%s%s | %s | %.3f%n", each.ours, ON_ONE_THREAD, PEER, ratio);
    }
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
