package io.meshwork.internal.text;

import java.time.Duration;

/** Durations as a sentence says them. Stateless. */
public final class DurationText {
  private DurationText() {}

  /** Returns the largest unit that says enough, such as {@code 1 h}, {@code 90 min}, or 3 d. */
  public static String of(Duration duration) {
    if (duration.toMinutes() < 1) {
      return duration.toSeconds() + " s";
    } else if (duration.toMinutes() < 2 * 60 && duration.toMinutes() % 60 != 0) {
      return duration.toMinutes() + " min";
    } else if (duration.toDays() < 2) {
      return duration.toHours() + " h";
    }
    return duration.toDays() + " d";
  }
}
