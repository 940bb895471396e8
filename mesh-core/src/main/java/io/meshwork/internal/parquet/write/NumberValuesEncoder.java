package io.meshwork.internal.parquet.write;

import io.meshwork.internal.parquet.encoding.BloomFilter;
import io.meshwork.internal.parquet.encoding.LittleEndianEncoder;
import io.meshwork.internal.parquet.write.ParquetWriter.EncodingProfile;
import io.meshwork.internal.vector.BooleanVector;
import io.meshwork.internal.vector.DictionaryVector;
import io.meshwork.internal.vector.DoubleVector;
import io.meshwork.internal.vector.FloatVector;
import io.meshwork.internal.vector.IntVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.Vector;
import java.util.Arrays;
import org.apache.parquet.format.Encoding;
import org.jspecify.annotations.Nullable;

/**
 * Encodes values that fit into a {@code long}: booleans, numbers, dates, times, and decimals of up
 * to 18 digits.
 */
final class NumberValuesEncoder extends ValuesEncoder {
  /** The number of values on which deltas and PLAIN encoding are compared. */
  private static final int DELTA_SAMPLE = 8_192;

  private static final int VALUES = 256;

  private final NumberEncoding numbers;
  private final boolean deltas;
  private final NumberDictionaryEncoder dictionary = new NumberDictionaryEncoder();
  private final ColumnNumberStatistics statistics;
  private boolean encoded;

  /** Whether the following pages of the chunk without dictionary have deltas; null if unknown. */
  private @Nullable Boolean deltasPay;

  private long[] values = new long[VALUES];
  private int count;

  NumberValuesEncoder(NumberEncoding numbers, EncodingProfile profile) {
    this.numbers = numbers;
    this.deltas =
        profile == EncodingProfile.FAST
            && (numbers == NumberEncoding.INT32 || numbers == NumberEncoding.INT64);
    this.statistics = new ColumnNumberStatistics(numbers);
    if (numbers == NumberEncoding.BOOLEAN) {
      closeDictionary();
    }
  }

  @Override
  void begin(Vector vector) {
    // Batches are independent of each other.
  }

  @Override
  int append(Vector vector, int from, int to) {
    int length = to - from;
    if (count + length > values.length) {
      values = Arrays.copyOf(values, LittleEndianEncoder.grown(values.length, count + length));
    }
    RowMask nulls = vector.nulls();
    if (vector instanceof DictionaryVector encoded) {
      appendCoded(encoded, from, to, nulls);
    } else {
      widen(vector, from, to, values, count);
      if (nulls == null) {
        count += length;
      } else {
        closeGaps(nulls, from, to);
      }
    }
    return length;
  }

  @Override
  void appendAll(Vector vector, int from, int to) {
    append(vector, from, to);
  }

  @Override
  void dropLast(int last) {
    count -= last;
  }

  /** Removes the slots of nulls, which were copied as well. */
  private void closeGaps(RowMask nulls, int from, int to) {
    int start = count;
    for (int row = from; row < to; row++) {
      values[count] = values[start + row - from];
      count += nulls.get(row) ? 0 : 1;
    }
  }

  private void appendCoded(DictionaryVector vector, int from, int to, @Nullable RowMask nulls) {
    int size = vector.dictionary().size();
    long[] entries = new long[size];
    widen(vector.dictionary(), 0, size, entries, 0);
    int[] indices = vector.indices();
    for (int row = from; row < to; row++) {
      if (nulls == null || !nulls.get(row)) {
        values[count++] = entries[indices[row]];
      }
    }
  }

  private static void widen(Vector vector, int from, int to, long[] target, int at) {
    int length = to - from;
    if (vector instanceof LongVector longs) {
      System.arraycopy(longs.values(), from, target, at, length);
    } else if (vector instanceof IntVector ints) {
      int[] source = ints.values();
      for (int i = 0; i < length; i++) {
        target[at + i] = source[from + i];
      }
    } else if (vector instanceof DoubleVector doubles) {
      double[] source = doubles.values();
      for (int i = 0; i < length; i++) {
        target[at + i] = Double.doubleToRawLongBits(source[from + i]);
      }
    } else if (vector instanceof FloatVector floats) {
      float[] source = floats.values();
      for (int i = 0; i < length; i++) {
        target[at + i] = Float.floatToRawIntBits(source[from + i]);
      }
    } else if (vector instanceof BooleanVector booleans) {
      boolean[] source = booleans.values();
      for (int i = 0; i < length; i++) {
        target[at + i] = source[from + i] ? 1 : 0;
      }
    } else {
      throw new IllegalArgumentException("not a vector of numbers: " + vector.getClass());
    }
  }

  @Override
  long pageBytes() {
    return numbers.plainLength(count);
  }

  @Override
  long heldBytes() {
    return (values.length > VALUES ? 8L * values.length : 0) + dictionary.heldBytes();
  }

  @Override
  Encoding encodeOpenPage(CompressionContext scratch, LittleEndianEncoder out) {
    statistics.reset();
    statistics.add(values, count);
    Encoding encoding = encodeValues(scratch, out);
    count = 0;
    return encoding;
  }

  @Override
  void measurePage() {
    statistics.reset();
    statistics.add(values, count);
    BloomFilter.Builder filter = filter();
    if (filter != null) {
      addTo(filter, values, count);
    }
    count = 0;
  }

  private Encoding encodeValues(CompressionContext scratch, LittleEndianEncoder out) {
    if (count == 0) {
      return Encoding.PLAIN;
    }
    if (dictionaryOpen()) {
      if (encodeIndices(scratch, out)) {
        encoded = true;
        return Encoding.RLE_DICTIONARY;
      }
      closeDictionary();
      if (!encoded) {
        dictionary.reset();
      }
    }
    BloomFilter.Builder filter = filter();
    if (filter != null) {
      addTo(filter, values, count);
    }
    if (deltas && deltasPay(scratch, out)) {
      int start = out.size();
      out.putDeltas(values, count, numbers == NumberEncoding.INT32);
      if (out.size() - start < numbers.plainLength(count)) {
        return Encoding.DELTA_BINARY_PACKED;
      }
      out.truncate(start);
    }
    numbers.encodePlain(values, count, out);
    return Encoding.PLAIN;
  }

  /**
   * Compares deltas with PLAIN encoding after zstd, which takes longer, on the first values without
   * dictionary in the chunk. Values that are multiples of a large number have long deltas.
   */
  private boolean deltasPay(CompressionContext scratch, LittleEndianEncoder out) {
    Boolean cached = deltasPay;
    if (cached == null) {
      int sample = Math.min(count, DELTA_SAMPLE);
      int start = out.size();
      numbers.encodePlain(values, sample, out);
      long plain = compressedSize(CompressionLevel.SHORT, start, scratch, out);
      out.truncate(start);
      out.putDeltas(values, sample, numbers == NumberEncoding.INT32);
      long deltaSize = compressedSize(CompressionLevel.SHORT, start, scratch, out);
      out.truncate(start);
      // In whole pages, zstd finds more repetitions than in the sample.
      cached = plain > deltaSize * 1.02;
      if (sample == DELTA_SAMPLE) {
        deltasPay = cached; // Fewer values, such as the first ones after nulls, are not typical.
      }
    }
    return cached;
  }

  private void addTo(BloomFilter.Builder filter, long[] numbersToAdd, int length) {
    if (numbers == NumberEncoding.INT32) {
      filter.addInts(numbersToAdd, length);
    } else {
      filter.addLongs(numbersToAdd, length);
    }
  }

  @Override
  void filterDictionary(BloomFilter.Builder filter) {
    addTo(filter, dictionary.entries(), dictionarySize());
  }

  private boolean encodeIndices(CompressionContext scratch, LittleEndianEncoder out) {
    int[] indices = scratch.ints(count);
    int entriesBefore = dictionary.size();
    if (!dictionary.encode(values, count, indices)) {
      dictionary.truncate(entriesBefore);
      return false;
    }
    int start = out.size();
    int length = putIndices(indices, count, dictionary.size(), out);
    if (entriesBefore > 0) {
      return true;
    }
    if (dictionary.size() < count && pays(length, start, scratch, out)) {
      orderEntries(indices, count, dictionary.size(), start, scratch, out);
      return true;
    }
    out.truncate(start);
    return false;
  }

  /** Compares the indices, which end the page, with the values: what they take in the file. */
  private boolean pays(int length, int start, CompressionContext scratch, LittleEndianEncoder out) {
    long indices = Math.min(length, compressedSize(CompressionLevel.LIGHT, start, scratch, out));
    return (!deltas || pays(indices, sizeOtherwise(true, scratch, out)))
        && pays(indices, sizeOtherwise(false, scratch, out));
  }

  private boolean pays(long length, long otherwise) {
    int size = dictionary.size();
    return pays(count, length, dictionary.halfSize(), size, numbers.plainLength(size), otherwise);
  }

  /** Returns the size of the page as deltas or in PLAIN encoding, after zstd if that helps. */
  private long sizeOtherwise(
      boolean asDeltas, CompressionContext scratch, LittleEndianEncoder out) {
    int end = out.size();
    if (asDeltas) {
      out.putDeltas(values, count, numbers == NumberEncoding.INT32);
    } else {
      numbers.encodePlain(values, count, out);
    }
    long size = compressedSize(CompressionLevel.LIGHT, end, scratch, out);
    out.truncate(end);
    return size;
  }

  @Override
  ColumnStatistics pageStatistics() {
    return statistics;
  }

  @Override
  ColumnStatistics emptyStatistics() {
    return new ColumnNumberStatistics(numbers);
  }

  @Override
  int dictionarySize() {
    return encoded ? dictionary.size() : 0;
  }

  @Override
  void encodeDictionary(LittleEndianEncoder out) {
    numbers.encodePlain(dictionary.entries(), dictionary.size(), out);
  }

  @Override
  void reorderDictionary(int[] renumbered) {
    dictionary.reorder(renumbered);
  }

  @Override
  void forgetDictionary() {
    dictionary.reset();
    encoded = false;
    deltasPay = null;
    if (values.length > VALUES) {
      values = new long[VALUES];
    }
    if (numbers == NumberEncoding.BOOLEAN) {
      closeDictionary();
    }
  }
}
