package io.meshwork.benchmarks;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.internal.parquet.write.ParquetWriter.EncodingProfile;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executor;

/** An embedded mesh with products of one shape: with its rules and without, in both profiles. */
final class ShapeMesh implements AutoCloseable {
  private static final Principal ETL = Principal.of("commerce", "etl");

  private final Mesh mesh;
  private final MeshClient commerce;
  private final ShapeRecords shape;

  /** Creates a mesh in a new folder, whose publishes encode columns on an executor as well. */
  ShapeMesh(Path folder, ShapeRecords shape, Executor workers) {
    this.shape = shape;
    mesh = LocalMesh.builder(folder).executor(workers).open();
    commerce = mesh.clientAs(ETL);
    commerce.registerDomain("commerce").owner("orders@example.org").commit();
    Contract free = Contract.of(shape.schema());
    Contract checked = free.require(shape.rules().rules().toArray(Rule[]::new));
    define(false, free);
    define(true, checked);
  }

  private void define(boolean rules, Contract contract) {
    commerce.defineProduct(product(rules, EncodingProfile.COMPATIBLE)).contract(contract).commit();
    commerce
        .defineProduct(product(rules, EncodingProfile.FAST))
        .contract(contract.readers(OrdersMesh.READERS))
        .commit();
  }

  /** Opens a mesh that {@link #ShapeMesh} created, and publishes with rules, for known readers. */
  static void publishOnce(Path folder, ShapeRecords shape) {
    try (Mesh existing = LocalMesh.openExisting(folder)) {
      existing
          .clientAs(ETL)
          .publish(product(true, EncodingProfile.FAST))
          .records(shape.records())
          .commit();
    }
  }

  /** Returns the files of all publishes with rules to a mesh that is not open. */
  static List<Path> filesOfChecked(Path folder) {
    try (Mesh existing = LocalMesh.openExisting(folder)) {
      return ProductFiles.of(existing.clientAs(ETL), product(true, EncodingProfile.FAST));
    }
  }

  /** Publishes all records. */
  void publish(boolean rules, EncodingProfile profile) {
    commerce.publish(product(rules, profile)).records(shape.records()).commit();
  }

  /** Returns the files of all publishes. */
  List<Path> files(boolean rules, EncodingProfile profile) {
    return ProductFiles.of(commerce, product(rules, profile));
  }

  private static String product(boolean rules, EncodingProfile profile) {
    return "commerce/" + (rules ? "checked-" : "free-") + name(profile);
  }

  /** Returns the name of a profile in a goal. */
  static String name(EncodingProfile profile) {
    return profile.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public void close() {
    mesh.close();
  }
}
