package io.meshwork.internal.columnar;

import org.apache.parquet.format.Encoding;

/** DELTA_BINARY_PACKED: blocks of differences, each miniblock in as few bits as it needs. */
final class DeltaBinaryDecoder extends ValueDecoder {
  private static final int LARGEST_BLOCK = 1 << 16;

  private final byte[] bytes;
  private final int end;
  private final int miniblocks;
  private final int total;
  private final long[] values;
  private int position;

  /** Values not yet put into {@link #values}. */
  private int unread;

  private int at;
  private int filled;
  private long last;
  private long leastDelta;
  private int widths;
  private int miniblock;

  DeltaBinaryDecoder(byte[] bytes, int from, int end, int most) {
    super(Encoding.DELTA_BINARY_PACKED);
    this.bytes = bytes;
    this.end = end;
    this.position = from;
    long block = varint();
    long perBlock = varint();
    long count = varint();
    if (block <= 0 || block > LARGEST_BLOCK || perBlock <= 0 || block % perBlock != 0) {
      throw new DecoderException(
          "delta blocks of " + block + " values in " + perBlock + " miniblocks");
    }
    if (block / perBlock % 8 != 0) {
      throw new DecoderException("miniblocks of " + block / perBlock + " values");
    }
    if (count < 0 || count > most) {
      throw new DecoderException(count + " deltas for at most " + most + " values");
    }
    this.miniblocks = (int) perBlock;
    this.miniblock = miniblocks;
    this.total = (int) count;
    this.unread = total;
    this.values = new long[(int) (block / perBlock)];
    this.last = zigzag();
    if (total > 0) {
      values[0] = last;
      filled = 1;
      unread--;
    }
  }

  /** How many values there are in all. */
  int total() {
    return total;
  }

  /** Where the values end, found without decoding them; only before the first is taken. */
  int skip() {
    int start = position;
    long left = unread;
    while (left > 0) {
      zigzag();
      int from = position;
      advance(miniblocks);
      for (int i = 0; i < miniblocks && left > 0; i++) {
        advance(miniblockLength(from + i));
        left -= values.length;
      }
    }
    int result = position;
    position = start;
    return result;
  }

  @Override
  void longs(long[] to, int from, int count) {
    int done = 0;
    while (done < count) {
      int some = available(count - done);
      System.arraycopy(values, at, to, from + done, some);
      at += some;
      done += some;
    }
  }

  @Override
  void ints(int[] to, int from, int count) {
    int done = 0;
    while (done < count) {
      int some = available(count - done);
      for (int i = 0; i < some; i++) {
        to[from + done + i] = (int) values[at + i];
      }
      at += some;
      done += some;
    }
  }

  private int available(int wanted) {
    if (at == filled) {
      fill();
    }
    return Math.min(wanted, filled - at);
  }

  private void fill() {
    if (unread == 0) {
      throw new DecoderException("deltas end before the page's values do");
    }
    if (miniblock == miniblocks) {
      leastDelta = zigzag();
      widths = position;
      advance(miniblocks);
      miniblock = 0;
    }
    int width = bytes[widths + miniblock] & 0xFF;
    int start = position;
    advance(miniblockLength(widths + miniblock));
    miniblock++;
    int count = Math.min(values.length, unread);
    BitDecoder.unpack(bytes, 8L * start, width, values, 0, count);
    long value = last;
    long least = leastDelta;
    for (int i = 0; i < count; i++) {
      value += least + values[i];
      values[i] = value;
    }
    last = value;
    unread -= count;
    at = 0;
    filled = count;
  }

  private long miniblockLength(int widthAt) {
    int width = bytes[widthAt] & 0xFF;
    if (width > 64) {
      throw new DecoderException("deltas of " + width + " bits");
    }
    return (long) values.length * width / 8;
  }

  private void advance(long length) {
    need(length, position, end);
    position += (int) length;
  }

  private long zigzag() {
    long value = varint();
    return value >>> 1 ^ -(value & 1);
  }

  private long varint() {
    long result = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      if (position >= end) {
        throw new DecoderException("deltas end before the page's values do");
      }
      byte next = bytes[position++];
      result |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return result;
      }
    }
    throw new DecoderException("a number of deltas has no end");
  }
}
