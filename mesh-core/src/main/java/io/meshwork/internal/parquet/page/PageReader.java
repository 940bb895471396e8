package io.meshwork.internal.parquet.page;

import io.meshwork.internal.parquet.encoding.ValueDecoder;
import io.meshwork.internal.parquet.footer.FooterTransport;
import io.meshwork.internal.parquet.schema.ParquetColumn;
import io.meshwork.internal.parquet.schema.UnreadableFileException;
import io.meshwork.internal.runtime.Sha256;
import java.util.function.Supplier;
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
 * Reads the pages of one column chunk in order: header, checksum, decompression, and the positions
 * of levels and values. Not thread-safe.
 */
public final class PageReader {
  /** The bytes to read for a header, which may contain long statistics. */
  private static final int HEADER_BYTES = 16 << 10;

  private static final int MAX_HEADER_BYTES = 16 << 20;

  /** The factor by which more bytes are read for a header that is longer. */
  private static final int HEADER_STEP = 4;

  private final ParquetColumn leaf;
  private final CompressionCodec codec;
  private final PageDecompressor decompressor;
  private final PageMemory memory;
  private final ChunkBytes chunk;

  /** Gets the pages; null if they are not needed. */
  private final @Nullable StoredPages stored;

  private long position;
  private long start;
  private int number = -1;
  private byte[] uncompressed;

  /** True if the current page is a dictionary. */
  public boolean dictionary;

  /** The number of values of the current page, nulls included. */
  public int valueCount;

  /** The value encoding of the current page. */
  public Encoding encoding = Encoding.PLAIN;

  /** The definition levels; null if no value is null. */
  public @Nullable ValueDecoder definitions;

  /** The repetition levels; null if each row has one slot. */
  public @Nullable ValueDecoder repetitions;

  /** Decodes the repetition levels again; null if each row has one slot. */
  private @Nullable Supplier<ValueDecoder> repetitionsAgain;

  /** The buffer with the values, with slack after the end; valid until the next page. */
  public byte[] values;

  public int valuesFrom;
  public int valuesEnd;

  /**
   * Creates a reader of a chunk.
   *
   * @param stored gets the pages; null if they are not needed
   * @param uncompressed a buffer of the memory to decompress into, if it is large enough
   */
  public PageReader(
      ParquetColumn leaf,
      CompressionCodec codec,
      PageDecompressor decompressor,
      PageMemory memory,
      ChunkBytes chunk,
      @Nullable StoredPages stored,
      byte[] uncompressed) {
    this.leaf = leaf;
    this.codec = codec;
    this.decompressor = decompressor;
    this.memory = memory;
    this.chunk = chunk;
    this.stored = stored;
    this.uncompressed = uncompressed;
    this.values = uncompressed;
  }

  /** Returns the offset in the file where the next page starts, or where the current one fails. */
  public long fileOffset() {
    return chunk.fileOffset(position);
  }

  /** Returns the offset in the chunk where the next page starts, or where the current one fails. */
  public long position() {
    return position;
  }

  /** Returns the offset of the current page in the chunk. */
  public long start() {
    return start;
  }

  /** Moves, so that the next page is the one at this offset and with this number. */
  public void moveTo(long toStart, int toNumber) {
    position = toStart;
    number = toNumber - 1;
  }

  /** Returns the number of the current page; -1 before the first. */
  public int number() {
    return number;
  }

  /** Returns the number of rows that start in the current page. */
  public int rows() {
    if (repetitionsAgain == null) {
      return valueCount;
    }
    ValueDecoder decoder = repetitionsAgain.get();
    int[] levels = new int[512];
    int rows = 0;
    for (int remaining = valueCount; remaining > 0; remaining -= levels.length) {
      int count = Math.min(remaining, levels.length);
      decoder.ints(levels, 0, count);
      for (int i = 0; i < count; i++) {
        rows += levels[i] == 0 ? 1 : 0;
      }
    }
    return rows;
  }

  /** Releases the chunk; returns the buffer, to decompress the next chunk into. */
  public byte[] release() {
    chunk.release();
    return uncompressed;
  }

  /** Reads the next page; throws {@link UnreadableFileException} if there is none. */
  public void next() {
    number++;
    while (true) {
      if (position >= chunk.length()) {
        throw new UnreadableFileException(
            "the column chunk has fewer values in its pages than it declares");
      }
      PageHeader header = new PageHeader();
      long bodyStart = readHeader(header);
      int length = header.getCompressed_page_size();
      int declaredSize = header.getUncompressed_page_size();
      memory.countPage(declaredSize);
      if (header.getType() == PageType.INDEX_PAGE) {
        position = bodyStart + length;
        continue;
      }
      start = position;
      chunk.fetch(bodyStart, length);
      int body = chunk.index(bodyStart);
      checkCrc(header, body, length, bodyStart);
      open(header, body, length, declaredSize);
      position = bodyStart + length;
      return;
    }
  }

  /**
   * Passes over the next page if it is a data page of at most this many values, without reading
   * them. Returns their number, or -1 for any other page.
   */
  public int pass(long most) {
    if (position >= chunk.length()) {
      return -1;
    }
    PageHeader header = new PageHeader();
    long bodyStart = readHeader(header);
    int count =
        switch (header.getType()) {
          case DATA_PAGE -> present(header.getData_page_header()).getNum_values();
          case DATA_PAGE_V2 -> present(header.getData_page_header_v2()).getNum_values();
          default -> -1;
        };
    if (count < 0 || count > most) {
      return -1;
    }
    number++;
    position = bodyStart + header.getCompressed_page_size();
    return count;
  }

  /** Announces the pages to read next, for {@link ChunkBytes#plan}. */
  public void plan(long from, long end) {
    chunk.plan(from, end);
  }

  /** Reads and checks the header at the position; returns the position after it. */
  private long readHeader(PageHeader header) {
    long bodyStart = readUncheckedHeader(header);
    int length = header.getCompressed_page_size();
    int declaredSize = header.getUncompressed_page_size();
    if (length < 0 || length > chunk.length() - bodyStart || declaredSize < 0) {
      throw new UnreadableFileException(
          "a page of "
              + length
              + " bytes, "
              + declaredSize
              + " uncompressed, exceeds the remaining "
              + (chunk.length() - bodyStart));
    }
    return bodyStart;
  }

  private long readUncheckedHeader(PageHeader header) {
    long remaining = chunk.length() - position;
    // In steps: a file may have many headers that are somewhat longer.
    for (int most = HEADER_BYTES; ; most = Math.min(most * HEADER_STEP, MAX_HEADER_BYTES)) {
      chunk.fetch(position, Math.min(remaining, most));
      try {
        return readFetchedHeader(header);
      } catch (UnreadableFileException e) {
        if (remaining <= most || most >= MAX_HEADER_BYTES) {
          throw e;
        }
      }
      header.clear();
    }
  }

  private long readFetchedHeader(PageHeader header) {
    int from = chunk.index(position);
    return position + FooterTransport.read(header::read, chunk.array(), from, chunk.end()) - from;
  }

  private void checkCrc(PageHeader header, int body, int length, long bodyStart) {
    if (!header.isSetCrc() && stored == null) {
      return;
    }
    CRC32 crc = new CRC32();
    crc.update(chunk.array(), body, length);
    if (header.isSetCrc() && (int) crc.getValue() != header.getCrc()) {
      throw new UnreadableFileException("the checksum of a page does not match");
    }
    if (stored != null) {
      byte[] digest = Sha256.of(chunk.array(), body, length);
      stored.add(number, header, chunk.fileOffset(bodyStart), (int) crc.getValue(), digest);
    }
  }

  private void open(PageHeader header, int body, int length, int declaredSize) {
    definitions = null;
    repetitions = null;
    repetitionsAgain = null;
    dictionary = header.getType() == PageType.DICTIONARY_PAGE;
    if (dictionary) {
      DictionaryPageHeader page = present(header.getDictionary_page_header());
      valueCount = page.getNum_values();
      encoding = page.getEncoding();
      expand(body, length, declaredSize, true);
    } else if (header.getType() == PageType.DATA_PAGE_V2) {
      openSecond(present(header.getData_page_header_v2()), body, length, declaredSize);
    } else {
      openFirst(present(header.getData_page_header()), body, length, declaredSize);
    }
    if (valueCount < 0) {
      throw new UnreadableFileException("a page declares " + valueCount + " values");
    }
  }

  private static <T> T present(@Nullable T header) {
    if (header == null) {
      throw new UnreadableFileException("a page has no header of its type");
    }
    return header;
  }

  private void openFirst(DataPageHeader page, int body, int length, int declaredSize) {
    valueCount = page.getNum_values();
    encoding = page.getEncoding();
    expand(body, length, declaredSize, true);
    if (leaf.maxRepetitionLevel() > 0) {
      Supplier<ValueDecoder> decoder =
          levels(page.getRepetition_level_encoding(), leaf.maxRepetitionLevel());
      repetitions = decoder.get();
      repetitionsAgain = decoder;
    }
    if (leaf.maxDefinitionLevel() > 0) {
      definitions = levels(page.getDefinition_level_encoding(), leaf.maxDefinitionLevel()).get();
    }
  }

  private Supplier<ValueDecoder> levels(Encoding levelEncoding, int maxLevel) {
    long length;
    if (levelEncoding == Encoding.BIT_PACKED) {
      length = ValueDecoder.bitPackedLength(valueCount, maxLevel);
    } else {
      ValueDecoder.need(4, valuesFrom, valuesEnd);
      length = ValueDecoder.intAt(values, valuesFrom);
      valuesFrom += 4;
    }
    if (length < 0 || length > valuesEnd - valuesFrom) {
      throw new UnreadableFileException(
          "levels of " + length + " bytes exceed the remaining " + (valuesEnd - valuesFrom));
    }
    byte[] bytes = values;
    int from = valuesFrom;
    int end = valuesFrom + (int) length;
    valuesFrom = end;
    return () -> ValueDecoder.ofLevels(levelEncoding, maxLevel, bytes, from, end);
  }

  private void openSecond(DataPageHeaderV2 page, int body, int length, int declaredSize) {
    valueCount = page.getNum_values();
    encoding = page.getEncoding();
    int repetition = page.getRepetition_levels_byte_length();
    int definition = page.getDefinition_levels_byte_length();
    long both = (long) repetition + definition;
    if (repetition < 0 || definition < 0 || both > length || both > declaredSize) {
      throw new UnreadableFileException(
          "levels of "
              + repetition
              + " and "
              + definition
              + " bytes exceed their page of "
              + length);
    }
    int middle = body + repetition;
    int start = middle + definition;
    if (leaf.maxRepetitionLevel() > 0) {
      byte[] bytes = chunk.array();
      Supplier<ValueDecoder> decoder =
          () -> ValueDecoder.ofLevels(Encoding.RLE, leaf.maxRepetitionLevel(), bytes, body, middle);
      repetitions = decoder.get();
      repetitionsAgain = decoder;
    }
    if (leaf.maxDefinitionLevel() > 0) {
      definitions =
          ValueDecoder.ofLevels(
              Encoding.RLE, leaf.maxDefinitionLevel(), chunk.array(), middle, start);
    }
    boolean compressed = !page.isSetIs_compressed() || page.isIs_compressed();
    expand(start, length - (int) both, declaredSize - (int) both, compressed);
  }

  private void expand(int from, int length, int declaredSize, boolean compressed) {
    if (declaredSize == 0) {
      // All values are null; some writers compress even that to a few bytes.
      values = chunk.array();
      valuesFrom = from;
      valuesEnd = from;
    } else if (!compressed || codec == CompressionCodec.UNCOMPRESSED) {
      if (length != declaredSize) {
        throw new UnreadableFileException(
            "an uncompressed page of " + length + " bytes declares a size of " + declaredSize);
      }
      values = chunk.array();
      valuesFrom = from;
      valuesEnd = from + length;
    } else {
      decompress(from, length, declaredSize);
    }
  }

  private void decompress(int from, int length, int declaredSize) {
    PageDecompressor.checkDeclaredSize(codec, length, declaredSize);
    uncompressed = memory.atLeast(uncompressed, declaredSize);
    decompressor.decompress(codec, chunk.array(), from, length, uncompressed, declaredSize);
    values = uncompressed;
    valuesFrom = 0;
    valuesEnd = declaredSize;
  }
}
