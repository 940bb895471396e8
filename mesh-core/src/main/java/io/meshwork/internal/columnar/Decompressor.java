package io.meshwork.internal.columnar;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.airlift.compress.MalformedInputException;
import io.airlift.compress.lz4.Lz4Decompressor;
import io.airlift.compress.snappy.SnappyDecompressor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.format.CompressionCodec;
import org.jspecify.annotations.Nullable;

/** Undoes the compression of pages. Not thread-safe; holds native memory until closed. */
final class Decompressor implements AutoCloseable {
  /** What a page may claim without its ratio being looked at. */
  private static final int FREE = 64 << 20;

  /** How far zstd may expand a page beyond that; the other codecs have limits by construction. */
  private static final int MOST_ZSTD_RATIO = 1_000;

  private final SnappyDecompressor snappy = new SnappyDecompressor();
  private final Lz4Decompressor lz4 = new Lz4Decompressor();
  private @Nullable ZstdDecompressCtx zstd;

  /** Refuses codecs that are not read, by name. */
  static void checkSupported(CompressionCodec codec) {
    switch (codec) {
      case UNCOMPRESSED, SNAPPY, GZIP, ZSTD, LZ4_RAW -> {}
      case LZ4, BROTLI, LZO ->
          throw new DecoderException("the compression " + codec + " is not supported");
    }
  }

  /** Refuses a claim that the codec cannot make true or that is a bomb, before memory is taken. */
  static void checkClaim(CompressionCodec codec, int compressed, int claimed) {
    long most =
        switch (codec) {
          case SNAPPY -> 32L * compressed + 64;
          case LZ4_RAW -> 255L * compressed + 64;
          case GZIP -> 1_100L * compressed + 64;
          default -> (long) FREE + (long) MOST_ZSTD_RATIO * compressed;
        };
    if (claimed > most || claimed > ValueDecoder.MOST_BYTES) {
      throw new DecoderException(
          "a page of "
              + compressed
              + " bytes says to expand to "
              + claimed
              + " by "
              + codec
              + ", the limit is "
              + Math.min(most, ValueDecoder.MOST_BYTES));
    }
  }

  /**
   * Fills exactly so many bytes of {@code to}; {@link DecoderException} if there are not so many.
   */
  void decompress(
      CompressionCodec codec, byte[] bytes, int from, int length, byte[] to, int expected) {
    int got;
    try {
      got =
          switch (codec) {
            case SNAPPY -> snappy(bytes, from, length, to, expected);
            case LZ4_RAW -> lz4.decompress(bytes, from, length, to, 0, expected);
            case ZSTD -> zstd(bytes, from, length, to, expected);
            case GZIP -> gzip(bytes, from, length, to, expected);
            default -> throw new DecoderException("the compression " + codec + " is not supported");
          };
    } catch (MalformedInputException | ZstdException | IOException | IndexOutOfBoundsException e) {
      throw new DecoderException("a page is not what " + codec + " makes", e);
    }
    if (got != expected) {
      throw new DecoderException(
          "a page says to expand to " + expected + " bytes, and expands to " + got);
    }
  }

  private int snappy(byte[] bytes, int from, int length, byte[] to, int expected) {
    if (length == 0 || SnappyDecompressor.getUncompressedLength(bytes, from) != expected) {
      throw new DecoderException("a page says two lengths");
    }
    return snappy.decompress(bytes, from, length, to, 0, expected);
  }

  private int zstd(byte[] bytes, int from, int length, byte[] to, int expected) {
    if (zstd == null) {
      zstd = new ZstdDecompressCtx();
    }
    long says = Zstd.getFrameContentSize(bytes, from, length);
    if (says > expected) {
      throw new DecoderException("a page says to expand to " + expected + " and to " + says);
    }
    return zstd.decompressByteArray(to, 0, expected, bytes, from, length);
  }

  private static int gzip(byte[] bytes, int from, int length, byte[] to, int expected)
      throws IOException {
    try (GZIPInputStream in =
        new GZIPInputStream(new ByteArrayInputStream(bytes, from, length), 64 << 10)) {
      int got = in.readNBytes(to, 0, expected);
      if (in.read() >= 0) {
        throw new DecoderException(
            "a page expands to more than the " + expected + " bytes it says");
      }
      return got;
    }
  }

  @Override
  public void close() {
    if (zstd != null) {
      zstd.close();
      zstd = null;
    }
  }
}
