package io.meshwork.internal.parquet.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.internal.parquet.page.StoredPages;
import io.meshwork.internal.parquet.read.BatchReader;
import io.meshwork.internal.parquet.read.ParquetReader;
import io.meshwork.internal.parquet.schema.UnreadableFileException;
import io.meshwork.internal.parquet.write.ParquetWriter.EncodingProfile;
import io.meshwork.internal.parquet.write.ParquetWriter.WrittenFile;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.VectorBatch;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Copies of our own files, of which the statistics and indexes are known. */
class ParquetCopyWriterTest {
  private static final int MANY = 8_000;

  private static final Schema NUMBERS =
      new Schema(Types.NestedField.required(1, "n", Types.LongType.get()));

  private static final long FIRST = 0x4D45_5348_0000_0000L;

  /** Values of a page of {@link #numbers}. */
  private static final int PAGE = 10;

  /** The polynomial of CRC-32: bytes that have it as difference have the same checksum. */
  private static final long SAME_CRC = 0x1_DB71_0641L;

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(EncodingProfile.class)
  void aCopyOfAFlatFileHasTheSameBytes(EncodingProfile profile) throws IOException {
    int copied = 0;
    for (long seed = 1; seed <= 60; seed++) {
      Random random = new Random(seed * 37);
      RandomTable table = new RandomTable(seed);
      // Filters of repeated values may differ in size.
      Set<Integer> filtered = seed % 2 == 0 ? filtered(table.schema(), random) : Set.of();
      Path file = folder.resolve(profile + "-" + seed + ".parquet");
      write(file, table, profile, filtered, random);
      Path copy = folder.resolve("copy-" + file.getFileName());

      if (copy(file, copy, table.schema(), profile, filtered) == null) {
        continue;
      }

      copied++;
      String what = "seed " + seed + " " + table.schema();
      if (filtered.isEmpty()) {
        assertThat(footer(copy).toString()).as(what).isEqualTo(footer(file).toString());
        boolean same = Arrays.equals(Files.readAllBytes(copy), Files.readAllBytes(file));
        assertThat(same).as(what).isTrue();
      } else {
        assertThat(filters(copy)).as(what).isEqualTo(filters(file));
      }
    }
    assertThat(copied).isGreaterThan(30);
  }

  @Test
  void aCopyOfANestedFileHasTheSameRowsAndStatistics() throws IOException {
    int copied = 0;
    for (long seed = 1; seed <= 60; seed++) {
      Random random = new Random(seed * 41);
      RandomTable table = RandomTable.nested(seed, 3);
      Path file = folder.resolve(seed + ".parquet");
      write(file, table, EncodingProfile.COMPATIBLE, Set.of(), random);
      Path copy = folder.resolve("copy-" + seed + ".parquet");

      WrittenFile written = copy(file, copy, table.schema(), EncodingProfile.COMPATIBLE, Set.of());
      if (written == null) {
        continue;
      }

      copied++;
      String what = "seed " + seed + " " + table.schema();
      assertThat(ParquetOracle.rows(copy, table.schema()))
          .as(what)
          .isEqualTo(ParquetOracle.rows(file, table.schema()));
      assertThat(statistics(ParquetOracle.footer(copy)))
          .as(what)
          .isEqualTo(statistics(ParquetOracle.footer(file)));
      assertThat(written.bytes()).isEqualTo(Files.size(copy));
    }
    assertThat(copied).isGreaterThan(30);
  }

  @Test
  void aPageThatWasChangedAfterItWasReadIsAnError() throws IOException {
    RandomTable table = new RandomTable(3);
    Path file = folder.resolve("changed.parquet");
    ParquetOracle.write(
        file,
        table.schema(),
        EncodingProfile.COMPATIBLE,
        ParquetWriterLimits.DEFAULT,
        List.of(table.batch(500)));
    try (ParquetReader reader = ParquetReader.open(input(file));
        BatchReader batches = reader.readOffered(table.schema()).storePages()) {
      while (batches.next() != null) {
        assertThat(batches.endsGroup()).isTrue();
      }
      StoredPages pages = Objects.requireNonNull(batches.pages().columns().get(0));
      int last = pages.headers().size() - 1;
      int length = pages.headers().get(last).getCompressed_page_size();
      byte[] body = Arrays.copyOf(pages.body(last), length);
      byte[] bytes = Files.readAllBytes(file);
      bytes[indexOf(bytes, body)] ^= 1;
      Files.write(file, bytes);

      assertThatThrownBy(() -> pages.body(last))
          .isInstanceOf(UnreadableFileException.class)
          .hasMessageContaining("the file was changed while it was read");
      assertThatThrownBy(
              () -> {
                try (BatchReader again = reader.readOffered(table.schema(), batches.pages())) {
                  again.next();
                }
              })
          .isInstanceOf(UnreadableFileException.class);
    }
  }

  @Test
  void aPageThatWasChangedAndHasTheSameChecksumIsAnError() throws IOException {
    Path file = numbers("forged.parquet", 1);
    try (ParquetReader reader = ParquetReader.open(input(file));
        BatchReader batches = reader.readOffered(NUMBERS).storePages()) {
      assertThat(Objects.requireNonNull(batches.next()).rows()).isEqualTo(PAGE);
      StoredPages pages = Objects.requireNonNull(batches.pages().columns().get(0));
      changeKeepingTheChecksum(file);

      assertThatThrownBy(() -> pages.body(0))
          .isInstanceOf(UnreadableFileException.class)
          .hasMessageContaining("the file was changed while it was read");
      assertIsChanged(reader, batches);
    }
  }

  @Test
  void pagesThatAreNotCopiedAreComparedToo() throws IOException {
    Path file = numbers("many.parquet", 200);
    try (ParquetReader reader = ParquetReader.open(input(file));
        BatchReader batches = reader.readOffered(NUMBERS).storePages()) {
      assertThat(Objects.requireNonNull(batches.next()).rows()).isEqualTo(200 * PAGE);
      StoredPages pages = Objects.requireNonNull(batches.pages().columns().get(0));
      assertThat(pages.areSensible()).isFalse();
      changeKeepingTheChecksum(file);

      assertIsChanged(reader, batches);
    }
  }

  @Test
  void aHeaderThatWasChangedAfterItWasReadIsAnError() throws IOException {
    Path file = numbers("header.parquet", 2);
    try (ParquetReader reader = ParquetReader.open(input(file));
        BatchReader batches = reader.readOffered(NUMBERS).storePages()) {
      assertThat(Objects.requireNonNull(batches.next()).rows()).isEqualTo(2 * PAGE);
      StoredPages pages = Objects.requireNonNull(batches.pages().columns().get(0));
      PageHeader header = pages.headers().get(0).deepCopy();
      byte[] before = bytes(header);
      header.getData_page_header().setNum_values(PAGE - 1);
      byte[] after = bytes(header);
      assertThat(after).hasSameSizeAs(before);
      byte[] whole = Files.readAllBytes(file);
      System.arraycopy(after, 0, whole, indexOf(whole, before), after.length);
      Files.write(file, whole);

      assertIsChanged(reader, batches);
    }
  }

  @Test
  void aColumnWithAPageWithoutValuesIsNotCopied() {
    List<PageHeader> headers = List.of(header(0, new byte[0]), header(PAGE, new byte[8 * PAGE]));
    CopiedChunk chunk =
        new CopiedChunk(CompressionCodec.UNCOMPRESSED, PAGE, headers, number -> new byte[0]);
    RowGroupMeasure measure = new RowGroupMeasure(NUMBERS, Set.of());
    measure.add(batch(PAGE), List.of(chunk), Runnable::run);

    assertThat(measure.refusal(List.of(chunk), EncodingProfile.FAST))
        .isEqualTo("column n: it has a page without values");
  }

  private static void assertIsChanged(ParquetReader reader, BatchReader batches) {
    assertThatThrownBy(
            () -> {
              try (BatchReader again = reader.readOffered(batches.schema(), batches.pages())) {
                again.next();
              }
            })
        .isInstanceOf(UnreadableFileException.class)
        .hasMessageContaining("the file was changed while it was read");
  }

  private static void changeKeepingTheChecksum(Path file) throws IOException {
    byte[] whole = Files.readAllBytes(file);
    byte[] value = longs(1);
    int at = indexOf(whole, value);
    ByteBuffer.wrap(whole)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(at, ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getLong() ^ SAME_CRC);
    Files.write(file, whole);
  }

  private static byte[] longs(int count) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * count).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      bytes.putLong(FIRST + i);
    }
    return bytes.array();
  }

  private static VectorBatch batch(int rows) {
    LongVector vector = new LongVector();
    for (int i = 0; i < rows; i++) {
      vector.append(FIRST + i);
    }
    return new VectorBatch(NUMBERS, List.of(vector));
  }

  private static PageHeader header(int values, byte[] body) {
    CRC32 crc = new CRC32();
    crc.update(body);
    return new PageHeader(PageType.DATA_PAGE, body.length, body.length)
        .setCrc((int) crc.getValue())
        .setData_page_header(
            new DataPageHeader(values, Encoding.PLAIN, Encoding.RLE, Encoding.RLE));
  }

  private static byte[] bytes(PageHeader header) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Util.writePageHeader(header, out);
    return out.toByteArray();
  }

  /** Writes uncompressed pages of ten numbers each. */
  private Path numbers(String name, int pages) {
    Path file = folder.resolve(name);
    byte[] all = longs(pages * PAGE);
    List<PageHeader> headers = new ArrayList<>();
    List<byte[]> bodies = new ArrayList<>();
    for (int i = 0; i < pages; i++) {
      byte[] body = Arrays.copyOfRange(all, i * 8 * PAGE, (i + 1) * 8 * PAGE);
      headers.add(header(PAGE, body));
      bodies.add(body);
    }
    CopiedChunk chunk =
        new CopiedChunk(CompressionCodec.UNCOMPRESSED, pages * PAGE, headers, bodies::get);
    RowGroupMeasure measure = new RowGroupMeasure(NUMBERS, Set.of());
    measure.add(batch(pages * PAGE), List.of(chunk), Runnable::run);
    try (ParquetCopyWriter writer =
        ParquetCopyWriter.open(
            org.apache.iceberg.Files.localOutput(file.toFile()).create(), NUMBERS, Map.of())) {
      writer.add(measure, List.of(chunk));
      writer.finish();
    }
    return file;
  }

  private static int indexOf(byte[] bytes, byte[] part) {
    for (int i = 0; i <= bytes.length - part.length; i++) {
      if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
        return i;
      }
    }
    throw new AssertionError("the page is not in the file");
  }

  private static FileMetaData footer(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(bytes.length - 8);
    return Util.readFileMetaData(
        new ByteArrayInputStream(bytes, bytes.length - 8 - length, length));
  }

  private static List<Boolean> filters(Path file) throws IOException {
    return footer(file).getRow_groups().stream()
        .flatMap(group -> group.getColumns().stream())
        .map(column -> column.getMeta_data().isSetBloom_filter_offset())
        .toList();
  }

  private static Set<Integer> filtered(Schema schema, Random random) {
    return schema.columns().stream()
        .filter(field -> field.type().typeId() != Type.TypeID.BOOLEAN && random.nextBoolean())
        .map(field -> field.fieldId())
        .collect(Collectors.toSet());
  }

  private static void write(
      Path file, RandomTable table, EncodingProfile profile, Set<Integer> filtered, Random random) {
    ParquetWriterLimits limits =
        random.nextBoolean()
            ? ParquetWriterLimits.DEFAULT
            : new ParquetWriterLimits(
                500 + random.nextInt(MANY), 100_000, 200 + random.nextInt(1_000), 10_000);
    try (ParquetWriter writer =
        new ParquetWriter(
                org.apache.iceberg.Files.localOutput(file.toFile()).createOrOverwrite(),
                table.schema(),
                profile,
                Map.of("written.for", "a test"),
                limits)
            .filtering(filtered)) {
      for (int i = 1 + random.nextInt(4); i > 0; i--) {
        writer.write(table.batch(1 + random.nextInt(3_000)));
      }
      writer.finish();
    }
  }

  private static org.apache.iceberg.io.InputFile input(Path file) {
    return org.apache.iceberg.Files.localInput(file.toFile());
  }

  /** Copies a file; returns null if its pages are too small or in other encodings. */
  private static WrittenFile copy(
      Path file, Path target, Schema schema, EncodingProfile profile, Set<Integer> filtered) {
    try (ParquetReader reader = ParquetReader.open(input(file));
        BatchReader batches = reader.readOffered(schema).storePages();
        ParquetCopyWriter writer =
            ParquetCopyWriter.open(
                org.apache.iceberg.Files.localOutput(target.toFile()).createOrOverwrite(),
                schema,
                Map.of("written.for", "a test"))) {
      RowGroupMeasure measure = new RowGroupMeasure(schema, filtered);
      for (VectorBatch batch = batches.next(); batch != null; batch = batches.next()) {
        List<CopiedChunk> chunks = new ArrayList<>();
        int leaves = reader.rowGroups().get(0).columns().size();
        for (int leaf = 0; leaf < leaves; leaf++) {
          StoredPages stored = Objects.requireNonNull(batches.pages().columns().get(leaf));
          if (!stored.areSensible()) {
            return null;
          }
          chunks.add(
              new CopiedChunk(stored.codec(), stored.values(), stored.headers(), stored::body));
        }
        measure.add(batch, chunks, Runnable::run);
        if (batches.endsGroup()) {
          assertThat(measure.refusal(chunks, profile)).isNull();
          writer.add(measure, chunks);
          measure = new RowGroupMeasure(schema, filtered);
        }
      }
      return writer.finish();
    }
  }

  private static List<String> statistics(ParquetMetadata footer) {
    return footer.getBlocks().stream()
        .flatMap(block -> block.getColumns().stream())
        .map(
            column -> {
              Statistics<?> found = column.getStatistics();
              return column.getPath()
                  + " "
                  + column.getValueCount()
                  + " "
                  + column.getEncodings()
                  + " "
                  + found.getNumNulls()
                  + (found.hasNonNullValue()
                      ? " " + found.minAsString() + " " + found.maxAsString()
                      : "");
            })
        .toList();
  }
}
