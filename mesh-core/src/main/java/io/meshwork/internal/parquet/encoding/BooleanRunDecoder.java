package io.meshwork.internal.parquet.encoding;

import io.meshwork.internal.parquet.schema.UnreadableFileException;
import org.apache.parquet.format.Encoding;

/** Decodes the RLE encoding of booleans: length-prefixed runs. */
final class BooleanRunDecoder extends ValueDecoder {
  private final RunDecoder runs;
  private final int after;
  private int[] scratch = new int[0];

  BooleanRunDecoder(byte[] bytes, int from, int end) {
    super(Encoding.RLE);
    need(4, from, end);
    int length = BitDecoder.intAt(bytes, from);
    if (length < 0 || length > end - from - 4) {
      throw new UnreadableFileException("a run of booleans exceeds its page");
    }
    after = end - from - 4 - length;
    runs = new RunDecoder(bytes, from + 4, from + 4 + length, 1);
  }

  @Override
  public void booleans(boolean[] to, int at, int count) {
    if (scratch.length < count) {
      scratch = new int[count];
    }
    runs.ints(scratch, 0, count);
    for (int i = 0; i < count; i++) {
      to[at + i] = scratch[i] != 0;
    }
  }

  @Override
  public void skip(int count) {
    runs.skip(count);
  }

  @Override
  public int remaining() {
    return after + runs.remaining();
  }
}
