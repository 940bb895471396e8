package io.meshwork.internal.catalog;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Duration;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The days, in UTC, on which a consumer used a major. Only the last {@value #KEPT} days count. A
 * document stores consecutive days as one interval, such as {@code 2026-10-01/2026-10-30}, so that
 * a daily reader costs one entry. Immutable.
 */
public record UseDays(SortedSet<LocalDate> all) {
  /** How many days before the current one are stored. */
  static final int KEPT = 90;

  static final UseDays NONE = new UseDays(new TreeSet<>());

  private static final int SHORTEST_QUIET = 2;
  private static final int LONGEST_QUIET = 35;

  public UseDays {
    all = Collections.unmodifiableSortedSet(new TreeSet<>(all));
  }

  @JsonCreator
  private static UseDays of(List<String> intervals) {
    SortedSet<LocalDate> days = new TreeSet<>();
    for (String interval : intervals) {
      String[] ends = interval.split("/", 2);
      LocalDate last = LocalDate.parse(ends[ends.length - 1]);
      for (LocalDate day = LocalDate.parse(ends[0]); !day.isAfter(last); day = day.plusDays(1)) {
        days.add(day);
      }
    }
    return new UseDays(days);
  }

  @JsonValue
  private List<String> intervals() {
    List<String> intervals = new ArrayList<>();
    LocalDate first = null;
    LocalDate last = null;
    for (LocalDate day : all) {
      if (first == null || last == null) {
        first = day;
      } else if (!last.plusDays(1).equals(day)) {
        intervals.add(interval(first, last));
        first = day;
      }
      last = day;
    }
    if (first != null && last != null) {
      intervals.add(interval(first, last));
    }
    return intervals;
  }

  private static String interval(LocalDate first, LocalDate last) {
    return first.equals(last) ? first.toString() : first + "/" + last;
  }

  /** Returns the days with another one. */
  UseDays with(LocalDate day) {
    SortedSet<LocalDate> more = new TreeSet<>(all);
    more.add(day);
    return new UseDays(more);
  }

  /** Returns the days that count on a day. Later ones, by the clock of another host, count too. */
  UseDays recent(LocalDate today) {
    return new UseDays(all.tailSet(today.minusDays(KEPT)));
  }

  /** Returns the largest number of days from one use to the next; empty with fewer than two. */
  OptionalInt largestGap() {
    OptionalInt largest = OptionalInt.empty();
    LocalDate previous = null;
    for (LocalDate day : all) {
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
  Duration quietPeriod() {
    OptionalInt gap = largestGap();
    return Duration.ofDays(
        gap.isEmpty()
            ? LONGEST_QUIET
            : Math.min(LONGEST_QUIET, Math.max(SHORTEST_QUIET, 2 * gap.getAsInt())));
  }
}
