package io.meshwork.internal.parquet.write;

import io.meshwork.internal.parquet.encoding.LittleEndianEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.Encoding;
import org.jspecify.annotations.Nullable;

/**
 * Collects and compresses the pages of one column chunk. The first page determines the compression
 * level, which applies to several chunks. A chunk has one codec: if compression does not help at
 * first and a later page shows that it does, the earlier pages are compressed as well.
 */
final class CompressedPages {
  /** Below this size, headers and calls cost more than compression saves. */
  private static final int MIN_COMPRESSED_BYTES = 64;

  /** An uncompressed chunk tries compression again after this many pages. */
  private static final int PAGES_PER_TRIAL = 16;

  /** The number of chunks of a column that share one compression level. */
  private static final int CHUNKS_PER_LEVEL = 4;

  /** The share of a chunk that compression has to save. */
  static final double LEAST_SAVED = 0.05;

  private final List<CompressedPage> pages = new ArrayList<>();
  private CompressionLevel level = CompressionLevel.NONE;
  private boolean chosen;
  private int chunks;
  private @Nullable Encoding lastEncoding;
  private long bytes;

  /** Returns the size of the retained pages in bytes. */
  long bytes() {
    return bytes;
  }

  /** Adds a page, whose bytes are in {@code out}. */
  void add(CompressedPage page, LittleEndianEncoder out, CompressionContext context) {
    choose(page, out, context);
    CompressedPage compressed =
        level == CompressionLevel.NONE
            ? page
            : page.withBody(compress(level, out.bytes(), out.size(), context));
    if (!compressed.compressed()) {
      compressed = uncompressedPage(page, out);
    }
    bytes += compressed.body().length;
    pages.add(compressed);
  }

  private static CompressedPage uncompressedPage(CompressedPage page, LittleEndianEncoder out) {
    return new CompressedPage(
        page.encoding(),
        page.valueCount(),
        page.nulls(),
        page.firstRow(),
        page.length(),
        Arrays.copyOf(out.bytes(), out.size()),
        false,
        page.lower(),
        page.upper());
  }

  private void choose(CompressedPage page, LittleEndianEncoder out, CompressionContext context) {
    boolean retry =
        level == CompressionLevel.NONE
            ? page.encoding() != lastEncoding || pages.size() % PAGES_PER_TRIAL == 0
            // The dictionary is closed, so the following pages have another encoding.
            : lastEncoding == Encoding.RLE_DICTIONARY && page.encoding() != lastEncoding;
    if ((!chosen || retry) && out.size() >= MIN_COMPRESSED_BYTES) {
      level = context.choose(out.bytes(), out.size());
      chosen = true;
      lastEncoding = page.encoding();
    }
  }

  private static byte[] compress(
      CompressionLevel level, byte[] source, int length, CompressionContext context) {
    int size = context.compress(level, source, length);
    return Arrays.copyOf(context.compressed(), size);
  }

  /**
   * Ends the chunk. Returns the pages and the dictionary, which is uncompressed or null, in the
   * chunk's codec.
   */
  SealedPages seal(@Nullable CompressedPage dictionary, CompressionContext context) {
    CompressionLevel late = level == CompressionLevel.NONE ? CompressionLevel.LIGHT : level;
    CompressedPage smaller = dictionary == null ? null : compressed(dictionary, late, context);
    boolean zstd =
        pages.stream().anyMatch(CompressedPage::compressed)
            || (dictionary != null && smaller != null && paysForPages(dictionary, smaller));
    CompressedPage sealedDictionary = zstd ? smaller : dictionary;
    if (zstd) {
      pages.replaceAll(page -> page.compressed() ? page : compressed(page, late, context));
    }
    return new SealedPages(
        zstd ? CompressionCodec.ZSTD : CompressionCodec.UNCOMPRESSED,
        sealedDictionary,
        List.copyOf(pages));
  }

  /**
   * Returns true if compressing the dictionary saves enough of the chunk to compress the pages as
   * well, which have its codec.
   */
  private boolean paysForPages(CompressedPage dictionary, CompressedPage smaller) {
    long saved = dictionary.length() - (long) smaller.body().length;
    return saved > (bytes + dictionary.length()) * LEAST_SAVED;
  }

  private static CompressedPage compressed(
      CompressedPage page, CompressionLevel level, CompressionContext context) {
    return page.withBody(compress(level, page.body(), page.body().length, context));
  }

  /** Starts the next chunk. */
  void nextChunk() {
    pages.clear();
    bytes = 0;
    chunks++;
    if (chunks % CHUNKS_PER_LEVEL == 0) {
      chosen = false;
    }
  }

  /** The pages of a chunk and their common codec. */
  record SealedPages(
      CompressionCodec codec, @Nullable CompressedPage dictionary, List<CompressedPage> pages) {}
}
