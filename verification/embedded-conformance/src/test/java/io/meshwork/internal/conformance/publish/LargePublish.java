package io.meshwork.internal.conformance.publish;

import static io.meshwork.contract.Rule.between;
import static io.meshwork.contract.Rule.unique;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.change.DefineProduct;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Partition;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.UUID;

/**
 * A process that publishes so many bytes in one publish, with a unique key, and prints the rows of
 * its receipt, of the snapshot, and of its export as one Parquet file. It compares those of several
 * partitions with what it published. Its heap is a parameter of the test.
 */
public final class LargePublish {
  private static final String PRODUCT = "plant/readings";
  private static final int TEXT_BYTES = 32;

  /** Eight bytes, a key of 36, a text of 64, and eight more. */
  static final int ROW_BYTES = 8 + 36 + 2 * TEXT_BYTES + 8;

  /** A row whose texts do not repeat. */
  record Reading(int sensor, String id, String text, double value) {}

  private LargePublish() {}

  /** Arguments: a new folder, the bytes of all rows, and the number of partitions; 0 for none. */
  public static void main(String[] arguments) {
    long rows = Long.parseLong(arguments[1]) / ROW_BYTES;
    int partitions = Integer.parseInt(arguments[2]);
    Contract contract = Contract.of(Reading.class).require(unique("id"), between("value", 0, 1));
    try (Mesh mesh = LocalMesh.open(Path.of(arguments[0]))) {
      MeshClient plant = mesh.clientAs(Principal.of("plant", "etl"));
      plant.registerDomain("plant").owner("plant@example.org").commit();
      DefineProduct define = plant.defineProduct(PRODUCT).contract(contract);
      (partitions > 0 ? define.partitionBy(Partition.identity("sensor")) : define).commit();
      Iterable<Reading> readings = () -> new Readings(rows, Math.max(1, partitions));
      PublishReceipt receipt = plant.publish(PRODUCT).records(readings).commit();
      System.out.println(
          receipt.rowsAccepted()
              + " "
              + plant.read(PRODUCT).snapshots().get(0).rows().orElseThrow()
              + " "
              + exported(plant));
      if (partitions > 0) {
        try (Rows<Reading> published = plant.read(PRODUCT).as(Reading.class).rows()) {
          System.out.println(
              Arrays.equals(hashes(readings, partitions), hashes(published, partitions))
                  ? "in order"
                  : "other rows");
        }
      }
    }
  }

  /** The rows of one Parquet file of all, which is not kept. */
  private static long exported(MeshClient plant) {
    try (Rows<?> rows = plant.read(PRODUCT).rows()) {
      return rows.writeParquet(OutputStream.nullOutputStream());
    }
  }

  /** A hash for each sensor, of its rows in their order. */
  private static long[] hashes(Iterable<Reading> readings, int sensors) {
    long[] hashes = new long[sensors];
    for (Reading reading : readings) {
      hashes[reading.sensor()] = 31 * hashes[reading.sensor()] + reading.hashCode();
    }
    return hashes;
  }

  /** Readings that are made one by one, in the order of no partition. */
  private static final class Readings implements Iterator<Reading> {
    private final Random random = new Random(42);
    private final byte[] text = new byte[TEXT_BYTES];
    private final int sensors;
    private long left;

    Readings(long rows, int sensors) {
      this.left = rows;
      this.sensors = sensors;
    }

    @Override
    public boolean hasNext() {
      return left > 0;
    }

    @Override
    public Reading next() {
      if (left-- <= 0) {
        throw new NoSuchElementException("all readings were read");
      }
      random.nextBytes(text);
      return new Reading(
          random.nextInt(sensors),
          new UUID(random.nextLong(), random.nextLong()).toString(),
          HexFormat.of().formatHex(text),
          random.nextDouble());
    }
  }
}
