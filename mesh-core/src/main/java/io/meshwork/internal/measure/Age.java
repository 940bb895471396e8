package io.meshwork.internal.measure;

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

/** How long ago a timestamp of a column was. */
public final class Age {
  private static final BigDecimal NANOS_OF_MINUTE = BigDecimal.valueOf(60_000_000_000L);

  private Age() {}

  /**
   * The moment that a timestamp stands for. A local one is read in its zone; of an hour that comes
   * twice, the later one is meant, and a time that was skipped lies as much later as the gap is
   * long.
   *
   * @param ticks micro- or nanoseconds of the column
   * @param zone of local timestamps; null for instants
   */
  public static Instant moment(Type type, long ticks, @Nullable ZoneId zone) {
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

  /** True if a column's timestamps are moments by themselves. */
  public static boolean isInstant(Type type) {
    return type.typeId() == Type.TypeID.TIMESTAMP_NANO
        ? ((Types.TimestampNanoType) type).shouldAdjustToUTC()
        : type.typeId() == Type.TypeID.TIMESTAMP
            && ((Types.TimestampType) type).shouldAdjustToUTC();
  }

  /** Minutes since then, as a decimal; 0 for what lies ahead. */
  public static Figure minutes(Instant then, Instant now) {
    Duration age = Duration.between(then, now);
    if (age.isNegative()) {
      return Figure.of(BigDecimal.ZERO, 0);
    }
    BigDecimal nanos =
        BigDecimal.valueOf(age.getSeconds())
            .movePointRight(9)
            .add(BigDecimal.valueOf(age.getNano()));
    return Figure.of(nanos.divide(NANOS_OF_MINUTE, MathContext.DECIMAL128), 0);
  }

  /** A span of time in minutes. */
  public static BigDecimal minutes(Duration span) {
    return BigDecimal.valueOf(span.getSeconds())
        .movePointRight(9)
        .add(BigDecimal.valueOf(span.getNano()))
        .divide(NANOS_OF_MINUTE, MathContext.DECIMAL128);
  }
}
