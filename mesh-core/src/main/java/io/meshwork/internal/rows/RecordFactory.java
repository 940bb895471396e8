package io.meshwork.internal.rows;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.vector.Vector;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Creates Java records of one class through one method handle from the row to the constructor's
 * result, in which primitives stay unboxed. Not thread-safe and not reentrant.
 */
final class RecordFactory {
  private static final MethodHandles.Lookup RESERVED_PREFIX = MethodHandles.lookup();

  /** Wraps an exception in a {@link ConstructorFailure}. */
  private static final MethodHandle FAILURE = failure();

  /** The maximum number of combined handles; the time to combine them grows quadratically. */
  private static final int MAX_UNBOXED = 24;

  private final Class<?> recordType;
  private final Construction construction;
  private final CellReader.Cursor cursor = new CellReader.Cursor();

  private RecordFactory(Class<?> recordType, Construction construction) {
    this.recordType = recordType;
    this.construction = construction;
  }

  /**
   * Returns the factory of a class for the columns of a table or the fields of a record; null if
   * there are mismatches.
   */
  static @Nullable RecordFactory of(
      Class<?> recordType, ColumnGroup group, SchemaMismatches mismatches) {
    int before = mismatches.count();
    RecordComponent[] components = RecordComponents.of(recordType);
    MethodHandle[] cells = new MethodHandle[components.length];
    for (int i = 0; i < components.length; i++) {
      String name = RecordComponents.columnOf(components[i]);
      ContractColumn column = group.find(name);
      if (column == null) {
        mismatches.add(
            FindingCode.UNKNOWN_COLUMN,
            group.place(name),
            "component '"
                + components[i].getName()
                + "' maps to '"
                + group.place(SchemaMismatches.quoted(name))
                + "', which is not a column here",
            "rename it or annotate it with @Column; "
                + SchemaMismatches.suggestions(name, group.names()));
      } else {
        Type type = components[i].getGenericType();
        ValueReader reader =
            ValueReader.of(
                column,
                type,
                components[i].getName(),
                "component '" + components[i].getName() + "'",
                mismatches);
        if (reader != null) {
          cells[i] = cell(components[i], column, reader);
        }
      }
    }
    return mismatches.count() > before
        ? null
        : new RecordFactory(recordType, assemble(recordType, cells));
  }

  /**
   * Returns the record of a row of the vectors; {@code rowNumber} is the number of the top-level
   * row.
   */
  Object create(List<Vector> vectors, int row, long rowNumber) {
    cursor.vectors = vectors;
    cursor.row = row;
    cursor.rowNumber = rowNumber;
    try {
      return construction.create(cursor);
    } catch (ConstructorFailure thrown) {
      throw Failure.of(
              MeshAction.of(Verb.READ, "row " + (rowNumber + 1) + " into " + recordType.getName()))
          .because("its constructor threw " + thrown.reason().getClass().getName())
          .state("The preceding rows were read; this one and the following were not.")
          .fix(
              "Make the constructor accept every row that the contract allows, or exclude the row"
                  + " with where(..).")
          .cause(thrown.reason())
          .invalidRequest(ErrorCode.READER_INVALID);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("reading a value threw a checked exception", e);
    }
  }

  private static Construction assemble(Class<?> recordType, MethodHandle[] cells) {
    try {
      MethodHandle constructor = guarded(RecordComponents.constructor(recordType));
      if (cells.length > MAX_UNBOXED) {
        return boxed(constructor, cells);
      }
      MethodHandle bound = MethodHandles.filterArguments(constructor, 0, cells);
      MethodHandle create =
          MethodHandles.permuteArguments(
                  bound,
                  MethodType.methodType(recordType, CellReader.Cursor.class),
                  new int[cells.length])
              .asType(result(Object.class));
      return cursor -> (Object) create.invokeExact(cursor);
    } catch (IllegalArgumentException e) {
      throw Failure.of(MeshAction.of(Verb.READ, "rows into " + recordType.getName()))
          .because("its " + cells.length + " components exceed the limit of method handles")
          .state("Nothing was read.")
          .fix("Read the rows as maps or as Avro records.")
          .invalidRequest(ErrorCode.READER_INVALID);
    }
  }

  /**
   * Wraps the caller's constructor, so that its exceptions can be distinguished from those of
   * reading its arguments.
   */
  private static MethodHandle guarded(MethodHandle constructor) {
    Class<?> type = constructor.type().returnType();
    MethodHandle refused =
        MethodHandles.filterArguments(
            MethodHandles.throwException(type, ConstructorFailure.class), 0, FAILURE);
    return MethodHandles.catchException(constructor, Exception.class, refused);
  }

  private static MethodHandle failure() {
    try {
      return RESERVED_PREFIX.findConstructor(
          ConstructorFailure.class, MethodType.methodType(void.class, Exception.class));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("ConstructorFailure lacks its constructor", e);
    }
  }

  /** Carries an exception of a record's constructor through the handles. */
  static final class ConstructorFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Exception reason;

    ConstructorFailure(Exception reason) {
      super(null, reason, false, false);
      this.reason = reason;
    }

    Exception reason() {
      return reason;
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
                  "no primitive type for a column of type " + column.typeName());
        };
    return primitive.asType(result(wanted));
  }

  private static MethodHandle reading(CellReader reader, String method, Class<?> result) {
    try {
      return RESERVED_PREFIX.findVirtual(CellReader.class, method, result(result)).bindTo(reader);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("CellReader lacks " + method, e);
    }
  }

  private static MethodType result(Class<?> result) {
    return MethodType.methodType(result, CellReader.Cursor.class);
  }

  /** Passes arguments to a large constructor in an array: slower per row, much faster to set up. */
  private static Construction boxed(MethodHandle constructor, MethodHandle[] cells) {
    MethodHandle create =
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
      return (Object) create.invokeExact(values);
    };
  }

  /** Creates the record of the cursor's row; throws what its constructor throws. */
  private interface Construction {
    Object create(CellReader.Cursor cursor) throws Throwable;
  }
}
