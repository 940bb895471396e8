package io.meshwork.internal.parquet.encoding;

import io.meshwork.internal.parquet.schema.UnreadableFileException;
import io.meshwork.internal.vector.BytesVector;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.Type;

/** Decodes BYTE_STREAM_SPLIT: the first bytes of all values, then all second bytes, and so on. */
final class ByteStreamSplitDecoder extends ValueDecoder {
  private final byte[] bytes;
  private final int from;
  private final int width;
  private final int values;
  private int position;

  ByteStreamSplitDecoder(Type type, int length, byte[] bytes, int from, int end) {
    super(Encoding.BYTE_STREAM_SPLIT);
    this.bytes = bytes;
    this.from = from;
    this.width =
        switch (type) {
          case INT32, FLOAT -> 4;
          case INT64, DOUBLE -> 8;
          case FIXED_LEN_BYTE_ARRAY -> length;
          default ->
              throw new UnreadableFileException(
                  "the encoding BYTE_STREAM_SPLIT is not supported for " + type);
        };
    if ((end - from) % width != 0) {
      throw new UnreadableFileException("the byte streams have different lengths");
    }
    this.values = (end - from) / width;
  }

  private int take(int count) {
    if (count > values - position) {
      throw new UnreadableFileException("the byte streams have fewer values than the page");
    }
    int start = from + position;
    position += count;
    return start;
  }

  @Override
  public void skip(int count) {
    take(count);
  }

  @Override
  public void ints(int[] to, int at, int count) {
    int start = take(count);
    for (int i = 0; i < count; i++) {
      to[at + i] = intAt(start + i);
    }
  }

  @Override
  public void floats(float[] to, int at, int count) {
    int start = take(count);
    for (int i = 0; i < count; i++) {
      to[at + i] = Float.intBitsToFloat(intAt(start + i));
    }
  }

  @Override
  public void longs(long[] to, int at, int count) {
    int start = take(count);
    for (int i = 0; i < count; i++) {
      to[at + i] = longAt(start + i);
    }
  }

  @Override
  public void doubles(double[] to, int at, int count) {
    int start = take(count);
    for (int i = 0; i < count; i++) {
      to[at + i] = Double.longBitsToDouble(longAt(start + i));
    }
  }

  private int intAt(int place) {
    return (bytes[place] & 0xFF)
        | (bytes[place + values] & 0xFF) << 8
        | (bytes[place + 2 * values] & 0xFF) << 16
        | bytes[place + 3 * values] << 24;
  }

  private long longAt(int place) {
    return (intAt(place) & 0xFFFF_FFFFL) | (long) intAt(place + 4 * values) << 32;
  }

  @Override
  public void bytes(BytesVector to, int count) {
    int start = take(count);
    int row = to.size();
    int[] offsets = to.ensureCapacity(count);
    int first = offsets[row];
    byte[] data = to.ensureBytes(within(to, first + (long) count * width));
    for (int b = 0; b < width; b++) {
      int stream = start + b * values;
      for (int i = 0; i < count; i++) {
        data[first + i * width + b] = bytes[stream + i];
      }
    }
    for (int i = 1; i <= count; i++) {
      offsets[row + i] = first + i * width;
    }
    to.extended(count);
  }

  @Override
  public int remaining() {
    return (values - position) * width;
  }
}
