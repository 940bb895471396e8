package io.meshwork.internal.rows;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.vector.BooleanVector;
import io.meshwork.internal.vector.DictionaryVector;
import io.meshwork.internal.vector.DoubleVector;
import io.meshwork.internal.vector.FloatVector;
import io.meshwork.internal.vector.IntVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.Vector;
import java.lang.invoke.MethodType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one column for one component of a record: a primitive unboxed, every other value as an
 * object.
 */
final class CellReader {
  /** The current row. */
  static final class Cursor {
    List<Vector> vectors = List.of();
    int row;

    /** The number of the top-level row, for messages. */
    long rowNumber;
  }

  private final ContractColumn column;
  private final String component;
  private final Class<?> wanted;
  private final @Nullable ValueReader objects;

  /**
   * Creates the reader. {@code objects} reads values other than primitives; null if the component
   * is a primitive.
   */
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
      throw doesNotFit(column, component, wanted, cursor.rowNumber);
    }
    return (short) number;
  }

  byte readByte(Cursor cursor) {
    int number = readInt(cursor);
    if (number != (byte) number) {
      throw doesNotFit(column, component, wanted, cursor.rowNumber);
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
    return objects.read(cursor.vectors.get(column.position()), cursor.row, cursor.rowNumber);
  }

  private Vector present(Cursor cursor) {
    Vector vector = cursor.vectors.get(column.position());
    if (vector.isNull(cursor.row)) {
      throw nullForPrimitive(column, component, wanted, cursor.rowNumber);
    }
    return vector;
  }

  /** Returns the error for a row with a null that a primitive cannot represent. */
  static InvalidRequestException nullForPrimitive(
      ContractColumn column, String component, Class<?> wanted, long rowNumber) {
    return failure(component, rowNumber)
        .because(
            "column '"
                + column.path()
                + "' is null there, but the component has the primitive type "
                + wanted.getName())
        .fix(
            "Declare the component as "
                + MethodType.methodType(wanted).wrap().returnType().getSimpleName()
                + " or Optional.")
        .invalidRequest(ErrorCode.READER_INVALID);
  }

  /** Returns the error for a row with a number that a short or byte cannot represent. */
  static InvalidRequestException doesNotFit(
      ContractColumn column, String component, Class<?> wanted, long rowNumber) {
    return failure(component, rowNumber)
        .because(
            "column '"
                + column.path()
                + "' contains a number there that is out of the range of "
                + wanted.getSimpleName())
        .fix("Declare the component as int or Integer.")
        .invalidRequest(ErrorCode.READER_INVALID);
  }

  /** Starts the error for a row that a component cannot represent. */
  static Failure failure(String component, long rowNumber) {
    return Failure.of(
            MeshAction.of(
                Verb.READ, "row " + (rowNumber + 1) + " into component '" + component + "'"))
        .state("The preceding rows were read.");
  }

  private static Vector entries(Vector vector) {
    return vector instanceof DictionaryVector encoded ? encoded.dictionary() : vector;
  }

  private static int entry(Vector vector, int row) {
    return vector instanceof DictionaryVector encoded ? encoded.index(row) : row;
  }
}
