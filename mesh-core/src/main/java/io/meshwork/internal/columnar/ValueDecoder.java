package io.meshwork.internal.columnar;

import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.Type;

/**
 * The values of one page, nulls left out, in bulk. Buffers have {@link BitDecoder#SLACK} readable
 * bytes behind their end. An encoding overrides what it can hold; the rest is refused. Not
 * thread-safe.
 */
abstract class ValueDecoder {
  /** The most bytes that one column of one batch may take: above any batch cut by size. */
  static final int MOST_BYTES = 512 << 20;

  private final Encoding encoding;

  ValueDecoder(Encoding encoding) {
    this.encoding = encoding;
  }

  /** The decoder of an encoding; {@code values} is how many there may be at most. */
  static ValueDecoder of(
      Encoding encoding, Type type, int width, byte[] bytes, int from, int end, int values) {
    return switch (encoding) {
      case PLAIN -> new PlainDecoder(type, width, bytes, from, end);
      case DELTA_BINARY_PACKED -> new DeltaBinaryDecoder(bytes, from, end, values);
      case DELTA_LENGTH_BYTE_ARRAY -> new DeltaLengthDecoder(bytes, from, end, values);
      case DELTA_BYTE_ARRAY -> new DeltaBytesDecoder(type, width, bytes, from, end, values);
      case BYTE_STREAM_SPLIT -> new ByteStreamSplitDecoder(type, width, bytes, from, end);
      case RLE -> new BooleanRunDecoder(bytes, from, end);
      default -> throw new DecoderException("values in the encoding " + encoding);
    };
  }

  void booleans(boolean[] to, int at, int count) {
    throw unfit("boolean");
  }

  void ints(int[] to, int at, int count) {
    throw unfit("INT32");
  }

  void longs(long[] to, int at, int count) {
    throw unfit("INT64");
  }

  void floats(float[] to, int at, int count) {
    throw unfit("FLOAT");
  }

  void doubles(double[] to, int at, int count) {
    throw unfit("DOUBLE");
  }

  /** Appends byte strings. */
  void bytes(BytesVector to, int count) {
    throw unfit("byte strings");
  }

  private DecoderException unfit(String type) {
    return new DecoderException("the encoding " + encoding + " for " + type);
  }

  /** Refuses to read more than there is. */
  static void need(long bytes, int from, int end) {
    if (bytes > end - from) {
      throw new DecoderException("values need " + bytes + " bytes, the page has " + (end - from));
    }
  }

  /** Refuses a batch of one column that grows beyond what a batch may take. */
  static int within(long end) {
    if (end > MOST_BYTES) {
      throw new DecoderException(
          "a batch of one column needs " + end + " bytes, the limit is " + MOST_BYTES);
    }
    return (int) end;
  }
}
