package io.meshwork.benchmarks;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/**
 * The fixed cost of a checked publish of 1,000 orders to an embedded mesh that is open: its fsyncs,
 * and its time beside the same files and one commit of SQLite by hand, with parquet-avro and
 * Iceberg.
 */
final class SmallPublishBenchmark {
  private static final int ORDERS = 1_000;

  /** Publishes in a measured round, and those whose fsyncs are counted. */
  private static final int PUBLISHES = 20;

  private static final String PRODUCT = "commerce/orders";
  private static final String BY_HAND = "by-hand";
  private static final String OURS = "meshwork";

  private final SideBySide times;
  private final double syncs;

  private SmallPublishBenchmark(SideBySide times, double syncs) {
    this.times = times;
    this.syncs = syncs;
  }

  /** Measures so many rounds. */
  static SmallPublishBenchmark measure(int rounds, long seed) throws Exception {
    List<BenchmarkOrder> orders = BenchmarkOrders.rows(ORDERS, seed);
    try (BenchmarkFolder folder = BenchmarkFolder.create()) {
      Path path = folder.path().resolve("mesh");
      try (Mesh mesh = LocalMesh.open(path);
          IcebergOrders byHand = new IcebergOrders(folder.path().resolve("by-hand"))) {
        MeshClient commerce = mesh.clientAs(Principal.of("commerce", "etl"));
        commerce.registerDomain("commerce").owner("orders@example.org").commit();
        commerce.defineProduct(PRODUCT).contract(BenchmarkOrders.contract()).commit();
        requireSame(commerce, byHand, orders);
        Map<String, BenchmarkContender> contenders = new LinkedHashMap<>();
        contenders.put(BY_HAND, () -> repeat(() -> byHand.append(orders)));
        contenders.put(OURS, () -> repeat(() -> publish(commerce, orders)));
        SideBySide times = SideBySide.run(contenders, rounds);
        double syncs = syncs(commerce, orders, path.resolve("registry/mesh.db"));
        return new SmallPublishBenchmark(times, syncs);
      }
    }
  }

  /** Returns the goals of the fixed cost. */
  List<BenchmarkGoal> goals() {
    return List.of(
        BenchmarkGoal.atMost(10, "G11-fsyncs", "none", syncs),
        BenchmarkGoal.atMost(2, "G11-small-publish", BY_HAND, times.ratio(OURS, BY_HAND)));
  }

  /** Prints all times. */
  void details(PrintStream out) {
    out.printf(Locale.ROOT, "%d publishes of %,d orders%n", PUBLISHES, ORDERS);
    times.print(out);
  }

  /** Publishes once, and throws if the files do not hold the same orders. */
  private static void requireSame(
      MeshClient commerce, IcebergOrders byHand, List<BenchmarkOrder> orders) throws Exception {
    publish(commerce, orders);
    try (DuckDbTable duckDb = new DuckDbTable(byHand.append(orders))) {
      duckDb.requireSame(ProductFiles.of(commerce, PRODUCT));
    }
  }

  private static void publish(MeshClient commerce, List<BenchmarkOrder> orders) {
    commerce.publish(PRODUCT).records(orders).commit();
  }

  private static void repeat(BenchmarkContender once) throws Exception {
    for (int i = 0; i < PUBLISHES; i++) {
      once.run();
    }
  }

  /**
   * Counts the fsyncs of a publish: those of files and folders by the events of the JVM, and one
   * for each commit in SQLite's log. A publish during which SQLite copies its log into the database
   * is left out.
   */
  private static double syncs(MeshClient commerce, List<BenchmarkOrder> orders, Path database)
      throws IOException {
    int commits = 0;
    int counted = 0;
    Path events = Files.createTempFile("meshwork-benchmark-", ".jfr");
    long forces = 0;
    try (Recording recording = new Recording()) {
      recording.enable("jdk.FileForce").withoutThreshold().withoutStackTrace();
      recording.start();
      for (int i = 0; i < PUBLISHES; i++) {
        WriteAheadLog before = WriteAheadLog.of(database);
        publish(commerce, orders);
        WriteAheadLog after = WriteAheadLog.of(database);
        if (after.restarts() == before.restarts()) {
          commits += after.commits() - before.commits();
          counted++;
        }
      }
      recording.stop();
      recording.dump(events);
      for (RecordedEvent event : RecordingFile.readAllEvents(events)) {
        if (event.getEventType().getName().equals("jdk.FileForce")) {
          forces++;
        }
      }
    } finally {
      Files.delete(events);
    }
    if (counted == 0 || commits == 0 || forces == 0) {
      throw new IllegalStateException(
          "counted " + forces + " fsyncs of files and " + commits + " commits of " + counted);
    }
    return (double) forces / PUBLISHES + (double) commits / counted;
  }
}
