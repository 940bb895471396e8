package io.meshwork.internal.parquet.encoding;

import io.meshwork.internal.parquet.schema.UnreadableFileException;
import io.meshwork.internal.vector.BytesVector;
import org.apache.parquet.format.Encoding;

/** Decodes DELTA_LENGTH_BYTE_ARRAY: all lengths as deltas, then all bytes. */
final class DeltaLengthDecoder extends ValueDecoder {
  private final byte[] bytes;
  private final int end;
  private final DeltaBinaryDecoder lengths;
  private int position;

  DeltaLengthDecoder(byte[] bytes, int from, int end, int most) {
    super(Encoding.DELTA_LENGTH_BYTE_ARRAY);
    this.bytes = bytes;
    this.end = end;
    this.lengths = new DeltaBinaryDecoder(bytes, from, end, most);
    this.position = lengths.end();
  }

  @Override
  public void bytes(BytesVector to, int count) {
    int row = to.size();
    int[] offsets = to.ensureCapacity(count);
    int first = offsets[row];
    lengths.ints(offsets, row + 1, count);
    long ends = first;
    for (int i = 1; i <= count; i++) {
      int length = offsets[row + i];
      if (length < 0) {
        throw new UnreadableFileException("a byte string has a negative length");
      }
      ends += length;
      offsets[row + i] = within(to, ends);
    }
    int total = (int) (ends - first);
    need(total, position, end);
    System.arraycopy(bytes, position, to.ensureBytes((int) ends), first, total);
    position += total;
    to.extended(count);
  }

  @Override
  public void skip(int count) {
    int[] some = new int[Math.min(count, 1024)];
    for (int remaining = count; remaining > 0; remaining -= some.length) {
      int next = Math.min(remaining, some.length);
      lengths.ints(some, 0, next);
      for (int i = 0; i < next; i++) {
        if (some[i] < 0) {
          throw new UnreadableFileException("a byte string has a negative length");
        }
        need(some[i], position, end);
        position += some[i];
      }
    }
  }

  @Override
  public int remaining() {
    return end - position;
  }
}
