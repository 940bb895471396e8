package io.meshwork.internal.materializers;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.rows.ColumnKind;
import io.meshwork.internal.rows.ContractColumn;
import io.meshwork.internal.vector.BooleanVector;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.DoubleVector;
import io.meshwork.internal.vector.FloatVector;
import io.meshwork.internal.vector.IntVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.jspecify.annotations.Nullable;

/**
 * Creates readers of non-null flat values. A reader's type without a logical type accepts a column
 * with one as its underlying number, text, or bytes; a reader's logical type accepts only columns
 * of the same kind, in finer units or with more digits if that loses no value.
 */
final class AvroLeafReaders {
  private AvroLeafReaders() {}

  /** Returns the kind of a reader's type; for an unknown logical type, of the underlying type. */
  static @Nullable ColumnKind kind(Schema reader) {
    ColumnKind kind = ColumnKind.of(reader);
    return kind == null && reader.getLogicalType() != null
        ? ColumnKind.ofPlain(reader.getType())
        : kind;
  }

  /**
   * Returns the reader of a column's values as this type; null if the type does not hold every
   * value.
   */
  static @Nullable AvroValueReader of(ContractColumn column, Schema reader) {
    ColumnKind wanted = kind(reader);
    ColumnKind kind = column.kind();
    if (wanted == null) {
      return null;
    }
    if (wanted.logical()) {
      return wanted == kind ? ofMeaning(column, reader) : null;
    }
    Schema.Type to = reader.getType();
    return switch (kind) {
      case BOOLEAN -> to == Schema.Type.BOOLEAN ? stored(column) : null;
      case INT, LONG, FLOAT, DOUBLE -> number(column.contractType(), to, stored(column));
      case DATE -> number(column.contractType(), to, (vector, row, rowNumber) -> day(vector, row));
      case TIME, INSTANT, LOCAL_TIMESTAMP ->
          number(column.contractType(), to, ticks(column, column.contractType()));
      case STRING, BYTES -> text(column, to);
      case UUID ->
          column.contractType().getType() == Schema.Type.FIXED
              ? fixed(column, reader)
              : uuidText(to, column);
      case DECIMAL -> digits(column, reader);
      case FIXED -> fixed(column, reader);
      case ENUM, RECORD, LIST, MAP -> null;
    };
  }

  private static @Nullable AvroValueReader ofMeaning(ContractColumn column, Schema reader) {
    return switch (column.kind()) {
      case DECIMAL -> decimal(column, reader);
      case DATE -> (vector, row, rowNumber) -> day(vector, row);
      case TIME, INSTANT, LOCAL_TIMESTAMP ->
          keepsAll(column.unitNanos(), ColumnKind.unitNanos(reader)) ? ticks(column, reader) : null;
      default -> uuid(column, reader);
    };
  }

  /**
   * Reads a symbol; one that the reader's enum lacks becomes the enum's default, as in Avro's
   * schema resolution.
   */
  static AvroValueReader symbol(ContractColumn column, Schema reader) {
    return (vector, row, rowNumber) -> {
      String text = String.valueOf(VectorBatch.value(column.stored(), vector, row));
      if (reader.hasEnumSymbol(text)) {
        return new GenericData.EnumSymbol(reader, text);
      }
      String folded = reader.getEnumDefault();
      if (folded == null) {
        throw refused(
            column,
            rowNumber,
            "contains a symbol there that enum "
                + reader.getFullName()
                + " of the reader's schema lacks, and the enum has no default",
            "Add the missing symbols, or give the enum a default.");
      }
      return new GenericData.EnumSymbol(reader, folded);
    };
  }

  private static AvroValueReader stored(ContractColumn column) {
    return switch (column.stored().typeId()) {
      case BOOLEAN -> (vector, row, rowNumber) -> ((BooleanVector) vector).get(row);
      case INTEGER -> (vector, row, rowNumber) -> ((IntVector) vector).get(row);
      case LONG -> (vector, row, rowNumber) -> ((LongVector) vector).get(row);
      case FLOAT -> (vector, row, rowNumber) -> ((FloatVector) vector).get(row);
      case DOUBLE -> (vector, row, rowNumber) -> ((DoubleVector) vector).get(row);
      default -> (vector, row, rowNumber) -> VectorBatch.value(column.stored(), vector, row);
    };
  }

  private static Object day(Vector vector, int row) {
    return ((IntVector) vector).get(row);
  }

  /** Applies Avro's numeric promotions. */
  private static @Nullable AvroValueReader number(
      Schema from, Schema.Type to, AvroValueReader values) {
    boolean promoted =
        switch (to) {
          case LONG -> from.getType() == Schema.Type.INT;
          case FLOAT -> from.getType() == Schema.Type.INT || from.getType() == Schema.Type.LONG;
          case DOUBLE ->
              from.getType() == Schema.Type.INT
                  || from.getType() == Schema.Type.LONG
                  || from.getType() == Schema.Type.FLOAT;
          default -> false;
        };
    if (from.getType() == to) {
      return values;
    }
    return promoted
        ? (vector, row, rowNumber) -> as(to, values.read(vector, row, rowNumber))
        : null;
  }

  private static Object as(Schema.Type to, @Nullable Object value) {
    if (!(value instanceof Number number)) {
      throw new IllegalStateException("a non-null number became null");
    }
    // Boxed, because a conditional expression would widen all of them to double.
    return switch (to) {
      case LONG -> (Object) number.longValue();
      case FLOAT -> (Object) number.floatValue();
      default -> (Object) number.doubleValue();
    };
  }

  /**
   * Returns false if a value in one unit may have no equivalent in the other: a fraction, or out of
   * range.
   */
  private static boolean keepsAll(long from, long to) {
    boolean outOfRange = to == 1 && from > 1;
    return from >= to && !outOfRange;
  }

  /** Reads a time or timestamp in the unit of a type. */
  private static AvroValueReader ticks(ContractColumn column, Schema type) {
    long unit = ColumnKind.unitNanos(type);
    long tick = column.tickNanos();
    boolean small = type.getType() == Schema.Type.INT;
    return (vector, row, rowNumber) -> {
      long stored = ((LongVector) vector).get(row);
      long value =
          unit >= tick
              ? Math.floorDiv(stored, unit / tick)
              : Math.multiplyExact(stored, tick / unit);
      return small ? (Object) (int) value : (Object) value;
    };
  }

  private static @Nullable AvroValueReader text(ContractColumn column, Schema.Type to) {
    if (column.contractType().getType() == to) {
      return stored(column);
    }
    if (to == Schema.Type.BYTES) {
      return (vector, row, rowNumber) -> ByteBuffer.wrap(((BytesVector) vector).get(row));
    }
    return to == Schema.Type.STRING
        ? (vector, row, rowNumber) -> decoded(column, ((BytesVector) vector).get(row), rowNumber)
        : null;
  }

  private static Object decoded(ContractColumn column, byte[] bytes, long rowNumber) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw refused(
          column,
          rowNumber,
          "contains bytes there that are not valid UTF-8",
          "Give the field the type bytes.");
    }
  }

  private static @Nullable AvroValueReader uuidText(Schema.Type to, ContractColumn column) {
    AvroValueReader text =
        (vector, row, rowNumber) -> String.valueOf(VectorBatch.value(column.stored(), vector, row));
    return switch (to) {
      case STRING -> text;
      case BYTES ->
          (vector, row, rowNumber) ->
              ByteBuffer.wrap(
                  String.valueOf(text.read(vector, row, rowNumber))
                      .getBytes(StandardCharsets.UTF_8));
      default -> null;
    };
  }

  private static AvroValueReader uuid(ContractColumn column, Schema reader) {
    return reader.getType() == Schema.Type.FIXED
        ? (vector, row, rowNumber) -> new GenericData.Fixed(reader, ((BytesVector) vector).get(row))
        : (vector, row, rowNumber) ->
            String.valueOf(VectorBatch.value(column.stored(), vector, row));
  }

  private static @Nullable AvroValueReader fixed(ContractColumn column, Schema reader) {
    return reader.getType() == Schema.Type.FIXED
            && reader.getFixedSize() == column.contractType().getFixedSize()
        ? (vector, row, rowNumber) -> new GenericData.Fixed(reader, ((BytesVector) vector).get(row))
        : null;
  }

  /** Reads a decimal as the bytes of its unscaled value, as in the contract. */
  private static @Nullable AvroValueReader digits(ContractColumn column, Schema reader) {
    Schema contractType = column.contractType();
    boolean sameLength =
        reader.getType() == contractType.getType()
            && (reader.getType() != Schema.Type.FIXED
                || reader.getFixedSize() == contractType.getFixedSize());
    return sameLength ? (vector, row, rowNumber) -> decimal(vector, row, reader) : null;
  }

  private static @Nullable AvroValueReader decimal(ContractColumn column, Schema reader) {
    if (!(column.contractType().getLogicalType() instanceof LogicalTypes.Decimal from)
        || !(reader.getLogicalType() instanceof LogicalTypes.Decimal to)) {
      return null;
    }
    int scales = to.getScale() - from.getScale();
    int places = to.getPrecision() - to.getScale() - (from.getPrecision() - from.getScale());
    if (scales < 0 || places < 0) {
      return null;
    }
    BigInteger factor = BigInteger.TEN.pow(scales);
    return scales == 0
        ? (vector, row, rowNumber) -> decimal(vector, row, reader)
        : (vector, row, rowNumber) ->
            decimal(unscaled(vector, row).multiply(factor).toByteArray(), reader);
  }

  private static BigInteger unscaled(Vector vector, int row) {
    return vector instanceof LongVector longs
        ? BigInteger.valueOf(longs.get(row))
        : new BigInteger(((BytesVector) vector).get(row));
  }

  /** Reads a decimal as a vector has it. */
  private static Object decimal(Vector vector, int row, Schema reader) {
    return decimal(
        vector instanceof LongVector longs
            ? shortest(longs.get(row))
            : shortest(((BytesVector) vector).get(row)),
        reader);
  }

  /** Returns the bytes of a number as {@link BigInteger#toByteArray} does. */
  private static byte[] shortest(long unscaled) {
    int bits = Long.SIZE - Long.numberOfLeadingZeros(unscaled ^ (unscaled >> (Long.SIZE - 1)));
    byte[] bytes = new byte[bits / Byte.SIZE + 1];
    long rest = unscaled;
    for (int i = bytes.length - 1; i >= 0; i--) {
      bytes[i] = (byte) rest;
      rest >>= Byte.SIZE;
    }
    return bytes;
  }

  /** Returns the bytes of a number without bytes that only repeat its sign. */
  private static byte[] shortest(byte[] unscaled) {
    int from = 0;
    while (from < unscaled.length - 1
        && unscaled[from] == (byte) (unscaled[from + 1] >> (Byte.SIZE - 1))) {
      from++;
    }
    return from == 0 ? unscaled : Arrays.copyOfRange(unscaled, from, unscaled.length);
  }

  private static Object decimal(byte[] bytes, Schema reader) {
    if (reader.getType() == Schema.Type.BYTES) {
      return ByteBuffer.wrap(bytes);
    }
    byte[] padded = new byte[reader.getFixedSize()];
    int sign = padded.length - bytes.length;
    Arrays.fill(padded, 0, sign, (byte) (bytes[0] < 0 ? -1 : 0));
    System.arraycopy(bytes, 0, padded, sign, bytes.length);
    return new GenericData.Fixed(reader, padded);
  }

  private static InvalidRequestException refused(
      ContractColumn column, long rowNumber, String why, String fix) {
    return Failure.of(MeshAction.of(Verb.READ, "row " + (rowNumber + 1) + " into an Avro record"))
        .because("column '" + column.path() + "' " + why)
        .state("The preceding rows were read.")
        .fix(fix)
        .invalidRequest(ErrorCode.READER_INVALID);
  }
}
