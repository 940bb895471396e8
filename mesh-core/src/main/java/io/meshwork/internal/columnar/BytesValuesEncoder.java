package io.meshwork.internal.columnar;

import java.util.Arrays;
import org.apache.parquet.format.Encoding;
import org.jspecify.annotations.Nullable;

/** Byte strings: strings, binary, fixed, UUIDs, long decimals. */
final class BytesValuesEncoder extends ValuesEncoder {
  private final ParquetLeafEncoding leaf;
  private final boolean deltas;
  private final int pageLimit;
  private final BytesDictionaryEncoder dictionary = new BytesDictionaryEncoder();
  private final ColumnBytesStatistics statistics;
  private boolean coded;

  // A page is either values, end to end, or codes of values that came with codes of their own.
  private byte[] data = new byte[1024];
  private int[] offsets = new int[257];
  private int[] codes = new int[0];
  private boolean codesOnly;
  private int count;

  /** From the codes of the vector begun last to ours; -1 where not looked up yet. */
  private int[] translation = new int[0];

  BytesValuesEncoder(ParquetLeafEncoding leaf, EncodingProfile profile, int pageLimit) {
    this.leaf = leaf;
    this.deltas = profile == EncodingProfile.FAST && leaf.width() == 0;
    this.pageLimit = pageLimit;
    this.statistics = new ColumnBytesStatistics(leaf.kind());
  }

  @Override
  void begin(Vector vector) {
    if (vector instanceof DictionaryVector foreign) {
      int size = foreign.dictionary().size();
      if (translation.length < size) {
        translation = new int[size];
      }
      Arrays.fill(translation, 0, size, -1);
    }
  }

  @Override
  int append(Vector vector, int from, int to) {
    if (vector instanceof DictionaryVector foreign) {
      if (dictionaryOpen() && (codesOnly || count == 0)) {
        int taken = appendCodes(foreign, from, to);
        if (taken > 0 || count > 0) {
          return taken;
        }
      }
      return codesOnly && count > 0 ? 0 : appendEntries(foreign, from, to, pageLimit);
    }
    return codesOnly && count > 0 ? 0 : appendValues((BytesVector) vector, from, to, pageLimit);
  }

  @Override
  void appendAll(Vector vector, int from, int to) {
    if (codesOnly && count > 0) {
      throw new IllegalStateException("a page of codes takes no values");
    }
    if (vector instanceof DictionaryVector foreign) {
      appendEntries(foreign, from, to, Integer.MAX_VALUE);
    } else {
      appendValues((BytesVector) vector, from, to, Integer.MAX_VALUE);
    }
  }

  @Override
  void dropLast(int values) {
    count -= values;
    codesOnly &= count > 0;
  }

  private int appendCodes(DictionaryVector foreign, int from, int to) {
    codesOnly = true;
    if (codes.length < count + to - from) {
      codes = Arrays.copyOf(codes, LittleEndianEncoder.grown(codes.length, count + to - from));
    }
    RowMask nulls = foreign.nulls();
    int[] foreignCodes = foreign.codes();
    BytesVector entries = (BytesVector) foreign.dictionary();
    for (int row = from; row < to; row++) {
      if (nulls != null && nulls.get(row)) {
        continue;
      }
      int theirs = foreignCodes[row];
      int ours = translation[theirs];
      if (ours < 0) {
        int start = entries.start(theirs);
        ours = dictionary.code(entries.data(), start + leaf.drop(), start + entries.length(theirs));
        if (ours < 0) {
          closeDictionary();
          codesOnly = count > 0;
          return row - from;
        }
        translation[theirs] = ours;
      }
      codes[count++] = ours;
    }
    return to - from;
  }

  private int appendEntries(DictionaryVector foreign, int from, int to, int limit) {
    BytesVector entries = (BytesVector) foreign.dictionary();
    return appendEach(entries, foreign.codes(), foreign.nulls(), from, to, limit);
  }

  private int appendValues(BytesVector vector, int from, int to, int limit) {
    if (leaf.drop() > 0) {
      return appendEach(vector, null, vector.nulls(), from, to, limit);
    }
    codesOnly = false;
    int[] starts = vector.offsets();
    int end = fitting(starts, from, to, limit);
    int size = offsets[count];
    int length = starts[end] - starts[from];
    reserve(end - from, length);
    // Nulls have no bytes, so this takes the values only.
    System.arraycopy(vector.data(), starts[from], data, size, length);
    RowMask nulls = vector.nulls();
    int shift = size - starts[from];
    for (int row = from; row < end; row++) {
      offsets[count + 1] = starts[row + 1] + shift;
      count += nulls != null && nulls.get(row) ? 0 : 1;
    }
    return end - from;
  }

  /** The largest row that still leaves the page within its limit; one row always goes if empty. */
  private int fitting(int[] starts, int from, int to, int limit) {
    long room = (long) starts[from] + limit - offsets[count];
    if (starts[to] <= room) {
      return to;
    }
    int found = Arrays.binarySearch(starts, from, to + 1, (int) Math.max(room, 0));
    int end = found >= 0 ? found : -found - 2;
    return Math.max(end, count == 0 ? from + 1 : from);
  }

  private int appendEach(
      BytesVector source,
      int @Nullable [] index,
      @Nullable RowMask nulls,
      int from,
      int to,
      int limit) {
    codesOnly = false;
    for (int row = from; row < to; row++) {
      if (nulls != null && nulls.get(row)) {
        continue;
      }
      int entry = index == null ? row : index[row];
      int length = source.length(entry) - leaf.drop();
      int size = offsets[count];
      if (count > 0 && size + (long) length > limit) {
        return row - from;
      }
      reserve(1, length);
      System.arraycopy(source.data(), source.start(entry) + leaf.drop(), data, size, length);
      offsets[++count] = size + length;
    }
    return to - from;
  }

  private void reserve(int values, int length) {
    int size = offsets[count];
    if (length > Integer.MAX_VALUE - 64 - size) {
      throw new IllegalStateException("a page holds at most 2 GiB");
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
    return codesOnly ? 2L * count : plainLength();
  }

  private long plainLength() {
    return offsets[count] + (leaf.width() == 0 ? 4L * count : 0);
  }

  @Override
  Encoding encodePage(CompressionContext scratch, LittleEndianEncoder out) {
    statistics.reset();
    Encoding encoding = encodeValues(scratch, out);
    count = 0;
    codesOnly = false;
    if (data.length > 2L * pageLimit) {
      // A value larger than a page came by; its room is not needed again.
      data = new byte[1024];
    }
    return encoding;
  }

  private Encoding encodeValues(CompressionContext scratch, LittleEndianEncoder out) {
    if (count == 0) {
      return Encoding.PLAIN;
    }
    if (codesOnly) {
      putCodes(codes, count, dictionary.size(), out);
      addCoded(codes);
      return Encoding.RLE_DICTIONARY;
    }
    if (dictionaryOpen()) {
      int[] found = scratch.ints(count);
      if (encodeCoded(found, out)) {
        addCoded(found);
        return Encoding.RLE_DICTIONARY;
      }
      closeDictionary();
    }
    statistics.add(data, offsets, count, null);
    BloomFilterEncoder filter = filter();
    if (filter != null) {
      addHashes(data, offsets, count, filter);
    }
    if (deltas) {
      long[] lengths = scratch.longs(count);
      for (int i = 0; i < count; i++) {
        lengths[i] = offsets[i + 1] - offsets[i];
      }
      DeltaEncoder.encode(lengths, count, true, out);
      out.putBytes(data, 0, offsets[count]);
      return Encoding.DELTA_LENGTH_BYTE_ARRAY;
    }
    putPlain(data, offsets, count, out);
    return Encoding.PLAIN;
  }

  private static void addHashes(
      byte[] source, int[] starts, int values, BloomFilterEncoder filter) {
    for (int i = 0; i < values; i++) {
      filter.add(XxHash64.of(source, starts[i], starts[i + 1] - starts[i]));
    }
  }

  @Override
  void filterDictionary(BloomFilterEncoder filter) {
    addHashes(dictionary.data(), dictionary.offsets(), dictionarySize(), filter);
  }

  private boolean encodeCoded(int[] found, LittleEndianEncoder out) {
    int known = dictionary.size();
    if (!dictionary.encode(data, offsets, count, found)) {
      dictionary.truncate(known);
      return false;
    }
    int start = out.size();
    int length = putCodes(found, count, dictionary.size(), out);
    if (coded
        || (dictionary.size() <= count / 2
            && pays(length, dictionary.offsets()[dictionary.size()], plainLength()))) {
      return true;
    }
    out.truncate(start);
    return false;
  }

  /** Bounds of a coded page are those of the entries it uses. */
  private void addCoded(int[] used) {
    coded = true;
    boolean[] chosen = new boolean[dictionary.size()];
    for (int i = 0; i < count; i++) {
      chosen[used[i]] = true;
    }
    statistics.add(dictionary.data(), dictionary.offsets(), chosen.length, chosen);
  }

  private void putPlain(byte[] source, int[] starts, int values, LittleEndianEncoder out) {
    if (leaf.width() > 0) {
      out.putBytes(source, 0, starts[values]);
      return;
    }
    out.reserve(Math.toIntExact(starts[values] + 4L * values));
    byte[] target = out.bytes();
    int position = out.size();
    for (int i = 0; i < values; i++) {
      int from = starts[i];
      int length = starts[i + 1] - from;
      LittleEndianEncoder.INT.set(target, position, length);
      System.arraycopy(source, from, target, position + 4, length);
      position += 4 + length;
    }
    out.advance(position - out.size());
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
    return coded ? dictionary.size() : 0;
  }

  @Override
  void encodeDictionary(LittleEndianEncoder out) {
    putPlain(dictionary.data(), dictionary.offsets(), dictionary.size(), out);
  }

  @Override
  void forgetDictionary() {
    dictionary.reset();
    coded = false;
  }
}
