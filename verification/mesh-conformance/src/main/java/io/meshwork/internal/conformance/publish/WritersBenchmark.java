package io.meshwork.internal.conformance.publish;

import io.meshwork.internal.conformance.publish.WriterProcesses.Span;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Small publishes to one product by 32 writers, in one process and in four, each with one mesh,
 * with a primary key and without. Prints lines {@code goal | contender | ratio | met}: how many
 * publishes a second they make beside one writer, and how many seconds the slowest publish takes.
 * Each is measured with both compilers of the JVM in processes that have published for long, and
 * with the first one alone after fewer publishes, as goals that end with {@code -c1}. In a new
 * process the second compiler takes more time of the processor than the publishes: for each of the
 * first 250 publishes 30 ms, around the thousandth 7 ms, and around the two thousandth 4 ms, beside
 * 11 ms of the publish itself. One writer leaves a core to it. Four processes compile the same
 * classes four times, so that on few cores the writer whose turn it is waits for compilers.
 * Publishes beside each other run other code than those of one writer, so that the writers
 * published beside each other before.
 */
final class WritersBenchmark {
  private static final int WRITERS = 32;
  private static final int PROCESSES = 4;
  private static final int PUBLISHES = 6;
  private static final int WARM_UP = 2_000;
  private static final int WARM_UP_OF_FIRST_COMPILER = 640;
  private static final double LEAST_OF_ONE_WRITER = 1;
  private static final double MOST_SECONDS = 2;
  private static final int USAGE = 2;

  private boolean met = true;

  private WritersBenchmark() {}

  /** Takes no arguments. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (arguments.length > 0) {
      System.err.println("scripts/bench: writers has no arguments.");
      System.exit(USAGE);
    }
    WritersBenchmark benchmark = new WritersBenchmark();
    for (boolean firstCompiler : new boolean[] {false, true}) {
      benchmark.measure(false, firstCompiler);
      benchmark.measure(true, firstCompiler);
    }
    System.exit(benchmark.met ? 0 : 1);
  }

  private void measure(boolean hasKey, boolean firstCompiler)
      throws IOException, InterruptedException {
    String suffix = (hasKey ? "-key" : "") + (firstCompiler ? "-c1" : "");
    double alone = rate("1 writer" + suffix, run(firstCompiler, hasKey, 1, 1, WRITERS * PUBLISHES));
    for (int processes : new int[] {1, PROCESSES}) {
      String name = "writers-" + processes + "-processes" + suffix;
      List<Span> spans = run(firstCompiler, hasKey, processes, WRITERS / processes, PUBLISHES);
      double ratio = rate(name, spans) / alone;
      print(name + "-total", "one-writer", ratio, ratio >= LEAST_OF_ONE_WRITER);
      double slowest = slowest(spans).seconds();
      print(name + "-slowest-seconds", "none", slowest, slowest <= MOST_SECONDS);
    }
  }

  private static List<Span> run(
      boolean firstCompiler, boolean hasKey, int processes, int writers, int publishes)
      throws IOException, InterruptedException {
    List<String> options = new ArrayList<>(List.of("-XX:+UseSerialGC"));
    if (firstCompiler) {
      options.add("-XX:TieredStopAtLevel=1");
    }
    int warmUp = firstCompiler ? WARM_UP_OF_FIRST_COMPILER : WARM_UP;
    Path folder = Files.createTempDirectory("meshwork-writers-");
    try {
      WriterProcesses.define(folder, hasKey);
      return new WriterProcesses(folder, options, warmUp).run(processes, writers, publishes, 1);
    } finally {
      delete(folder);
    }
  }

  /** Returns how many publishes end in a second. */
  private static double rate(String name, List<Span> spans) {
    long start = spans.stream().mapToLong(Span::start).min().orElseThrow();
    long end = spans.stream().mapToLong(Span::end).max().orElseThrow();
    double rate = spans.size() / new Span(start, end).seconds();
    Span slowest = slowest(spans);
    System.err.printf(
        Locale.ROOT,
        "%s: %d publishes, %.1f a second; the slowest took %.2f s, while %d others ended%n",
        name,
        spans.size(),
        rate,
        slowest.seconds(),
        slowest.meanwhile(spans));
    return rate;
  }

  private static Span slowest(List<Span> spans) {
    return spans.stream().max(Comparator.comparing(Span::seconds)).orElseThrow();
  }

  private void print(String goal, String contender, double ratio, boolean reached) {
    met &= reached;
    System.out.printf(
        Locale.ROOT, "%s | %s | %.3f | %s%n", goal, contender, ratio, reached ? "yes" : "no");
  }

  private static void delete(Path folder) throws IOException {
    List<Path> all;
    try (Stream<Path> paths = Files.walk(folder)) {
      all = new ArrayList<>(paths.toList());
    }
    all.sort(Comparator.reverseOrder());
    for (Path each : all) {
      Files.delete(each);
    }
  }
}
