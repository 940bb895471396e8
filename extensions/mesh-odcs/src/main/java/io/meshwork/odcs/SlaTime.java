package io.meshwork.odcs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Period;
import java.util.Locale;
import java.util.Optional;

/** The times of service levels: a value with a unit, or ISO 8601 without one. */
final class SlaTime {
  private static final BigDecimal MOST_UNITS = BigDecimal.valueOf(100_000);
  private static final BigDecimal MOST = new BigDecimal("1e9");

  private SlaTime() {}

  /** Returns the exact time of a service level; empty if it has none, or counts months or years. */
  static Optional<Duration> duration(JsonNode level) {
    String unit = unit(level);
    if (unit.isEmpty()) {
      return parsed(level.path("value").asText());
    }
    Optional<BigDecimal> value = number(level);
    Duration one =
        switch (unit) {
          case "w" -> Duration.ofDays(7);
          case "d" -> Duration.ofDays(1);
          case "h" -> Duration.ofHours(1);
          case "min" -> Duration.ofMinutes(1);
          case "s" -> Duration.ofSeconds(1);
          default -> null;
        };
    if (one == null || value.isEmpty()) {
      return Optional.empty();
    }
    BigDecimal millis = value.get().multiply(BigDecimal.valueOf(one.toMillis()));
    return millis.stripTrailingZeros().scale() > 0
        ? Optional.empty()
        : Optional.of(Duration.ofMillis(millis.longValueExact()));
  }

  private static Optional<Duration> parsed(String text) {
    try {
      return Optional.of(Duration.parse(text.strip()));
    } catch (DateTimeException e) {
      return period(text)
          .filter(period -> period.toTotalMonths() == 0)
          .map(period -> Duration.ofDays(period.getDays()));
    }
  }

  static Optional<Period> period(String text) {
    try {
      return Optional.of(Period.parse(text.strip()));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** Returns the period of a service level, which may count months or years. */
  static Optional<Period> wholePeriod(JsonNode level) {
    String unit = unit(level);
    if (unit.isEmpty()) {
      return period(level.path("value").asText());
    }
    Optional<Integer> count =
        number(level)
            .filter(each -> each.stripTrailingZeros().scale() <= 0)
            .filter(each -> each.abs().compareTo(MOST_UNITS) <= 0)
            .map(BigDecimal::intValueExact);
    return count.flatMap(
        number ->
            Optional.ofNullable(
                switch (unit) {
                  case "y" -> Period.ofYears(number);
                  case "mo" -> Period.ofMonths(number);
                  case "w" -> Period.ofWeeks(number);
                  case "d" -> Period.ofDays(number);
                  default -> null;
                }));
  }

  /** Returns the share of a service level. */
  static Optional<BigDecimal> percent(JsonNode level) {
    String unit = unit(level);
    String text = level.path("value").asText().strip();
    boolean marked = text.endsWith("%");
    if (!unit.equals("percent") && !(unit.isEmpty() && marked)) {
      return Optional.empty();
    }
    return number(marked ? text.substring(0, text.length() - 1) : text);
  }

  private static Optional<BigDecimal> number(JsonNode level) {
    return number(level.path("value").asText());
  }

  private static Optional<BigDecimal> number(String text) {
    try {
      BigDecimal number = new BigDecimal(text.strip());
      return Optional.of(number).filter(each -> each.signum() >= 0 && each.compareTo(MOST) <= 0);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** The unit under its short name; empty if it has none, and ? if it is not known. */
  static String unit(JsonNode level) {
    return switch (level.path("unit").asText().strip().toLowerCase(Locale.ROOT)) {
      case "" -> "";
      case "w", "week", "weeks" -> "w";
      case "d", "day", "days" -> "d";
      case "h", "hr", "hour", "hours" -> "h";
      case "m", "min", "minute", "minutes" -> "min";
      case "s", "sec", "second", "seconds" -> "s";
      case "mo", "month", "months" -> "mo";
      case "y", "yr", "year", "years" -> "y";
      case "%", "percent" -> "percent";
      default -> "?";
    };
  }

  /** Writes a time with the largest unit that it is a whole number of. */
  static void put(ObjectNode level, Duration time) {
    if (time.getNano() != 0) {
      level.put("value", time.toString());
      return;
    }
    long seconds = time.toSeconds();
    if (seconds % 86_400 == 0) {
      level.put("value", seconds / 86_400).put("unit", "d");
    } else if (seconds % 3_600 == 0) {
      level.put("value", seconds / 3_600).put("unit", "h");
    } else if (seconds % 60 == 0) {
      level.put("value", seconds / 60).put("unit", "min");
    } else {
      level.put("value", seconds).put("unit", "s");
    }
  }
}
