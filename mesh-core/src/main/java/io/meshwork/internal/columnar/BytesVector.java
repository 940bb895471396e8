package io.meshwork.internal.columnar;

import java.util.Arrays;

/** A {@link Vector} of byte strings, laid end to end. */
public final class BytesVector extends Vector {
  private byte[] data = new byte[8192];
  private int[] offsets = new int[1025];

  /** Adds a value. */
  public void append(byte[] bytes) {
    append(bytes, 0, bytes.length);
  }

  /** Adds a part of an array as a value. */
  public void append(byte[] bytes, int from, int length) {
    int end = reserve(length);
    System.arraycopy(bytes, from, data, end, length);
    commit(length);
  }

  /**
   * Makes room for a value of up to this many bytes, to be written into {@link #data()} at the
   * returned place, then {@link #commit}.
   */
  public int reserve(int length) {
    int end = offsets[size];
    if (length > Integer.MAX_VALUE - 16 - end) {
      throw new IllegalStateException("a batch holds at most 2 GiB of one column");
    }
    if (end + length > data.length) {
      data =
          Arrays.copyOf(
              data,
              (int) Math.min(Integer.MAX_VALUE - 16, Math.max(end + length, data.length * 2L)));
    }
    return end;
  }

  /** Ends a value of this many bytes that was written after {@link #reserve}. */
  public void commit(int length) {
    if (size + 2 > offsets.length) {
      offsets = Arrays.copyOf(offsets, offsets.length * 2);
    }
    offsets[size + 1] = offsets[size] + length;
    size++;
  }

  /** Where the value of a row starts in {@link #data()}. */
  public int start(int row) {
    return offsets[row];
  }

  /** How many bytes the value of a row has; 0 where it is null. */
  public int length(int row) {
    return offsets[row + 1] - offsets[row];
  }

  /** The value of a row, copied; empty where it is null. */
  public byte[] get(int row) {
    return Arrays.copyOfRange(data, offsets[row], offsets[row + 1]);
  }

  /** All bytes. Not to be kept; written only between {@link #reserve} and {@link #commit}. */
  public byte[] data() {
    return data;
  }

  /** Where values start, with one more for the end of the last. Not to be kept or written. */
  public int[] offsets() {
    return offsets;
  }

  /**
   * The offsets with room for this many rows more. The caller writes the ends of values from {@code
   * size() + 1} on, their bytes into {@link #roomTo}, and then calls {@link #extended}.
   */
  int[] room(int rows) {
    if (offsets.length - size - 1 < rows) {
      offsets = Arrays.copyOf(offsets, Math.max(size + rows + 1, offsets.length * 2));
    }
    return offsets;
  }

  /** The bytes with room up to this end. */
  byte[] roomTo(int end) {
    if (end > data.length) {
      data =
          Arrays.copyOf(
              data, (int) Math.min(Integer.MAX_VALUE - 16, Math.max(end, data.length * 2L)));
    }
    return data;
  }

  @Override
  public void reset() {
    super.reset();
    offsets[0] = 0;
  }

  @Override
  public BytesVector newEmpty() {
    return new BytesVector();
  }

  @Override
  protected void appendZero() {
    commit(0);
  }

  @Override
  protected void appendValueFrom(Vector other, int row) {
    BytesVector bytes = (BytesVector) other;
    append(bytes.data, bytes.start(row), bytes.length(row));
  }
}
