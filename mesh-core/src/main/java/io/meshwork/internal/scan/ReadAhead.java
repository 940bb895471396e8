package io.meshwork.internal.scan;

import java.util.Deque;

/**
 * How much is read before it is requested. Nothing is read beyond the first batch until the second
 * is requested. Then the depth, the number of batches of a part that are read ahead, grows while
 * the caller finds its batches unread, within {@link #MOST_BYTES} in vectors. Guarded by the lock
 * of its {@link ReadAheadBatches}.
 */
final class ReadAhead {
  /**
   * Once vectors of so many bytes are filled, including vectors in use, no further batch is read
   * ahead.
   */
  static final long MOST_BYTES =
      Math.max(8L << 20, Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 8));

  /** The calling thread needs a processor as well. */
  static final int MOST_WORKERS = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);

  /**
   * Once chunks and pages of the open row groups take so many bytes, none is opened ahead: half of
   * what the pages of a read may take.
   */
  private static final long MOST_GROUP_BYTES = Runtime.getRuntime().maxMemory() / 4;

  /** The most row groups that are open, each of which may be in another file. */
  private static final int MOST_GROUPS = 4 * (MOST_WORKERS + 1);

  private static final int MOST_DEPTH = 1 << 10;
  private static final int LEAST_DEPTH = 2;

  /**
   * The depth in the row group whose batches are returned, where parts wait for each other only:
   * more vectors do not fit into the cache of a processor.
   */
  private static final int FIRST_DEPTH = 2;

  /** How often a batch was requested. */
  private int requests;

  /** Whether the batch that was requested last was not read yet: then more threads read ahead. */
  private boolean unread;

  private int depth;

  /** The bytes of all batches in memory, and of the one in use. */
  private long bytes;

  private long usedBytes;

  /**
   * Counts a request for the next batch. The one that was returned before is no longer in use.
   *
   * @param ready true if it was read already
   * @param mayEndEarly true if it may be the last that is wanted
   */
  void ask(boolean ready, boolean mayEndEarly) {
    requests++;
    bytes -= usedBytes;
    usedBytes = 0;
    unread = !ready;
    if (!mayBegin()) {
      depth = 1;
    } else if (requests == 2) {
      depth = LEAST_DEPTH;
    } else if (unread && !mayEndEarly) {
      depth = Math.min(MOST_DEPTH, depth * 2);
    }
  }

  /** Returns false until the second batch is requested: the first may be all that is wanted. */
  boolean mayBegin() {
    return requests >= 2;
  }

  /** Returns true if the vectors that are filled leave no memory for more. */
  boolean isFull() {
    return bytes > MOST_BYTES;
  }

  /**
   * Returns how many batches of a part are read.
   *
   * @param first true in the row group whose batches are returned
   */
  int depth(boolean first) {
    return first ? Math.min(FIRST_DEPTH, depth) : depth;
  }

  /** Returns true if one more row group may be open; at least one is already. */
  boolean mayOpenFurther(Deque<BufferedRowGroup> open) {
    long bytesAhead = open.stream().mapToLong(group -> group.group().bytes()).sum();
    return open.size() < Math.min(1 + depth / 2, MOST_GROUPS)
        && bytesAhead + open.getLast().group().bytes() <= MOST_GROUP_BYTES;
  }

  /** Returns how many of the threads that a read may have are worth it now. */
  int workers(int most) {
    return unread ? most : 1;
  }

  /** Adds the bytes that a batch is expected to have, before it is filled. */
  void fill(long expectedBytes) {
    bytes += expectedBytes;
  }

  /** Replaces the expected bytes of a batch by its actual bytes. */
  void filled(long expectedBytes, long size) {
    bytes += size - expectedBytes;
  }

  /** Sets the bytes of the batch that is returned, which are in use until the next request. */
  void use(long takenBytes) {
    usedBytes = takenBytes;
  }
}
