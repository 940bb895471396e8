package io.meshwork.internal.columnar;

import java.util.zip.CRC32;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.jspecify.annotations.Nullable;

/**
 * The pages of one column in one row group, one after the other: header, checksum, decompression,
 * and where levels and values lie. Not thread-safe.
 */
final class PageReader {
  private final ParquetLeafSchema leaf;
  private final CompressionCodec codec;
  private final Decompressor decompressor;
  private final byte[] chunk;
  private final int end;
  private int position;
  private int start;
  private int number = -1;
  private byte[] expanded;

  /** True if the current page is a dictionary. */
  boolean dictionary;

  /** Slots of the current page: values and nulls. */
  int slots;

  /** How the values of the current page are coded. */
  Encoding encoding = Encoding.PLAIN;

  /** The definition levels; null if all values are there. */
  @Nullable LevelDecoder definitions;

  /** The repetition levels; null if each row has one slot. */
  @Nullable LevelDecoder repetitions;

  /** Where the values lie, with slack behind the end; valid until the next page. */
  byte[] values;

  int valuesFrom;
  int valuesEnd;

  /**
   * Pages of a chunk.
   *
   * @param chunk the bytes, with slack behind {@code end}
   * @param expanded an array to decompress into, if it is large enough
   */
  PageReader(
      ParquetLeafSchema leaf,
      CompressionCodec codec,
      Decompressor decompressor,
      byte[] chunk,
      int end,
      byte[] expanded) {
    this.leaf = leaf;
    this.codec = codec;
    this.decompressor = decompressor;
    this.chunk = chunk;
    this.end = end;
    this.expanded = expanded;
    this.values = chunk;
  }

  /** Where in the chunk the next page starts, or the current one fails. */
  int position() {
    return position;
  }

  /** Where in the chunk the current page starts. */
  int start() {
    return start;
  }

  /** Goes back: the next page is the one that starts at a place and has a number. */
  void back(int toStart, int toNumber) {
    position = toStart;
    number = toNumber - 1;
  }

  /** The number of the current page; -1 before the first. */
  int number() {
    return number;
  }

  /** The array to decompress the next chunk into. */
  byte[] expanded() {
    return expanded;
  }

  /** Goes to the next page; {@link DecoderException} if there is none. */
  void next() {
    number++;
    while (true) {
      if (position >= end) {
        throw new DecoderException("the pages end before the column's values do");
      }
      PageHeader header = new PageHeader();
      int body = FooterTransport.read(header::read, chunk, position, end);
      int length = header.getCompressed_page_size();
      int claimed = header.getUncompressed_page_size();
      if (length < 0 || length > end - body || claimed < 0) {
        throw new DecoderException(
            "a page of "
                + length
                + " bytes, "
                + claimed
                + " expanded, where "
                + (end - body)
                + " are left");
      }
      if (header.getType() == PageType.INDEX_PAGE) {
        position = body + length;
        continue;
      }
      start = position;
      checkCrc(header, body, length);
      open(header, body, length, claimed);
      position = body + length;
      return;
    }
  }

  private void checkCrc(PageHeader header, int body, int length) {
    if (header.isSetCrc()) {
      CRC32 crc = new CRC32();
      crc.update(chunk, body, length);
      if ((int) crc.getValue() != header.getCrc()) {
        throw new DecoderException("a page does not have its checksum");
      }
    }
  }

  private void open(PageHeader header, int body, int length, int claimed) {
    definitions = null;
    repetitions = null;
    dictionary = header.getType() == PageType.DICTIONARY_PAGE;
    if (dictionary) {
      DictionaryPageHeader page = present(header.getDictionary_page_header());
      slots = page.getNum_values();
      encoding = page.getEncoding();
      expand(body, length, claimed, true);
    } else if (header.getType() == PageType.DATA_PAGE_V2) {
      openSecond(present(header.getData_page_header_v2()), body, length, claimed);
    } else {
      openFirst(present(header.getData_page_header()), body, length, claimed);
    }
    if (slots < 0) {
      throw new DecoderException("a page of " + slots + " values");
    }
  }

  private static <T> T present(@Nullable T header) {
    if (header == null) {
      throw new DecoderException("a page without the header of its type");
    }
    return header;
  }

  private void openFirst(DataPageHeader page, int body, int length, int claimed) {
    slots = page.getNum_values();
    encoding = page.getEncoding();
    expand(body, length, claimed, true);
    if (leaf.mostRepetition() > 0) {
      repetitions = levels(page.getRepetition_level_encoding(), leaf.mostRepetition());
    }
    if (leaf.mostDefinition() > 0) {
      definitions = levels(page.getDefinition_level_encoding(), leaf.mostDefinition());
    }
  }

  private LevelDecoder levels(Encoding levelEncoding, int most) {
    long length;
    if (levelEncoding == Encoding.BIT_PACKED) {
      length = BitPackedLevelDecoder.length(slots, most);
    } else {
      ValueDecoder.need(4, valuesFrom, valuesEnd);
      length = BitDecoder.intAt(values, valuesFrom);
      valuesFrom += 4;
    }
    if (length < 0 || length > valuesEnd - valuesFrom) {
      throw new DecoderException(
          "levels of " + length + " bytes where " + (valuesEnd - valuesFrom) + " are left");
    }
    int from = valuesFrom;
    valuesFrom += (int) length;
    return LevelDecoder.of(levelEncoding, most, values, from, valuesFrom);
  }

  private void openSecond(DataPageHeaderV2 page, int body, int length, int claimed) {
    slots = page.getNum_values();
    encoding = page.getEncoding();
    int repetition = page.getRepetition_levels_byte_length();
    int definition = page.getDefinition_levels_byte_length();
    long both = (long) repetition + definition;
    if (repetition < 0 || definition < 0 || both > length || both > claimed) {
      throw new DecoderException(
          "levels of " + repetition + " and " + definition + " bytes in a page of " + length);
    }
    int middle = body + repetition;
    int start = middle + definition;
    if (leaf.mostRepetition() > 0) {
      repetitions = LevelDecoder.of(Encoding.RLE, leaf.mostRepetition(), chunk, body, middle);
    }
    if (leaf.mostDefinition() > 0) {
      definitions = LevelDecoder.of(Encoding.RLE, leaf.mostDefinition(), chunk, middle, start);
    }
    boolean compressed = !page.isSetIs_compressed() || page.isIs_compressed();
    expand(start, length - (int) both, claimed - (int) both, compressed);
  }

  private void expand(int from, int length, int claimed, boolean compressed) {
    if (claimed == 0) {
      // Nulls alone; some writers compress even that to a few bytes.
      values = chunk;
      valuesFrom = from;
      valuesEnd = from;
    } else if (!compressed || codec == CompressionCodec.UNCOMPRESSED) {
      if (length != claimed) {
        throw new DecoderException(
            "a page of " + length + " bytes, not compressed, says to expand to " + claimed);
      }
      values = chunk;
      valuesFrom = from;
      valuesEnd = from + length;
    } else {
      decompress(from, length, claimed);
    }
  }

  private void decompress(int from, int length, int claimed) {
    Decompressor.checkClaim(codec, length, claimed);
    if (expanded.length < claimed + BitDecoder.SLACK) {
      expanded = new byte[claimed + BitDecoder.SLACK];
    }
    decompressor.decompress(codec, chunk, from, length, expanded, claimed);
    values = expanded;
    valuesFrom = 0;
    valuesEnd = claimed;
  }
}
