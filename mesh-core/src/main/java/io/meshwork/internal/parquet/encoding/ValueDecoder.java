package io.meshwork.internal.parquet.encoding;

import io.meshwork.internal.parquet.schema.UnreadableFileException;
import io.meshwork.internal.vector.BytesVector;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.Type;

/**
 * Decodes the values of one page, without nulls, in bulk; also its levels and dictionary indices,
 * which are ints. Buffers have {@link #SLACK} readable bytes after their end. A subclass overrides
 * the methods of the types that its encoding supports; the others throw. Not thread-safe.
 */
public abstract class ValueDecoder {
  /**
   * The maximum number of bytes of one column of one batch: above any batch that is limited by
   * size.
   */
  public static final int MAX_BYTES = 512 << 20;

  /** The number of readable bytes required after a buffer's end. */
  public static final int SLACK = BitDecoder.SLACK;

  private final Encoding encoding;

  ValueDecoder(Encoding encoding) {
    this.encoding = encoding;
  }

  /** Returns the decoder of an encoding. {@code values} is the maximum number of values. */
  public static ValueDecoder of(
      Encoding encoding, Type type, int width, byte[] bytes, int from, int end, int values) {
    return switch (encoding) {
      case PLAIN -> new PlainDecoder(type, width, bytes, from, end);
      case DELTA_BINARY_PACKED -> new DeltaBinaryDecoder(bytes, from, end, values);
      case DELTA_LENGTH_BYTE_ARRAY -> new DeltaLengthDecoder(bytes, from, end, values);
      case DELTA_BYTE_ARRAY -> new DeltaBytesDecoder(type, width, bytes, from, end, values);
      case BYTE_STREAM_SPLIT -> new ByteStreamSplitDecoder(type, width, bytes, from, end);
      case RLE -> new BooleanRunDecoder(bytes, from, end);
      default ->
          throw new UnreadableFileException(
              "values have the encoding " + encoding + ", which is not one of values");
    };
  }

  /** Returns the decoder of definition or repetition levels up to a maximum. */
  public static ValueDecoder ofLevels(
      Encoding encoding, int maxLevel, byte[] bytes, int from, int end) {
    return switch (encoding) {
      case RLE -> new RunDecoder(bytes, from, end, BitDecoder.width(maxLevel));
      case BIT_PACKED -> new BitPackedLevelDecoder(bytes, from, end, BitDecoder.width(maxLevel));
      default -> throw new UnreadableFileException("unsupported encoding of levels: " + encoding);
    };
  }

  /** Returns the decoder of a page's dictionary indices, which start with their bit width. */
  public static ValueDecoder ofIndices(byte[] bytes, int from, int end) {
    // A page with only nulls may omit even the bit width.
    return from == end
        ? new RunDecoder(bytes, from, from, 1)
        : new RunDecoder(bytes, from + 1, end, bytes[from] & 0xFF);
  }

  /** Returns the length in bytes of levels in the encoding BIT_PACKED, which does not store it. */
  public static long bitPackedLength(int levels, int maxLevel) {
    return BitPackedLevelDecoder.length(levels, maxLevel);
  }

  /** Returns the little-endian integer at an offset. */
  public static int intAt(byte[] bytes, int at) {
    return BitDecoder.intAt(bytes, at);
  }

  /** Returns the little-endian integer of eight bytes at an offset. */
  public static long longAt(byte[] bytes, int at) {
    return BitDecoder.longAt(bytes, at);
  }

  /**
   * Consumes the next ints and returns their value if they are known to be equal without decoding
   * each; else consumes none and returns -1.
   */
  public int same(int count) {
    return -1;
  }

  /** Decodes booleans. */
  public void booleans(boolean[] to, int at, int count) {
    throw unsupported("boolean");
  }

  /** Decodes INT32, levels, or dictionary indices. */
  public void ints(int[] to, int at, int count) {
    throw unsupported("INT32");
  }

  /** Decodes INT64. */
  public void longs(long[] to, int at, int count) {
    throw unsupported("INT64");
  }

  /** Decodes FLOAT. */
  public void floats(float[] to, int at, int count) {
    throw unsupported("FLOAT");
  }

  /** Decodes DOUBLE. */
  public void doubles(double[] to, int at, int count) {
    throw unsupported("DOUBLE");
  }

  /** Appends byte strings. */
  public void bytes(BytesVector to, int count) {
    throw unsupported("byte strings");
  }

  /** Skips values, of whatever type. Checks no more of them than what it takes to skip them. */
  public void skip(int count) {
    throw unsupported("skipped values");
  }

  /**
   * Returns how many bytes follow the values that were decoded so far, without the padding of the
   * last ones.
   */
  public abstract int remaining();

  private UnreadableFileException unsupported(String type) {
    return new UnreadableFileException(
        "the encoding " + encoding + " is not supported for " + type);
  }

  /** Throws if fewer bytes are available than required. */
  public static void need(long bytes, int from, int end) {
    if (bytes > end - from) {
      throw new UnreadableFileException(
          "the values need " + bytes + " bytes, but the page has " + (end - from));
    }
  }

  /** Throws if the column of a batch exceeds its limit, or the maximum size. */
  public static int within(BytesVector to, long end) {
    int most = Math.min(to.limit(), MAX_BYTES);
    if (end > most) {
      throw UnreadableFileException.batchLimit(
          "a column of one batch needs " + end + " bytes; the limit is " + most);
    }
    return (int) end;
  }
}
