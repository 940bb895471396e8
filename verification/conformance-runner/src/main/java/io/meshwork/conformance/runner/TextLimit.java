package io.meshwork.conformance.runner;

import io.meshwork.internal.parquet.schema.UnreadableFileException;
import io.meshwork.internal.vector.ListVector;
import io.meshwork.internal.vector.MapVector;
import io.meshwork.internal.vector.StructVector;
import io.meshwork.internal.vector.Vector;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Limits the text of the values of a file. A file of some hundred bytes can repeat one text of a
 * mebibyte, or a null, without end. Thread-safe.
 */
final class TextLimit {
  /** The most bytes of text for a file of any size. */
  private static final long MOST = 2L << 30;

  /** The most bytes of text for each byte of a larger file. */
  private static final long MOST_PER_BYTE = 50;

  /** Reading a value takes as long as digesting so many bytes. */
  private static final int VALUE = 8;

  /** Opening a page takes as long as digesting so many bytes, and those that it has. */
  private static final int PAGE = 64;

  /** Decompressing a byte with GZIP or Brotli takes as long as digesting so many. */
  private static final int SLOW_BYTE = 4;

  private final Path file;
  private final long most;
  private final AtomicLong bytesRead = new AtomicLong();
  private volatile int pageByte = 1;

  TextLimit(Path file, long fileBytes) {
    this.file = file;
    this.most = Math.max(MOST, fileBytes * MOST_PER_BYTE);
  }

  /** Returns true if the file has more text. */
  boolean isExceeded() {
    return bytesRead.get() > most;
  }

  /** States that pages are compressed with GZIP or Brotli. Called before the first is read. */
  void expectSlowPages() {
    pageByte = SLOW_BYTE;
  }

  /** Starts again. */
  void reset() {
    bytesRead.set(0);
  }

  /** Counts bytes of text; throws if the file has too many. */
  void take(long bytes, String column) {
    if (bytesRead.addAndGet(bytes) > most) {
      throw UnreadableFileException.limit(
              "its values have more than "
                  + most
                  + " bytes of text, where each value counts as "
                  + VALUE
                  + " more, and a page as its bytes, with GZIP or Brotli four times")
          .at(
              file.toString(),
              column,
              UnreadableFileException.UNKNOWN,
              UnreadableFileException.UNKNOWN);
    }
  }

  /** Counts the values of a column, nulls included, with those of its parts. */
  void takeValues(Vector values, String column) {
    take(VALUE * count(values), column);
  }

  /** Counts the bytes of a page, which may be more than its values have. */
  void takePage(long bytes, String column) {
    take(PAGE + pageByte * bytes, column);
  }

  private static long count(Vector values) {
    long count = values.size();
    if (values instanceof ListVector lists) {
      count += count(lists.elements());
    } else if (values instanceof MapVector maps) {
      count += count(maps.keys()) + count(maps.values());
    } else if (values instanceof StructVector structs) {
      for (Vector child : structs.children()) {
        count += count(child);
      }
    }
    return count;
  }
}
