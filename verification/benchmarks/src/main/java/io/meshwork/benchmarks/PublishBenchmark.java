package io.meshwork.benchmarks;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * A checked publish of Java records, to the committed snapshot, beside what people write today, on
 * one thread. Contenders take turns in every round; medians of the ratios of rounds are what
 * counts. Prints lines {@code goal | contender | ratio | met}.
 */
public final class PublishBenchmark {
  private static final String RULES = "parquet-avro-rules";
  private static final String AVRO = "parquet-avro";
  private static final String CARPET = "carpet";
  private static final String DUCKDB = "duckdb";
  private static final String CHECKED = "meshwork, 11 rules";
  private static final String FREE = "meshwork, no rules";
  private static final String COMPATIBLE = "meshwork, no rules, for any reader";

  private final int rows;
  private final SideBySide times;
  private final Map<String, Long> bytes;

  private PublishBenchmark(int rows, SideBySide times, Map<String, Long> bytes) {
    this.rows = rows;
    this.times = times;
    this.bytes = bytes;
  }

  /** Arguments: rows (default 1,500,000), measured rounds (default 5), and a seed (default 42). */
  public static void main(String[] arguments) throws Exception {
    BenchmarkSize size = BenchmarkSize.of(arguments, 1_500_000);
    PublishBenchmark result = measure(size);
    result.goals().forEach(goal -> goal.print(System.out));
    result.details(System.err);
  }

  /** Measures all contenders, and checks before that the files of all hold the same orders. */
  static PublishBenchmark measure(BenchmarkSize size) throws Exception {
    List<BenchmarkOrder> orders = BenchmarkOrders.rows(size.rows(), size.seed());
    CarpetOrders carpetOrders = new CarpetOrders(orders);
    Map<String, Long> bytes = new LinkedHashMap<>();
    try (BenchmarkFolder folder = BenchmarkFolder.create();
        OrdersMesh mesh = new OrdersMesh(folder.path().resolve("mesh"), Runnable::run)) {
      Path avro = folder.fresh("avro.parquet");
      AvroOrders.write(orders, avro, false);
      mesh.publishChecked(orders);
      mesh.publishFree(orders);
      mesh.publishCompatible(orders);
      try (DuckDbTable duckDb = new DuckDbTable(avro)) {
        Path carpet = folder.fresh("carpet.parquet");
        Path duck = folder.fresh("duckdb.parquet");
        Path rules = folder.fresh("rules.parquet");
        carpetOrders.write(carpet);
        duckDb.write(duck);
        AvroOrders.write(orders, rules, true);
        for (Path theirs : List.of(carpet, duck, rules)) {
          duckDb.requireSame(theirs);
        }
        duckDb.requireSame(mesh.filesOfChecked());
        duckDb.requireSame(mesh.filesOfFree());
        duckDb.requireSame(mesh.filesOfCompatible());
        bytes.put(AVRO, Files.size(avro));
        bytes.put(CARPET, Files.size(carpet));
        bytes.put(DUCKDB, Files.size(duck));
        bytes.put(FREE, mesh.bytesOfFree());
        bytes.put(COMPATIBLE, mesh.bytesOfCompatible());

        Map<String, BenchmarkContender> contenders = new LinkedHashMap<>();
        contenders.put(RULES, () -> AvroOrders.write(orders, folder.fresh("rules.parquet"), true));
        contenders.put(AVRO, () -> AvroOrders.write(orders, folder.fresh("avro.parquet"), false));
        contenders.put(CARPET, () -> carpetOrders.write(folder.fresh("carpet.parquet")));
        contenders.put(DUCKDB, () -> duckDb.write(folder.fresh("duckdb.parquet")));
        contenders.put(CHECKED, () -> mesh.publishChecked(orders));
        contenders.put(FREE, () -> mesh.publishFree(orders));
        contenders.put(COMPATIBLE, () -> mesh.publishCompatible(orders));
        return new PublishBenchmark(size.rows(), SideBySide.run(contenders, size.rounds()), bytes);
      }
    }
  }

  /** Returns the goals of a checked publish. */
  List<BenchmarkGoal> goals() {
    return List.of(
        BenchmarkGoal.atLeast(10, "G1-1t", RULES, times.ratio(RULES, CHECKED)),
        BenchmarkGoal.atLeast(3.5, "G2", AVRO, times.ratio(AVRO, CHECKED)),
        BenchmarkGoal.atLeast(3.5, "G2", CARPET, times.ratio(CARPET, CHECKED)),
        BenchmarkGoal.atLeast(2.5, "G2", DUCKDB, times.ratio(DUCKDB, CHECKED)));
  }

  /** Returns the goals of the size of files, and of encodings that every reader knows. */
  List<BenchmarkGoal> otherGoals() {
    List<BenchmarkGoal> goals = new ArrayList<>();
    double ours = bytesOf(FREE);
    for (String peer : List.of(AVRO, CARPET, DUCKDB)) {
      goals.add(BenchmarkGoal.atMost(1, "G5", peer, ours / bytesOf(peer)));
    }
    goals.add(BenchmarkGoal.atLeast(4, "G9", AVRO, times.ratio(AVRO, COMPATIBLE)));
    return goals;
  }

  private double bytesOf(String contender) {
    return Objects.requireNonNull(bytes.get(contender), contender);
  }

  /** Prints the number of rows, the bytes of files, and all times. */
  void details(PrintStream out) {
    out.printf(Locale.ROOT, "%,d orders; bytes: %s%n", rows, bytes);
    times.print(out);
  }
}
