package io.meshwork.internal.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.parquet.write.ParquetWriter;
import io.meshwork.internal.parquet.write.ParquetWriter.EncodingProfile;
import io.meshwork.internal.parquet.write.ParquetWriter.WrittenFile;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.table.DataFileEntry;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.ListVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.VectorBatch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Files;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bytes that a scan with a filter reads of a file with pages of a mebibyte. */
class PageSkippingTest {
  private static final int ROWS = 200_000;
  private static final long END_OF_FILE = 64 << 10;
  private static final long PAGE = 1 << 20;
  private static final Schema TABLE =
      new Schema(
          NestedField.required(1, "id", Types.LongType.get()),
          NestedField.required(2, "mixed", Types.LongType.get()),
          NestedField.required(3, "note", Types.StringType.get()),
          NestedField.required(4, "codes", Types.ListType.ofRequired(5, Types.LongType.get())));

  @TempDir private Path folder;
  private final CountedFiles files = new CountedFiles();
  private DataFile file;

  /** Ascending IDs, and three columns of random values, of which notes take 100 bytes a row. */
  @BeforeEach
  void writeFile() {
    Path path = folder.resolve("rows.parquet");
    Random random = new Random(1);
    byte[] note = new byte[100];
    try (ParquetWriter writer =
        ParquetWriter.open(
            Files.localOutput(path.toFile()).create(),
            TABLE,
            EncodingProfile.COMPATIBLE,
            Map.of())) {
      VectorBatch batch = VectorBatch.empty(TABLE);
      for (int row = 0; row < ROWS; row++) {
        ((LongVector) batch.vector(0)).append(row);
        ((LongVector) batch.vector(1)).append(random.nextLong());
        random.nextBytes(note);
        ((BytesVector) batch.vector(2)).append(note);
        ListVector codes = (ListVector) batch.vector(3);
        ((LongVector) codes.elements()).append(random.nextLong());
        ((LongVector) codes.elements()).append(row);
        codes.append();
        if (batch.rows() == VectorBatch.ROWS) {
          writer.write(batch);
          batch.reset();
        }
      }
      writer.write(batch);
      WrittenFile written = writer.finish();
      assertThat(written.splitOffsets()).as("one row group").hasSize(1);
      file =
          new DataFileEntry(
                  path.toString(),
                  written.bytes(),
                  written.rows(),
                  written.metrics(),
                  written.splitOffsets(),
                  null)
              .toDataFile(PartitionSpec.unpartitioned());
    }
  }

  private SnapshotScan scan(Schema projection, String filter) {
    return SnapshotScan.of(
        files,
        List.of(file),
        projection,
        TABLE,
        RowPredicate.parse(filter, TABLE),
        Long.MAX_VALUE,
        MeshAction.of(Verb.READ, "rows"));
  }

  private List<Object> read(Schema projection, String filter) {
    files.reset();
    try (SnapshotScan scan = scan(projection, filter)) {
      return firstColumn(scan, projection);
    }
  }

  private static List<Object> firstColumn(SnapshotScan scan, Schema projection) {
    List<Object> values = new ArrayList<>();
    for (VectorBatch batch = scan.next(); batch != null; batch = scan.next()) {
      for (int row = 0; row < batch.rows(); row++) {
        values.add(batch.valueAt(projection.columns().get(0).name(), row));
      }
    }
    return values;
  }

  @Test
  void oneRowOfASortedColumnTakesOnePageOfEachColumn() {
    assertThat(read(TABLE, "id = 123456")).containsExactly(123_456L);
    assertThat(files.bytes).isLessThan(4 * PAGE + END_OF_FILE);
    assertThat(files.seeks).as("the end of the file, and a page of each column").isEqualTo(5);

    assertThat(read(TABLE.select("id"), "id BETWEEN 50000 AND 50009")).hasSize(10);
    assertThat(files.bytes).as("pages of IDs").isLessThan(300_000 + END_OF_FILE);
  }

  @Test
  void aFewRowsOfOnePageNeedNoOtherThread() {
    List<Runnable> tasks = new ArrayList<>();
    Schema ids = TABLE.select("id");
    try (SnapshotScan scan = scan(ids, "id BETWEEN 50000 AND 50009").on(tasks::add)) {
      assertThat(firstColumn(scan, ids)).hasSize(10);
    }
    assertThat(tasks).isEmpty();
  }

  @Test
  void rowsBeyondThePagesOfAllBoundsTakeNoPage() {
    assertThat(read(TABLE, "id < 0 OR id > 1000000")).isEmpty();
    assertThat(files.bytes).isLessThanOrEqualTo(END_OF_FILE);

    assertThat(read(TABLE, "id = 100 AND id = 150000")).isEmpty();
    assertThat(files.bytes).as("bounds of pages exclude each row").isLessThanOrEqualTo(END_OF_FILE);
  }

  @Test
  void rowsOfAColumnWithoutOrderTakeThatColumnAndOnePageOfTheOthers() {
    Object mixed = read(TABLE.select("mixed"), "id = 77777").get(0);

    assertThat(read(TABLE.select("codes"), "mixed = " + mixed)).hasSize(1);
    assertThat(files.bytes).isBetween(ROWS * 8L, ROWS * 8L + PAGE + END_OF_FILE);
    assertThat(read(TABLE, "mixed = " + mixed)).containsExactly(77_777L);
    assertThat(files.bytes).isBetween(ROWS * 8L, ROWS * 8L + 3 * PAGE + END_OF_FILE);
  }

  @Test
  void aFilterThatKeepsMostRowsReadsAheadLikeAScanOfAll() {
    assertThat(read(TABLE, "mixed > 0")).hasSizeBetween(ROWS / 3, 2 * ROWS / 3);
    assertThat(files.bytes).isLessThanOrEqualTo(file.fileSizeInBytes() + END_OF_FILE);
    assertThat(files.seeks).as("reads grow to windows").isLessThan(30);
  }
}
