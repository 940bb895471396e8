package io.meshwork.internal.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.time.Duration;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Collections;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The days, in UTC, on which a consumer used a major. Only the last {@value #KEPT} days count. A
 * document stores consecutive days as one interval, such as {@code 2026-10-01/2026-10-30}, so that
 * a daily reader costs one entry. Stateless.
 */
final class UseDays {
  /** How many days before the current one are kept. */
  static final int KEPT = 90;

  private static final int SHORTEST_QUIET = 2;
  private static final int LONGEST_QUIET = 35;

  private UseDays() {}

  /** Returns the days that an array of days and intervals names. */
  static SortedSet<LocalDate> read(JsonNode array) {
    SortedSet<LocalDate> days = new TreeSet<>();
    for (JsonNode element : array) {
      String[] ends = element.asText().split("/", 2);
      LocalDate last = LocalDate.parse(ends[ends.length - 1]);
      for (LocalDate day = LocalDate.parse(ends[0]); !day.isAfter(last); day = day.plusDays(1)) {
        days.add(day);
      }
    }
    return days;
  }

  /** Appends days, in order, to an array. */
  static void write(SortedSet<LocalDate> days, ArrayNode array) {
    LocalDate first = null;
    LocalDate last = null;
    for (LocalDate day : days) {
      if (first == null || last == null) {
        first = day;
      } else if (!last.plusDays(1).equals(day)) {
        array.add(interval(first, last));
        first = day;
      }
      last = day;
    }
    if (first != null && last != null) {
      array.add(interval(first, last));
    }
  }

  private static String interval(LocalDate first, LocalDate last) {
    return first.equals(last) ? first.toString() : first + "/" + last;
  }

  /** Returns the days that count on a day. Later ones, by the clock of another host, count too. */
  static SortedSet<LocalDate> recent(Collection<LocalDate> days, LocalDate today) {
    SortedSet<LocalDate> recent = new TreeSet<>(days);
    recent.removeIf(day -> day.isBefore(today.minusDays(KEPT)));
    return Collections.unmodifiableSortedSet(recent);
  }

  /** Returns the largest number of days from one use to the next; empty with fewer than two. */
  static OptionalInt largestGap(SortedSet<LocalDate> days) {
    OptionalInt largest = OptionalInt.empty();
    LocalDate previous = null;
    for (LocalDate day : days) {
      if (previous != null) {
        int gap = Math.toIntExact(ChronoUnit.DAYS.between(previous, day));
        largest = OptionalInt.of(Math.max(gap, largest.orElse(0)));
      }
      previous = day;
    }
    return largest;
  }

  /**
   * Returns how long the consumer must not use the major to count as gone: twice the largest gap,
   * at least 2 and at most 35 days; 35 days if no gap is known.
   */
  static Duration quietPeriod(SortedSet<LocalDate> days) {
    OptionalInt gap = largestGap(days);
    return Duration.ofDays(
        gap.isEmpty()
            ? LONGEST_QUIET
            : Math.min(LONGEST_QUIET, Math.max(SHORTEST_QUIET, 2 * gap.getAsInt())));
  }
}
