package io.meshwork.benchmarks;

import java.io.PrintStream;
import java.util.Locale;

/**
 * A goal of a benchmark and what was measured of it.
 *
 * @param name of the goal
 * @param contender whom it is compared with; {@code none} if ours is not compared
 * @param ratio what was measured: the time of the contender over ours, unless the goal says
 *     otherwise
 * @param met whether the goal is reached
 */
record BenchmarkGoal(String name, String contender, double ratio, boolean met) {
  /** Returns a goal that a ratio reaches from this number on. */
  static BenchmarkGoal atLeast(double least, String name, String contender, double ratio) {
    return new BenchmarkGoal(name, contender, ratio, ratio >= least);
  }

  /** Returns a goal that a ratio reaches up to this number. */
  static BenchmarkGoal atMost(double most, String name, String contender, double ratio) {
    return new BenchmarkGoal(name, contender, ratio, ratio <= most);
  }

  /** Prints the line {@code goal | contender | ratio | met}. */
  void print(PrintStream out) {
    out.printf(Locale.ROOT, "%s | %s | %.3f | %s%n", name, contender, ratio, met ? "yes" : "no");
  }
}
