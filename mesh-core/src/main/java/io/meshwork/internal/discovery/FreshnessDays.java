package io.meshwork.internal.discovery;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/**
 * The days on which the data met its freshness target, from the log of publishes.
 *
 * @param kept the days on which it met the target
 * @param observed the days that are known
 */
record FreshnessDays(int kept, int observed) {
  static final FreshnessDays NONE = new FreshnessDays(0, 0);

  private static final int DAYS = 30;

  /**
   * What a publish brought.
   *
   * @param at when it was committed
   * @param reference the time from which the age of the data counts until the next publish
   */
  record Arrival(Instant at, Instant reference) {}

  /**
   * Counts days in UTC that began at or after the first known publish; what happened before it is
   * unknown. A day counts as kept if the rows were never older than promised on it.
   *
   * @param updates the publishes, oldest first
   */
  static FreshnessDays of(List<Arrival> updates, Duration limit, Instant now) {
    if (updates.isEmpty()) {
      return NONE;
    }
    LocalDate today = day(now);
    Instant oldest = updates.get(0).at();
    LocalDate first = day(oldest);
    first =
        first.atStartOfDay(ZoneOffset.UTC).toInstant().equals(oldest) ? first : first.plusDays(1);
    LocalDate start = today.minusDays(DAYS - 1L);
    start = first.isAfter(start) ? first : start;
    int daysMet = 0;
    int observed = 0;
    for (LocalDate day = start; !day.isAfter(today); day = day.plusDays(1)) {
      observed++;
      Instant begin = day.atStartOfDay(ZoneOffset.UTC).toInstant();
      Instant end = day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
      if (!isLateWithin(updates, limit, begin, end.isAfter(now) ? now : end)) {
        daysMet++;
      }
    }
    return new FreshnessDays(daysMet, observed);
  }

  private static boolean isLateWithin(
      List<Arrival> updates, Duration limit, Instant begin, Instant end) {
    for (int i = 0; i < updates.size(); i++) {
      Arrival arrival = updates.get(i);
      Instant old = arrival.reference().plus(limit);
      Instant lateFrom = old.isBefore(arrival.at()) ? arrival.at() : old;
      Instant lateUntil = i + 1 < updates.size() ? updates.get(i + 1).at() : end;
      if (lateFrom.isBefore(lateUntil) && lateFrom.isBefore(end) && lateUntil.isAfter(begin)) {
        return true;
      }
    }
    return false;
  }

  private static LocalDate day(Instant time) {
    return LocalDate.ofInstant(time, ZoneOffset.UTC);
  }
}
