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

  static final class Booleans extends LeafAppender {
    Booleans(ContractColumn column) {
      super(column);
    }

    @Override
    boolean accept(Object value, Vector vector) {
      if (!(value instanceof Boolean bool)) {
        return false;
      }
      ((BooleanVector) vector).append(bool);
      return true;
    }

    @Override
    boolean acceptAll(Object[] values, int count, Vector vector) {
      for (int i = 0; i < count; i++) {
        if (!accept(values[i], vector)) {
          return false;
        }
      }
      return true;
    }
  }

  static final class Ints extends LeafAppender {
    Ints(ContractColumn column) {
      super(column);
    }

    @Override
    boolean accept(Object value, Vector vector) {
      if (!(isInt(value))) {
        return false;
      }
      ((IntVector) vector).append(((Number) value).intValue());
      return true;
    }

    @Override
    boolean acceptAll(Object[] values, int count, Vector vector) {
      for (int i = 0; i < count; i++) {
        if (!accept(values[i], vector)) {
          return false;
        }
      }
      return true;
    }
  }

  static final class Longs extends LeafAppender {
    Longs(ContractColumn column) {
      super(column);
    }

    @Override
    boolean accept(Object value, Vector vector) {
      if (!(isLong(value))) {
        return false;
      }
      ((LongVector) vector).append(((Number) value).longValue());
      return true;
    }

    @Override
    boolean acceptAll(Object[] values, int count, Vector vector) {
      for (int i = 0; i < count; i++) {
        if (!accept(values[i], vector)) {
          return false;
        }
      }
      return true;
    }
  }

  static final class Floats extends LeafAppender {
    Floats(ContractColumn column) {
      super(column);
    }

    @Override
    boolean accept(Object value, Vector vector) {
      if (!(value instanceof Float number)) {
        return false;
      }
      ((FloatVector) vector).append(number);
      return true;
    }

    @Override
    boolean acceptAll(Object[] values, int count, Vector vector) {
      for (int i = 0; i < count; i++) {
        if (!accept(values[i], vector)) {
          return false;
        }
      }
      return true;
    }
  }

  static final class Doubles extends LeafAppender {
    Doubles(ContractColumn column) {
      super(column);
    }

    @Override
    boolean accept(Object value, Vector vector) {
      if (!(value instanceof Double || value instanceof Float)) {
        return false;
      }
      ((DoubleVector) vector).append(((Number) value).doubleValue());
      return true;
    }

    @Override
    boolean acceptAll(Object[] values, int count, Vector vector) {
      for (int i = 0; i < count; i++) {
        if (!accept(values[i], vector)) {
          return false;
        }
      }
      return true;
    }
  }

  static boolean isInt(Object value) {
    return value instanceof Integer || value instanceof Short || value instanceof Byte;
  }

  static boolean isLong(Object value) {
    return value instanceof Long || isInt(value);
  }
}
