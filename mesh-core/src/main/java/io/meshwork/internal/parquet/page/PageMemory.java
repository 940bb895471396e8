package io.meshwork.internal.parquet.page;

import io.meshwork.internal.parquet.encoding.ValueDecoder;
import io.meshwork.internal.parquet.schema.UnreadableFileException;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The memory for pages, compressed and uncompressed, of the columns that are read together. A file
 * declares the size of its pages; a page that does not fit into half of the heap is refused before
 * memory is allocated. Thread-safe.
 */
public final class PageMemory {
  private static final long LEAST_LIMIT = 64L << 20;

  private final long limit;
  private long reserved;
  private LongConsumer pages = bytes -> {};

  public PageMemory() {
    this(Math.max(LEAST_LIMIT, Runtime.getRuntime().maxMemory() / 2));
  }

  /** Creates a limit in bytes. */
  PageMemory(long limit) {
    this.limit = limit;
  }

  /** Tells the uncompressed size of each page, before it is uncompressed; may throw. */
  public void countPages(LongConsumer to) {
    pages = to;
  }

  /** States the size of a page to open. */
  void countPage(long bytes) {
    pages.accept(bytes);
  }

  /** Returns the limit in bytes. */
  public long limit() {
    return limit;
  }

  /**
   * Returns an array of at least this many bytes and slack: the previous array if it is large
   * enough, else a new one, to which nothing is copied.
   */
  synchronized byte[] atLeast(byte[] previous, long bytes) {
    long needed = bytes + ValueDecoder.SLACK;
    if (previous.length >= needed) {
      return previous;
    }
    long others = reserved - previous.length;
    if (needed > Integer.MAX_VALUE - 8 || needed > limit - others) {
      throw tooLarge(bytes, null);
    }
    try {
      byte[] array = new byte[(int) needed];
      reserved = others + array.length;
      return array;
    } catch (OutOfMemoryError e) {
      throw tooLarge(bytes, e);
    }
  }

  /** Gives an array back that {@link #atLeast} returned. */
  public synchronized void release(byte[] array) {
    reserved -= array.length;
  }

  private UnreadableFileException tooLarge(long bytes, @Nullable OutOfMemoryError cause) {
    UnreadableFileException error =
        UnreadableFileException.limit(
            "a page needs "
                + bytes
                + " bytes of memory, but pages may take "
                + limit
                + " bytes, half of the heap, of which "
                + reserved
                + " are taken; increase the heap (-Xmx)");
    if (cause != null) {
      error.addSuppressed(cause);
    }
    return error;
  }
}
