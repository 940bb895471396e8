package io.meshwork.internal.parquet.write;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import io.meshwork.internal.parquet.encoding.LittleEndianEncoder;
import io.meshwork.internal.runtime.NativeLibrary;
import java.util.EnumMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Compresses pages and lends scratch arrays. Borrowed for one call and returned by {@link
 * #close()}, so that there are as many contexts as encoding threads, however many files are open: a
 * context takes some megabytes, mostly native memory. Not thread-safe.
 */
final class CompressionContext implements AutoCloseable {
  /** A larger array served an unusually large value and is not retained. */
  private static final int MAX_RETAINED_BYTES = 4 << 20;

  /** Enough of a page to compare levels, some of which take ten times as long as the chosen one. */
  private static final int SAMPLE_BYTES = 32 << 10;

  private static final int MAX_IDLE_CONTEXTS = Runtime.getRuntime().availableProcessors();
  private static final Queue<CompressionContext> IDLE = new ArrayBlockingQueue<>(MAX_IDLE_CONTEXTS);

  /**
   * An engine brings its own zstd-jni; Spark 3.5's does not support the search parameters. There,
   * {@link CompressionLevel#ENTROPY} and {@link CompressionLevel#SHORT} equal {@link
   * CompressionLevel#LIGHT}.
   */
  private static final boolean SEARCH_PARAMETERS = hasSearchParameters();

  private LittleEndianEncoder page = new LittleEndianEncoder();
  private byte[] compressed = new byte[0];
  private int[] ints = new int[0];
  private long[] longs = new long[0];
  private LeafLevels levels = new LeafLevels();
  private final Map<CompressionLevel, ZstdCompressCtx> contexts =
      new EnumMap<>(CompressionLevel.class);

  private CompressionContext() {}

  private static boolean hasSearchParameters() {
    try {
      ZstdCompressCtx.class.getMethod("setMinMatch", int.class);
      ZstdCompressCtx.class.getMethod("setHashLog", int.class);
      return true;
    } catch (NoSuchMethodException e) {
      return false;
    }
  }

  /** Returns a context for exclusive use until it is closed. */
  static CompressionContext borrow() {
    CompressionContext idle = IDLE.poll();
    return idle == null ? new CompressionContext() : idle;
  }

  /** Returns the buffer in which a page is assembled. */
  LittleEndianEncoder page() {
    return page;
  }

  /** Lends an uninitialized array of at least this many ints until the next call. */
  int[] ints(int count) {
    if (ints.length < count) {
      ints = new int[LittleEndianEncoder.grown(ints.length, count)];
    }
    return ints;
  }

  /** Lends an uninitialized array of at least this many longs until the next call. */
  long[] longs(int count) {
    if (longs.length < count) {
      longs = new long[LittleEndianEncoder.grown(longs.length, count)];
    }
    return longs;
  }

  /** Lends levels of a nested leaf until the next call. */
  LeafLevels levels() {
    return levels;
  }

  /** Returns the output of {@link #compress}. */
  byte[] compressed() {
    return compressed;
  }

  /** Compresses into {@link #compressed()} and returns the compressed size in bytes. */
  int compress(CompressionLevel level, byte[] source, int length) {
    return compress(level, source, 0, length);
  }

  /** Compresses bytes from an offset on like {@link #compress(CompressionLevel, byte[], int)}. */
  int compress(CompressionLevel level, byte[] source, int from, int length) {
    NativeLibrary.requireZstd();
    int bound = Math.toIntExact(Zstd.compressBound(length));
    if (compressed.length < bound) {
      compressed = new byte[bound];
    }
    return context(level).compressByteArray(compressed, 0, compressed.length, source, from, length);
  }

  /**
   * Returns the level for pages like this one, whose beginning it compresses: none if zstd saves
   * too little, otherwise the fastest level within 4 % of the best.
   */
  CompressionLevel choose(byte[] source, int size) {
    int length = Math.min(size, SAMPLE_BYTES);
    int atLight = compress(CompressionLevel.LIGHT, source, length);
    int atShort = compress(CompressionLevel.SHORT, source, length);
    int atQuick = Math.min(atLight, atShort);
    if (atQuick > length * (1 - CompressedPages.LEAST_SAVED)) {
      return CompressionLevel.NONE;
    }
    int atEntropy = compress(CompressionLevel.ENTROPY, source, length);
    int atDense = compress(CompressionLevel.DENSE, source, length);
    if (atDense < Math.min(atQuick, atEntropy) * 0.96) {
      return CompressionLevel.DENSE;
    }
    if (atEntropy <= atQuick * 1.04) {
      return CompressionLevel.ENTROPY;
    }
    return atShort < atLight ? CompressionLevel.SHORT : CompressionLevel.LIGHT;
  }

  private ZstdCompressCtx context(CompressionLevel level) {
    return contexts.computeIfAbsent(level, CompressionContext::newContext);
  }

  private static ZstdCompressCtx newContext(CompressionLevel level) {
    ZstdCompressCtx context = new ZstdCompressCtx().setLevel(level.zstd());
    if (SEARCH_PARAMETERS && level == CompressionLevel.ENTROPY) {
      context.setMinMatch(7).setHashLog(6);
    } else if (SEARCH_PARAMETERS && level == CompressionLevel.SHORT) {
      context.setMinMatch(4).setHashLog(16);
    }
    return context;
  }

  @Override
  public void close() {
    if (page.bytes().length > MAX_RETAINED_BYTES) {
      page = new LittleEndianEncoder();
    }
    if (compressed.length > MAX_RETAINED_BYTES) {
      compressed = new byte[0];
    }
    if (levels.bytes() > MAX_RETAINED_BYTES) {
      levels = new LeafLevels();
    }
    if (!IDLE.offer(this)) {
      free();
    }
  }

  private void free() {
    contexts.values().forEach(ZstdCompressCtx::close);
  }
}
