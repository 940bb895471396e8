package io.meshwork.hadoop;

import io.meshwork.internal.parquet.schema.HybridCalendar;
import io.meshwork.internal.parquet.schema.ParquetColumn.Ticks;
import io.meshwork.internal.parquet.schema.ParquetColumn.ValueType;
import io.meshwork.internal.parquet.schema.UnreadableFileException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.util.Utf8;
import org.apache.iceberg.types.Type.TypeID;
import org.apache.iceberg.types.Types;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.format.Type;
import org.jspecify.annotations.Nullable;

/**
 * Reads the value of a column as Avro stores its type. A time or timestamp that the type cannot
 * hold becomes an object of {@code java.time}, which a publish reports as a bad value of its row.
 */
interface LeafValue {
  long NANOS_PER_DAY = 86_400_000_000_000L;
  long JULIAN_DAY_OF_EPOCH = 2_440_588;

  /** Returns the current value, which is not null. */
  Object read(ColumnReader column);

  /**
   * Returns the reader of a type.
   *
   * @param type a type with an Iceberg type
   * @param schema the Avro type of the value, without null
   * @param calendar the calendar of the file; null if it is the usual one
   */
  static LeafValue of(ValueType type, Schema schema, @Nullable HybridCalendar calendar) {
    LeafValue value = of(type, schema);
    if (calendar == null || type.type() == null || !calendar.appliesTo(type)) {
      return value;
    } else if (type.type().typeId() == TypeID.DATE) {
      return column -> (int) calendar.day((Integer) value.read(column));
    }
    return type.type() instanceof Types.TimestampType time && time.shouldAdjustToUTC()
        ? column -> inCalendar(value.read(column), calendar)
        : value;
  }

  private static LeafValue of(ValueType type, Schema schema) {
    if (type.type() == null) {
      throw new IllegalStateException("a column without a type");
    }
    return switch (type.type().typeId()) {
      case BOOLEAN -> ColumnReader::getBoolean;
      case INTEGER, DATE -> ColumnReader::getInteger;
      case LONG ->
          type.physical() == Type.INT32
              ? column -> Integer.toUnsignedLong(column.getInteger())
              : ColumnReader::getLong;
      case FLOAT ->
          type.physical() == Type.FLOAT
              ? ColumnReader::getFloat
              : column -> halfFloat(column.getBinary().toByteBuffer());
      case DOUBLE -> ColumnReader::getDouble;
      case STRING -> column -> new Utf8(column.getBinary().getBytes());
      case BINARY -> column -> ByteBuffer.wrap(column.getBinary().getBytes());
      case FIXED -> column -> new GenericData.Fixed(schema, column.getBinary().getBytes());
      case UUID -> column -> uuid(column.getBinary().toByteBuffer());
      case DECIMAL -> decimal(type);
      case TIME -> column -> time(type.ticks(), column);
      case TIMESTAMP -> timestamp(type, ((Types.TimestampType) type.type()).shouldAdjustToUTC());
      case TIMESTAMP_NANO -> ColumnReader::getLong;
      default -> throw new IllegalStateException("a column of type " + type.describe());
    };
  }

  private static Object inCalendar(Object time, HybridCalendar calendar) {
    return time instanceof Long micros ? (Object) calendar.micros(micros) : time;
  }

  /** Returns the number of IEEE 754 binary16 in two bytes, little endian. */
  private static float halfFloat(ByteBuffer bytes) {
    int bits = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).getShort(bytes.position());
    int exponent = bits >> 10 & 0x1f;
    int fraction = bits & 0x3ff;
    float magnitude =
        switch (exponent) {
          case 0 -> Math.scalb((float) fraction, -24);
          case 0x1f -> fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
          default -> Math.scalb((float) (fraction | 0x400), exponent - 25);
        };
    return (bits & 0x8000) == 0 ? magnitude : -magnitude;
  }

  private static String uuid(ByteBuffer bytes) {
    return new UUID(bytes.getLong(bytes.position()), bytes.getLong(bytes.position() + 8))
        .toString();
  }

  private static LeafValue decimal(ValueType type) {
    return switch (type.physical()) {
      case INT32 -> column -> unscaled(BigInteger.valueOf(column.getInteger()));
      case INT64 ->
          type.unsigned()
              ? column -> unscaled(new BigInteger(Long.toUnsignedString(column.getLong())))
              : column -> unscaled(BigInteger.valueOf(column.getLong()));
      default -> column -> ByteBuffer.wrap(column.getBinary().getBytes());
    };
  }

  private static ByteBuffer unscaled(BigInteger value) {
    return ByteBuffer.wrap(value.toByteArray());
  }

  /** Returns microseconds of the day, or a time that is finer. */
  private static Object time(Ticks ticks, ColumnReader column) {
    if (ticks == Ticks.MILLIS) {
      return column.getInteger() * 1_000L;
    }
    long value = column.getLong();
    if (ticks == Ticks.MICROS) {
      return value;
    }
    boolean finer = value % 1_000 != 0 && value >= 0 && value < NANOS_PER_DAY;
    return finer ? (Object) LocalTime.ofNanoOfDay(value) : (Object) Math.floorDiv(value, 1_000L);
  }

  private static LeafValue timestamp(ValueType type, boolean instant) {
    if (type.physical() == Type.INT96) {
      return column -> int96(column.getBinary().toByteBuffer());
    }
    return type.ticks() == Ticks.MICROS
        ? ColumnReader::getLong
        : column -> millis(column.getLong(), instant);
  }

  /** Returns microseconds, or a timestamp that is out of their range. */
  private static Object millis(long millis, boolean instant) {
    long micros = millis * 1_000;
    if (micros / 1_000 == millis) {
      return micros;
    }
    Instant outOfRange = Instant.ofEpochMilli(millis);
    return instant ? outOfRange : LocalDateTime.ofInstant(outOfRange, ZoneOffset.UTC);
  }

  /** Returns microseconds, or a timestamp that is finer or out of their range. */
  private static Object int96(ByteBuffer bytes) {
    ByteBuffer ordered = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    long ofDay = ordered.getLong(ordered.position());
    long day = ordered.getInt(ordered.position() + 8) - JULIAN_DAY_OF_EPOCH;
    if (ofDay < 0 || ofDay >= NANOS_PER_DAY) {
      throw new UnreadableFileException("the time of an INT96 timestamp exceeds a day");
    }
    boolean fits = ofDay % 1_000 == 0 && Math.abs(day) <= 106_000_000;
    return fits
        ? (Object) (day * (NANOS_PER_DAY / 1_000) + ofDay / 1_000)
        : Instant.ofEpochSecond(day * 86_400, ofDay);
  }
}
