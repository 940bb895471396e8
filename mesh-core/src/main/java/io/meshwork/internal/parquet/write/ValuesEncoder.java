package io.meshwork.internal.parquet.write;

import io.meshwork.internal.parquet.encoding.BloomFilter;
import io.meshwork.internal.parquet.encoding.LittleEndianEncoder;
import io.meshwork.internal.vector.Vector;
import org.apache.parquet.format.Encoding;
import org.jspecify.annotations.Nullable;

/**
 * Encodes the values of one leaf column, without nulls and levels: collects them page by page and
 * writes indices into a dictionary of the chunk while that is smaller, then PLAIN or delta
 * encodings. For nested columns, rows are the slots of the leaf's vector. Not thread-safe; shares
 * no state with other columns.
 */
abstract sealed class ValuesEncoder permits NumberValuesEncoder, BytesValuesEncoder {
  /** The maximum number of dictionary entries. */
  static final int DICTIONARY_ENTRIES = 65_536;

  /** The maximum size of a dictionary in bytes. */
  static final int DICTIONARY_BYTES = 1 << 20;

  /** The number of values of a chunk after which the use of a dictionary is first evaluated. */
  static final int DICTIONARY_SAMPLE = 2048;

  /**
   * A larger share of distinct values in the sample disables the dictionary: at random, it means
   * more than 34,000 distinct values. A column of identifiers is left without hashing a page.
   */
  static final double DICTIONARY_SAMPLE_SHARE = 0.97;

  /** A dictionary is taken for complete if its entries repeat as often on the first page. */
  private static final long VALUES_PER_ENTRY = 16;

  /** The number of pages over which the cost of a dictionary is spread. */
  private static final int PAGES_PER_DICTIONARY = 8;

  /** The most chunks that do not try a dictionary after chunks for which it was larger. */
  private static final int CHUNKS_WITHOUT_TRIAL = 7;

  private boolean dictionaryOpen = true;
  private BloomFilter.@Nullable Builder filter;
  private int chunksWithoutTrial;
  private int refusedTrials;

  /** Pages of this chunk, and of the chunk before it if it had a dictionary to its end. */
  private int pages;

  private int pagesBefore;

  /** The number of entries of the dictionary of the chunk before; 0 if it had none to its end. */
  private int entriesBefore;

  /** Returns true while values of this chunk may still be dictionary-encoded. */
  final boolean dictionaryOpen() {
    return dictionaryOpen;
  }

  /** Ends dictionary encoding in this chunk. */
  final void closeDictionary() {
    dictionaryOpen = false;
  }

  /** Enables a bloom filter for each following chunk. */
  final void filterInto(BloomFilter.Builder target) {
    filter = target;
  }

  /** Returns the target for hashes of values; null if no bloom filter is written. */
  final BloomFilter.@Nullable Builder filter() {
    return filter;
  }

  /**
   * Adds the entries of the chunk's dictionary to its bloom filter; other values were added before.
   */
  abstract void filterDictionary(BloomFilter.Builder target);

  /** Starts a vector, whose rows follow in calls of {@link #append}. */
  abstract void begin(Vector vector);

  /**
   * Adds the non-null values of rows from {@code from} on until the page is full. Returns the
   * number of rows added; 0 only if the page already has values.
   */
  abstract int append(Vector vector, int from, int to);

  /** Adds the non-null values of all these rows, regardless of the page's limit. */
  abstract void appendAll(Vector vector, int from, int to);

  /** Removes the values that were added last to the page, which is not encoded yet. */
  abstract void dropLast(int values);

  /** Returns the approximate uncompressed size of the page in bytes. */
  abstract long pageBytes();

  /**
   * Returns the memory of the page and the dictionary in bytes: the size of arrays, which exceeds
   * their content. A few values are not counted.
   */
  abstract long heldBytes();

  /** Writes the page's values, updates their statistics, and clears the page. */
  final Encoding encodePage(CompressionContext scratch, LittleEndianEncoder out) {
    pages++;
    return encodeOpenPage(scratch, out);
  }

  abstract Encoding encodeOpenPage(CompressionContext scratch, LittleEndianEncoder out);

  /**
   * Updates the statistics of the page's values and the bloom filter, and clears the page without
   * writing it.
   */
  abstract void measurePage();

  /** Returns the statistics of the last encoded or measured page. */
  abstract ColumnStatistics pageStatistics();

  /** Creates empty statistics that can merge statistics of pages. */
  abstract ColumnStatistics emptyStatistics();

  /** Returns the number of entries of the chunk's dictionary; 0 if no page uses one. */
  abstract int dictionarySize();

  /** Writes the dictionary's entries in PLAIN encoding. */
  abstract void encodeDictionary(LittleEndianEncoder out);

  /** Forgets the dictionary of the chunk, whose pages are all written, and releases memory. */
  abstract void forgetDictionary();

  /** Starts the next chunk. */
  final void nextChunk() {
    if (chunksWithoutTrial > 0) {
      chunksWithoutTrial--;
    } else if (!dictionaryOpen && dictionarySize() == 0) {
      // One page may mislead: the next chunk tries again, and later ones ever more seldom.
      chunksWithoutTrial = Math.min((1 << refusedTrials) - 1, CHUNKS_WITHOUT_TRIAL);
      refusedTrials = Math.min(refusedTrials + 1, CHUNKS_WITHOUT_TRIAL);
    } else {
      refusedTrials = 0;
    }
    entriesBefore = dictionaryOpen ? dictionarySize() : 0;
    pagesBefore = pages;
    pages = 0;
    dictionaryOpen = chunksWithoutTrial == 0;
    forgetDictionary();
  }

  /** Writes dictionary indices in the format of a data page; returns the number of bytes. */
  static int putIndices(int[] indices, int count, int dictionarySize, LittleEndianEncoder out) {
    int start = out.size();
    int width = LittleEndianEncoder.bitWidth(dictionarySize - 1);
    out.putByte(width);
    out.putRuns(indices, count, width);
    return out.size() - start;
  }

  /**
   * Returns true if later pages are expected to add entries. They are not where values repeat
   * often: when the few values of a column first appear says nothing then, such as after a run of
   * one.
   */
  private static boolean grows(int size, int values) {
    return size * VALUES_PER_ENTRY > values;
  }

  /**
   * Returns true if the first page shows that indices save more than the dictionary costs, which
   * the following pages share and extend: as many pages as in the chunk before, if it had a
   * dictionary.
   *
   * @param count values of the page
   * @param indices bytes of the page's indices
   * @param half entries of the first half of the page
   * @param size entries of the page
   * @param dictionary bytes of these entries
   * @param otherwise bytes of the page without a dictionary
   */
  final boolean pays(
      int count, long indices, int half, int size, double dictionary, long otherwise) {
    boolean isEncoded = entriesBefore > 0;
    double expected =
        isEncoded
            ? Math.max(size, entriesBefore)
            : expectedEntries(grows(size, count) ? half : size, size);
    int sharing = isEncoded ? pagesBefore : PAGES_PER_DICTIONARY;
    double width = LittleEndianEncoder.bitWidth(size - 1);
    double widening =
        width == 0 ? 1 : LittleEndianEncoder.bitWidth((int) Math.ceil(expected) - 1) / width;
    return indices * widening + dictionary * expected / size / sharing < otherwise * 0.9;
  }

  /**
   * Orders the entries by how often the first page uses them, if its indices then take less after
   * zstd.
   *
   * @param indices of the page
   * @param size the number of entries
   * @param start where the indices start in {@code out}, which they end
   */
  final void orderEntries(
      int[] indices,
      int count,
      int size,
      int start,
      CompressionContext scratch,
      LittleEndianEncoder out) {
    if (size < 3) {
      return; // One bit takes as much in either order.
    }
    int[] renumbered = DictionaryOrder.byFrequency(indices, count, size);
    if (renumbered == null) {
      return;
    }
    long before = compressedSize(CompressionLevel.LIGHT, start, scratch, out);
    DictionaryOrder.renumber(indices, count, renumbered);
    int end = out.size();
    putIndices(indices, count, size, out);
    if (compressedSize(CompressionLevel.LIGHT, end, scratch, out) < before) {
      reorderDictionary(renumbered);
      out.truncate(start);
      putIndices(indices, count, size, out);
    } else {
      DictionaryOrder.renumber(indices, count, DictionaryOrder.inverse(renumbered));
      out.truncate(end);
    }
  }

  /** Moves each entry of the dictionary to its new index. */
  abstract void reorderDictionary(int[] renumbered);

  /**
   * Returns how many entries a few pages like the first have: each half of a page adds the same
   * share of what the half before it added, but not more than it. Of values in random order, this
   * is their distinct number; of values that never repeat, their number.
   */
  private static double expectedEntries(int half, int size) {
    if (size - half >= half) {
      return half + (size - half) * (2.0 * PAGES_PER_DICTIONARY - 1);
    }
    double share = (size - half) / (double) half;
    double added = half;
    double entries = 0;
    for (int i = 0; i < 2 * PAGES_PER_DICTIONARY; i++) {
      entries += added;
      added *= share;
    }
    return entries;
  }

  /** Returns the size of the bytes from an offset to the end, after zstd if that helps. */
  static long compressedSize(
      CompressionLevel level, int start, CompressionContext scratch, LittleEndianEncoder out) {
    int length = out.size() - start;
    return Math.min(length, scratch.compress(level, out.bytes(), start, length));
  }
}
