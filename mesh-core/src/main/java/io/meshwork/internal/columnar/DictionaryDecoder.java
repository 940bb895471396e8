package io.meshwork.internal.columnar;

/** The entries of a dictionary page, converted once, and codes turned into them. */
final class DictionaryDecoder {
  private final Vector entries;
  private int[] scratch = new int[0];

  DictionaryDecoder(Vector entries) {
    this.entries = entries;
  }

  /** The entries, in the class of the type wanted. */
  Vector entries() {
    return entries;
  }

  /** Appends the entries of the next codes. */
  void append(RunDecoder codes, Vector to, int count) {
    if (scratch.length < count) {
      scratch = new int[count];
    }
    codes.read(scratch, 0, count);
    check(scratch, 0, count);
    keepMisfits(scratch, 0, to, count);
    append(scratch, to, count);
  }

  /** Appends the next codes themselves. */
  void appendCodes(RunDecoder codes, DictionaryVector to, int count) {
    int[] target = to.room(count);
    codes.read(target, to.size(), count);
    check(target, to.size(), count);
    keepMisfits(target, to.size(), to, count);
    to.extended(count);
  }

  private void keepMisfits(int[] codes, int from, Vector to, int count) {
    Misfits unfit = entries.misfits();
    Misfits kept = to.misfits();
    if (unfit == null || kept == null || unfit.next(0) < 0) {
      return;
    }
    for (int i = 0; i < count; i++) {
      kept.copy(unfit, codes[from + i], to.size() + i);
    }
  }

  private void check(int[] codes, int from, int count) {
    int most = 0;
    int signs = 0;
    for (int i = from; i < from + count; i++) {
      most = Math.max(most, codes[i]);
      signs |= codes[i];
    }
    if (count > 0 && (signs < 0 || most >= entries.size())) {
      throw new DecoderException(
          "a code beyond the " + entries.size() + " entries of the dictionary");
    }
  }

  /** Turns the rows of a vector of codes into entries; nulls stay nulls. */
  void flatten(DictionaryVector coded, BytesVector to) {
    BytesVector from = (BytesVector) entries;
    Misfits unfit = coded.misfits();
    Misfits kept = to.misfits();
    for (int row = 0; row < coded.size(); row++) {
      if (unfit != null && kept != null) {
        kept.copy(unfit, row, row);
      }
      if (coded.isNull(row)) {
        to.appendNull();
      } else {
        ValueDecoder.within((long) to.start(to.size()) + from.length(coded.code(row)));
        to.appendFrom(from, coded.code(row));
      }
    }
  }

  private void append(int[] codes, Vector to, int count) {
    int at = to.size();
    if (to instanceof LongVector longs) {
      long[] from = ((LongVector) entries).values();
      long[] target = longs.room(count);
      for (int i = 0; i < count; i++) {
        target[at + i] = from[codes[i]];
      }
    } else if (to instanceof DoubleVector doubles) {
      double[] from = ((DoubleVector) entries).values();
      double[] target = doubles.room(count);
      for (int i = 0; i < count; i++) {
        target[at + i] = from[codes[i]];
      }
    } else if (to instanceof IntVector ints) {
      int[] from = ((IntVector) entries).values();
      int[] target = ints.room(count);
      for (int i = 0; i < count; i++) {
        target[at + i] = from[codes[i]];
      }
    } else if (to instanceof FloatVector floats) {
      float[] from = ((FloatVector) entries).values();
      float[] target = floats.room(count);
      for (int i = 0; i < count; i++) {
        target[at + i] = from[codes[i]];
      }
    } else if (to instanceof BooleanVector booleans) {
      boolean[] from = ((BooleanVector) entries).values();
      boolean[] target = booleans.room(count);
      for (int i = 0; i < count; i++) {
        target[at + i] = from[codes[i]];
      }
    } else if (to instanceof BytesVector bytes) {
      append(codes, bytes, count);
      return;
    }
    to.extended(count);
  }

  private void append(int[] codes, BytesVector to, int count) {
    BytesVector from = (BytesVector) entries;
    int at = to.size();
    int[] offsets = to.room(count);
    long end = offsets[at];
    for (int i = 0; i < count; i++) {
      end += from.length(codes[i]);
      offsets[at + i + 1] = ValueDecoder.within(end);
    }
    byte[] target = to.roomTo((int) end);
    byte[] source = from.data();
    for (int i = 0; i < count; i++) {
      int start = offsets[at + i];
      System.arraycopy(source, from.start(codes[i]), target, start, offsets[at + i + 1] - start);
    }
    to.extended(count);
  }
}
