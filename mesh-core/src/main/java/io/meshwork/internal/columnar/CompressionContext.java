package io.meshwork.internal.columnar;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Compresses pages and lends arrays that no column keeps. Borrowed for one call and given back by
 * {@link #close()}, so that there are as many as threads that encode, however many files are open:
 * a context has some megabytes, most of them native. Not thread-safe.
 */
final class CompressionContext implements AutoCloseable {
  /** Above this an array served an unusually large value and is not worth keeping. */
  private static final int KEPT_BYTES = 4 << 20;

  private static final int KEPT_CONTEXTS = Runtime.getRuntime().availableProcessors();
  private static final Queue<CompressionContext> IDLE = new ArrayBlockingQueue<>(KEPT_CONTEXTS);

  private LittleEndianEncoder page = new LittleEndianEncoder();
  private byte[] compressed = new byte[0];
  private int[] ints = new int[0];
  private long[] longs = new long[0];
  private LeafLevels levels = new LeafLevels();
  private @Nullable ZstdCompressCtx entropy;
  private @Nullable ZstdCompressCtx light;
  private @Nullable ZstdCompressCtx dense;

  private CompressionContext() {}

  /** One that nobody else uses until it is closed. */
  static CompressionContext borrow() {
    CompressionContext idle = IDLE.poll();
    return idle == null ? new CompressionContext() : idle;
  }

  /** Where a page is put together. */
  LittleEndianEncoder page() {
    return page;
  }

  /** An array of at least this many ints, with anything in it, lent until the next call. */
  int[] ints(int count) {
    if (ints.length < count) {
      ints = new int[LittleEndianEncoder.grown(ints.length, count)];
    }
    return ints;
  }

  /** An array of at least this many longs, with anything in it, lent until the next call. */
  long[] longs(int count) {
    if (longs.length < count) {
      longs = new long[LittleEndianEncoder.grown(longs.length, count)];
    }
    return longs;
  }

  /** Levels of a nested leaf, lent until the next call. */
  LeafLevels levels() {
    return levels;
  }

  /** What {@link #compress} wrote. */
  byte[] compressed() {
    return compressed;
  }

  /** Compresses into {@link #compressed()} and says how many bytes that took. */
  int compress(CompressionLevel level, byte[] source, int length) {
    int bound = Math.toIntExact(Zstd.compressBound(length));
    if (compressed.length < bound) {
      compressed = new byte[bound];
    }
    return context(level).compressByteArray(compressed, 0, compressed.length, source, 0, length);
  }

  /**
   * The level for pages like this one: none where zstd saves less than 5 %, the cheapest that is
   * within 4 % of the best otherwise.
   */
  CompressionLevel choose(byte[] source, int length) {
    int atLight = compress(CompressionLevel.LIGHT, source, length);
    if (atLight > length * 0.95) {
      return CompressionLevel.NONE;
    }
    int atEntropy = compress(CompressionLevel.ENTROPY, source, length);
    boolean cheap = atEntropy <= atLight * 1.04;
    int atDense = compress(CompressionLevel.DENSE, source, length);
    if (atDense < Math.min(atLight, atEntropy) * 0.96) {
      return CompressionLevel.DENSE;
    }
    return cheap ? CompressionLevel.ENTROPY : CompressionLevel.LIGHT;
  }

  private ZstdCompressCtx context(CompressionLevel level) {
    switch (level) {
      case ENTROPY -> {
        ZstdCompressCtx context = entropy;
        if (context == null) {
          context = new ZstdCompressCtx().setLevel(1).setMinMatch(7).setHashLog(6);
          entropy = context;
        }
        return context;
      }
      case LIGHT -> {
        ZstdCompressCtx context = light;
        if (context == null) {
          context = new ZstdCompressCtx().setLevel(1);
          light = context;
        }
        return context;
      }
      case DENSE -> {
        ZstdCompressCtx context = dense;
        if (context == null) {
          context = new ZstdCompressCtx().setLevel(3);
          dense = context;
        }
        return context;
      }
      default -> throw new IllegalArgumentException("nothing compresses at the level " + level);
    }
  }

  @Override
  public void close() {
    if (page.bytes().length > KEPT_BYTES) {
      page = new LittleEndianEncoder();
    }
    if (compressed.length > KEPT_BYTES) {
      compressed = new byte[0];
    }
    if (levels.bytes() > KEPT_BYTES) {
      levels = new LeafLevels();
    }
    if (!IDLE.offer(this)) {
      free();
    }
  }

  private void free() {
    for (ZstdCompressCtx context : new @Nullable ZstdCompressCtx[] {entropy, light, dense}) {
      if (context != null) {
        context.close();
      }
    }
  }
}
