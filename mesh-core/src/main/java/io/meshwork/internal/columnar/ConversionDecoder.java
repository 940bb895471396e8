package io.meshwork.internal.columnar;

import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Turns the stored values of a column into those of the type wanted, in bulk. Widening only, and
 * exact: what would lose anything is refused, by the type if that tells, else at the value; or it
 * is told by a vector that keeps its misfits.
 */
abstract class ConversionDecoder {
  /** Appends so many values, nulls left out, to a vector of the class of the type wanted. */
  abstract void append(ValueDecoder from, Vector to, int count);

  /**
   * The conversion of a column; {@link ColumnMismatchException} if there is none.
   *
   * @param offered whether only what a contract widens is wanted, not all that a table's columns
   *     may once have been
   */
  static ConversionDecoder of(
      String column, ParquetTypeSchema found, Type wanted, boolean offered) {
    Type type = found.type();
    ConversionDecoder conversion =
        type == null
            ? null
            : switch (found.physical()) {
              case BOOLEAN -> wanted.typeId() == Type.TypeID.BOOLEAN ? new Booleans() : null;
              case FLOAT -> floats(wanted);
              case DOUBLE -> wanted.typeId() == Type.TypeID.DOUBLE ? new Doubles() : null;
              case INT32, INT64 -> NumberConversionDecoder.of(column, found, wanted, offered);
              case INT96 -> TimestampConversionDecoder.of(column, wanted);
              case BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY -> bytes(found, wanted);
            };
    if (conversion == null) {
      throw new ColumnMismatchException(column, found.describe(), wanted.toString(), why(found));
    }
    return conversion;
  }

  private static String why(ParquetTypeSchema found) {
    return found.type() == null
        ? "this Parquet type is not supported"
        : "only widening without loss is done while reading";
  }

  private static @Nullable ConversionDecoder floats(Type wanted) {
    return switch (wanted.typeId()) {
      case FLOAT -> new Floats();
      case DOUBLE -> new FloatsAsDoubles();
      default -> null;
    };
  }

  private static @Nullable ConversionDecoder bytes(ParquetTypeSchema found, Type wanted) {
    if (found.type() instanceof Types.DecimalType decimal) {
      return DecimalConversionDecoder.of(decimal, wanted);
    }
    // Strings, binaries and UUIDs, and fixed values of the same length, which are binaries, too.
    boolean widened =
        wanted.typeId() == Type.TypeID.BINARY
            && found.type() != null
            && found.type().typeId() == Type.TypeID.FIXED;
    return widened || wanted.equals(found.type()) ? new Bytes() : null;
  }

  private static final class Booleans extends ConversionDecoder {
    @Override
    void append(ValueDecoder from, Vector to, int count) {
      BooleanVector target = (BooleanVector) to;
      from.booleans(target.room(count), target.size(), count);
      target.extended(count);
    }
  }

  private static final class Floats extends ConversionDecoder {
    @Override
    void append(ValueDecoder from, Vector to, int count) {
      FloatVector target = (FloatVector) to;
      from.floats(target.room(count), target.size(), count);
      target.extended(count);
    }
  }

  private static final class Doubles extends ConversionDecoder {
    @Override
    void append(ValueDecoder from, Vector to, int count) {
      DoubleVector target = (DoubleVector) to;
      from.doubles(target.room(count), target.size(), count);
      target.extended(count);
    }
  }

  private static final class FloatsAsDoubles extends ConversionDecoder {
    private float[] scratch = new float[0];

    @Override
    void append(ValueDecoder from, Vector to, int count) {
      if (scratch.length < count) {
        scratch = new float[count];
      }
      from.floats(scratch, 0, count);
      DoubleVector target = (DoubleVector) to;
      double[] values = target.room(count);
      int at = target.size();
      for (int i = 0; i < count; i++) {
        values[at + i] = scratch[i];
      }
      target.extended(count);
    }
  }

  private static final class Bytes extends ConversionDecoder {
    @Override
    void append(ValueDecoder from, Vector to, int count) {
      from.bytes((BytesVector) to, count);
    }
  }
}
