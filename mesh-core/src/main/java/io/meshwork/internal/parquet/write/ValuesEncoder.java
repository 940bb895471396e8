package io.meshwork.internal.parquet.write;

import io.meshwork.internal.parquet.encoding.BloomFilter;
import io.meshwork.internal.parquet.encoding.LittleEndianEncoder;
import io.meshwork.internal.vector.Vector;
import java.util.Arrays;
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

  /** The number of chunks that do not try a dictionary after one for which it was larger. */
  private static final int CHUNKS_WITHOUT_TRIAL = 7;

  private boolean dictionaryOpen = true;
  private BloomFilter.@Nullable Builder filter;
  private int chunksWithoutTrial;

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

  /** Writes the page's values, updates their statistics, and clears the page. */
  abstract Encoding encodePage(CompressionContext scratch, LittleEndianEncoder out);

  /**
   * Updates the statistics of the page's values and the bloom filter, and clears the page, of which
   * nothing is written.
   */
  abstract void measurePage();

  /** Returns the statistics of the last encoded or measured page. */
  abstract ColumnStatistics pageStatistics();

  /** Creates empty statistics that can merge those of pages. */
  abstract ColumnStatistics emptyStatistics();

  /** Returns the number of entries of the chunk's dictionary; 0 if no page uses one. */
  abstract int dictionarySize();

  /** Writes the dictionary's entries in PLAIN encoding. */
  abstract void encodeDictionary(LittleEndianEncoder out);

  abstract void forgetDictionary();

  /** Starts the next chunk. */
  final void nextChunk() {
    if (chunksWithoutTrial > 0) {
      chunksWithoutTrial--;
    } else if (!dictionaryOpen && dictionarySize() == 0) {
      chunksWithoutTrial = CHUNKS_WITHOUT_TRIAL;
    }
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
  static boolean grows(int size, int values) {
    return size * VALUES_PER_ENTRY > values;
  }

  /**
   * Returns true if the first page shows that indices save more than the dictionary costs, which
   * the following pages share and extend.
   *
   * @param indices bytes of the page's indices
   * @param half entries of the first half of the page
   * @param size entries of the page
   * @param dictionary bytes of these entries
   * @param otherwise bytes of the page without a dictionary
   */
  static boolean pays(long indices, int half, int size, double dictionary, long otherwise) {
    double expected = expectedEntries(half, size);
    double width = LittleEndianEncoder.bitWidth(size - 1);
    double widening =
        width == 0 ? 1 : LittleEndianEncoder.bitWidth((int) Math.ceil(expected) - 1) / width;
    return indices * widening + dictionary * expected / size / PAGES_PER_DICTIONARY
        < otherwise * 0.9;
  }

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
    byte[] alone = Arrays.copyOfRange(out.bytes(), start, out.size());
    return Math.min(alone.length, scratch.compress(level, alone, alone.length));
  }
}
