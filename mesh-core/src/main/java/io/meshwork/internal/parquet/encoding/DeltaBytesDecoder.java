package io.meshwork.internal.parquet.encoding;

import io.meshwork.internal.parquet.schema.UnreadableFileException;
import io.meshwork.internal.vector.BytesVector;
import java.util.Arrays;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.Type;

/**
 * Decodes DELTA_BYTE_ARRAY: the length of the prefix shared with the previous value, then the
 * suffix.
 */
final class DeltaBytesDecoder extends ValueDecoder {
  /** The number of values to skip at a time. */
  private static final int SKIPPED = 256;

  private final byte[] bytes;
  private final int end;
  private final int fixedLength;
  private final DeltaBinaryDecoder prefixes;
  private final DeltaBinaryDecoder suffixes;
  private int position;
  private int[] shared = new int[0];
  private int[] added = new int[0];
  private byte[] previous = new byte[0];

  DeltaBytesDecoder(Type type, int width, byte[] bytes, int from, int end, int most) {
    super(Encoding.DELTA_BYTE_ARRAY);
    this.bytes = bytes;
    this.end = end;
    this.fixedLength = type == Type.BYTE_ARRAY ? -1 : width;
    this.prefixes = new DeltaBinaryDecoder(bytes, from, end, most);
    this.suffixes = new DeltaBinaryDecoder(bytes, prefixes.end(), end, most);
    this.position = suffixes.end();
  }

  @Override
  public void bytes(BytesVector to, int count) {
    if (shared.length < count) {
      shared = new int[count];
      added = new int[count];
    }
    prefixes.ints(shared, 0, count);
    suffixes.ints(added, 0, count);
    int row = to.size();
    int[] offsets = to.ensureCapacity(count);
    plan(to, count);
    byte[] data = to.ensureBytes(offsets[row + count]);
    byte[] before = previous;
    int beforeAt = 0;
    for (int i = 0; i < count; i++) {
      int start = offsets[row + i];
      System.arraycopy(before, beforeAt, data, start, shared[i]);
      System.arraycopy(bytes, position, data, start + shared[i], added[i]);
      position += added[i];
      before = data;
      beforeAt = start;
    }
    if (count > 0) {
      previous = Arrays.copyOfRange(data, beforeAt, offsets[row + count]);
    }
    to.extended(count);
  }

  /** Decodes the values, because the prefix of the next value may be in any of them. */
  @Override
  public void skip(int count) {
    BytesVector skipped = new BytesVector();
    for (int remaining = count; remaining > 0; remaining -= SKIPPED) {
      skipped.reset();
      bytes(skipped, Math.min(remaining, SKIPPED));
    }
  }

  /** Computes the end of each value; rejects inconsistent lengths before any byte is copied. */
  private void plan(BytesVector to, int count) {
    int row = to.size();
    int[] offsets = to.offsets();
    long ends = offsets[row];
    long suffixBytes = 0;
    int before = previous.length;
    for (int i = 0; i < count; i++) {
      if (shared[i] < 0 || shared[i] > before || added[i] < 0) {
        throw new UnreadableFileException(
            "a byte string's prefix is longer than the previous value");
      }
      suffixBytes += added[i];
      long length = (long) shared[i] + added[i];
      if (fixedLength >= 0 && length != fixedLength) {
        throw new UnreadableFileException(
            "the length of a value differs from the column's fixed length");
      }
      ends += length;
      offsets[row + i + 1] = within(to, ends);
      before = (int) length;
    }
    need(suffixBytes, position, end);
  }

  @Override
  public int remaining() {
    return end - position;
  }
}
