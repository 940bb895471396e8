package io.meshwork.internal.parquet.read;

import io.meshwork.internal.parquet.encoding.ValueDecoder;
import io.meshwork.internal.parquet.schema.ColumnMismatchException;
import io.meshwork.internal.parquet.schema.ParquetColumn.Ticks;
import io.meshwork.internal.parquet.schema.ParquetColumn.ValueType;
import io.meshwork.internal.vector.IntVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.Vector;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.parquet.format.IntType;
import org.apache.parquet.format.LogicalType;
import org.jspecify.annotations.Nullable;

/**
 * Converts values stored as INT32 or INT64: integers, dates, times, timestamps, and decimals of up
 * to 18 digits.
 */
final class NumberConversionDecoder {
  private static final long MICROS_PER_DAY = 86_400_000_000L;
  private static final String OUT_OF_RANGE = "a value is out of the type's range";

  private NumberConversionDecoder() {}

  static @Nullable ConversionDecoder of(
      String column, ValueType fileType, Type wanted, boolean offered) {
    Type type = fileType.type();
    if (type == null) {
      return null;
    }
    boolean wide = fileType.physical() == org.apache.parquet.format.Type.INT64;
    WideningConversion widening =
        new WideningConversion(
            column, fileType.describe(), wanted.toString(), wide, fileType.unsigned());
    return switch (type.typeId()) {
      case INTEGER -> integer(offered ? widening.declared(fileType) : widening, wanted);
      case LONG ->
          switch (wanted.typeId()) {
            case LONG -> wide ? new PlainLongs() : new Longs(widening);
            case INTEGER ->
                fileType.unsigned() ? new LimitedInts(widening.from(0, Integer.MAX_VALUE)) : null;
            default -> null;
          };
      case DATE -> date(widening, wanted, offered);
      case TIME -> wanted.typeId() == Type.TypeID.TIME ? time(widening, fileType.ticks()) : null;
      case TIMESTAMP, TIMESTAMP_NANO -> timestamp(widening, fileType, wanted);
      case DECIMAL -> decimal(widening, (Types.DecimalType) type, wanted, offered);
      default -> null;
    };
  }

  private static @Nullable ConversionDecoder integer(WideningConversion widening, Type wanted) {
    return switch (wanted.typeId()) {
      case INTEGER -> widening.isLimited() ? new LimitedInts(widening) : new Ints();
      case LONG -> new Longs(widening);
      default -> null;
    };
  }

  private static @Nullable ConversionDecoder date(
      WideningConversion widening, Type wanted, boolean offered) {
    if (wanted.typeId() == Type.TypeID.DATE) {
      return new Ints();
    } else if (offered) {
      return null;
    } else if (wanted instanceof Types.TimestampType timestamp && !timestamp.shouldAdjustToUTC()) {
      return new Longs(widening.times(MICROS_PER_DAY));
    } else if (wanted instanceof Types.TimestampNanoType timestamp
        && !timestamp.shouldAdjustToUTC()) {
      return new Longs(widening.times(MICROS_PER_DAY * 1_000));
    }
    return null;
  }

  private static ConversionDecoder time(WideningConversion widening, Ticks ticks) {
    return switch (ticks) {
      case MILLIS -> new Longs(widening.times(1_000).from(0, MICROS_PER_DAY - 1));
      case NANOS -> new Longs(widening.dividedBy(1_000).from(0, MICROS_PER_DAY - 1));
      default -> new Longs(widening.from(0, MICROS_PER_DAY - 1));
    };
  }

  private static @Nullable ConversionDecoder timestamp(
      WideningConversion widening, ValueType fileType, Type wanted) {
    if (utc(fileType.type()) != utc(wanted)) {
      return null;
    }
    boolean millis = fileType.ticks() == Ticks.MILLIS;
    boolean nanos = fileType.ticks() == Ticks.NANOS;
    if (wanted.typeId() == Type.TypeID.TIMESTAMP && !nanos) {
      return millis ? new Longs(widening.times(1_000)) : new PlainLongs();
    } else if (wanted.typeId() == Type.TypeID.TIMESTAMP_NANO) {
      return nanos ? new PlainLongs() : new Longs(widening.times(millis ? 1_000_000 : 1_000));
    }
    return null;
  }

  /** Returns 1 for an instant, 0 for a local timestamp, -1 for other types. */
  private static int utc(@Nullable Type type) {
    if (type instanceof Types.TimestampType timestamp) {
      return timestamp.shouldAdjustToUTC() ? 1 : 0;
    } else if (type instanceof Types.TimestampNanoType timestamp) {
      return timestamp.shouldAdjustToUTC() ? 1 : 0;
    }
    return -1;
  }

  private static @Nullable ConversionDecoder decimal(
      WideningConversion widening, Types.DecimalType fileType, Type wanted, boolean offered) {
    if (widening.unsigned() && wanted.typeId() == Type.TypeID.LONG) {
      return new Longs(widening);
    } else if (Vector.promotion(fileType, wanted) == null) {
      return null;
    }
    Types.DecimalType decimal = (Types.DecimalType) wanted;
    int moreScale = decimal.scale() - fileType.scale();
    if (decimal.precision() > 18 || (offered && !decimal.equals(fileType))) {
      return DecimalConversionDecoder.ofNumbers(fileType, decimal, widening, offered);
    }
    long most = DecimalConversionDecoder.powerOfTen(decimal.precision()) - 1;
    return new Longs(
        widening.times(DecimalConversionDecoder.powerOfTen(moreScale)).from(-most, most));
  }

  /** The conversion of each number, and the range of its result. */
  record WideningConversion(
      String column,
      String fileType,
      String wanted,
      boolean wide,
      boolean unsigned,
      long factor,
      long divisor,
      long least,
      long most) {

    WideningConversion(
        String column, String fileType, String wanted, boolean wide, boolean unsigned) {
      this(column, fileType, wanted, wide, unsigned, 1, 1, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    WideningConversion times(long by) {
      return new WideningConversion(
          column,
          fileType,
          wanted,
          wide,
          unsigned,
          by,
          divisor,
          Long.MIN_VALUE / by,
          Long.MAX_VALUE / by);
    }

    WideningConversion dividedBy(long by) {
      return new WideningConversion(
          column, fileType, wanted, wide, unsigned, factor, by, least, most);
    }

    WideningConversion from(long first, long last) {
      return new WideningConversion(
          column,
          fileType,
          wanted,
          wide,
          unsigned,
          factor,
          divisor,
          Math.max(least, first / factor * divisor),
          Math.min(most, (last / factor + 1) * divisor - 1));
    }

    /**
     * The conversion of numbers of 8 or 16 bits, which are stored as INT32, within their range:
     * readers differ in how they read other numbers.
     */
    WideningConversion declared(ValueType type) {
      LogicalType annotation = type.annotation();
      if (annotation == null || !annotation.isSetINTEGER()) {
        return this;
      }
      IntType number = annotation.getINTEGER();
      int bits = number.getBitWidth();
      if (bits >= Integer.SIZE) {
        return this;
      }
      int half = 1 << (bits - 1);
      return number.isIsSigned() ? from(-half, half - 1) : from(0, 2 * half - 1);
    }

    boolean isLimited() {
      return least != Long.MIN_VALUE || most != Long.MAX_VALUE;
    }

    /** Records in the vector that a value does not fit, or throws. */
    void recordError(Vector target, int row, boolean tooFine, String why) {
      if (!target.recordError(row, tooFine)) {
        throw new ColumnMismatchException(column, fileType, wanted, why);
      }
    }
  }

  private static final class PlainLongs extends ConversionDecoder {
    @Override
    void append(ValueDecoder from, Vector to, int count) {
      LongVector target = (LongVector) to;
      from.longs(target.ensureCapacity(count), target.size(), count);
      target.extended(count);
    }
  }

  private static final class Ints extends ConversionDecoder {
    @Override
    void append(ValueDecoder from, Vector to, int count) {
      IntVector target = (IntVector) to;
      from.ints(target.ensureCapacity(count), target.size(), count);
      target.extended(count);
    }
  }

  /** Converts to int with a range check. */
  private static final class LimitedInts extends ConversionDecoder {
    private final WideningConversion widening;

    LimitedInts(WideningConversion widening) {
      this.widening = widening;
    }

    @Override
    void append(ValueDecoder from, Vector to, int count) {
      IntVector target = (IntVector) to;
      int[] values = target.ensureCapacity(count);
      int at = target.size();
      from.ints(values, at, count);
      for (int i = at; i < at + count; i++) {
        if (values[i] < widening.least || values[i] > widening.most) {
          values[i] = 0;
          widening.recordError(target, i, false, OUT_OF_RANGE);
        }
      }
      target.extended(count);
    }
  }

  /** Converts to long, from either width. */
  static final class Longs extends ConversionDecoder {
    private final WideningConversion widening;
    private int[] scratch = new int[0];

    Longs(WideningConversion widening) {
      this.widening = widening;
    }

    @Override
    void append(ValueDecoder from, Vector to, int count) {
      LongVector target = (LongVector) to;
      long[] values = target.ensureCapacity(count);
      int at = target.size();
      read(from, values, at, count);
      check(target, values, at, count);
      if (widening.factor != 1) {
        long factor = widening.factor;
        for (int i = at; i < at + count; i++) {
          values[i] *= factor;
        }
      }
      if (widening.divisor != 1) {
        divide(target, values, at, count);
      }
      target.extended(count);
    }

    /** Reads numbers as longs, without checks. */
    void read(ValueDecoder from, long[] values, int at, int count) {
      if (widening.wide) {
        from.longs(values, at, count);
        return;
      }
      if (scratch.length < count) {
        scratch = new int[count];
      }
      from.ints(scratch, 0, count);
      long mask = widening.unsigned ? 0xFFFF_FFFFL : -1L;
      for (int i = 0; i < count; i++) {
        values[at + i] = scratch[i] & mask;
      }
    }

    private void check(LongVector target, long[] values, int at, int count) {
      long least = Long.MAX_VALUE;
      long most = Long.MIN_VALUE;
      for (int i = at; i < at + count; i++) {
        least = Math.min(least, values[i]);
        most = Math.max(most, values[i]);
      }
      boolean onlyPositive = widening.wide && widening.unsigned;
      if (least < (onlyPositive ? 0 : widening.least) || most > widening.most) {
        errors(target, values, at, count, onlyPositive);
      }
    }

    private void errors(LongVector target, long[] values, int at, int count, boolean onlyPositive) {
      for (int i = at; i < at + count; i++) {
        long value = values[i];
        boolean tooLarge = onlyPositive && value < 0;
        if (tooLarge || value < widening.least || value > widening.most) {
          values[i] = 0;
          String why = tooLarge ? "a value is too large" : OUT_OF_RANGE;
          widening.recordError(target, i, false, why);
        }
      }
    }

    private void divide(LongVector target, long[] values, int at, int count) {
      long divisor = widening.divisor;
      for (int i = at; i < at + count; i++) {
        long whole = values[i] / divisor;
        if (whole * divisor != values[i]) {
          widening.recordError(target, i, true, "a value is finer than microseconds");
          whole = 0;
        }
        values[i] = whole;
      }
    }
  }
}
