package io.meshwork.cli.internal.shell;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Values of options: times, durations, and lists. */
public final class OptionTexts {
  private static final Pattern DURATION = Pattern.compile("(\\d+)(s|m|h|d)");

  private OptionTexts() {}

  /** Parses a date, which is its start in UTC, or a time with its offset. */
  public static Instant time(String text) {
    try {
      return text.length() == 10
          ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
          : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      throw new UsageException(
          "A time is a date, such as 2026-11-20, or 2026-11-20T08:00:00Z, not " + text + ".");
    }
  }

  /** Parses {@code 30s}, {@code 15m}, {@code 2h}, {@code 7d}, or {@code PT30M}. */
  public static Duration duration(String text) {
    Matcher parts = DURATION.matcher(text);
    try {
      return parts.matches()
          ? Duration.parse(
              (parts.group(2).equals("d") ? "P" : "PT")
                  + parts.group(1)
                  + parts.group(2).toUpperCase(Locale.ROOT))
          : Duration.parse(text);
    } catch (DateTimeParseException e) {
      throw new UsageException("A duration is 30s, 15m, 2h, or 7d, not " + text + ".");
    }
  }

  /** Returns the elements of lists that may have been given with commas or in several options. */
  public static String[] elements(@Nullable List<String> texts) {
    return texts == null
        ? new String[0]
        : texts.stream()
            .flatMap(text -> Stream.of(text.split(",", -1)))
            .map(String::strip)
            .filter(text -> !text.isEmpty())
            .toArray(String[]::new);
  }
}
