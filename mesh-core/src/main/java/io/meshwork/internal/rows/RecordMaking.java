package io.meshwork.internal.rows;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.columnar.Vector;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes Java records of one class: one handle from the row to the constructor's result, in which
 * primitives travel unboxed. Used by one thread at a time, and never from inside of itself.
 */
final class RecordMaking {
  private static final MethodHandles.Lookup OURS = MethodHandles.lookup();

  /** Combining handles takes time that grows with the square of their number. */
  private static final int UNBOXED = 24;

  private final Class<?> recordType;
  private final Making making;
  private final CellReader.Cursor cursor = new CellReader.Cursor();

  private RecordMaking(Class<?> recordType, Making making) {
    this.recordType = recordType;
    this.making = making;
  }

  /**
   * How to make a class of the columns of a table or the fields of a record; null if it has gaps.
   */
  static @Nullable RecordMaking of(Class<?> recordType, ColumnGroup group, Gaps gaps) {
    int before = gaps.count();
    RecordComponent[] components = RecordComponents.of(recordType);
    MethodHandle[] cells = new MethodHandle[components.length];
    for (int i = 0; i < components.length; i++) {
      String name = RecordComponents.columnOf(components[i]);
      ContractColumn column = group.find(name);
      if (column == null) {
        gaps.add(
            "UNKNOWN_COLUMN",
            group.place(name),
            "component '"
                + components[i].getName()
                + "' stands for '"
                + group.place(Gaps.shown(name))
                + "', which is no column here",
            "rename it or annotate it with @Column; " + Gaps.candidates(name, group.names()));
      } else {
        Type type = components[i].getGenericType();
        ValueReader reader =
            ValueReader.of(
                column,
                type,
                components[i].getName(),
                "component '" + components[i].getName() + "'",
                gaps);
        if (reader != null) {
          cells[i] = cell(components[i], column, reader);
        }
      }
    }
    return gaps.count() > before ? null : new RecordMaking(recordType, assemble(recordType, cells));
  }

  /** The record of a row of the vectors; {@code made} is the number of the whole row. */
  Object make(List<Vector> vectors, int row, long made) {
    cursor.vectors = vectors;
    cursor.row = row;
    cursor.made = made;
    try {
      return making.make(cursor);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(
          "the constructor of " + recordType.getName() + " threw a checked exception", e);
    }
  }

  private static Making assemble(Class<?> recordType, MethodHandle[] cells) {
    try {
      MethodHandle constructor = RecordComponents.constructor(recordType);
      if (cells.length > UNBOXED) {
        return boxed(constructor, cells);
      }
      MethodHandle fed = MethodHandles.filterArguments(constructor, 0, cells);
      MethodHandle make =
          MethodHandles.permuteArguments(
                  fed,
                  MethodType.methodType(recordType, CellReader.Cursor.class),
                  new int[cells.length])
              .asType(result(Object.class));
      return cursor -> (Object) make.invokeExact(cursor);
    } catch (IllegalArgumentException e) {
      throw new InvalidRequestException(
          ErrorCode.READER_INVALID,
          "Cannot read rows into "
              + recordType.getName()
              + ": its "
              + cells.length
              + " components are more than a method handle takes. Nothing was read. Read the rows"
              + " as maps or as Avro records.");
    }
  }

  private static MethodHandle cell(
      RecordComponent component, ContractColumn column, ValueReader objects) {
    Class<?> wanted = component.getType();
    CellReader reader =
        new CellReader(column, component.getName(), wanted, wanted.isPrimitive() ? null : objects);
    if (!wanted.isPrimitive()) {
      return reading(reader, "readObject", Object.class).asType(result(wanted));
    }
    MethodHandle primitive =
        switch (column.kind()) {
          case BOOLEAN -> reading(reader, "readBoolean", boolean.class);
          case INT ->
              wanted == short.class
                  ? reading(reader, "readShort", short.class)
                  : wanted == byte.class
                      ? reading(reader, "readByte", byte.class)
                      : reading(reader, "readInt", int.class);
          case LONG -> reading(reader, "readLong", long.class);
          case FLOAT -> reading(reader, "readFloat", float.class);
          case DOUBLE -> reading(reader, "readDouble", double.class);
          default ->
              throw new IllegalStateException(
                  "no primitive comes out of a column of type " + column.typeName());
        };
    return primitive.asType(result(wanted));
  }

  private static MethodHandle reading(CellReader reader, String method, Class<?> result) {
    try {
      return OURS.findVirtual(CellReader.class, method, result(result)).bindTo(reader);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("CellReader lacks " + method, e);
    }
  }

  private static MethodType result(Class<?> result) {
    return MethodType.methodType(result, CellReader.Cursor.class);
  }

  /** Feeds a constructor of many arguments from an array: slower a row, much sooner ready. */
  private static Making boxed(MethodHandle constructor, MethodHandle[] cells) {
    MethodHandle make =
        constructor
            .asSpreader(Object[].class, cells.length)
            .asType(MethodType.methodType(Object.class, Object[].class));
    MethodHandle[] readings = new MethodHandle[cells.length];
    for (int i = 0; i < cells.length; i++) {
      readings[i] = cells[i].asType(result(Object.class));
    }
    return cursor -> {
      Object[] values = new Object[readings.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = (Object) readings[i].invokeExact(cursor);
      }
      return (Object) make.invokeExact(values);
    };
  }

  /** Makes the record of the cursor's row; throws what its constructor throws. */
  private interface Making {
    Object make(CellReader.Cursor cursor) throws Throwable;
  }
}
