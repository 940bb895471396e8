package io.meshwork.internal.parquet.read;

import io.meshwork.internal.parquet.encoding.ValueDecoder;
import io.meshwork.internal.parquet.schema.UnreadableFileException;
import io.meshwork.internal.vector.BooleanVector;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.DictionaryVector;
import io.meshwork.internal.vector.DoubleVector;
import io.meshwork.internal.vector.FloatVector;
import io.meshwork.internal.vector.IntVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.Vector;
import org.jspecify.annotations.Nullable;

/** Holds the converted entries of a dictionary page and resolves indices. */
final class DictionaryDecoder {
  private final Vector entries;

  /** Gets which entries values refer to; null if that is not needed. */
  private final boolean @Nullable [] used;

  private int[] scratch = new int[0];

  /** The bytes of the longest entry; -1 if it is not known. */
  private int longest = -1;

  /**
   * Creates a decoder.
   *
   * @param used gets which entries values refer to; null if that is not needed
   */
  DictionaryDecoder(Vector entries, boolean @Nullable [] used) {
    this.entries = entries;
    this.used = used;
  }

  /**
   * Returns how many bytes the rows of a vector of indices have without a dictionary, or more; more
   * only up to a limit.
   */
  long byteSize(DictionaryVector rows, long limit) {
    BytesVector strings = (BytesVector) entries;
    if (longest < 0) {
      longest = 0;
      for (int i = 0; i < strings.size(); i++) {
        longest = Math.max(longest, strings.length(i));
      }
    }
    long most = (long) longest * rows.size();
    if (most <= limit) {
      return most;
    }
    long bytes = 0;
    for (int row = 0; row < rows.size(); row++) {
      bytes += rows.isNull(row) ? 0 : strings.length(rows.index(row));
    }
    return bytes;
  }

  /** Appends the entries of the next indices. */
  void append(ValueDecoder indices, Vector to, int count) {
    if (scratch.length < count) {
      scratch = new int[count];
    }
    indices.ints(scratch, 0, count);
    check(scratch, 0, count);
    recordConversionErrors(scratch, 0, to, count);
    append(scratch, to, count);
  }

  /** Appends the next indices. */
  void appendIndices(ValueDecoder indices, DictionaryVector to, int count) {
    int[] target = to.ensureCapacity(count);
    indices.ints(target, to.size(), count);
    check(target, to.size(), count);
    recordConversionErrors(target, to.size(), to, count);
    to.extended(count);
  }

  private void recordConversionErrors(int[] indices, int from, Vector to, int count) {
    if (!to.recordsConversionErrors() || !entries.hasConversionErrors()) {
      return;
    }
    for (int i = 0; i < count; i++) {
      to.copyError(entries, indices[from + i], to.size() + i);
    }
  }

  private void check(int[] indices, int from, int count) {
    int most = 0;
    int signs = 0;
    for (int i = from; i < from + count; i++) {
      most = Math.max(most, indices[i]);
      signs |= indices[i];
    }
    if (count > 0 && (signs < 0 || most >= entries.size())) {
      throw new UnreadableFileException(
          "an index exceeds the " + entries.size() + " entries of the dictionary");
    }
    if (used != null) {
      for (int i = from; i < from + count; i++) {
        used[indices[i]] = true;
      }
    }
  }

  /** Resolves the indices of a vector; nulls stay nulls. */
  void flatten(DictionaryVector encoded, BytesVector to) {
    BytesVector from = (BytesVector) entries;
    for (int row = 0; row < encoded.size(); row++) {
      to.copyError(encoded, row, row);
      if (encoded.isNull(row)) {
        to.appendNull();
      } else {
        ValueDecoder.within(to, (long) to.start(to.size()) + from.length(encoded.index(row)));
        to.appendFrom(from, encoded.index(row));
      }
    }
  }

  private void append(int[] indices, Vector to, int count) {
    int at = to.size();
    if (to instanceof LongVector longs) {
      long[] from = ((LongVector) entries).values();
      long[] target = longs.ensureCapacity(count);
      for (int i = 0; i < count; i++) {
        target[at + i] = from[indices[i]];
      }
    } else if (to instanceof DoubleVector doubles) {
      double[] from = ((DoubleVector) entries).values();
      double[] target = doubles.ensureCapacity(count);
      for (int i = 0; i < count; i++) {
        target[at + i] = from[indices[i]];
      }
    } else if (to instanceof IntVector ints) {
      int[] from = ((IntVector) entries).values();
      int[] target = ints.ensureCapacity(count);
      for (int i = 0; i < count; i++) {
        target[at + i] = from[indices[i]];
      }
    } else if (to instanceof FloatVector floats) {
      float[] from = ((FloatVector) entries).values();
      float[] target = floats.ensureCapacity(count);
      for (int i = 0; i < count; i++) {
        target[at + i] = from[indices[i]];
      }
    } else if (to instanceof BooleanVector booleans) {
      boolean[] from = ((BooleanVector) entries).values();
      boolean[] target = booleans.ensureCapacity(count);
      for (int i = 0; i < count; i++) {
        target[at + i] = from[indices[i]];
      }
    } else if (to instanceof BytesVector bytes) {
      append(indices, bytes, count);
      return;
    }
    to.extended(count);
  }

  private void append(int[] indices, BytesVector to, int count) {
    BytesVector from = (BytesVector) entries;
    int at = to.size();
    int[] offsets = to.ensureCapacity(count);
    long end = offsets[at];
    for (int i = 0; i < count; i++) {
      end += from.length(indices[i]);
      offsets[at + i + 1] = ValueDecoder.within(to, end);
    }
    byte[] target = to.ensureBytes((int) end);
    byte[] source = from.data();
    for (int i = 0; i < count; i++) {
      int start = offsets[at + i];
      System.arraycopy(source, from.start(indices[i]), target, start, offsets[at + i + 1] - start);
    }
    to.extended(count);
  }
}
