package io.meshwork.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The goals of publishes, of rules, of batches to a file, of sizes, of reads, and of a process from
 * its start, for Avro records: nested, wide, with logical types, taxi trips, and flat orders; in
 * both profiles of encodings. Prints lines {@code goal | contender | ratio | met}, whose goals end
 * with the shape, and with the profile where it decides.
 */
public final class ShapesBenchmark {
  private static final int SHAPED = 300_000;
  private static final int WIDE = 30_000;
  private static final int TRIPS = 1_000_000;
  private static final long SEED = 42;

  private ShapesBenchmark() {}

  /**
   * Arguments: the file of a month of trips, measured rounds (default 5), and trips (default
   * 1,000,000).
   */
  public static void main(String[] arguments) throws Exception {
    Path month = trips(arguments);
    if (arguments.length > 3) {
      throw BenchmarkSize.refused("shapes has the arguments [ROUNDS [TRIPS]]");
    }
    int rounds = BenchmarkSize.count("ROUNDS", arguments, 1, 5);
    int trips = BenchmarkSize.count("TRIPS", arguments, 2, TRIPS);
    for (AvroShape shape : AvroShape.values()) {
      measure(ShapeRecords.of(shape, size(shape, rounds)), month, rounds);
    }
    measure(ShapeRecords.trips(month, trips), month, rounds);
    measure(ShapeRecords.orders(new BenchmarkSize(SHAPED, rounds, SEED)), month, rounds);
  }

  /** Returns how much is measured of a shape. */
  static BenchmarkSize size(AvroShape shape, int rounds) {
    return new BenchmarkSize(shape == AvroShape.WIDE ? WIDE : SHAPED, rounds, SEED);
  }

  /** Returns the first argument, a file of trips. */
  static Path trips(String[] arguments) {
    if (arguments.length < 1) {
      throw BenchmarkSize.refused("the first argument is a Parquet file of taxi trips");
    }
    Path month = Path.of(arguments[0]);
    if (!Files.isRegularFile(month)) {
      throw BenchmarkSize.refused(month.toAbsolutePath() + " is not a file");
    }
    return month;
  }

  /**
   * Measures all goals of a shape. A process that starts publishes 300,000 records at most.
   *
   * @param month the file of trips
   */
  static void measure(ShapeRecords shape, Path month, int rounds) throws Exception {
    ShapePublishBenchmark checked = ShapePublishBenchmark.withRules(shape, rounds);
    print(checked.goals());
    print(checked.sizes());
    checked.details(System.err);
    ShapePublishBenchmark free = ShapePublishBenchmark.withoutRules(shape, rounds);
    print(free.goals());
    free.details(System.err);
    ShapeRulesBenchmark rules = ShapeRulesBenchmark.measure(shape, rounds);
    print(rules.goals());
    rules.details(System.err);
    ShapeEncodeBenchmark encode = ShapeEncodeBenchmark.measure(shape, rounds);
    print(encode.goals());
    encode.details(System.err);
    ShapeReadBenchmark read = ShapeReadBenchmark.measure(shape, rounds);
    print(read.goals());
    read.details(System.err);
    int cold = Math.min(shape.records().size(), SHAPED);
    ColdPublish.measure(shape, month, new BenchmarkSize(cold, rounds, SEED)).print(System.out);
  }

  private static void print(List<BenchmarkGoal> goals) {
    goals.forEach(goal -> goal.print(System.out));
  }
}
