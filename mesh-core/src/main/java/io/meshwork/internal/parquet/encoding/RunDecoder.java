package io.meshwork.internal.parquet.encoding;

import io.meshwork.internal.parquet.schema.UnreadableFileException;
import java.util.Arrays;
import org.apache.parquet.format.Encoding;

/** Decodes Parquet's RLE and bit-packed hybrid: levels, dictionary indices, and booleans. */
final class RunDecoder extends ValueDecoder {
  /** The longest header of a run. */
  private static final int MOST_HEADER = 5;

  /** Writers pad the last run to a multiple of 8, and DuckDB to one of 256. */
  private static final int MOST_PADDING = 511;

  private final byte[] bytes;
  private final int end;
  private final int width;
  private int position;
  private int remaining;
  private boolean packed;
  private int value;
  private long bit;

  RunDecoder(byte[] bytes, int from, int end, int width) {
    super(Encoding.RLE);
    if (width > 32) {
      throw new UnreadableFileException("invalid bit width of " + width);
    }
    this.bytes = bytes;
    this.position = from;
    this.end = end;
    this.width = width;
    if (width == 0) {
      remaining = Integer.MAX_VALUE;
    }
  }

  @Override
  public int same(int count) {
    if (remaining == 0) {
      next();
    }
    if (packed || remaining < count) {
      return -1;
    }
    take(count);
    return value;
  }

  @Override
  public void ints(int[] to, int at, int count) {
    int done = 0;
    while (done < count) {
      if (remaining == 0) {
        next();
      }
      int some = Math.min(remaining, count - done);
      if (packed) {
        BitDecoder.unpack(bytes, bit, width, to, at + done, some);
        bit += (long) some * width;
      } else {
        Arrays.fill(to, at + done, at + done + some, value);
      }
      take(some);
      done += some;
    }
  }

  @Override
  public void skip(int count) {
    int done = 0;
    while (done < count) {
      if (remaining == 0) {
        next();
      }
      int some = Math.min(remaining, count - done);
      bit += packed ? (long) some * width : 0;
      take(some);
      done += some;
    }
  }

  private void take(int count) {
    // With a bit width of 0 all values are zero, and no runs are stored.
    if (width > 0) {
      remaining -= count;
    }
  }

  private void next() {
    int header = header();
    packed = (header & 1) != 0;
    long numbers = packed ? (header >>> 1) * 8L : header >>> 1;
    if (packed) {
      bit = 8L * position;
      // Some writers truncate the last group.
      long length = Math.min((header >>> 1) * (long) width, end - position);
      numbers = Math.min(numbers, length * 8 / width);
      position += (int) length;
    } else {
      int length = (width + 7) >>> 3;
      if (length > end - position) {
        throw new UnreadableFileException("a run exceeds its page");
      }
      value = 0;
      for (int i = 0; i < length; i++) {
        value |= (bytes[position++] & 0xFF) << (8 * i);
      }
      if (width < 32 && value >>> width != 0) {
        throw new UnreadableFileException("the value of a run exceeds " + width + " bits");
      }
    }
    if (numbers == 0 || numbers > Integer.MAX_VALUE) {
      throw new UnreadableFileException("invalid run of " + numbers + " values");
    }
    remaining = (int) numbers;
  }

  private int header() {
    int result = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      if (position >= end) {
        throw new UnreadableFileException("the page has fewer values in its runs than it declares");
      }
      byte next = bytes[position++];
      result |= (next & 0x7F) << shift;
      if (next >= 0) {
        return result;
      }
    }
    throw new UnreadableFileException("the length of a run is not terminated");
  }

  /** With a bit width of 0, writers store a header of the only run nevertheless. */
  @Override
  public int remaining() {
    int bytesLeft = end - position;
    if (width == 0) {
      return Math.max(0, bytesLeft - MOST_HEADER);
    }
    return bytesLeft + (packed && remaining > MOST_PADDING ? 1 : 0);
  }
}
