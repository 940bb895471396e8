package io.meshwork.internal.rows;

import io.meshwork.error.FindingCode;
import io.meshwork.internal.vector.BooleanVector;
import io.meshwork.internal.vector.DoubleVector;
import io.meshwork.internal.vector.FloatVector;
import io.meshwork.internal.vector.IntVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.Vector;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;
import org.apache.avro.Schema;

/**
 * Reads Java records of one class. Each component has a method handle of the exact type of its
 * vector, so primitives are neither boxed nor dispatched twice.
 */
final class JavaRecordAccessor {
  private JavaRecordAccessor() {}

  /** Returns the accessor of a class; it must not be used if it adds mismatches. */
  static RecordShredders.Accessor of(
      Class<?> recordClass, ColumnGroup group, SchemaMismatches mismatches) {
    List<String> names = group.names();
    FieldWriter[] steps = new FieldWriter[names.size()];
    boolean[] named = new boolean[names.size()];
    for (RecordComponent component : RecordComponents.of(recordClass)) {
      String name = RecordComponents.columnOf(component);
      ContractColumn column = group.find(name);
      if (column == null) {
        mismatches.add(
            FindingCode.UNKNOWN_COLUMN,
            group.place(name),
            "component '"
                + component.getName()
                + "' maps to '"
                + group.place(SchemaMismatches.quoted(name))
                + "', which is not a column of the contract",
            "rename it or annotate it with @Column; " + SchemaMismatches.suggestions(name, names));
      } else if (named[column.position()]) {
        mismatches.add(
            FindingCode.DUPLICATE_COLUMN,
            column.path(),
            "two components map to column '" + column.path() + "'",
            "keep one of them");
      } else {
        named[column.position()] = true;
        steps[column.position()] = step(recordClass, component, column, mismatches);
      }
    }
    for (ContractColumn column : group.columns()) {
      if (!named[column.position()]) {
        FieldWriter missing = FieldWriter.ofMissing(column);
        if (missing == null) {
          mismatches.add(
              FindingCode.INPUT_COLUMN_MISSING,
              column.path(),
              "the component for '"
                  + column.path()
                  + "' is missing, a required column without default",
              "add a component of "
                  + (column.kind().nested() ? "type " : "one of the types ")
                  + (column.kind().nested() ? javaType(column) : column.kind().acceptedClasses()));
        } else {
          steps[column.position()] = missing;
        }
      }
    }
    return new FieldAccessor(recordClass.getName(), steps);
  }

  /** Returns the Java type of a column's values for a message, such as {@code List<Line>}. */
  private static String javaType(ContractColumn column) {
    Schema type = ColumnKind.withoutNull(column.contractType());
    return switch (column.kind()) {
      case RECORD, ENUM -> type == null ? column.typeName() : type.getName();
      case LIST -> "List<" + javaType(column.first()) + ">";
      case MAP -> "Map<String, " + javaType(column.second()) + ">";
      default -> column.kind().boxedClass();
    };
  }

  private static FieldWriter step(
      Class<?> recordClass,
      RecordComponent component,
      ContractColumn column,
      SchemaMismatches mismatches) {
    MethodHandle accessor = RecordComponents.accessor(recordClass, component);
    Type type = RecordComponents.valueType(component);
    ValueAppender appender = ValueAppender.of(column, null);
    appender.fitJava(type, "component '" + component.getName() + "'", mismatches);
    if (!JavaTypes.raw(type).isPrimitive() || !column.kind().mayAccept(JavaTypes.raw(type))) {
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
              "no primitive type for a column of type " + column.typeName());
    };
  }

  /** Returns the accessor as a function from Object that widens primitives. */
  private static MethodHandle typed(MethodHandle accessor, Class<?> result) {
    return accessor.asType(MethodType.methodType(result, Object.class));
  }

  private static final class BooleanStep extends FieldWriter {
    private final MethodHandle accessor;

    BooleanStep(MethodHandle accessor) {
      this.accessor = accessor;
    }

    @Override
    void append(Object record, Vector vector, int row, TypeViolations violations) throws Throwable {
      ((BooleanVector) vector).append((boolean) accessor.invokeExact(record));
    }
  }

  private static final class IntStep extends FieldWriter {
    private final MethodHandle accessor;

    IntStep(MethodHandle accessor) {
      this.accessor = accessor;
    }

    @Override
    void append(Object record, Vector vector, int row, TypeViolations violations) throws Throwable {
      ((IntVector) vector).append((int) accessor.invokeExact(record));
    }
  }

  private static final class LongStep extends FieldWriter {
    private final MethodHandle accessor;

    LongStep(MethodHandle accessor) {
      this.accessor = accessor;
    }

    @Override
    void append(Object record, Vector vector, int row, TypeViolations violations) throws Throwable {
      ((LongVector) vector).append((long) accessor.invokeExact(record));
    }
  }

  private static final class FloatStep extends FieldWriter {
    private final MethodHandle accessor;

    FloatStep(MethodHandle accessor) {
      this.accessor = accessor;
    }

    @Override
    void append(Object record, Vector vector, int row, TypeViolations violations) throws Throwable {
      ((FloatVector) vector).append((float) accessor.invokeExact(record));
    }
  }

  private static final class DoubleStep extends FieldWriter {
    private final MethodHandle accessor;

    DoubleStep(MethodHandle accessor) {
      this.accessor = accessor;
    }

    @Override
    void append(Object record, Vector vector, int row, TypeViolations violations) throws Throwable {
      ((DoubleVector) vector).append((double) accessor.invokeExact(record));
    }
  }

  private static final class ObjectStep extends FieldWriter {
    private final MethodHandle accessor;
    private final ValueAppender appender;

    ObjectStep(MethodHandle accessor, ValueAppender appender) {
      this.accessor = accessor;
      this.appender = appender;
    }

    @Override
    void append(Object record, Vector vector, int row, TypeViolations violations) throws Throwable {
      appendAny(appender, (Object) accessor.invokeExact(record), vector, row, violations);
    }
  }
}
