package io.meshwork.internal.parquet.encoding;

import io.meshwork.internal.parquet.schema.UnreadableFileException;
import org.apache.parquet.format.Encoding;

/** Decodes DELTA_BINARY_PACKED: blocks of deltas, with a bit width per miniblock. */
final class DeltaBinaryDecoder extends ValueDecoder {
  private final byte[] bytes;
  private final int end;
  private final long miniblocks;
  private final int total;

  /** The number of values of a miniblock; a page may have fewer. */
  private final long perMiniblock;

  /** The values of one miniblock that are wanted. */
  private final long[] values;

  private int position;

  /** The number of values not yet decoded into {@link #values}. */
  private int unread;

  private int at;
  private int decoded;
  private long last;
  private long minDelta;
  private int widths;
  private long miniblock;

  DeltaBinaryDecoder(byte[] bytes, int from, int end, int most) {
    super(Encoding.DELTA_BINARY_PACKED);
    this.bytes = bytes;
    this.end = end;
    this.position = from;
    long block = varint();
    long perBlock = varint();
    long count = varint();
    if (block <= 0 || perBlock <= 0 || block % perBlock != 0) {
      throw new UnreadableFileException(
          "invalid delta blocks: " + block + " values in " + perBlock + " miniblocks");
    }
    if (block / perBlock % 8 != 0) {
      throw new UnreadableFileException("invalid miniblocks of " + block / perBlock + " values");
    }
    if (count < 0 || count > most) {
      throw new UnreadableFileException(count + " deltas for a maximum of " + most + " values");
    }
    this.miniblocks = perBlock;
    this.miniblock = miniblocks;
    this.total = (int) count;
    this.unread = total;
    this.perMiniblock = block / perBlock;
    this.values = new long[(int) Math.min(perMiniblock, Math.max(1, count))];
    this.last = zigzag();
    if (total > 0) {
      values[0] = last;
      decoded = 1;
      unread--;
    }
  }

  /**
   * Returns the end of the encoded values without decoding them; only before the first value is
   * read.
   */
  int end() {
    int start = position;
    long remaining = unread;
    while (remaining > 0) {
      zigzag();
      int from = position;
      advance(miniblocks);
      for (int i = 0; i < miniblocks && remaining > 0; i++) {
        advance(miniblockLength(from + i));
        remaining -= perMiniblock;
      }
    }
    int result = position;
    position = start;
    return result;
  }

  @Override
  public void longs(long[] to, int from, int count) {
    int done = 0;
    while (done < count) {
      int some = available(count - done);
      System.arraycopy(values, at, to, from + done, some);
      at += some;
      done += some;
    }
  }

  @Override
  public void ints(int[] to, int from, int count) {
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

  @Override
  public void skip(int count) {
    int done = 0;
    while (done < count) {
      int some = available(count - done);
      at += some;
      done += some;
    }
  }

  private int available(int wanted) {
    if (at == decoded) {
      fill();
    }
    return Math.min(wanted, decoded - at);
  }

  private void fill() {
    if (unread == 0) {
      throw new UnreadableFileException("the page has fewer deltas than values");
    }
    if (miniblock == miniblocks) {
      minDelta = zigzag();
      widths = position;
      advance(miniblocks);
      miniblock = 0;
    }
    int width = bytes[widths + (int) miniblock] & 0xFF;
    int start = position;
    advance(miniblockLength(widths + (int) miniblock));
    miniblock++;
    int count = (int) Math.min(perMiniblock, unread);
    BitDecoder.unpack(bytes, 8L * start, width, values, 0, count);
    long value = last;
    long least = minDelta;
    for (int i = 0; i < count; i++) {
      value += least + values[i];
      values[i] = value;
    }
    last = value;
    unread -= count;
    at = 0;
    decoded = count;
  }

  private long miniblockLength(int widthAt) {
    int width = bytes[widthAt] & 0xFF;
    if (width > 64) {
      throw new UnreadableFileException("invalid delta width of " + width + " bits");
    }
    need(width == 0 ? 0 : perMiniblock / 8, position, end); // so that the product is small
    return perMiniblock * width / 8;
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
        throw new UnreadableFileException("the page has fewer deltas than values");
      }
      byte next = bytes[position++];
      result |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return result;
      }
    }
    throw new UnreadableFileException("a varint is not terminated");
  }

  @Override
  public int remaining() {
    return end - position + (unread > 0 ? 1 : 0);
  }
}
