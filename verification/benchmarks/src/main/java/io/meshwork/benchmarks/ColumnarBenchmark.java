package io.meshwork.benchmarks;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;

/**
 * The goals of the columnar engine, on one thread, except {@code G1-2t} and reads, {@code G6-…}:
 * ours decode on an executor with a thread for each processor, and AvroParquetReader has one
 * thread; the goals of reads that end with {@code -1t} have one thread as well. Prints lines {@code
 * goal | contender | ratio | met}; sizes and times go to standard error.
 */
public final class ColumnarBenchmark {
  private static final int ORDERS = 1_000_000;
  private static final int COLD = 300_000;

  private ColumnarBenchmark() {}

  /** No arguments. */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length > 0) {
      throw BenchmarkSize.refused("columnar has no arguments");
    }
    BenchmarkSize orders = new BenchmarkSize(ORDERS, 5, 42);
    PublishBenchmark publish = PublishBenchmark.measure(orders);
    publish.goals().forEach(goal -> goal.print(System.out));
    publish.otherGoals().forEach(goal -> goal.print(System.out));
    publish.details(System.err);
    onTwoThreads(orders).print(System.out);
    RulesBenchmark rules = RulesBenchmark.measure(orders);
    rules.goals().forEach(goal -> goal.print(System.out));
    rules.details(System.err);
    EncodeBenchmark encode = EncodeBenchmark.measure(orders);
    encode.goals().forEach(goal -> goal.print(System.out));
    encode.details(System.err);
    ReadBenchmark read = ReadBenchmark.measure(orders);
    read.goals().forEach(goal -> goal.print(System.out));
    read.details(System.err);
    for (AvroShape shape : AvroShape.values()) {
      BenchmarkSize size = ShapesBenchmark.size(shape, 5);
      ShapePublishBenchmark free =
          ShapePublishBenchmark.withoutRules(ShapeRecords.of(shape, size), size.rounds());
      free.goals().forEach(goal -> goal.print(System.out));
      free.sizes().forEach(goal -> goal.print(System.err));
      free.details(System.err);
    }
    SmallPublishBenchmark small = SmallPublishBenchmark.measure(orders.rounds(), orders.seed());
    small.goals().forEach(goal -> goal.print(System.out));
    small.details(System.err);
    ColdPublish.measure(new BenchmarkSize(COLD, 5, 42)).print(System.out);
    RegistryBenchmark registry = RegistryBenchmark.measure(orders.rounds(), orders.seed());
    registry.goal().print(System.out);
    registry.details(System.err);
  }

  private static BenchmarkGoal onTwoThreads(BenchmarkSize size) throws Exception {
    List<BenchmarkOrder> orders = BenchmarkOrders.rows(size.rows(), size.seed());
    ForkJoinPool worker = new ForkJoinPool(1);
    try (BenchmarkFolder folder = BenchmarkFolder.create();
        OrdersMesh mesh = new OrdersMesh(folder.path().resolve("mesh"), worker)) {
      requireSame(orders, folder, mesh);
      Map<String, BenchmarkContender> contenders = new LinkedHashMap<>();
      contenders.put(
          "parquet-avro-rules",
          () -> AvroOrders.write(orders, folder.fresh("rules.parquet"), true));
      contenders.put("meshwork", () -> mesh.publishChecked(orders));
      SideBySide times = SideBySide.run(contenders, size.rounds());
      return BenchmarkGoal.atLeast(
          18, "G1-2t", "parquet-avro-rules", times.ratio("parquet-avro-rules", "meshwork"));
    } finally {
      worker.shutdown();
    }
  }

  private static void requireSame(
      List<BenchmarkOrder> orders, BenchmarkFolder folder, OrdersMesh mesh) throws Exception {
    Path theirs = folder.fresh("rules.parquet");
    AvroOrders.write(orders, theirs, true);
    mesh.publishChecked(orders);
    try (DuckDbTable duckDb = new DuckDbTable(theirs)) {
      duckDb.requireSame(mesh.filesOfChecked());
    }
  }
}
