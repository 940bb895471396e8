package io.meshwork.benchmarks;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;

/** Times of contenders that took turns, and their ratios to the first one, round by round. */
final class SideBySide {
  private final Map<String, double[]> seconds;

  private SideBySide(Map<String, double[]> seconds) {
    this.seconds = seconds;
  }

  /** Runs every contender once to warm up, then in turn for so many rounds. */
  static SideBySide run(Map<String, BenchmarkContender> contenders, int rounds) throws Exception {
    return run(contenders, 1, rounds, System::nanoTime);
  }

  /**
   * Runs contenders that take some milliseconds: so many rounds to warm up, in which the JVM
   * compiles them, and then in turn for so many rounds.
   */
  static SideBySide runShort(Map<String, BenchmarkContender> contenders, int warmUp, int rounds)
      throws Exception {
    return run(contenders, warmUp, rounds, System::nanoTime);
  }

  /**
   * Runs contenders that work on the calling thread only, and takes the time of its CPU, which a
   * busy machine changes least.
   */
  static SideBySide runOnOneThread(Map<String, BenchmarkContender> contenders, int rounds)
      throws Exception {
    return run(contenders, 1, rounds, ManagementFactory.getThreadMXBean()::getCurrentThreadCpuTime);
  }

  private static SideBySide run(
      Map<String, BenchmarkContender> contenders, int warmUp, int rounds, LongSupplier nanoseconds)
      throws Exception {
    Map<String, double[]> seconds = new LinkedHashMap<>();
    for (int round = -warmUp; round < rounds; round++) {
      for (Map.Entry<String, BenchmarkContender> contender : contenders.entrySet()) {
        System.gc();
        long start = nanoseconds.getAsLong();
        contender.getValue().run();
        double took = (nanoseconds.getAsLong() - start) / 1e9;
        double[] all = seconds.computeIfAbsent(contender.getKey(), key -> new double[rounds]);
        if (round >= 0) {
          all[round] = took;
        }
      }
    }
    return new SideBySide(seconds);
  }

  void print(PrintStream out) {
    double[] first = seconds.values().iterator().next();
    out.printf(
        Locale.ROOT, "%-34s %9s %9s %9s %12s%n", "", "median s", "min s", "max s", "times first");
    seconds.forEach(
        (name, all) -> {
          double[] ratios = new double[all.length];
          for (int i = 0; i < all.length; i++) {
            ratios[i] = first[i] / all[i];
          }
          out.printf(
              Locale.ROOT,
              "%-34s %9.3f %9.3f %9.3f %12.2f%n",
              name,
              median(all),
              Arrays.stream(all).min().orElse(0),
              Arrays.stream(all).max().orElse(0),
              median(ratios));
        });
  }

  /** Returns the median of a contender's rounds, in seconds. */
  double medianSeconds(String contender) {
    return median(Objects.requireNonNull(seconds.get(contender), contender));
  }

  /** Returns the median over the rounds of one contender's time over that of another. */
  double ratio(String slower, String faster) {
    double[] theirs = Objects.requireNonNull(seconds.get(slower), slower);
    double[] ours = Objects.requireNonNull(seconds.get(faster), faster);
    double[] ratios = new double[ours.length];
    Arrays.setAll(ratios, round -> theirs[round] / ours[round]);
    return median(ratios);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
