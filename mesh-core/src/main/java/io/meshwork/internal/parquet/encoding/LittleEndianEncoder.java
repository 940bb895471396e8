package io.meshwork.internal.parquet.encoding;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The bytes of a page while it is encoded: a growing array, to which values are appended in the
 * encodings of Parquet. Not thread-safe.
 */
public final class LittleEndianEncoder {
  static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] bytes = new byte[1024];
  private int size;

  /** Returns the array; its first {@link #size()} bytes are valid. */
  public byte[] bytes() {
    return bytes;
  }

  /** Returns the number of bytes. */
  public int size() {
    return size;
  }

  /** Removes all bytes, but retains the memory. */
  public void reset() {
    size = 0;
  }

  /** Discards everything from a position on. */
  public void truncate(int position) {
    size = position;
  }

  /** Ensures capacity for this many bytes after {@link #size()}. */
  void reserve(int count) {
    if (count > Integer.MAX_VALUE - 64 - size) {
      throw new IllegalStateException("the size of a page is limited to 2 GiB");
    }
    if (size + count > bytes.length) {
      bytes = Arrays.copyOf(bytes, grown(bytes.length, size + count));
    }
  }

  /** Adds bytes that were written to {@link #bytes()} directly. */
  void advance(int count) {
    size += count;
  }

  /** Appends the lowest byte. */
  public void putByte(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
  }

  /** Appends four bytes. */
  public void putInt(int value) {
    reserve(4);
    INT.set(bytes, size, value);
    size += 4;
  }

  /** Overwrites four bytes. */
  public void setInt(int position, int value) {
    INT.set(bytes, position, value);
  }

  /** Appends bytes of an array. */
  public void putBytes(byte[] source, int from, int length) {
    reserve(length);
    System.arraycopy(source, from, bytes, size, length);
    size += length;
  }

  /** Writes an unsigned LEB128 varint. */
  void putVarint(long value) {
    reserve(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  /** Writes a zigzag varint. */
  void putZigzag(long value) {
    putVarint((value << 1) ^ (value >> 63));
  }

  /** Appends the first {@code count} booleans in PLAIN encoding; each value is 0 or 1. */
  public void putBooleans(long[] values, int count) {
    int length = (count + 7) >> 3;
    reserve(length);
    for (int i = 0; i < count; i += 8) {
      int bits = 0;
      for (int bit = 0; bit < Math.min(8, count - i); bit++) {
        bits |= (int) values[i + bit] << bit;
      }
      bytes[size++] = (byte) bits;
    }
  }

  /** Appends the lower halves of the first {@code count} values in PLAIN encoding: INT32, FLOAT. */
  public void putInts(long[] values, int count) {
    int length = Math.toIntExact(4L * count);
    reserve(length);
    byte[] target = bytes;
    int position = size;
    for (int i = 0; i < count; i++) {
      INT.set(target, position + (i << 2), (int) values[i]);
    }
    size += length;
  }

  /** Appends the first {@code count} values in PLAIN encoding: INT64, DOUBLE. */
  public void putLongs(long[] values, int count) {
    int length = Math.toIntExact(8L * count);
    reserve(length);
    byte[] target = bytes;
    int position = size;
    for (int i = 0; i < count; i++) {
      LONG.set(target, position + (i << 3), values[i]);
    }
    size += length;
  }

  /**
   * Appends the first {@code count} byte strings in PLAIN encoding, each after its length. String
   * {@code i} lies in {@code source} from {@code starts[i]} to {@code starts[i + 1]}.
   */
  public void putByteArrays(byte[] source, int[] starts, int count) {
    reserve(Math.toIntExact(starts[count] + 4L * count));
    byte[] target = bytes;
    int position = size;
    for (int i = 0; i < count; i++) {
      int from = starts[i];
      int length = starts[i + 1] - from;
      INT.set(target, position, length);
      System.arraycopy(source, from, target, position + 4, length);
      position += 4 + length;
    }
    size = position;
  }

  /**
   * Appends the first {@code count} values in the RLE and bit-packed hybrid. They are non-negative
   * and at most {@code width} bits wide.
   */
  public void putRuns(int[] values, int count, int width) {
    RunLengthEncoder.encode(values, count, width, this);
  }

  /** Appends one run of a value in the RLE and bit-packed hybrid. */
  public void putRun(int value, int count, int width) {
    RunLengthEncoder.putRun(value, count, width, this);
  }

  /**
   * Appends the first {@code count} values in DELTA_BINARY_PACKED. With {@code narrow}, values are
   * 32-bit and their deltas wrap at 32 bits: readers of INT32 columns reject wider ones.
   */
  public void putDeltas(long[] values, int count, boolean narrow) {
    DeltaEncoder.encode(values, count, narrow, this);
  }

  /** Returns the bit width of values from 0 to {@code largest}. */
  public static int bitWidth(int largest) {
    return BitDecoder.width(largest);
  }

  /**
   * Returns a capacity of at least {@code needed}, usually doubled, up to the maximum array size.
   */
  public static int grown(int length, int needed) {
    return (int) Math.min(Integer.MAX_VALUE - 64L, Math.max(needed, length * 2L));
  }
}
