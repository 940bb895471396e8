package io.meshwork.benchmarks;

import java.io.PrintStream;
import java.util.Locale;

/**
 * A goal that compares the times of two contenders.
 *
 * @param goal its name
 * @param peer the name of whom ours is compared with
 * @param least the ratio that is wanted, of the peer's time to ours
 * @param theirs the contender of the peer
 * @param ours the contender of ours
 */
record BenchmarkComparison(String goal, String peer, double least, String theirs, String ours) {
  /** Returns the goal as it was measured. */
  BenchmarkGoal of(SideBySide times) {
    return BenchmarkGoal.atLeast(least, goal, peer, times.ratio(theirs, ours));
  }

  /** Prints the ratio of the CPU of the calling threads, which a busy machine changes least. */
  void printCpu(SideBySide times, PrintStream out) {
    out.printf(Locale.ROOT, "%s, CPU | %s | %.3f%n", goal, peer, times.cpuRatio(theirs, ours));
  }
}
