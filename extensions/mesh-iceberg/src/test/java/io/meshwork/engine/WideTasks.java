package io.meshwork.engine;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Partition;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.SchemaBuilder.FieldAssembler;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * A program whose tasks write rows of many columns to many partitions at once. Its arguments are a
 * folder, and the numbers of tasks, partitions, columns, and rows for each task and partition.
 */
final class WideTasks {
  private static final TableIdentifier TABLE = TableIdentifier.of("mobility", "wide_v1");

  private WideTasks() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    int tasks = Integer.parseInt(arguments[1]);
    int partitions = Integer.parseInt(arguments[2]);
    int columns = Integer.parseInt(arguments[3]);
    int rows = Integer.parseInt(arguments[4]);
    try (Mesh mesh = LocalMesh.open(folder);
        MeshCatalog catalog = new MeshCatalog()) {
      define(mesh.clientAs(Principal.of("mobility", "etl")), columns);
      catalog.initialize(
          "mesh", Map.of("warehouse", folder.toString(), "meshwork.principal", "mobility/spark"));
      EnginePublish publish = catalog.publish(TABLE, Map.of());
      ExecutorService threads = Executors.newFixedThreadPool(tasks);
      List<Serializable> results = new ArrayList<>();
      try {
        List<Future<Serializable>> running = new ArrayList<>();
        for (int partition = 0; partition < tasks; partition++) {
          int number = partition;
          running.add(
              threads.submit(() -> task(publish, number, partitions, columns, partitions * rows)));
        }
        for (Future<Serializable> each : running) {
          results.add(each.get());
        }
      } finally {
        threads.shutdownNow();
      }
      PublishReceipt receipt = publish.commit(results, work -> List.of());
      System.out.println(receipt.rowsAccepted() + " rows in " + receipt.files() + " files");
    }
  }

  private static void define(MeshClient owner, int columns) {
    FieldAssembler<Schema> fields = SchemaBuilder.record("wide").fields().requiredInt("part");
    for (int i = 1; i < columns; i++) {
      fields =
          switch (i % 3) {
            case 0 -> fields.optionalLong("c" + i);
            case 1 -> fields.optionalDouble("c" + i);
            default -> fields.optionalString("c" + i);
          };
    }
    owner.registerDomain("mobility").owner("wide@example.org").commit();
    owner
        .defineProduct("mobility/wide")
        .contract(Contract.of(fields.endRecord()).onViolation(OnViolation.QUARANTINE))
        .partitionBy(Partition.identity("part"))
        .commit();
  }

  private static Serializable task(
      EnginePublish publish, int number, int partitions, int columns, int rows) {
    Random random = new Random(number);
    try (EnginePublish.Task task = EnginePublish.task(publish.settings(), number, number)) {
      for (int row = 0; row < rows; row++) {
        Map<String, Object> values = new HashMap<>();
        values.put("part", random.nextInt(partitions));
        for (int i = 1; i < columns; i++) {
          long value = random.nextLong();
          values.put(
              "c" + i,
              switch (i % 3) {
                case 0 -> (Object) value;
                case 1 -> (double) value;
                default -> "text " + value;
              });
        }
        task.add(values);
      }
      return task.finish();
    }
  }
}
