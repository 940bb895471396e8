package io.meshwork.internal.quality;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** Converts a rule's literal to the unit of its column's vector; fractions are preserved. */
final class LiteralUnits {
  private LiteralUnits() {}

  static BigDecimal of(Object literal, Type type) {
    if (literal instanceof BigDecimal number) {
      return type instanceof Types.DecimalType decimal
          ? number.movePointRight(decimal.scale())
          : number;
    }
    if (literal instanceof LocalDate date) {
      return BigDecimal.valueOf(date.toEpochDay());
    }
    if (literal instanceof LocalTime time) {
      return BigDecimal.valueOf(time.toNanoOfDay()).movePointLeft(3);
    }
    if (literal instanceof LocalDateTime time) {
      return timestamp(time.toEpochSecond(ZoneOffset.UTC), time.getNano(), type);
    }
    Instant instant = (Instant) literal;
    return timestamp(instant.getEpochSecond(), instant.getNano(), type);
  }

  /** Converts Iceberg's Java value to the unit of its vector: integers, times, decimals. */
  static BigInteger ofValue(Object value) {
    return value instanceof BigDecimal decimal
        ? decimal.unscaledValue()
        : BigInteger.valueOf(((Number) value).longValue());
  }

  private static BigDecimal timestamp(long seconds, int nanos, Type type) {
    int digits = type.typeId() == Type.TypeID.TIMESTAMP_NANO ? 9 : 6;
    return BigDecimal.valueOf(seconds).add(BigDecimal.valueOf(nanos, 9)).movePointRight(digits);
  }
}
