package io.meshwork.internal.parquet.page;

import io.meshwork.internal.parquet.encoding.ValueDecoder;
import io.meshwork.internal.parquet.schema.UnreadableFileException;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.iceberg.io.RangeReadable;
import org.apache.iceberg.io.SeekableInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one column chunk, with a window in memory. Positions count from the start of the
 * chunk. Moves forward with one sequential read per window. Not thread-safe, but several chunks of
 * one stream can be read at the same time.
 */
public final class ChunkBytes {
  /** The most bytes to read that are not needed, because a second read would take longer. */
  public static final int GAP = 128 << 10;

  /** The bytes to read ahead once a plan continued another. */
  private static final int LEAST_AHEAD = 64 << 10;

  private static final byte[] NONE = new byte[0];

  private final String file;
  private final SeekableInputStream in;

  /** Reads several chunks at the same time; null if one is read after the other. */
  private final @Nullable RangeReadable ranges;

  private final long offset;
  private final long length;
  private final int windowSize;
  private final PageMemory memory;

  /** The position up to which bytes are known to be needed; all are read ahead without a plan. */
  private long planned = Long.MAX_VALUE;

  /** The bytes to read beyond a plan, because each plan continued the one before it. */
  private int ahead;

  private byte[] window = NONE;
  private long windowStart;
  private int windowLength;

  /**
   * Creates the bytes of a chunk; none is read yet.
   *
   * @param offset start of the chunk in the file
   * @param length bytes of the chunk
   * @param concurrent whether other chunks of the stream are read at the same time
   * @param windowSize bytes to read at a time, or more if a page is larger
   */
  public ChunkBytes(
      String file,
      SeekableInputStream in,
      boolean concurrent,
      long offset,
      long length,
      int windowSize,
      PageMemory memory) {
    this.file = file;
    this.in = in;
    this.ranges = concurrent && in instanceof RangeReadable readable ? readable : null;
    this.offset = offset;
    this.length = length;
    this.windowSize = windowSize;
    this.memory = memory;
  }

  /** Returns the number of bytes of the chunk. */
  long length() {
    return length;
  }

  /** Returns the number of bytes that are read first, without a plan. */
  long firstLength() {
    return Math.min(windowSize, length);
  }

  long fileOffset(long position) {
    return offset + position;
  }

  /**
   * Announces the next bytes to fetch; no byte before them is needed. A fetch then reads them at
   * once, and not much more. Plans that follow each other read ahead more and more.
   */
  void plan(long from, long end) {
    long windowEnd = windowStart + windowLength;
    if (end <= windowEnd && from >= windowStart) {
      return;
    }
    boolean continued = windowLength > 0 && from >= windowStart && from <= windowEnd + GAP;
    ahead = continued ? Math.min(windowSize, Math.max(LEAST_AHEAD, ahead * 2)) : 0;
    planned = end + ahead;
  }

  /**
   * Reads a range of the chunk into memory, of at least one byte, and possibly what follows it.
   * Invalidates the array that was returned before.
   */
  void fetch(long position, long count) {
    if (position >= windowStart && position + count <= windowStart + windowLength) {
      return;
    }
    // Beyond the plan, only what is requested.
    long more = Math.min(windowSize, Math.max(0, planned - position));
    int wanted = (int) Math.min(length - position, Math.max(count, more));
    byte[] previous = window;
    long overlapping = position >= windowStart ? windowStart + windowLength - position : 0;
    int overlap = (int) Math.max(0, overlapping);
    int from = (int) (position - windowStart);
    if (previous.length < wanted + ValueDecoder.SLACK) {
      // Two windows are in memory for as long as it takes to copy the overlap.
      window = memory.atLeast(NONE, wanted);
      System.arraycopy(previous, overlap == 0 ? 0 : from, window, 0, overlap);
      memory.release(previous);
    } else if (overlap > 0) {
      System.arraycopy(previous, from, window, 0, overlap);
    }
    windowStart = position;
    windowLength = overlap;
    read(wanted);
  }

  private void read(int wanted) {
    long start = offset + windowStart + windowLength;
    int missing = wanted - windowLength;
    try {
      if (ranges != null) {
        ranges.readFully(start, window, windowLength, missing);
      } else {
        readAt(start, missing);
      }
      windowLength = wanted;
    } catch (EOFException e) {
      throw new UnreadableFileException(file, "the file is truncated", start, e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  private void readAt(long start, int count) throws IOException {
    synchronized (in) {
      if (in.getPos() != start) {
        in.seek(start);
      }
      int read = in.readNBytes(window, windowLength, count);
      if (read < count) {
        throw new EOFException("the file ends after " + (start + read) + " bytes");
      }
    }
  }

  /** Returns true if no byte is in memory. */
  boolean isUnread() {
    return windowLength == 0;
  }

  /** Takes the first bytes of the chunk, which were read before, possibly with other chunks. */
  void take(byte[] bytes, int from, int count) {
    window = memory.atLeast(window, count);
    System.arraycopy(bytes, from, window, 0, count);
    windowStart = 0;
    windowLength = count;
  }

  /** Returns the array with the bytes in memory; it has slack after them. */
  byte[] array() {
    return window;
  }

  /** Returns the index in the array of a position that is in memory. */
  int index(long position) {
    return (int) (position - windowStart);
  }

  /** Returns the index in the array after the last byte in memory. */
  int end() {
    return windowLength;
  }

  void release() {
    memory.release(window);
    window = NONE;
    windowStart = 0;
    windowLength = 0;
  }
}
