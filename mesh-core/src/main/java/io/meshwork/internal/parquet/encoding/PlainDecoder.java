package io.meshwork.internal.parquet.encoding;

import io.meshwork.internal.parquet.schema.UnreadableFileException;
import io.meshwork.internal.vector.BytesVector;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.Type;

/** Decodes PLAIN: concatenated values. */
final class PlainDecoder extends ValueDecoder {
  private final Type type;
  private final int width;
  private final byte[] bytes;
  private final ByteBuffer buffer;
  private final int end;
  private int position;
  private int bitsTaken;

  PlainDecoder(Type type, int width, byte[] bytes, int from, int end) {
    super(Encoding.PLAIN);
    this.type = type;
    this.width = width;
    this.bytes = bytes;
    this.buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    this.position = from;
    this.end = end;
  }

  @Override
  public void booleans(boolean[] to, int at, int count) {
    need((bitsTaken + (long) count + 7) >>> 3, position, end);
    for (int i = 0; i < count; i++) {
      int bit = bitsTaken + i;
      to[at + i] = (bytes[position + (bit >>> 3)] >>> (bit & 7) & 1) != 0;
    }
    position += (bitsTaken + count) >>> 3;
    bitsTaken = (bitsTaken + count) & 7;
  }

  @Override
  public void ints(int[] to, int at, int count) {
    take(4L * count).asIntBuffer().get(to, at, count);
  }

  @Override
  public void longs(long[] to, int at, int count) {
    take(8L * count).asLongBuffer().get(to, at, count);
  }

  @Override
  public void floats(float[] to, int at, int count) {
    take(4L * count).asFloatBuffer().get(to, at, count);
  }

  @Override
  public void doubles(double[] to, int at, int count) {
    take(8L * count).asDoubleBuffer().get(to, at, count);
  }

  @Override
  public void skip(int count) {
    switch (type) {
      case BOOLEAN -> {
        need((bitsTaken + (long) count + 7) >>> 3, position, end);
        position += (bitsTaken + count) >>> 3;
        bitsTaken = (bitsTaken + count) & 7;
      }
      case INT32, FLOAT -> take(4L * count);
      case INT64, DOUBLE -> take(8L * count);
      case BYTE_ARRAY -> {
        for (int i = 0; i < count; i++) {
          position += 4 + length(position);
        }
      }
      default -> take((long) count * width);
    }
  }

  private ByteBuffer take(long length) {
    need(length, position, end);
    buffer.position(position);
    position += (int) length;
    return buffer;
  }

  @Override
  public void bytes(BytesVector to, int count) {
    if (type == Type.BYTE_ARRAY) {
      variable(to, count);
    } else {
      fixed(to, count);
    }
  }

  private void fixed(BytesVector to, int count) {
    need((long) count * width, position, end);
    int length = count * width;
    int row = to.size();
    int[] offsets = to.ensureCapacity(count);
    int start = offsets[row];
    byte[] data = to.ensureBytes(within(to, (long) start + length));
    System.arraycopy(bytes, position, data, start, length);
    for (int i = 1; i <= count; i++) {
      offsets[row + i] = start + i * width;
    }
    to.extended(count);
    position += length;
  }

  private void variable(BytesVector to, int count) {
    int row = to.size();
    int[] offsets = to.ensureCapacity(count);
    int first = offsets[row];
    long ends = first;
    int from = position;
    for (int i = 1; i <= count; i++) {
      int length = length(from);
      ends += length;
      offsets[row + i] = within(to, ends);
      from += 4 + length;
    }
    byte[] data = to.ensureBytes((int) ends);
    from = position;
    for (int i = 0; i < count; i++) {
      int start = offsets[row + i];
      int length = offsets[row + i + 1] - start;
      System.arraycopy(bytes, from + 4, data, start, length);
      from += 4 + length;
    }
    to.extended(count);
    position = from;
  }

  /** Returns the length of the byte string at an offset. */
  private int length(int from) {
    if (end - from < 4) {
      throw new UnreadableFileException("the page has fewer byte strings than values");
    }
    int length = BitDecoder.intAt(bytes, from);
    if (length < 0 || length > end - from - 4) {
      throw new UnreadableFileException("a byte string exceeds its page");
    }
    return length;
  }

  @Override
  public int remaining() {
    return end - position - (bitsTaken > 0 ? 1 : 0);
  }
}
