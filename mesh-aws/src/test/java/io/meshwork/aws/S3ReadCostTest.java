package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.aws.CountingInterceptor.Usage;
import io.meshwork.aws.internal.s3.S3Files;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.parquet.write.ParquetWriter;
import io.meshwork.internal.parquet.write.ParquetWriter.EncodingProfile;
import io.meshwork.internal.parquet.write.ParquetWriter.WrittenFile;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.scan.ScanFilter;
import io.meshwork.internal.scan.SnapshotScan;
import io.meshwork.internal.table.DataFileEntry;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.DoubleVector;
import io.meshwork.internal.vector.IntVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.VectorBatch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The requests that reads of data files send to S3. The guide prints the measured rows; a change
 * that adds a request fails here.
 */
class S3ReadCostTest {
  private static final String TABLE = "<!-- reads: each row is measured by S3ReadCostTest -->";
  private static final Schema ORDERS =
      new Schema(
          NestedField.required(1, "id", Types.LongType.get()),
          NestedField.required(2, "customer", Types.LongType.get()),
          NestedField.required(3, "amount", Types.DoubleType.get()),
          NestedField.required(4, "price", Types.DoubleType.get()),
          NestedField.required(5, "quantity", Types.IntegerType.get()),
          NestedField.required(6, "status", Types.StringType.get()),
          NestedField.required(7, "country", Types.StringType.get()),
          NestedField.required(8, "created", Types.LongType.get()));
  private static final int GROUP_ROWS = 300_000;

  private final CountingInterceptor used = new CountingInterceptor();
  private final ExecutorService workers = Executors.newFixedThreadPool(2);
  private S3Client client;
  private S3Files files;
  private String bucket;

  @BeforeEach
  void open() {
    client = S3Local.client(used);
    files = S3Local.files(client);
    bucket = S3Local.newBucket(client);
  }

  @AfterEach
  void close() {
    workers.shutdownNow();
    if (client != null) { // null if the emulator is missing
      client.close();
    }
  }

  @Test
  void aLargeFile() throws IOException {
    List<DataFile> one = List.of(write("large.parquet", 0, 2 * GROUP_ROWS));
    Schema distant = ORDERS.select("customer", "created");
    String few = "id >= 400000 AND id < 400500";
    for (Executor executor : new @Nullable Executor[] {null, Runnable::run, workers}) {
      assertRow("all 8 columns of a file of two row groups", one, ORDERS, "", executor);
      assertRow("2 of its columns, which are not adjacent", one, distant, "", executor);
      assertRow(
          executor == null
              ? "all columns of 500 of its rows, by a filter"
              : "the same with an executor, which requests each column separately",
          one,
          ORDERS,
          few,
          executor);
    }
  }

  @Test
  void manySmallFiles() throws IOException {
    List<DataFile> many = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      many.add(write("small-" + i + ".parquet", i * 1_000, 1_000));
    }
    for (Executor executor : new @Nullable Executor[] {null, Runnable::run, workers}) {
      assertRow("all columns of 20 files of 1,000 rows", many, ORDERS, "", executor);
    }
  }

  /** Asserts that the guide has the row of a read, with the bytes that it measures. */
  private void assertRow(
      String what, List<DataFile> of, Schema columns, String filter, @Nullable Executor executor)
      throws IOException {
    long all = of.stream().mapToLong(DataFile::recordCount).sum();
    used.take();
    assertThat(read(of, columns, filter, executor)).isEqualTo(filter.isEmpty() ? all : 500);
    Usage usage = used.take();
    assertThat(usage.s3().keySet()).containsExactly("GetObject");
    assertThat(guide())
        .as("docs/running-on-aws.md")
        .contains(
            String.format(
                Locale.ROOT,
                "| %s | %d GetObject | %s | %s |",
                what,
                usage.s3().get("GetObject"),
                size(usage.bytesFromS3()),
                size(of.stream().mapToLong(DataFile::fileSizeInBytes).sum())));
  }

  private static String size(long bytes) {
    return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }

  private long read(List<DataFile> of, Schema columns, String filter, @Nullable Executor executor) {
    ScanFilter selected =
        filter.isEmpty() ? ScanFilter.ALL : ScanFilter.ALL.and(RowPredicate.parse(filter, ORDERS));
    SnapshotScan scan =
        SnapshotScan.of(
            files,
            of,
            columns,
            ORDERS,
            selected,
            Long.MAX_VALUE,
            MeshAction.of(Verb.READ, "plant/orders"));
    long rows = 0;
    try (SnapshotScan each = executor == null ? scan : scan.on(executor)) {
      for (VectorBatch batch = each.next(); batch != null; batch = each.next()) {
        rows += batch.rows();
      }
    }
    return rows;
  }

  private DataFile write(String name, int first, int rows) {
    String location = bucket + "/" + name;
    Random random = new Random(first);
    try (ParquetWriter writer =
        ParquetWriter.open(
            files.newOutputFile(location).create(), ORDERS, EncodingProfile.FAST, Map.of())) {
      VectorBatch batch = VectorBatch.empty(ORDERS);
      for (int row = first; row < first + rows; row++) {
        ((LongVector) batch.vector(0)).append(row);
        ((LongVector) batch.vector(1)).append(random.nextInt(1_000_000));
        ((DoubleVector) batch.vector(2)).append(random.nextDouble());
        ((DoubleVector) batch.vector(3)).append(random.nextDouble());
        ((IntVector) batch.vector(4)).append(random.nextInt(100));
        ((BytesVector) batch.vector(5)).append(text("status", random.nextInt(5)));
        ((BytesVector) batch.vector(6)).append(text("country", random.nextInt(50)));
        ((LongVector) batch.vector(7)).append(1_000L * row + random.nextInt(1_000));
        if ((row - first + 1) % GROUP_ROWS == 0) {
          writer.write(batch);
          writer.flush();
          batch.reset();
        } else if (batch.rows() == VectorBatch.ROWS) {
          writer.write(batch);
          batch.reset();
        }
      }
      writer.write(batch);
      WrittenFile written = writer.finish();
      return new DataFileEntry(
              location,
              written.bytes(),
              written.rows(),
              written.metrics(),
              written.splitOffsets(),
              null)
          .toDataFile(PartitionSpec.unpartitioned());
    }
  }

  private static byte[] text(String kind, int number) {
    return (kind + "-" + number).getBytes(StandardCharsets.UTF_8);
  }

  /** Returns the rows of the guide's table of reads. */
  private static List<String> guide() throws IOException {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve("docs/schemas"))) {
      folder = folder.getParent();
    }
    return Files.readAllLines(folder.resolve("docs/running-on-aws.md")).stream()
        .dropWhile(line -> !line.equals(TABLE))
        .skip(3)
        .takeWhile(line -> line.startsWith("|"))
        .toList();
  }
}
