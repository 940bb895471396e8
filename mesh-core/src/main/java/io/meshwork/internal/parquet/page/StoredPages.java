package io.meshwork.internal.parquet.page;

import io.meshwork.internal.parquet.footer.FooterReader;
import io.meshwork.internal.parquet.schema.UnreadableFileException;
import io.meshwork.internal.runtime.Sha256;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.iceberg.io.SeekableInputStream;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.PageHeader;
import org.jspecify.annotations.Nullable;

/**
 * The pages of one column chunk that were read, so that another file can have them unchanged: their
 * headers without statistics, the positions of their bytes, and digests of the bytes. A page that
 * is read again must have the same header and bytes. Not thread-safe, but independent of other
 * chunks.
 */
public final class StoredPages {
  /** So many pages may have any size. */
  private static final int FEW = 64;

  /** The average size of more pages, in bytes of the chunk. */
  private static final int LEAST_BYTES = 1 << 10;

  /** The most values of a page; each reader decodes all to find one. */
  private static final int MOST_VALUES = 1 << 20;

  /** A page that is not compressible may be longer by so many bytes, and an eighth. */
  private static final int OVERHEAD = 256;

  /** The largest page; a copy needs its bytes in memory. */
  private static final long MOST_BYTES = Math.min(16L << 20, Runtime.getRuntime().maxMemory() / 32);

  /** The largest page uncompressed, which each reader needs in memory. */
  private static final long MOST_UNCOMPRESSED = 64L << 20;

  private final String file;
  private final String column;
  private final SeekableInputStream in;
  private final CompressionCodec codec;
  private final long values;
  private final long most;
  private final List<PageHeader> headers = new ArrayList<>();
  private final List<Long> offsets = new ArrayList<>();
  private final List<byte[]> digests = new ArrayList<>();
  private boolean sensible = true;

  /** The entries of the dictionary that a value refers to; null without a dictionary. */
  private boolean @Nullable [] used;

  /**
   * Creates an empty list.
   *
   * @param meta what the footer declares of the chunk
   * @param length bytes of the chunk
   */
  public StoredPages(
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
   * @param digest the SHA-256 of its bytes
   */
  void add(int number, PageHeader read, long offset, int crc, byte[] digest) {
    PageHeader header = withoutStatistics(read).setCrc(crc);
    if (number < headers.size()) {
      // Also if the pages are not copied: their rows are read again.
      compare(number, header, digest);
      return;
    }
    if (number >= most || !isSensible(read)) {
      sensible = false;
    }
    if (!sensible) {
      return;
    }
    headers.add(header);
    offsets.add(offset);
    digests.add(digest);
  }

  private static boolean isSensible(PageHeader page) {
    long compressed = page.getCompressed_page_size();
    long uncompressed = page.getUncompressed_page_size();
    long values =
        page.isSetData_page_header()
            ? page.getData_page_header().getNum_values()
            : page.isSetData_page_header_v2() ? page.getData_page_header_v2().getNum_values() : 0;
    return compressed <= MOST_BYTES
        && compressed <= uncompressed + uncompressed / 8 + OVERHEAD
        && uncompressed <= MOST_UNCOMPRESSED
        && values <= MOST_VALUES;
  }

  /**
   * Ends a page that was decoded.
   *
   * @param checked false if it has unchecked bytes, which are not of its values
   */
  public void end(boolean checked) {
    sensible &= checked;
  }

  private static PageHeader withoutStatistics(PageHeader read) {
    PageHeader header = new PageHeader(read);
    if (header.isSetData_page_header()) {
      header.getData_page_header().unsetStatistics();
    }
    if (header.isSetData_page_header_v2()) {
      header.getData_page_header_v2().unsetStatistics();
    }
    return header;
  }

  /** Returns for each entry of the dictionary whether a value refers to it, to be set. */
  public boolean[] used(int entries) {
    if (used == null) {
      used = new boolean[entries];
    }
    return used;
  }

  /**
   * Returns true if the dictionary has an entry to which no value refers: it was not checked, and
   * may be of a row that is not in the file.
   */
  public boolean hasUnusedEntries() {
    if (used != null) {
      for (boolean each : used) {
        if (!each) {
          return true;
        }
      }
    }
    return false;
  }

  private void compare(int number, PageHeader header, byte[] digest) {
    if (!headers.get(number).equals(header) || !Arrays.equals(digests.get(number), digest)) {
      throw new UnreadableFileException(
          file,
          "the file was changed while it was read",
          column,
          offsets.get(number),
          number,
          null);
    }
  }

  public CompressionCodec codec() {
    return codec;
  }

  /** Returns the number of values that the footer declares, nulls included. */
  public long values() {
    return values;
  }

  /**
   * Returns false if there are too many pages for the size of the chunk, or if a page is huge, or
   * has bytes that are not of its values.
   */
  public boolean areSensible() {
    return sensible;
  }

  /** Returns the headers of the pages in order, each with a checksum and without statistics. */
  public List<PageHeader> headers() {
    return Collections.unmodifiableList(headers);
  }

  /**
   * Reads the bytes of a page again, followed by slack; throws {@link UnreadableFileException} if
   * they differ from the bytes that were decoded.
   *
   * @param number of the page among {@link #headers}
   */
  public byte[] body(int number) {
    int length = headers.get(number).getCompressed_page_size();
    byte[] bytes = FooterReader.range(file, in, offsets.get(number), length);
    compare(number, headers.get(number), Sha256.of(bytes, 0, length));
    return bytes;
  }
}
