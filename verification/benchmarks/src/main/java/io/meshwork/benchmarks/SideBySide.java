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

  /** The seconds of CPU of the calling thread. */
  private final Map<String, double[]> cpu;

  private SideBySide(Map<String, double[]> seconds, Map<String, double[]> cpu) {
    this.seconds = seconds;
    this.cpu = cpu;
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
    return run(contenders, 1, rounds, SideBySide::cpuNanoseconds);
  }

  private static SideBySide run(
      Map<String, BenchmarkContender> contenders, int warmUp, int rounds, LongSupplier nanoseconds)
      throws Exception {
    Map<String, double[]> seconds = new LinkedHashMap<>();
    Map<String, double[]> cpu = new LinkedHashMap<>();
    for (int round = -warmUp; round < rounds; round++) {
      for (Map.Entry<String, BenchmarkContender> contender : contenders.entrySet()) {
        System.gc();
        long startCpu = cpuNanoseconds();
        long start = nanoseconds.getAsLong();
        contender.getValue().run();
        double took = (nanoseconds.getAsLong() - start) / 1e9;
        double tookCpu = (cpuNanoseconds() - startCpu) / 1e9;
        double[] all = seconds.computeIfAbsent(contender.getKey(), key -> new double[rounds]);
        double[] allCpu = cpu.computeIfAbsent(contender.getKey(), key -> new double[rounds]);
        if (round >= 0) {
          all[round] = took;
          allCpu[round] = tookCpu;
        }
      }
    }
    return new SideBySide(seconds, cpu);
  }

  /** Prints the times of all contenders, and the CPU of the calling thread. */
  void print(PrintStream out) {
    String first = seconds.keySet().iterator().next();
    out.printf(
        Locale.ROOT,
        "%-48s %9s %9s %9s %12s %9s%n",
        "",
        "median s",
        "min s",
        "max s",
        "times first",
        "CPU s");
    seconds.forEach(
        (name, all) ->
            out.printf(
                Locale.ROOT,
                "%-48s %9.3f %9.3f %9.3f %12.2f %9.3f%n",
                name,
                median(all),
                Arrays.stream(all).min().orElse(0),
                Arrays.stream(all).max().orElse(0),
                ratio(first, name),
                median(Objects.requireNonNull(cpu.get(name), name))));
  }

  /** Returns the median of a contender's rounds, in seconds. */
  double medianSeconds(String contender) {
    return median(Objects.requireNonNull(seconds.get(contender), contender));
  }

  /** Returns the median over the rounds of one contender's time over that of another. */
  double ratio(String slower, String faster) {
    return ratio(seconds, slower, faster);
  }

  /** Returns the same of the CPU of the calling thread. */
  double cpuRatio(String slower, String faster) {
    return ratio(cpu, slower, faster);
  }

  private static double ratio(Map<String, double[]> times, String slower, String faster) {
    double[] theirs = Objects.requireNonNull(times.get(slower), slower);
    double[] ours = Objects.requireNonNull(times.get(faster), faster);
    double[] ratios = new double[ours.length];
    Arrays.setAll(ratios, round -> theirs[round] / ours[round]);
    return median(ratios);
  }

  private static long cpuNanoseconds() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
