package io.meshwork.cli.internal.shell;

import io.meshwork.card.Health;
import java.time.Duration;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;

/** The status of a product as a sign and a word, and durations as people say them. */
public final class StatusText {
  private StatusText() {}

  public static String of(Health.Status status) {
    String sign =
        switch (status) {
          case LATE -> "▲";
          case VIOLATED -> "■";
          case QUARANTINING -> "◆";
          case UNKNOWN, NEVER_PUBLISHED -> "○";
          case FRESH -> "●";
          case NO_PROMISE -> "–";
        };
    return sign + " " + status;
  }

  /** Returns the largest whole unit, such as {@code 12 min} or {@code 3 d}. */
  public static String of(Duration duration) {
    if (duration.toMinutes() < 1) {
      return duration.toSeconds() + " s";
    } else if (duration.toHours() < 2) {
      return duration.toMinutes() + " min";
    } else if (duration.toDays() < 2) {
      return duration.toHours() + " h";
    }
    return duration.toDays() + " d";
  }

  /** Returns all units, such as {@code 30 days} or {@code 1 year 6 months}. */
  public static String of(Period period) {
    List<String> parts = new ArrayList<>();
    add(parts, period.getYears(), "year");
    add(parts, period.getMonths(), "month");
    add(parts, period.getDays(), "day");
    return parts.isEmpty() ? "0 days" : String.join(" ", parts);
  }

  private static void add(List<String> parts, int number, String noun) {
    if (number != 0) {
      parts.add(Count.of(number, noun));
    }
  }
}
