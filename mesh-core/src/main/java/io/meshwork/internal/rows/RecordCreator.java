package io.meshwork.internal.rows;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import java.util.List;

/**
 * Calls the constructor of a record class. Stateless.
 *
 * <p>{@link Constructor} is a template: {@link HiddenClassCopy} defines a copy for each class, with
 * the constructor as a constant.
 */
public abstract class RecordCreator {
  /** The values of some rows, one array per component, and the index of the current row. */
  public static final class Values {
    final Object[] columns;
    final int size;
    int index;

    /** Starts at the first row. */
    public Values(Object[] columns, int size) {
      this.columns = columns;
      this.size = size;
    }

    public int size() {
      return size;
    }

    public void moveTo(int row) {
      index = row;
    }
  }

  /** The maximum number of combined handles; the time to combine them grows quadratically. */
  private static final int MAX_UNBOXED = 24;

  private static final MethodHandles.Lookup OWN = MethodHandles.lookup();

  /** Returns the record of the current row; throws what its constructor throws. */
  public abstract Object create(Values values) throws Throwable;

  /**
   * Returns the creator of a class.
   *
   * @param constructor takes the components in order
   * @throws IllegalArgumentException if there are too many for method handles
   */
  static RecordCreator of(MethodHandle constructor) {
    List<Class<?>> types = constructor.type().parameterList();
    MethodHandle create =
        types.size() > MAX_UNBOXED
            ? MethodHandles.filterArguments(
                constructor.asSpreader(Object[].class, types.size()),
                0,
                reading("boxed", Object[].class, List.of()))
            : unboxed(constructor, types);
    return HiddenClassCopy.of(
        RecordCreator.class, Constructor.class, create.asType(from(Object.class, List.of())));
  }

  private static MethodHandle unboxed(MethodHandle constructor, List<Class<?>> types) {
    MethodHandle[] cells = new MethodHandle[types.size()];
    for (int i = 0; i < cells.length; i++) {
      Class<?> type = types.get(i);
      MethodHandle cell =
          type.isPrimitive()
              ? reading(type.getName() + "At", type, List.of(int.class))
              : reading("objectAt", Object.class, List.of(int.class));
      cells[i] = MethodHandles.insertArguments(cell, 1, i).asType(from(type, List.of()));
    }
    return MethodHandles.permuteArguments(
        MethodHandles.filterArguments(constructor, 0, cells),
        from(constructor.type().returnType(), List.of()),
        new int[cells.length]);
  }

  private static MethodHandle reading(String method, Class<?> result, List<Class<?>> further) {
    try {
      return OWN.findStatic(RecordCreator.class, method, from(result, further));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("RecordCreator lacks " + method, e);
    }
  }

  private static MethodType from(Class<?> result, List<Class<?>> further) {
    return MethodType.methodType(result, Values.class).appendParameterTypes(further);
  }

  static boolean booleanAt(Values values, int column) {
    return ((boolean[]) values.columns[column])[values.index];
  }

  static byte byteAt(Values values, int column) {
    return ((byte[]) values.columns[column])[values.index];
  }

  static short shortAt(Values values, int column) {
    return ((short[]) values.columns[column])[values.index];
  }

  static int intAt(Values values, int column) {
    return ((int[]) values.columns[column])[values.index];
  }

  static long longAt(Values values, int column) {
    return ((long[]) values.columns[column])[values.index];
  }

  static float floatAt(Values values, int column) {
    return ((float[]) values.columns[column])[values.index];
  }

  static double doubleAt(Values values, int column) {
    return ((double[]) values.columns[column])[values.index];
  }

  static Object objectAt(Values values, int column) {
    return ((Object[]) values.columns[column])[values.index];
  }

  /** Returns all components: slower for each row, much faster to set up. */
  static Object[] boxed(Values values) {
    Object[] components = new Object[values.columns.length];
    for (int i = 0; i < components.length; i++) {
      components[i] =
          values.columns[i] instanceof Object[] objects
              ? objects[values.index]
              : Array.get(values.columns[i], values.index);
    }
    return components;
  }

  static final class Constructor extends RecordCreator {
    private static final MethodHandle CREATE = HiddenClassCopy.constant(MethodHandles.lookup());

    @Override
    public Object create(Values values) throws Throwable {
      return (Object) CREATE.invokeExact(values);
    }
  }
}
