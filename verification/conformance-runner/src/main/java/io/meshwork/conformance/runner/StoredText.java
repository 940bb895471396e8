package io.meshwork.conformance.runner;

import io.meshwork.internal.parquet.schema.ParquetColumn.ValueType;
import io.meshwork.internal.parquet.schema.ParquetFileSchema.Field;
import io.meshwork.internal.parquet.schema.UnreadableFileException;
import io.meshwork.internal.vector.BooleanVector;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.DictionaryVector;
import io.meshwork.internal.vector.DoubleVector;
import io.meshwork.internal.vector.FloatVector;
import io.meshwork.internal.vector.IntVector;
import io.meshwork.internal.vector.ListVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.MapVector;
import io.meshwork.internal.vector.StructVector;
import io.meshwork.internal.vector.Vector;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.apache.parquet.format.DecimalType;
import org.apache.parquet.format.LogicalType;

/** The canonical text of the values of a column, as they are stored in the file. */
interface StoredText {
  /** The most digits after the point, and the most bytes, of a decimal: above any that is used. */
  int MOST_DIGITS = 512;

  /** A long decimal takes as long as digesting the square of its bytes, divided by this. */
  int DECIMAL_TIME = 2;

  /** Appends the text of a value that is not null. */
  void appendValue(Vector values, int row, TextDigest to);

  /** Appends the text of a row, which may be null. */
  default void append(Vector values, int row, TextDigest to) {
    if (values.isNull(row)) {
      to.append("null");
    } else if (values instanceof DictionaryVector encoded) {
      appendValue(encoded.dictionary(), encoded.index(row), to);
    } else {
      appendValue(values, row, to);
    }
  }

  /** Returns the text of a column that is read as stored. */
  static StoredText of(Field field) {
    List<StoredText> parts = field.parts().stream().map(StoredText::of).toList();
    return switch (field.kind()) {
      case LEAF -> leaf(field);
      case LIST -> (values, row, to) -> appendList((ListVector) values, row, parts.get(0), to);
      case MAP -> (values, row, to) -> appendMap((MapVector) values, row, parts, to);
      case STRUCT -> (values, row, to) -> appendStruct((StructVector) values, row, parts, to);
      case VARIANT -> throw new IllegalStateException("a stored VARIANT is a struct");
    };
  }

  private static void appendList(ListVector lists, int row, StoredText element, TextDigest to) {
    to.append('[');
    int start = lists.start(row);
    for (int i = 0; i < lists.length(row); i++) {
      if (i > 0) {
        to.append(',');
      }
      element.append(lists.elements(), start + i, to);
    }
    to.append(']');
  }

  private static void appendMap(MapVector maps, int row, List<StoredText> parts, TextDigest to) {
    to.append('[');
    int start = maps.start(row);
    for (int i = 0; i < maps.length(row); i++) {
      to.append(i > 0 ? ",{" : "{");
      parts.get(0).append(maps.keys(), start + i, to);
      to.append(',');
      parts.get(1).append(maps.values(), start + i, to);
      to.append('}');
    }
    to.append(']');
  }

  private static void appendStruct(
      StructVector structs, int row, List<StoredText> parts, TextDigest to) {
    to.append('{');
    for (int i = 0; i < parts.size(); i++) {
      if (i > 0) {
        to.append(',');
      }
      parts.get(i).append(structs.child(i), row, to);
    }
    to.append('}');
  }

  private static StoredText leaf(Field field) {
    if (field.leaf() == null) {
      throw new IllegalStateException(field.path() + " is not a leaf");
    }
    ValueType type = field.leaf().type();
    LogicalType annotation = type.annotation() == null ? new LogicalType() : type.annotation();
    boolean unsigned = annotation.isSetINTEGER() && !annotation.getINTEGER().isIsSigned();
    boolean decimal = annotation.isSetDECIMAL();
    int scale = decimal ? scale(annotation.getDECIMAL(), field) : 0;
    return switch (type.physical()) {
      case BOOLEAN ->
          (values, row, to) -> to.append(((BooleanVector) values).values()[row] ? "true" : "false");
      case INT32 -> {
        if (decimal) {
          yield (values, row, to) -> to.appendDecimal(((IntVector) values).values()[row], scale);
        }
        long mask = unsigned ? 0xFFFF_FFFFL : -1L;
        yield (values, row, to) -> to.append(((IntVector) values).values()[row] & mask);
      }
      case INT64 -> {
        if (decimal) {
          yield (values, row, to) -> to.appendDecimal(((LongVector) values).values()[row], scale);
        }
        yield unsigned
            ? (values, row, to) ->
                to.append(Long.toUnsignedString(((LongVector) values).values()[row]))
            : (values, row, to) -> to.append(((LongVector) values).values()[row]);
      }
      case INT96 -> (values, row, to) -> to.append(nanos((BytesVector) values, row));
      case FLOAT ->
          (values, row, to) -> {
            to.append('f');
            to.appendHex(Float.floatToIntBits(((FloatVector) values).values()[row]), 4);
          };
      case DOUBLE ->
          (values, row, to) -> {
            to.append('d');
            to.appendHex(Double.doubleToLongBits(((DoubleVector) values).values()[row]), 8);
          };
      case BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY -> {
        if (decimal) {
          yield (values, row, to) -> appendDecimal((BytesVector) values, row, scale, field, to);
        }
        yield annotation.isSetFLOAT16() && type.width() == 2
            ? (values, row, to) -> appendHalf((BytesVector) values, row, to)
            : (values, row, to) -> appendBytes((BytesVector) values, row, to);
      }
    };
  }

  private static void appendBytes(BytesVector values, int row, TextDigest to) {
    to.append(values.length(row));
    to.append(':');
    to.append(values.data(), values.start(row), values.length(row));
  }

  private static void appendHalf(BytesVector values, int row, TextDigest to) {
    int bits = littleEndian(values, row).getShort(0) & 0xFFFF;
    boolean nan = (bits & 0x7C00) == 0x7C00 && (bits & 0x3FF) != 0;
    to.append('h');
    to.appendHex(nan ? 0x7E00 : bits, 2);
  }

  /** Returns the nanoseconds since 1970 of an INT96, modulo 2^64. */
  private static long nanos(BytesVector values, int row) {
    ByteBuffer bytes = littleEndian(values, row);
    long day = bytes.getInt(Long.BYTES) - 2_440_588L;
    return day * 86_400_000_000_000L + bytes.getLong(0);
  }

  private static ByteBuffer littleEndian(BytesVector values, int row) {
    return ByteBuffer.wrap(values.data(), values.start(row), values.length(row))
        .slice()
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int scale(DecimalType type, Field field) {
    int scale = type.getScale();
    if (scale < 0 || scale > type.getPrecision()) {
      throw new UnreadableFileException(
          "column "
              + field.path()
              + " is a decimal of "
              + type.getPrecision()
              + " digits, "
              + scale
              + " of them after the point");
    } else if (scale > MOST_DIGITS) {
      throw UnreadableFileException.limit(
          "column "
              + field.path()
              + " has decimals of "
              + scale
              + " digits; the limit is "
              + MOST_DIGITS);
    }
    return scale;
  }

  private static void appendDecimal(
      BytesVector values, int row, int scale, Field field, TextDigest to) {
    int start = values.start(row);
    int length = values.length(row);
    if (length == 0) {
      throw new UnreadableFileException("column " + field.path() + " has a decimal without bytes");
    } else if (length > MOST_DIGITS) {
      throw UnreadableFileException.limit(
          "column "
              + field.path()
              + " has a decimal of "
              + length
              + " bytes; the limit is "
              + MOST_DIGITS);
    }
    // Most decimals are much shorter than their column.
    while (length > 1 && values.data()[start] == values.data()[start + 1] >> 7) {
      start++;
      length--;
    }
    if (length <= Long.BYTES) {
      long unscaled = values.data()[start];
      for (int i = 1; i < length; i++) {
        unscaled = (unscaled << 8) | (values.data()[start + i] & 0xFF);
      }
      to.appendDecimal(unscaled, scale);
    } else {
      to.takeTime(length * length / DECIMAL_TIME);
      BigInteger unscaled = new BigInteger(values.data(), start, length);
      to.append(new BigDecimal(unscaled, scale).toPlainString());
    }
  }
}
