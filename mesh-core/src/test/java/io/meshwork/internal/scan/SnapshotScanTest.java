package io.meshwork.internal.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.error.BackendException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.parquet.read.BatchReader;
import io.meshwork.internal.parquet.read.ParquetReader;
import io.meshwork.internal.parquet.read.ParquetReader.ColumnMatch;
import io.meshwork.internal.parquet.write.ParquetWriter.EncodingProfile;
import io.meshwork.internal.parquet.write.SmallGroups;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.vector.IntVector;
import io.meshwork.internal.vector.StructVector;
import io.meshwork.internal.vector.VectorBatch;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.Files;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotScanTest {
  private static final int GROUP = 10;
  private static final int ROWS = 95;
  private static final Schema TABLE =
      new Schema(
          Types.NestedField.required(1, "id", Types.IntegerType.get()),
          Types.NestedField.optional(
              2,
              "who",
              Types.StructType.of(
                  Types.NestedField.required(3, "rank", Types.IntegerType.get()),
                  Types.NestedField.optional(4, "age", Types.IntegerType.get()))));

  @TempDir private Path folder;
  private Path file;

  /** Column who is null in every fifth row, column age in every third. */
  @BeforeEach
  void writeRowGroupsOfTenRows() {
    VectorBatch batch = VectorBatch.empty(TABLE);
    for (int row = 0; row < ROWS; row++) {
      ((IntVector) batch.vector(0)).append(row);
      StructVector who = (StructVector) batch.vector(1);
      if (row % 5 == 0) {
        who.appendNull();
        continue;
      }
      ((IntVector) who.child(0)).append(row / 10);
      if (row % 3 == 0) {
        who.child(1).appendNull();
      } else {
        ((IntVector) who.child(1)).append(row * 2);
      }
      who.append();
    }
    file = folder.resolve("rows.parquet");
    SmallGroups.write(file, TABLE, EncodingProfile.values()[0], GROUP, List.of(batch));
  }

  @Test
  void skippedRowGroupsDoNotChangeTheRowNumbersOfOthers() {
    for (long seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      List<Integer> expected = new ArrayList<>();
      boolean[] wanted = new boolean[ROWS / GROUP + 1];
      for (int row = 0; row < ROWS; row++) {
        wanted[row / GROUP] = row % GROUP == 0 ? random.nextBoolean() : wanted[row / GROUP];
        if (wanted[row / GROUP]) {
          expected.add(row);
        }
      }
      int[] group = {0};
      List<Integer> read = new ArrayList<>();

      try (ParquetReader reader = ParquetReader.open(Files.localInput(file.toFile()));
          BatchReader batches =
              reader.read(TABLE, ColumnMatch.BY_FIELD_ID, one -> wanted[group[0]++])) {
        for (VectorBatch batch = batches.next(); batch != null; batch = batches.next()) {
          for (int row = 0; row < batch.rows(); row++) {
            assertThat(batch.valueAt("id", row))
                .as("seed %s", seed)
                .isEqualTo((int) batches.firstRow() + row);
            read.add((int) batches.firstRow() + row);
          }
        }
      }
      assertThat(read).as("seed %s", seed).isEqualTo(expected);
      assertThat(group[0]).as("each group is checked once").isEqualTo(wanted.length);
    }
  }

  @Test
  void rowGroupsThatCannotMatchAreNotDecoded() {
    assertThat(scan("id >= 40 AND id < 60", Long.MAX_VALUE)).containsExactly("40..49", "50..59");
    assertThat(scan("who.rank = 3", Long.MAX_VALUE)).containsExactly("31..39");
    assertThat(scan("id < 0", Long.MAX_VALUE)).isEmpty();
    assertThat(scan("id = 7 OR id >= 90", 3)).containsExactly("7..7", "90..91");
  }

  @Test
  void aDamagedRowGroupFailsOnlyTheScansThatReadIt() throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(4);
      bytes.write("damaged, damaged, damaged".getBytes(StandardCharsets.US_ASCII));
    }

    assertThat(scan("id >= 90", Long.MAX_VALUE)).containsExactly("90..94");
    assertThatThrownBy(() -> scan("id >= 5", Long.MAX_VALUE))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("rows.parquet");
  }

  @Test
  void aFailedScanFailsAgainAndDoesNotEnd() throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(4);
      bytes.write("damaged, damaged, damaged".getBytes(StandardCharsets.US_ASCII));
    }
    try (SnapshotScan scan =
        SnapshotScan.of(
            new LocalFiles(),
            List.of(dataFile()),
            TABLE.select("id"),
            Long.MAX_VALUE,
            MeshAction.of(Verb.READ))) {
      assertThatThrownBy(scan::next).isInstanceOf(BackendException.class);

      assertThatThrownBy(scan::next)
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("rows.parquet");
      assertThat(scan.isAtEnd()).isFalse();
    }
  }

  /** The first and the last ID of each batch. */
  private List<String> scan(String filter, long limit) {
    Schema projection = TABLE.select("id");
    List<String> batches = new ArrayList<>();
    try (SnapshotScan scan =
        SnapshotScan.of(
            new LocalFiles(),
            List.of(dataFile()),
            projection,
            TABLE,
            RowPredicate.parse(filter, TABLE),
            limit,
            MeshAction.of(Verb.READ))) {
      for (VectorBatch batch = scan.next(); batch != null; batch = scan.next()) {
        assertThat(batch.schema().asStruct()).isEqualTo(projection.asStruct());
        batches.add(batch.valueAt("id", 0) + ".." + batch.valueAt("id", batch.rows() - 1));
      }
    }
    return batches;
  }

  @Test
  void fieldsThatOnlyTheFilterUsesAreOmittedAndNullStructsRemainNull() {
    Schema projection =
        new Schema(
            Types.NestedField.optional(
                2,
                "who",
                Types.StructType.of(
                    Types.NestedField.required(3, "rank", Types.IntegerType.get()))));
    List<String> rows = new ArrayList<>();

    try (SnapshotScan scan =
        SnapshotScan.of(
            new LocalFiles(),
            List.of(dataFile()),
            projection,
            TABLE,
            RowPredicate.parse("who.age IS NULL AND id BETWEEN 1 AND 16", TABLE),
            Long.MAX_VALUE,
            MeshAction.of(Verb.READ))) {
      for (VectorBatch batch = scan.next(); batch != null; batch = scan.next()) {
        for (int row = 0; row < batch.rows(); row++) {
          rows.add(String.valueOf(batch.valueAt("who", row)));
        }
      }
    }
    assertThat(rows)
        .containsExactly("{rank=0}", "null", "{rank=0}", "{rank=0}", "null", "{rank=1}", "null");
  }

  private DataFile dataFile() {
    return DataFiles.builder(PartitionSpec.unpartitioned())
        .withPath(file.toString())
        .withFileSizeInBytes(file.toFile().length())
        .withRecordCount(ROWS)
        .build();
  }

  private static final class LocalFiles implements FileIO {
    private static final long serialVersionUID = 1L;

    @Override
    public InputFile newInputFile(String location) {
      return Files.localInput(location);
    }

    @Override
    public OutputFile newOutputFile(String location) {
      return Files.localOutput(location);
    }

    @Override
    public void deleteFile(String location) {
      throw new UnsupportedOperationException("a scan deletes nothing");
    }
  }
}
