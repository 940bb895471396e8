package io.meshwork.spark;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Partition;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.nio.file.Path;
import java.util.List;

/**
 * A program that publishes to one product of a new mesh in a folder, replaces a partition, and
 * prints what a subscription is told.
 */
public final class EmbeddedPublishes {
  static final String PRODUCT = "mobility/readings";

  private EmbeddedPublishes() {}

  /** A row. */
  public record SensorReading(long id, String place) {}

  /** Argument: the folder. */
  public static void main(String[] arguments) {
    try (Mesh mesh = LocalMesh.open(Path.of(arguments[0]))) {
      MeshClient owner = mesh.clientAs(Principal.of("mobility", "etl"));
      owner.registerDomain("mobility").owner("mobility@example.org").commit();
      owner
          .defineProduct(PRODUCT)
          .contract(Contract.of(SensorReading.class))
          .partitionBy(Partition.identity("place"))
          .commit();
      Subscription<SensorReading> copy =
          owner.subscribe(PRODUCT).name("copy").purpose("A copy").as(SensorReading.class).commit();
      for (int i = 0; i < 4; i++) {
        owner.publish(PRODUCT).records(List.of(new SensorReading(i, "place " + i))).commit();
      }
      printChange(copy);
      owner
          .publish(PRODUCT)
          .records(List.of(new SensorReading(0, "place 0"), new SensorReading(7, "place 0")))
          .replacePartitions()
          .commit();
      printChange(copy);
      mesh.maintain().commit();
      System.out.println(mesh.doctor().problems());
    }
  }

  private static void printChange(Subscription<SensorReading> copy) {
    try (Batch<SensorReading> batch = copy.poll()) {
      int rows = 0;
      for (SensorReading ignored : batch) {
        rows++;
      }
      System.out.println(batch.kind() + " " + rows);
      batch.ack();
    }
  }
}
