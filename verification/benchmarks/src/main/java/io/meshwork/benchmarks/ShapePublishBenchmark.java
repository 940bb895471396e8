package io.meshwork.benchmarks;

import io.meshwork.internal.parquet.write.ParquetWriter.EncodingProfile;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Predicate;
import org.apache.avro.generic.GenericRecord;

/**
 * Publishes of Avro records of one shape, in both profiles of encodings, beside AvroParquetWriter:
 * without rules, and with rules beside the same ones record by record and beside DuckDB.
 */
final class ShapePublishBenchmark {
  private static final String AVRO = "parquet-avro";
  private static final String RULES = "parquet-avro-rules";
  private static final String DUCKDB = "duckdb";
  private static final String TWO_THREADS = ", two threads";

  private final ShapeRecords shape;
  private final SideBySide times;
  private final List<BenchmarkComparison> comparisons;
  private final Map<String, Long> bytes;

  private ShapePublishBenchmark(
      ShapeRecords shape,
      SideBySide times,
      List<BenchmarkComparison> comparisons,
      Map<String, Long> bytes) {
    this.shape = shape;
    this.times = times;
    this.comparisons = comparisons;
    this.bytes = bytes;
  }

  /** Measures publishes without rules, on one thread. */
  static ShapePublishBenchmark withoutRules(ShapeRecords shape, int rounds) throws Exception {
    try (BenchmarkFolder folder = BenchmarkFolder.create();
        ShapeMesh mesh = new ShapeMesh(folder.path().resolve("mesh"), shape, Runnable::run)) {
      Map<String, Long> bytes = requireSame(folder, shape, mesh, false);
      Map<String, BenchmarkContender> contenders = new LinkedHashMap<>();
      contenders.put(AVRO, () -> write(shape, folder.fresh("avro.parquet")));
      List<BenchmarkComparison> comparisons = new ArrayList<>();
      for (EncodingProfile profile : profiles()) {
        String ours = "meshwork, no rules, " + ShapeMesh.name(profile);
        contenders.put(ours, () -> mesh.publish(false, profile));
        comparisons.add(
            profile == EncodingProfile.FAST
                ? new BenchmarkComparison("G10-" + shape.name(), AVRO, 4, AVRO, ours)
                : new BenchmarkComparison("G9-" + shape.name(), AVRO, 4, AVRO, ours));
      }
      return new ShapePublishBenchmark(
          shape, SideBySide.run(contenders, rounds), comparisons, bytes);
    }
  }

  /** Measures publishes with rules, on one thread and on two. */
  static ShapePublishBenchmark withRules(ShapeRecords shape, int rounds) throws Exception {
    ForkJoinPool worker = new ForkJoinPool(1);
    try (BenchmarkFolder folder = BenchmarkFolder.create();
        ShapeMesh mesh = new ShapeMesh(folder.path().resolve("mesh"), shape, Runnable::run);
        ShapeMesh two = new ShapeMesh(folder.path().resolve("two"), shape, worker)) {
      Map<String, Long> bytes = requireSame(folder, shape, mesh, true);
      List<Path> published = mesh.files(true, EncodingProfile.COMPATIBLE);
      try (DuckDbTable duckDb = new DuckDbTable(published)) {
        Path duck = folder.fresh("duckdb.parquet");
        duckDb.write(duck);
        SameRows.require(published, List.of(duck), shape.compared());
        bytes.put(DUCKDB, Files.size(duck));
        Map<String, BenchmarkContender> contenders = new LinkedHashMap<>();
        contenders.put(RULES, () -> writeChecked(shape, folder.fresh("rules.parquet")));
        contenders.put(AVRO, () -> write(shape, folder.fresh("avro.parquet")));
        contenders.put(DUCKDB, () -> duckDb.write(folder.fresh("duckdb.parquet")));
        List<BenchmarkComparison> comparisons = new ArrayList<>();
        for (EncodingProfile profile : profiles()) {
          String ours = "meshwork, rules, " + ShapeMesh.name(profile);
          String name = shape.name() + "-" + ShapeMesh.name(profile);
          contenders.put(ours, () -> mesh.publish(true, profile));
          contenders.put(ours + TWO_THREADS, () -> two.publish(true, profile));
          comparisons.add(new BenchmarkComparison("G1-1t-" + name, RULES, 10, RULES, ours));
          comparisons.add(
              new BenchmarkComparison("G1-2t-" + name, RULES, 18, RULES, ours + TWO_THREADS));
          comparisons.add(new BenchmarkComparison("G2-" + name, AVRO, 3.5, AVRO, ours));
          comparisons.add(new BenchmarkComparison("G2-" + name, DUCKDB, 2.5, DUCKDB, ours));
        }
        return new ShapePublishBenchmark(
            shape, SideBySide.run(contenders, rounds), comparisons, bytes);
      }
    }
  }

  private static List<EncodingProfile> profiles() {
    return List.of(EncodingProfile.FAST, EncodingProfile.COMPATIBLE);
  }

  /** Publishes once, and throws if the files of all do not hold the same records. */
  private static Map<String, Long> requireSame(
      BenchmarkFolder folder, ShapeRecords shape, ShapeMesh mesh, boolean rules) throws Exception {
    Map<String, Long> bytes = new LinkedHashMap<>();
    Path avro = folder.fresh("avro.parquet");
    write(shape, avro);
    bytes.put(AVRO, Files.size(avro));
    if (rules) {
      Path checked = folder.fresh("rules.parquet");
      writeChecked(shape, checked);
      SameRows.require(List.of(avro), List.of(checked), shape.compared());
    }
    for (EncodingProfile profile : profiles()) {
      mesh.publish(rules, profile);
      List<Path> files = mesh.files(rules, profile);
      SameRows.require(List.of(avro), files, shape.compared());
      bytes.put(ShapeMesh.name(profile), ProductFiles.bytes(files));
    }
    return bytes;
  }

  private static void write(ShapeRecords shape, Path file) throws Exception {
    AvroFiles.write(shape.schema(), shape.records(), file);
  }

  private static void writeChecked(ShapeRecords shape, Path file) throws Exception {
    Predicate<GenericRecord> rules = shape.rules().recordByRecord().get();
    AvroFiles.write(shape.schema(), shape.records(), rules, file);
  }

  /** Returns the goals of times. */
  List<BenchmarkGoal> goals() {
    return comparisons.stream().map(each -> each.of(times)).toList();
  }

  /** Returns the goals of the sizes of files. */
  List<BenchmarkGoal> sizes() {
    List<BenchmarkGoal> sizes = new ArrayList<>();
    for (EncodingProfile profile : profiles()) {
      String name = ShapeMesh.name(profile);
      for (String peer : List.of(AVRO, DUCKDB)) {
        if (bytes.containsKey(peer)) {
          double ratio = (double) bytesOf(name) / bytesOf(peer);
          sizes.add(BenchmarkGoal.atMost(1, "G5-" + shape.name() + "-" + name, peer, ratio));
        }
      }
    }
    return sizes;
  }

  private long bytesOf(String file) {
    return Objects.requireNonNull(bytes.get(file), file);
  }

  /** Prints the number of rows, the bytes of files, all times, and the ratios of CPU. */
  void details(PrintStream out) {
    out.printf(
        Locale.ROOT, "%s: %,d records; bytes: %s%n", shape.name(), shape.records().size(), bytes);
    times.print(out);
    comparisons.stream()
        .filter(each -> !each.ours().endsWith(TWO_THREADS))
        .forEach(each -> each.printCpu(times, out));
  }
}
