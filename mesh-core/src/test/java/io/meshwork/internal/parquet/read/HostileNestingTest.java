package io.meshwork.internal.parquet.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.internal.parquet.read.ParquetReader.ColumnMatch;
import io.meshwork.internal.parquet.schema.ColumnMismatchException;
import io.meshwork.internal.parquet.schema.UnreadableFileException;
import io.meshwork.internal.vector.VectorBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.inmemory.InMemoryInputFile;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads corrupt nested files: the result is rows or a defined error, never an index error. */
class HostileNestingTest {
  private static final Schema SCHEMA =
      new Schema.Parser()
          .parse(
              """
              {"type": "record", "name": "Row", "fields": [
                {"name": "s", "type": ["null", {"type": "record", "name": "S", "fields": [
                  {"name": "a", "type": "int"},
                  {"name": "l", "type": ["null", {"type": "array", "items": ["null", "string"]}]}]}]},
                {"name": "ll", "type": {"type": "array", "items": {"type": "array", "items":
                  {"type": "record", "name": "E", "fields": [
                    {"name": "x", "type": ["null", "long"]}, {"name": "y", "type": "boolean"}]}}}},
                {"name": "m", "type": ["null", {"type": "map", "values": ["null", "double"]}]}]}
              """);

  @TempDir Path folder;

  @Test
  void changedBytesGiveCompleteRowsOrADefinedError() throws IOException {
    Set<String> refusals = new HashSet<>();
    for (CompressionCodecName codec :
        List.of(CompressionCodecName.UNCOMPRESSED, CompressionCodecName.SNAPPY)) {
      for (WriterVersion version : WriterVersion.values()) {
        for (boolean dictionary : new boolean[] {true, false}) {
          byte[] file = file(codec, version, dictionary);
          mutate(file, codec + " " + version + " " + dictionary, refusals);
        }
      }
    }
    assertThat(refusals)
        .as("what the mutations ran into")
        .contains(
            "a list continues without a first element",
            "its fields disagree on the number of values or on which are null",
            "the column has more rows than the row group",
            "the column has fewer rows than the row group")
        .anyMatch(what -> what.startsWith("a level is "));
  }

  private static void mutate(byte[] file, String about, Set<String> refusals) {
    Random random = new Random(about.hashCode());
    for (int i = 0; i < 900; i++) {
      byte[] mutant = file.clone();
      int at = random.nextInt(mutant.length);
      mutant[at] = (byte) (random.nextInt(3) == 0 ? random.nextInt() : mutant[at] ^ 1 << (i & 7));
      try {
        readAll(mutant, random.nextBoolean() ? 128L << 20 : 2_000);
      } catch (UnreadableFileException e) {
        refusals.add(e.what());
      } catch (ColumnMismatchException e) {
        assertThat(e.getMessage()).isNotBlank();
      } catch (RuntimeException | Error e) {
        throw new AssertionError(about + ", mutation " + i + " at " + at, e);
      }
    }
  }

  @Test
  void truncatedFilesAreRejected() throws IOException {
    byte[] file = file(CompressionCodecName.SNAPPY, WriterVersion.PARQUET_2_0, true);
    for (int length = 0; length < file.length; length += 7) {
      byte[] cut = java.util.Arrays.copyOf(file, length);
      assertThatThrownBy(() -> readAll(cut, 128L << 20))
          .as("cut to %d", length)
          .isInstanceOf(UnreadableFileException.class);
    }
  }

  @Test
  void impossibleValueCountsAreRejectedByColumn() throws IOException {
    byte[] file = file(CompressionCodecName.UNCOMPRESSED, WriterVersion.PARQUET_1_0, true);
    assertRefused(file, meta -> leaf(meta, 1).setNum_values(3), "column s.l", "3 values");
    assertRefused(
        file,
        meta -> leaf(meta, 1).setNum_values(1L << 60),
        "column s.l",
        "the maximum 100000 per byte");
    assertRefused(
        file,
        meta -> leaf(meta, 1).setNum_values(leaf(meta, 1).getNum_values() - 1),
        "column s.l",
        "");
    assertRefused(
        file,
        meta -> leaf(meta, 2).setNum_values(leaf(meta, 2).getNum_values() + 1),
        "column ll",
        "fewer values in its pages");
  }

  @Test
  void singleRowAboveTheLimitIsRejected() throws IOException {
    byte[] file = file(CompressionCodecName.UNCOMPRESSED, WriterVersion.PARQUET_1_0, true);
    try (ParquetReader reader = ParquetReader.open(new InMemoryInputFile("memory", file));
        BatchReader batches =
            reader.read(reader.schema(), ColumnMatch.BY_NAME, new BatchLimit(10, 20))) {
      assertThatThrownBy(() -> drain(batches))
          .isInstanceOf(UnreadableFileException.class)
          .hasMessageContaining("a single row")
          .hasMessageContaining("20 bytes");
    }
  }

  private static org.apache.parquet.format.ColumnMetaData leaf(FileMetaData meta, int index) {
    return meta.getRow_groups().get(0).getColumns().get(index).getMeta_data();
  }

  private static void assertRefused(
      byte[] file, java.util.function.Consumer<FileMetaData> lie, String... texts)
      throws IOException {
    byte[] lying = RewrittenFooters.withFooter(file, lie);
    assertThatThrownBy(() -> readAll(lying, 128L << 20))
        .isInstanceOf(UnreadableFileException.class)
        .hasMessageContainingAll(texts);
  }

  private static void readAll(byte[] file, long soft) {
    try (ParquetReader reader = ParquetReader.open(new InMemoryInputFile("memory", file));
        BatchReader batches =
            reader.read(reader.schema(), ColumnMatch.BY_NAME, new BatchLimit(soft, 1 << 26))) {
      assertThat(drain(batches)).isEqualTo(reader.rows());
    }
  }

  private static long drain(BatchReader batches) {
    long rows = 0;
    for (VectorBatch batch = batches.next(); batch != null; batch = batches.next()) {
      VectorShape.check(batch);
      rows += batch.rows();
    }
    return rows;
  }

  private byte[] file(CompressionCodecName codec, WriterVersion version, boolean dictionary)
      throws IOException {
    List<GenericRecord> rows = new RandomNestedAvro(new Random(11), true).rows(SCHEMA, 60);
    Path file = folder.resolve("nested.parquet");
    file.toFile().delete();
    OracleFile.write(
        file,
        SCHEMA,
        rows,
        to ->
            to.withWriterVersion(version)
                .withCompressionCodec(codec)
                .withDictionaryEncoding(dictionary)
                .withPageRowCountLimit(20)
                .config("parquet.avro.write-old-list-structure", "false")
                .withPageWriteChecksumEnabled(false));
    return Files.readAllBytes(file);
  }
}
