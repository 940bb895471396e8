package io.meshwork.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A process that makes one checked publish to a mesh that exists, as a job does. */
public final class ColdPublish {
  private static final String AVRO = "parquet-avro-rules";
  private static final String OURS = "meshwork";
  private static final String MESH = "mesh";
  private static final String FILE = "orders.parquet";

  private ColdPublish() {}

  /** Arguments: the contender, the number of rows, a seed, and a folder with a mesh. */
  public static void main(String[] arguments) throws Exception {
    List<BenchmarkOrder> orders =
        BenchmarkOrders.rows(Integer.parseInt(arguments[1]), Long.parseLong(arguments[2]));
    Path folder = Path.of(arguments[3]);
    if (arguments[0].equals(AVRO)) {
      Path file = folder.resolve(FILE);
      Files.deleteIfExists(file);
      AvroOrders.write(orders, file, true);
      return;
    }
    OrdersMesh.publishOnce(folder.resolve(MESH), orders);
  }

  /**
   * Measures processes from their start to their end, and checks before that their files hold the
   * same orders.
   */
  static BenchmarkGoal measure(BenchmarkSize size) throws Exception {
    try (BenchmarkFolder folder = BenchmarkFolder.create()) {
      new OrdersMesh(folder.path().resolve(MESH), Runnable::run).close();
      Map<String, BenchmarkContender> contenders = new LinkedHashMap<>();
      contenders.put(AVRO, () -> runProcess(AVRO, size, folder.path()));
      contenders.put(OURS, () -> runProcess(OURS, size, folder.path()));
      for (BenchmarkContender contender : contenders.values()) {
        contender.run();
      }
      try (DuckDbOrders duckDb = new DuckDbOrders(folder.path().resolve(FILE))) {
        duckDb.requireSame(OrdersMesh.filesOfChecked(folder.path().resolve(MESH)));
      }
      SideBySide times = SideBySide.run(contenders, size.rounds());
      System.err.printf(Locale.ROOT, "a process: %,d orders%n", size.rows());
      times.print(System.err);
      return BenchmarkGoal.atLeast(3, "G13-cold", AVRO, times.ratio(AVRO, OURS));
    }
  }

  private static void runProcess(String contender, BenchmarkSize size, Path folder)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(ColdPublish.class.getName());
    command.add(contender);
    command.add(Integer.toString(size.rows()));
    command.add(Long.toString(size.seed()));
    command.add(folder.toString());
    int code = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (code != 0) {
      throw new IllegalStateException(contender + " ended with " + code);
    }
  }
}
