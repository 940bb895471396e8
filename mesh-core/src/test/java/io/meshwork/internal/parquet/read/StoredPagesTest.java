package io.meshwork.internal.parquet.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.iceberg.inmemory.InMemoryInputFile;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.Util;
import org.junit.jupiter.api.Test;

/** Pages that another file may have as they are. */
class StoredPagesTest {
  @Test
  void pagesOfValuesAreKept() throws IOException {
    assertThat(areSensible(List.of(page(3, 12), page(2, 8)))).isTrue();
  }

  @Test
  void aPageWithBytesAfterItsValuesIsNot() throws IOException {
    assertThat(areSensible(List.of(page(3, 13), page(2, 8)))).isFalse();
    assertThat(areSensible(List.of(page(3, 12), page(2, 12)))).isFalse();
  }

  @Test
  void aPageWithVeryManyValuesIsNot() throws IOException {
    assertThat(areSensible(List.of(page(1 << 20, 4 << 20)))).isTrue();
    assertThat(areSensible(List.of(page((1 << 20) + 1, (4 << 20) + 4)))).isFalse();
  }

  private record Page(int values, int bytes) {}

  private static Page page(int values, int bytes) {
    return new Page(values, bytes);
  }

  /** Reads a file with one column of numbers, and returns what is said of its pages. */
  private static boolean areSensible(List<Page> pages) throws IOException {
    try (ParquetReader reader = ParquetReader.open(new InMemoryInputFile("memory", file(pages)));
        BatchReader batches = reader.readOffered(reader.schema()).storePages()) {
      long rows = 0;
      for (var batch = batches.next(); batch != null; batch = batches.next()) {
        rows += batch.rows();
      }
      assertThat(rows).isEqualTo(reader.rows());
      return batches.pages().columns().get(0).areSensible();
    }
  }

  private static byte[] file(List<Page> pages) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write("PAR1".getBytes(StandardCharsets.US_ASCII));
    long rows = 0;
    for (Page page : pages) {
      PageHeader header = new PageHeader(PageType.DATA_PAGE, page.bytes(), page.bytes());
      header.setData_page_header(
          new DataPageHeader(page.values(), Encoding.PLAIN, Encoding.RLE, Encoding.RLE));
      Util.writePageHeader(header, out);
      out.write(new byte[page.bytes()]);
      rows += page.values();
    }
    long length = out.size() - 4;
    ColumnMetaData chunk =
        new ColumnMetaData(
            Type.INT32,
            List.of(Encoding.PLAIN),
            List.of("a"),
            CompressionCodec.UNCOMPRESSED,
            rows,
            length,
            length,
            4);
    FileMetaData footer =
        new FileMetaData(
            1,
            List.of(
                new SchemaElement("m").setNum_children(1),
                new SchemaElement("a")
                    .setType(Type.INT32)
                    .setRepetition_type(FieldRepetitionType.REQUIRED)),
            rows,
            List.of(new RowGroup(List.of(new ColumnChunk(4).setMeta_data(chunk)), length, rows)));
    int start = out.size();
    Util.writeFileMetaData(footer, out);
    out.write(
        ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(out.size() - start).array());
    out.write("PAR1".getBytes(StandardCharsets.US_ASCII));
    return out.toByteArray();
  }
}
