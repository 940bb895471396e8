package io.meshwork.benchmarks;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.parquet.avro.AvroParquetWriter;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;

/**
 * A publish of Avro records of other shapes beside AvroParquetWriter, on one thread: nested, wide,
 * and with logical types.
 */
final class ShapesBenchmark {
  private static final double LEAST = 4;

  private ShapesBenchmark() {}

  /** Measures a shape. */
  static BenchmarkGoal measure(AvroShape shape, BenchmarkSize size) throws Exception {
    List<GenericRecord> records = shape.records(size.rows(), size.seed());
    String name = shape.name().toLowerCase(Locale.ROOT);
    String product = "commerce/" + name;
    try (BenchmarkFolder folder = BenchmarkFolder.create();
        Mesh mesh = LocalMesh.open(folder.path().resolve("mesh"))) {
      MeshClient commerce = mesh.actingAs(Principal.of("commerce", "etl"));
      commerce.registerDomain("commerce").ownedBy("orders@example.org").commit();
      Contract contract = Contract.of(shape.schema()).readBy(OrdersMesh.READERS);
      commerce.defineProduct(product).contract(contract).commit();
      Map<String, BenchmarkContender> contenders = new LinkedHashMap<>();
      contenders.put("parquet-avro", () -> write(shape, records, folder.fresh("avro.parquet")));
      contenders.put("meshwork", () -> commerce.publish(product).records(records).commit());
      SideBySide times = SideBySide.run(contenders, size.rounds());
      System.err.printf(Locale.ROOT, "%s: %,d records%n", name, size.rows());
      times.print(System.err);
      return BenchmarkGoal.atLeast(
          LEAST, "G10-" + name, "parquet-avro", times.ratio("parquet-avro", "meshwork"));
    }
  }

  private static void write(AvroShape shape, List<GenericRecord> records, Path file)
      throws Exception {
    try (ParquetWriter<GenericRecord> writer =
        AvroParquetWriter.<GenericRecord>builder(new LocalOutputFile(file))
            .withSchema(shape.schema())
            .withDataModel(GenericData.get())
            .withConf(new PlainParquetConfiguration())
            .withCompressionCodec(CompressionCodecName.ZSTD)
            .build()) {
      for (GenericRecord each : records) {
        writer.write(each);
      }
    }
  }
}
