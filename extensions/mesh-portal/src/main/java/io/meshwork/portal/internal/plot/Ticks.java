package io.meshwork.portal.internal.plot;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/** The round values at which an axis is labelled. */
final class Ticks {
  private static final int MOST_UP = 5;
  private static final int MOST_ACROSS = 6;
  private static final int THOUSAND = 1_000;
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("d MMM", Locale.ENGLISH).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter HOUR =
      DateTimeFormatter.ofPattern("HH:mm'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** In minutes: 1, 2, 5, 10, 15, 30 min; 1, 2, 3, 6, 12 h. */
  private static final int[] MINUTES = {1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720};

  private static final int DAY_MINUTES = 24 * 60;

  /** In days; a step of 7 falls on Mondays. */
  private static final int[] DAYS = {1, 2, 7, 14, 28};

  private static final int WEEK = 7;

  /** 1970-01-01 was a Thursday. */
  private static final int THURSDAY = 3;

  private Ticks() {}

  /**
   * A value and its label.
   *
   * @param value the value
   * @param label the label
   */
  record Value(double value, String label) {}

  /** Returns ticks from 0 to a number of rows, or to the next round one. */
  static List<Value> counts(long most) {
    return upTo(most, Math.max(1, decimalStep(most)), Ticks::count);
  }

  private static String count(double value) {
    String unit = "";
    double shown = value;
    for (String next : List.of("k", "M", "G", "T")) {
      if (shown < 10 * THOUSAND) {
        break;
      }
      shown /= THOUSAND;
      unit = next;
    }
    return String.format(Locale.ROOT, shown == Math.rint(shown) ? "%,.0f" : "%,.1f", shown) + unit;
  }

  /** Returns ticks in minutes, from 0 to a duration, or to the next round one. */
  static List<Value> durations(Duration most) {
    long minutes = Math.max(1, most.toMinutes());
    for (int step : MINUTES) {
      if (minutes <= (long) step * (MOST_UP - 1)) {
        return upTo(minutes, step, step < 60 ? Ticks::minutes : Ticks::hours);
      }
    }
    double days = decimalStep(minutes / (double) DAY_MINUTES);
    return upTo(minutes, Math.max(1, Math.ceil(days)) * DAY_MINUTES, Ticks::days);
  }

  private static String minutes(double value) {
    return value == 0 ? "0" : Math.round(value) + " min";
  }

  private static String hours(double value) {
    return value == 0 ? "0" : Math.round(value / 60) + " h";
  }

  private static String days(double value) {
    long days = Math.round(value / DAY_MINUTES);
    return days == 0 ? "0" : days + (days == 1 ? " day" : " days");
  }

  /** Returns ticks in percent, from a round share below the least one to 100. */
  static List<Value> percents(double least) {
    int start = least >= 95 ? 95 : least >= 90 ? 90 : least >= 80 ? 80 : least >= 50 ? 50 : 0;
    int step = Math.max(1, (100 - start) / 5);
    List<Value> values = new ArrayList<>();
    for (int value = start; value <= 100; value += step) {
      values.add(new Value(value, value + " %"));
    }
    return values;
  }

  /** Returns round times between two. */
  static List<Instant> times(Instant from, Instant to) {
    Duration length = Duration.between(from, to);
    List<Instant> times = new ArrayList<>();
    if (length.toDays() < 2) {
      long seconds = length.toHours() < 6 ? 3_600 : 6 * 3_600;
      long start = -Math.floorDiv(-from.getEpochSecond(), seconds) * seconds;
      for (long at = start; at <= to.getEpochSecond(); at += seconds) {
        times.add(Instant.ofEpochSecond(at));
      }
      return times;
    }
    int step = DAYS[DAYS.length - 1];
    for (int i = DAYS.length - 1; i >= 0 && length.toDays() / DAYS[i] < MOST_ACROSS; i--) {
      step = DAYS[i];
    }
    LocalDate last = LocalDate.ofInstant(to, ZoneOffset.UTC);
    for (LocalDate day = LocalDate.ofInstant(from, ZoneOffset.UTC).plusDays(1);
        !day.isAfter(last);
        day = day.plusDays(1)) {
      long number = day.toEpochDay() + (step % WEEK == 0 ? THURSDAY : 0);
      if (number % step == 0) {
        times.add(day.atStartOfDay(ZoneOffset.UTC).toInstant());
      }
    }
    return times;
  }

  static String day(Instant at) {
    return DAY.format(at);
  }

  static String hour(Instant at) {
    return HOUR.format(at);
  }

  private static List<Value> upTo(double most, double step, DoubleFunction<String> label) {
    List<Value> values = new ArrayList<>();
    double value = 0;
    values.add(new Value(0, label.apply(0)));
    while (value < most || values.size() < 2) {
      value += step;
      values.add(new Value(value, label.apply(value)));
    }
    return values;
  }

  /** Returns 1, 2, or 5, times a power of ten, so that few steps reach a number. */
  private static double decimalStep(double most) {
    double power = Math.pow(10, Math.floor(Math.log10(Math.max(1, most) / (MOST_UP - 1))));
    for (double factor : new double[] {1, 2, 5}) {
      if (most <= factor * power * (MOST_UP - 1)) {
        return factor * power;
      }
    }
    return 10 * power;
  }
}
