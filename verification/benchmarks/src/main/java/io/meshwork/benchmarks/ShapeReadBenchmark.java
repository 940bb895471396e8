package io.meshwork.benchmarks;

import io.meshwork.internal.parquet.write.ParquetWriter.EncodingProfile;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.avro.Schema;

/**
 * Reads of one shape beside AvroParquetReader: of a file of parquet-avro, and of published ones in
 * both profiles; into batches of all columns and of few, and into Avro records; on one thread, and
 * with an executor of a thread for each processor. AvroParquetReader has one thread.
 */
final class ShapeReadBenchmark {
  private static final String AVRO = "parquet-avro";
  private static final String ONE_THREAD = "-1t";

  /** Reads of a tenth of a second are compiled after these rounds. */
  private static final int WARM_UP = 4;

  private final ShapeRecords shape;
  private final SideBySide times;
  private final List<BenchmarkComparison> comparisons;

  private ShapeReadBenchmark(
      ShapeRecords shape, SideBySide times, List<BenchmarkComparison> comparisons) {
    this.shape = shape;
    this.times = times;
    this.comparisons = comparisons;
  }

  /** Measures all contenders, and compares the values of all rows that they read before. */
  static ShapeReadBenchmark measure(ShapeRecords shape, int rounds) throws Exception {
    ExecutorService workers =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    try (BenchmarkFolder folder = BenchmarkFolder.create();
        ShapeMesh mesh = new ShapeMesh(folder.path().resolve("mesh"), shape, Runnable::run)) {
      Path avro = folder.fresh("avro.parquet");
      AvroFiles.write(shape.schema(), shape.records(), avro);
      Contenders all = new Contenders(shape, workers);
      all.add("foreign", "", List.of(avro), shape.storedByAvro());
      for (EncodingProfile profile : List.of(EncodingProfile.FAST, EncodingProfile.COMPATIBLE)) {
        mesh.publish(false, profile);
        List<Path> files = mesh.files(false, profile);
        all.add("own", "-" + ShapeMesh.name(profile), files, shape.schema());
      }
      SideBySide times = SideBySide.runShort(all.contenders, WARM_UP, rounds);
      return new ShapeReadBenchmark(shape, times, all.comparisons);
    } finally {
      workers.shutdown();
    }
  }

  /** The reads of all files, and their goals. */
  private static final class Contenders {
    private final ShapeRecords shape;
    private final Executor workers;
    private final Map<String, BenchmarkContender> contenders = new LinkedHashMap<>();
    private final List<BenchmarkComparison> comparisons = new ArrayList<>();

    private Contenders(ShapeRecords shape, Executor workers) {
      this.shape = shape;
      this.workers = workers;
    }

    /** Adds the reads of some files, which have the records of the shape. */
    private void add(String whose, String profile, List<Path> files, Schema schema)
        throws IOException {
      ShapeReads all = new ShapeReads(files, schema);
      ShapeReads few = new ShapeReads(files, AvroFiles.select(schema, shape.few()));
      all.requireSame(shape.records(), workers);
      few.requireSame(shape.records(), workers);
      boolean own = whose.equals("own");
      String theirs = "parquet-avro, all, " + whose + profile;
      String theirFew = "parquet-avro, few, " + whose + profile;
      contenders.put(theirs, () -> require(all.readWithAvro(record -> {})));
      contenders.put(theirFew, () -> require(few.readWithAvro(record -> {})));
      for (Executor executor : Arrays.asList(workers, null)) {
        String threads = executor == null ? ONE_THREAD : "";
        String suffix = threads + "-" + shape.name() + profile;
        add("batches-" + whose + suffix, theirs, own ? 8 : 4, () -> require(all.batches(executor)));
        add("few-" + whose + suffix, theirFew, own ? 15 : 5, () -> require(few.batches(executor)));
        add("records-" + whose + suffix, theirs, own ? 5 : 3, () -> require(all.rows(executor)));
      }
    }

    private void add(String ours, String theirs, double least, BenchmarkContender read) {
      contenders.put(ours, read);
      comparisons.add(new BenchmarkComparison("G6-" + ours, AVRO, least, theirs, ours));
    }

    private void require(long rows) {
      if (rows != shape.records().size()) {
        throw new IllegalStateException(
            rows + " rows were read instead of " + shape.records().size());
      }
    }
  }

  List<BenchmarkGoal> goals() {
    return comparisons.stream().map(each -> each.of(times)).toList();
  }

  /** Prints the number of rows, all times, and the ratios of CPU with one thread. */
  void details(PrintStream out) {
    out.printf(
        Locale.ROOT,
        "%s: reads of %,d records; few columns are %s%n",
        shape.name(),
        shape.records().size(),
        shape.few());
    times.print(out);
    comparisons.stream()
        .filter(each -> each.ours().contains(ONE_THREAD))
        .forEach(each -> each.printCpu(times, out));
  }
}
