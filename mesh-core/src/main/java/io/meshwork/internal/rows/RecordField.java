package io.meshwork.internal.rows;

import io.meshwork.internal.vector.BooleanVector;
import io.meshwork.internal.vector.DoubleVector;
import io.meshwork.internal.vector.FloatVector;
import io.meshwork.internal.vector.IntVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.Vector;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import org.jspecify.annotations.Nullable;

/**
 * Copies one component of records to the vector of its column. Stateless.
 *
 * <p>The classes here are templates: {@link HiddenClassCopy} defines a copy for each component,
 * with the component's accessor as a constant, so that its loop is compiled for this accessor
 * alone.
 */
abstract class RecordField {
  /** Appends the component of each record; {@code appender} is used for objects only. */
  abstract void append(RecordRun run, Vector vector, ValueAppender appender) throws Throwable;

  /** The templates, one for each result of an accessor. */
  enum Template {
    BOOLEAN(boolean.class, Booleans.class),
    INT(int.class, Ints.class),
    LONG(long.class, Longs.class),
    FLOAT(float.class, Floats.class),
    DOUBLE(double.class, Doubles.class),
    OBJECT(Object.class, Objects.class);

    private final Class<?> result;
    private final Class<? extends RecordField> code;

    Template(Class<?> result, Class<? extends RecordField> code) {
      this.result = result;
      this.code = code;
    }

    /** Returns the result of the accessor. */
    Class<?> result() {
      return result;
    }

    /** Returns the class to copy. */
    Class<? extends RecordField> code() {
      return code;
    }
  }

  static final class Booleans extends RecordField {
    private static final MethodHandle READ = HiddenClassCopy.constant(MethodHandles.lookup());

    @Override
    void append(RecordRun run, Vector vector, ValueAppender appender) throws Throwable {
      BooleanVector target = (BooleanVector) vector;
      boolean[] values = target.ensureCapacity(run.size());
      int end = target.size();
      for (int i = run.from(); i < run.to(); i++) {
        values[end++] = (boolean) READ.invokeExact(run.records()[i]);
      }
      target.extended(run.size());
    }
  }

  static final class Ints extends RecordField {
    private static final MethodHandle READ = HiddenClassCopy.constant(MethodHandles.lookup());

    @Override
    void append(RecordRun run, Vector vector, ValueAppender appender) throws Throwable {
      IntVector target = (IntVector) vector;
      int[] values = target.ensureCapacity(run.size());
      int end = target.size();
      for (int i = run.from(); i < run.to(); i++) {
        values[end++] = (int) READ.invokeExact(run.records()[i]);
      }
      target.extended(run.size());
    }
  }

  static final class Longs extends RecordField {
    private static final MethodHandle READ = HiddenClassCopy.constant(MethodHandles.lookup());

    @Override
    void append(RecordRun run, Vector vector, ValueAppender appender) throws Throwable {
      LongVector target = (LongVector) vector;
      long[] values = target.ensureCapacity(run.size());
      int end = target.size();
      for (int i = run.from(); i < run.to(); i++) {
        values[end++] = (long) READ.invokeExact(run.records()[i]);
      }
      target.extended(run.size());
    }
  }

  static final class Floats extends RecordField {
    private static final MethodHandle READ = HiddenClassCopy.constant(MethodHandles.lookup());

    @Override
    void append(RecordRun run, Vector vector, ValueAppender appender) throws Throwable {
      FloatVector target = (FloatVector) vector;
      float[] values = target.ensureCapacity(run.size());
      int end = target.size();
      for (int i = run.from(); i < run.to(); i++) {
        values[end++] = (float) READ.invokeExact(run.records()[i]);
      }
      target.extended(run.size());
    }
  }

  static final class Doubles extends RecordField {
    private static final MethodHandle READ = HiddenClassCopy.constant(MethodHandles.lookup());

    @Override
    void append(RecordRun run, Vector vector, ValueAppender appender) throws Throwable {
      DoubleVector target = (DoubleVector) vector;
      double[] values = target.ensureCapacity(run.size());
      int end = target.size();
      for (int i = run.from(); i < run.to(); i++) {
        values[end++] = (double) READ.invokeExact(run.records()[i]);
      }
      target.extended(run.size());
    }
  }

  /**
   * Appends objects. What follows the reading of them is not part of the copies, so that it is
   * compiled once for all components.
   */
  abstract static class OfObjects extends RecordField {
    abstract @Nullable Object read(Object record) throws Throwable;

    abstract ObjectRun readAll(RecordRun run) throws Throwable;

    @Override
    final void append(RecordRun run, Vector vector, ValueAppender appender) throws Throwable {
      if (run.size() == 1) {
        Object value = read(run.records()[run.from()]);
        FieldWriter.appendAny(appender, value, vector, run.row(), run.violations());
        return;
      }
      appender.appendAll(readAll(run), vector, run.row(), run.violations());
    }
  }

  static final class Objects extends OfObjects {
    private static final MethodHandle READ = HiddenClassCopy.constant(MethodHandles.lookup());

    @Override
    @Nullable Object read(Object record) throws Throwable {
      return (Object) READ.invokeExact(record);
    }

    @Override
    ObjectRun readAll(RecordRun run) throws Throwable {
      // As ObjectRun.addContent, but faster with arrays that no other code knows yet.
      Object[] values = new Object[run.size()];
      int[] levels = new int[run.size()];
      int count = 0;
      for (int i = 0; i < levels.length; i++) {
        Object value = ObjectRun.content((Object) READ.invokeExact(run.records()[run.from() + i]));
        if (value != null) {
          levels[i] = 1;
          values[count++] = value;
        }
      }
      return new ObjectRun(values, count, levels);
    }
  }
}
