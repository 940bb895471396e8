package io.meshwork.internal.vector;

import io.meshwork.internal.text.UnicodeText;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A {@link Vector} of byte strings, stored contiguously. */
public final class BytesVector extends Vector implements Vector.OfTexts {
  /** The length in bytes of a decimal of more than 18 digits. */
  public static final int DECIMAL_BYTES = 16;

  private byte[] data;
  private int[] offsets;

  /** The most bytes of all values that are decoded from a file. */
  private int limit = Integer.MAX_VALUE - 16;

  /** The end of the bytes that are known to be ASCII. */
  private int asciiEnd;

  /** Creates an empty vector. */
  public BytesVector() {
    this(new byte[8192], new int[1025]);
  }

  private BytesVector(byte[] data, int[] offsets) {
    this.data = data;
    this.offsets = offsets;
  }

  /**
   * Returns a vector with the same values, to which more are appended while another thread reads
   * this one, which must not grow from then on. They share memory.
   */
  BytesVector successor() {
    BytesVector next = new BytesVector(data, offsets);
    next.size = size;
    next.asciiEnd = asciiEnd;
    return next;
  }

  public void append(byte[] bytes) {
    append(bytes, 0, bytes.length);
  }

  /** Appends a range of an array as a value. */
  public void append(byte[] bytes, int from, int length) {
    int end = reserve(length);
    System.arraycopy(bytes, from, data, end, length);
    commit(length);
  }

  /**
   * Reserves capacity for a value of up to this many bytes. The caller writes it into {@link
   * #data()} at the returned offset and then calls {@link #commit}.
   */
  public int reserve(int length) {
    int end = offsets[size];
    if (length > Integer.MAX_VALUE - 16 - end) {
      throw new IllegalStateException("the size of a column in a batch is limited to 2 GiB");
    }
    if (end + length > data.length) {
      data =
          Arrays.copyOf(
              data,
              (int) Math.min(Integer.MAX_VALUE - 16, Math.max(end + length, data.length * 2L)));
    }
    return end;
  }

  /** Completes a value of this many bytes that was written after {@link #reserve}. */
  public void commit(int length) {
    if (size + 2 > offsets.length) {
      offsets = Arrays.copyOf(offsets, offsets.length * 2);
    }
    offsets[size + 1] = offsets[size] + length;
    size++;
  }

  @Override
  public boolean recognizes(int length) {
    return false;
  }

  @Override
  public boolean appendRecognized(Object text) {
    return false;
  }

  /** Returns this vector: without a dictionary, an entry is a row. */
  @Override
  public BytesVector entries() {
    return this;
  }

  @Override
  public void appendEntry(@Nullable Object text) {
    // The row was appended with its bytes.
  }

  /** Limits the bytes of all values that are decoded from a file; decoders check it. */
  public void limit(int bytes) {
    limit = bytes;
  }

  /** Returns the most bytes of all values that are decoded from a file. */
  public int limit() {
    return limit;
  }

  /** Returns the offset of a row's value in {@link #data()}. */
  public int start(int row) {
    return offsets[row];
  }

  /** Returns the length of a row's value in bytes; 0 if it is null. */
  public int length(int row) {
    return offsets[row + 1] - offsets[row];
  }

  /** Returns a copy of a row's value; empty if it is null. */
  public byte[] get(int row) {
    return Arrays.copyOfRange(data, offsets[row], offsets[row + 1]);
  }

  /**
   * Returns the bytes of all values. Must not be retained, and modified only between {@link
   * #reserve} and {@link #commit}.
   */
  public byte[] data() {
    return data;
  }

  /**
   * Returns the offset of each value, followed by the end of the last. Must not be retained or
   * modified.
   */
  public int[] offsets() {
    return offsets;
  }

  /**
   * Returns the offsets with capacity for this many more rows. The caller writes the ends of values
   * from {@code size() + 1} on, their bytes into {@link #ensureBytes}, and then calls {@link
   * #extended}.
   */
  public int[] ensureCapacity(int rows) {
    if (offsets.length - size - 1 < rows) {
      offsets = Arrays.copyOf(offsets, Math.max(size + rows + 1, offsets.length * 2));
    }
    return offsets;
  }

  /** Returns the bytes with capacity up to this offset. */
  public byte[] ensureBytes(int end) {
    if (end > data.length) {
      data =
          Arrays.copyOf(
              data, (int) Math.min(Integer.MAX_VALUE - 16, Math.max(end, data.length * 2L)));
    }
    return data;
  }

  /** As {@link #extended}, of values that are ASCII text. */
  public void extendedAscii(int rows) {
    boolean ascii = asciiEnd == offsets[size];
    extended(rows);
    asciiEnd = ascii ? offsets[size] : asciiEnd;
  }

  /** Returns true if all values are ASCII text. Looks at the bytes of a value once. */
  public boolean isAscii() {
    int end = offsets[size];
    if (asciiEnd < end && UnicodeText.isAscii(data, asciiEnd, end - asciiEnd)) {
      asciiEnd = end;
    }
    return asciiEnd >= end;
  }

  @Override
  public void reset() {
    super.reset();
    offsets[0] = 0;
    asciiEnd = 0;
  }

  @Override
  public void truncate(int rows) {
    super.truncate(rows);
    asciiEnd = Math.min(asciiEnd, offsets[rows]);
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
  public long byteSize() {
    return 4L * size + offsets[size];
  }

  @Override
  public long variableByteSize() {
    return offsets[size];
  }

  @Override
  protected void fillZeros(int rows) {
    int[] ends = ensureCapacity(rows);
    Arrays.fill(ends, size + 1, size + rows + 1, ends[size]);
  }

  @Override
  void spreadValues(NullGaps gaps) {
    gaps.spreadEnds(ensureCapacity(gaps.count()));
  }

  @Override
  protected void appendValueFrom(Vector other, int row) {
    BytesVector bytes = (BytesVector) other;
    append(bytes.data, bytes.start(row), bytes.length(row));
  }
}
