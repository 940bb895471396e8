package io.meshwork.internal.rows;

import io.meshwork.error.FindingCode;
import io.meshwork.internal.vector.IntVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.Vector;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** Appends dates, times, and timestamps: exactly, in the table's unit. */
final class TimeAppenders {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final long NANOS_PER_DAY = 86_400 * NANOS_PER_SECOND;

  /** Seconds up to this one, before or after the epoch, are in the range of each unit. */
  private static final long FAR_SECOND = Long.MAX_VALUE / NANOS_PER_SECOND - 1;

  /** The reason for a time beyond a day. */
  static final String OUTSIDE_OF_A_DAY = "a time outside of the range 00:00 to 24:00 (exclusive)";

  private TimeAppenders() {}

  static final class Dates extends LeafAppender {
    private final boolean acceptsRaw;

    Dates(ContractColumn column, @Nullable Schema raw) {
      super(column);
      acceptsRaw = raw != null;
    }

    @Override
    boolean accept(Object value, Vector vector) {
      long day;
      if (value instanceof LocalDate date) {
        day = date.toEpochDay();
      } else if (acceptsRaw && value instanceof Integer raw) {
        day = raw;
      } else {
        return false;
      }
      if (day != (int) day) {
        return false;
      }
      ((IntVector) vector).append((int) day);
      return true;
    }

    @Override
    boolean acceptAll(Object[] values, int count, Vector vector) {
      for (int i = 0; i < count; i++) {
        if (!accept(values[i], vector)) {
          return false;
        }
      }
      return true;
    }

    @Override
    void refuse(Object value, Vector vector, int row, TypeViolations violations) {
      if (!(value instanceof LocalDate)) {
        mismatch(value, vector, row, violations);
        return;
      }
      refuse(
          vector,
          row,
          violations,
          FindingCode.TIMESTAMP_RANGE,
          "a date out of the column's range: "
              + LocalDate.ofEpochDay(Integer.MIN_VALUE)
              + " to "
              + LocalDate.ofEpochDay(Integer.MAX_VALUE));
    }
  }

  static final class Times extends LeafAppender {
    private final long rawNanos;
    private final long unitNanos;
    private final long tickNanos;
    private final boolean truncates;

    Times(ContractColumn column, @Nullable Schema raw) {
      super(column);
      rawNanos = raw == null ? 0 : ColumnKind.unitNanos(raw);
      unitNanos = column.unitNanos();
      tickNanos = column.tickNanos();
      truncates = column.truncates();
    }

    @Override
    boolean accept(Object value, Vector vector) {
      long nanos;
      if (value instanceof LocalTime time) {
        nanos = time.toNanoOfDay();
      } else if (isRaw(value) && !isOutsideOfADay(value)) {
        nanos = ((Number) value).longValue() * rawNanos;
      } else {
        return false;
      }
      long rest = nanos - floor(nanos, unitNanos) * unitNanos;
      if (rest != 0 && !truncates) {
        return false;
      }
      ((LongVector) vector).append(floor(nanos - rest, tickNanos));
      return true;
    }

    @Override
    boolean acceptAll(Object[] values, int count, Vector vector) {
      for (int i = 0; i < count; i++) {
        if (!accept(values[i], vector)) {
          return false;
        }
      }
      return true;
    }

    @Override
    void refuse(Object value, Vector vector, int row, TypeViolations violations) {
      if (!(value instanceof LocalTime) && !isRaw(value)) {
        mismatch(value, vector, row, violations);
      } else if (isRaw(value) && isOutsideOfADay(value)) {
        refuse(vector, row, violations, FindingCode.TIMESTAMP_RANGE, OUTSIDE_OF_A_DAY);
      } else {
        tooFine(this, vector, row, violations);
      }
    }

    private boolean isRaw(Object value) {
      return rawNanos > 0 && NumberAppenders.isLong(value);
    }

    private boolean isOutsideOfADay(Object value) {
      long raw = ((Number) value).longValue();
      return raw < 0 || raw >= NANOS_PER_DAY / rawNanos;
    }
  }

  /** Appends instants and local timestamps. */
  static final class Timestamps extends LeafAppender {
    private final boolean instants;
    private final long rawNanos;
    private final long unitNanos;
    private final long tickNanos;
    private final long ticksPerSecond;
    private final long rawPerUnit;
    private final boolean truncates;

    Timestamps(ContractColumn column, @Nullable Schema raw) {
      super(column);
      instants = column.kind() == ColumnKind.INSTANT;
      rawNanos = raw == null ? 0 : ColumnKind.unitNanos(raw);
      unitNanos = column.unitNanos();
      tickNanos = column.tickNanos();
      ticksPerSecond = NANOS_PER_SECOND / tickNanos;
      rawPerUnit = rawNanos == 0 ? 1 : Math.max(1, unitNanos / rawNanos);
      truncates = column.truncates();
    }

    @Override
    boolean accept(Object value, Vector vector) {
      LongVector ticks = (LongVector) vector;
      if (instants && value instanceof Instant instant) {
        return accept(instant.getEpochSecond(), instant.getNano(), ticks);
      }
      if (!instants && value instanceof LocalDateTime local) {
        return accept(local.toEpochSecond(ZoneOffset.UTC), local.getNano(), ticks);
      }
      return isRaw(value) && acceptRaw(((Number) value).longValue(), ticks);
    }

    @Override
    boolean acceptAll(Object[] values, int count, Vector vector) {
      for (int i = 0; i < count; i++) {
        if (!accept(values[i], vector)) {
          return false;
        }
      }
      return true;
    }

    private boolean accept(long second, int nano, LongVector vector) {
      long rest = rest(nano);
      if (rest != 0 && !truncates) {
        return false;
      }
      long ticks = floor(nano - rest, tickNanos);
      if (second >= -FAR_SECOND && second <= FAR_SECOND) {
        vector.append(second * ticksPerSecond + ticks);
        return true;
      }
      long whole = second;
      if (second < 0 && ticks > 0) {
        // Counting back from the next second avoids an overflow for the earliest timestamps.
        whole++;
        ticks -= ticksPerSecond;
      }
      try {
        vector.append(Math.addExact(Math.multiplyExact(whole, ticksPerSecond), ticks));
        return true;
      } catch (ArithmeticException e) {
        return false;
      }
    }

    private long rest(int nano) {
      return nano - floor(nano, unitNanos) * unitNanos;
    }

    private boolean acceptRaw(long raw, LongVector vector) {
      long rest = rawRest(raw);
      if (rest != 0 && !truncates) {
        return false;
      }
      long value = truncates ? Math.max(raw, Long.MIN_VALUE + rest) - rest : raw;
      if (rawNanos < tickNanos) {
        vector.append(value / (tickNanos / rawNanos));
        return true;
      }
      try {
        vector.append(Math.multiplyExact(value, rawNanos / tickNanos));
        return true;
      } catch (ArithmeticException e) {
        return false;
      }
    }

    private long rawRest(long raw) {
      return rawPerUnit == 1 ? 0 : Math.floorMod(raw, rawPerUnit);
    }

    @Override
    void refuse(Object value, Vector vector, int row, TypeViolations violations) {
      long rest;
      if (instants && value instanceof Instant instant) {
        rest = rest(instant.getNano());
      } else if (!instants && value instanceof LocalDateTime local) {
        rest = rest(local.getNano());
      } else if (isRaw(value)) {
        rest = rawRest(((Number) value).longValue());
      } else {
        mismatch(value, vector, row, violations);
        return;
      }
      if (rest != 0 && !truncates) {
        tooFine(this, vector, row, violations);
      } else {
        refuse(vector, row, violations, FindingCode.TIMESTAMP_RANGE, beyond(tickNanos));
      }
    }

    private boolean isRaw(Object value) {
      return rawNanos > 0 && NumberAppenders.isLong(value);
    }
  }

  /** Returns how often a unit fits; a division by a constant is much faster than by a field. */
  private static long floor(long nanos, long unitNanos) {
    return unitNanos == 1_000 ? nanos / 1_000 : nanos / unitNanos;
  }

  private static void tooFine(
      ValueAppender appender, Vector vector, int row, TypeViolations violations) {
    appender.refuse(
        vector, row, violations, FindingCode.TIME_PRECISION, tooFine(appender.column.unitNanos()));
  }

  /** Returns why a timestamp exceeds the range of its unit. */
  static String beyond(long tickNanos) {
    return "a timestamp out of the column's range: "
        + moment(Long.MIN_VALUE, tickNanos)
        + " to "
        + moment(Long.MAX_VALUE, tickNanos);
  }

  private static Instant moment(long ticks, long tickNanos) {
    long perSecond = NANOS_PER_SECOND / tickNanos;
    return Instant.ofEpochSecond(
        Math.floorDiv(ticks, perSecond), Math.floorMod(ticks, perSecond) * tickNanos);
  }

  /** Returns why a value is too fine for a unit. */
  static String tooFine(long unitNanos) {
    boolean millis = unitNanos == 1_000_000;
    return "a value is finer than the column's unit of "
        + (millis ? "a millisecond" : "a microsecond")
        + "; truncate it, for example with truncatedTo(ChronoUnit."
        + (millis ? "MILLIS)" : "MICROS)");
  }
}
