package io.meshwork.internal.columnar;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A growing byte array with little-endian writes. Not thread-safe. */
final class LittleEndianEncoder {
  static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] bytes = new byte[1024];
  private int size;

  byte[] bytes() {
    return bytes;
  }

  int size() {
    return size;
  }

  void reset() {
    size = 0;
  }

  /** Discards everything from a position on. */
  void truncate(int position) {
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

  void putByte(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
  }

  void putInt(int value) {
    reserve(4);
    INT.set(bytes, size, value);
    size += 4;
  }

  /** Overwrites four bytes. */
  void setInt(int position, int value) {
    INT.set(bytes, position, value);
  }

  void putLong(long value) {
    reserve(8);
    LONG.set(bytes, size, value);
    size += 8;
  }

  void putBytes(byte[] source, int from, int length) {
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

  /**
   * Returns a capacity of at least {@code needed}, usually doubled, up to the maximum array size.
   */
  static int grown(int length, int needed) {
    return (int) Math.min(Integer.MAX_VALUE - 64L, Math.max(needed, length * 2L));
  }
}
