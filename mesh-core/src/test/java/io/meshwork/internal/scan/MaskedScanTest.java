package io.meshwork.internal.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.meshwork.error.BackendException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
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
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scans by readers to whom some rows and values of a file are hidden. */
class MaskedScanTest {
  private static final int ROWS = 40;
  private static final Schema TABLE =
      new Schema(
          Types.NestedField.required(1, "id", Types.IntegerType.get()),
          Types.NestedField.required(
              2,
              "who",
              Types.StructType.of(Types.NestedField.required(3, "rank", Types.IntegerType.get()))),
          Types.NestedField.required(4, "secret", Types.IntegerType.get()));

  @TempDir private Path folder;
  private final CountedFiles files = new CountedFiles();
  private Path file;

  /** The rank and the secret are the tens of the ID. */
  @BeforeEach
  void writeRowGroupsOfTenRows() {
    VectorBatch batch = VectorBatch.empty(TABLE);
    for (int row = 0; row < ROWS; row++) {
      ((IntVector) batch.vector(0)).append(row);
      StructVector who = (StructVector) batch.vector(1);
      ((IntVector) who.child(0)).append(row / 10);
      who.append();
      ((IntVector) batch.vector(2)).append(row / 10);
    }
    file = folder.resolve("rows.parquet");
    SmallGroups.write(file, TABLE, EncodingProfile.values()[0], 10, List.of(batch));
  }

  private static RowPredicate filter(String text) {
    return RowPredicate.parse(text, TABLE);
  }

  private SnapshotScan scan(ScanFilter choice, long limit, String... columns) {
    DataFile data =
        DataFiles.builder(PartitionSpec.unpartitioned())
            .withPath(file.toString())
            .withFileSizeInBytes(file.toFile().length())
            .withRecordCount(ROWS)
            .build();
    return SnapshotScan.of(
        files,
        List.of(data),
        TABLE.select(columns),
        TABLE,
        choice,
        limit,
        MeshAction.of(Verb.READ));
  }

  /** The IDs of each batch, with the rank if it is read. */
  private List<String> batches(ScanFilter choice, long limit, String... columns) {
    List<String> told = new ArrayList<>();
    try (SnapshotScan scan = scan(choice, limit, columns)) {
      for (VectorBatch batch = scan.next(); batch != null; batch = scan.next()) {
        List<String> rows = new ArrayList<>();
        for (int row = 0; row < batch.rows(); row++) {
          rows.add(
              batch.valueAt("id", row)
                  + (columns.length == 1 ? "" : String.valueOf(batch.valueAt("who", row))));
        }
        told.add(String.join(" ", rows));
      }
      assertThat(scan.isAtEnd()).isTrue();
    }
    return told;
  }

  @Test
  void visibleRowsAreOneBatchAcrossRowGroupsAndOnlyTheyAreLimited() {
    ScanFilter choice = ScanFilter.ALL.showingRows(filter("secret >= 2 AND id <> 25"));

    assertThat(batches(choice, Long.MAX_VALUE, "id"))
        .containsExactly("20 21 22 23 24 26 27 28 29 30 31 32 33 34 35 36 37 38 39");
    assertThat(batches(choice, 6, "id")).containsExactly("20 21 22 23 24 26");
    assertThat(batches(choice.and(filter("id < 23 OR id = 25")), Long.MAX_VALUE, "id"))
        .containsExactly("20 21 22");
  }

  @Test
  void aFileWithoutVisibleRowsIsNotOpened() {
    DataFile ofNone =
        DataFiles.builder(PartitionSpec.unpartitioned())
            .withPath(file.toString())
            .withFileSizeInBytes(file.toFile().length())
            .withRecordCount(ROWS)
            .build();
    ScanFilter choice = ScanFilter.ALL.showingRows(RowPredicate.anyOf(List.of()));

    assertThat(choice.mightContain(ofNone)).isFalse();
    assertThat(batches(choice, Long.MAX_VALUE, "id")).isEmpty();
  }

  @Test
  void aFilterUsesVisibleValuesAndRowGroupsAreNotSkippedByHiddenOnes() {
    ScanFilter choice = ScanFilter.ALL.showingCells(TABLE.findField("who"), filter("secret = 1"));

    assertThat(batches(choice.and(filter("who.rank = 2")), Long.MAX_VALUE, "id")).isEmpty();
    assertThat(batches(choice.and(filter("who.rank = 1 AND id < 12")), Long.MAX_VALUE, "id"))
        .containsExactly("10 11");
    assertThat(
            String.join(
                " ",
                batches(
                    choice.and(filter("who.rank IS NULL AND id IN (9, 10, 20)")),
                    Long.MAX_VALUE,
                    "id",
                    "who")))
        .isEqualTo("9null 20null");
    assertThat(batches(choice.and(filter("id IN (9, 10)")), Long.MAX_VALUE, "id", "who"))
        .containsExactly("9null", "10{rank=1}");
  }

  @Test
  void aDamagedFileNamesNoColumnToReadersOfSomeRows() throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(4);
      bytes.write("damaged, damaged, damaged, damaged".getBytes(StandardCharsets.US_ASCII));
    }
    try (SnapshotScan whole = scan(ScanFilter.ALL, Long.MAX_VALUE, "id");
        SnapshotScan masked = scan(ScanFilter.ALL.showingRows(filter("secret = 0")), 9, "id")) {
      BackendException told = catchThrowableOfType(BackendException.class, whole::next);
      BackendException hidden = catchThrowableOfType(BackendException.class, masked::next);

      assertThat(told).hasMessageContaining("is damaged: ").hasCauseInstanceOf(Throwable.class);
      assertThat(hidden)
          .hasMessageContaining("rows.parquet is missing or damaged.")
          .hasMessageNotContaining("secret")
          .hasNoCause();
    }
  }

  @Test
  void theTextOfAMaskOmitsItsConditions() {
    assertThat(
            DataMask.NONE
                .andRows(filter("secret = 7"))
                .andCells(TABLE.findField("id"), filter("id = 7")))
        .hasToString("mask of rows and 1 column");
  }
}
