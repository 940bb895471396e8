package io.meshwork.portal.internal.text;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A time as people read it.
 *
 * @param iso the time in ISO 8601, in UTC
 * @param text the time, or how long ago it was
 */
public record PageTime(String iso, String text) {
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final Pattern ISO_TIME =
      Pattern.compile("(\\d{4}-\\d{2}-\\d{2})T(\\d{2}:\\d{2}):\\d{2}(?:[.]\\d+)?Z");
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("yyyy-MM-dd", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** Returns a time to the minute. */
  public static PageTime of(Instant at) {
    return new PageTime(seconds(at), MINUTE.format(at));
  }

  public static PageTime day(Instant at) {
    return new PageTime(DAY.format(at), DAY.format(at));
  }

  /** Returns how long before another time it was, such as {@code 12 min ago}. */
  public static PageTime ago(Instant at, Instant now) {
    Duration age = Duration.between(at, now);
    return new PageTime(
        seconds(at), age.isNegative() ? "in " + text(age.negated()) : text(age) + " ago");
  }

  /** Returns a duration in the largest unit that says enough, such as {@code 3 h}. */
  public static String text(Duration duration) {
    long minutes = duration.toMinutes();
    if (minutes < 1) {
      return "under 1 min";
    }
    if (minutes < 120) {
      return minutes % 60 == 0 ? minutes / 60 + " h" : minutes + " min";
    }
    if (minutes < 48 * 60) {
      return minutes / 60 + " h" + (minutes % 60 == 0 ? "" : " " + minutes % 60 + " min");
    }
    return duration.toDays() + " days";
  }

  /** Returns a sentence with its times to the minute, as the pages show them. */
  public static String inSentence(String sentence) {
    return ISO_TIME.matcher(sentence).replaceAll("$1 $2Z");
  }

  private static String seconds(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
