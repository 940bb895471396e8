package io.meshwork.internal.parquet.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.error.BackendException;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.internal.parquet.write.ParquetWriter.EncodingProfile;
import io.meshwork.internal.parquet.write.ParquetWriter.WrittenFile;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.DictionaryVector;
import io.meshwork.internal.vector.DoubleVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.VectorBatch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.Files;
import org.apache.iceberg.Schema;
import org.apache.iceberg.io.PositionOutputStream;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.parquet.VersionParser;
import org.apache.parquet.avro.AvroParquetReader;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.io.LocalInputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ParquetWriterTest {
  private static final Schema TEXT =
      new Schema(NestedField.optional(1, "text", Types.StringType.get()));
  private static final Schema NUMBER =
      new Schema(NestedField.required(1, "number", Types.LongType.get()));

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(EncodingProfile.class)
  void parquetAvroReadsRecords(EncodingProfile profile) throws Exception {
    Schema schema =
        new Schema(
            NestedField.required(1, "number", Types.LongType.get()),
            NestedField.optional(2, "name", Types.StringType.get()),
            NestedField.optional(3, "share", Types.DoubleType.get()));
    VectorBatch batch = VectorBatch.empty(schema);
    for (int row = 0; row < 30_000; row++) {
      ((LongVector) batch.vector(0)).append(row * 3L);
      if (row % 3 == 0) {
        batch.vector(1).appendNull();
      } else {
        ((BytesVector) batch.vector(1)).append(utf8("name " + row));
      }
      ((DoubleVector) batch.vector(2)).append(row / 4.0);
    }
    Path file = write(schema, profile, batch);

    int row = 0;
    try (ParquetReader<GenericRecord> reader =
        AvroParquetReader.<GenericRecord>builder(new LocalInputFile(file)).build()) {
      for (GenericRecord next = reader.read(); next != null; next = reader.read()) {
        assertThat(next.get("number")).isEqualTo(row * 3L);
        assertThat(next.get("share")).isEqualTo(row / 4.0);
        String name = row % 3 == 0 ? null : "name " + row;
        assertThat(next.get("name") == null ? null : next.get("name").toString()).isEqualTo(name);
        row++;
      }
    }
    assertThat(row).isEqualTo(30_000);
  }

  @Test
  void footerContainsTypesIdsPropertiesAndCreator() throws Exception {
    Schema schema =
        new Schema(
            NestedField.required(3, "day", Types.DateType.get()),
            NestedField.optional(5, "clock", Types.TimeType.get()),
            NestedField.optional(8, "instant", Types.TimestampType.withZone()),
            NestedField.optional(9, "local", Types.TimestampType.withoutZone()),
            NestedField.optional(10, "nanos", Types.TimestampNanoType.withZone()),
            NestedField.optional(11, "text", Types.StringType.get()),
            NestedField.optional(14, "id", Types.UUIDType.get()),
            NestedField.optional(15, "d9", Types.DecimalType.of(9, 2)),
            NestedField.optional(16, "d10", Types.DecimalType.of(10, 2)),
            NestedField.optional(17, "d19", Types.DecimalType.of(19, 0)),
            NestedField.optional(18, "d38", Types.DecimalType.of(38, 10)),
            NestedField.optional(19, "fixed", Types.FixedType.ofLength(3)));
    Path file = write(schema, EncodingProfile.COMPATIBLE);

    ParquetMetadata footer = ParquetOracle.footer(file);

    assertThat(footer.getFileMetaData().getSchema().toString().trim().lines().map(String::strip))
        .containsExactly(
            "message table {",
            "required int32 day (DATE) = 3;",
            "optional int64 clock (TIME(MICROS,false)) = 5;",
            "optional int64 instant (TIMESTAMP(MICROS,true)) = 8;",
            "optional int64 local (TIMESTAMP(MICROS,false)) = 9;",
            "optional int64 nanos (TIMESTAMP(NANOS,true)) = 10;",
            "optional binary text (STRING) = 11;",
            "optional fixed_len_byte_array(16) id (UUID) = 14;",
            "optional int32 d9 (DECIMAL(9,2)) = 15;",
            "optional int64 d10 (DECIMAL(10,2)) = 16;",
            "optional fixed_len_byte_array(9) d19 (DECIMAL(19,0)) = 17;",
            "optional fixed_len_byte_array(16) d38 (DECIMAL(38,10)) = 18;",
            "optional fixed_len_byte_array(3) fixed = 19;",
            "}");
    assertThat(footer.getFileMetaData().getKeyValueMetaData())
        .containsEntry("written.for", "a test");
    VersionParser.ParsedVersion creator =
        VersionParser.parse(footer.getFileMetaData().getCreatedBy());
    assertThat(creator.application).isEqualTo("meshwork");
    assertThat(creator.version).isEqualTo("0.1.0");
  }

  @ParameterizedTest
  @EnumSource(EncodingProfile.class)
  void fileWithoutRowsIsValid(EncodingProfile profile) throws Exception {
    Path file = folder.resolve("empty.parquet");

    WrittenFile written =
        ParquetOracle.write(file, TEXT, profile, ParquetWriterLimits.DEFAULT, List.of());

    assertThat(written.rows()).isZero();
    assertThat(written.splitOffsets()).isEmpty();
    assertThat(written.metrics().valueCounts()).containsEntry(1, 0L);
    assertThat(written.metrics().lowerBounds()).isEmpty();
    assertThat(ParquetOracle.rows(file, TEXT)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(EncodingProfile.class)
  void valueLargerThanAPageKeepsItsPosition(EncodingProfile profile) throws Exception {
    VectorBatch batch = VectorBatch.empty(TEXT);
    BytesVector texts = (BytesVector) batch.vector(0);
    String huge = "long ".repeat(400_000);
    for (int row = 0; row < 40; row++) {
      texts.append(utf8(row % 10 == 3 ? huge + row : "short " + row));
    }
    texts.appendNull();

    Path file = write(TEXT, profile, batch);

    assertThat(ParquetOracle.rows(file, TEXT)).isEqualTo(ParquetOracle.rows(batch));
  }

  @Test
  void compatibleFileHasPlainAndDictionaryPagesOnly() throws Exception {
    for (long seed = 1; seed <= 10; seed++) {
      RandomTable table = new RandomTable(seed);
      Path file = write(table.schema(), EncodingProfile.COMPATIBLE, table.batch(5000));

      for (ColumnChunkMetaData chunk : chunks(file)) {
        assertThat(chunk.getEncodings())
            .as("seed %s, %s", seed, chunk)
            .isSubsetOf(Encoding.PLAIN, Encoding.RLE, Encoding.RLE_DICTIONARY);
      }
    }
  }

  @Test
  void fewDistinctValuesAreDictionaryEncodedAndManyAreNot() throws Exception {
    VectorBatch few = texts(30_000, row -> "status " + row % 6);
    VectorBatch many = texts(30_000, row -> "id " + row * 7919L);

    assertThat(chunks(write(TEXT, EncodingProfile.COMPATIBLE, few)).get(0).getEncodings())
        .contains(Encoding.RLE_DICTIONARY);
    assertThat(chunks(write(TEXT, EncodingProfile.COMPATIBLE, many)).get(0).getEncodings())
        .doesNotContain(Encoding.RLE_DICTIONARY);
    assertThat(chunks(write(TEXT, EncodingProfile.FAST, many)).get(0).getEncodings())
        .contains(Encoding.DELTA_LENGTH_BYTE_ARRAY);
  }

  @ParameterizedTest
  @EnumSource(EncodingProfile.class)
  void textsThatRepeatOverManyPagesHaveADictionary(EncodingProfile profile) throws Exception {
    Random random = new Random(7);
    VectorBatch batch = texts(200_000, row -> "sku-" + random.nextInt(20_000));

    Path file = write(TEXT, profile, batch);

    ColumnChunkMetaData chunk = chunks(file).get(0);
    assertThat(chunk.getEncodingStats().hasDictionaryEncodedPages()).isTrue();
    assertThat(chunk.getEncodingStats().hasNonDictionaryEncodedPages()).isFalse();
    // Indices save little, but the dictionary is compressed, and they have its codec.
    assertThat(chunk.getCodec()).isEqualTo(CompressionCodecName.ZSTD);
    assertThat(ParquetOracle.rows(file, TEXT)).isEqualTo(ParquetOracle.rows(batch));
  }

  @Test
  void smallColumnsOfWhichNoValueRepeatsHaveNoDictionary() throws Exception {
    Random random = new Random(7);
    VectorBatch numbers = VectorBatch.empty(NUMBER);
    for (int row = 0; row < 1_500; row++) {
      ((LongVector) numbers.vector(0)).append(random.nextLong());
    }
    VectorBatch texts = texts(1_500, row -> "id " + row * 7919L);

    assertThat(chunks(write(NUMBER, EncodingProfile.COMPATIBLE, numbers)).get(0).getEncodings())
        .doesNotContain(Encoding.RLE_DICTIONARY);
    assertThat(chunks(write(TEXT, EncodingProfile.COMPATIBLE, texts)).get(0).getEncodings())
        .doesNotContain(Encoding.RLE_DICTIONARY);
  }

  @ParameterizedTest
  @EnumSource(EncodingProfile.class)
  void aDictionaryThatOverflowsLeavesTheRestOfTheChunkPlain(EncodingProfile profile)
      throws Exception {
    List<VectorBatch> batches = new ArrayList<>();
    batches.add(texts(40_000, row -> "few " + row % 100));
    batches.add(texts(200_000, row -> "many " + row));
    batches.add(texts(40_000, row -> "few " + row % 100));
    Path file = folder.resolve("overflow.parquet");

    ParquetOracle.write(file, TEXT, profile, ParquetWriterLimits.DEFAULT, batches);

    ColumnChunkMetaData chunk = chunks(file).get(0);
    assertThat(chunk.getEncodingStats().hasDictionaryEncodedPages()).isTrue();
    assertThat(chunk.getEncodingStats().hasNonDictionaryEncodedPages()).isTrue();
    List<List<Object>> expected = new ArrayList<>();
    batches.forEach(batch -> expected.addAll(ParquetOracle.rows(batch)));
    assertThat(ParquetOracle.rows(file, TEXT)).isEqualTo(expected);
  }

  @Test
  void oversizedDictionaryOfAVectorIsWrittenAsValues() throws Exception {
    BytesVector entries = new BytesVector();
    DictionaryVector encoded = new DictionaryVector(entries);
    for (int i = 0; i < 90_000; i++) {
      entries.append(utf8("entry " + i));
      encoded.append(i);
      if (i % 5 == 0) {
        encoded.appendNull();
      }
    }
    VectorBatch batch = new VectorBatch(TEXT, List.of(encoded));

    Path file = write(TEXT, EncodingProfile.COMPATIBLE, batch);

    assertThat(ParquetOracle.rows(file, TEXT)).isEqualTo(ParquetOracle.rows(batch));
  }

  @Test
  void onlyCompressibleDataIsCompressed() throws Exception {
    Random random = new Random(3);
    VectorBatch noise = VectorBatch.empty(NUMBER);
    VectorBatch pattern = VectorBatch.empty(NUMBER);
    for (int row = 0; row < 20_000; row++) {
      ((LongVector) noise.vector(0)).append(random.nextLong());
      ((LongVector) pattern.vector(0)).append(row % 9_000);
    }

    assertThat(chunks(write(NUMBER, EncodingProfile.COMPATIBLE, noise)).get(0).getCodec())
        .isEqualTo(CompressionCodecName.UNCOMPRESSED);
    assertThat(chunks(write(NUMBER, EncodingProfile.COMPATIBLE, pattern)).get(0).getCodec())
        .isEqualTo(CompressionCodecName.ZSTD);
  }

  @ParameterizedTest
  @EnumSource(EncodingProfile.class)
  void numbersThatMostlyRepeatHaveADictionary(EncodingProfile profile) throws Exception {
    Random random = new Random(5);
    VectorBatch batch = VectorBatch.empty(NUMBER);
    for (int row = 0; row < 100_000; row++) {
      int number = random.nextInt(20) == 0 ? random.nextInt(6) : 1;
      ((LongVector) batch.vector(0)).append(number);
    }

    ColumnChunkMetaData chunk = chunks(write(NUMBER, profile, batch)).get(0);

    // zstd also shortens the values, to less than their indices are without it.
    assertThat(chunk.getEncodings()).contains(Encoding.RLE_DICTIONARY);
    assertThat(chunk.getEncodingStats().hasNonDictionaryEncodedPages()).isFalse();
    assertThat(chunk.getCodec()).isEqualTo(CompressionCodecName.ZSTD);
  }

  @Test
  void numbersOfWhichDeltasAreLargerThanZstdMakesThemHaveNoDeltas() throws Exception {
    Random random = new Random(5);
    VectorBatch multiples = VectorBatch.empty(NUMBER);
    VectorBatch ascending = VectorBatch.empty(NUMBER);
    for (int row = 0; row < 100_000; row++) {
      ((LongVector) multiples.vector(0)).append((long) random.nextInt(1 << 20) << 24);
      ((LongVector) ascending.vector(0)).append(1_000_000L * row + random.nextInt(1_000_000));
    }

    Path file = write(NUMBER, EncodingProfile.FAST, multiples);
    assertThat(chunks(file).get(0).getEncodings())
        .contains(Encoding.PLAIN)
        .doesNotContain(Encoding.DELTA_BINARY_PACKED);
    assertThat(ParquetOracle.rows(file, NUMBER)).isEqualTo(ParquetOracle.rows(multiples));
    assertThat(chunks(write(NUMBER, EncodingProfile.FAST, ascending)).get(0).getEncodings())
        .contains(Encoding.DELTA_BINARY_PACKED);
  }

  @Test
  void deltasOfWhichOnlyAFewBytesRepeatAreCompressed() throws Exception {
    Random random = new Random(9);
    VectorBatch batch = VectorBatch.empty(NUMBER);
    long second = 0;
    for (int row = 0; row < 100_000; row++) {
      second += (long) (Math.abs(random.nextGaussian()) * 200);
      long late = random.nextInt(5) == 0 ? random.nextInt(200) * 20L : 0;
      ((LongVector) batch.vector(0)).append((second - late) * 1_000_000);
    }

    Path file = write(NUMBER, EncodingProfile.FAST, batch);

    ColumnChunkMetaData chunk = chunks(file).get(0);
    assertThat(chunk.getEncodings()).contains(Encoding.DELTA_BINARY_PACKED);
    assertThat(chunk.getCodec()).isEqualTo(CompressionCodecName.ZSTD);
    assertThat(chunk.getTotalSize()).isLessThan(chunk.getTotalUncompressedSize() * 9 / 10);
    assertThat(ParquetOracle.rows(file, NUMBER)).isEqualTo(ParquetOracle.rows(batch));
  }

  @Test
  void chunkThatStartsIncompressibleIsCompressedLater() throws Exception {
    Random random = new Random(3);
    VectorBatch batch = VectorBatch.empty(NUMBER);
    LongVector numbers = (LongVector) batch.vector(0);
    for (int row = 0; row < 1_000_000; row++) {
      numbers.append(row < 40_000 ? random.nextLong() : row / 2);
    }

    ColumnChunkMetaData chunk = chunks(write(NUMBER, EncodingProfile.COMPATIBLE, batch)).get(0);

    assertThat(chunk.getCodec()).isEqualTo(CompressionCodecName.ZSTD);
    assertThat(chunk.getTotalSize()).isLessThan(chunk.getTotalUncompressedSize() / 2);
  }

  @Test
  void rowGroupsEndAtTheirLimits() throws Exception {
    VectorBatch batch = texts(10_000, row -> "some text that does not repeat " + row * 31L);
    Path file = folder.resolve("groups.parquet");

    WrittenFile byRows =
        ParquetOracle.write(
            file,
            TEXT,
            EncodingProfile.COMPATIBLE,
            new ParquetWriterLimits(3_000, 1L << 30, 500, 1 << 20),
            List.of(batch));
    assertThat(ParquetOracle.footer(file).getBlocks().stream().map(b -> b.getRowCount()))
        .containsExactly(3_000L, 3_000L, 3_000L, 1_000L);
    assertThat(byRows.splitOffsets()).hasSize(4);

    ParquetOracle.write(
        file,
        TEXT,
        EncodingProfile.COMPATIBLE,
        new ParquetWriterLimits(1 << 20, 20_000, 500, 1 << 20),
        List.of(batch));
    assertThat(ParquetOracle.footer(file).getBlocks())
        .hasSizeGreaterThan(2)
        .allSatisfy(block -> assertThat(block.getCompressedSize()).isLessThan(60_000));
    assertThat(ParquetOracle.rows(file, TEXT)).isEqualTo(ParquetOracle.rows(batch));
  }

  @Test
  void lengthGrowsWithWritesAndEndsAsTheFileLength() throws Exception {
    Path file = folder.resolve("length.parquet");
    try (ParquetWriter writer =
        ParquetWriter.open(out(file), TEXT, EncodingProfile.COMPATIBLE, Map.of())) {
      long empty = writer.length();
      writer.write(texts(50_000, row -> "text " + row));
      long full = writer.length();
      WrittenFile written = writer.finish();

      assertThat(empty).isEqualTo(4);
      assertThat(full).isGreaterThan(50_000);
      assertThat(writer.length()).isEqualTo(written.bytes()).isEqualTo(file.toFile().length());
    }
  }

  @Test
  void nullInARequiredColumnIsRejectedWithItsRowAndNothingIsAdded() throws Exception {
    Path file = folder.resolve("null.parquet");
    VectorBatch bad = VectorBatch.empty(NUMBER);
    ((LongVector) bad.vector(0)).append(4711);
    bad.vector(0).appendNull();
    try (ParquetWriter writer =
        ParquetWriter.open(out(file), NUMBER, EncodingProfile.COMPATIBLE, Map.of())) {
      assertThatThrownBy(() -> writer.write(bad))
          .isInstanceOf(ContractViolationException.class)
          .hasMessageContaining("column number")
          .hasMessageContaining("row 1")
          .hasMessageNotContaining("4711");
      assertThat(writer.finish().rows()).isZero();
    }
  }

  @Test
  void decimalWithTooManyDigitsAndFixedOfAnotherLengthAreRejected() throws Exception {
    Schema decimals = new Schema(NestedField.required(1, "price", Types.DecimalType.of(4, 2)));
    VectorBatch price = VectorBatch.empty(decimals);
    ((LongVector) price.vector(0)).append(9_999);
    ((LongVector) price.vector(0)).append(-10_000);
    Schema wide = new Schema(NestedField.required(1, "price", Types.DecimalType.of(19, 2)));
    VectorBatch widePrice = VectorBatch.empty(wide);
    byte[] tenToThe19 = new byte[16];
    System.arraycopy(java.math.BigInteger.TEN.pow(19).toByteArray(), 0, tenToThe19, 7, 9);
    ((BytesVector) widePrice.vector(0)).append(tenToThe19);
    Schema fixed = new Schema(NestedField.required(1, "mac", Types.FixedType.ofLength(6)));
    VectorBatch mac = VectorBatch.empty(fixed);
    ((BytesVector) mac.vector(0)).append(new byte[5]);

    assertThatThrownBy(() -> write(decimals, EncodingProfile.FAST, price))
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContaining("row 1")
        .hasMessageContaining("more than 4 digits");
    assertThatThrownBy(() -> write(wide, EncodingProfile.FAST, widePrice))
        .hasMessageContaining("more than 19 digits");
    assertThatThrownBy(() -> write(fixed, EncodingProfile.FAST, mac))
        .hasMessageContaining("5 bytes");
  }

  @Test
  void failedStreamIsReportedWithItsState() {
    PositionOutputStream full =
        new PositionOutputStream() {
          private long written;

          @Override
          public long getPos() {
            return written;
          }

          @Override
          public void write(int b) throws IOException {
            if (++written > 1000) {
              throw new IOException("No space left on device");
            }
          }
        };
    ParquetWriter writer = ParquetWriter.open(full, TEXT, EncodingProfile.COMPATIBLE, Map.of());
    writer.write(texts(1_000, row -> "text " + row * 7919L));

    assertThatThrownBy(writer::finish)
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.STORAGE_UNWRITABLE))
        .hasMessageContaining("1000 rows")
        .hasMessageContaining("No space left");
    assertThatThrownBy(writer::finish).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void writerClosedEarlyWritesNoFooter() throws Exception {
    Path file = folder.resolve("abandoned.parquet");
    try (PositionOutputStream out = out(file)) {
      ParquetWriter writer = ParquetWriter.open(out, TEXT, EncodingProfile.FAST, Map.of());
      writer.write(texts(10, row -> "text " + row));
      writer.close();
      writer.close();
      assertThatThrownBy(() -> writer.write(texts(1, row -> "x")))
          .isInstanceOf(IllegalStateException.class);
    }

    assertThat(file.toFile().length()).isEqualTo(4);
  }

  private interface TextOfRow {
    String text(int row);
  }

  private static VectorBatch texts(int rows, TextOfRow source) {
    VectorBatch batch = VectorBatch.empty(TEXT);
    for (int row = 0; row < rows; row++) {
      ((BytesVector) batch.vector(0)).append(utf8(source.text(row)));
    }
    return batch;
  }

  private Path write(Schema schema, EncodingProfile profile, VectorBatch... batches) {
    Path file = folder.resolve("written.parquet");
    ParquetOracle.write(file, schema, profile, ParquetWriterLimits.DEFAULT, List.of(batches));
    return file;
  }

  private static List<ColumnChunkMetaData> chunks(Path file) throws IOException {
    return ParquetOracle.footer(file).getBlocks().get(0).getColumns();
  }

  private static PositionOutputStream out(Path file) {
    return Files.localOutput(file.toFile()).createOrOverwrite();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
