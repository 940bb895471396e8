package io.meshwork.internal.rows;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.columnar.VectorBatch;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Makes Java records: one handle from the row to the constructor's result, in which primitives
 * travel unboxed.
 */
final class JavaRecordMaterializer<R> implements Materializer<R> {
  private static final MethodHandles.Lookup OURS = MethodHandles.lookup();

  /** Combining handles takes time that grows with the square of their number. */
  private static final int UNBOXED = 24;

  private final Class<R> recordType;
  private final Making making;
  private final CellReader.Cursor cursor = new CellReader.Cursor();

  private JavaRecordMaterializer(Class<R> recordType, Making making) {
    this.recordType = recordType;
    this.making = making;
  }

  static <R> JavaRecordMaterializer<R> of(Class<R> recordType, List<ContractColumn> columns) {
    RecordComponent[] components = RecordComponents.of(recordType);
    Gaps gaps = new Gaps("Cannot read rows into " + recordType.getName());
    Map<String, ContractColumn> byName = new HashMap<>();
    columns.forEach(column -> byName.put(column.name(), column));
    MethodHandle[] cells = new MethodHandle[components.length];
    for (int i = 0; i < components.length; i++) {
      String name = RecordComponents.columnOf(components[i]);
      ContractColumn column = byName.get(name);
      if (column == null) {
        List<String> names = columns.stream().map(ContractColumn::name).toList();
        gaps.add(
            "UNKNOWN_COLUMN",
            name,
            "component '"
                + components[i].getName()
                + "' stands for '"
                + Gaps.shown(name)
                + "', which is no column here",
            "rename it or annotate it with @Column; " + Gaps.candidates(name, names));
      } else {
        Class<?> wanted = RecordComponents.valueClass(components[i]);
        if (fits(column.kind(), wanted)) {
          cells[i] = cell(components[i], column, wanted);
        } else {
          gaps.add(
              "TYPE_MISMATCH",
              name,
              "component '"
                  + components[i].getName()
                  + "' is of type "
                  + wanted.getTypeName()
                  + ", and column '"
                  + name
                  + "' is of type "
                  + column.typeName(),
              "declare it as one of "
                  + given(column.kind()).stream()
                      .map(Class::getSimpleName)
                      .collect(Collectors.joining(", "))
                  + (column.kind() == ColumnKind.ENUM ? ", or a Java enum" : ""));
        }
      }
    }
    gaps.refuseReader();
    return new JavaRecordMaterializer<>(recordType, assemble(recordType, cells));
  }

  @Override
  public R row(VectorBatch batch, int row) {
    cursor.batch = batch;
    cursor.row = row;
    try {
      R record = recordType.cast(making.make(cursor));
      cursor.made++;
      return record;
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
      RecordComponent component, ContractColumn column, Class<?> wanted) {
    CellReader reader = new CellReader(column, component.getName(), wanted);
    if (RecordComponents.isOptional(component)) {
      return reading(reader, "readOptional", Optional.class);
    }
    if (!wanted.isPrimitive()) {
      return reading(reader, "readObject", Object.class).asType(result(wanted));
    }
    MethodHandle primitive =
        switch (column.kind()) {
          case BOOLEAN -> reading(reader, "readBoolean", boolean.class);
          case INT -> reading(reader, "readInt", int.class);
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

  private static boolean fits(ColumnKind kind, Class<?> wanted) {
    if (kind == ColumnKind.ENUM && wanted.isEnum()) {
      return true;
    }
    List<Class<?>> given = given(kind);
    return given.contains(wanted)
        || (!wanted.isPrimitive()
            && given.stream()
                .filter(one -> !one.isPrimitive())
                .limit(1)
                .anyMatch(wanted::isAssignableFrom));
  }

  /** What a component may be declared as; the first class that is no primitive is what comes. */
  private static List<Class<?>> given(ColumnKind kind) {
    return switch (kind) {
      case BOOLEAN -> List.of(boolean.class, Boolean.class);
      case INT -> List.of(int.class, Integer.class, long.class, Long.class);
      case LONG -> List.of(long.class, Long.class);
      case FLOAT -> List.of(float.class, Float.class, double.class, Double.class);
      case DOUBLE -> List.of(double.class, Double.class);
      case STRING -> List.of(String.class);
      case ENUM -> List.of(String.class);
      case BYTES, FIXED -> List.of(ByteBuffer.class, byte[].class);
      case DECIMAL -> List.of(BigDecimal.class);
      case DATE -> List.of(LocalDate.class);
      case TIME -> List.of(LocalTime.class);
      case INSTANT -> List.of(Instant.class);
      case LOCAL_TIMESTAMP -> List.of(LocalDateTime.class);
      case UUID -> List.of(UUID.class, String.class);
    };
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
