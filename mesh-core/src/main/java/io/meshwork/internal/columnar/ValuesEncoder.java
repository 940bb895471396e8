package io.meshwork.internal.columnar;

import org.apache.parquet.format.Encoding;
import org.jspecify.annotations.Nullable;

/**
 * The values of one leaf column, without nulls and without levels: gathered page by page, encoded
 * as codes into a dictionary of the chunk while that pays, then plainly or as deltas. Nested
 * columns only add levels above it: their rows here are the slots of the leaf's vector. Not
 * thread-safe; shares nothing with other columns.
 */
abstract sealed class ValuesEncoder permits NumberValuesEncoder, BytesValuesEncoder {
  /** A dictionary never has more entries. */
  static final int DICTIONARY_ENTRIES = 65_536;

  /** A dictionary's entries never have more bytes. */
  static final int DICTIONARY_BYTES = 1 << 20;

  /** After so many values of a chunk it is judged whether a dictionary has a chance. */
  static final int DICTIONARY_SAMPLE = 2048;

  /** Chunks that are written without trying a dictionary after one in which it did not pay. */
  private static final int CHUNKS_WITHOUT_TRIAL = 7;

  private boolean dictionaryOpen = true;
  private @Nullable BloomFilterEncoder filter;
  private int chunksWithoutTrial;

  /** True while values of this chunk may still be coded. */
  final boolean dictionaryOpen() {
    return dictionaryOpen;
  }

  /** No more codes in this chunk. */
  final void closeDictionary() {
    dictionaryOpen = false;
  }

  /** From now on each chunk gets a bloom filter. */
  final void filterInto(BloomFilterEncoder target) {
    filter = target;
  }

  /** Where the hashes of values go; null if no filter is wanted. */
  final @Nullable BloomFilterEncoder filter() {
    return filter;
  }

  /** Adds the entries of the chunk's dictionary to its filter; other values went there before. */
  abstract void filterDictionary(BloomFilterEncoder target);

  /** A vector's rows follow in calls of {@link #append}. */
  abstract void begin(Vector vector);

  /**
   * Takes the values of rows from {@code from} on that are not null, until the page has enough
   * bytes. Returns how many rows it took: none only if the page has values already.
   */
  abstract int append(Vector vector, int from, int to);

  /** Takes the values of all these rows that are not null, whatever the page's limit. */
  abstract void appendAll(Vector vector, int from, int to);

  /** Forgets values that were taken last into the page, which is not encoded yet. */
  abstract void dropLast(int values);

  /** About how many bytes the page has, before compression. */
  abstract long pageBytes();

  /** Writes the page's values, notes their statistics and forgets them. */
  abstract Encoding encodePage(CompressionContext scratch, LittleEndianEncoder out);

  /** Of the page encoded last. */
  abstract ColumnStatistics pageStatistics();

  /** New ones that can take in those of the pages. */
  abstract ColumnStatistics emptyStatistics();

  /** How many entries the chunk's dictionary has; 0 if no page uses one. */
  abstract int dictionarySize();

  /** Writes the dictionary's entries as PLAIN. */
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

  /** Writes codes as a data page wants them; returns how many bytes that took. */
  static int putCodes(int[] codes, int count, int dictionarySize, LittleEndianEncoder out) {
    int start = out.size();
    int width = RunLengthEncoder.bitWidth(dictionarySize - 1);
    out.putByte(width);
    RunLengthEncoder.encode(codes, count, width, out);
    return out.size() - start;
  }

  /** True if a first page shows that codes are worth their dictionary, which later pages share. */
  static boolean pays(long codes, long dictionary, long otherwise) {
    return codes + dictionary / 4 < otherwise * 0.9;
  }
}
