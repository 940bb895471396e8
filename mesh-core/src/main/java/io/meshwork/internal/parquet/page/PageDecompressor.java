package io.meshwork.internal.parquet.page;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.meshwork.internal.parquet.encoding.ValueDecoder;
import io.meshwork.internal.parquet.schema.UnreadableFileException;
import io.meshwork.internal.runtime.NativeLibrary;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.format.CompressionCodec;

/**
 * Decompresses pages. Thread-safe, except for closing; holds native memory until closed, for as
 * many pages as were decompressed at the same time.
 */
public final class PageDecompressor implements AutoCloseable {
  /** Up to this declared size, the compression ratio is not checked. */
  private static final int UNCHECKED_BYTES = 64 << 20;

  /** The maximum ratio of larger pages; some codecs are limited further by construction. */
  private static final int MAX_RATIO = 1_100;

  /** Whether the optional library for Brotli is on the class path. */
  private static final boolean BROTLI = hasBrotli();

  private final Queue<ZstdDecompressCtx> idle = new ConcurrentLinkedQueue<>();

  private static boolean hasBrotli() {
    try {
      Class.forName(
          "org.brotli.dec.BrotliInputStream", false, PageDecompressor.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** Throws if the codec is not supported. */
  public static void checkSupported(CompressionCodec codec) {
    if (codec == CompressionCodec.BROTLI && !BROTLI) {
      throw UnreadableFileException.unsupported(
          "the compression BROTLI needs the library org.brotli:dec, which is not on the class"
              + " path; add it",
          "Add the library org.brotli:dec, or write the file again with another compression.");
    }
  }

  /**
   * Throws if the codec cannot reach the declared size, or if it indicates a decompression bomb;
   * called before memory is allocated.
   */
  static void checkDeclaredSize(CompressionCodec codec, int compressed, int declaredSize) {
    long possible =
        switch (codec) {
          case SNAPPY -> 32L * compressed + 64;
          case LZ4_RAW, LZ4, LZO -> 255L * compressed + 64;
          case GZIP -> 1_100L * compressed + 64;
          default -> Long.MAX_VALUE;
        };
    long allowed = (long) UNCHECKED_BYTES + (long) MAX_RATIO * compressed;
    long most = Math.min(possible, Math.min(allowed, ValueDecoder.MAX_BYTES));
    if (declaredSize > most) {
      String what =
          "a page of "
              + compressed
              + " bytes declares an uncompressed size of "
              + declaredSize
              + " for "
              + codec
              + ", the limit is "
              + most;
      throw declaredSize > possible
          ? new UnreadableFileException(what)
          : UnreadableFileException.limit(what);
    }
  }

  /**
   * Decompresses exactly this many bytes into {@code to}; throws {@link UnreadableFileException} if
   * there are fewer.
   */
  void decompress(
      CompressionCodec codec, byte[] bytes, int from, int length, byte[] to, int expected) {
    int actual;
    try {
      actual =
          switch (codec) {
            case SNAPPY -> SnappyDecoder.decode(bytes, from, length, to, expected);
            case LZ4_RAW -> Lz4Decoder.decode(bytes, from, length, to, 0, expected);
            case ZSTD -> zstd(bytes, from, length, to, expected);
            case GZIP -> {
              InputStream in = new ByteArrayInputStream(bytes, from, length);
              yield stream(new GZIPInputStream(in, 64 << 10), to, expected);
            }
            case BROTLI ->
                stream(
                    BrotliPages.stream(new ByteArrayInputStream(bytes, from, length)),
                    to,
                    expected);
            case LZ4 -> legacyLz4(bytes, from, length, to, expected);
            case LZO ->
                HadoopBlocks.decompress(LzoDecoder::decode, bytes, from, length, to, expected);
            case UNCOMPRESSED -> throw new IllegalStateException("the page is not compressed");
          };
    } catch (ZstdException | IOException | IndexOutOfBoundsException e) {
      throw new UnreadableFileException("a page is not valid " + codec + " data", e);
    }
    if (actual != expected) {
      throw new UnreadableFileException(
          "a page declares an uncompressed size of " + expected + " bytes, but has " + actual);
    }
  }

  @SuppressWarnings("deprecation") // its replacement is missing in the zstd-jni of Spark 3.5
  private int zstd(byte[] bytes, int from, int length, byte[] to, int expected) {
    NativeLibrary.requireZstd();
    long declared = Zstd.decompressedSize(bytes, from, length);
    if (declared > expected) {
      throw new UnreadableFileException(
          "a page declares two different sizes, " + expected + " and " + declared);
    }
    ZstdDecompressCtx pooled = idle.poll();
    ZstdDecompressCtx zstd = pooled == null ? new ZstdDecompressCtx() : pooled;
    try {
      return zstd.decompressByteArray(to, 0, expected, bytes, from, length);
    } finally {
      idle.add(zstd);
    }
  }

  /**
   * Decompresses the deprecated LZ4: blocks of Hadoop, or one raw block, which some writers stored
   * under the same name.
   */
  private static int legacyLz4(byte[] bytes, int from, int length, byte[] to, int expected)
      throws IOException {
    try {
      if (HadoopBlocks.decompress(Lz4Decoder::decode, bytes, from, length, to, expected)
          == expected) {
        return expected;
      }
    } catch (UnreadableFileException | IOException e) {
      // Not in the blocks of Hadoop.
    }
    return Lz4Decoder.decode(bytes, from, length, to, 0, expected);
  }

  private static int stream(InputStream compressed, byte[] to, int expected) throws IOException {
    try (InputStream in = compressed) {
      int actual = in.readNBytes(to, 0, expected);
      if (in.read() >= 0) {
        throw new UnreadableFileException(
            "a page exceeds its declared size of " + expected + " bytes");
      }
      return actual;
    }
  }

  @Override
  public void close() {
    for (ZstdDecompressCtx zstd = idle.poll(); zstd != null; zstd = idle.poll()) {
      zstd.close();
    }
  }
}
