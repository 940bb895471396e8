package io.meshwork.conformance;

import io.meshwork.Mesh;
import io.meshwork.local.LocalMesh;
import io.meshwork.testkit.InMemoryMesh;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How the cost of each operation grows when a mesh has ten times as many products, grants,
 * subscriptions, or publishes: embedded in time, and in calls of the registry, which are requests
 * to DynamoDB. Prints lines {@code operation | dimension | growth | met}.
 */
public final class GrowthBenchmark {
  /** How many times as large the larger mesh is. */
  static final int TIMES = 10;

  /** How much more an operation on one product may take. */
  static final double MOST_OF_ONE_PRODUCT = 3;

  private static final int ROUNDS = 15;
  private static final int LISTING_ROUNDS = 5;
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
              + ", DIMENSION products, grants, subscriptions, or publishes; not: "
              + String.join(" ", arguments));
      System.exit(USAGE);
    }
    GrowthBenchmark benchmark = new GrowthBenchmark(System.out, size);
    benchmark.warmUp();
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

  /** Lets the JVM compile what is measured. */
  void warmUp() throws IOException {
    for (GrowthDimension dimension : GrowthDimension.values()) {
      embedded(dimension, TIMES);
    }
  }

  /** Compares the times of embedded meshes. */
  void times(GrowthDimension dimension) throws IOException {
    Measured small = embedded(dimension, size / TIMES);
    Measured large = embedded(dimension, size);
    small.ofOneProduct.forEach(
        (name, millis) ->
            print(
                name + ", time",
                dimension,
                growth(millis, large.ofOneProduct.get(name)),
                MOST_OF_ONE_PRODUCT));
    small.listings.forEach(
        (name, millis) ->
            print(
                name + ", time", dimension, growth(millis, large.listings.get(name)), TIMES * 1.5));
    if (dimension == GrowthDimension.GRANTS && size >= GRANTS_IN_A_SECOND) {
      double seconds = large.listings.getOrDefault("who can read", 0.0) / 1_000;
      print(
          "who can read, seconds of " + size + " grants",
          dimension,
          seconds,
          MOST_SECONDS_TO_LIST_READERS * size / GRANTS_IN_A_SECOND);
    }
  }

  private static double growth(double small, double large) {
    return Math.max(large, LEAST_MILLIS) / Math.max(small, LEAST_MILLIS);
  }

  /** Compares the calls of the registry, and measures the largest document and transaction. */
  void requests(GrowthDimension dimension) {
    CallsOfRegistry calls = new CallsOfRegistry();
    Measured small = counted(dimension, size / TIMES, calls);
    Measured large = counted(dimension, size, calls);
    small.ofOneProduct.forEach(
        (name, count) ->
            print(
                name + ", requests",
                dimension,
                large.ofOneProduct.get(name) / count,
                MOST_OF_ONE_PRODUCT));
    small.listings.forEach(
        (name, count) ->
            print(name + ", requests", dimension, large.listings.get(name) / count, TIMES));
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

  /** What operations took: milliseconds, or calls, by name. */
  private record Measured(Map<String, Double> ofOneProduct, Map<String, Double> listings) {}

  private static Measured embedded(GrowthDimension dimension, int size) throws IOException {
    Path folder = Files.createTempDirectory("meshwork-growth-");
    try (Mesh mesh = LocalMesh.open(folder)) {
      GrowingMesh growing = new GrowingMesh(mesh);
      growing.grow(dimension, size);
      Map<String, Double> listings = new LinkedHashMap<>();
      growing.listings().forEach((name, act) -> listings.put(name, millis(act, LISTING_ROUNDS)));
      Map<String, Double> ofOneProduct = new LinkedHashMap<>();
      growing.ofOneProduct().forEach((name, act) -> ofOneProduct.put(name, millis(act, ROUNDS)));
      System.err.printf(
          Locale.ROOT, "%s %d: %s %s%n", dimension, size, rounded(ofOneProduct), rounded(listings));
      return new Measured(ofOneProduct, listings);
    } finally {
      delete(folder);
    }
  }

  private static Map<String, String> rounded(Map<String, Double> millis) {
    Map<String, String> rounded = new LinkedHashMap<>();
    millis.forEach((name, each) -> rounded.put(name, String.format(Locale.ROOT, "%.1f", each)));
    return rounded;
  }

  /** The shortest of some rounds, as other work on the machine only makes them longer. */
  private static double millis(Runnable act, int rounds) {
    act.run();
    double[] millis = new double[rounds];
    for (int i = 0; i < rounds; i++) {
      long start = System.nanoTime();
      act.run();
      millis[i] = (System.nanoTime() - start) / 1e6;
    }
    return Arrays.stream(millis).min().orElseThrow();
  }

  private static Measured counted(GrowthDimension dimension, int size, CallsOfRegistry calls) {
    try (Mesh mesh = InMemoryMesh.with().testing().throughRegistry(calls::counting).open()) {
      GrowingMesh growing = new GrowingMesh(mesh);
      growing.grow(dimension, size);
      return new Measured(
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
