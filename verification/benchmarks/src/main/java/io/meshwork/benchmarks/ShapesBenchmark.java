package io.meshwork.benchmarks;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.nio.file.Files;
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
 * and with logical types. The goal is that of a contract that names its readers; the time and bytes
 * of one that does not, whose encodings any reader knows, are among the details.
 */
final class ShapesBenchmark {
  private static final double LEAST = 4;
  private static final String AVRO = "parquet-avro";
  private static final String OURS = "meshwork";
  private static final String COMPATIBLE = "meshwork, for any reader";

  private ShapesBenchmark() {}

  /**
   * Measures a shape, and checks before that the files of all hold the same records. Returns its
   * time; the sizes of files in both profiles are printed among the details.
   */
  static BenchmarkGoal measure(AvroShape shape, BenchmarkSize size) throws Exception {
    List<GenericRecord> records = shape.records(size.rows(), size.seed());
    String name = shape.name().toLowerCase(Locale.ROOT);
    String product = "commerce/" + name;
    String compatible = product + "-compatible";
    try (BenchmarkFolder folder = BenchmarkFolder.create();
        Mesh mesh = LocalMesh.open(folder.path().resolve("mesh"))) {
      MeshClient commerce = mesh.actingAs(Principal.of("commerce", "etl"));
      commerce.registerDomain("commerce").ownedBy("orders@example.org").commit();
      Contract contract = Contract.of(shape.schema());
      commerce.defineProduct(product).contract(contract.readBy(OrdersMesh.READERS)).commit();
      commerce.defineProduct(compatible).contract(contract).commit();
      Path avro = folder.fresh("first.parquet");
      write(shape, records, avro);
      commerce.publish(product).records(records).commit();
      commerce.publish(compatible).records(records).commit();
      List<Path> ours = ProductFiles.of(commerce, product);
      List<Path> forAnyReader = ProductFiles.of(commerce, compatible);
      SameRows.require(List.of(avro), ours, shape.compared());
      SameRows.require(List.of(avro), forAnyReader, shape.compared());
      Map<String, BenchmarkContender> contenders = new LinkedHashMap<>();
      contenders.put(AVRO, () -> write(shape, records, folder.fresh("avro.parquet")));
      contenders.put(OURS, () -> commerce.publish(product).records(records).commit());
      contenders.put(COMPATIBLE, () -> commerce.publish(compatible).records(records).commit());
      SideBySide times = SideBySide.run(contenders, size.rounds());
      System.err.printf(
          Locale.ROOT,
          "%s: %,d records; bytes: {%s=%d, %s=%d, %s=%d}%n",
          name,
          size.rows(),
          AVRO,
          Files.size(avro),
          OURS,
          ProductFiles.bytes(ours),
          COMPATIBLE,
          ProductFiles.bytes(forAnyReader));
      times.print(System.err);
      sizeGoal("G5-" + name, ours, avro).print(System.err);
      sizeGoal("G5-" + name + "-any-reader", forAnyReader, avro).print(System.err);
      return BenchmarkGoal.atLeast(LEAST, "G10-" + name, AVRO, times.ratio(AVRO, OURS));
    }
  }

  private static BenchmarkGoal sizeGoal(String name, List<Path> ours, Path theirs)
      throws IOException {
    double ratio = ProductFiles.bytes(ours) / (double) Files.size(theirs);
    return BenchmarkGoal.atMost(1, name, AVRO, ratio);
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
