package io.meshwork.cli;

import io.meshwork.card.Health;
import java.time.Duration;

/** The status of a product as a sign and a word, and durations as people say them. */
final class StatusText {
  private StatusText() {}

  static String of(Health.Status status) {
    String sign =
        switch (status) {
          case LATE -> "▲";
          case VIOLATED -> "■";
          case UNKNOWN, NEVER_PUBLISHED -> "○";
          case FRESH -> "●";
          case NO_PROMISE -> "–";
        };
    return sign + " " + status;
  }

  /** Returns the largest whole unit, such as {@code 12 min} or {@code 3 d}. */
  static String of(Duration duration) {
    if (duration.toMinutes() < 1) {
      return duration.toSeconds() + " s";
    } else if (duration.toHours() < 2) {
      return duration.toMinutes() + " min";
    } else if (duration.toDays() < 2) {
      return duration.toHours() + " h";
    }
    return duration.toDays() + " d";
  }
}
