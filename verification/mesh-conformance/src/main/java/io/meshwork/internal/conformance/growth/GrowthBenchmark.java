package io.meshwork.internal.conformance.growth;

import io.meshwork.Mesh;
import io.meshwork.local.LocalMesh;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * How the time of each operation of an embedded mesh grows when it has ten times as many products,
 * grants, subscriptions, or publishes. {@link GrowthRequests} counts requests to DynamoDB.
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

  /** What names each consumer of a product, also in a plan, grows with its subscriptions. */
  private static final Set<String> LISTS_OF_CONSUMERS =
      Set.of("consumers", "plan an amendment", "plan a version", "plan an end");

  private final GrowthLines lines;
  private final int size;

  GrowthBenchmark(GrowthLines lines, int size) {
    this.lines = lines;
    this.size = size;
  }

  /** Arguments: {@code [SIZE [DIMENSION]]}, by default 3000 and all dimensions. */
  public static void main(String[] arguments) throws IOException {
    GrowthArguments chosen = GrowthArguments.parse(arguments, 3_000);
    GrowthLines lines = new GrowthLines(System.out);
    GrowthBenchmark benchmark = new GrowthBenchmark(lines, chosen.size());
    for (GrowthDimension dimension : chosen.dimensions()) {
      benchmark.times(dimension);
    }
    System.exit(lines.areMet() ? 0 : 1);
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
      small
          .listings()
          .forEach((name, act) -> time(name, dimension, act, required(listings, name), true));
      Map<String, Runnable> ofOneProduct = large.ofOneProduct();
      small
          .ofOneProduct()
          .forEach(
              (name, act) ->
                  time(
                      name,
                      dimension,
                      act,
                      required(ofOneProduct, name),
                      isListing(name, dimension)));
      if (dimension == GrowthDimension.TAG_GRANTS) {
        Map<String, Runnable> ofTags = large.ofTags();
        small
            .ofTags()
            .forEach((name, act) -> time(name, dimension, act, required(ofTags, name), false));
      }
      if (dimension == GrowthDimension.GRANTS && size >= GRANTS_IN_A_SECOND) {
        lines.print(
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

  private static <T> T required(Map<String, T> all, String name) {
    return Objects.requireNonNull(all.get(name), name);
  }

  static boolean isListing(String name, GrowthDimension dimension) {
    return switch (dimension) {
      case SUBSCRIPTIONS -> LISTS_OF_CONSUMERS.contains(name);
      // It names who gains access: each grant by tags of the domain is asked.
      case TAG_GRANTS -> name.equals("plan a product");
      // It reads what was published since the start, up to the files of one batch.
      case PUBLISHES -> name.equals("first poll");
      default -> false;
    };
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
    lines.print(name + ", time", dimension, turns.growth(), most);
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
