package io.meshwork.internal.columnar;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.Encoding;
import org.jspecify.annotations.Nullable;

/**
 * The pages of one column chunk, compressed as they come. The level is chosen by the first page and
 * kept for some chunks. A chunk has one codec: where compression first seemed useless and later
 * pages show otherwise, the earlier ones are compressed after all.
 */
final class CompressedPages {
  /** Below this, headers and calls cost more than compression saves. */
  private static final int TOO_SMALL = 64;

  /** In a chunk that is not compressed, every so many pages it is tried again. */
  private static final int PAGES_A_TRIAL = 16;

  /** Chunks of a column that share one choice. */
  private static final int CHUNKS_A_CHOICE = 4;

  private final List<CompressedPage> pages = new ArrayList<>();
  private CompressionLevel level = CompressionLevel.NONE;
  private boolean chosen;
  private int chunks;
  private @Nullable Encoding lastEncoding;
  private long bytes;

  /** The data pages, in order. */
  List<CompressedPage> pages() {
    return pages;
  }

  /** Bytes that are kept. */
  long bytes() {
    return bytes;
  }

  /** Keeps a page, whose bytes lie in {@code out}. */
  void add(CompressedPage page, LittleEndianEncoder out, CompressionContext context) {
    choose(page, out, context);
    CompressedPage kept =
        level == CompressionLevel.NONE
            ? page
            : page.withBody(compress(level, out.bytes(), out.size(), context));
    if (!kept.compressed()) {
      kept = withRaw(page, out);
    }
    bytes += kept.body().length;
    pages.add(kept);
  }

  private static CompressedPage withRaw(CompressedPage page, LittleEndianEncoder out) {
    return new CompressedPage(
        page.encoding(),
        page.slots(),
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
            ? page.encoding() != lastEncoding || pages.size() % PAGES_A_TRIAL == 0
            // The dictionary ended, and what follows is of another kind.
            : lastEncoding == Encoding.RLE_DICTIONARY && page.encoding() != lastEncoding;
    if ((!chosen || retry) && out.size() >= TOO_SMALL) {
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
   * Ends the chunk's pages. They and the dictionary, which is null or not compressed, come out as
   * the codec says.
   */
  Sealed seal(@Nullable CompressedPage dictionary, CompressionContext context) {
    boolean zstd = pages.stream().anyMatch(CompressedPage::compressed);
    CompressedPage sealedDictionary = dictionary;
    if (zstd) {
      CompressionLevel late = level == CompressionLevel.NONE ? CompressionLevel.LIGHT : level;
      pages.replaceAll(page -> page.compressed() ? page : compressed(page, late, context));
      sealedDictionary = dictionary == null ? null : compressed(dictionary, late, context);
    }
    return new Sealed(
        zstd ? CompressionCodec.ZSTD : CompressionCodec.UNCOMPRESSED,
        sealedDictionary,
        List.copyOf(pages));
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
    if (chunks % CHUNKS_A_CHOICE == 0) {
      chosen = false;
    }
  }

  /** A chunk's pages and the one codec that all of them have. */
  record Sealed(
      CompressionCodec codec, @Nullable CompressedPage dictionary, List<CompressedPage> pages) {}
}
