package io.meshwork.benchmarks;

import java.nio.file.Path;
import java.util.List;

/** All goals of {@link ShapesBenchmark} for a month of taxi trips, repeated. */
public final class TiledTrips {
  private TiledTrips() {}

  /** Arguments: the file of trips, rows (default 5,000,000), and measured rounds (default 5). */
  public static void main(String[] arguments) throws Exception {
    Path month = ShapesBenchmark.trips(arguments);
    List<String> rest = List.of(arguments).subList(1, arguments.length);
    BenchmarkSize size = BenchmarkSize.of(rest.toArray(String[]::new), 5_000_000);
    ShapesBenchmark.measure(ShapeRecords.trips(month, size.rows()), month, size.rounds());
  }
}
