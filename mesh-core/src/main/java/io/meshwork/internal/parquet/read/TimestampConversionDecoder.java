package io.meshwork.internal.parquet.read;

import io.meshwork.internal.parquet.encoding.ValueDecoder;
import io.meshwork.internal.parquet.schema.ColumnMismatchException;
import io.meshwork.internal.parquet.schema.UnreadableFileException;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.Vector;
import org.apache.iceberg.types.Type;
import org.jspecify.annotations.Nullable;

/** Converts INT96 timestamps: nanoseconds of the day, then the Julian day. Never rounds. */
final class TimestampConversionDecoder extends ConversionDecoder {
  private static final int EPOCH = 2_440_588;
  private static final long NANOS_PER_DAY = 86_400_000_000_000L;

  private final String column;
  private final String wanted;
  private final boolean nanos;
  private final BytesVector scratch = new BytesVector();

  private TimestampConversionDecoder(String column, Type wanted) {
    this.column = column;
    this.wanted = wanted.toString();
    this.nanos = wanted.typeId() == Type.TypeID.TIMESTAMP_NANO;
  }

  static @Nullable ConversionDecoder of(String column, Type wanted) {
    return switch (wanted.typeId()) {
      case TIMESTAMP, TIMESTAMP_NANO -> new TimestampConversionDecoder(column, wanted);
      default -> null;
    };
  }

  @Override
  void append(ValueDecoder from, Vector to, int count) {
    scratch.reset();
    from.bytes(scratch, count);
    byte[] bytes = scratch.data();
    LongVector target = (LongVector) to;
    long[] values = target.ensureCapacity(count);
    int at = target.size();
    for (int i = 0; i < count; i++) {
      long ofDay = ValueDecoder.longAt(bytes, 12 * i);
      long day = (long) ValueDecoder.intAt(bytes, 12 * i + 8) - EPOCH;
      if (ofDay < 0 || ofDay >= NANOS_PER_DAY) {
        throw new UnreadableFileException("the time of an INT96 timestamp exceeds a day");
      }
      values[at + i] =
          nanos ? inNanos(day, ofDay, target, at + i) : inMicros(day, ofDay, target, at + i);
    }
    target.extended(count);
  }

  private long inNanos(long day, long ofDay, LongVector target, int row) {
    // A long holds 106,751 days of nanoseconds; the lower limit keeps the sum in range, too.
    if (Math.abs(day) > 106_750) {
      return recordError(target, row, false, "a value is out of the range of nanoseconds");
    }
    return day * NANOS_PER_DAY + ofDay;
  }

  private long inMicros(long day, long ofDay, LongVector target, int row) {
    if (ofDay % 1_000 != 0) {
      return recordError(target, row, true, "a value is finer than microseconds");
    }
    // A day is an int; its microseconds fit into a long only within 106 million days.
    if (Math.abs(day) > 106_000_000) {
      return recordError(target, row, false, "a value is out of the type's range");
    }
    return day * (NANOS_PER_DAY / 1_000) + ofDay / 1_000;
  }

  /** Records in the vector that a value does not fit, or throws. */
  private long recordError(LongVector target, int row, boolean tooFine, String why) {
    if (target.recordError(row, tooFine)) {
      return 0;
    }
    throw new ColumnMismatchException(column, "timestamptz (INT96)", wanted, why);
  }
}
