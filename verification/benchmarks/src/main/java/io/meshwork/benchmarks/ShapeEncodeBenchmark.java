package io.meshwork.benchmarks;

import io.meshwork.internal.parquet.write.ParquetWriter;
import io.meshwork.internal.parquet.write.ParquetWriter.EncodingProfile;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.vector.VectorBatch;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.iceberg.Files;
import org.apache.iceberg.Schema;

/**
 * The encoding of batches of one shape as a file, in both profiles, beside AvroParquetWriter and
 * DuckDB, on one thread. The batches have no dictionaries.
 */
final class ShapeEncodeBenchmark {
  private static final String AVRO = "parquet-avro";
  private static final String DUCKDB = "duckdb";

  private final ShapeRecords shape;
  private final SideBySide times;
  private final List<BenchmarkComparison> comparisons;

  private ShapeEncodeBenchmark(
      ShapeRecords shape, SideBySide times, List<BenchmarkComparison> comparisons) {
    this.shape = shape;
    this.times = times;
    this.comparisons = comparisons;
  }

  /** Measures all contenders, and checks before that their files hold the same records. */
  static ShapeEncodeBenchmark measure(ShapeRecords shape, int rounds) throws Exception {
    Schema schema = IcebergSchemas.fromAvro(shape.schema());
    try (BenchmarkFolder folder = BenchmarkFolder.create();
        ShapeMesh mesh = new ShapeMesh(folder.path().resolve("mesh"), shape, Runnable::run)) {
      Path avro = folder.fresh("first.parquet");
      AvroFiles.write(shape.schema(), shape.records(), avro);
      mesh.publish(false, EncodingProfile.COMPATIBLE);
      List<Path> published = mesh.files(false, EncodingProfile.COMPATIBLE);
      List<VectorBatch> batches = new ArrayList<>();
      for (Path file : published) {
        FileBatches.inMemory(file, schema).forEach(batch -> batches.add(batch.flat()));
      }
      try (DuckDbTable duckDb = new DuckDbTable(published)) {
        Map<String, BenchmarkContender> contenders = new LinkedHashMap<>();
        contenders.put(
            AVRO,
            () -> AvroFiles.write(shape.schema(), shape.records(), folder.fresh("avro.parquet")));
        contenders.put(DUCKDB, () -> duckDb.write(folder.fresh("duckdb.parquet")));
        List<BenchmarkComparison> comparisons = new ArrayList<>();
        for (EncodingProfile profile : List.of(EncodingProfile.FAST, EncodingProfile.COMPATIBLE)) {
          String name = ShapeMesh.name(profile);
          Path file = folder.fresh(name + ".parquet");
          write(schema, batches, profile, file);
          SameRows.require(List.of(avro), List.of(file), shape.compared());
          String ours = "meshwork, batches, " + name;
          contenders.put(
              ours, () -> write(schema, batches, profile, folder.fresh(name + ".parquet")));
          String goal = "G3-" + shape.name() + "-" + name;
          comparisons.add(new BenchmarkComparison(goal, AVRO, 7, AVRO, ours));
          comparisons.add(new BenchmarkComparison(goal, DUCKDB, 5, DUCKDB, ours));
        }
        return new ShapeEncodeBenchmark(shape, SideBySide.run(contenders, rounds), comparisons);
      }
    }
  }

  private static void write(
      Schema schema, List<VectorBatch> batches, EncodingProfile profile, Path file)
      throws IOException {
    try (ParquetWriter writer =
        ParquetWriter.open(Files.localOutput(file.toFile()).create(), schema, profile, Map.of())) {
      batches.forEach(writer::write);
      writer.finish();
    }
  }

  List<BenchmarkGoal> goals() {
    return comparisons.stream().map(each -> each.of(times)).toList();
  }

  /** Prints the number of rows, all times, and the ratios of CPU. */
  void details(PrintStream out) {
    out.printf(Locale.ROOT, "%s: %,d records in batches%n", shape.name(), shape.records().size());
    times.print(out);
    comparisons.forEach(each -> each.printCpu(times, out));
  }
}
