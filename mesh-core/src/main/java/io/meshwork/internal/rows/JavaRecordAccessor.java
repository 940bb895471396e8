package io.meshwork.internal.rows;

import io.meshwork.internal.columnar.BooleanVector;
import io.meshwork.internal.columnar.DoubleVector;
import io.meshwork.internal.columnar.FloatVector;
import io.meshwork.internal.columnar.IntVector;
import io.meshwork.internal.columnar.LongVector;
import io.meshwork.internal.columnar.Vector;
import io.meshwork.internal.columnar.VectorBatch;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes apart Java records of one class. Each component has a handle of the exact type of its
 * vector, so primitives are neither boxed nor looked at twice.
 */
final class JavaRecordAccessor implements Shredders.Accessor {
  private final Class<?> recordClass;
  private final ColumnStep[] steps;

  private JavaRecordAccessor(Class<?> recordClass, ColumnStep[] steps) {
    this.recordClass = recordClass;
    this.steps = steps;
  }

  static JavaRecordAccessor of(Class<?> recordClass, List<ContractColumn> columns) {
    Gaps gaps = new Gaps("Cannot take records of class " + recordClass.getName());
    Map<String, ContractColumn> byName = new HashMap<>();
    columns.forEach(column -> byName.put(column.name(), column));
    List<String> names = columns.stream().map(ContractColumn::name).toList();
    ColumnStep[] steps = new ColumnStep[columns.size()];
    boolean[] named = new boolean[columns.size()];
    for (RecordComponent component : RecordComponents.of(recordClass)) {
      String name = RecordComponents.columnOf(component);
      ContractColumn column = byName.get(name);
      if (column == null) {
        gaps.add(
            "UNKNOWN_COLUMN",
            name,
            "component '"
                + component.getName()
                + "' stands for '"
                + Gaps.shown(name)
                + "', which is no column of the contract",
            "rename it or annotate it with @Column; " + Gaps.candidates(name, names));
      } else if (named[column.position()]) {
        gaps.add(
            "DUPLICATE_COLUMN",
            name,
            "two components stand for column '" + name + "'",
            "keep one of them");
      } else {
        named[column.position()] = true;
        Class<?> valueClass = RecordComponents.valueClass(component);
        if (column.kind().mayTake(valueClass)) {
          steps[column.position()] = step(recordClass, component, valueClass, column);
        } else {
          gaps.add(
              "TYPE_MISMATCH",
              name,
              "component '"
                  + component.getName()
                  + "' is of type "
                  + valueClass.getTypeName()
                  + ", and column '"
                  + name
                  + "' is of type "
                  + column.typeName(),
              "declare it as one of " + column.kind().taken());
        }
      }
    }
    for (ContractColumn column : columns) {
      if (!named[column.position()]) {
        ColumnStep missing = ColumnStep.ofMissing(column);
        if (missing == null) {
          gaps.add(
              "MISSING_COLUMN",
              column.name(),
              "it has no component for '" + column.name() + "', a required column without default",
              "add a component for it of one of the types " + column.kind().taken());
        } else {
          steps[column.position()] = missing;
        }
      }
    }
    gaps.refuseInput();
    return new JavaRecordAccessor(recordClass, steps);
  }

  @Override
  public void append(Object record, VectorBatch batch, int row, Violations violations) {
    try {
      for (int i = 0; i < steps.length; i++) {
        steps[i].append(record, batch.vector(i), row, violations);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(
          "an accessor of " + recordClass.getName() + " threw a checked exception", e);
    }
  }

  private static ColumnStep step(
      Class<?> recordClass, RecordComponent component, Class<?> valueClass, ContractColumn column) {
    MethodHandle accessor = RecordComponents.accessor(recordClass, component);
    if (!valueClass.isPrimitive()) {
      return new ObjectStep(typed(accessor, Object.class), ValueAppender.of(column, null));
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
