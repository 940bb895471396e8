package io.meshwork.internal.parquet.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;

/** Dates and times of old Spark, against the calendar of the JDK that it wrote them with. */
class HybridCalendarTest {
  private static final long SEED = 20_261_126;
  private static final int VALUES = 20_000;

  private static HybridCalendar in(String zone) {
    return Objects.requireNonNull(
        HybridCalendar.of(
            Map.of("org.apache.spark.version", "2.4.8", "org.apache.spark.timeZone", zone)));
  }

  @Test
  void aDayIsThatOfItsDateInBothCalendars() {
    HybridCalendar calendar = in("UTC");
    assertThat(calendar.day(-719_164)).isEqualTo(LocalDate.of(1, 1, 1).toEpochDay());
    assertThat(calendar.day(-141_428)).isEqualTo(LocalDate.of(1582, 10, 4).toEpochDay());
    assertThat(calendar.day(-141_427)).isEqualTo(LocalDate.of(1582, 10, 15).toEpochDay());
    Random random = new Random(SEED);
    for (int i = 0; i < VALUES; i++) {
      long day = random.nextInt(4_000_000) - 3_000_000;
      Calendar old = new GregorianCalendar(TimeZone.getTimeZone("UTC"));
      old.setTimeInMillis(day * 86_400_000L);
      assertThat(calendar.day(day)).as("day " + day).isEqualTo(date(old).toEpochDay());
    }
  }

  @Test
  void anInstantIsThatOfItsLocalTimeInBothCalendars() {
    Random random = new Random(SEED);
    for (String zone : new String[] {"UTC", "America/Los_Angeles", "Europe/Berlin"}) {
      HybridCalendar calendar = in(zone);
      for (int i = 0; i < VALUES; i++) {
        long millis = -(random.nextLong() & Long.MAX_VALUE) % 200_000_000_000_000L;
        Calendar old = new GregorianCalendar(TimeZone.getTimeZone(zone));
        old.setTimeInMillis(millis);
        LocalDateTime time =
            date(old)
                .atTime(
                    LocalTime.of(
                        old.get(Calendar.HOUR_OF_DAY),
                        old.get(Calendar.MINUTE),
                        old.get(Calendar.SECOND),
                        old.get(Calendar.MILLISECOND) * 1_000_000));
        if (time.getYear() < 1890) {
          long expected =
              ChronoUnit.MILLIS.between(
                  LocalDateTime.of(1970, 1, 1, 0, 0).atOffset(ZoneOffset.UTC),
                  time.atZone(ZoneId.of(zone)).toOffsetDateTime());
          assertThat(calendar.micros(millis * 1_000))
              .as(zone + " " + millis)
              .isEqualTo(expected * 1_000);
        }
      }
    }
  }

  @Test
  void theKeysOfSparkTellTheCalendar() {
    assertThat(HybridCalendar.of(Map.of("org.apache.spark.version", "3.5.1"))).isNull();
    assertThat(HybridCalendar.of(Map.of("org.apache.spark.version", "3.0.1")))
        .as("INT96 became Gregorian in 3.1")
        .isNotNull()
        .extracting(HybridCalendar::hasDates)
        .isEqualTo(false);
    assertThat(
            HybridCalendar.of(
                Map.of("org.apache.spark.version", "3.5.1", "org.apache.spark.legacyDateTime", "")))
        .isNotNull();
    assertThat(HybridCalendar.of(Map.of())).isNull();
  }

  private static LocalDate date(Calendar old) {
    int year = old.get(Calendar.YEAR);
    return LocalDate.of(
            old.get(Calendar.ERA) == GregorianCalendar.BC ? 1 - year : year,
            old.get(Calendar.MONTH) + 1,
            1)
        .plusDays(old.get(Calendar.DAY_OF_MONTH) - 1);
  }
}
