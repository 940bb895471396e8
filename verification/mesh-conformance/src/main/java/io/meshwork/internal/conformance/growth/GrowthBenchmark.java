package io.meshwork.internal.conformance.growth;

import io.meshwork.Mesh;
import io.meshwork.local.LocalMesh;
import io.meshwork.testkit.InMemoryMesh;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * How the cost of each operation grows when a mesh has ten times as many products, grants,
 * subscriptions, or publishes: embedded in time, and in calls of the registry, which are requests
 * to DynamoDB. Prints lines {@code operation | dimension | growth | met}.
 */
final class GrowthBenchmark {
  /** How many times as large the larger mesh is. */
  static final int TIMES = 10;

  /** How much more an operation on one product may take. */
  static final double MOST_OF_ONE_PRODUCT = 3;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private static final int ROUNDS = 9;

  /** Other work on the machine may disturb one size more than the other. */
  private static final int MOST_ATTEMPTS = 3;

  /** Long lists leave the caches of the processor. */
  private static final double LISTING_TOLERANCE = 1.5;

  private static final double MOST_SECONDS_TO_LIST_READERS = 1;
  private static final int GRANTS_IN_A_SECOND = 3_000;

  /** Shorter times tell more of the machine than of the operation. */
  private static final double LEAST_MILLIS = 0.5;

  private static final int ITEM_BYTES = 400 * 1024;
  private static final int ACTIONS = 100;
  private static final int USAGE = 2;

  private final PrintStream out;
  private final int size;
  private boolean met = true;

  GrowthBenchmark(PrintStream out, int size) {
    this.out = out;
    this.size = size;
  }

  /** Arguments: {@code [SIZE [DIMENSION]]}, by default 3000 and all dimensions. */
  public static void main(String[] arguments) throws IOException {
    int size;
    List<GrowthDimension> dimensions;
    try {
      size = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 3_000;
      dimensions =
          arguments.length > 1
              ? List.of(GrowthDimension.valueOf(arguments[1].toUpperCase(Locale.ROOT)))
              : List.of(GrowthDimension.values());
    } catch (IllegalArgumentException e) {
      size = 0;
      dimensions = List.of();
    }
    if (size < TIMES || arguments.length > 2) {
      System.err.println(
          "scripts/bench: growth has the arguments [SIZE [DIMENSION]]: SIZE from "
              + TIMES
              + ", DIMENSION products, grants, tag_grants, subscriptions, or publishes; not: "
              + String.join(" ", arguments));
      System.exit(USAGE);
    }
    GrowthBenchmark benchmark = new GrowthBenchmark(System.out, size);
    for (GrowthDimension dimension : dimensions) {
      benchmark.times(dimension);
      benchmark.requests(dimension);
    }
    System.exit(benchmark.met ? 0 : 1);
  }

  /** Whether all that was printed is met. */
  boolean isMet() {
    return met;
  }

  /** Compares the times of two embedded meshes, whose operations take turns. */
  void times(GrowthDimension dimension) throws IOException {
    Path smallFolder = Files.createTempDirectory("meshwork-growth-");
    Path largeFolder = Files.createTempDirectory("meshwork-growth-");
    try (Mesh smallMesh = LocalMesh.open(smallFolder);
        Mesh largeMesh = LocalMesh.open(largeFolder)) {
      GrowingMesh small = new GrowingMesh(smallMesh);
      small.grow(dimension, size / TIMES);
      GrowingMesh large = new GrowingMesh(largeMesh);
      large.grow(dimension, size);
      Map<String, Runnable> listings = large.listings();
      small.listings().forEach((name, act) -> time(name, dimension, act, of(listings, name), true));
      Map<String, Runnable> ofOneProduct = large.ofOneProduct();
      small
          .ofOneProduct()
          .forEach(
              (name, act) ->
                  time(name, dimension, act, of(ofOneProduct, name), isListing(name, dimension)));
      if (dimension == GrowthDimension.TAG_GRANTS) {
        Map<String, Runnable> ofTags = large.ofTags();
        small.ofTags().forEach((name, act) -> time(name, dimension, act, of(ofTags, name), false));
      }
      if (dimension == GrowthDimension.GRANTS && size >= GRANTS_IN_A_SECOND) {
        print(
            "who can read, seconds of " + size + " grants",
            dimension,
            new Turns(() -> {}, listings.getOrDefault("who can read", () -> {}), System::nanoTime)
                    .large
                / 1_000,
            MOST_SECONDS_TO_LIST_READERS * size / GRANTS_IN_A_SECOND);
      }
    } finally {
      delete(smallFolder);
      delete(largeFolder);
    }
  }

  private static <T> T of(Map<String, T> all, String name) {
    return Objects.requireNonNull(all.get(name), name);
  }

  /** The consumers of a product include its subscriptions, so the list grows with them. */
  private static boolean isListing(String name, GrowthDimension dimension) {
    return name.equals("consumers") && dimension == GrowthDimension.SUBSCRIPTIONS;
  }

  private void time(
      String name, GrowthDimension dimension, Runnable small, Runnable large, boolean listing) {
    double most = listing ? TIMES * LISTING_TOLERANCE : MOST_OF_ONE_PRODUCT;
    Turns turns =
        new Turns(small, large, listing ? THREADS::getCurrentThreadCpuTime : System::nanoTime);
    for (int attempt = 1; attempt < MOST_ATTEMPTS && turns.growth() > most; attempt++) {
      turns.take();
    }
    System.err.printf(
        Locale.ROOT, "%s, %s: %.2f ms, then %.2f ms%n", name, dimension, turns.small, turns.large);
    print(name + ", time", dimension, turns.growth(), most);
  }

  /**
   * The shortest times of two operations that take turns, in milliseconds, as other work on the
   * machine only makes them longer. Of listings, which take longer than other work leaves alone, it
   * is the CPU time of the thread.
   */
  private static final class Turns {
    private final Runnable ofSmall;
    private final Runnable ofLarge;
    private final LongSupplier nanos;
    private double small = Double.MAX_VALUE;
    private double large = Double.MAX_VALUE;

    Turns(Runnable ofSmall, Runnable ofLarge, LongSupplier nanos) {
      this.ofSmall = ofSmall;
      this.ofLarge = ofLarge;
      this.nanos = nanos;
      ofSmall.run();
      ofLarge.run();
      take();
    }

    void take() {
      for (int i = 0; i < ROUNDS; i++) {
        small = Math.min(small, millis(ofSmall));
        large = Math.min(large, millis(ofLarge));
      }
    }

    double growth() {
      return Math.max(large, LEAST_MILLIS) / Math.max(small, LEAST_MILLIS);
    }

    private double millis(Runnable act) {
      long start = nanos.getAsLong();
      act.run();
      return (nanos.getAsLong() - start) / 1e6;
    }
  }

  /** Compares the calls of the registry, and measures the largest document and transaction. */
  void requests(GrowthDimension dimension) {
    CallsOfRegistry calls = new CallsOfRegistry();
    CallCounts small = counted(dimension, size / TIMES, calls);
    CallCounts large = counted(dimension, size, calls);
    small.ofOneProduct.forEach(
        (name, count) ->
            print(
                name + ", requests",
                dimension,
                of(large.ofOneProduct, name) / count,
                MOST_OF_ONE_PRODUCT));
    small.listings.forEach(
        (name, count) ->
            print(name + ", requests", dimension, of(large.listings, name) / count, TIMES));
    print(
        "largest document, share of 400 KB",
        dimension,
        (double) calls.largestDocument() / ITEM_BYTES,
        1);
    print(
        "largest transaction, share of 100 actions",
        dimension,
        (double) calls.largestTransaction() / ACTIONS,
        1);
  }

  private void print(String operation, GrowthDimension dimension, double growth, double most) {
    met &= growth <= most;
    out.printf(
        Locale.ROOT,
        "%s | %s | %.2f | %s%n",
        operation,
        dimension.name().toLowerCase(Locale.ROOT),
        growth,
        growth <= most ? "yes" : "no");
  }

  /** The calls that operations took, by name. */
  private record CallCounts(Map<String, Double> ofOneProduct, Map<String, Double> listings) {}

  private static CallCounts counted(GrowthDimension dimension, int size, CallsOfRegistry calls) {
    try (Mesh mesh = InMemoryMesh.builder().testing().wrapRegistry(calls::counting).open()) {
      GrowingMesh growing = new GrowingMesh(mesh);
      growing.grow(dimension, size);
      return new CallCounts(
          counts(growing.ofOneProduct(), calls), counts(growing.listings(), calls));
    }
  }

  private static Map<String, Double> counts(
      Map<String, Runnable> operations, CallsOfRegistry calls) {
    Map<String, Double> counts = new LinkedHashMap<>();
    operations.forEach(
        (name, act) -> {
          act.run();
          counts.put(name, (double) Math.max(1, calls.of(act)));
        });
    return counts;
  }

  private static void delete(Path folder) throws IOException {
    List<Path> all;
    try (Stream<Path> paths = Files.walk(folder)) {
      all = paths.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : all) {
      Files.delete(each);
    }
  }
}
