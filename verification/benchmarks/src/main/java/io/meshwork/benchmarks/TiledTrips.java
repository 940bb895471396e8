package io.meshwork.benchmarks;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.internal.parquet.read.BatchReader;
import io.meshwork.internal.parquet.read.ParquetReader;
import io.meshwork.internal.parquet.read.ParquetReader.ColumnMatch;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.vector.VectorBatch;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.parquet.avro.AvroParquetReader;
import org.apache.parquet.avro.AvroParquetWriter;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.LocalOutputFile;

/**
 * A month of taxi trips, repeated: a publish of its Avro records, in both profiles, beside
 * AvroParquetWriter, and reads into batches beside AvroParquetReader, on one thread. DuckDB
 * compares all rows of the files first. Prints lines {@code goal | contender | ratio | met}.
 */
public final class TiledTrips {
  private static final String PEER = "parquet-avro";
  private static final String ANY_READER = "commerce/compatible";
  private static final String KNOWN_READERS = "commerce/fast";

  private final Schema schema;
  private final List<GenericRecord> trips;

  private TiledTrips(Schema schema, List<GenericRecord> trips) {
    this.schema = schema;
    this.trips = trips;
  }

  /** Arguments: the file of trips, rows (default 5,000,000), and measured rounds (default 5). */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length < 1 || !Files.isRegularFile(Path.of(arguments[0]))) {
      throw BenchmarkSize.refused("the first argument is a Parquet file of taxi trips");
    }
    List<String> rest = List.of(arguments).subList(1, arguments.length);
    BenchmarkSize size = BenchmarkSize.of(rest.toArray(String[]::new), 5_000_000);
    tiled(Path.of(arguments[0]), size.rows()).measure(size);
  }

  private static TiledTrips tiled(Path file, int rows) throws IOException {
    List<GenericRecord> month = new ArrayList<>();
    try (var reader =
        AvroParquetReader.<GenericRecord>builder(
                new LocalInputFile(file), new PlainParquetConfiguration())
            .withDataModel(GenericData.get())
            .build()) {
      for (GenericRecord trip = reader.read(); trip != null; trip = reader.read()) {
        month.add(trip);
      }
    }
    List<GenericRecord> trips = new ArrayList<>(rows);
    while (trips.size() < rows) {
      trips.addAll(month.subList(0, Math.min(month.size(), rows - trips.size())));
    }
    return new TiledTrips(month.get(0).getSchema(), trips);
  }

  private void measure(BenchmarkSize size) throws Exception {
    try (BenchmarkFolder folder = BenchmarkFolder.create();
        Mesh mesh = LocalMesh.open(folder.path().resolve("mesh"))) {
      MeshClient commerce = mesh.actingAs(Principal.of("commerce", "etl"));
      commerce.registerDomain("commerce").ownedBy("trips@example.org").commit();
      Contract contract = Contract.of(schema);
      commerce.defineProduct(ANY_READER).contract(contract).commit();
      commerce.defineProduct(KNOWN_READERS).contract(contract.readBy(OrdersMesh.READERS)).commit();
      Path theirs = folder.fresh("trips.parquet");
      write(theirs);
      commerce.publish(ANY_READER).records(trips).commit();
      commerce.publish(KNOWN_READERS).records(trips).commit();
      List<Path> compatible = ProductFiles.of(commerce, ANY_READER);
      List<Path> fast = ProductFiles.of(commerce, KNOWN_READERS);
      SameRows.require(List.of(theirs), compatible, SameRows.ALL_COLUMNS);
      SameRows.require(List.of(theirs), fast, SameRows.ALL_COLUMNS);
      Map<String, BenchmarkContender> contenders = new LinkedHashMap<>();
      contenders.put("avro write", () -> write(folder.fresh("again.parquet")));
      contenders.put("compatible", () -> commerce.publish(ANY_READER).records(trips).commit());
      contenders.put("fast", () -> commerce.publish(KNOWN_READERS).records(trips).commit());
      contenders.put("avro read", () -> require(readRecords(theirs)));
      contenders.put("foreign", () -> require(readBatches(List.of(theirs))));
      contenders.put("own", () -> require(readBatches(fast)));
      SideBySide times = SideBySide.run(contenders, size.rounds());
      goal(4, "taxi-publish-compatible", times.ratio("avro write", "compatible"));
      goal(4, "taxi-publish-fast", times.ratio("avro write", "fast"));
      goal(4, "taxi-batches-foreign", times.ratio("avro read", "foreign"));
      goal(8, "taxi-batches-own", times.ratio("avro read", "own"));
      System.err.printf(
          Locale.ROOT,
          "%,d trips; bytes: {parquet-avro=%d, compatible=%d, fast=%d}%n",
          trips.size(),
          Files.size(theirs),
          ProductFiles.bytes(compatible),
          ProductFiles.bytes(fast));
      times.print(System.err);
    }
  }

  private static void goal(double least, String name, double ratio) {
    BenchmarkGoal.atLeast(least, name, PEER, ratio).print(System.out);
  }

  private void write(Path file) throws IOException {
    try (ParquetWriter<GenericRecord> writer =
        AvroParquetWriter.<GenericRecord>builder(new LocalOutputFile(file))
            .withSchema(schema)
            .withDataModel(GenericData.get())
            .withConf(new PlainParquetConfiguration())
            .withCompressionCodec(CompressionCodecName.ZSTD)
            .build()) {
      for (GenericRecord trip : trips) {
        writer.write(trip);
      }
    }
  }

  private long readRecords(Path file) throws IOException {
    long rows = 0;
    try (var reader =
        AvroParquetReader.<GenericRecord>builder(
                new LocalInputFile(file), new PlainParquetConfiguration())
            .withDataModel(GenericData.get())
            .build()) {
      while (reader.read() != null) {
        rows++;
      }
    }
    return rows;
  }

  private long readBatches(List<Path> files) {
    long rows = 0;
    for (Path file : files) {
      try (ParquetReader reader =
              ParquetReader.open(org.apache.iceberg.Files.localInput(file.toFile()));
          BatchReader batches = reader.read(IcebergSchemas.fromAvro(schema), ColumnMatch.BY_NAME)) {
        for (VectorBatch batch = batches.next(); batch != null; batch = batches.next()) {
          rows += batch.rows();
        }
      }
    }
    return rows;
  }

  private void require(long rows) {
    if (rows != trips.size()) {
      throw new IllegalStateException(rows + " rows were read of " + trips.size());
    }
  }
}
