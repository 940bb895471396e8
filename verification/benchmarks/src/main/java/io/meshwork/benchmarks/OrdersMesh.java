package io.meshwork.benchmarks;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Read;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Contract.Engine;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executor;
import org.apache.avro.generic.GenericRecord;

/**
 * An embedded mesh with orders: one product with eleven rules, and two without, one of which any
 * engine reads. The others name their readers.
 */
final class OrdersMesh implements AutoCloseable {
  private static final String CHECKED = "commerce/checked";
  private static final String FREE = "commerce/free";
  private static final String COMPATIBLE = "commerce/compatible";
  static final Engine[] READERS = {Engine.MESHWORK, Engine.DUCKDB, Engine.PARQUET_JAVA};

  private static final Principal ETL = Principal.of("commerce", "etl");

  private final Mesh mesh;
  private final MeshClient commerce;

  /** Creates a mesh in a new folder, whose publishes encode columns on an executor as well. */
  OrdersMesh(Path folder, Executor workers) {
    mesh = LocalMesh.builder(folder).executor(workers).open();
    commerce = mesh.clientAs(ETL);
    commerce.registerDomain("commerce").owner("orders@example.org").commit();
    Contract plain = BenchmarkOrders.withoutRules();
    commerce.defineProduct(CHECKED).contract(BenchmarkOrders.contract().readers(READERS)).commit();
    commerce.defineProduct(FREE).contract(plain.readers(READERS)).commit();
    commerce.defineProduct(COMPATIBLE).contract(plain).commit();
  }

  /** Opens a mesh that {@link #OrdersMesh} created, and publishes with eleven rules. */
  static void publishOnce(Path folder, List<BenchmarkOrder> orders) {
    try (Mesh mesh = LocalMesh.openExisting(folder)) {
      mesh.clientAs(ETL).publish(CHECKED).records(orders).commit();
    }
  }

  /** Returns the files of all publishes with rules to a mesh that is not open. */
  static List<Path> filesOfChecked(Path folder) {
    try (Mesh mesh = LocalMesh.openExisting(folder)) {
      return ProductFiles.of(mesh.clientAs(ETL), CHECKED);
    }
  }

  void publishChecked(List<BenchmarkOrder> orders) {
    commerce.publish(CHECKED).records(orders).commit();
  }

  void publishFree(List<BenchmarkOrder> orders) {
    commerce.publish(FREE).records(orders).commit();
  }

  void publishCompatible(List<BenchmarkOrder> orders) {
    commerce.publish(COMPATIBLE).records(orders).commit();
  }

  /** Returns the bytes of the last publish without rules. */
  long bytesOfFree() {
    return commerce.publishHistory(FREE).receipts().get(0).bytes();
  }

  /** Returns the bytes of the last publish without rules for any reader. */
  long bytesOfCompatible() {
    return commerce.publishHistory(COMPATIBLE).receipts().get(0).bytes();
  }

  /** Returns the files of all publishes with rules. */
  List<Path> filesOfChecked() {
    return ProductFiles.of(commerce, CHECKED);
  }

  /** Returns the files of all publishes without rules. */
  List<Path> filesOfFree() {
    return ProductFiles.of(commerce, FREE);
  }

  /** Returns the files of all publishes without rules for any reader. */
  List<Path> filesOfCompatible() {
    return ProductFiles.of(commerce, COMPATIBLE);
  }

  /** Returns the only file of the only publish without rules. */
  Path fileOfFree() {
    List<Path> files = filesOfFree();
    if (files.size() != 1) {
      throw new IllegalStateException("published as " + files.size() + " files");
    }
    return files.get(0);
  }

  /** Returns a read of the product without rules. */
  Read.OfProduct<GenericRecord> free() {
    return commerce.read(FREE);
  }

  @Override
  public void close() {
    mesh.close();
  }
}
