package io.meshwork.internal.rows;

import io.meshwork.internal.vector.BooleanVector;
import io.meshwork.internal.vector.DoubleVector;
import io.meshwork.internal.vector.FloatVector;
import io.meshwork.internal.vector.IntVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.Vector;

/** Appends booleans and numbers other than decimals. */
final class NumberAppenders {
  private NumberAppenders() {}

  static final class Booleans extends ValueAppender {
    Booleans(ContractColumn column) {
      super(column);
    }

    @Override
    void append(Object value, Vector vector, int row, TypeViolations violations) {
      if (value instanceof Boolean bool) {
        ((BooleanVector) vector).append(bool);
      } else {
        mismatch(value, vector, row, violations);
      }
    }
  }

  static final class Ints extends ValueAppender {
    Ints(ContractColumn column) {
      super(column);
    }

    @Override
    void append(Object value, Vector vector, int row, TypeViolations violations) {
      if (isInt(value)) {
        ((IntVector) vector).append(((Number) value).intValue());
      } else {
        mismatch(value, vector, row, violations);
      }
    }
  }

  static final class Longs extends ValueAppender {
    Longs(ContractColumn column) {
      super(column);
    }

    @Override
    void append(Object value, Vector vector, int row, TypeViolations violations) {
      if (isLong(value)) {
        ((LongVector) vector).append(((Number) value).longValue());
      } else {
        mismatch(value, vector, row, violations);
      }
    }
  }

  static final class Floats extends ValueAppender {
    Floats(ContractColumn column) {
      super(column);
    }

    @Override
    void append(Object value, Vector vector, int row, TypeViolations violations) {
      if (value instanceof Float number) {
        ((FloatVector) vector).append(number);
      } else {
        mismatch(value, vector, row, violations);
      }
    }
  }

  static final class Doubles extends ValueAppender {
    Doubles(ContractColumn column) {
      super(column);
    }

    @Override
    void append(Object value, Vector vector, int row, TypeViolations violations) {
      if (value instanceof Double || value instanceof Float) {
        ((DoubleVector) vector).append(((Number) value).doubleValue());
      } else {
        mismatch(value, vector, row, violations);
      }
    }
  }

  static boolean isInt(Object value) {
    return value instanceof Integer || value instanceof Short || value instanceof Byte;
  }

  static boolean isLong(Object value) {
    return value instanceof Long || isInt(value);
  }
}
