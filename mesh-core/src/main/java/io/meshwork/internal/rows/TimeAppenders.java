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

  /** The reason for a time beyond a day. */
  static final String OUTSIDE_OF_A_DAY = "a time outside of the range 00:00 to 24:00 (exclusive)";

  private TimeAppenders() {}

  static final class Dates extends ValueAppender {
    private final boolean acceptsRaw;

    Dates(ContractColumn column, @Nullable Schema raw) {
      super(column);
      acceptsRaw = raw != null;
    }

    @Override
    void append(Object value, Vector vector, int row, TypeViolations violations) {
      if (value instanceof LocalDate date) {
        long day = date.toEpochDay();
        if (day == (int) day) {
          ((IntVector) vector).append((int) day);
        } else {
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
      } else if (acceptsRaw && value instanceof Integer day) {
        ((IntVector) vector).append(day);
      } else {
        mismatch(value, vector, row, violations);
      }
    }
  }

  static final class Times extends ValueAppender {
    private final long rawNanos;

    Times(ContractColumn column, @Nullable Schema raw) {
      super(column);
      rawNanos = raw == null ? 0 : ColumnKind.unitNanos(raw);
    }

    @Override
    void append(Object value, Vector vector, int row, TypeViolations violations) {
      long nanos;
      if (value instanceof LocalTime time) {
        nanos = time.toNanoOfDay();
      } else if (rawNanos > 0 && NumberAppenders.isLong(value)) {
        long raw = ((Number) value).longValue();
        if (raw < 0 || raw >= NANOS_PER_DAY / rawNanos) {
          refuse(vector, row, violations, FindingCode.TIMESTAMP_RANGE, OUTSIDE_OF_A_DAY);
          return;
        }
        nanos = raw * rawNanos;
      } else {
        mismatch(value, vector, row, violations);
        return;
      }
      long rest = nanos % column.unitNanos();
      if (rest != 0 && !column.truncates()) {
        tooFine(this, vector, row, violations);
      } else {
        ((LongVector) vector).append((nanos - rest) / column.tickNanos());
      }
    }
  }

  /** Appends instants and local timestamps. */
  static final class Timestamps extends ValueAppender {
    private final boolean instants;
    private final long rawNanos;
    private final long unitNanos;
    private final long tickNanos;
    private final long ticksPerSecond;
    private final boolean truncates;

    Timestamps(ContractColumn column, @Nullable Schema raw) {
      super(column);
      instants = column.kind() == ColumnKind.INSTANT;
      rawNanos = raw == null ? 0 : ColumnKind.unitNanos(raw);
      unitNanos = column.unitNanos();
      tickNanos = column.tickNanos();
      ticksPerSecond = NANOS_PER_SECOND / tickNanos;
      truncates = column.truncates();
    }

    @Override
    void append(Object value, Vector vector, int row, TypeViolations violations) {
      LongVector ticks = (LongVector) vector;
      if (instants && value instanceof Instant instant) {
        append(instant.getEpochSecond(), instant.getNano(), ticks, row, violations);
      } else if (!instants && value instanceof LocalDateTime local) {
        append(local.toEpochSecond(ZoneOffset.UTC), local.getNano(), ticks, row, violations);
      } else if (rawNanos > 0 && NumberAppenders.isLong(value)) {
        appendRaw(((Number) value).longValue(), ticks, row, violations);
      } else {
        mismatch(value, vector, row, violations);
      }
    }

    private void append(
        long second, int nano, LongVector vector, int row, TypeViolations violations) {
      long rest = nano - floor(nano, unitNanos) * unitNanos;
      if (rest != 0 && !truncates) {
        tooFine(this, vector, row, violations);
        return;
      }
      long ticks = floor(nano - rest, tickNanos);
      long whole = second;
      if (second < 0 && ticks > 0) {
        // Counting back from the next second avoids an overflow for the earliest timestamps.
        whole++;
        ticks -= ticksPerSecond;
      }
      try {
        vector.append(Math.addExact(Math.multiplyExact(whole, ticksPerSecond), ticks));
      } catch (ArithmeticException e) {
        outOfRange(vector, row, violations);
      }
    }

    /** Returns how often a unit fits; a division by a constant is much faster than by a field. */
    private static long floor(long nanos, long unitNanos) {
      return unitNanos == 1_000 ? nanos / 1_000 : nanos / unitNanos;
    }

    private void appendRaw(long raw, LongVector vector, int row, TypeViolations violations) {
      long rest = rawNanos < unitNanos ? Math.floorMod(raw, unitNanos / rawNanos) : 0;
      long value = truncates ? Math.max(raw, Long.MIN_VALUE + rest) - rest : raw;
      if (rest != 0 && !truncates) {
        tooFine(this, vector, row, violations);
      } else if (rawNanos < tickNanos) {
        vector.append(value / (tickNanos / rawNanos));
      } else {
        try {
          vector.append(Math.multiplyExact(value, rawNanos / tickNanos));
        } catch (ArithmeticException e) {
          outOfRange(vector, row, violations);
        }
      }
    }

    private void outOfRange(Vector vector, int row, TypeViolations violations) {
      refuse(vector, row, violations, FindingCode.TIMESTAMP_RANGE, beyond(tickNanos));
    }
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
