package io.meshwork.portal.internal.text;

import java.time.Period;
import java.util.ArrayList;
import java.util.List;

/** Periods as people read them. */
public final class PeriodText {
  private PeriodText() {}

  /** Returns such as {@code 30 days} or {@code 1 year 6 months}. */
  public static String of(Period period) {
    List<String> parts = new ArrayList<>();
    add(parts, period.getYears(), "year");
    add(parts, period.getMonths(), "month");
    add(parts, period.getDays(), "day");
    return parts.isEmpty() ? "0 days" : String.join(" ", parts);
  }

  private static void add(List<String> parts, int number, String noun) {
    if (number != 0) {
      parts.add(Plural.of(number, noun));
    }
  }
}
