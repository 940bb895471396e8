package io.meshwork.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A process that makes one checked publish to a mesh that exists, as a job does: of orders as Java
 * records, or of Avro records of a shape.
 */
public final class ColdPublish {
  private static final String AVRO = "parquet-avro-rules";
  private static final String OURS = "meshwork";
  private static final String MESH = "mesh";
  private static final String FILE = "rows.parquet";
  private static final String ORDERS = "java-orders";

  private ColdPublish() {}

  /**
   * Arguments: the contender, the number of rows, a seed, a folder with a mesh, {@code java-orders}
   * or the name of a shape, and with a shape a file of trips.
   */
  public static void main(String[] arguments) throws Exception {
    BenchmarkSize size =
        new BenchmarkSize(Integer.parseInt(arguments[1]), 1, Long.parseLong(arguments[2]));
    Path folder = Path.of(arguments[3]);
    boolean isAvro = arguments[0].equals(AVRO);
    Path file = folder.resolve(FILE);
    if (isAvro) {
      Files.deleteIfExists(file);
    }
    if (arguments[4].equals(ORDERS)) {
      List<BenchmarkOrder> orders = BenchmarkOrders.rows(size.rows(), size.seed());
      if (isAvro) {
        AvroOrders.write(orders, file, true);
      } else {
        OrdersMesh.publishOnce(folder.resolve(MESH), orders);
      }
      return;
    }
    ShapeRecords shape = ShapeRecords.named(arguments[4], Path.of(arguments[5]), size);
    if (isAvro) {
      AvroFiles.write(shape.schema(), shape.records(), shape.rules().recordByRecord().get(), file);
    } else {
      ShapeMesh.publishOnce(folder.resolve(MESH), shape);
    }
  }

  /**
   * Measures processes from their start to their end, and checks before that their files hold the
   * same orders.
   */
  static BenchmarkGoal measure(BenchmarkSize size) throws Exception {
    try (BenchmarkFolder folder = BenchmarkFolder.create()) {
      new OrdersMesh(folder.path().resolve(MESH), Runnable::run).close();
      return measure(
          "G13-cold",
          List.of(
              Integer.toString(size.rows()),
              Long.toString(size.seed()),
              folder.path().toString(),
              ORDERS),
          size.rounds(),
          () -> {
            try (DuckDbTable duckDb = new DuckDbTable(folder.path().resolve(FILE))) {
              duckDb.requireSame(OrdersMesh.filesOfChecked(folder.path().resolve(MESH)));
            }
          });
    }
  }

  /** Measures the same of the first records of a shape. */
  static BenchmarkGoal measure(ShapeRecords shape, Path trips, BenchmarkSize size)
      throws Exception {
    try (BenchmarkFolder folder = BenchmarkFolder.create()) {
      Path mesh = folder.path().resolve(MESH);
      new ShapeMesh(mesh, shape, Runnable::run).close();
      return measure(
          "G13-cold-" + shape.name(),
          List.of(
              Integer.toString(size.rows()),
              Long.toString(size.seed()),
              folder.path().toString(),
              shape.name(),
              trips.toString()),
          size.rounds(),
          () ->
              SameRows.require(
                  List.of(folder.path().resolve(FILE)),
                  ShapeMesh.filesOfChecked(mesh),
                  shape.compared()));
    }
  }

  private static BenchmarkGoal measure(
      String goal, List<String> arguments, int rounds, BenchmarkContender comparison)
      throws Exception {
    Map<String, BenchmarkContender> contenders = new LinkedHashMap<>();
    contenders.put(AVRO, () -> runProcess(AVRO, arguments));
    contenders.put(OURS, () -> runProcess(OURS, arguments));
    for (BenchmarkContender contender : contenders.values()) {
      contender.run();
    }
    comparison.run();
    SideBySide times = SideBySide.run(contenders, rounds);
    System.err.printf(Locale.ROOT, "%s, a process: %s rows%n", goal, arguments.get(0));
    times.print(System.err);
    return BenchmarkGoal.atLeast(3, goal, AVRO, times.ratio(AVRO, OURS));
  }

  private static void runProcess(String contender, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(ColdPublish.class.getName());
    command.add(contender);
    command.addAll(arguments);
    int code = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (code != 0) {
      throw new IllegalStateException(contender + " ended with " + code);
    }
  }
}
