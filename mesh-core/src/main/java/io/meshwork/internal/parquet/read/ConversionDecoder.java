package io.meshwork.internal.parquet.read;

import io.meshwork.internal.parquet.encoding.ValueDecoder;
import io.meshwork.internal.parquet.schema.ColumnMismatchException;
import io.meshwork.internal.parquet.schema.ParquetColumn.ValueType;
import io.meshwork.internal.vector.BooleanVector;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.DoubleVector;
import io.meshwork.internal.vector.FloatVector;
import io.meshwork.internal.vector.Vector;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Converts the stored values of a column to the requested type, in bulk. Conversions widen and are
 * exact. A lossy conversion is rejected by type if possible, else at the value; a vector that
 * records conversion errors records it instead.
 */
abstract class ConversionDecoder {
  /** Appends this many values, nulls excluded, to a vector of the requested type. */
  abstract void append(ValueDecoder from, Vector to, int count);

  /**
   * Returns the conversion of a column; throws {@link ColumnMismatchException} if there is none.
   *
   * @param offered whether to allow only the widenings of a contract, rather than all earlier types
   *     of a table's columns
   */
  static ConversionDecoder of(String column, ValueType fileType, Type wanted, boolean offered) {
    Type type = fileType.type();
    ConversionDecoder conversion =
        type == null
            ? null
            : switch (fileType.physical()) {
              case BOOLEAN -> wanted.typeId() == Type.TypeID.BOOLEAN ? new Booleans() : null;
              case FLOAT -> floats(wanted);
              case DOUBLE -> wanted.typeId() == Type.TypeID.DOUBLE ? new Doubles() : null;
              case INT32, INT64 -> NumberConversionDecoder.of(column, fileType, wanted, offered);
              case INT96 ->
                  type.typeId() == Type.TypeID.FIXED
                      ? bytes(fileType, wanted, offered)
                      : TimestampConversionDecoder.of(column, wanted);
              case BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY -> bytes(fileType, wanted, offered);
            };
    if (conversion == null) {
      throw new ColumnMismatchException(
          column, fileType.describe(), wanted.toString(), why(fileType));
    }
    return conversion;
  }

  private static String why(ValueType fileType) {
    return fileType.type() == null
        ? ColumnMismatchException.UNSUPPORTED_TYPE
        : "only lossless widening is supported";
  }

  private static @Nullable ConversionDecoder floats(Type wanted) {
    return switch (wanted.typeId()) {
      case FLOAT -> new Floats();
      case DOUBLE -> new FloatsAsDoubles();
      default -> null;
    };
  }

  private static @Nullable ConversionDecoder bytes(
      ValueType fileType, Type wanted, boolean offered) {
    if (fileType.type() instanceof Types.DecimalType decimal) {
      return DecimalConversionDecoder.of(decimal, wanted, offered);
    } else if (fileType.type() instanceof Types.FloatType) {
      return HalfFloatConversionDecoder.of(wanted);
    }
    // Strings, binaries, and UUIDs; also fixed values of the same length, which are stored as
    // bytes.
    boolean widened =
        wanted.typeId() == Type.TypeID.BINARY
            && fileType.type() != null
            && fileType.type().typeId() == Type.TypeID.FIXED;
    return widened || wanted.equals(fileType.type()) ? new Bytes() : null;
  }

  private static final class Booleans extends ConversionDecoder {
    @Override
    void append(ValueDecoder from, Vector to, int count) {
      BooleanVector target = (BooleanVector) to;
      from.booleans(target.ensureCapacity(count), target.size(), count);
      target.extended(count);
    }
  }

  private static final class Floats extends ConversionDecoder {
    @Override
    void append(ValueDecoder from, Vector to, int count) {
      FloatVector target = (FloatVector) to;
      from.floats(target.ensureCapacity(count), target.size(), count);
      target.extended(count);
    }
  }

  private static final class Doubles extends ConversionDecoder {
    @Override
    void append(ValueDecoder from, Vector to, int count) {
      DoubleVector target = (DoubleVector) to;
      from.doubles(target.ensureCapacity(count), target.size(), count);
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
      double[] values = target.ensureCapacity(count);
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
