package io.meshwork.internal.parquet.read;

import io.meshwork.internal.parquet.schema.UnreadableFileException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.zip.CRC32;
import org.apache.iceberg.io.SeekableInputStream;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.PageHeader;

/**
 * The pages of one column chunk that were read, so that another file can have them as they are:
 * their headers, without the statistics in them, where their bytes are, and checksums of those. A
 * page that is read once more has to have the same bytes. Not thread-safe, but independent of other
 * chunks.
 */
public final class StoredPages {
  /** So many pages may have any size. */
  private static final int FEW = 64;

  /** The average size of more pages, in bytes of the chunk. */
  private static final int LEAST_BYTES = 1 << 10;

  /** The largest page, of which a copy needs its bytes in memory. */
  private static final long MOST_BYTES = Math.min(16L << 20, Runtime.getRuntime().maxMemory() / 32);

  private final String file;
  private final String column;
  private final SeekableInputStream in;
  private final CompressionCodec codec;
  private final long values;
  private final long most;
  private final List<PageHeader> headers = new ArrayList<>();
  private final List<Long> offsets = new ArrayList<>();
  private boolean sensible = true;

  /**
   * Creates an empty list.
   *
   * @param meta what the footer declares of the chunk
   * @param length bytes of the chunk
   */
  StoredPages(
      String file, String column, SeekableInputStream in, ColumnMetaData meta, long length) {
    this.file = file;
    this.column = column;
    this.in = in;
    this.codec = meta.getCodec();
    this.values = meta.getNum_values();
    this.most = FEW + length / LEAST_BYTES;
  }

  /**
   * Adds a page, or compares one that was read before.
   *
   * @param number its number in the chunk, from 0
   * @param read its header, which is copied
   * @param offset of its bytes in the file, after the header
   */
  void add(int number, PageHeader read, long offset, int crc) {
    if (!sensible) {
      return;
    }
    if (number < headers.size()) {
      compare(number, read.getCompressed_page_size(), crc);
      return;
    }
    if (number >= most || read.getCompressed_page_size() > MOST_BYTES) {
      sensible = false;
      headers.clear();
      offsets.clear();
      return;
    }
    PageHeader header = new PageHeader(read).setCrc(crc);
    if (header.isSetData_page_header()) {
      header.getData_page_header().unsetStatistics();
    }
    if (header.isSetData_page_header_v2()) {
      header.getData_page_header_v2().unsetStatistics();
    }
    headers.add(header);
    offsets.add(offset);
  }

  private void compare(int number, int length, int crc) {
    PageHeader before = headers.get(number);
    if (before.getCompressed_page_size() != length || before.getCrc() != crc) {
      throw new UnreadableFileException(
          file,
          "the file was changed while it was read",
          column,
          offsets.get(number),
          number,
          null);
    }
  }

  /** Returns the compression of the pages. */
  public CompressionCodec codec() {
    return codec;
  }

  /** Returns the number of values that the footer declares, nulls included. */
  public long values() {
    return values;
  }

  /** Returns false if there are too many pages for the size of the chunk, or a page is huge. */
  public boolean areSensible() {
    return sensible;
  }

  /** Returns the headers of the pages in order, each with a checksum and without statistics. */
  public List<PageHeader> headers() {
    return Collections.unmodifiableList(headers);
  }

  /**
   * Reads the bytes of a page again, followed by slack; throws {@link UnreadableFileException} if
   * they are no longer those that were decoded.
   *
   * @param number of the page among {@link #headers}
   */
  public byte[] body(int number) {
    int length = headers.get(number).getCompressed_page_size();
    byte[] bytes = FooterReader.range(file, in, offsets.get(number), length);
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, length);
    compare(number, length, (int) crc.getValue());
    return bytes;
  }
}
