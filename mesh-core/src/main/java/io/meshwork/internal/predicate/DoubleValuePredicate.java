package io.meshwork.internal.predicate;

import io.meshwork.internal.vector.DoubleVector;
import io.meshwork.internal.vector.FloatVector;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.Vector;
import java.util.Arrays;

/** Tests on floats and doubles. NaN passes none of them; -0.0 equals 0.0. */
sealed interface DoubleValuePredicate extends ValuePredicate {
  /** Returns true if the number passes. A float is tested as the equal double. */
  boolean passes(double value);

  /** Numbers from {@code least} to {@code most}, inclusive; none if {@code least > most}. */
  record Range(double least, double most) implements DoubleValuePredicate {
    @Override
    public boolean passes(double value) {
      return value >= least && value <= most;
    }

    @Override
    public void mark(Vector values, int rows, RowMask passing) {
      if (values instanceof DoubleVector doubles) {
        mark(doubles.values(), rows, passing);
      } else {
        DoubleValuePredicate.super.mark(values, rows, passing);
      }
    }

    private void mark(double[] values, int rows, RowMask passing) {
      for (int from = 0; from < rows; from += 64) {
        int count = Math.min(64, rows - from);
        long bits = 0;
        for (int i = 0; i < count; i++) {
          double value = values[from + i];
          bits |= (value >= least && value <= most ? 1L : 0L) << i;
        }
        passing.setWord(from >>> 6, bits);
      }
    }
  }

  /** Numbers that are members of a sorted set without -0.0. */
  final class Members implements DoubleValuePredicate {
    private final double[] sorted;

    Members(double[] sorted) {
      this.sorted = sorted;
    }

    @Override
    public boolean passes(double value) {
      return Arrays.binarySearch(sorted, value + 0.0) >= 0;
    }
  }

  @Override
  default void mark(Vector values, int rows, RowMask passing) {
    if (values instanceof DoubleVector doubles) {
      for (int row = 0; row < rows; row++) {
        if (passes(doubles.get(row))) {
          passing.set(row);
        }
      }
    } else {
      FloatVector floats = (FloatVector) values;
      for (int row = 0; row < rows; row++) {
        if (passes(floats.get(row))) {
          passing.set(row);
        }
      }
    }
  }
}
