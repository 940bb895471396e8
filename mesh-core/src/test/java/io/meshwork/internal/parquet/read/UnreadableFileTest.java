package io.meshwork.internal.parquet.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.internal.parquet.read.ParquetReader.ColumnMatch;
import io.meshwork.internal.parquet.schema.ColumnMismatchException;
import io.meshwork.internal.parquet.schema.UnreadableFileException;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.inmemory.InMemoryInputFile;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnreadableFileTest {
  @TempDir Path folder;

  @Test
  void filesWithoutMagicNumbersAreRejected() throws IOException {
    assertMalformed(new byte[0], "0 bytes");
    assertMalformed("PAR1".getBytes(StandardCharsets.US_ASCII), "4 bytes");
    assertMalformed("id,name\n1,a\n2,b\n".getBytes(StandardCharsets.US_ASCII), "PAR1");
    byte[] good = Files.readAllBytes(GreenTripsReadTest.file());
    byte[] encrypted = good.clone();
    encrypted[good.length - 1] = 'E';
    assertMalformed(encrypted, "encrypted; the module mesh-parquet-hadoop reads");
    byte[] small = small(WriterVersion.PARQUET_1_0, CompressionCodecName.UNCOMPRESSED, 3);
    small[0] = 'X';
    assertMalformed(small, "does not start");
  }

  @Test
  void footerLongerThanTheFileIsRejectedWithBothLengths() {
    byte[] file = small(WriterVersion.PARQUET_1_0, CompressionCodecName.SNAPPY, 3);
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(file.length - 8, 1_000_000);
    assertMalformed(file, "1000000");
    assertMalformed(file, Integer.toString(file.length));
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(file.length - 8, -5);
    assertMalformed(file, "4294967291");
  }

  @Test
  void errorNamesColumnPageAndOffset() {
    byte[] file = small(WriterVersion.PARQUET_2_0, CompressionCodecName.UNCOMPRESSED, 50);
    byte[] broken = file.clone();
    // The first page starts after the magic number.
    Arrays.fill(broken, 4, 8, (byte) 0xFF);
    assertThatThrownBy(() -> readAll(broken))
        .isInstanceOfSatisfying(
            UnreadableFileException.class,
            e -> {
              assertThat(e.column()).isEqualTo("c0");
              assertThat(e.offset()).isEqualTo(4);
              assertThat(e.page()).isZero();
              assertThat(e).hasCauseInstanceOf(UnreadableFileException.class);
            });
  }

  @Test
  void truncatedFilesGiveCorrectRowsOrAreMalformed() {
    byte[] file = small(WriterVersion.PARQUET_2_0, CompressionCodecName.ZSTD, 40);
    for (int length = 0; length < file.length; length++) {
      byte[] cut = Arrays.copyOf(file, length);
      assertThatThrownBy(() -> readAll(cut))
          .as("cut to %d", length)
          .isInstanceOf(UnreadableFileException.class);
    }
  }

  @Test
  void changedBytesGiveRowsOrADefinedError() {
    for (CompressionCodecName codec :
        List.of(
            CompressionCodecName.UNCOMPRESSED,
            CompressionCodecName.SNAPPY,
            CompressionCodecName.ZSTD,
            CompressionCodecName.GZIP,
            CompressionCodecName.LZ4_RAW)) {
      for (WriterVersion version : WriterVersion.values()) {
        mutate(small(version, codec, 60), codec + " " + version);
      }
    }
  }

  /** Pages of both versions, nested columns, dictionaries, and page indexes, in each codec. */
  @ParameterizedTest
  @ValueSource(strings = {"none", "snappy", "gzip", "zstd", "lz4"})
  void changedBytesOfFilesOfPyarrowGiveRowsOrADefinedError(String codec) throws IOException {
    for (String version : List.of("1.0", "2.6")) {
      String name = codec + "-" + version + ".parquet";
      byte[] file;
      try (InputStream bytes = UnreadableFileTest.class.getResourceAsStream("/pyarrow/" + name)) {
        file = Objects.requireNonNull(bytes, name).readAllBytes();
      }
      readAll(file);
      mutate(file, name);
      int end = file.length - 8;
      int footer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(end);
      mutate(file, name + ", footer", end - footer, end);
    }
  }

  private static void mutate(byte[] file, String about) {
    mutate(file, about, 0, file.length);
  }

  private static void mutate(byte[] file, String about, int from, int to) {
    Random random = new Random(about.hashCode());
    for (int i = 0; i < 500; i++) {
      byte[] mutant = file.clone();
      int at = from + random.nextInt(to - from);
      mutant[at] = (byte) (random.nextInt(3) == 0 ? random.nextInt() : mutant[at] ^ 1 << (i & 7));
      try {
        readAll(mutant);
      } catch (UnreadableFileException | ColumnMismatchException e) {
        assertThat(e.getMessage()).isNotBlank();
      } catch (RuntimeException | Error e) {
        throw new AssertionError(about + ", mutation " + i + " at " + at, e);
      }
    }
  }

  private void assertMalformed(byte[] file, String text) {
    assertThatThrownBy(() -> readAll(file))
        .isInstanceOf(UnreadableFileException.class)
        .hasMessageContaining(text);
  }

  private static void readAll(byte[] file) {
    try (ParquetReader reader = ParquetReader.open(new InMemoryInputFile("memory", file));
        BatchReader batches = reader.read(reader.schema(), ColumnMatch.BY_NAME)) {
      long rows = 0;
      for (VectorBatch batch = batches.next(); batch != null; batch = batches.next()) {
        rows += batch.rows();
        for (Vector vector : batch.vectors()) {
          assertThat(vector.flat().size()).isEqualTo(batch.rows());
        }
      }
      assertThat(rows).isEqualTo(reader.rows());
    }
  }

  private byte[] small(WriterVersion version, CompressionCodecName codec, int rows) {
    Schema schema =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "Row", "fields": [
                  {"name": "c0", "type": "long"},
                  {"name": "c1", "type": ["null", "string"]},
                  {"name": "c2", "type": ["null", "double"]},
                  {"name": "c3", "type": {"type": "enum", "name": "E", "symbols": ["A", "B", "C"]}},
                  {"name": "c4", "type": ["null", "boolean"]},
                  {"name": "c5", "type": ["null", {"type": "fixed", "name": "F", "size": 5}]},
                  {"name": "c6", "type": {"type": "bytes", "logicalType": "decimal",
                    "precision": 30, "scale": 2}}]}
                """);
    List<GenericRecord> data = new RandomAvro(new Random(7)).rows(schema, rows);
    Path file = folder.resolve("small.parquet");
    file.toFile().delete();
    OracleFile.write(
        file,
        schema,
        data,
        to ->
            to.withWriterVersion(version)
                .withCompressionCodec(codec)
                .withPageRowCountLimit(20)
                .withPageWriteChecksumEnabled(false));
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
