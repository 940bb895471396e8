package io.meshwork.testkit;

import io.meshwork.Mesh;
import io.meshwork.registry.Registry;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.io.FileIO;

/** Checks the invariants of a mesh through its door. */
public final class AwsInvariants {
  private AwsInvariants() {}

  /**
   * Opens a mesh that is not used elsewhere, and returns its violated invariants.
   *
   * @param clock the clock of the builder
   */
  public static List<String> broken(Mesh.Builder builder, ManualClock clock) {
    List<Registry> registries = new ArrayList<>();
    List<FileIO> stores = new ArrayList<>();
    Mesh.Builder observed =
        builder
            .testing()
            .wrapRegistry(
                real -> {
                  registries.add(real);
                  return real;
                })
            .testing()
            .wrapFiles(
                real -> {
                  stores.add(real);
                  return real;
                });
    try (OpenedMesh place =
        new OpenedMesh(
            observed.open(), Faults.seeded(1), registries.get(0), stores.get(0), clock)) {
      return MeshInvariants.of(place).broken();
    }
  }
}
