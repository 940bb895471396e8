package io.meshwork.internal.parquet.footer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.internal.parquet.schema.UnreadableFileException;
import io.meshwork.internal.parquet.schema.UnreadableFileException.Reason;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Type;
import org.junit.jupiter.api.Test;
import shaded.parquet.org.apache.thrift.TBase;
import shaded.parquet.org.apache.thrift.TException;
import shaded.parquet.org.apache.thrift.protocol.TCompactProtocol;
import shaded.parquet.org.apache.thrift.protocol.TField;
import shaded.parquet.org.apache.thrift.transport.TMemoryBuffer;

/** Constants that a later version of the format may have are not damage. */
class UnknownConstantTest {
  @Test
  void anEncodingThatIsNotKnownIsUnsupportedWithItsNumber() {
    PageHeader first = page(PageType.DATA_PAGE);
    first.setData_page_header(new DataPageHeader(3, Encoding.PLAIN, Encoding.RLE, Encoding.RLE));
    PageHeader second = page(PageType.DATA_PAGE_V2);
    second.setData_page_header_v2(new DataPageHeaderV2(3, 0, 3, Encoding.PLAIN, 0, 0));
    PageHeader entries = page(PageType.DICTIONARY_PAGE);
    entries.setDictionary_page_header(new DictionaryPageHeader(3, Encoding.PLAIN));

    for (PageHeader header : List.of(first, second, entries)) {
      assertUnsupported(with(header, "encoding", 10), "the encoding with the number 10");
    }
    assertUnsupported(
        with(first, "definition_level_encoding", 11), "the encoding of levels with the number 11");
  }

  @Test
  void aCompressionThatIsNotKnownIsUnsupportedWithItsNumber() {
    ColumnMetaData chunk =
        new ColumnMetaData(
            Type.INT32,
            List.of(Encoding.PLAIN),
            List.of("a"),
            CompressionCodec.UNCOMPRESSED,
            3,
            12,
            12,
            4);
    byte[] newer = with(chunk, "codec", 8);

    assertThatThrownBy(
            () -> FooterTransport.read(new ColumnMetaData()::read, newer, 0, newer.length))
        .isInstanceOfSatisfying(
            UnreadableFileException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.UNSUPPORTED))
        .hasMessageContaining("the compression with the number 8")
        .hasMessageContaining("mesh-parquet-hadoop does not read it");
  }

  @Test
  void aFieldThatIsMissingAndANumberThatNoConstantHasAreDamage() {
    byte[] nothing = {0};
    PageHeader header = page(PageType.DICTIONARY_PAGE);
    header.setDictionary_page_header(new DictionaryPageHeader(3, Encoding.PLAIN));

    for (byte[] damaged :
        List.of(nothing, with(header, "encoding", -1), with(header, "encoding", 1 << 20))) {
      assertThatThrownBy(
              () -> FooterTransport.read(new PageHeader()::read, damaged, 0, damaged.length))
          .isInstanceOfSatisfying(
              UnreadableFileException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CORRUPT))
          .hasMessageContaining("not a valid Thrift structure");
    }
  }

  private static PageHeader page(PageType type) {
    return new PageHeader(type, 12, 12);
  }

  private static void assertUnsupported(byte[] header, String text) {
    assertThatThrownBy(() -> FooterTransport.read(new PageHeader()::read, header, 0, header.length))
        .isInstanceOfSatisfying(
            UnreadableFileException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.UNSUPPORTED))
        .hasMessageContaining(text);
  }

  /** Returns the structure with another number in the fields of this name. */
  private static byte[] with(TBase<?, ?> structure, String field, int number) {
    try {
      TMemoryBuffer to = new TMemoryBuffer(256);
      structure.write(
          new TCompactProtocol(to) {
            private boolean replacing;

            @Override
            public void writeFieldBegin(TField begun) throws TException {
              replacing = begun.name.equals(field);
              super.writeFieldBegin(begun);
            }

            @Override
            public void writeI32(int value) throws TException {
              super.writeI32(replacing ? number : value);
            }
          });
      return Arrays.copyOf(to.getArray(), to.length());
    } catch (TException e) {
      throw new IllegalStateException(e);
    }
  }
}
