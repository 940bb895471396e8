package io.meshwork.internal.rows;

import io.meshwork.internal.columnar.BooleanVector;
import io.meshwork.internal.columnar.DoubleVector;
import io.meshwork.internal.columnar.FloatVector;
import io.meshwork.internal.columnar.IntVector;
import io.meshwork.internal.columnar.LongVector;
import io.meshwork.internal.columnar.Vector;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;

/**
 * Takes apart Java records of one class. Each component has a handle of the exact type of its
 * vector, so primitives are neither boxed nor looked at twice.
 */
final class JavaRecordAccessor {
  private JavaRecordAccessor() {}

  /** The accessor of a class, of no use if it adds gaps. */
  static Shredders.Accessor of(Class<?> recordClass, ColumnGroup group, Gaps gaps) {
    List<String> names = group.names();
    ColumnStep[] steps = new ColumnStep[names.size()];
    boolean[] named = new boolean[names.size()];
    for (RecordComponent component : RecordComponents.of(recordClass)) {
      String name = RecordComponents.columnOf(component);
      ContractColumn column = group.find(name);
      if (column == null) {
        gaps.add(
            "UNKNOWN_COLUMN",
            group.place(name),
            "component '"
                + component.getName()
                + "' stands for '"
                + group.place(Gaps.shown(name))
                + "', which is no column of the contract",
            "rename it or annotate it with @Column; " + Gaps.candidates(name, names));
      } else if (named[column.position()]) {
        gaps.add(
            "DUPLICATE_COLUMN",
            column.path(),
            "two components stand for column '" + column.path() + "'",
            "keep one of them");
      } else {
        named[column.position()] = true;
        steps[column.position()] = step(recordClass, component, column, gaps);
      }
    }
    for (ContractColumn column : group.columns()) {
      if (!named[column.position()]) {
        ColumnStep missing = ColumnStep.ofMissing(column);
        if (missing == null) {
          gaps.add(
              "MISSING_COLUMN",
              column.path(),
              "it has no component for '" + column.path() + "', a required column without default",
              "add a component for it of one of the types " + column.kind().taken());
        } else {
          steps[column.position()] = missing;
        }
      }
    }
    return new StepAccessor(recordClass.getName(), steps);
  }

  private static ColumnStep step(
      Class<?> recordClass, RecordComponent component, ContractColumn column, Gaps gaps) {
    MethodHandle accessor = RecordComponents.accessor(recordClass, component);
    Type type = RecordComponents.valueType(component);
    ValueAppender appender = ValueAppender.of(column, null);
    appender.fitJava(type, "component '" + component.getName() + "'", gaps);
    if (!JavaTypes.raw(type).isPrimitive() || !column.kind().mayTake(JavaTypes.raw(type))) {
      return new ObjectStep(typed(accessor, Object.class), appender);
    }
    return switch (column.kind()) {
      case BOOLEAN -> new BooleanStep(typed(accessor, boolean.class));
      case INT -> new IntStep(typed(accessor, int.class));
      case LONG -> new LongStep(typed(accessor, long.class));
      case FLOAT -> new FloatStep(typed(accessor, float.class));
      case DOUBLE -> new DoubleStep(typed(accessor, double.class));
      default ->
          throw new IllegalStateException(
              "no primitive goes into a column of type " + column.typeName());
    };
  }

  /** The accessor as a function from Object, with primitives widened on the way. */
  private static MethodHandle typed(MethodHandle accessor, Class<?> result) {
    return accessor.asType(MethodType.methodType(result, Object.class));
  }

  private static final class BooleanStep extends ColumnStep {
    private final MethodHandle accessor;

    BooleanStep(MethodHandle accessor) {
      this.accessor = accessor;
    }

    @Override
    void append(Object record, Vector vector, int row, Violations violations) throws Throwable {
      ((BooleanVector) vector).append((boolean) accessor.invokeExact(record));
    }
  }

  private static final class IntStep extends ColumnStep {
    private final MethodHandle accessor;

    IntStep(MethodHandle accessor) {
      this.accessor = accessor;
    }

    @Override
    void append(Object record, Vector vector, int row, Violations violations) throws Throwable {
      ((IntVector) vector).append((int) accessor.invokeExact(record));
    }
  }

  private static final class LongStep extends ColumnStep {
    private final MethodHandle accessor;

    LongStep(MethodHandle accessor) {
      this.accessor = accessor;
    }

    @Override
    void append(Object record, Vector vector, int row, Violations violations) throws Throwable {
      ((LongVector) vector).append((long) accessor.invokeExact(record));
    }
  }

  private static final class FloatStep extends ColumnStep {
    private final MethodHandle accessor;

    FloatStep(MethodHandle accessor) {
      this.accessor = accessor;
    }

    @Override
    void append(Object record, Vector vector, int row, Violations violations) throws Throwable {
      ((FloatVector) vector).append((float) accessor.invokeExact(record));
    }
  }

  private static final class DoubleStep extends ColumnStep {
    private final MethodHandle accessor;

    DoubleStep(MethodHandle accessor) {
      this.accessor = accessor;
    }

    @Override
    void append(Object record, Vector vector, int row, Violations violations) throws Throwable {
      ((DoubleVector) vector).append((double) accessor.invokeExact(record));
    }
  }

  private static final class ObjectStep extends ColumnStep {
    private final MethodHandle accessor;
    private final ValueAppender appender;

    ObjectStep(MethodHandle accessor, ValueAppender appender) {
      this.accessor = accessor;
      this.appender = appender;
    }

    @Override
    void append(Object record, Vector vector, int row, Violations violations) throws Throwable {
      appendAny(appender, (Object) accessor.invokeExact(record), vector, row, violations);
    }
  }
}
