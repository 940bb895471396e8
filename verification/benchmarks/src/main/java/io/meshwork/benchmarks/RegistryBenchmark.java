package io.meshwork.benchmarks;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscription;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;

/**
 * Operations on one product of an embedded mesh with 1,000 products of 1,000 snapshots each, beside
 * a mesh with one product. One product is published 1,000 times; its documents are copied in the
 * registry for the others, because a million publishes would take a day.
 */
final class RegistryBenchmark {
  private static final int PRODUCTS = 1_000;
  private static final int SNAPSHOTS = 1_000;
  private static final int ROWS = 10;
  private static final String SOURCE = "p0000";
  private static final String PRODUCT = "commerce/" + SOURCE;

  private final Map<String, SideBySide> times;

  private RegistryBenchmark(Map<String, SideBySide> times) {
    this.times = times;
  }

  /** Measures so many rounds. */
  static RegistryBenchmark measure(int rounds, long seed) throws Exception {
    List<BenchmarkOrder> orders = BenchmarkOrders.rows(ROWS, seed);
    try (BenchmarkFolder folder = BenchmarkFolder.create()) {
      Path empty = folder.path().resolve("empty");
      Path full = folder.path().resolve("full");
      KeptFiles store = new KeptFiles(Files.createDirectory(folder.path().resolve("kept")));
      create(empty, orders, 1, store);
      create(full, orders, SNAPSHOTS, store);
      copyProduct(full.resolve("registry/mesh.db"));
      try (Mesh few = LocalMesh.open(empty);
          Mesh many = LocalMesh.open(full)) {
        MeshOperations ofFew = new MeshOperations(few, orders);
        MeshOperations ofMany = new MeshOperations(many, orders);
        Map<String, SideBySide> times = new LinkedHashMap<>();
        // Many short turns, because one slow sync of the disk would decide a long one.
        int turns = 10 * rounds + 1;
        times.put("poll", beside(20, ofFew::poll, ofMany::poll, turns));
        times.put("describe", beside(20, ofFew::describe, ofMany::describe, turns));
        times.put("open", beside(4, () -> open(empty), () -> open(full), turns));
        // Last, and few, because the small mesh grows with them.
        times.put("publish", beside(4, ofFew::publish, ofMany::publish, turns / 2));
        return new RegistryBenchmark(times);
      }
    }
  }

  /** Returns the goal, which the operation that grows most has to meet. */
  BenchmarkGoal goal() {
    double worst =
        times.values().stream()
            .mapToDouble(each -> each.ratio("full", "empty"))
            .max()
            .orElseThrow();
    return BenchmarkGoal.atMost(1.2, "G12-registry", "empty-registry", worst);
  }

  /** Prints the ratio of each operation and all times. */
  void details(PrintStream out) {
    out.printf(Locale.ROOT, "%,d products of %,d snapshots%n", PRODUCTS, SNAPSHOTS);
    times.forEach(
        (name, each) -> {
          out.printf(
              Locale.ROOT, "%s: %.2f times an empty mesh%n", name, each.ratio("full", "empty"));
          each.print(out);
        });
  }

  private static SideBySide beside(
      int times, BenchmarkContender empty, BenchmarkContender full, int rounds) throws Exception {
    Map<String, BenchmarkContender> contenders = new LinkedHashMap<>();
    contenders.put("empty", repeat(times, empty));
    contenders.put("full", repeat(times, full));
    return SideBySide.run(contenders, rounds);
  }

  private static BenchmarkContender repeat(int times, BenchmarkContender once) {
    return () -> {
      for (int i = 0; i < times; i++) {
        once.run();
      }
    };
  }

  private static void open(Path mesh) {
    try (Mesh opened = LocalMesh.openExisting(mesh)) {
      opened.clientAs(etl()).describe(PRODUCT);
    }
  }

  private static void create(
      Path folder, List<BenchmarkOrder> orders, int snapshots, KeptFiles store) throws IOException {
    try (Mesh mesh = LocalMesh.open(folder)) {
      MeshClient commerce = mesh.clientAs(etl());
      commerce.registerDomain("commerce").owner("orders@example.org").commit();
      commerce.defineProduct(PRODUCT).contract(BenchmarkOrders.withoutRules()).commit();
      for (int i = 0; i < snapshots; i++) {
        commerce.publish(PRODUCT).records(orders).commit();
        if (i % KeptFiles.PUBLISHES == 0) {
          store.add(folder);
        }
      }
    }
  }

  /**
   * Links to the metadata files of publishes before anything is measured. Each publish deletes an
   * earlier one, and ext4 searches longer for a new file while others were deleted within the last
   * minutes. A mesh of this age has no such files.
   */
  private static final class KeptFiles {
    /** A table keeps 20 earlier metadata files. */
    static final int PUBLISHES = 10;

    private final Path folder;
    private final Set<Path> names = new HashSet<>();

    KeptFiles(Path folder) {
      this.folder = folder;
    }

    void add(Path mesh) throws IOException {
      List<Path> files;
      try (Stream<Path> all = Files.walk(mesh)) {
        files = all.filter(file -> file.toString().endsWith(".metadata.json")).toList();
      }
      for (Path file : files) {
        Path name = file.getFileName();
        if (names.add(name)) {
          Files.createLink(folder.resolve(name.toString()), file);
        }
      }
    }
  }

  private static Principal etl() {
    return Principal.of("commerce", "etl");
  }

  private static void copyProduct(Path database) throws IOException, SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement();
        PreparedStatement copy =
            connection.prepareStatement(
                """
                INSERT INTO document (partition, sort, version, json)
                SELECT replace(partition, ?1, ?2), replace(sort, ?1, ?2), version,
                  replace(json, ?1, ?2)
                FROM document
                WHERE partition = ?3 OR partition = 'commerce' AND sort = 'product/' || ?1
                ORDER BY partition, sort
                """)) {
      statement.execute("PRAGMA synchronous = OFF");
      connection.setAutoCommit(false);
      for (int product = 1; product < PRODUCTS; product++) {
        copy.setString(1, SOURCE);
        copy.setString(2, String.format(Locale.ROOT, "p%04d", product));
        copy.setString(3, PRODUCT);
        if (copy.executeUpdate() < SNAPSHOTS) {
          throw new IllegalStateException("the registry of " + database + " has another layout");
        }
        connection.commit();
      }
    }
    // Otherwise, the first publishes would wait until the disk has two gigabytes of copies.
    try (FileChannel copies = FileChannel.open(database, StandardOpenOption.WRITE)) {
      copies.force(true);
    }
  }

  /** What a job does with the first product of a mesh. */
  private static final class MeshOperations {
    private final MeshClient commerce;
    private final List<BenchmarkOrder> orders;
    private final Subscription<GenericRecord> subscription;

    MeshOperations(Mesh mesh, List<BenchmarkOrder> orders) {
      commerce = mesh.clientAs(etl());
      this.orders = orders;
      subscription = commerce.subscribe(PRODUCT).name("benchmark").purpose("Benchmark").commit();
      subscription.seekToNow().commit();
    }

    void publish() {
      commerce.publish(PRODUCT).records(orders).commit();
    }

    void describe() {
      commerce.describe(PRODUCT);
    }

    void poll() {
      try (Batch<GenericRecord> news = subscription.poll()) {
        if (!news.isEmpty()) {
          throw new IllegalStateException("a subscription at the newest snapshot has news");
        }
      }
    }
  }
}
