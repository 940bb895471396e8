package io.meshwork.internal.columnar;

import io.meshwork.internal.vector.BytesVector;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.Type;

/**
 * Decodes the values of one page, without nulls, in bulk. Buffers have {@link BitDecoder#SLACK}
 * readable bytes after their end. A subclass overrides the methods of the types that its encoding
 * supports; the others throw. Not thread-safe.
 */
abstract class ValueDecoder {
  /**
   * The maximum number of bytes of one column of one batch: above any batch that is limited by
   * size.
   */
  static final int MAX_BYTES = 512 << 20;

  private final Encoding encoding;

  ValueDecoder(Encoding encoding) {
    this.encoding = encoding;
  }

  /** Returns the decoder of an encoding. {@code values} is the maximum number of values. */
  static ValueDecoder of(
      Encoding encoding, Type type, int width, byte[] bytes, int from, int end, int values) {
    return switch (encoding) {
      case PLAIN -> new PlainDecoder(type, width, bytes, from, end);
      case DELTA_BINARY_PACKED -> new DeltaBinaryDecoder(bytes, from, end, values);
      case DELTA_LENGTH_BYTE_ARRAY -> new DeltaLengthDecoder(bytes, from, end, values);
      case DELTA_BYTE_ARRAY -> new DeltaBytesDecoder(type, width, bytes, from, end, values);
      case BYTE_STREAM_SPLIT -> new ByteStreamSplitDecoder(type, width, bytes, from, end);
      case RLE -> new BooleanRunDecoder(bytes, from, end);
      default -> throw new MalformedFileException("unsupported encoding of values: " + encoding);
    };
  }

  void booleans(boolean[] to, int at, int count) {
    throw unsupported("boolean");
  }

  void ints(int[] to, int at, int count) {
    throw unsupported("INT32");
  }

  void longs(long[] to, int at, int count) {
    throw unsupported("INT64");
  }

  void floats(float[] to, int at, int count) {
    throw unsupported("FLOAT");
  }

  void doubles(double[] to, int at, int count) {
    throw unsupported("DOUBLE");
  }

  /** Appends byte strings. */
  void bytes(BytesVector to, int count) {
    throw unsupported("byte strings");
  }

  private MalformedFileException unsupported(String type) {
    return new MalformedFileException("the encoding " + encoding + " is not supported for " + type);
  }

  /** Throws if fewer bytes are available than required. */
  static void need(long bytes, int from, int end) {
    if (bytes > end - from) {
      throw new MalformedFileException(
          "the values need " + bytes + " bytes, but the page has " + (end - from));
    }
  }

  /** Throws if the column of a batch exceeds the maximum size. */
  static int within(long end) {
    if (end > MAX_BYTES) {
      throw new MalformedFileException(
          "a column of one batch needs " + end + " bytes; the limit is " + MAX_BYTES);
    }
    return (int) end;
  }
}
