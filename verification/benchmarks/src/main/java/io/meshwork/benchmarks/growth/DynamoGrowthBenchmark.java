package io.meshwork.benchmarks.growth;

import io.meshwork.internal.conformance.growth.GrowthArguments;
import io.meshwork.internal.conformance.growth.GrowthDimension;
import io.meshwork.internal.conformance.growth.GrowthLines;
import io.meshwork.internal.conformance.growth.GrowthRequests;
import java.io.PrintStream;

/**
 * How many more requests each operation sends to DynamoDB when a mesh has ten times as many
 * products, grants, subscriptions, or publishes, counted on DynamoDB Local. Prints lines {@code
 * operation | dimension | growth | met}.
 */
final class DynamoGrowthBenchmark {
  private DynamoGrowthBenchmark() {}

  /** Arguments: {@code [SIZE [DIMENSION]]}. */
  public static void main(String[] arguments) {
    GrowthArguments chosen = GrowthArguments.parse(arguments, DynamoMeter.SIZE);
    GrowthLines lines = new GrowthLines(System.out);
    for (GrowthDimension dimension : chosen.dimensions()) {
      compare(lines, dimension, chosen.size());
    }
    System.exit(lines.areMet() ? 0 : 1);
  }

  /** Prints the lines of a dimension; returns whether all are met. */
  static boolean compare(PrintStream out, GrowthDimension dimension, int size) {
    GrowthLines lines = new GrowthLines(out);
    compare(lines, dimension, size);
    return lines.areMet();
  }

  private static void compare(GrowthLines lines, GrowthDimension dimension, int size) {
    try (DynamoMeter meter = new DynamoMeter()) {
      new GrowthRequests(lines, meter).compare(dimension, size);
    }
  }
}
