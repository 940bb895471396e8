package io.meshwork.spark;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.nio.file.Path;
import java.util.List;

/** A program that publishes four times to one product of a new mesh in a folder. */
public final class EmbeddedPublishes {
  static final int PUBLISHES = 4;
  static final String PRODUCT = "mobility/readings";

  private EmbeddedPublishes() {}

  /** A row. */
  public record SensorReading(long id, String place) {}

  /** Argument: the folder. */
  public static void main(String[] arguments) {
    try (Mesh mesh = LocalMesh.open(Path.of(arguments[0]))) {
      MeshClient owner = mesh.clientAs(Principal.of("mobility", "etl"));
      owner.registerDomain("mobility").owner("mobility@example.org").commit();
      owner.defineProduct(PRODUCT).contract(Contract.of(SensorReading.class)).commit();
      for (int i = 0; i < PUBLISHES; i++) {
        owner.publish(PRODUCT).records(List.of(new SensorReading(i, "place " + i))).commit();
      }
    }
  }
}
