package io.meshwork.internal.conformance.growth;

import io.meshwork.Mesh;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * How many more requests each operation sends when a mesh has ten times as many products, grants,
 * subscriptions, or publishes, and how near items and transactions come to the limits of DynamoDB.
 * For one thread.
 */
public final class GrowthRequests {
  private static final int ITEM_BYTES = 400 * 1024;
  private static final int TRANSACTION_ITEMS = 100;

  private final GrowthLines lines;
  private final RegistryMeter meter;

  /** Prints what this measures. */
  public GrowthRequests(GrowthLines lines, RegistryMeter meter) {
    this.lines = lines;
    this.meter = meter;
  }

  /** Compares a mesh with as many of this dimension with one that has a tenth of them. */
  public void compare(GrowthDimension dimension, int size) {
    Counts small = counted(dimension, size / GrowthBenchmark.TIMES);
    Counts large = counted(dimension, size);
    print(dimension, small.ofOneProduct, large.ofOneProduct, GrowthBenchmark.MOST_OF_ONE_PRODUCT);
    print(dimension, small.listings, large.listings, GrowthBenchmark.TIMES);
    lines.print(
        "largest item, share of 400 KB", dimension, (double) meter.largestItem() / ITEM_BYTES, 1);
    lines.print(
        "largest transaction, share of 100 items",
        dimension,
        (double) meter.largestTransaction() / TRANSACTION_ITEMS,
        1);
  }

  private void print(
      GrowthDimension dimension,
      Map<String, Integer> small,
      Map<String, Integer> large,
      double most) {
    small.forEach(
        (name, before) -> {
          int after = Objects.requireNonNull(large.get(name), name);
          System.err.printf(
              Locale.ROOT, "%s, %s: %d requests, then %d%n", name, dimension, before, after);
          lines.print(name + ", requests", dimension, (double) after / before, most);
        });
  }

  /** The requests of operations, by name. */
  private record Counts(Map<String, Integer> ofOneProduct, Map<String, Integer> listings) {}

  private Counts counted(GrowthDimension dimension, int size) {
    try (Mesh mesh = meter.open()) {
      GrowingMesh growing = new GrowingMesh(mesh);
      growing.grow(dimension, size);
      meter.move();
      return new Counts(counts(growing.ofOneProduct()), counts(growing.listings()));
    }
  }

  private Map<String, Integer> counts(Map<String, Runnable> operations) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    operations.forEach(
        (name, act) -> {
          act.run();
          int before = meter.requests();
          act.run();
          counts.put(name, Math.max(1, meter.requests() - before));
        });
    return counts;
  }
}
