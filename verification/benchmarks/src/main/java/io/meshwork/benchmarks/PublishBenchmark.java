package io.meshwork.benchmarks;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A checked publish of Java records, to the committed snapshot, beside what people write today.
 * Contenders take turns in every round; medians and ratios are what counts.
 */
public final class PublishBenchmark {
  private PublishBenchmark() {}

  /** Arguments: rows (default 1,000,000) and measured rounds (default 5). */
  public static void main(String[] arguments) throws Exception {
    int rows = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
    int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
    List<BenchmarkOrder> orders = BenchmarkOrders.rows(rows, 42);
    Path folder = Files.createTempDirectory("meshwork-benchmark-");
    try (Mesh mesh = LocalMesh.open(folder.resolve("mesh"))) {
      MeshClient commerce = mesh.actingAs(Principal.of("commerce", "etl"));
      commerce.registerDomain("commerce").ownedBy("orders@example.org").commit();
      commerce.defineProduct("commerce/checked").contract(BenchmarkOrders.contract()).commit();
      commerce.defineProduct("commerce/free").contract(Contract.of(BenchmarkOrder.class)).commit();

      Map<String, BenchmarkContender> contenders = new LinkedHashMap<>();
      contenders.put(
          "parquet-avro, the same 11 rules",
          () -> AvroOrders.write(orders, fresh(folder, "avro-checked"), true));
      contenders.put(
          "parquet-avro, no rules", () -> AvroOrders.write(orders, fresh(folder, "avro"), false));
      contenders.put(
          "meshwork publish, 11 rules",
          () -> commerce.publish("commerce/checked").records(orders).commit());
      contenders.put(
          "meshwork publish, no rules",
          () -> commerce.publish("commerce/free").records(orders).commit());
      System.out.printf("%,d rows, %d rounds after one to warm up%n", rows, rounds);
      SideBySide.run(contenders, rounds).print(System.out);
      System.out.printf(
          "bytes: parquet-avro %,d, meshwork %,d%n",
          Files.size(folder.resolve("avro.parquet")),
          commerce.history("commerce/free").receipts().get(0).bytes());
    } finally {
      delete(folder);
    }
  }

  private static Path fresh(Path folder, String name) throws IOException {
    Path file = folder.resolve(name + ".parquet");
    Files.deleteIfExists(file);
    return file;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
