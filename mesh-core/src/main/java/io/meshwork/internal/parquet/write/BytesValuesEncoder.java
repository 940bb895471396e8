package io.meshwork.internal.parquet.write;

import io.meshwork.internal.parquet.encoding.BloomFilter;
import io.meshwork.internal.parquet.encoding.LittleEndianEncoder;
import io.meshwork.internal.parquet.write.ParquetWriter.EncodingProfile;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.DictionaryVector;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.Vector;
import java.util.Arrays;
import org.apache.parquet.format.Encoding;
import org.jspecify.annotations.Nullable;

/** Encodes byte strings: strings, binary, fixed, UUIDs, decimals of more than 18 digits. */
final class BytesValuesEncoder extends ValuesEncoder {
  private static final int BYTES = 1024;
  private static final int VALUES = 256;

  private final ParquetLeaf leaf;

  /** The length of fixed-length values, and how many leading bytes of a value are omitted. */
  private final int width;

  private final int drop;
  private final boolean deltas;
  private final int pageLimit;
  private final BytesDictionaryEncoder dictionary = new BytesDictionaryEncoder();
  private final ColumnBytesStatistics statistics;
  private boolean encoded;

  // A page contains either concatenated values or the indices of values that came
  // dictionary-encoded.
  private byte[] data = new byte[BYTES];
  private int[] offsets = new int[VALUES + 1];
  private int[] indices = new int[0];
  private boolean indicesOnly;
  private int count;

  /**
   * Maps indices in the current vector's dictionary to indices in the chunk's; -1 if not looked up
   * yet.
   */
  private int[] translation = new int[0];

  /** The size of the current vector's dictionary; 0 if it has none. */
  private int translated;

  BytesValuesEncoder(ParquetLeaf leaf, EncodingProfile profile, int pageLimit) {
    this.leaf = leaf;
    this.width = leaf.width();
    this.drop = leaf.drop();
    this.deltas = profile == EncodingProfile.FAST && width == 0;
    this.pageLimit = pageLimit;
    this.statistics = new ColumnBytesStatistics(leaf.kind());
  }

  @Override
  void begin(Vector vector) {
    translated =
        vector instanceof DictionaryVector sourceVector ? sourceVector.dictionary().size() : 0;
    if (translation.length < translated) {
      translation = new int[translated];
    }
    Arrays.fill(translation, 0, translated, -1);
  }

  @Override
  int append(Vector vector, int from, int to) {
    if (vector instanceof DictionaryVector sourceVector) {
      if (dictionaryOpen() && (indicesOnly || count == 0)) {
        int appended = appendIndices(sourceVector, from, to);
        if (appended > 0 || count > 0) {
          return appended;
        }
      }
      return indicesOnly && count > 0 ? 0 : appendEntries(sourceVector, from, to, pageLimit);
    }
    return indicesOnly && count > 0 ? 0 : appendValues((BytesVector) vector, from, to, pageLimit);
  }

  @Override
  void appendAll(Vector vector, int from, int to) {
    if (indicesOnly && count > 0) {
      throw new IllegalStateException("a dictionary-encoded page accepts no values");
    }
    if (vector instanceof DictionaryVector sourceVector) {
      appendEntries(sourceVector, from, to, Integer.MAX_VALUE);
    } else {
      appendValues((BytesVector) vector, from, to, Integer.MAX_VALUE);
    }
  }

  @Override
  void dropLast(int values) {
    count -= values;
    indicesOnly &= count > 0;
  }

  private int appendIndices(DictionaryVector sourceVector, int from, int to) {
    indicesOnly = true;
    if (indices.length < count + to - from) {
      indices =
          Arrays.copyOf(indices, LittleEndianEncoder.grown(indices.length, count + to - from));
    }
    RowMask nulls = sourceVector.nulls();
    int[] sourceIndices = sourceVector.indices();
    BytesVector entries = (BytesVector) sourceVector.dictionary();
    for (int row = from; row < to; row++) {
      if (nulls != null && nulls.get(row)) {
        continue;
      }
      int sourceIndex = sourceIndices[row];
      int chunkIndex = translation[sourceIndex];
      if (chunkIndex < 0) {
        int start = entries.start(sourceIndex);
        chunkIndex =
            dictionary.indexOf(entries.data(), start + drop, start + entries.length(sourceIndex));
        if (chunkIndex < 0) {
          closeDictionary();
          indicesOnly = count > 0;
          return row - from;
        }
        translation[sourceIndex] = chunkIndex;
      }
      indices[count++] = chunkIndex;
    }
    return to - from;
  }

  private int appendEntries(DictionaryVector sourceVector, int from, int to, int limit) {
    BytesVector entries = (BytesVector) sourceVector.dictionary();
    return appendEach(entries, sourceVector.indices(), sourceVector.nulls(), from, to, limit);
  }

  private int appendValues(BytesVector vector, int from, int to, int limit) {
    if (drop > 0) {
      return appendEach(vector, null, vector.nulls(), from, to, limit);
    }
    indicesOnly = false;
    int[] starts = vector.offsets();
    int end = rowsThatFit(starts, from, to, limit);
    int size = offsets[count];
    int length = starts[end] - starts[from];
    reserve(end - from, length);
    // Nulls have no bytes, so this copies the values only.
    System.arraycopy(vector.data(), starts[from], data, size, length);
    RowMask nulls = vector.nulls();
    int shift = size - starts[from];
    for (int row = from; row < end; row++) {
      offsets[count + 1] = starts[row + 1] + shift;
      count += nulls != null && nulls.get(row) ? 0 : 1;
    }
    return end - from;
  }

  /**
   * Returns the last row that keeps the page within its limit; an empty page accepts at least one
   * row.
   */
  private int rowsThatFit(int[] starts, int from, int to, int limit) {
    long remaining = (long) starts[from] + limit - offsets[count];
    if (starts[to] <= remaining) {
      return to;
    }
    int position = Arrays.binarySearch(starts, from, to + 1, (int) Math.max(remaining, 0));
    int end = position >= 0 ? position : -position - 2;
    return Math.max(end, count == 0 ? from + 1 : from);
  }

  private int appendEach(
      BytesVector source,
      int @Nullable [] index,
      @Nullable RowMask nulls,
      int from,
      int to,
      int limit) {
    indicesOnly = false;
    for (int row = from; row < to; row++) {
      if (nulls != null && nulls.get(row)) {
        continue;
      }
      int entry = index == null ? row : index[row];
      int length = source.length(entry) - drop;
      int size = offsets[count];
      if (count > 0 && size + (long) length > limit) {
        return row - from;
      }
      reserve(1, length);
      System.arraycopy(source.data(), source.start(entry) + drop, data, size, length);
      offsets[++count] = size + length;
    }
    return to - from;
  }

  private void reserve(int values, int length) {
    int size = offsets[count];
    if (length > Integer.MAX_VALUE - 64 - size) {
      throw new IllegalStateException("the size of a page is limited to 2 GiB");
    }
    if (size + length > data.length) {
      data = Arrays.copyOf(data, LittleEndianEncoder.grown(data.length, size + length));
    }
    if (count + values >= offsets.length) {
      offsets =
          Arrays.copyOf(offsets, LittleEndianEncoder.grown(offsets.length, count + values + 1));
    }
  }

  @Override
  long pageBytes() {
    return indicesOnly ? 2L * count : plainLength();
  }

  private long plainLength() {
    return offsets[count] + (width == 0 ? 4L * count : 0);
  }

  @Override
  Encoding encodeOpenPage(CompressionContext scratch, LittleEndianEncoder out) {
    statistics.reset();
    Encoding encoding = encodeValues(scratch, out);
    clearPage();
    return encoding;
  }

  @Override
  void measurePage() {
    statistics.reset();
    if (indicesOnly) {
      addBoundsOfEntries(indices);
    } else {
      addValues();
    }
    clearPage();
  }

  private void clearPage() {
    count = 0;
    indicesOnly = false;
    if (data.length > 2L * pageLimit) {
      // Releases a buffer that grew for a value larger than a page.
      data = new byte[BYTES];
    }
  }

  @Override
  long heldBytes() {
    return (data.length > BYTES ? data.length : 0)
        + (offsets.length > VALUES + 1 ? 4L * offsets.length : 0)
        + 4L * (indices.length + translation.length)
        + dictionary.heldBytes();
  }

  /** Adds the values of a page without a dictionary to the statistics and the bloom filter. */
  private void addValues() {
    statistics.add(data, offsets, count, null);
    BloomFilter.Builder filter = filter();
    if (filter != null) {
      filter.addByteArrays(data, offsets, count);
    }
  }

  private Encoding encodeValues(CompressionContext scratch, LittleEndianEncoder out) {
    if (count == 0) {
      return Encoding.PLAIN;
    }
    if (indicesOnly) {
      int start = out.size();
      putIndices(indices, count, dictionary.size(), out);
      if (!encoded) {
        orderEntries(indices, count, dictionary.size(), start, scratch, out);
      }
      addBoundsOfEntries(indices);
      return Encoding.RLE_DICTIONARY;
    }
    if (dictionaryOpen()) {
      int[] entryIndices = scratch.ints(count);
      if (encodeIndices(entryIndices, scratch, out)) {
        addBoundsOfEntries(entryIndices);
        return Encoding.RLE_DICTIONARY;
      }
      closeDictionary();
      if (!encoded) {
        dictionary.reset();
      }
    }
    addValues();
    if (deltas) {
      long[] lengths = scratch.longs(count);
      for (int i = 0; i < count; i++) {
        lengths[i] = offsets[i + 1] - offsets[i];
      }
      out.putDeltas(lengths, count, true);
      out.putBytes(data, 0, offsets[count]);
      return Encoding.DELTA_LENGTH_BYTE_ARRAY;
    }
    putPlain(data, offsets, count, out);
    return Encoding.PLAIN;
  }

  @Override
  void filterDictionary(BloomFilter.Builder filter) {
    filter.addByteArrays(dictionary.data(), dictionary.offsets(), dictionarySize());
  }

  private boolean encodeIndices(
      int[] entryIndices, CompressionContext scratch, LittleEndianEncoder out) {
    int entriesBefore = dictionary.size();
    if (!dictionary.encode(data, offsets, count, entryIndices)) {
      dictionary.truncate(entriesBefore);
      return false;
    }
    int start = out.size();
    int length = putIndices(entryIndices, count, dictionary.size(), out);
    if (encoded) {
      return true;
    }
    if (pays(length, scratch, out)) {
      orderEntries(entryIndices, count, dictionary.size(), start, scratch, out);
      return true;
    }
    out.truncate(start);
    return false;
  }

  /**
   * Compares indices and entries with the values. Where they take less than a quarter, zstd is not
   * tried; otherwise, the sizes in the file decide.
   */
  private boolean pays(int length, CompressionContext scratch, LittleEndianEncoder out) {
    long otherwise = plainLength();
    long entries =
        dictionary.offsets()[dictionary.size()] + (width == 0 ? 4L * dictionary.size() : 0);
    if (pays(length, entries, otherwise / 4)) {
      return true;
    }
    if (!pays(length, 0, otherwise)) {
      return false;
    }
    int end = out.size();
    putPlain(data, offsets, count, out);
    long stored = compressedSize(CompressionLevel.LIGHT, end, scratch, out);
    out.truncate(end);
    encodeDictionary(out);
    long storedEntries = compressedSize(CompressionLevel.LIGHT, end, scratch, out);
    out.truncate(end);
    return pays(length, storedEntries, stored);
  }

  private boolean pays(long length, long entries, long otherwise) {
    int size = dictionary.size();
    return pays(count, length, dictionary.halfSize(), size, entries, otherwise);
  }

  /** Adds the bounds of the entries that a dictionary-encoded page uses. */
  private void addBoundsOfEntries(int[] used) {
    encoded = true;
    boolean[] chosen = new boolean[dictionary.size()];
    for (int i = 0; i < count; i++) {
      chosen[used[i]] = true;
    }
    statistics.add(dictionary.data(), dictionary.offsets(), chosen.length, chosen);
  }

  private void putPlain(byte[] source, int[] starts, int values, LittleEndianEncoder out) {
    if (width > 0) {
      out.putBytes(source, 0, starts[values]);
      return;
    }
    out.putByteArrays(source, starts, values);
  }

  @Override
  ColumnStatistics pageStatistics() {
    return statistics;
  }

  @Override
  ColumnStatistics emptyStatistics() {
    return new ColumnBytesStatistics(leaf.kind());
  }

  @Override
  int dictionarySize() {
    return encoded ? dictionary.size() : 0;
  }

  @Override
  void encodeDictionary(LittleEndianEncoder out) {
    putPlain(dictionary.data(), dictionary.offsets(), dictionary.size(), out);
  }

  @Override
  void reorderDictionary(int[] renumbered) {
    dictionary.reorder(renumbered);
    for (int i = 0; i < translated; i++) {
      if (translation[i] >= 0) {
        translation[i] = renumbered[translation[i]];
      }
    }
  }

  @Override
  void forgetDictionary() {
    dictionary.reset();
    translated = 0;
    encoded = false;
    translation = new int[0];
    indices = new int[0];
    if (data.length > BYTES) {
      data = new byte[BYTES];
    }
    if (offsets.length > VALUES + 1) {
      offsets = new int[VALUES + 1];
    }
  }
}
