package io.meshwork.internal.parquet.read;

import io.meshwork.internal.parquet.schema.UnreadableFileException;

/**
 * Limits the memory that the nested columns of one batch may take. The length of lists is known
 * only once they are read; a batch that exceeds the limit is read again with fewer rows. Not
 * thread-safe.
 */
final class BatchLimit {
  /** The limit in bytes for a batch of several rows. */
  private static final long BATCH_LIMIT = 128L << 20;

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
  private long taken;

  BatchLimit() {
    this(BATCH_LIMIT, ROW_LIMIT);
  }

  /** Creates limits in bytes for several rows and for a single row. */
  BatchLimit(long soft, long hard) {
    this.soft = soft;
    this.hard = hard;
  }

  /** Starts a batch of this many rows. */
  void start(int rows) {
    single = rows == 1;
    taken = 0;
  }

  /** Adds slots of a column and the bytes of its byte strings. */
  void take(int slots, long bytes) {
    taken += 8L * slots + bytes;
    if (single && taken > hard) {
      throw UnreadableFileException.limit(
          "a single row takes more than the limit of " + hard + " bytes in memory");
    } else if (!single && taken > soft) {
      throw new TooManyRowsException();
    }
  }

  /** Returns true if twice as many rows would have fit. */
  boolean hasCapacity() {
    return taken < soft / 4;
  }
}
