package io.meshwork.internal.parquet.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.internal.parquet.footer.FileFooter;
import io.meshwork.internal.parquet.footer.FooterMemory;
import io.meshwork.internal.parquet.footer.FooterReader;
import io.meshwork.internal.parquet.schema.UnreadableFileException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.iceberg.Schema;
import org.apache.iceberg.inmemory.InMemoryInputFile;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.SeekableInputStream;
import org.apache.iceberg.types.Types;
import org.apache.parquet.format.ColumnCryptoMetaData;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.EncryptionWithFooterKey;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Util;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads files whose footer is valid Thrift with false content. */
class HostileFooterTest {
  private static final Schema PROJECTION =
      new Schema(Types.NestedField.required(1, "a", Types.LongType.get()));

  @TempDir Path folder;

  private byte[] good;

  @BeforeEach
  void writeFile() throws IOException {
    Path file = folder.resolve("good.parquet");
    GroupFile.write(
        file,
        "message m { required int64 a; optional binary b (STRING); }",
        List.of(
            row -> row.append("a", 1L).append("b", "x"),
            row -> row.append("a", 2L),
            row -> row.append("a", 3L)));
    good = Files.readAllBytes(file);
  }

  @Test
  void manyColumnsWithManyRowsInAFewBytesAreRejected() throws IOException {
    Path file = folder.resolve("wide.parquet");
    StringBuilder schema = new StringBuilder("message m { ");
    for (int i = 0; i < 40; i++) {
      schema.append("optional int32 c").append(i).append("; ");
    }
    GroupFile.write(file, schema.append("}").toString(), List.of(row -> row.append("c0", 1)));
    byte[] wide = Files.readAllBytes(file);
    long rows = wide.length * 20_000L;

    byte[] lying =
        RewrittenFooters.withFooter(
            wide,
            meta -> {
              meta.setNum_rows(rows);
              meta.getRow_groups().get(0).setNum_rows(rows);
              meta.getRow_groups()
                  .get(0)
                  .getColumns()
                  .forEach(chunk -> chunk.getMeta_data().setNum_values(rows));
            });

    assertThatThrownBy(() -> ParquetReader.open(new InMemoryInputFile("memory", lying)))
        .isInstanceOfSatisfying(
            UnreadableFileException.class,
            e -> assertThat(e.reason()).isEqualTo(UnreadableFileException.Reason.LIMIT))
        .hasMessageContaining("values per byte in all columns");
  }

  @Test
  void aFooterWhoseColumnsTakeMoreMemoryThanTheirBytesIsALimit() throws IOException {
    byte[] columns =
        withFooter(
            meta -> {
              meta.setNum_rows(0);
              meta.getRow_groups().clear();
              SchemaElement root = meta.getSchema().get(0).setNum_children(10_000);
              SchemaElement column = meta.getSchema().get(1);
              meta.setSchema(new ArrayList<>(Collections.nCopies(10_001, column)));
              meta.getSchema().set(0, root);
            });

    assertLimited(columns, 1 << 20);
    assertThat(read(columns, 8 << 20).rows()).isZero();
  }

  @Test
  void aFooterWhoseRowGroupsTakeMoreMemoryThanTheirBytesIsALimit() throws IOException {
    byte[] groups =
        withFooter(
            meta -> {
              meta.setNum_rows(0);
              RowGroup group = meta.getRow_groups().get(0);
              group.setNum_rows(0);
              group.getColumns().forEach(chunk -> chunk.getMeta_data().setNum_values(0));
              meta.setRow_groups(Collections.nCopies(1_000, group));
            });

    assertLimited(groups, 1 << 20);
    assertThat(read(groups, 8 << 20).rows()).isZero();
  }

  private static FileFooter read(byte[] file, long limit) {
    SeekableInputStream in = file(file).newStream();
    return FooterReader.read("memory", in, file.length, true, new FooterMemory(limit));
  }

  private static void assertLimited(byte[] file, long limit) {
    assertThat(file.length).as("less than the limit").isLessThan((int) limit);
    assertThatThrownBy(() -> read(file, limit))
        .isInstanceOfSatisfying(
            UnreadableFileException.class,
            e -> assertThat(e.reason()).isEqualTo(UnreadableFileException.Reason.LIMIT))
        .hasMessageContaining("its structures need more than " + limit + " bytes of memory");
  }

  @Test
  void fileWithACorrectFooterIsRead() throws IOException {
    byte[] same = withFooter(meta -> {});
    assertThat(same).isEqualTo(good);
    readAll(same);
  }

  @Test
  void fileThatDiffersFromThePublishedOneIsRejected() {
    ParquetReader.open(file(good), good.length, 3).close();

    assertThatThrownBy(() -> ParquetReader.open(file(good), good.length, 4))
        .isInstanceOf(UnreadableFileException.class)
        .hasMessageContaining("it has 3 rows, but was published with 4");
    assertThatThrownBy(() -> ParquetReader.open(file(good), good.length - 1, 3))
        .isInstanceOf(UnreadableFileException.class)
        .hasMessageContaining("it has " + good.length + " bytes, but");
  }

  @Test
  void inconsistentCountsAreRejected() throws IOException {
    assertRefused(meta -> meta.setNum_rows(4), "4 rows", "have 3");
    assertRefused(meta -> meta.getRow_groups().get(0).setNum_rows(-3), "-3 rows");
    assertRefused(meta -> chunk(meta, 0).setNum_values(-1), "column a", "-1 values");
    assertRefused(meta -> chunk(meta, 1).setNum_values(9), "column b", "9 values");
    assertRefused(meta -> meta.getRow_groups().get(0).getColumns().remove(1), "1 columns");
  }

  @Test
  void aFooterThatDeclaresNoRowsHasThoseOfItsRowGroups() throws IOException {
    byte[] undeclared = withFooter(meta -> meta.setNum_rows(0));
    try (ParquetReader reader = ParquetReader.open(file(undeclared))) {
      assertThat(reader.rows()).isEqualTo(3);
      try (BatchReader rows = reader.read(reader.schema(), ParquetReader.ColumnMatch.BY_NAME)) {
        assertThat(Objects.requireNonNull(rows.next()).rows()).isEqualTo(3);
      }
    }
  }

  @Test
  void moreRowsThanTheBytesAllowAreRejected() throws IOException {
    long rows = 1L << 50;
    assertRefused(
        meta -> {
          meta.setNum_rows(rows);
          meta.getRow_groups().get(0).setNum_rows(rows);
          chunk(meta, 0).setNum_values(rows);
          chunk(meta, 1).setNum_values(rows);
        },
        Long.toString(rows),
        "limit");
  }

  @Test
  void moreRowsThanInThePagesAreRejected() throws IOException {
    assertRefused(
        meta -> {
          meta.setNum_rows(5);
          meta.getRow_groups().get(0).setNum_rows(5);
          chunk(meta, 0).setNum_values(5);
          chunk(meta, 1).setNum_values(5);
        },
        "fewer values in its pages",
        "column a");
  }

  @Test
  void fewerRowsThanInThePagesAreRejected() throws IOException {
    Consumer<FileMetaData> two =
        meta -> {
          meta.setNum_rows(2);
          meta.getRow_groups().get(0).setNum_rows(2);
          meta.getRow_groups()
              .get(0)
              .getColumns()
              .forEach(chunk -> chunk.getMeta_data().setNum_values(2));
        };
    assertRefused(two, "a page of 3 values exceeds the 2", "column a");

    Path file = folder.resolve("lists.parquet");
    GroupFile.write(
        file,
        "message m { required int64 a; repeated int32 l; }",
        List.of(
            row -> row.append("a", 1L).append("l", 1),
            row -> row.append("a", 2L).append("l", 2),
            row -> row.append("a", 3L).append("l", 3)));
    byte[] lists = RewrittenFooters.withFooter(Files.readAllBytes(file), two);
    Schema list =
        new Schema(
            Types.NestedField.required(
                2, "l", Types.ListType.ofRequired(3, Types.IntegerType.get())));
    assertThatThrownBy(() -> ReadRows.all(ParquetReader.open(file(lists)), list))
        .isInstanceOf(UnreadableFileException.class)
        .hasMessageContainingAll("a page of 3 values exceeds the 2", "column l");
  }

  @Test
  void chunksOutsideOfTheDataAreRejected() throws IOException {
    assertRefused(meta -> chunk(meta, 0).setData_page_offset(-7), "column a", "-7");
    assertRefused(meta -> chunk(meta, 0).setTotal_compressed_size(-1), "column a", "-1 bytes");
    assertRefused(meta -> chunk(meta, 1).setTotal_compressed_size(Long.MAX_VALUE), "column b");
    assertRefused(meta -> chunk(meta, 1).setData_page_offset(Long.MAX_VALUE - 2), "column b");
  }

  @Test
  void encryptedAndExternalColumnsAreRejectedByName() throws IOException {
    assertRefused(
        meta -> meta.getRow_groups().get(0).getColumns().get(0).setFile_path("other.parquet"),
        "another file",
        "column a");
    assertRefused(
        meta ->
            meta.getRow_groups()
                .get(0)
                .getColumns()
                .get(0)
                .setCrypto_metadata(
                    ColumnCryptoMetaData.ENCRYPTION_WITH_FOOTER_KEY(new EncryptionWithFooterKey())),
        "encrypted; the module mesh-parquet-hadoop reads",
        "column a");
    assertRefused(meta -> chunk(meta, 0).setCodec(CompressionCodec.BROTLI), "BROTLI", "column a");
  }

  @Test
  void schemasThatAreNotATreeAreRejected() throws IOException {
    assertRefused(meta -> meta.getSchema().get(0).setNum_children(3), "3 fields");
    assertRefused(meta -> meta.getSchema().get(0).setNum_children(1), "outside of its tree");
    assertRefused(meta -> meta.getSchema().get(2).setName("a"), "two columns");
    assertRefused(meta -> meta.getSchema().get(1).unsetRepetition_type(), "no repetition type");
    assertRefused(
        meta -> {
          for (int i = 0; i < 5_000; i++) {
            SchemaElement group = meta.getSchema().get(1).deepCopy();
            group.unsetType();
            group.setNum_children(1);
            meta.getSchema().add(1, group);
          }
        },
        "100 levels");
  }

  @Test
  void pageWithAWrongChecksumIsRejected() {
    byte[] broken = good.clone();
    // The last byte before the second column's chunk belongs to the values of the first.
    broken[(int) new Offsets(good).secondChunk - 1] ^= 1;
    assertThatThrownBy(() -> readAll(broken))
        .isInstanceOf(UnreadableFileException.class)
        .hasMessageContaining("checksum")
        .hasMessageContaining("column a");
  }

  @Test
  void onlyTheProjectedColumnsAreRead() {
    byte[] broken = good.clone();
    // Nothing of the second column is valid, and the reader does not read it.
    Arrays.fill(
        broken, (int) new Offsets(good).secondChunk, (int) new Offsets(good).dataEnd, (byte) 0xFF);
    assertThat(ReadRows.all(ParquetReader.open(file(broken)), PROJECTION))
        .containsExactly(List.of(1L), List.of(2L), List.of(3L));
  }

  @Test
  void storageFailureIsNotAMalformedFile() {
    InputFile unreachable = failing(new IOException("no route"));
    assertThatThrownBy(() -> ParquetReader.open(unreachable))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("storage");
  }

  private InputFile failing(IOException failure) {
    return new InputFile() {
      @Override
      public long getLength() {
        return good.length;
      }

      @Override
      public SeekableInputStream newStream() {
        return new SeekableInputStream() {
          @Override
          public long getPos() {
            return 0;
          }

          @Override
          public void seek(long position) throws IOException {
            throw failure;
          }

          @Override
          public int read() {
            return -1;
          }
        };
      }

      @Override
      public String location() {
        return "storage";
      }

      @Override
      public boolean exists() {
        return true;
      }
    };
  }

  /** The start of the second column, and the end of all columns. */
  private static final class Offsets {
    private final long secondChunk;
    private final long dataEnd;

    Offsets(byte[] file) {
      FileMetaData meta = footer(file);
      secondChunk = FooterReader.chunkStart(chunk(meta, 1));
      dataEnd = secondChunk + chunk(meta, 1).getTotal_compressed_size();
    }
  }

  private static ColumnMetaData chunk(FileMetaData meta, int column) {
    return meta.getRow_groups().get(0).getColumns().get(column).getMeta_data();
  }

  private void assertRefused(Consumer<FileMetaData> lie, String... texts) throws IOException {
    byte[] file = withFooter(lie);
    assertThatThrownBy(() -> readAll(file))
        .isInstanceOf(UnreadableFileException.class)
        .hasMessageContainingAll(texts);
  }

  private static InputFile file(byte[] bytes) {
    return new InMemoryInputFile("memory", bytes);
  }

  private static void readAll(byte[] file) {
    try (ParquetReader reader = ParquetReader.open(file(file))) {
      assertThat(ReadRows.all(reader, PROJECTION)).hasSize(3);
    }
  }

  private static int footerStart(byte[] file) {
    return file.length
        - 8
        - ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(file.length - 8);
  }

  private static FileMetaData footer(byte[] file) {
    int start = footerStart(file);
    try {
      return Util.readFileMetaData(new ByteArrayInputStream(file, start, file.length - 8 - start));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] withFooter(Consumer<FileMetaData> lie) throws IOException {
    FileMetaData meta = footer(good);
    lie.accept(meta);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int start = footerStart(good);
    out.write(good, 0, start);
    Util.writeFileMetaData(meta, out);
    int length = out.size() - start;
    out.write(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(length).array());
    out.write(good, good.length - 4, 4);
    return out.toByteArray();
  }
}
