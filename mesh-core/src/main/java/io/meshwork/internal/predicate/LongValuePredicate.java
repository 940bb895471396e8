package io.meshwork.internal.predicate;

import io.meshwork.internal.vector.BooleanVector;
import io.meshwork.internal.vector.IntVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.Vector;
import java.util.Arrays;

/** Tests on booleans, integers, dates, times, and decimals of up to 18 digits. */
sealed interface LongValuePredicate extends ValuePredicate {
  /** Returns true if the number passes. */
  boolean passes(long value);

  /** Numbers from {@code least} to {@code most}, inclusive; none if {@code least > most}. */
  record Range(long least, long most) implements LongValuePredicate {
    @Override
    public boolean passes(long value) {
      return value >= least && value <= most;
    }

    @Override
    public void mark(Vector values, int rows, RowMask passing) {
      if (values instanceof LongVector longs) {
        mark(longs.values(), rows, passing);
      } else if (values instanceof IntVector ints) {
        mark(ints.values(), rows, passing);
      } else {
        LongValuePredicate.super.mark(values, rows, passing);
      }
    }

    private void mark(long[] values, int rows, RowMask passing) {
      for (int from = 0; from < rows; from += 64) {
        int count = Math.min(64, rows - from);
        long bits = 0;
        for (int i = 0; i < count; i++) {
          long value = values[from + i];
          bits |= (value >= least && value <= most ? 1L : 0L) << i;
        }
        passing.setWord(from >>> 6, bits);
      }
    }

    private void mark(int[] values, int rows, RowMask passing) {
      for (int from = 0; from < rows; from += 64) {
        int count = Math.min(64, rows - from);
        long bits = 0;
        for (int i = 0; i < count; i++) {
          long value = values[from + i];
          bits |= (value >= least && value <= most ? 1L : 0L) << i;
        }
        passing.setWord(from >>> 6, bits);
      }
    }
  }

  /** Numbers that are members of a sorted set. */
  final class Members implements LongValuePredicate {
    private final long[] sorted;

    Members(long[] sorted) {
      this.sorted = sorted;
    }

    @Override
    public boolean passes(long value) {
      return Arrays.binarySearch(sorted, value) >= 0;
    }
  }

  @Override
  default void mark(Vector values, int rows, RowMask passing) {
    if (values instanceof LongVector longs) {
      for (int row = 0; row < rows; row++) {
        if (passes(longs.get(row))) {
          passing.set(row);
        }
      }
    } else if (values instanceof IntVector ints) {
      for (int row = 0; row < rows; row++) {
        if (passes(ints.get(row))) {
          passing.set(row);
        }
      }
    } else {
      BooleanVector booleans = (BooleanVector) values;
      for (int row = 0; row < rows; row++) {
        if (passes(booleans.get(row) ? 1 : 0)) {
          passing.set(row);
        }
      }
    }
  }
}
