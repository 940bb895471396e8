package io.meshwork.internal.parquet.read;

import io.meshwork.internal.parquet.footer.FileFooter;
import io.meshwork.internal.parquet.page.PageDecompressor;
import io.meshwork.internal.parquet.page.PageMemory;
import org.apache.iceberg.io.SeekableInputStream;

/**
 * What the columns of one read of a file share. Thread-safe.
 *
 * @param concurrent whether several column chunks are read at the same time
 * @param decompressor closed when nothing is read any longer
 * @param memory the memory for pages
 */
record FileRead(
    FileFooter footer,
    SeekableInputStream in,
    boolean concurrent,
    PageDecompressor decompressor,
    PageMemory memory) {
  /**
   * The bytes of a column chunk to read at a time, and the same if many columns share the memory.
   */
  private static final int WINDOW = 8 << 20;

  private static final int LEAST_WINDOW = 256 << 10;

  static FileRead of(FileFooter footer, SeekableInputStream in, boolean concurrent) {
    return new FileRead(footer, in, concurrent, new PageDecompressor(), new PageMemory());
  }

  /** Returns the bytes of a column chunk to read at a time, if so many are read together. */
  int windowSize(int leaves) {
    long share = memory.limit() / 4 / Math.max(1, leaves);
    return (int) Math.max(LEAST_WINDOW, Math.min(WINDOW, share));
  }
}
