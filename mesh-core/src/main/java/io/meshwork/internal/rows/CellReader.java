package io.meshwork.internal.rows;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.columnar.BooleanVector;
import io.meshwork.internal.columnar.DictionaryVector;
import io.meshwork.internal.columnar.DoubleVector;
import io.meshwork.internal.columnar.FloatVector;
import io.meshwork.internal.columnar.IntVector;
import io.meshwork.internal.columnar.LongVector;
import io.meshwork.internal.columnar.Vector;
import java.lang.invoke.MethodType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads one column for one component of a record: a primitive unboxed, all else as an object. */
final class CellReader {
  /** The row to read. */
  static final class Cursor {
    List<Vector> vectors = List.of();
    int row;

    /** The number of the whole row, for messages. */
    long made;
  }

  private final ContractColumn column;
  private final String component;
  private final Class<?> wanted;
  private final @Nullable ValueReader objects;

  /** {@code objects} reads what is no primitive; null where the component is one. */
  CellReader(
      ContractColumn column, String component, Class<?> wanted, @Nullable ValueReader objects) {
    this.column = column;
    this.component = component;
    this.wanted = wanted;
    this.objects = objects;
  }

  boolean readBoolean(Cursor cursor) {
    Vector vector = present(cursor);
    return ((BooleanVector) entries(vector)).get(entry(vector, cursor.row));
  }

  int readInt(Cursor cursor) {
    Vector vector = present(cursor);
    return ((IntVector) entries(vector)).get(entry(vector, cursor.row));
  }

  short readShort(Cursor cursor) {
    int number = readInt(cursor);
    if (number != (short) number) {
      throw doesNotFit(column, component, wanted, cursor.made);
    }
    return (short) number;
  }

  byte readByte(Cursor cursor) {
    int number = readInt(cursor);
    if (number != (byte) number) {
      throw doesNotFit(column, component, wanted, cursor.made);
    }
    return (byte) number;
  }

  long readLong(Cursor cursor) {
    Vector vector = present(cursor);
    return ((LongVector) entries(vector)).get(entry(vector, cursor.row));
  }

  float readFloat(Cursor cursor) {
    Vector vector = present(cursor);
    return ((FloatVector) entries(vector)).get(entry(vector, cursor.row));
  }

  double readDouble(Cursor cursor) {
    Vector vector = present(cursor);
    return ((DoubleVector) entries(vector)).get(entry(vector, cursor.row));
  }

  @Nullable Object readObject(Cursor cursor) {
    if (objects == null) {
      throw new IllegalStateException("component " + component + " is a primitive");
    }
    return objects.read(cursor.vectors.get(column.position()), cursor.row, cursor.made);
  }

  private Vector present(Cursor cursor) {
    Vector vector = cursor.vectors.get(column.position());
    if (vector.isNull(cursor.row)) {
      throw nullForPrimitive(column, component, wanted, cursor.made);
    }
    return vector;
  }

  /** The refusal of a row with a null that a primitive cannot hold. */
  static InvalidRequestException nullForPrimitive(
      ContractColumn column, String component, Class<?> wanted, long made) {
    return new InvalidRequestException(
        ErrorCode.READER_INVALID,
        "Cannot read row "
            + (made + 1)
            + " into component '"
            + component
            + "': column '"
            + column.path()
            + "' is null there and the component is of the primitive type "
            + wanted.getName()
            + ". The rows before were read. Declare the component as "
            + MethodType.methodType(wanted).wrap().returnType().getSimpleName()
            + " or Optional.");
  }

  /** The refusal of a row with a number that a short or byte cannot hold. */
  static InvalidRequestException doesNotFit(
      ContractColumn column, String component, Class<?> wanted, long made) {
    return new InvalidRequestException(
        ErrorCode.READER_INVALID,
        "Cannot read row "
            + (made + 1)
            + " into component '"
            + component
            + "': column '"
            + column.path()
            + "' holds a number there that is out of the range of "
            + wanted.getSimpleName()
            + ". The rows before were read. Declare the component as int or Integer.");
  }

  private static Vector entries(Vector vector) {
    return vector instanceof DictionaryVector coded ? coded.dictionary() : vector;
  }

  private static int entry(Vector vector, int row) {
    return vector instanceof DictionaryVector coded ? coded.code(row) : row;
  }
}
