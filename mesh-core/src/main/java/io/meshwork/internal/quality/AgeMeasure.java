package io.meshwork.internal.quality;

import io.meshwork.internal.quality.RowMeasure.MeasuredValue;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** Measures the age of the timestamps of a column. */
final class AgeMeasure {
  private static final BigDecimal NANOS_OF_MINUTE = BigDecimal.valueOf(60_000_000_000L);

  private AgeMeasure() {}

  /**
   * Returns the instant of a timestamp. A local timestamp is interpreted in its zone: during an
   * overlap, the later instant; within a gap, shifted by the length of the gap.
   *
   * @param ticks micro- or nanoseconds of the column
   * @param zone the zone of local timestamps; null for instants
   */
  static Instant moment(Type type, long ticks, @Nullable ZoneId zone) {
    boolean nanos = type.typeId() == Type.TypeID.TIMESTAMP_NANO;
    long perSecond = nanos ? 1_000_000_000 : 1_000_000;
    long seconds = Math.floorDiv(ticks, perSecond);
    int fraction = (int) (Math.floorMod(ticks, perSecond) * (1_000_000_000 / perSecond));
    if (isInstant(type) || zone == null) {
      return Instant.ofEpochSecond(seconds, fraction);
    }
    LocalDateTime local = LocalDateTime.ofEpochSecond(seconds, fraction, ZoneOffset.UTC);
    return ZonedDateTime.ofLocal(local, zone, null).withLaterOffsetAtOverlap().toInstant();
  }

  /** Returns true if a column's timestamps are instants. */
  static boolean isInstant(Type type) {
    return type.typeId() == Type.TypeID.TIMESTAMP_NANO
        ? ((Types.TimestampNanoType) type).shouldAdjustToUTC()
        : type.typeId() == Type.TypeID.TIMESTAMP
            && ((Types.TimestampType) type).shouldAdjustToUTC();
  }

  /** Returns the minutes since then, as a decimal; 0 for the future. */
  static MeasuredValue minutes(Instant then, Instant now) {
    Duration age = Duration.between(then, now);
    if (age.isNegative()) {
      return MeasuredValue.of(BigDecimal.ZERO, 0);
    }
    BigDecimal nanos =
        BigDecimal.valueOf(age.getSeconds())
            .movePointRight(9)
            .add(BigDecimal.valueOf(age.getNano()));
    return MeasuredValue.of(nanos.divide(NANOS_OF_MINUTE, MathContext.DECIMAL128), 0);
  }

  static BigDecimal minutes(Duration span) {
    return BigDecimal.valueOf(span.getSeconds())
        .movePointRight(9)
        .add(BigDecimal.valueOf(span.getNano()))
        .divide(NANOS_OF_MINUTE, MathContext.DECIMAL128);
  }
}
