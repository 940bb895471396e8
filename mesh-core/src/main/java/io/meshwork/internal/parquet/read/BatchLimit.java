package io.meshwork.internal.parquet.read;

import io.meshwork.internal.parquet.encoding.ValueDecoder;
import io.meshwork.internal.parquet.schema.UnreadableFileException;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Limits the memory that the rows of one batch may take. The length of lists, and how often a long
 * text of a dictionary is repeated, are known only once they are read; a batch that exceeds the
 * limit is read again with fewer rows. Not thread-safe, except {@link #bytes}.
 */
final class BatchLimit {
  /** The limit in bytes for a batch of several rows: of all nested columns, and of a flat one. */
  private static final long BATCH_LIMIT = share(8, 8L << 20, 128L << 20);

  /** The limit in bytes for a single row. */
  private static final long ROW_LIMIT = 1L << 30;

  /** A batch exceeds its limit; the caller retries with fewer rows. */
  static final class TooManyRowsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooManyRowsException() {
      super("the rows of a batch take too much memory", null, false, false);
    }
  }

  private final long soft;
  private final long hard;
  private boolean single;
  private long reserved;

  BatchLimit() {
    this(BATCH_LIMIT, ROW_LIMIT);
  }

  /** Creates limits in bytes for several rows and for a single row. */
  BatchLimit(long soft, long hard) {
    this.soft = soft;
    this.hard = hard;
  }

  /** Returns a share of the heap, within bounds. */
  static long share(int part, long least, long most) {
    return Math.max(least, Math.min(most, Runtime.getRuntime().maxMemory() / part));
  }

  /**
   * Reads rows of columns, fewer if they take too much memory. Returns how many were read.
   *
   * @param most the rows to read, at least one
   * @param leaves all leaves of the columns, which return to where they are for each attempt
   * @param step reads so many rows
   */
  int read(int most, List<? extends ChunkReader> leaves, IntConsumer step) {
    leaves.forEach(ChunkReader::mark);
    int rows = most;
    while (true) {
      start(rows);
      try {
        step.accept(rows);
        return rows;
      } catch (TooManyRowsException e) {
        // Fewer rows fit.
      } catch (UnreadableFileException e) {
        if (rows == 1 || !e.isOfBatch()) {
          throw e;
        }
      } catch (OutOfMemoryError e) {
        if (rows == 1) {
          throw tooLarge(leaves, e);
        }
      }
      rows = Math.max(1, rows / 4);
      leaves.forEach(ChunkReader::back);
    }
  }

  private static RuntimeException tooLarge(
      List<? extends ChunkReader> leaves, OutOfMemoryError cause) {
    if (leaves.isEmpty()) {
      throw cause;
    }
    UnreadableFileException error =
        UnreadableFileException.limit(
            "a single row takes more memory than the heap has left; increase the heap (-Xmx)");
    error.addSuppressed(cause);
    return error.at(
        leaves.get(0).file, null, UnreadableFileException.UNKNOWN, UnreadableFileException.UNKNOWN);
  }

  private void start(int rows) {
    single = rows == 1;
    reserved = 0;
  }

  /** Returns the most bytes of the byte strings of one column in a batch of this many rows. */
  int bytes(int rows) {
    return rows == 1 ? ValueDecoder.MAX_BYTES : (int) Math.min(soft, ValueDecoder.MAX_BYTES);
  }

  /** Adds slots of a column and the bytes of its byte strings. */
  void take(int slots, long bytes) {
    reserved += 8L * slots + bytes;
    if (single && reserved > hard) {
      throw UnreadableFileException.limit(
          "a single row takes more than the limit of " + hard + " bytes in memory");
    } else if (!single && reserved > soft) {
      throw new TooManyRowsException();
    }
  }

  /** Returns true if twice as many rows would have fit, whose largest flat column is given. */
  boolean hasCapacity(long flatBytes) {
    return Math.max(reserved, flatBytes) < soft / 4;
  }
}
