package io.meshwork.internal.columnar;

/**
 * How much the nested columns of one batch may take in all. How long lists are shows only while
 * they are read; a batch that gets too large is read again with fewer rows. Not thread-safe.
 */
final class BatchLimit {
  /** Bytes that several rows may take. */
  private static final long SOFT = 128L << 20;

  /** Bytes that a single row may take. */
  private static final long HARD = 1L << 30;

  /** More than its share for one batch; the caller tries fewer rows. */
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
    this(SOFT, HARD);
  }

  /** A limit for several rows, and one for a single row, in bytes. */
  BatchLimit(long soft, long hard) {
    this.soft = soft;
    this.hard = hard;
  }

  /** Starts a batch of so many rows. */
  void start(int rows) {
    single = rows == 1;
    taken = 0;
  }

  /** Counts slots of a column and the bytes of its byte strings. */
  void take(int slots, long bytes) {
    taken += 8L * slots + bytes;
    if (single && taken > hard) {
      throw new DecoderException(
          "a single row takes more than the limit of " + hard + " bytes in memory");
    } else if (!single && taken > soft) {
      throw new TooManyRowsException();
    }
  }

  /** True if twice as many rows would have done. */
  boolean roomForMore() {
    return taken < soft / 4;
  }
}
