package io.meshwork.contract;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import org.jspecify.annotations.Nullable;

/** What makes two literals a range. */
final class RangeBounds {
  private RangeBounds() {}

  static void check(String rule, @Nullable Object low, @Nullable Object high) {
    if (low == null && high == null) {
      throw Rule.refused(rule, "both ends are open", "Give a low or a high end.");
    }
    checkEnd(rule, low);
    checkEnd(rule, high);
    if (low == null || high == null) {
      return;
    }
    if (low.getClass() != high.getClass()) {
      throw Rule.refused(
          rule,
          "its ends are of different kinds, "
              + low.getClass().getSimpleName()
              + " and "
              + high.getClass().getSimpleName(),
          "Give two of one kind.");
    }
    if (compare(low, high) > 0) {
      throw Rule.refused(rule, "its low end lies above its high end", "Exchange them.");
    }
  }

  private static void checkEnd(String rule, @Nullable Object end) {
    if (end instanceof Double) {
      throw Rule.refused(
          rule, "NaN or an infinity is no end of a range", "Use null for an open end.");
    }
    if (end instanceof String || end instanceof Boolean) {
      throw Rule.refused(
          rule,
          "a range of " + (end instanceof String ? "texts" : "booleans") + " is not defined",
          "Give numbers, dates or times, or list values with inSet.");
    }
  }

  private static int compare(Object low, Object high) {
    if (low instanceof BigDecimal number) {
      return number.compareTo((BigDecimal) high);
    }
    if (low instanceof LocalDate date) {
      return date.compareTo((LocalDate) high);
    }
    if (low instanceof LocalTime time) {
      return time.compareTo((LocalTime) high);
    }
    if (low instanceof LocalDateTime time) {
      return time.compareTo((LocalDateTime) high);
    }
    return ((Instant) low).compareTo((Instant) high);
  }
}
