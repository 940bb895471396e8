package io.meshwork.internal.conformance.growth;

import java.util.List;
import java.util.Locale;

/**
 * What to measure.
 *
 * @param size of the larger mesh, at least ten
 * @param dimensions in which it grows
 */
public record GrowthArguments(int size, List<GrowthDimension> dimensions) {
  private static final int USAGE = 2;

  /** Reads {@code [SIZE [DIMENSION]]}; others end the process with a message and exit code 2. */
  public static GrowthArguments parse(String[] arguments, int defaultSize) {
    try {
      int size = arguments.length > 0 ? Integer.parseInt(arguments[0]) : defaultSize;
      List<GrowthDimension> dimensions =
          arguments.length > 1
              ? List.of(GrowthDimension.valueOf(arguments[1].toUpperCase(Locale.ROOT)))
              : List.of(GrowthDimension.values());
      if (size >= GrowthBenchmark.TIMES && arguments.length <= 2) {
        return new GrowthArguments(size, dimensions);
      }
    } catch (IllegalArgumentException e) {
      // The message names what fits.
    }
    System.err.println(
        "scripts/bench: growth has the arguments [SIZE [DIMENSION]]: SIZE from "
            + GrowthBenchmark.TIMES
            + ", DIMENSION products, grants, tag_grants, subscriptions, or publishes; not: "
            + String.join(" ", arguments));
    System.exit(USAGE);
    throw new IllegalStateException("The process ends.");
  }
}
