package io.meshwork.internal.parquet.page;

import java.io.IOException;

/**
 * Decompresses LZO1X (Linux, Documentation/staging/lzo.rst): one stream, or several one after the
 * other. In Java without native code and {@code Unsafe}, which later JVMs deny. Not thread-safe.
 */
final class LzoDecoder {
  /** The state after four or more literals; below, their number after a match. */
  private static final int MANY_LITERALS = 4;

  private final byte[] in;
  private final int end;
  private final BlockOutput output;
  private int position;
  private int state;

  private LzoDecoder(byte[] in, int from, int length, BlockOutput output) {
    this.in = in;
    this.position = from;
    this.end = from + length;
    this.output = output;
  }

  /** Decompresses a block as {@link BlockDecoder} does. */
  static int decode(byte[] in, int from, int length, byte[] out, int to, int most)
      throws IOException {
    BlockOutput output = new BlockOutput(out, to, most);
    LzoDecoder decoder = new LzoDecoder(in, from, length, output);
    while (decoder.position < decoder.end) {
      decoder.stream();
    }
    return output.written();
  }

  private void stream() throws IOException {
    state = 0;
    int first = in[position] & 0xFF;
    if (first > 17) {
      position++;
      literals(first - 17);
    }
    boolean more = true;
    while (more) {
      more = instruction(next());
    }
  }

  /** Runs one instruction; returns false for the end of the stream. */
  private boolean instruction(int code) throws IOException {
    if (code >= 64) {
      int distance = 1 + (code >>> 2 & 7) + (next() << 3);
      match(distance, code >= 128 ? 5 + (code >>> 5 & 3) : 3 + (code >>> 5 & 1), code & 3);
    } else if (code >= 32) {
      int length = 2 + length(code & 31, 31);
      int pair = next() | next() << 8;
      match(1 + (pair >>> 2), length, pair & 3);
    } else if (code >= 16) {
      int length = 2 + length(code & 7, 7);
      int pair = next() | next() << 8;
      int distance = 16_384 + ((code & 8) << 11) + (pair >>> 2);
      if (distance == 16_384) {
        return false;
      }
      match(distance, length, pair & 3);
    } else if (state == 0) {
      literals(3 + length(code, 15));
    } else {
      boolean isFar = state == MANY_LITERALS;
      int distance = (isFar ? 2_049 : 1) + (code >>> 2) + (next() << 2);
      match(distance, isFar ? 3 : 2, code & 3);
    }
    return true;
  }

  private void match(int distance, int length, int literals) throws IOException {
    output.match(distance, length);
    state = 0;
    if (literals > 0) {
      literals(literals);
    }
  }

  private void literals(int count) throws IOException {
    output.literals(in, position, count, end);
    position += count;
    state = Math.min(count, MANY_LITERALS);
  }

  /** A length: of an instruction, or if that is zero, {@code base} and the sum of bytes. */
  private int length(int shortLength, int base) throws IOException {
    if (shortLength != 0) {
      return shortLength;
    }
    long zeros = 0;
    int last = next();
    while (last == 0) {
      zeros++;
      last = next();
    }
    return Lz4Decoder.length(base + 255 * zeros + last);
  }

  private int next() throws IOException {
    if (position == end) {
      throw new IOException("the block ends in an instruction");
    }
    return in[position++] & 0xFF;
  }
}
