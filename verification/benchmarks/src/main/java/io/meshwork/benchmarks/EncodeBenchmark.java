package io.meshwork.benchmarks;

import io.meshwork.internal.parquet.write.ParquetWriter.EncodingProfile;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The encoding of batches as a Parquet file beside other writers, on one thread. */
final class EncodeBenchmark {
  private static final String AVRO = "parquet-avro";
  private static final String DUCKDB = "duckdb";
  private static final String COLUMNS = "parquet-java-columnar";
  private static final String OURS = "meshwork";

  private final int rows;
  private final SideBySide times;

  private EncodeBenchmark(int rows, SideBySide times) {
    this.rows = rows;
    this.times = times;
  }

  /** Measures all contenders, and checks that their files hold the same orders. */
  static EncodeBenchmark measure(BenchmarkSize size) throws Exception {
    List<BenchmarkOrder> orders = BenchmarkOrders.rows(size.rows(), size.seed());
    try (BenchmarkFolder folder = BenchmarkFolder.create()) {
      Path avro = folder.fresh("avro.parquet");
      AvroOrders.write(orders, avro, false);
      ColumnOrders columns = new ColumnOrders(avro);
      try (DuckDbTable duckDb = new DuckDbTable(avro)) {
        Path ours = folder.fresh("ours.parquet");
        Path theirs = folder.fresh("columns.parquet");
        columns.write(ours, EncodingProfile.FAST);
        columns.writeWithParquetJava(theirs);
        duckDb.requireSame(ours);
        duckDb.requireSame(theirs);
        Map<String, BenchmarkContender> contenders = new LinkedHashMap<>();
        contenders.put(AVRO, () -> AvroOrders.write(orders, folder.fresh("avro.parquet"), false));
        contenders.put(DUCKDB, () -> duckDb.write(folder.fresh("duckdb.parquet")));
        contenders.put(
            COLUMNS, () -> columns.writeWithParquetJava(folder.fresh("columns.parquet")));
        contenders.put(
            OURS, () -> columns.write(folder.fresh("ours.parquet"), EncodingProfile.FAST));
        return new EncodeBenchmark(size.rows(), SideBySide.run(contenders, size.rounds()));
      }
    }
  }

  List<BenchmarkGoal> goals() {
    return List.of(
        BenchmarkGoal.atLeast(7, "G3", AVRO, times.ratio(AVRO, OURS)),
        BenchmarkGoal.atLeast(5, "G3", DUCKDB, times.ratio(DUCKDB, OURS)),
        BenchmarkGoal.atLeast(5, "G3", COLUMNS, times.ratio(COLUMNS, OURS)));
  }

  /** Prints the number of rows and all times. */
  void details(PrintStream out) {
    out.printf(Locale.ROOT, "%,d orders in batches%n", rows);
    times.print(out);
  }
}
