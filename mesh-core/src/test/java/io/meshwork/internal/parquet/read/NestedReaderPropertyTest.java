package io.meshwork.internal.parquet.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.parquet.read.ParquetReader.ColumnMatch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares nested files that parquet-avro writes, in all its modes, with the written records. */
class NestedReaderPropertyTest {
  @TempDir Path folder;

  @Test
  void randomNestedFilesAreReadAsWritten() {
    for (long seed = 1; seed <= 80; seed++) {
      check(seed, false);
    }
  }

  @Test
  void filesWithTwoLevelListsAreReadAsWritten() {
    for (long seed = 1_001; seed <= 1_040; seed++) {
      check(seed, true);
    }
  }

  @Test
  void randomProjectionsByNameAndByIdReturnTheirFields() {
    for (long seed = 2_001; seed <= 2_050; seed++) {
      Random random = new Random(seed);
      RandomNestedAvro data = new RandomNestedAvro(random, true);
      Schema schema = data.schema(4);
      List<GenericRecord> rows = data.rows(schema, random.nextInt(200));
      Path file = write(seed, random, schema, rows, false);
      String about = "seed %d: %s".formatted(seed, schema);
      try {
        RandomProjection projection = new RandomProjection(random, ReadRows.open(file).schema());
        projection.check(about + " by name", file, ColumnMatch.BY_NAME, rows);
        RewrittenFooters.add(file);
        projection = new RandomProjection(random, ReadRows.open(file).schema());
        projection.check(about + " by id", file, ColumnMatch.BY_FIELD_ID, rows);
      } catch (RuntimeException e) {
        throw new AssertionError(about, e);
      }
    }
  }

  private void check(long seed, boolean twoLevels) {
    Random random = new Random(seed);
    RandomNestedAvro data = new RandomNestedAvro(random, !twoLevels);
    Schema schema = data.schema(4);
    List<GenericRecord> rows =
        data.rows(schema, seed % 40 == 7 ? 8_000 : seed % 20 == 9 ? 0 : random.nextInt(1_000));
    Path file = write(seed, random, schema, rows, twoLevels);
    long soft = random.nextBoolean() ? 128L << 20 : 100 + random.nextInt(100_000);
    String about =
        "seed %d: %d rows, at most %d bytes a batch, %s".formatted(seed, rows.size(), soft, schema);
    try (ParquetReader reader = ReadRows.open(file)) {
      List<Map<String, Object>> chunkIndex =
          rows(reader, reader.schema(), ColumnMatch.BY_NAME, soft);
      assertSame(about, chunkIndex, rows.stream().map(RandomNestedAvro::plain).toList());
    } catch (RuntimeException e) {
      throw new AssertionError(about, e);
    }
  }

  private Path write(
      long seed, Random random, Schema schema, List<GenericRecord> rows, boolean twoLevels) {
    Path file = folder.resolve(seed + ".parquet");
    CompressionCodecName codec =
        random.nextBoolean() ? CompressionCodecName.UNCOMPRESSED : CompressionCodecName.SNAPPY;
    int pageRows = random.nextBoolean() ? 1 + random.nextInt(50) : 20_000;
    boolean dictionary = random.nextBoolean();
    OracleFile.write(
        file,
        schema,
        rows,
        to ->
            to.withCompressionCodec(codec)
                .withWriterVersion(
                    random.nextBoolean() ? WriterVersion.PARQUET_1_0 : WriterVersion.PARQUET_2_0)
                .withDictionaryEncoding(dictionary)
                .withDictionaryPageSize(random.nextBoolean() ? 200 : 1 << 20)
                .withPageRowCountLimit(pageRows)
                .withPageSize(random.nextBoolean() ? 300 : 1 << 20)
                .withRowGroupSize(random.nextInt(3) == 0 ? 20_000L : 128L << 20)
                .config("parquet.avro.write-old-list-structure", Boolean.toString(twoLevels)));
    if (random.nextInt(3) == 0) {
      EmptyGroups.scatter(file, random);
    }
    return file;
  }

  static List<Map<String, Object>> rows(
      ParquetReader reader, org.apache.iceberg.Schema wanted, ColumnMatch match, long soft) {
    List<Map<String, Object>> rows = rows(reader, wanted, match, soft, false);
    assertThat((long) rows.size()).isEqualTo(reader.rows());
    assertThat(rows(reader, wanted, match, soft, true)).as("read beside").isEqualTo(rows);
    return rows;
  }

  private static List<Map<String, Object>> rows(
      ParquetReader reader,
      org.apache.iceberg.Schema wanted,
      ColumnMatch match,
      long soft,
      boolean beside) {
    List<Map<String, Object>> rows = new ArrayList<>();
    try (BatchReader batches = reader.read(wanted, match, new BatchLimit(soft, 1L << 30))) {
      ReadBatches.forEach(
          batches,
          beside,
          (batch, firstRow) -> {
            assertThat(firstRow).isEqualTo(rows.size());
            VectorShape.check(batch);
            for (int row = 0; row < batch.rows(); row++) {
              rows.add(VectorShape.row(batch, row));
            }
          });
    }
    return rows;
  }

  static void assertSame(String about, List<Map<String, Object>> chunkIndex, List<?> expected) {
    assertThat(chunkIndex).as(about).hasSameSizeAs(expected);
    for (int row = 0; row < chunkIndex.size(); row++) {
      if (!Objects.equals(chunkIndex.get(row), expected.get(row))) {
        assertThat(chunkIndex.get(row)).as("%s, row %d", about, row).isEqualTo(expected.get(row));
      }
    }
  }
}
