package io.meshwork.internal.conformance.growth;

import java.io.PrintStream;
import java.util.Locale;

/** Prints lines {@code operation | dimension | growth | met}. For one thread. */
public final class GrowthLines {
  private final PrintStream out;
  private boolean met = true;

  /** Prints to a stream, which stays open. */
  public GrowthLines(PrintStream out) {
    this.out = out;
  }

  /** Prints a line, which is met by a growth of at most this much. */
  void print(String operation, GrowthDimension dimension, double growth, double most) {
    boolean isLineMet = growth <= most;
    met &= isLineMet;
    out.printf(
        Locale.ROOT,
        "%s | %s | %.2f | %s%n",
        operation,
        dimension.name().toLowerCase(Locale.ROOT),
        growth,
        isLineMet ? "yes" : "no");
  }

  /** Whether all that was printed is met. */
  public boolean areMet() {
    return met;
  }
}
