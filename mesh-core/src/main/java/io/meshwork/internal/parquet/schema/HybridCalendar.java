package io.meshwork.internal.parquet.schema;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;

/**
 * The calendar of a Parquet or Avro file of Spark 2, or of the legacy mode of Spark 3: Julian until
 * 1582-10-04, and before 1900 with the standard offset of the writer's time zone. A value stands
 * for the date and the local time that it has in this calendar, as Spark reads it. Immutable.
 */
public final class HybridCalendar {
  private static final String SPARK = "org.apache.spark.";
  private static final long MICROS_PER_DAY = 86_400_000_000L;
  private static final long JULIAN_DAY_OF_EPOCH = 2_440_588;
  private static final long FIRST_GREGORIAN_DAY = LocalDate.of(1582, 10, 15).toEpochDay();

  /** From this moment on, offsets of time zones are the same in both calendars. */
  private static final long SAME_MICROS = LocalDate.of(1900, 1, 2).toEpochDay() * MICROS_PER_DAY;

  private final boolean dates;
  private final boolean int96;
  private final ZoneId zone;
  private final TimeZone before;

  private HybridCalendar(boolean dates, boolean int96, ZoneId zone) {
    this.dates = dates;
    this.int96 = int96;
    this.zone = zone;
    this.before = TimeZone.getTimeZone(zone);
  }

  /**
   * Returns the calendar of a file; null if it is the usual one. A file that does not name its time
   * zone counts as written in UTC.
   *
   * @param properties the key-value metadata of the footer
   */
  public static @Nullable HybridCalendar of(Map<String, String> properties) {
    boolean dates = isLegacy(properties, "legacyDateTime", "3.0.0");
    boolean int96 = isLegacy(properties, "legacyINT96", "3.1.0");
    return dates || int96 ? new HybridCalendar(dates, int96, zone(properties)) : null;
  }

  /** Compares versions as Spark does, which reads its own files by this rule. */
  private static boolean isLegacy(Map<String, String> properties, String key, String since) {
    String version = properties.get(SPARK + "version");
    return properties.containsKey(SPARK + key) || (version != null && version.compareTo(since) < 0);
  }

  private static ZoneId zone(Map<String, String> properties) {
    String name = properties.getOrDefault(SPARK + "timeZone", "");
    return ZoneId.getAvailableZoneIds().contains(name) ? ZoneId.of(name) : ZoneOffset.UTC;
  }

  /** Returns true if it is the calendar of a column of dates or instants. */
  public boolean appliesTo(ParquetColumn.ValueType column) {
    return column.physical() == org.apache.parquet.format.Type.INT96 ? int96 : dates;
  }

  /** Returns true if it is the calendar of dates, and of instants other than INT96. */
  public boolean hasDates() {
    return dates;
  }

  /** Returns a day since 1970-01-01 in the Gregorian calendar. */
  public long day(long day) {
    if (day >= FIRST_GREGORIAN_DAY) {
      return day;
    }
    // The Julian date of a day, counted in years that begin in March.
    long days = day + JULIAN_DAY_OF_EPOCH + 32_082;
    long year = Math.floorDiv(4 * days + 3, 1_461L);
    long ofYear = days - Math.floorDiv(1_461 * year, 4L);
    long month = (5 * ofYear + 2) / 153;
    long ofMonth = ofYear - (153 * month + 2) / 5;
    LocalDate first =
        LocalDate.of((int) (year - 4_800 + month / 10), (int) (month + 3 - 12 * (month / 10)), 1);
    return first.toEpochDay() + ofMonth; // 29 February of 1500 is 1 March
  }

  /** Returns microseconds since 1970-01-01T00:00Z in the Gregorian calendar. */
  public long micros(long micros) {
    if (micros >= SAME_MICROS) {
      return micros;
    }
    long local = micros + before.getOffset(Math.floorDiv(micros, 1_000L)) * 1_000L;
    long day = day(Math.floorDiv(local, MICROS_PER_DAY));
    long ofDay = Math.floorMod(local, MICROS_PER_DAY);
    LocalDateTime time =
        LocalDateTime.of(LocalDate.ofEpochDay(day), LocalTime.ofNanoOfDay(ofDay * 1_000));
    long offset = zone.getRules().getOffset(time).getTotalSeconds();
    return day * MICROS_PER_DAY + ofDay - offset * 1_000_000;
  }
}
