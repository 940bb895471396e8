package io.meshwork.internal.materializers;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.rows.ContractColumn;
import io.meshwork.internal.vector.BooleanVector;
import io.meshwork.internal.vector.DictionaryVector;
import io.meshwork.internal.vector.DoubleVector;
import io.meshwork.internal.vector.FloatVector;
import io.meshwork.internal.vector.IntVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.Vector;
import java.lang.invoke.MethodType;
import java.util.Arrays;

/** Reads one column for one component of records: primitives unboxed, other values as objects. */
abstract class CellReader {
  final ContractColumn column;

  private CellReader(ContractColumn column) {
    this.column = column;
  }

  /**
   * Returns the values of some rows of the vector, in a new array of the component's type, or of
   * objects.
   *
   * @param rowNumber as in {@link ValueReader#read}
   */
  abstract Object read(Vector vector, int from, int to, long rowNumber);

  /** Returns the reader of a component that is not a primitive. */
  static CellReader of(ValueReader objects) {
    return new Objects(objects);
  }

  /** Returns the reader of a component of a primitive type. */
  static CellReader of(ContractColumn column, String component, Class<?> wanted) {
    return new Primitives(column, component, wanted);
  }

  private static final class Objects extends CellReader {
    private final ValueReader values;

    Objects(ValueReader values) {
      super(values.column);
      this.values = values;
    }

    @Override
    Object read(Vector vector, int from, int to, long rowNumber) {
      return values.readAll(vector, from, to, rowNumber);
    }
  }

  private static final class Primitives extends CellReader {
    private final String component;
    private final Class<?> wanted;

    Primitives(ContractColumn column, String component, Class<?> wanted) {
      super(column);
      this.component = component;
      this.wanted = wanted;
    }

    @Override
    Object read(Vector vector, int from, int to, long rowNumber) {
      if (vector.hasNull(from, to)) {
        throw nullForPrimitive(column, component, wanted, rowNumber);
      }
      return switch (column.kind()) {
        case BOOLEAN -> booleans(vector, from, to);
        case INT -> widened(ints(vector, from, to), rowNumber);
        case LONG -> longs(vector, from, to);
        case FLOAT -> widened(floats(vector, from, to));
        case DOUBLE -> doubles(vector, from, to);
        default ->
            throw new IllegalStateException(
                "no primitive type for a column of type " + column.typeName());
      };
    }

    private Object widened(int[] values, long rowNumber) {
      if (wanted == int.class) {
        return values;
      }
      if (wanted == long.class) {
        return Arrays.stream(values).asLongStream().toArray();
      }
      return wanted == short.class ? shorts(values, rowNumber) : bytes(values, rowNumber);
    }

    private short[] shorts(int[] values, long rowNumber) {
      short[] result = new short[values.length];
      for (int i = 0; i < values.length; i++) {
        if (values[i] != (short) values[i]) {
          throw doesNotFit(column, component, wanted, rowNumber);
        }
        result[i] = (short) values[i];
      }
      return result;
    }

    private byte[] bytes(int[] values, long rowNumber) {
      byte[] result = new byte[values.length];
      for (int i = 0; i < values.length; i++) {
        if (values[i] != (byte) values[i]) {
          throw doesNotFit(column, component, wanted, rowNumber);
        }
        result[i] = (byte) values[i];
      }
      return result;
    }

    private Object widened(float[] values) {
      if (wanted == float.class) {
        return values;
      }
      double[] result = new double[values.length];
      for (int i = 0; i < values.length; i++) {
        result[i] = values[i];
      }
      return result;
    }
  }

  private static boolean[] booleans(Vector vector, int from, int to) {
    if (!(vector instanceof DictionaryVector encoded)) {
      return Arrays.copyOfRange(((BooleanVector) vector).values(), from, to);
    }
    boolean[] entries = ((BooleanVector) encoded.dictionary()).values();
    boolean[] result = new boolean[to - from];
    for (int i = 0; i < result.length; i++) {
      result[i] = entries[encoded.index(from + i)];
    }
    return result;
  }

  private static int[] ints(Vector vector, int from, int to) {
    if (!(vector instanceof DictionaryVector encoded)) {
      return Arrays.copyOfRange(((IntVector) vector).values(), from, to);
    }
    int[] entries = ((IntVector) encoded.dictionary()).values();
    int[] result = new int[to - from];
    for (int i = 0; i < result.length; i++) {
      result[i] = entries[encoded.index(from + i)];
    }
    return result;
  }

  private static long[] longs(Vector vector, int from, int to) {
    if (!(vector instanceof DictionaryVector encoded)) {
      return Arrays.copyOfRange(((LongVector) vector).values(), from, to);
    }
    long[] entries = ((LongVector) encoded.dictionary()).values();
    long[] result = new long[to - from];
    for (int i = 0; i < result.length; i++) {
      result[i] = entries[encoded.index(from + i)];
    }
    return result;
  }

  private static float[] floats(Vector vector, int from, int to) {
    if (!(vector instanceof DictionaryVector encoded)) {
      return Arrays.copyOfRange(((FloatVector) vector).values(), from, to);
    }
    float[] entries = ((FloatVector) encoded.dictionary()).values();
    float[] result = new float[to - from];
    for (int i = 0; i < result.length; i++) {
      result[i] = entries[encoded.index(from + i)];
    }
    return result;
  }

  private static double[] doubles(Vector vector, int from, int to) {
    if (!(vector instanceof DictionaryVector encoded)) {
      return Arrays.copyOfRange(((DoubleVector) vector).values(), from, to);
    }
    double[] entries = ((DoubleVector) encoded.dictionary()).values();
    double[] result = new double[to - from];
    for (int i = 0; i < result.length; i++) {
      result[i] = entries[encoded.index(from + i)];
    }
    return result;
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
}
